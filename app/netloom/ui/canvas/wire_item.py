"""One wire on the canvas: its path, and above it the shape that flows."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen

from netloom.graph import Point, Wire
from netloom.ui import theme
from netloom.ui.canvas.card import screen_font
from netloom.ui.canvas.card_painter import TENSORS, WIRE_TOKENS, legible, line
from netloom.ui.canvas.facts import Carried
from netloom.ui.canvas.figure import Figure
from netloom.ui.canvas.ground import Box, united
from netloom.ui.canvas.node_item import DIMMED, FULL, Style
from netloom.ui.canvas.wire_path import LONG, Route, lines

HIT = 12.0
DETAILS_HEIGHT = 20.0
HALO = 24.0
NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
DOT, DOT_HOVERED, DOT_LEAST = 4.0, 5.5, 3.5
"""The radius of a dot with its gap in scene units, and the least in pixels of the screen."""


class WireItem(Figure):
    """The drawing of one wire. `label` stands at `spot` where there is room, `details` when the cursor is on it.

    A twin comes from the same output as another wire whose label stands at the same place: it shows none.
    """

    def __init__(self, wire: Wire, way: Route, style: Style) -> None:
        super().__init__(style)
        self.wire = wire
        self.way = way
        self.carries: Carried = "float"
        self.label = ""
        self.details = ""
        self.selected = False
        self.hovered = False
        self.dimmed = False
        self.doomed = False
        self.is_twin = False
        self.picked: frozenset[Point] = frozenset()
        self._lit: QPointF | None = None
        self.spot: QPointF | None = None
        self._letters = 0
        self._boxes: Sequence[Box] = ()
        self._bounds = _bounds(way)
        self._rooms: Sequence[QRectF] = ()

    def boundingRect(self) -> QRectF:
        """The path with its label."""
        return self._bounds

    def rooms(self) -> Sequence[QRectF]:
        """What is around each line of a way along a lane, and around its label."""
        if not self.way.along_lane:
            return (self._bounds,)
        self._rooms = self._rooms or (*map(_around, pairwise(self.way.points)), self._label_room())
        return self._rooms

    def reaches(self, area: QRectF) -> bool:
        """Whether the wire may paint in an area that what is around all of it touches."""
        return not self.way.along_lane or any(room.intersects(area) for room in self.rooms())

    def _label_room(self) -> QRectF:
        return _room(self.spot or self.way.label)

    def shape(self) -> QPainterPath:
        """What the cursor can take hold of."""
        stroker = QPainterPathStroker()
        stroker.setWidth(HIT)
        return stroker.createStroke(self.way.path)

    def set_way(self, way: Route) -> None:
        """Lead along another path."""
        self.update()
        self.way = way
        self.spot = None
        self._boxes = self._rooms = ()
        self._bounds = _bounds(way)
        self.update()

    def place_label(self, spot: QPointF | None, letters: int) -> None:
        """Let the label stand somewhere, in letters of this size; None leaves it out."""
        if (spot, letters) != (self.spot, self._letters):
            self.update(self._label_room())
            self.carry_label(spot, letters)
            self.update(self._label_room())

    def carry_label(self, spot: QPointF | None, letters: int) -> None:
        """Let the label stand somewhere when the wire is painted the next time."""
        self.spot, self._letters, self._rooms = spot, letters, ()

    def pick(self, places: frozenset[Point]) -> None:
        """Mark the dots at these places as selected."""
        if places != self.picked:
            self.picked = places
            self.update()

    def dot_at(self, place: QPointF, reach: float) -> QPointF | None:
        """The dot within reach of a place, the nearest of them."""
        near = min(self.way.dots, key=lambda dot: (dot - place).manhattanLength(), default=None)
        return near if near is not None and (near - place).manhattanLength() <= reach else None

    def light(self, dot: QPointF | None) -> None:
        """Make a dot larger, because the cursor is on it."""
        if dot != self._lit:
            self._lit = dot
            self.update()

    def crosses(self, area: QRectF) -> bool:
        """Whether the line comes into an area."""
        left, top, right, bottom = area.left(), area.top(), area.right(), area.bottom()
        whole, *pieces = self._boxes = self._boxes or _boxes(self.way)
        if whole[0] >= right or left >= whole[2] or whole[1] >= bottom or top >= whole[3]:
            return False
        return any(box[0] < right and left < box[2] and box[1] < bottom and top < box[3] for box in pieces)

    def set_flow(self, carries: Carried, label: str, details: str) -> None:
        """Say what flows."""
        if (carries, label, details) != (self.carries, self.label, self.details):
            self.carries, self.label, self.details = carries, label, details
            self.update()

    def set_state(
        self,
        *,
        selected: bool | None = None,
        hovered: bool | None = None,
        dimmed: bool | None = None,
        doomed: bool | None = None,
    ) -> None:
        """Change one of the states and draw it. A doomed wire goes when the button does."""
        self.selected = self.selected if selected is None else selected
        self.hovered = self.hovered if hovered is None else hovered
        self.dimmed = self.dimmed if dimmed is None else dimmed
        self.doomed = self.doomed if doomed is None else doomed
        self._lit = self._lit if self.hovered else None
        self.setZValue(2 if self.hovered else 0.5 if self.selected else 0)
        self.update()

    def rest(self) -> None:
        """Be as a new wire is: in no hand."""
        self.selected = self.hovered = self.dimmed = self.doomed = False
        self.picked, self._lit = frozenset(), None
        self._height, self._is_visible = 0.0, True

    def paint(self, painter: QPainter) -> None:
        """Draw the line, then its words."""
        if self.dimmed:
            painter.setOpacity(DIMMED)
        zoom = self.style.zoom
        painter.setPen(self._pen(zoom))
        painter.drawPath(self.way.path)
        self._paint_dots(painter, zoom)
        if zoom >= FULL and self.label:
            self._paint_label(painter)

    def _pen(self, zoom: float) -> QPen:
        is_thick = self.selected or self.doomed
        width = theme.stroke("wire_selected" if is_thick else "wire_hover" if self.hovered else "wire")
        pen = line(self._color(), width) if zoom < 1 else QPen(self._color(), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        return dashed(pen) if self.doomed else pen

    def _color(self) -> QColor:
        if self.doomed:
            return self.style.look.color("error")
        if self.selected:
            return self.style.look.color("accent")
        if self.hovered and self.carries in TENSORS:
            return self.style.look.color("wire-hover")
        return self.style.look.color(WIRE_TOKENS[self.carries])

    def _paint_dots(self, painter: QPainter, zoom: float) -> None:
        """The dots in the wire's colour, each on a gap of the ground so that it stands out where wires lie close."""
        look = self.style.look
        for dot in self.way.dots:
            is_picked = (dot.x(), dot.y()) in self.picked
            grown = DOT_HOVERED if is_picked or dot == self._lit else DOT
            radius = max(grown, DOT_LEAST * grown / DOT / zoom)
            painter.setPen(QPen(look.color("canvas"), 1.5))
            painter.setBrush(look.color("accent") if is_picked else self._color())
            painter.drawEllipse(dot, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_label(self, painter: QPainter) -> None:
        if self.hovered:
            self._paint_details(painter)
        elif self.spot is not None:
            painter.setFont(screen_font("shape", self._letters))
            painter.setPen(self.style.look.color("text-2" if self.carries in TENSORS else WIRE_TOKENS[self.carries]))
            painter.drawText(_room(self.spot), Qt.AlignmentFlag.AlignCenter, self.label)

    def _paint_details(self, painter: QPainter) -> None:
        """What flows, all of it, in a frame over everything else."""
        font, look, middle = legible(painter, "shape"), self.style.look, self.spot or self.way.label
        wide, high = QFontMetricsF(font).horizontalAdvance(self.details) + 16, DETAILS_HEIGHT
        room = QRectF(middle.x() - wide / 2, middle.y() - high / 2 - 2, wide, high)
        painter.setPen(line(look.color("line-strong")))
        painter.setBrush(look.color("overlay"))
        painter.drawRoundedRect(room, 4, 4)
        painter.setFont(font)
        painter.setPen(look.color("text"))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.details)


