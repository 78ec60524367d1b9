"""The gallery of templates, each drawn small from its own graph."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QWidget

from netloom.graph import Document
from netloom.layers import catalogue
from netloom.templates import TEMPLATES, Template
from netloom.ui import theme
from netloom.ui.sheet import Sheet

CARD = QSize(236, 176)
THUMBNAIL = 96
COLUMNS = 3
NODE = (160.0, 96.0)


class TemplatePicker(Sheet):
    """`chosen` carries a new document and its name."""

    chosen = Signal(object, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Start from something that trains", "template-picker", parent)
        grid = QGridLayout()
        grid.setSpacing(12)
        for number, template in enumerate(TEMPLATES.values()):
            card = TemplateCard(template, self)
            card.clicked.connect(lambda _checked=False, template=template: self._choose(template))
            grid.addWidget(card, number // COLUMNS, number % COLUMNS)
        self.body.addLayout(grid)
        self.findChildren(TemplateCard)[0].setFocus()

    def _choose(self, template: Template) -> None:
        self.accept()
        self.chosen.emit(template.build(), template.name)


class TemplateCard(QAbstractButton):
    """A drawing of the graph, the title, what it is."""

    def __init__(self, template: Template, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"template-{template.name}")
        self.setText(template.title)
        self.setAccessibleName(template.title)
        self.setAccessibleDescription(template.summary)
        self.setFixedSize(CARD)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._summary = template.summary
        self._document = template.build()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

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
        painter.setPen(look.color("text-2"))
        painter.drawText(QRect(12, room.bottom() + 3, room.width(), 44), Qt.TextFlag.TextWordWrap, self._summary)


def draw_graph(painter: QPainter, document: Document, room: QRectF) -> None:
    """Draw a graph as its boxes and wires, as large as fits."""
    places = document.positions
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
