"""Paints cards. It knows facts, measures and the theme, and no item, graph or state but those it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from netloom.ui import icons, previews, theme
from netloom.ui.canvas import card as measures
from netloom.ui.canvas.card import Card
from netloom.ui.canvas.facts import Carried, Facts, PortFacts
from netloom.ui.theme import Theme

TEXT_MIN = 10  # pixels on the screen; nothing smaller is ever written
BADGE = 14  # pixels on the screen of the mark of a comment
FADED = 0.5
PORT_MIN = 6  # pixels on the screen of a port that can be taken hold of
_RADIUS = 8.0
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TENSORS: frozenset[Carried] = frozenset({"float", "complex"})
"""What most wires carry: they are quiet, and bright under the hand."""
WIRE_TOKENS: dict[Carried, str] = {
    "float": "wire",
    "integer": "wire-label",
    "boolean": "accent",
    "complex": "wire",
    "scalar": "wire-scalar",
    "schedule": "wire-scalar",
}

MARKS: dict[Carried, tuple[tuple[float, float], ...]] = {
    "integer": ((-4.5, 0), (0, -4.5), (4.5, 0), (0, 4.5)),
    "complex": ((-4.75, 0), (-2.375, -4.1), (2.375, -4.1), (4.75, 0), (2.375, 4.1), (-2.375, 4.1)),
    "scalar": ((-3.5, -4.5), (4.5, 0), (-3.5, 4.5)),
    "schedule": ((-4.5, -3.5), (4.5, -3.5), (0, 4.5)),
}
"""Ports with corners: a diamond, a hexagon, a triangle that points on, and one that points down as a rate goes.

