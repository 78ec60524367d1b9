"""Every key at a glance, made from the table of actions and the keys of the canvas."""

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from netloom.ui import theme
from netloom.ui.action_table import ACTIONS
from netloom.ui.sheet import Sheet
from netloom.ui.widgets import KeyHint, SectionTitle

CANVAS_KEYS = (
    ("Tab", "Add a node at the cursor"),
    ("Arrows", "Go along the wires"),
    ("Ctrl+arrows", "Move the selected nodes"),
    ("F2", "Rename the selected node"),
    ("F", "Show the selection"),
    ("Shift+click", "Add to the selection"),
    ("Enter", "Open the selected block"),
    ("Escape", "Let go of the wire or the selection; leave the block"),
)
COLUMNS: tuple[tuple[str, ...], ...] = (("File", "Edit"), ("Block", "View"), ("Run", "Help"))
"""The menus of each column."""


class KeyHelp(Sheet):
    """A column for each menu, and one for the canvas."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Keyboard shortcuts", "key-help", parent)
        row = QHBoxLayout()
        row.setSpacing(40)
        for names in COLUMNS:
            column = QVBoxLayout()
            column.setSpacing(6)
            for name in names:
                column.addWidget(SectionTitle(name))
                column.addLayout(_grid(_keys(name)))
                column.addSpacing(12)
            if names[0] == "Run":
                column.addWidget(SectionTitle("Canvas"))
                column.addLayout(_grid([(words, [keys]) for keys, words in CANVAS_KEYS]))
            column.addStretch(1)
            row.addLayout(column)
        self.body.addLayout(row)


def _keys(menu: str) -> list[tuple[str, list[str]]]:
    native = QKeySequence.SequenceFormat.NativeText
    return [
        (spec.text.rstrip("…"), [QKeySequence(key).toString(native) for key in spec.shortcuts])
        for spec in ACTIONS
        if spec.menu == menu and spec.shortcuts
    ]


def _grid(rows: list[tuple[str, list[str]]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(0, 1)
    for number, (words, keys) in enumerate(rows):
        label = QLabel(words)
        label.setFont(theme.font("body"))
        label.setProperty("level", "2")
        grid.addWidget(label, number, 0)
        hints = QHBoxLayout()
        hints.setSpacing(4)
        hints.addStretch(1)
        for key in keys:
            hints.addWidget(KeyHint(key))
        grid.addLayout(hints, number, 1)
    return grid
