"""Paints frames and notes. What is drawn lies on whole pixels, so that borders are crisp at any zoom."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QIcon, QPainter, QPen, QPixmap

from netloom.graph import Remark
from netloom.ui import theme
from netloom.ui.canvas import remark_shape as shape
from netloom.ui.canvas.card import screen_font
from netloom.ui.theme import Theme

COLOURS: Mapping[str, str] = {
    "": "Grey",
    "amber": "Amber",
    "green": "Green",
    "blue": "Blue",
    "violet": "Violet",
    "pink": "Pink",
}
"""The colours that a frame may have, with their words."""
NOTE_COLOURS = ("amber", "")
"""Notes have two, so that they stay quieter than frames."""
_PLOTS = {"green": 2, "blue": 6, "violet": 5, "pink": 3}
CORNER = {"frame": 12.0, "note": 6.0}
FILL = {"frame": 0.05, "note": 0.09}
TITLE_MIN, TEXT_MIN = 11, 10
"""Pixels on the screen that titles and texts have at least."""
FAR_TITLE = 16.0
"""Pixels above a frame that its title takes up from far away."""
LEAST_TITLE = 24.0
"""Pixels that a frame is wide at least where its title can be read from far away."""
HANDLE = 7.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def tint(look: Theme, colour: str) -> QColor:
    """The full colour of which frames and notes have a soft share; grey for names that the look does not know."""
    if colour in _PLOTS:
        return look.plot(_PLOTS[colour])
    return look.color("warning" if colour == "amber" else "text-3")


def fill(look: Theme, remark: Remark) -> QColor:
    """What lies over the ground; the dots of the grid are seen through frames, and not through notes."""
    full, share = tint(look, remark.colour), FILL[remark.kind]
    if remark.kind == "note":
        return theme.mixed(look.color("canvas"), full, share)
    full.setAlphaF(share)
    return full


def border(look: Theme, remark: Remark) -> QColor:
    """The line around a frame or note that is not touched."""
    return theme.mixed(look.color("line-strong"), tint(look, remark.colour), 0.25 if remark.colour else 0.0)


def title_color(look: Theme, colour: str) -> QColor:
    """A colour of the family in which words can be read, on the fill as on the ground."""
    return theme.mixed(look.color("text-2"), tint(look, colour), 0.45) if colour else look.color("text-2")


def swatch(look: Theme, colour: str, *, chosen: bool) -> QIcon:
    """A colour as an icon for menus, in a ring where it is the one in use."""
    density = theme.current_density()
    found = QPixmap(round(16 * density), round(16 * density))
    found.setDevicePixelRatio(density)
    found.fill(Qt.GlobalColor.transparent)
    painter = QPainter(found)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint(look, colour))
    painter.drawEllipse(QRectF(3, 3, 10, 10))
    if chosen:
        painter.setPen(QPen(look.color("text"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(1, 1, 14, 14))
    painter.end()
    return QIcon(found)


def paint(
    painter: QPainter, remark: Remark, room: QRectF, look: Theme, zoom: float, *, selected: bool, hovered: bool
) -> None:
    """A frame or note from near, in the painter's coordinates."""
    spot = _begin(painter, room)
    _ground(painter, remark, spot, look, zoom, selected=selected, hovered=hovered)
    if remark.kind == "frame":
        _title(painter, remark, spot, look, zoom)
    else:
        _text(painter, remark, spot, look, zoom)
    if selected or hovered:
        _handles(painter, spot, look, "accent" if selected else "text-3")
    painter.restore()


def paint_far(
    painter: QPainter, remark: Remark, room: QRectF, look: Theme, zoom: float, *, selected: bool, hovered: bool
) -> None:
    """A frame or note from far away: a note without its words, a frame with its title above it."""
    spot = _begin(painter, room)
    _ground(painter, remark, spot, look, zoom, selected=selected, hovered=hovered)
    if remark.kind == "frame" and spot.width() >= LEAST_TITLE:
        font = screen_font("body", TITLE_MIN)
        painter.setFont(font)
        painter.setPen(title_color(look, remark.colour))
        line = QRectF(spot.left() + 2, spot.top() - FAR_TITLE, spot.width() - 2, FAR_TITLE)
        painter.drawText(line, _LEFT, _elided(remark.text, QFontMetricsF(font), line.width()))
    painter.restore()


