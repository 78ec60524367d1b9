"""Icons and category glyphs: tinted vector drawings, rendered once for each size, density and colour."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from netloom.ui import resources, theme

SIZES = (14, 16, 20)
THIN, STRONG = 1.5, 2.0
_STRONG_UP_TO = 16


def icon(name: str, color: str = "text-2") -> QIcon:
    """An icon in a colour token; brighter where active, faint where disabled. Ask anew after the theme changed."""
    return QIcon(_icon(name, color, theme.current(), theme.current_density()))


@cache
def _icon(name: str, color: str, look: theme.Theme, density: float) -> QIcon:
    found = QIcon()
    active = "text" if color == "text-2" else color
    modes = ((QIcon.Mode.Normal, color), (QIcon.Mode.Active, active), (QIcon.Mode.Disabled, "text-off"))
    for mode, token in modes:
        for size in SIZES:
            for scale in {1.0, density}:
                found.addPixmap(_drawn("icons", name, size, look.color(token).name(), THIN, scale), mode)
    return found


def pixmap(name: str, size: int = 16, color: str = "text-2", density: float | None = None) -> QPixmap:
    """An icon as a picture of `size` pixels of the look; `density` is device pixels for each of them."""
    scale = theme.current_density() if density is None else density
    return _drawn("icons", name, size, theme.current().color(color).name(), THIN, scale)


def draw(painter: QPainter, room: QRectF, name: str, color: str, density: float) -> None:
    """Draw an icon in a colour token: its picture for the screen, its lines on paper."""
    if theme.is_on_paper():
        _lines("icons", name, theme.current().color(color).name(), THIN).render(painter, room)
    else:
        drawing = pixmap(name, round(room.width()), color, density)
        painter.drawPixmap(room, drawing, QRectF(drawing.rect()))


def draw_tile(painter: QPainter, room: QRectF, category: str, density: float) -> None:
    """Draw the glyph of a category on its tile: its picture for the screen, its lines on paper."""
    if not theme.is_on_paper():
        drawing = tile(category, round(room.width()), density)
        painter.drawPixmap(room, drawing, QRectF(drawing.rect()))
        return
    look, family = theme.current(), category.partition("-")[0]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.tile(family))
    painter.drawRoundedRect(room, theme.radius("field"), theme.radius("field"))
    edge = room.width() * 0.15
    inner = room.adjusted(edge, edge, -edge, -edge)
    _lines("glyphs", category, look.category(family).name(), STRONG).render(painter, inner)


def glyph(category: str, size: int = 16, color: str | None = None, density: float | None = None) -> QPixmap:
    """The glyph of a category in its own colour, or in a colour token. "io-out" is the glyph of outputs."""
    scale = theme.current_density() if density is None else density
    look = theme.current()
    tint = look.category(category.partition("-")[0]) if color is None else look.color(color)
    return _drawn("glyphs", category, size, tint.name(), STRONG if size <= _STRONG_UP_TO else THIN, scale)


def glyph_icon(category: str) -> QIcon:
    """The glyph of a category as an icon, for lists and trees."""
    return QIcon(_glyph_icon(category, theme.current(), theme.current_density()))


@cache
def _glyph_icon(category: str, look: theme.Theme, density: float) -> QIcon:
    found = QIcon()
    color = look.category(category.partition("-")[0]).name()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
        for size in SIZES:
            for scale in {1.0, density}:
                found.addPixmap(_drawn("glyphs", category, size, color, THIN, scale), mode)
    return found


def tile(category: str, size: int = 20, density: float | None = None) -> QPixmap:
    """The glyph of a category on its rounded tile, as in a node's header."""
    scale = theme.current_density() if density is None else density
    return _tile(category, size, theme.current(), scale)


@cache
def _tile(category: str, size: int, look: theme.Theme, density: float) -> QPixmap:
    found = _blank(size, density)
    painter = QPainter(found)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.tile(category.partition("-")[0]))
    corner = theme.radius("field")
    painter.drawRoundedRect(QRectF(0, 0, size, size), corner, corner)
    inner = round(size * 0.7)
    drawing = glyph(category, inner, density=density)
    painter.drawPixmap(QRectF((size - inner) / 2, (size - inner) / 2, inner, inner), drawing, QRectF(drawing.rect()))
    painter.end()
    return found


@cache
def _source(folder: str, name: str) -> str:
    return resources.path(folder, f"{name}.svg").read_text("utf-8")


@cache
def _lines(folder: str, name: str, color: str, width: float) -> QSvgRenderer:
    text = _source(folder, name).replace("currentColor", color).replace('stroke-width="1.5"', f'stroke-width="{width}"')
    return QSvgRenderer(QByteArray(text.encode()))


@cache
def _drawn(folder: str, name: str, size: int, color: str, width: float, density: float) -> QPixmap:
    found = _blank(size, density)
    painter = QPainter(found)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _lines(folder, name, color, width).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return found


def _blank(size: int, density: float) -> QPixmap:
    found = QPixmap(max(1, round(size * density)), max(1, round(size * density)))
    found.setDevicePixelRatio(found.width() / size)
    found.fill(QColor(Qt.GlobalColor.transparent))
    return found


def app_icon() -> QIcon:
    """The icon of the program."""
    return QIcon(str(resources.path("netloom.svg")))
