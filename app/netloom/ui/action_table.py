"""All that can be done in the window, declared once: menus, buttons, keys, palette and help come from this table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

MenuName: TypeAlias = Literal[
    "File", "Edit", "Select", "Arrange", "Block", "View", "Run", "Help", "Canvas", "Bookmarks"
]
Condition: TypeAlias = Literal[
    "undoable",
    "redoable",
    "selected",
    "several",
    "marked",
    "filled",
    "block",
    "inside",
    "trainable",
    "running",
    "active",
    "tabs",
]
"""What must hold for an action to be there; the window says which of these hold now."""

MENUS: tuple[MenuName, ...] = ("File", "Edit", "Select", "Arrange", "Block", "View", "Run", "Help")
"""The menus that are shown; Canvas and Bookmarks stand in the help and the command palette only."""
DIGITS = "123456789"


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. `when` names what must hold for it to be enabled; `on_canvas`: its keys work there only."""

    id: str
    text: str
    menu: MenuName
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    when: Condition | None = None
    checkable: bool = False
    on_canvas: bool = False
    begins_group: bool = False


def _on_canvas(
    key: str,
    text: str,
    menu: MenuName,
    shortcuts: tuple[str, ...],
    tip: str,
    when: Condition | None = None,
    icon: str = "",
    *,
    begins_group: bool = False,
    checkable: bool = False,
) -> ActionSpec:
    return ActionSpec(key, text, menu, shortcuts, icon, tip, when, checkable, on_canvas=True, begins_group=begins_group)


_FILE = (
    ActionSpec("new", "New network", "File", ("Ctrl+N",), "plus", "Start with an empty canvas"),
    ActionSpec(
        "template", "Open template…", "File", ("Ctrl+Shift+N",), "layout-template", "Start from a network that trains"
    ),
    ActionSpec("open", "Open…", "File", ("Ctrl+O",), "folder-open", "Open a .loom file"),
    ActionSpec("welcome", "Welcome page", "File", (), "", "Recent networks and the gallery"),
    ActionSpec("save", "Save", "File", ("Ctrl+S",), "save", "Write the network to its file", begins_group=True),
    ActionSpec("save_as", "Save as…", "File", ("Ctrl+Shift+S",), "", "Write the network to another file"),
    ActionSpec(
        "export", "Export…", "File", ("Ctrl+E",), "share-2", "Take the network away as code or a file", "filled"
    ),
    ActionSpec(
        "export_drawing",
        "Export drawing…",
        "File",
        ("Ctrl+Shift+E",),
        "",
        "Save the drawing as SVG, PDF or PNG",
        "filled",
    ),
    ActionSpec(
        "next_tab",
        "Next document",
        "File",
        ("Ctrl+Tab", "Ctrl+PgDown"),
        "",
        "Show the tab to the right",
        "tabs",
        begins_group=True,
    ),
    ActionSpec(
        "previous_tab",
        "Previous document",
        "File",
        ("Ctrl+Shift+Tab", "Ctrl+PgUp"),
        "",
        "Show the tab to the left",
        "tabs",
    ),
    ActionSpec("close_tab", "Close document", "File", ("Ctrl+W",), "", "Close this tab", begins_group=True),
    ActionSpec("quit", "Quit", "File", ("Ctrl+Q",), "", "Close Netloom"),
)

