"""The gallery of templates, over the window."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from netloom.templates import Template
from netloom.ui.gallery import COLUMNS, GAP, LEAST, Gallery, template_choices
from netloom.ui.sheet import Sheet
from netloom.ui.widgets import SearchField

BESIDE, ABOVE_AND_BELOW = 160, 160
"""What the window keeps for itself around the gallery."""
CARD, MARGIN = 220, 12
HIGHEST = 720


class TemplatePicker(Sheet):
    """`chosen` carries a new document and its name."""

    chosen = Signal(object, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Start from a network", "template-picker", parent)
        self.search = SearchField("Find a template", parent=self)
        self.search.setObjectName("template-search")
        self.search.setFixedWidth(LEAST)
        self.corner.addWidget(self.search)
        self.gallery = Gallery(MARGIN, self)
        window = parent.window()
        columns = max(min((window.width() - BESIDE) // (CARD + GAP), COLUMNS - 1), 2)
        high = max(min(window.height() - ABOVE_AND_BELOW, HIGHEST), 2 * LEAST)
        self.gallery.setFixedSize(columns * (CARD + GAP) - GAP + 2 * MARGIN, high)
        self.body.setContentsMargins(8, 16, 8, 8)
        self.body.addWidget(self.gallery)
        self._connect()
        self.gallery.set_choices(template_choices())
        self.gallery.enter()

    def _connect(self) -> None:
        self.search.textChanged.connect(self.gallery.search)
        self.search.returnPressed.connect(self.gallery.choose_first)
        self.search.moved.connect(lambda step: self.gallery.enter() if step > 0 else None)
        self.gallery.typed.connect(self._type)
        self.gallery.left.connect(self.search.setFocus)
        self.gallery.chosen.connect(self._choose)

    def _type(self, text: str) -> None:
        self.search.setFocus()
        self.search.insert(text)

    def _choose(self, template: Template) -> None:
        self.accept()
        self.chosen.emit(template.build(), template.name)
