"""One node on the canvas: blits its painted card, then its live picture and its state. Ports are painted, not items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen, QPixmap, QPolygonF

from netloom.training.events import Preview, ProbeMode
from netloom.ui import previews, theme
from netloom.ui.canvas import card_painter
from netloom.ui.canvas.card import Card, Side, card
from netloom.ui.canvas.facts import Facts, PortFacts
from netloom.ui.canvas.figure import Figure
from netloom.ui.canvas.pixmap_cache import PixmapCache
from netloom.ui.canvas.wire_path import outward

FULL, COMPACT = 0.70, 0.40
DIMMED = 0.3
CURVE_POINTS = 240
CARD, WARNING, ERROR, HELD = 1.0, 1.4, 1.5, 1.8
"""Heights over the ground: a card that tells a problem lies over others, so that all of it can be read."""
Curve = npt.NDArray[np.floating]


@dataclass
class Style:
    """What all items of one canvas share. While zooming, cards are drawn from the pictures of `settled` zoom.

    `lit` are the cards that are selected or under the cursor.
    """

    look: theme.Theme = field(default_factory=theme.current)
    cache: PixmapCache = field(default_factory=PixmapCache)
    zoom: float = 1.0
    settled: float = 1.0
    mode: ProbeMode = "activations"
    lit: "set[NodeItem]" = field(default_factory=set)

    @property
    def drawn(self) -> float:
        """The zoom for which cards are painted now."""
        near = 0.5 < self.zoom / self.settled < 2
        return self.settled if near else self.zoom


class NodeItem(Figure):
    """The card of one node. Its place is its top left corner."""

    def __init__(self, key: str, facts: Facts, style: Style) -> None:
        super().__init__(style)
        self.key = key
        self.facts = facts
        self.card: Card = card(facts)
        self.selected = False
        self.hovered = False
        self.dimmed = False
        self.rings: Mapping[tuple[Side, int], str] = {}
        self.preview: Preview | None = None
        self.curve: Curve | None = None
        self.live_text = ""
        self._image: tuple[object, float, theme.Theme, QImage] | None = None
        self._outer = self.card.outer()
        self._height = _height(facts)

    def boundingRect(self) -> QRectF:
        """The card with its ports and ring."""
        return self._outer

    def set_facts(self, facts: Facts) -> bool:
        """Show other facts; whether the card's size changed."""
        if facts == self.facts:
            return False
        found = card(facts)
        resized = (found.width, found.height) != (self.card.width, self.card.height)
        self.update()
        self.facts, self.card, self._outer = facts, found, found.outer()
        self._height = _height(facts)
        self.update()
        return resized

    @property
    def tip(self) -> str:
        """The whole comment of the node, of which the card may show a part."""
        return _tip(self.facts.comment)

    def rest(self) -> bool:
        """Be as a new card is: in no hand, and without what a run shows; whether it showed something."""
        was_live = self.preview is not None or self.curve is not None or bool(self.live_text)
        self.selected = self.hovered = self.dimmed = False
        self.rings = {}
        self.preview, self.curve, self.live_text, self._image = None, None, "", None
        self._height = _height(self.facts)
        return was_live

    def lift(self, *, held: bool) -> None:
        """Lie over all other cards while a hand holds it."""
        self.setZValue(HELD if held else _height(self.facts))

    def set_state(
        self, *, selected: bool | None = None, hovered: bool | None = None, dimmed: bool | None = None
    ) -> None:
        """Change one of the states and draw it."""
        self.selected = self.selected if selected is None else selected
        self.hovered = self.hovered if hovered is None else hovered
        self.dimmed = self.dimmed if dimmed is None else dimmed
        (self.style.lit.add if self.selected or self.hovered else self.style.lit.discard)(self)
        self.update()

    def set_rings(self, rings: Mapping[tuple[Side, int], str]) -> None:
        """Put rings around ports, by side and index, with the token of their colour."""
        if rings != self.rings:
            self.rings = rings
            self.update()

    def set_live(self, preview: Preview | None, curve: Curve | None = None, text: str = "") -> None:
        """Show another picture, or a curve with its last value; only well and footer are drawn anew."""
        self.preview, self.curve, self.live_text = preview, curve, text
        for part in (self.card.well, self.card.footer):
            if part is not None:
                self.update(part)

    def ports(self, side: Side) -> Sequence[tuple[PortFacts, QPointF]]:
        """The ports of a side with their places in the scene."""
        facts, places = self._marks(side)
        origin = self.pos()
        return [(port, place + origin) for port, place in zip(facts, places, strict=True)]

    def _marks(self, side: Side) -> tuple[Sequence[PortFacts], Sequence[QPointF]]:
        """The ports of a side, and their places on the card."""
        return (self.facts.inputs, self.card.inputs) if side == "input" else (self.facts.outputs, self.card.outputs)

    def port_place(self, side: Side, name: str) -> QPointF:
        """The place of a port in the scene; that of the side's first port height where the name is unknown."""
        for port, place in self.ports(side):
            if port.name == name:
                return place
        if self.facts.down:
            return self.pos() + QPointF(self.card.width / 2, 0 if side == "input" else self.card.height)
        return self.pos() + QPointF(0 if side == "input" else self.card.width, 16)

    def is_tall(self, name: str) -> bool:
        """Whether an input is drawn tall, so that many wires find room at it."""
        return any(port.name == name and card_painter.is_capsule(port) for port in self.facts.inputs)

    def outward(self, side: Side, name: str, lane: float) -> float:
        """How much further out than it must a wire of a port goes on its way to a lane at this height or distance."""
        ports = self.ports(side)
        for index, (port, place) in enumerate(ports):
            if port.name == name:
                return outward(index, len(ports), is_above=lane < (place.x() if port.down else place.y()))
        return 0.0

    def scene_card(self) -> QRectF:
        """The card in the scene."""
        return self.card.rect().translated(self.pos())

    def paint(self, painter: QPainter) -> None:
        """Blit the card, then what changes often."""
        if self.dimmed:
            painter.setOpacity(DIMMED)
        self._blit(painter)
        zoom, strength = self.style.zoom, painter.opacity()
        painter.setOpacity(strength * (card_painter.FADED if self.facts.bypassed else 1.0))
        if self.card.well is not None and (self.preview is not None or self.curve is not None):
            self._paint_live(painter, self.card.well)
            if self.facts.frozen:
                card_painter.paint_ice(painter, self.card.well, self.style.look)
        if self.live_text and self.card.footer is not None and zoom >= FULL:
            card_painter.paint_footer(painter, self.card.footer, self.live_text, self.style.look.color("text"))
        painter.setOpacity(strength)
        card_painter.paint_state(
            painter, self.card, self.style.look, selected=self.selected, hovered=self.hovered, zoom=zoom
        )
        if zoom >= FULL:
            self._paint_rings(painter)
            return
        if self.facts.trouble is not None:
            corner = QPointF(self.card.width, 0)
            card_painter.paint_problem_dot(painter, corner, self.facts.trouble.severity, self.style.look, zoom)
        self._paint_small_ports(painter, zoom)

    def _blit(self, painter: QPainter) -> None:
        density = theme.current_density()
        picture = self._picture(self.style.drawn, density)
        picture.setDevicePixelRatio(density)
        if self._is_lagging:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(self._outer, picture, QRectF(picture.rect()))
            return
        transform = painter.worldTransform()
        painter.resetTransform()
        painter.drawPixmap(_whole(transform.map(self._outer.topLeft())), picture)
        painter.setWorldTransform(transform)

    @property
    def _is_lagging(self) -> bool:
        """Whether pictures of another zoom are stretched for a moment."""
        return self.style.drawn != self.style.zoom

    def _picture(self, zoom: float, density: float) -> QPixmap:
        look, facts, measures = self.style.look, self.facts, self.card
        scale = zoom * density

        def paint(painter: QPainter) -> None:
            if zoom >= FULL:
                card_painter.paint_full(painter, facts, measures, look, scale)
            else:
                card_painter.paint_compact(painter, facts, measures, look, scale, zoom)

        return self.style.cache.get((facts, round(scale, 4), look.name), self._outer, scale, paint)

    def _paint_live(self, painter: QPainter, well: QRectF) -> None:
        if self.curve is not None:
            self.paint_curve(painter, well.adjusted(4, 4, -4, -4), self.curve)
        elif self.preview is not None:
            card_painter.paint_well(painter, well, self.style.look)
            self._blit_live(painter, well, self._live_image(self.preview, well))

    def _blit_live(self, painter: QPainter, well: QRectF, image: QImage) -> None:
        """Draw the picture pixel by pixel, so that each value stays a sharp square."""
        if self._is_lagging:
            painter.drawImage(well, image, QRectF(image.rect()))
            return
        image.setDevicePixelRatio(theme.current_density())
        transform = painter.worldTransform()
        painter.resetTransform()
        painter.drawImage(_whole(transform.map(well.topLeft())), image)
        painter.setWorldTransform(transform)

    def _live_image(self, preview: Preview, well: QRectF) -> QImage:
        scale, look = self.style.drawn * theme.current_density(), self.style.look
        kept = self._image
        if kept is None or kept[0] is not preview or kept[1] != scale or kept[2] is not look:
            size = int(well.width()), int(well.height())
            drawn = previews.image(preview, look, *size, scale, mode=self.style.mode)
            kept = self._image = (preview, scale, look, drawn)
        return kept[3]

    def paint_curve(self, painter: QPainter, room: QRectF, values: Curve) -> None:
        """Draw how a loss, a metric or a rate went."""
        line = curve_line(values, room)
        colour = {"metric": self.style.look.plot(1), "optimizer": self.style.look.color("text-3")}
        painter.setPen(QPen(colour.get(self.facts.category, self.style.look.plot(0)), theme.stroke("curve_smooth")))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(line)

    def _paint_rings(self, painter: QPainter) -> None:
        for (side, index), token in self.rings.items():
            facts, places = self._marks(side)
            card_painter.paint_ring(painter, facts[index], places[index], self.style.look, token)

    def _paint_small_ports(self, painter: QPainter, zoom: float) -> None:
        """From further away ports are seen where the hand is, and where a held wire fits."""
        if not (self.hovered or self.rings):
            return
        sides: tuple[Side, Side] = ("input", "output")
        for side in sides:
            facts, places = self._marks(side)
            for index, (port, place) in enumerate(zip(facts, places, strict=True)):
                token = self.rings.get((side, index))
                if self.hovered or token:
                    card_painter.paint_small_port(painter, port, place, self.style.look, zoom, token)