_EDIT = (
    ActionSpec("undo", "Undo", "Edit", ("Ctrl+Z",), "undo-2", "Take the last step back", "undoable"),
    ActionSpec(
        "redo", "Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", "Make the last undone step again", "redoable"
    ),
    _on_canvas(
        "cut",
        "Cut",
        "Edit",
        ("Shift+Del",),
        "Take the selection away, to paste it elsewhere",
        "marked",
        begins_group=True,
    ),
    _on_canvas(
        "cut_joined",
        "Cut and reconnect",
        "Edit",
        ("Ctrl+X",),
        "Take the selected nodes away and join the wires they leave behind",
        "marked",
    ),
    _on_canvas(
        "copy", "Copy", "Edit", ("Ctrl+C",), "Keep the selection, to paste it here or elsewhere", "marked", "copy"
    ),
    _on_canvas("paste", "Paste", "Edit", ("Ctrl+V",), "Add what was copied at the cursor"),
    _on_canvas(
        "paste_wired",
        "Paste with incoming wires",
        "Edit",
        ("Ctrl+Shift+V",),
        "Add what was copied, fed by what fed it before",
    ),
    _on_canvas("duplicate", "Duplicate", "Edit", ("Ctrl+D",), "Add a copy of the selection beside it", "marked"),
    _on_canvas("delete", "Delete", "Edit", ("Del", "Backspace"), "Remove what is selected", "marked", "trash-2"),
    _on_canvas(
        "add",
        "Add a node…",
        "Edit",
        ("Tab", "Shift+A"),
        "Search for a node to add at the cursor",
        None,
        "plus",
        begins_group=True,
    ),
    _on_canvas(
        "frame", "Frame", "Edit", ("C",), "Draw a titled frame around the selection, or at the cursor", None, "frame"
    ),
    _on_canvas("note", "Note", "Edit", ("N",), "Write a note at the cursor", None, "sticky-note"),
    _on_canvas(
        "rename",
        "Rename",
        "Edit",
        ("F2",),
        "Give the selected node another name",
        "marked",
        "text-cursor",
        begins_group=True,
    ),
    _on_canvas(
        "values",
        "Edit values on the card",
        "Edit",
        ("E",),
        "Set the parameters of the node where it stands",
        "selected",
        "sliders-horizontal",
    ),
    _on_canvas(
        "comment",
        "Comment…",
        "Edit",
        ("Shift+C",),
        "Write a comment over the selected node",
        "selected",
        "message-square",
    ),
    _on_canvas(
        "bypass", "Bypass", "Edit", ("M",), "Lead what comes in around the selected nodes", "selected", "circle-off"
    ),
    _on_canvas(
        "collapse",
        "Collapse",
        "Edit",
        ("H",),
        "Show the selected nodes as headers only",
        "selected",
        "chevrons-down-up",
    ),
    _on_canvas(
        "wire",
        "Wire…",
        "Edit",
        ("W",),
        "Wire the selected nodes to each other, or one to another that is chosen",
        "selected",
        begins_group=True,
    ),
    _on_canvas(
        "disconnect", "Disconnect", "Edit", ("Shift+W",), "Remove all wires of the selected nodes", "selected", "unlink"
    ),
    _on_canvas(
        "cut_wires",
        "Cut wires by a stroke",
        "Edit",
        ("Y",),
        "The next drag cuts every wire it crosses; so does dragging with Ctrl and the right button",
        "filled",
        "scissors",
    ),
    _on_canvas(
        "bend", "Bend the wire", "Edit", ("R",), "Put a dot on the selected wire to lead it by", "marked", "spline"
    ),
    ActionSpec(
        "find",
        "Search the palette",
        "Edit",
        ("/", "Ctrl+P"),
        "search",
        "Enter adds after the selected node and wires the two",
        begins_group=True,
    ),
    ActionSpec(
        "find_node", "Find a node…", "Edit", ("Ctrl+F",), "search", "Search the nodes of this network", "filled"
    ),
    ActionSpec(
        "commands", "Run a command…", "Edit", ("Ctrl+Shift+P", "Ctrl+K"), "search", "Search everything that can be done"
    ),
)

_SELECT = (
    _on_canvas("select_all", "Select all", "Select", ("Ctrl+A",), "Select every node", "filled"),
    _on_canvas("invert", "Invert selection", "Select", ("Ctrl+I",), "Select what is not selected", "filled"),
    _on_canvas(
        "select_sources", "Select what feeds it", "Select", ("[",), "Add all that the selection depends on", "selected"
    ),
    _on_canvas(
        "select_targets", "Select what it feeds", "Select", ("]",), "Add all that depends on the selection", "selected"
    ),
    _on_canvas(
        "next_wire", "Select the next wire", "Select", (".",), "Go through the wires of the selected node", "filled"
    ),
    _on_canvas(
        "next_remark", "Select the next frame or note", "Select", (",",), "Go through all frames and notes, downwards"
    ),
    _on_canvas(
        "lasso",
        "Lasso",
        "Select",
        ("L",),
        "The next drag draws round what is selected; so does dragging with Alt",
        "filled",
        "lasso",
        begins_group=True,
    ),
)

