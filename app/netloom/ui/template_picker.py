"""The gallery of templates in groups, each drawn small from its own graph."""

from collections.abc import Iterable
from functools import cached_property
from itertools import groupby

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QScrollArea, QWidget

from netloom.graph import Document
from netloom.layers import catalogue
from netloom.templates import TEMPLATES, Template
from netloom.ui import theme
from netloom.ui.sheet import Sheet
from netloom.ui.widgets import SectionTitle

CARD = QSize(236, 176)
THUMBNAIL = 96
COLUMNS = 4
GAP = 12
ABOVE_AND_BELOW = 160
"""What the window keeps for itself above and below the cards of the gallery."""
HEADING = 40
"""Room above a card for the name of its group."""
NODE = (160.0, 96.0)


class TemplatePicker(Sheet):
    """`chosen` carries a new document and its name."""

    chosen = Signal(object, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Start from a network", "template-picker", parent)
        self._scroll = QScrollArea()
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        cards = self._cards()
        self._scroll.setWidget(cards)
        high = min(cards.height(), max(parent.window().height() - ABOVE_AND_BELOW, 2 * CARD.height()))
        self._scroll.setFixedSize(cards.width() + GAP, high)
        self.body.addWidget(self._scroll)
        self.findChildren(TemplateCard)[0].setFocus()

    def _cards(self) -> QWidget:
        cards = QWidget()
        grid = QGridLayout(cards)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP)
        row = 0
        for group, templates in groupby(TEMPLATES.values(), lambda template: template.group):
            grid.addWidget(SectionTitle(group), row, 0, 1, COLUMNS)
            for number, template in enumerate(templates):
                grid.addWidget(self._card(template, cards), row + 1 + number // COLUMNS, number % COLUMNS)
            row = grid.rowCount()
        cards.adjustSize()
        return cards

    def _card(self, template: Template, parent: QWidget) -> "TemplateCard":
        card = TemplateCard(template, parent)
        card.clicked.connect(lambda: self._choose(template))
        card.reached.connect(lambda: self._scroll.ensureWidgetVisible(card, 0, HEADING))
        return card

    def _choose(self, template: Template) -> None:
        self.accept()
        self.chosen.emit(template.build(), template.name)


class TemplateCard(QAbstractButton):
    """A drawing of the graph, the title, what it is. `reached` says that the keyboard has come here."""

    reached = Signal()

    def __init__(self, template: Template, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"template-{template.name}")
        self.setText(template.title)
        self.setAccessibleName(template.title)
        self.setAccessibleDescription(template.summary)
        self.setFixedSize(CARD)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._template = template

    @cached_property
    def _document(self) -> Document:
        """Made when the card is first seen."""
        return self._template.build()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Ask to be brought into sight."""
        super().focusInEvent(event)
        self.reached.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card."""
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        border = "accent" if self.hasFocus() else "text-3" if self.underMouse() else "line-strong"
        card = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(look.color(border))
        painter.setBrush(look.color("card"))
        painter.drawRoundedRect(card, 8, 8)
        well = QRectF(8, 8, self.width() - 16, THUMBNAIL - 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("canvas"))
        painter.drawRoundedRect(well, 4, 4)
        draw_graph(painter, self._document, well.adjusted(12, 12, -12, -12))
        self._draw_words(painter)

    def _draw_words(self, painter: QPainter) -> None:
        look = theme.current()
        room = QRect(12, THUMBNAIL + 8, self.width() - 24, 18)
        painter.setFont(theme.font("strong"))
        painter.setPen(look.color("text"))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(theme.font("caption"))
        if self._template.trains:
            painter.setPen(look.color("ok"))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "trains")
        painter.setPen(look.color("text-2"))
        painter.drawText(
            QRect(12, room.bottom() + 3, room.width(), 44), Qt.TextFlag.TextWordWrap, self._template.summary
        )


def draw_graph(painter: QPainter, document: Document, room: QRectF) -> None:
    """Draw the top level of a graph as its boxes and wires, as large as fits."""
    places = {node.id: document.positions[node.id] for node in document.graph.level()}
    scale, origin = _fit(places.values(), room)
    look = theme.current()
    size = QSize(max(round(NODE[0] * scale), 4), max(round(NODE[1] * scale), 5))
    corners = {key: origin + QPointF(x, y) * scale for key, (x, y) in places.items()}
    painter.setPen(QPen(look.color("wire", 0.6), 1))
    for wire in document.graph.wires.values():
        if wire.source in corners and wire.target in corners:
            start = corners[wire.source] + QPointF(size.width(), size.height() / 2)
            painter.drawLine(start, corners[wire.target] + QPointF(0, size.height() / 2))
    painter.setPen(Qt.PenStyle.NoPen)
    for key, corner in corners.items():
        painter.setBrush(look.category(catalogue.spec(document.graph.nodes[key].kind).category))
        painter.drawRoundedRect(QRectF(corner.x(), corner.y(), size.width(), size.height()), 2, 2)


def _fit(places: Iterable[tuple[float, float]], room: QRectF) -> tuple[float, QPointF]:
    columns, rows = zip(*places, strict=True)
    width, height = max(columns) - min(columns) + NODE[0], max(rows) - min(rows) + NODE[1]
    scale = min(room.width() / width, room.height() / height)
    left = room.center().x() - width * scale / 2 - min(columns) * scale
    return scale, QPointF(left, room.center().y() - height * scale / 2 - min(rows) * scale)