def _tip(comment: str) -> str:
    """A comment as a tip: Qt breaks the lines of rich text only, and would take marks in plain text for such."""
    return "<br>".join(("<p>" + escape(comment) + "</p>").splitlines()) if comment else ""


def _height(facts: Facts) -> float:
    if facts.trouble is None:
        return CARD
    return ERROR if facts.trouble.severity == "error" else WARNING


def _whole(place: QPointF) -> QPointF:
    """The nearest whole pixel."""
    return QPointF(round(place.x()), round(place.y()))


def curve_line(values: Curve, room: QRectF) -> QPolygonF:
    """A curve that fills the room, its least finite value at the bottom; at most 240 points."""
    finite = values[np.isfinite(values)]
    if finite.size == 0:
        return QPolygonF()
    if finite.size > CURVE_POINTS:
        finite = finite[np.linspace(0, finite.size - 1, CURVE_POINTS).astype(int)]
    low, high = float(finite.min()), float(finite.max())
    shares = (finite - low) / (high - low) if high > low else np.full(finite.size, 0.5)
    across = np.linspace(room.left(), room.right(), finite.size)
    down = room.bottom() - shares * room.height()
    return QPolygonF([QPointF(x, y) for x, y in zip(across.tolist(), down.tolist(), strict=True)])