def _boxes(way: Route) -> Sequence[Box]:
    """The box around a line, then those around its straight pieces, each with a unit around it."""
    pieces = [_box(start, end) for start, end in lines(way.path)]
    whole = united(pieces)
    return [whole, *pieces] if whole else [NOWHERE]


def _box(start: QPointF, end: QPointF) -> Box:
    one, other, high, low = start.x(), end.x(), start.y(), end.y()
    return (min(one, other) - 1, min(high, low) - 1, max(one, other) + 1, max(high, low) + 1)


def _room(label: QPointF) -> QRectF:
    """What a label may take up, by its middle."""
    return QRectF(label.x() - LONG, label.y() - HALO, 2 * LONG, 2 * HALO)


def _around(ends: tuple[QPointF, QPointF]) -> QRectF:
    return QRectF(*ends).normalized().adjusted(-HIT, -HIT, HIT, HIT)


def _bounds(way: Route) -> QRectF:
    aside = LONG if way.is_down else HIT
    return way.path.boundingRect().adjusted(-aside, -HALO, aside, HALO).united(_room(way.label))


def dashed(pen: QPen) -> QPen:
    """A pen with dashes of 4 and gaps of 4."""
    pen.setDashPattern([4 / pen.widthF(), 4 / pen.widthF()])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def paint_held(painter: QPainter, path: QPainterPath, look: theme.Theme, *, fits: bool, carries: Carried) -> None:
    """A wire in the hand: plain while it fits, dashed in the colour of errors where it does not."""
    pen = QPen(look.color("wire-hover" if carries in TENSORS else WIRE_TOKENS[carries]), theme.stroke("wire_hover"))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    if not fits:
        pen.setColor(look.color("error"))
    painter.setPen(pen if fits else dashed(pen))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def held_path(start: QPointF, end: QPointF, *, is_down: bool = False) -> QPainterPath:
    """The path of a wire in the hand, from an output to an input."""
    step = end - start
    reach = min(max(abs(step.y() if is_down else step.x()) / 2, 16.0), 120.0)
    out = QPointF(0, reach) if is_down else QPointF(reach, 0)
    path = QPainterPath(start)
    path.cubicTo(start + out, end - out, end)
    return path