Where wires go down all are turned: the one that points on points down then, and that of a rate to the side.
"""


def paint_full(painter: QPainter, facts: Facts, card: Card, look: Theme, scale: float) -> None:
    """Everything on a card but its live picture, its state and its problem dot. `scale` is device pixels a unit."""
    _ground(painter, facts, card, look)
    with _faded(painter, facts):
        _header(painter, facts, card, look, scale)
        if not facts.collapsed:
            _body(painter, facts, card, look, scale)
    _border(painter, card, look.color("line-strong"), dashed=facts.bypassed)
    if facts.bypassed:
        _bypass(painter, facts, card, look)
    for port, place in (*zip(facts.inputs, card.inputs, strict=True), *zip(facts.outputs, card.outputs, strict=True)):
        paint_port(painter, port, place, look)
    if facts.collapsed and facts.trouble is not None:
        zoom = scale / theme.current_density()
        paint_problem_dot(painter, QPointF(card.width, 0), facts.trouble.severity, look, zoom)
    if card.bubble is not None:
        _bubble(painter, card.bubble, facts.comment, look)


def _body(painter: QPainter, facts: Facts, card: Card, look: Theme, scale: float) -> None:
    """What stands under the header."""
    _text(painter, card.kind, facts.kind, "shape", look.color("text-2"))
    if facts.has_rows:
        _rows(painter, facts, card, look)
    if card.well is not None:
        paint_well(painter, card.well, look)
        _expected(painter, facts, card.well, look)
        if facts.frozen:
            paint_ice(painter, card.well, look)
    for ports, rooms in ((facts.inputs, card.input_names), (facts.outputs, card.output_names)):
        for port, room in zip(ports, rooms, strict=False):
            _text(painter, room, port.name, "caption", look.color("text-2"), Qt.AlignmentFlag.AlignCenter)
    if card.footer is not None:
        paint_footer(painter, card.footer, facts.footer, look.color("text-3"))
        if facts.remark:
            room = card.footer.adjusted(0, 0, measures.FOOTER_RIGHT - measures.INSET, 0)
            _text(painter, room, facts.remark, "shape", look.color("text-3"), _RIGHT)
    if card.strip is not None:
        _strip(painter, facts, card, look, scale)


@contextmanager
def _faded(painter: QPainter, facts: Facts) -> Iterator[None]:
    """Paint at half strength what takes no part."""
    painter.setOpacity(FADED if facts.bypassed else 1.0)
    yield
    painter.setOpacity(1.0)


def _bypass(painter: QPainter, facts: Facts, card: Card, look: Theme) -> None:
    """A dashed line past the words of the card to its output: what comes in goes out there as it is."""
    if not _hands_on(facts):
        return
    if facts.down:
        _dash(painter, QPointF(card.outputs[0].x(), card.kind.bottom() or card.height), card.outputs[0], look)
        return
    room = _words_at_output(painter, facts, card)
    y = card.outputs[0].y()
    _dash(painter, QPointF(room.left(), y), QPointF(room.right(), y), look)


def _hands_on(facts: Facts) -> bool:
    """Whether what comes into a bypassed node can go out of it; a tensor does not become a loss."""
    return bool(facts.inputs and facts.outputs) and _trains(facts.inputs[0]) == _trains(facts.outputs[0])


def _dash(painter: QPainter, start: QPointF, end: QPointF, look: Theme) -> None:
    painter.setPen(_dashed(look.color("wire-hover"), 1.5))
    painter.drawLine(start, end)


def _trains(port: PortFacts) -> bool:
    return port.carries in ("scalar", "schedule")


def _words_at_output(painter: QPainter, facts: Facts, card: Card) -> QRectF:
    """What is free between the words at the height of the first output."""
    if facts.collapsed or not facts.has_rows:
        wide = QFontMetricsF(legible(painter, "strong")).horizontalAdvance(facts.name)
        left = min(measures.NAME_LEFT + wide + 6, card.width - 24)
        return QRectF(left, 0, card.width - 4 - left, measures.HEADER)
    metrics = QFontMetricsF(legible(painter, "caption"))
    room = measures.port_row(0, card.width)
    names = [metrics.horizontalAdvance(ports[0].name) + 6 for ports in (facts.inputs, facts.outputs)]
    return room.adjusted(names[0], 0, -names[1], 0)


def _bubble(painter: QPainter, room: QRectF, comment: str, look: Theme) -> None:
    """What a person wrote, quietly over the card."""
    font = legible(painter, "caption")
    metrics = QFontMetricsF(font)
    text = metrics.elidedText(measures.one_line(comment), Qt.TextElideMode.ElideRight, room.width() - 15)
    room = QRectF(room.topLeft(), QSizeF(min(room.width(), metrics.horizontalAdvance(text) + 17), room.height()))
    painter.setPen(line(look.color("line")))
    painter.setBrush(look.color("overlay"))
    painter.drawRoundedRect(_crisp(room), 4, 4)
    painter.setFont(font)
    painter.setPen(look.color("text-2"))
    painter.drawText(room.adjusted(8, 0, 0, 0), _LEFT, text)


def paint_compact(painter: QPainter, facts: Facts, card: Card, look: Theme, scale: float, zoom: float) -> None:
    """A card from further away: glyph, the name at 10 pixels of the screen, and the well."""
    _ground(painter, facts, card, look)
    with _faded(painter, facts):
        painter.drawPixmap(QRectF(8, card.top + 6, 20, 20), *_picture(icons.tile(facts.glyph, 20, scale)))
        named = _compact_name(painter, facts, card, look, zoom)
        if card.well is not None:
            paint_well(painter, card.well, look)
            if facts.frozen:
                paint_ice(painter, card.well, look)
        if card.strip is not None and facts.trouble is not None:
            painter.fillPath(_bottom(card), look.color(f"{facts.trouble.severity}-soft"))
    _border(painter, card, look.color("line-strong"), dashed=facts.bypassed)
    if facts.bypassed and _hands_on(facts):
        y = measures.HEADER / 2
        ends = (QPointF(named + 3 / zoom, y), QPointF(card.width, y))
        if facts.down:
            ends = (QPointF(card.outputs[0].x(), min(card.top + measures.HEADER, card.height)), card.outputs[0])
        _dash(painter, *ends, look)
    if card.bubble is not None:
        size = BADGE / zoom
        badge = QRectF(0, -size - 2, size, size)
        painter.drawPixmap(badge, *_picture(icons.pixmap("message-square", BADGE, "text-3", scale / zoom)))


def _compact_name(painter: QPainter, facts: Facts, card: Card, look: Theme, zoom: float) -> float:
    """Write the name at 10 pixels of the screen; where it ends."""
    painter.setFont(measures.screen_font("strong", TEXT_MIN / zoom))
    painter.setPen(look.color("text"))
    room = QRectF(32, card.top, card.width - 36, measures.HEADER)
    metrics = QFontMetricsF(painter.font())
    name = metrics.elidedText(facts.name, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, _LEFT, name)
    return room.left() + metrics.horizontalAdvance(name)


def _picture(drawing: QPixmap) -> tuple[QPixmap, QRectF]:
    return drawing, QRectF(drawing.rect())


def _ground(painter: QPainter, facts: Facts, card: Card, look: Theme) -> None:
    fill = theme.mixed(look.color("canvas"), look.color("card"), FADED if facts.bypassed else 1.0)
    if facts.is_block:
        for step in (8, 4):
            painter.setPen(_dashed(look.color("line-strong")) if facts.bypassed else line(look.color("line-strong")))
            painter.setBrush(fill)
            painter.drawRoundedRect(_crisp(card.rect().translated(step, step)), _RADIUS, _RADIUS)
    if not facts.bypassed:
        theme.draw_shadow(painter, card.rect(), _RADIUS, "card")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(card.rect(), _RADIUS, _RADIUS)


def legible(painter: QPainter, role: theme.FontRole) -> QFont:
    """The font of a role, enlarged where the painter's scale would make it smaller than can be read."""
    found = theme.font(role)
    least = TEXT_MIN * theme.current_density() / painter.deviceTransform().m11()
    if found.pixelSize() < least and not theme.is_on_paper():
        found.setPixelSize(round(least))
    return found


