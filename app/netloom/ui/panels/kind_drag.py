"""Carrying a kind of node from the palette to the canvas."""

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QDrag, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from netloom.layers.spec import LayerSpec
from netloom.ui import icons, theme
from netloom.ui.offers import key
from netloom.ui.panels.palette_model import glyph_name

MIME = "application/x-netloom-kind"
CARD_HEIGHT = 32
SHADE = 8
"""Room around the card for its shadow."""


def kind_drag(spec: LayerSpec, source: QWidget) -> QDrag:
    """A drag that carries the kind as bytes, and a small card to see it by."""
    data = QMimeData()
    data.setData(MIME, QByteArray(key(spec).encode()))
    data.setText(spec.kind)
    drag = QDrag(source)
    drag.setMimeData(data)
    drag.setPixmap(card(spec, source.devicePixelRatioF()))
    drag.setHotSpot(QPoint(SHADE + 18, SHADE + CARD_HEIGHT // 2))
    return drag


def card(spec: LayerSpec, density: float = 1.0) -> QPixmap:
    """The head of the node that will be made."""
    font = theme.font("strong")
    width = 36 + QFontMetrics(font).horizontalAdvance(spec.kind) + 12
    found = QPixmap(round((width + 2 * SHADE) * density), round((CARD_HEIGHT + 2 * SHADE) * density))
    found.setDevicePixelRatio(density)
    found.fill(QColor(Qt.GlobalColor.transparent))
    painter = QPainter(found)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rect = QRectF(SHADE + 0.5, SHADE + 0.5, width - 1, CARD_HEIGHT - 1)
    look = theme.current()
    theme.draw_shadow(painter, rect, 8, "card_dragged")
    painter.setPen(look.color("line-strong"))
    painter.setBrush(look.color("card"))
    painter.drawRoundedRect(rect, 8, 8)
    painter.drawPixmap(SHADE + 8, SHADE + 6, icons.tile(glyph_name(spec), 20, density))
    painter.setFont(font)
    painter.setPen(look.color("text"))
    painter.drawText(rect.adjusted(36, 0, 0, 0), int(Qt.AlignmentFlag.AlignVCenter), spec.kind)
    painter.end()
    return found
