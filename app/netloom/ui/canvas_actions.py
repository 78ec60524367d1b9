"""The actions on what the canvas shows: editing, selecting, arranging, blocks, arrow keys, bookmarks."""

from collections.abc import Iterator

from netloom.ui.action_spec import ActionSpec, on_canvas

DIGITS = "123456789"

EDIT = (
    ActionSpec("undo", "Undo", "Edit", ("Ctrl+Z",), "undo-2", "Take the last step back", "undoable"),
    ActionSpec(
        "redo", "Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", "Make the last undone step again", "redoable"
    ),
    on_canvas(
        "cut",
        "Cut",
        "Edit",
        ("Shift+Del",),
        "Take the selection away, to paste it elsewhere",
        "marked",
        begins_group=True,
    ),
    on_canvas(
        "cut_joined",
        "Cut and reconnect",
        "Edit",
        ("Ctrl+X",),
        "Take the selected nodes away and join the wires they leave behind",
        "marked",
    ),
    on_canvas(
        "copy", "Copy", "Edit", ("Ctrl+C",), "Keep the selection, to paste it here or elsewhere", "marked", "copy"
    ),
    on_canvas("paste", "Paste", "Edit", ("Ctrl+V",), "Add what was copied at the cursor"),
    on_canvas(
        "paste_wired",
        "Paste with incoming wires",
        "Edit",
        ("Ctrl+Shift+V",),
        "Add what was copied, fed by what fed it before",
    ),
    on_canvas("duplicate", "Duplicate", "Edit", ("Ctrl+D",), "Add a copy of the selection beside it", "marked"),
    on_canvas("delete", "Delete", "Edit", ("Del", "Backspace"), "Remove what is selected", "marked", "trash-2"),
    on_canvas(
        "add",
        "Add a node…",
        "Edit",
        ("Tab", "Shift+A"),
        "Search for a node to add at the cursor",
        None,
        "plus",
        begins_group=True,
    ),
    on_canvas(
        "frame", "Frame", "Edit", ("C",), "Draw a titled frame around the selection, or at the cursor", None, "frame"
    ),
    on_canvas("note", "Note", "Edit", ("N",), "Write a note at the cursor", None, "sticky-note"),
    on_canvas(
        "rename",
        "Rename",
        "Edit",
        ("F2",),
        "Give the selected node another name",
        "marked",
        "text-cursor",
        begins_group=True,
    ),
    on_canvas(
        "values",
        "Edit values on the card",
        "Edit",
        ("E",),
        "Set the parameters of the node where it stands",
        "selected",
        "sliders-horizontal",
    ),
    on_canvas(
        "comment",
        "Comment…",
        "Edit",
        ("Shift+C",),
        "Write a comment over the selected node",
        "selected",
        "message-square",
    ),
    on_canvas(
        "bypass", "Bypass", "Edit", ("M",), "Lead what comes in around the selected nodes", "selected", "circle-off"
    ),
    on_canvas(
        "freeze",
        "Freeze",
        "Edit",
        ("Shift+F",),
        "Keep the weights of the selected nodes as they are while training",
        "selected",
        "snowflake",
    ),
    on_canvas(
        "collapse",
        "Collapse",
        "Edit",
        ("H",),
        "Show the selected nodes as headers only",
        "selected",
        "chevrons-down-up",
    ),
    on_canvas(
        "wire",
        "Wire…",
        "Edit",
        ("W",),
        "Wire the selected nodes to each other, or one to another that is chosen",
        "selected",
        begins_group=True,
    ),
    on_canvas(
        "disconnect", "Disconnect", "Edit", ("Shift+W",), "Remove all wires of the selected nodes", "selected", "unlink"
    ),
    on_canvas(
        "cut_wires",
        "Cut wires by a stroke",
        "Edit",
        ("Y",),
        "The next drag cuts every wire it crosses; so does dragging with Ctrl and the right button",
        "filled",
        "scissors",
    ),
    on_canvas(
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

SELECT = (
    on_canvas("select_all", "Select all", "Select", ("Ctrl+A",), "Select every node", "filled"),
    on_canvas("invert", "Invert selection", "Select", ("Ctrl+I",), "Select what is not selected", "filled"),
    on_canvas(
        "select_sources", "Select what feeds it", "Select", ("[",), "Add all that the selection depends on", "selected"
    ),
    on_canvas(
        "select_targets", "Select what it feeds", "Select", ("]",), "Add all that depends on the selection", "selected"
    ),
    on_canvas(
        "next_wire", "Select the next wire", "Select", (".",), "Go through the wires of the selected node", "filled"
    ),
    on_canvas(
        "next_remark", "Select the next frame or note", "Select", (",",), "Go through all frames and notes, downwards"
    ),
    on_canvas(
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

ARRANGE = (
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
    on_canvas(
        "align_left",
        "Align left",
        "Arrange",
        ("Alt+A",),
        "Put the left edges on one line",
        "several",
        "align-start-vertical",
        begins_group=True,
    ),
    on_canvas(
        "align_right",
        "Align right",
        "Arrange",
        ("Alt+D",),
        "Put the right edges on one line",
        "several",
        "align-end-vertical",
    ),
    on_canvas(
        "align_top",
        "Align top",
        "Arrange",
        ("Alt+W",),
        "Put the top edges on one line",
        "several",
        "align-start-horizontal",
    ),
    on_canvas(
        "align_bottom",
        "Align bottom",
        "Arrange",
        ("Alt+S",),
        "Put the bottom edges on one line",
        "several",
        "align-end-horizontal",
    ),
    on_canvas(
        "align_middle",
        "Align in a row",
        "Arrange",
        ("Alt+V",),
        "Put the middles on one level",
        "several",
        "align-center-horizontal",
    ),
    on_canvas(
        "align_centre",
        "Align in a column",
        "Arrange",
        ("Alt+H",),
        "Put the middles above each other",
        "several",
        "align-center-vertical",
    ),
    on_canvas(
        "distribute_across",
        "Distribute across",
        "Arrange",
        ("Alt+Shift+H",),
        "Make the gaps side by side equal",
        "several",
        begins_group=True,
    ),
    on_canvas(
        "distribute_down",
        "Distribute down",
        "Arrange",
        ("Alt+Shift+V",),
        "Make the gaps one below the other equal",
        "several",
    ),
)

BLOCK = (
    on_canvas(
        "make_block",
        "Make a block",
        "Block",
        ("Ctrl+G",),
        "Put the selected nodes into a block, which can be repeated and used again",
        "selected",
        "group",
    ),
    on_canvas(
        "unpack",
        "Unpack block",
        "Block",
        ("Ctrl+Shift+G",),
        "Replace the selected block by what it holds",
        "block",
        "ungroup",
    ),
    on_canvas(
        "enter_block",
        "Open block",
        "Block",
        ("Return", "Enter", "Alt+Down"),
        "Go into the selected block; a double click does so too",
        "block",
        "expand",
        begins_group=True,
    ),
    on_canvas(
        "leave_block",
        "Leave block",
        "Block",
        ("Alt+Up", "Ctrl+Backspace"),
        "Go out of the block",
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


def _steps() -> Iterator[ActionSpec]:
    """Arrow keys: alone they go along the wires, with Shift they select on the way, with Ctrl they move.

    With both they make frames and notes larger or smaller.
    """
    words = {
        "left": "to what feeds it",
        "right": "to what it feeds",
        "up": "to the node above",
        "down": "to the node below",
    }
    for side, where in words.items():
        yield on_canvas(f"go_{side}", f"Go {where}", "Canvas", (side.capitalize(),), f"Select on: {where}")
    for side, where in words.items():
        keys = (f"Shift+{side.capitalize()}",)
        yield on_canvas(f"extend_{side}", f"Select on {where}", "Canvas", keys, f"Add to the selection: {where}")
    for side in words:
        keys = (f"Ctrl+{side.capitalize()}",)
        yield on_canvas(
            f"nudge_{side}",
            f"Move {side}",
            "Canvas",
            keys,
            f"Move the selection {side} by one step of the grid",
            "marked",
        )
    changes = {"left": "narrower", "right": "wider", "up": "lower", "down": "higher"}
    for side, how in changes.items():
        keys = (f"Ctrl+Shift+{side.capitalize()}",)
        tip = f"Make the selected frames and notes {how} by one step of the grid"
        yield on_canvas(f"resize_{side}", f"Make {how}", "Canvas", keys, tip, "remarked")


CANVAS = (
    on_canvas("let_go", "Let go", "Canvas", ("Esc",), "Let go of the wire, clear the selection, then leave the block"),
    on_canvas("come_nearer", "Come nearer", "Canvas", ("+", "="), "Zoom in at the middle"),
    on_canvas("step_back", "Step back", "Canvas", ("-",), "Zoom out at the middle"),
    *_steps(),
)

BOOKMARKS = (
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