def line(color: QColor, width: float = 1.0) -> QPen:
    """A pen that keeps its width in pixels of the look, whatever the zoom; Qt alone would take device pixels.

    On paper it grows with everything else.
    """
    pen = QPen(color, width * theme.current_density())
    pen.setCosmetic(not theme.is_on_paper())
    return pen


def _crisp(rect: QRectF) -> QRectF:
    return rect.adjusted(0.5, 0.5, -0.5, -0.5)


def _dashed(color: QColor, width: float = 1.0) -> QPen:
    found = line(color, width)
    found.setDashPattern([4 / width, 3 / width])
    found.setCapStyle(Qt.PenCapStyle.FlatCap)
    return found


def _border(painter: QPainter, card: Card, color: QColor, *, dashed: bool = False) -> None:
    painter.setPen(_dashed(color) if dashed else line(color))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(_crisp(card.rect()), _RADIUS - 0.5, _RADIUS - 0.5)


def paint_state(painter: QPainter, card: Card, look: Theme, *, selected: bool, hovered: bool, zoom: float) -> None:
    """The ring of a selected card, which keeps its width on the screen, or the bright border under the cursor."""
    if selected:
        width = theme.stroke("selection_ring") / min(zoom, 1.0)
        painter.setPen(QPen(look.color("accent"), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        half = width / 2
        painter.drawRoundedRect(card.rect().adjusted(-half, -half, half, half), _RADIUS + half, _RADIUS + half)
    elif hovered:
        _border(painter, card, look.color("text-3"))


def _header(painter: QPainter, facts: Facts, card: Card, look: Theme, scale: float) -> None:
    top = card.top
    icons.draw_tile(painter, QRectF(8, top + 6, 20, 20), facts.glyph, scale)
    room = QRectF(measures.NAME_LEFT, top, card.width - measures.NAME_LEFT - 8, measures.HEADER)
    if facts.repeat:
        wide = measures.chip_width(facts.repeat)
        chip = QRectF(card.width - 10 - wide, top + 8, wide, 16)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("pressed"))
        painter.drawRoundedRect(chip, 8, 8)
        _text(painter, chip, f"× {facts.repeat}", "shape", look.color("text-2"), Qt.AlignmentFlag.AlignCenter)
        room.setRight(chip.left() - 4)
    badges = [name for name, is_there in (("link", facts.is_shared), ("snowflake", facts.frozen)) if is_there]
    for badge in badges:
        room.setRight(room.right() - 18)
        icons.draw(painter, QRectF(room.right() + 4, top + 9, 14, 14), badge, "text-3", scale)
    _text(painter, room, facts.name, "strong", look.color("text"))


def _text(
    painter: QPainter, room: QRectF, text: str, role: theme.FontRole, color: QColor, flags: Qt.AlignmentFlag = _LEFT
) -> None:
    font = legible(painter, role)
    painter.setFont(font)
    painter.setPen(color)
    metrics = QFontMetricsF(font)
    text = measures.fitting(text, metrics, room.width() + 1)
    painter.drawText(room, flags, metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width() + 1))


