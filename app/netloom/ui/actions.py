"""The QActions of one window, made from the table of actions; keys that a person chose go before those of the table."""

from collections.abc import Callable, Collection, Mapping, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from netloom.ui import icons
from netloom.ui.action_spec import ActionSpec, Condition, MenuName
from netloom.ui.action_table import ACTIONS
from netloom.ui.compositing import Menu


class Actions(QObject):
    """All actions by name, added to the window, so that their keys work everywhere in it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._holding: frozenset[Condition] | None = None
        self._actions = {spec.id: self._made(spec, window) for spec in ACTIONS}
        self.restyle()

    def _made(self, spec: ActionSpec, window: QWidget) -> QAction:
        action = QAction(spec.text, window)
        action.setObjectName(f"action-{spec.id}")
        action.setCheckable(spec.checkable)
        _set_keys(action, spec, spec.shortcuts)
        window.addAction(action)
        return action

    def __getitem__(self, key: str) -> QAction:
        return self._actions[key]

    def spec(self, key: str) -> ActionSpec:
        """The declaration of an action."""
        return next(spec for spec in ACTIONS if spec.id == key)

    def set_keys(self, chosen: Mapping[str, Sequence[str]]) -> None:
        """Let actions have other keys than the table gives them; those that are not named have the table's."""
        for spec in ACTIONS:
            _set_keys(self[spec.id], spec, chosen.get(spec.id, spec.shortcuts))

    def key_text(self, key: str) -> str:
        """The first key of an action as the system writes it, or nothing."""
        return self[key].shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    def restyle(self) -> None:
        """Draw the icons anew in the colours of the theme."""
        for spec in ACTIONS:
            if spec.icon:
                self[spec.id].setIcon(icons.icon(spec.icon))

    def limit(self, canvas: QWidget, runs: QWidget) -> None:
        """Give canvas and table of runs their actions, for menus; keys of one work only while the keyboard is there."""
        for spec in ACTIONS:
            action = self[spec.id]
            place = runs if spec.on_runs else canvas
            place.addAction(action)
            if spec.on_canvas or spec.on_runs:
                self._window.removeAction(action)
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

    def is_of_canvas(self, keys: QKeySequence) -> bool:
        """Whether these keys work on the canvas only."""
        return any(spec.on_canvas and keys in self[spec.id].shortcuts() for spec in ACTIONS)

    def rename(self, key: str, label: str) -> None:
        """Let an action say what it will do: "Undo Set out_channels of conv1"."""
        words = f"{self.spec(key).text} {label}".rstrip()
        self[key].setText(words)
        self[key].setToolTip(f"{words} ({self.key_text(key)})")

    def bind(self, slots: Mapping[str, Callable[[], object]]) -> None:
        """Say what each action does; a missing or unknown name is an error of the program."""
        names = set(self._actions)
        if names != set(slots):
            raise ValueError(f"actions without a slot or slots without an action: {sorted(names ^ set(slots))}")
        for key, slot in slots.items():
            self[key].triggered.connect(lambda _checked=False, slot=slot: slot())

    def enable(self, holding: Collection[Condition]) -> None:
        """Enable the actions whose condition is among those that hold."""
        before, self._holding = self._holding, frozenset(holding)
        for spec in ACTIONS:
            if before is None or (spec.when in before) != (spec.when in self._holding):
                self[spec.id].setEnabled(spec.when is None or spec.when in self._holding)

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


def _set_keys(action: QAction, spec: ActionSpec, keys: Sequence[str]) -> None:
    action.setShortcuts([QKeySequence(key) for key in keys])
    first = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setToolTip(f"{spec.tip} ({first})" if first else spec.tip)