_ARRANGE = (
    ActionSpec(
        "arrange",
        "Arrange nodes",
        "Arrange",
        ("Ctrl+L",),
        "workflow",
        "Put the selected nodes, or all, in good order",
        "filled",
    ),
    ActionSpec(
        "downwards",
        "Top to bottom",
        "Arrange",
        ("Ctrl+Alt+L",),
        "",
        "Draw this level from top to bottom",
        "filled",
        checkable=True,
    ),
    _on_canvas(
        "align_left",
        "Align left",
        "Arrange",
        ("Alt+A",),
        "Put the left edges on one line",
        "several",
        "align-start-vertical",
        begins_group=True,
    ),
    _on_canvas(
        "align_right",
        "Align right",
        "Arrange",
        ("Alt+D",),
        "Put the right edges on one line",
        "several",
        "align-end-vertical",
    ),
    _on_canvas(
        "align_top",
        "Align top",
        "Arrange",
        ("Alt+W",),
        "Put the top edges on one line",
        "several",
        "align-start-horizontal",
    ),
    _on_canvas(
        "align_bottom",
        "Align bottom",
        "Arrange",
        ("Alt+S",),
        "Put the bottom edges on one line",
        "several",
        "align-end-horizontal",
    ),
    _on_canvas(
        "align_middle",
        "Align in a row",
        "Arrange",
        ("Alt+V",),
        "Put the middles on one level",
        "several",
        "align-center-horizontal",
    ),
    _on_canvas(
        "align_centre",
        "Align in a column",
        "Arrange",
        ("Alt+H",),
        "Put the middles above each other",
        "several",
        "align-center-vertical",
    ),
    _on_canvas(
        "distribute_across",
        "Distribute across",
        "Arrange",
        ("Alt+Shift+H",),
        "Make the gaps side by side equal",
        "several",
        begins_group=True,
    ),
    _on_canvas(
        "distribute_down",
        "Distribute down",
        "Arrange",
        ("Alt+Shift+V",),
        "Make the gaps one below the other equal",
        "several",
    ),
)

_BLOCK = (
    _on_canvas(
        "make_block",
        "Make a block",
        "Block",
        ("Ctrl+G",),
        "Put the selected nodes into a block, which can be repeated and used again",
        "selected",
        "group",
    ),
    _on_canvas(
        "unpack",
        "Unpack block",
        "Block",
        ("Ctrl+Shift+G",),
        "Replace the selected block by what it holds",
        "block",
        "ungroup",
    ),
    _on_canvas(
        "enter_block",
        "Open block",
        "Block",
        ("Return", "Enter", "Alt+Down"),
        "Go into the selected block; a double click does so too",
        "block",
        "expand",
        begins_group=True,
    ),
    _on_canvas(
        "leave_block",
        "Leave block",
        "Block",
        ("Alt+Up", "Ctrl+Backspace"),
        "Go out of the block; so does Esc where nothing is selected",
        "inside",
        "log-out",
    ),
    ActionSpec(
        "make_unique",
        "Make unique",
        "Block",
        (),
        "copy",
        "Give the selected block a definition of its own, so that edits of it reach no other",
        "block",
        begins_group=True,
    ),
    ActionSpec(
        "save_block",
        "Save to my blocks…",
        "Block",
        (),
        "bookmark",
        "Keep the selected block for other networks",
        "block",
    ),
)