def _rows(painter: QPainter, facts: Facts, card: Card, look: Theme) -> None:
    for ports, flags in ((facts.inputs, _LEFT), (facts.outputs, _RIGHT)):
        for index, port in enumerate(ports):
            room = measures.port_row(index, card.width)
            _text(painter, room, port.name, "caption", look.color("text-2"), flags)


def paint_well(painter: QPainter, room: QRectF, look: Theme) -> None:
    """The empty ground of a live picture."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color("well"))
    painter.drawRoundedRect(room, 4, 4)


def paint_ice(painter: QPainter, room: QRectF, look: Theme) -> None:
    """The dashed upper edge of a well whose weights stay as they are."""
    painter.fillRect(QRectF(room.left(), room.top(), room.width(), 4), look.color("well"))
    pen = QPen(look.color("accent"), 2)
    pen.setDashPattern([2, 1.2])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawLine(room.topLeft() + QPointF(4, 1), room.topRight() + QPointF(-4, 1))
    painter.setPen(Qt.PenStyle.NoPen)


def _expected(painter: QPainter, facts: Facts, room: QRectF, look: Theme) -> None:
    """Where maps will come, quietly, until they do."""
    sizes = [size for size in facts.well or () if isinstance(size, int)]
    if len(sizes) != 3:
        return
    count, rows, columns = min(sizes[0], previews.CARD_MAPS), sizes[1], sizes[2]
    layout = previews.mosaic(count, rows, columns, int(room.width()), int(room.height()), previews.GAP)
    wide, high = (size * layout.scale if layout.scale else size / layout.shrink for size in (columns, rows))
    left = room.center().x() - (layout.columns * (wide + previews.GAP) - previews.GAP) / 2
    top = room.center().y() - (layout.rows * (high + previews.GAP) - previews.GAP) / 2
    painter.setBrush(look.color("line", 0.5))
    for index in range(count):
        down, across = divmod(index, layout.columns)
        spot = QPointF(left + across * (wide + previews.GAP), top + down * (high + previews.GAP))
        painter.drawRect(QRectF(spot, QSizeF(wide, high)))


def _bottom(card: Card) -> QPainterPath:
    """The strip's area with the card's round bottom corners, if it reaches down there."""
    strip, rounded, upper = card.strip or QRectF(), QPainterPath(), QPainterPath()
    if strip.bottom() < card.height:
        upper.addRect(strip.adjusted(1, 0, -1, 0))
        return upper
    rounded.addRoundedRect(strip.adjusted(1, 0, -1, -1), 7, 7)
    upper.addRect(strip.adjusted(1, 0, -1, -8))
    return rounded.united(upper)


def _strip(painter: QPainter, facts: Facts, card: Card, look: Theme, scale: float) -> None:
    trouble = facts.trouble
    if trouble is None or card.strip is None or card.message is None:
        return
    painter.fillPath(_bottom(card), look.color(f"{trouble.severity}-soft"))
    icon = "circle-alert" if trouble.severity == "error" else "triangle-alert"
    icons.draw(painter, QRectF(10, card.message.center().y() - 7, 14, 14), icon, trouble.severity, scale)
    font = legible(painter, "caption")
    painter.setFont(font)
    painter.setPen(look.color("text"))
    text = _shortened(trouble.text, QFontMetricsF(font), card.message)
    painter.drawText(card.message, _LEFT | Qt.TextFlag.TextWordWrap, text)
    if card.fix is not None:
        _fix(painter, card.fix, trouble.fix, look, scale)


def _shortened(text: str, metrics: QFontMetricsF, room: QRectF) -> str:
    """A text without the last words that have no room."""
    wrap = Qt.TextFlag.TextWordWrap.value
    while " " in text and metrics.boundingRect(room, wrap, text).height() > room.height() + 1:
        text = text.rstrip("…").rpartition(" ")[0] + "…"
    return text


def _fix(painter: QPainter, room: QRectF, label: str, look: Theme, scale: float) -> None:
    painter.setPen(line(look.color("line-strong")))
    painter.setBrush(look.color("card"))
    painter.drawRoundedRect(_crisp(room), 4, 4)
    font = legible(painter, "caption")
    text = QFontMetricsF(font).elidedText(label, Qt.TextElideMode.ElideRight, room.width() - 34)
    left = room.center().x() - (QFontMetricsF(font).horizontalAdvance(text) + 18) / 2
    icons.draw(painter, QRectF(left, room.top() + 4, 14, 14), "wand-sparkles", "text-2", scale)
    painter.setFont(font)
    painter.setPen(look.color("text"))
    painter.drawText(QRectF(left + 18, room.top(), room.right() - left - 18, room.height()), _LEFT, text)


def paint_footer(painter: QPainter, room: QRectF, text: str, color: QColor) -> None:
    """The words at the bottom of a card."""
    _text(painter, room, text, "shape", color)


def paint_port(painter: QPainter, port: PortFacts, place: QPointF, look: Theme, color: QColor | None = None) -> None:
    """The mark of a port, its shape after what flows through it, with a gap of 1.5 around."""
    tint = color or port_color(port, look)
    painter.setPen(QPen(look.color("card"), 3))
    painter.setBrush(tint)
    _mark(painter, port, place)
    painter.setPen(Qt.PenStyle.NoPen)
    if port.hollow:
        painter.setPen(QPen(tint, 1.5))
        painter.setBrush(look.color("card"))
        painter.drawEllipse(place, 3.25, 3.25)
        return
    _mark(painter, port, place)


def paint_small_port(
    painter: QPainter, port: PortFacts, place: QPointF, look: Theme, zoom: float, token: str | None
) -> None:
    """A port seen from further away, of 6 pixels on the screen at least; `token` is the colour in place of its own."""
    grown = max(1.0, PORT_MIN / (measures.PORT * zoom))
    painter.save()
    painter.translate(place)
    painter.scale(grown, grown)
    paint_port(painter, replace(port, many=False), QPointF(), look, look.color(token) if token else None)
    painter.restore()


def port_color(port: PortFacts, look: Theme) -> QColor:
    """The colour of a port: bright for tensors of decimal numbers, that of its wire for others."""
    return look.color("wire-hover" if port.carries in TENSORS else WIRE_TOKENS[port.carries])


def _mark(painter: QPainter, port: PortFacts, place: QPointF) -> None:
    x, y = place.x(), place.y()
    if is_capsule(port):
        painter.drawRoundedRect(_capsule(port, place, 0), 4, 4)
    elif port.carries == "boolean":
        painter.drawRect(QRectF(x - 3.5, y - 3.5, 7, 7))
    elif port.carries in MARKS:
        steps = ((down, across) if port.down else (across, down) for across, down in MARKS[port.carries])
        painter.drawPolygon(QPolygonF([QPointF(x + across, y + down) for across, down in steps]))
    else:
        painter.drawEllipse(place, 4, 4)


def paint_ring(painter: QPainter, port: PortFacts, place: QPointF, look: Theme, token: str) -> None:
    """A port in its ring: `ok` where a held wire fits, `accent` under the cursor."""
    room = _capsule(port, place, 4) if is_capsule(port) else QRectF(place.x() - 8, place.y() - 8, 16, 16)
    painter.setPen(QPen(look.color(token), 1.5))
    painter.setBrush(look.color(token, 0.16))
    painter.drawRoundedRect(room, 8, 8)
    paint_port(painter, port, place, look)


def _capsule(port: PortFacts, place: QPointF, around: float) -> QRectF:
    """The mark of a tall port with so much around it; it lies along the edge of its card."""
    half, long = measures.PORT / 2 + around, measures.CAPSULE / 2 + around
    across, down = (long, half) if port.down else (half, long)
    return QRectF(place.x() - across, place.y() - down, 2 * across, 2 * down)


def is_capsule(port: PortFacts) -> bool:
    """Whether a port is tall, because it takes many wires."""
    return port.many and port.carries == "float"


def paint_problem_dot(painter: QPainter, corner: QPointF, severity: str, look: Theme, zoom: float) -> None:
    """A dot of 9 screen pixels at the corner of a card that is too small for its strip."""
    painter.setPen(QPen(look.color("canvas"), 1.5 / zoom))
    painter.setBrush(look.color(severity))
    painter.drawEllipse(corner, 4.5 / zoom, 4.5 / zoom)