def far_title(remark: Remark, zoom: float) -> QRectF:
    """Where the title of a frame stands from far away, in the scene."""
    room = shape.area(remark)
    wide = QFontMetricsF(screen_font("body", TITLE_MIN)).horizontalAdvance(remark.text) + 4
    high = FAR_TITLE / zoom
    return QRectF(room.left(), room.top() - high, min(wide / zoom, room.width()), high)


def _begin(painter: QPainter, room: QRectF) -> QRectF:
    """Go over to pixels of the screen; where the room lies there, on whole ones."""
    found = painter.worldTransform().mapRect(room)
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return QRectF(
        QPointF(round(found.left()), round(found.top())), QPointF(round(found.right()), round(found.bottom()))
    )


def _ground(
    painter: QPainter, remark: Remark, spot: QRectF, look: Theme, zoom: float, *, selected: bool, hovered: bool
) -> None:
    corner = min(CORNER[remark.kind] * zoom, CORNER[remark.kind] * 1.5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill(look, remark))
    painter.drawRoundedRect(spot, corner, corner)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if selected:
        painter.setPen(QPen(look.color("accent"), theme.stroke("selection_ring")))
        painter.drawRoundedRect(spot, corner, corner)
    elif hovered or remark.kind == "frame":
        painter.setPen(QPen(look.color("text-3") if hovered else border(look, remark), 1.0))
        painter.drawRoundedRect(spot.adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)


def _title(painter: QPainter, remark: Remark, spot: QRectF, look: Theme, zoom: float) -> None:
    font = screen_font("body", max(theme.font("body").pixelSize() * zoom, TITLE_MIN))
    painter.setFont(font)
    painter.setPen(title_color(look, remark.colour))
    line = QRectF(spot.left(), spot.top(), spot.width(), shape.TITLE * zoom)
    line.adjust(shape.PAD * zoom, 0, -shape.PAD * zoom, 0)
    painter.drawText(line, _LEFT, _elided(remark.text, QFontMetricsF(font), line.width()))


def _elided(text: str, metrics: QFontMetricsF, width: float) -> str:
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def _text(painter: QPainter, remark: Remark, spot: QRectF, look: Theme, zoom: float) -> None:
    """The words of a note, as many lines of them as there is room for."""
    pixels = round(max(theme.font("body").pixelSize() * zoom, TEXT_MIN))
    room = spot.adjusted(shape.PAD * zoom, shape.PAD * zoom, -shape.PAD * zoom, -shape.PAD * zoom)
    step = pixels * shape.LINE_SHARE
    found = shape.lines(remark.text, room.width(), pixels)
    shown = list(found[: max(1, int((room.height() + step / 4) // step))])
    font = screen_font("body", pixels)
    if len(shown) < len(found):
        shown[-1] = _elided(f"{shown[-1]} …", QFontMetricsF(font), room.width())
    painter.setFont(font)
    painter.setPen(look.color("text-2"))
    painter.setClipRect(spot)
    for index, line in enumerate(shown):
        painter.drawText(QRectF(room.left(), room.top() + index * step, room.width() + step, step), _LEFT, line)
    painter.setClipping(False)


def _handles(painter: QPainter, spot: QRectF, look: Theme, token: str) -> None:
    """Small squares at edges and corners; where there is no room for all of them, at the corners only."""
    grips = shape.GRIPS if min(spot.width(), spot.height()) > 6 * HANDLE else shape.GRIPS[:4]
    painter.setPen(QPen(look.color(token), 1.0))
    painter.setBrush(look.color("canvas"))
    half = HANDLE / 2
    for grip in grips:
        at = shape.spot(spot, grip)
        square = QRectF(round(at.x() - half) + 0.5, round(at.y() - half) + 0.5, HANDLE - 1, HANDLE - 1)
        painter.drawRoundedRect(square, 1.5, 1.5)