_VIEW = (
    _on_canvas("fit", "Show everything", "View", ("Home",), "Fit the whole network into the canvas", None, "maximize"),
    _on_canvas(
        "fit_selection", "Show the selection", "View", ("F",), "Fit what is selected into the canvas", None, "scan"
    ),
    ActionSpec("actual_size", "Actual size", "View", ("Ctrl+0",), "", "Zoom to 100 %"),
    ActionSpec("zoom_in", "Zoom in", "View", ("Ctrl++", "Ctrl+="), "zoom-in", "Come nearer"),
    ActionSpec("zoom_out", "Zoom out", "View", ("Ctrl+-",), "zoom-out", "Step back"),
    ActionSpec(
        "palette", "Palette", "View", ("F7",), "", "Show or hide the palette", checkable=True, begins_group=True
    ),
    ActionSpec("dock", "Dock", "View", ("F8",), "", "Show or hide plots, code, problems and log", checkable=True),
    ActionSpec("inspector", "Inspector", "View", ("F9",), "", "Show or hide the inspector", checkable=True),
    ActionSpec("show_live", "Live", "View", ("Ctrl+1",), "", "Curves of the run", begins_group=True),
    ActionSpec("show_code", "Code", "View", ("Ctrl+2",), "", "The network as PyTorch code"),
    ActionSpec("show_problems", "Problems", "View", ("Ctrl+3",), "", "What is wrong and how to put it right"),
    ActionSpec("show_log", "Log", "View", ("Ctrl+4",), "", "What happened so far"),
    ActionSpec("show_history", "History", "View", ("Ctrl+5",), "history", "Every step; a click goes back to it"),
    ActionSpec("theme", "Dark or light", "View", ("Ctrl+Shift+L",), "sun-moon", "Switch the theme", begins_group=True),
    ActionSpec("full_screen", "Full screen", "View", ("F11",), "", "Use the whole screen", checkable=True),
)

_RUN = (
    ActionSpec(
        "train", "Train", "Run", ("Ctrl+Return", "F5"), "play", "Start, pause and continue training", "trainable"
    ),
    ActionSpec("step", "One step", "Run", ("F10",), "step-forward", "Train on one batch, then pause", "trainable"),
    ActionSpec("stop", "Stop and keep", "Run", ("Shift+F5",), "square", "End the run; its weights are kept", "active"),
    ActionSpec(
        "run_settings", "Run settings…", "Run", ("Ctrl+R",), "", "Epochs, batch size and seed", begins_group=True
    ),
)

_HELP = (
    ActionSpec(
        "keys", "Keyboard shortcuts…", "Help", ("F1",), "keyboard", "Every key at a glance, and how to change it"
    ),
    ActionSpec("about", "About Netloom", "Help", (), "", "Version and licence"),
)


def _steps() -> Iterator[ActionSpec]:
    """Arrow keys: alone they go along the wires, with Shift they select on the way, with Ctrl they move nodes."""
    words = {
        "left": "to what feeds it",
        "right": "to what it feeds",
        "up": "to the node above",
        "down": "to the node below",
    }
    for side, where in words.items():
        yield _on_canvas(f"go_{side}", f"Go {where}", "Canvas", (side.capitalize(),), f"Select on: {where}")
    for side, where in words.items():
        keys = (f"Shift+{side.capitalize()}",)
        yield _on_canvas(f"extend_{side}", f"Select on {where}", "Canvas", keys, f"Add to the selection: {where}")
    for side in words:
        keys = (f"Ctrl+{side.capitalize()}",)
        yield _on_canvas(
            f"nudge_{side}",
            f"Move {side}",
            "Canvas",
            keys,
            f"Move the selection {side} by one step of the grid",
            "marked",
        )


_CANVAS = (
    _on_canvas("let_go", "Let go", "Canvas", ("Esc",), "Let go of the wire, clear the selection, then leave the block"),
    _on_canvas("come_nearer", "Come nearer", "Canvas", ("+", "="), "Zoom in at the middle"),
    _on_canvas("step_back", "Step back", "Canvas", ("-",), "Zoom out at the middle"),
    *_steps(),
)

_BOOKMARKS = (
    *(
        ActionSpec(
            f"go_to_{digit}",
            f"Go to bookmark {digit}",
            "Bookmarks",
            (f"Alt+{digit}",),
            "bookmark",
            "Show what was seen when the bookmark was set",
        )
        for digit in DIGITS
    ),
    *(
        ActionSpec(
            f"bookmark_{digit}",
            f"Set bookmark {digit}",
            "Bookmarks",
            (f"Ctrl+Shift+{digit}",),
            "bookmark",
            "Keep what is seen now, to come back to it",
        )
        for digit in DIGITS
    ),
)

ACTIONS: tuple[ActionSpec, ...] = (
    *_FILE,
    *_EDIT,
    *_SELECT,
    *_ARRANGE,
    *_BLOCK,
    *_VIEW,
    *_RUN,
    *_HELP,
    *_CANVAS,
    *_BOOKMARKS,
)
