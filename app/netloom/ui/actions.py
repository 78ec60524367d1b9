"""All that can be done to the window, declared once: menus, buttons, shortcuts, palette and help come from here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from netloom.ui import icons
from netloom.ui.compositing import Menu

MenuName: TypeAlias = Literal["File", "Edit", "Block", "View", "Run", "Help"]
Condition: TypeAlias = Literal[
    "undoable", "redoable", "selected", "filled", "block", "inside", "trainable", "running", "active"
]
"""What must hold for an action to be there; the window says which of these hold now."""

MENUS: tuple[MenuName, ...] = ("File", "Edit", "Block", "View", "Run", "Help")


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


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("new", "New network", "File", ("Ctrl+N",), "plus", "Start with an empty canvas"),
    ActionSpec(
        "template", "Open template…", "File", ("Ctrl+Shift+N",), "layout-template", "Start from a network that trains"
    ),
    ActionSpec("open", "Open…", "File", ("Ctrl+O",), "folder-open", "Open a .loom file"),
    ActionSpec("save", "Save", "File", ("Ctrl+S",), "save", "Write the network to its file", begins_group=True),
    ActionSpec("save_as", "Save as…", "File", ("Ctrl+Shift+S",), "", "Write the network to another file"),
    ActionSpec(
        "export",
        "Export…",
        "File",
        ("Ctrl+E",),
        "share-2",
        "Take the network away as code or as a model file",
        "filled",
    ),
    ActionSpec("quit", "Quit", "File", ("Ctrl+Q",), "", "Close Netloom", begins_group=True),
    ActionSpec("undo", "Undo", "Edit", ("Ctrl+Z",), "undo-2", "Take the last step back", "undoable"),
    ActionSpec(
        "redo", "Redo", "Edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2", "Make the last undone step again", "redoable"
    ),
    ActionSpec(
        "delete",
        "Delete",
        "Edit",
        ("Del",),
        "trash-2",
        "Remove what is selected",
        "selected",
        begins_group=True,
        on_canvas=True,
    ),
    ActionSpec("select_all", "Select all", "Edit", ("Ctrl+A",), "", "Select every node", "filled", on_canvas=True),
    ActionSpec(
        "arrange",
        "Arrange nodes",
        "Edit",
        ("Ctrl+L",),
        "workflow",
        "Put the selected nodes, or all, in good order",
        "filled",
    ),
    ActionSpec(
        "find",
        "Find a node",
        "Edit",
        ("/", "Ctrl+F"),
        "search",
        "Search the palette; Enter adds after the selected node and wires the two",
        begins_group=True,
    ),
    ActionSpec("commands", "Run a command…", "Edit", ("Ctrl+K",), "search", "Search everything that can be done"),
    ActionSpec(
        "make_block",
        "Make a block",
        "Block",
        ("Ctrl+G",),
        "group",
        "Put the selected nodes into a block, which can be repeated and used again",
        "selected",
        on_canvas=True,
    ),
    ActionSpec(
        "unpack",
        "Unpack block",
        "Block",
        ("Ctrl+Shift+G",),
        "ungroup",
        "Replace the selected block by what it holds",
        "block",
        on_canvas=True,
    ),
    ActionSpec(
        "enter_block",
        "Open block",
        "Block",
        ("Alt+Down",),
        "expand",
        "Go into the selected block; Enter or a double click do so too",
        "block",
        begins_group=True,
        on_canvas=True,
    ),
    ActionSpec(
        "leave_block",
        "Leave block",
        "Block",
        ("Alt+Up",),
        "log-out",
        "Go out of the block; so do Esc, Backspace and Ctrl+Up where nothing is selected",
        "inside",
        on_canvas=True,
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
    ActionSpec(
        "fit", "Show everything", "View", ("Home",), "maximize", "Fit the whole network into the canvas", on_canvas=True
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
    ActionSpec("theme", "Dark or light", "View", ("Ctrl+Shift+L",), "sun-moon", "Switch the theme", begins_group=True),
    ActionSpec("full_screen", "Full screen", "View", ("F11",), "", "Use the whole screen", checkable=True),
    ActionSpec(
        "train", "Train", "Run", ("Ctrl+Return", "F5"), "play", "Start, pause and continue training", "trainable"
    ),
    ActionSpec("step", "One step", "Run", ("F10",), "step-forward", "Train on one batch, then pause", "trainable"),
    ActionSpec("stop", "Stop and keep", "Run", ("Shift+F5",), "square", "End the run; its weights are kept", "active"),
    ActionSpec(
        "run_settings", "Run settings…", "Run", ("Ctrl+R",), "", "Epochs, batch size and seed", begins_group=True
    ),
    ActionSpec("keys", "Keyboard shortcuts", "Help", ("F1",), "keyboard", "Every key at a glance"),
    ActionSpec("about", "About Netloom", "Help", (), "", "Version and licence"),
)


class Actions(QObject):
    """The QActions of one window, made from the table and added to it, so that its keys work everywhere."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._actions = {spec.id: self._made(spec, window) for spec in ACTIONS}
        self.restyle()

    def _made(self, spec: ActionSpec, window: QWidget) -> QAction:
        action = QAction(spec.text, window)
        action.setObjectName(f"action-{spec.id}")
        action.setShortcuts([QKeySequence(key) for key in spec.shortcuts])
        action.setCheckable(spec.checkable)
        action.setToolTip(described(spec))
        window.addAction(action)
        return action

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def spec(self, key: str) -> ActionSpec:
        """The declaration of an action."""
        return next(spec for spec in ACTIONS if spec.id == key)

    def restyle(self) -> None:
        """Draw the icons anew in the colours of the theme."""
        for spec in ACTIONS:
            if spec.icon:
                self[spec.id].setIcon(icons.icon(spec.icon))

    def limit(self, canvas: QWidget) -> None:
        """Let the keys that belong to the canvas work only while it has the keyboard."""
        for spec in ACTIONS:
            if spec.on_canvas:
                self._window.removeAction(self[spec.id])
                self[spec.id].setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                canvas.addAction(self[spec.id])

    def rename(self, key: str, label: str) -> None:
        """Let an action say what it will do: "Undo Set out_channels of conv1"."""
        words = f"{self.spec(key).text} {label}".rstrip()
        self[key].setText(words)
        self[key].setToolTip(f"{words} ({key_text(self.spec(key))})")

    def bind(self, slots: Mapping[str, Callable[[], object]]) -> None:
        """Say what each action does; a missing or unknown name is an error of the program."""
        names = set(self._actions)
        if names != set(slots):
            raise ValueError(f"actions without a slot or slots without an action: {sorted(names ^ set(slots))}")
        for key, slot in slots.items():
            self[key].triggered.connect(lambda _checked=False, slot=slot: slot())

    def enable(self, holding: Collection[Condition]) -> None:
        """Enable the actions whose condition is among those that hold."""
        for spec in ACTIONS:
            self[spec.id].setEnabled(spec.when is None or spec.when in holding)

    def menu(self, name: MenuName, parent: QWidget) -> QMenu:
        """A menu with the actions of that name, in the order of the table."""
        menu = Menu(name, parent)
        menu.setObjectName(f"menu-{name.lower()}")
        for spec in ACTIONS:
            if spec.menu == name:
                if spec.begins_group:
                    menu.addSeparator()
                menu.addAction(self[spec.id])
        return menu


def described(spec: ActionSpec) -> str:
    """The tip of an action with its first key."""
    keys = key_text(spec)
    return f"{spec.tip or spec.text} ({keys})" if keys else spec.tip or spec.text


def key_text(spec: ActionSpec) -> str:
    """The first key of an action as the system writes it, or nothing."""
    if not spec.shortcuts:
        return ""
    return QKeySequence(spec.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText)
