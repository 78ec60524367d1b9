"""The graph from far away, drawn in a few batches from lists kept ready."""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain, pairwise
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from PySide6.QtCore import QLineF, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap, QRegion, QTransform

from netloom.layers.spec import Category
from netloom.ui import icons, theme
from netloom.ui.canvas import card_painter
from netloom.ui.canvas.card_painter import WIRE_TOKENS
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.node_item import NodeItem
from netloom.ui.canvas.remark_item import RemarkItem, paint_far
from netloom.ui.theme import Theme

if TYPE_CHECKING:
    from netloom.ui.canvas.viewport import Viewport

BLOCK = 0.25
BAR = 3.0
FEW = 400
GLYPH = 14
AROUND = 128
"""Pixels that the picture is larger than the view on each side."""
FAR = 400.0
"""Scene units around a card for its ring and dot from far away."""
T = TypeVar("T")
Lines: TypeAlias = Mapping[str, Mapping[str, list[QLineF]]]
Cards: TypeAlias = Mapping[Category, Mapping[str, QRectF]]


class Overview:
    """Lists of lines and rectangles of one scene, gathered anew for what has changed when something is to be drawn.

    They are painted into a picture that is larger than the view, so that panning and dragging blit it. Cards that are
    on their way are lifted off the picture with their wires, and painted over it.
    """

    def __init__(self, scene: GraphScene) -> None:
        self._scene = scene
        self._stale: set[str] | None = None
        self._lifted: set[str] = set()
        self._lines: dict[str, dict[str, list[QLineF]]] = {}
        self._cards: dict[Category, dict[str, QRectF]] = {}
        self._marked: set[str] = set()
        self._picture: QPixmap | None = None
        self._painted: tuple[object, ...] = ()
        self._origin = QPoint()
        scene.drawing_changed.connect(self._forget)
        scene.cards_moved.connect(self._lift)

    def _forget(self, changed: Collection[str] | None) -> None:
        """Gather anew before the next drawing: these nodes with the wires into them, or everything."""
        self._picture = None
        self._lifted.clear()
        if changed is None:
            self._stale = None
        elif self._stale is not None:
            self._stale.update(changed)

    def _lift(self, moved: Collection[str]) -> None:
        """Paint these over the picture from now on; the wires out of them are among those into others."""
        graph = self._scene.graph
        found = {*moved, *(wire.target for key in moved for wire in graph.out_of(key))}
        if not found <= self._lifted:
            self._lifted |= found
            self._picture = None
        if self._stale is not None:
            self._stale |= found

    def paint(self, painter: QPainter, view: "Viewport", region: QRegion) -> None:
        """Draw ground, frames and notes, wires, cards, then rings and problem dots."""
        self._gather()
        picture, shift = self._picture_for(view)
        part = region.boundingRect()
        painter.drawPixmap(part, picture, _inside(picture, part.translated(-shift)))
        painter.setWorldTransform(view.viewportTransform())
        look, zoom = view.look.look, view.zoom
        area = view.mapToScene(region.boundingRect()).boundingRect()
        if self._lifted:
            lines = {token: _only(each, self._lifted) for token, each in self._lines.items()}
            cards = {kind: _only(each, self._lifted) for kind, each in self._cards.items()}
            self._paint_graph(painter, look, zoom, area, lines, cards)
        self._paint_marks(painter, look, zoom, area)

    def _picture_for(self, view: "Viewport") -> tuple[QPixmap, QPoint]:
        """The picture, and how far the view has moved since; it is painted anew where it does not reach."""
        density, at = theme.current_density(), view.viewportTransform().map(QPointF()).toPoint()
        remarks = tuple((each.remark, each.pos(), each.selected, each.hovered) for each in self._scene.remarks.values())
        wanted = (view.zoom, view.look.look.name, density, view.viewport().size(), remarks)
        shift = at - self._origin
        is_near = max(abs(shift.x()), abs(shift.y())) <= AROUND
        if self._picture is not None and wanted == self._painted and is_near:
            return self._picture, shift
        self._painted, self._origin = wanted, at
        self._picture = self._drawn(view, density)
        return self._picture, QPoint()

    def _drawn(self, view: "Viewport", density: float) -> QPixmap:
        size = view.viewport().size() + QSize(2 * AROUND, 2 * AROUND)
        picture = QPixmap(size * density)
        picture.setDevicePixelRatio(density)
        picture.fill(view.look.look.color("canvas"))
        painter = QPainter(picture)
        margin = QTransform.fromTranslate(AROUND, AROUND)
        painter.setWorldTransform(view.viewportTransform() * margin)
        area = painter.worldTransform().inverted()[0].mapRect(QRectF(QPointF(), size))
        view.drawBackground(painter, area)
        look, zoom = view.look.look, view.zoom
        for item in sorted(self._scene.remarks.values(), key=RemarkItem.zValue):
            if item.sceneBoundingRect().intersects(area):
                paint_far(painter, item, look, zoom)
        lines = {token: _without(each, self._lifted) for token, each in self._lines.items()}
        cards = {kind: _without(each, self._lifted) for kind, each in self._cards.items()}
        self._paint_graph(painter, look, zoom, area, lines, cards)
        painter.end()
        return picture

    def _paint_graph(
        self, painter: QPainter, look: Theme, zoom: float, area: QRectF, lines: Lines, cards: Cards
    ) -> None:
        _paint_wires(painter, look, zoom, lines)
        if zoom >= BLOCK:
            self._paint_blocks(painter, look, zoom, area, cards)
        else:
            self._paint_map(painter, look, cards)

    def _gather(self) -> None:
        if self._stale is None:
            self._lines, self._cards = {}, {}
            self._marked.clear()
            self._take(self._scene.nodes)
        elif self._stale:
            for lines in self._lines.values():
                _drop(lines, self._stale)
            for cards in self._cards.values():
                _drop(cards, self._stale)
            self._marked -= self._stale
            self._take(self._stale & self._scene.nodes.keys())
        self._stale = set()

    def _take(self, keys: Iterable[str]) -> None:
        nodes, wires, graph = self._scene.nodes, self._scene.wires, self._scene.graph
        for key in keys:
            item = nodes[key]
            self._cards.setdefault(item.facts.category, {})[key] = item.scene_card()
            if item.facts.bypassed or item.facts.trouble is not None:
                self._marked.add(key)
            for wire in graph.into(key):
                if wire.key in wires:
                    drawn = wires[wire.key]
                    lines = self._lines.setdefault(WIRE_TOKENS[drawn.carries], {}).setdefault(key, [])
                    lines += [QLineF(start, end) for start, end in pairwise(drawn.way.points)]

    def _paint_map(self, painter: QPainter, look: Theme, found: Cards) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        is_small = len(self._scene.nodes) <= FEW
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_small)
        for category, cards in found.items():
            painter.setBrush(look.category(category))
            if is_small:
                for card in cards.values():
                    painter.drawRoundedRect(card, 8, 8)
            else:
                painter.drawRects(list(cards.values()))

    def _paint_blocks(self, painter: QPainter, look: Theme, zoom: float, area: QRectF, found: Cards) -> None:
        """Cards with a bar in the category's colour at their left and its glyph in the middle."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(self._scene.nodes) <= FEW)
        painter.setPen(card_painter.line(look.color("line-strong"), 1.0))
        painter.setBrush(look.color("card"))
        for cards in found.values():
            painter.drawRects(list(cards.values()))
        painter.setPen(Qt.PenStyle.NoPen)
        bar = BAR / zoom
        for category, cards in found.items():
            painter.setBrush(look.category(category))
            painter.drawRects([QRectF(card.left(), card.top(), bar, card.height()) for card in cards.values()])
        density = theme.current_density()
        for category, cards in found.items():
            middles = [card.center() for card in cards.values() if area.intersects(card)]
            _stamp(painter, icons.glyph(category, GLYPH, density=density), middles, 1 / (zoom * density))

    def _paint_marks(self, painter: QPainter, look: Theme, zoom: float, area: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marked = self._scene.style_.lit | {self._scene.nodes[key] for key in self._marked}
        for item in marked:
            if item.scene_card().intersects(area.adjusted(-FAR, -FAR, FAR, FAR)):
                self._paint_mark(painter, item, look, zoom)

    def _paint_mark(self, painter: QPainter, item: NodeItem, look: Theme, zoom: float) -> None:
        card = item.scene_card()
        if item.facts.bypassed:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("canvas", card_painter.FADED))
            painter.drawRect(card)
        if item.selected or item.hovered:
            painter.setPen(card_painter.line(look.color("accent" if item.selected else "text-3"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            gap = 2 / zoom
            painter.drawRoundedRect(card.adjusted(-gap, -gap, gap, gap), 8, 8)
        if item.facts.trouble is not None:
            card_painter.paint_problem_dot(painter, card.topRight(), item.facts.trouble.severity, look, zoom)


def _paint_wires(painter: QPainter, look: Theme, zoom: float, found: Lines) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, zoom >= BLOCK)
    for token, lines in found.items():
        painter.setPen(card_painter.line(look.color(token), 1.25 if zoom >= BLOCK else 1.0))
        painter.drawLines(list(chain.from_iterable(lines.values())))


def _inside(picture: QPixmap, part: QRect) -> QRect:
    """A part of the view in a picture's own pixels."""
    density, corner = picture.devicePixelRatio(), part.topLeft() + QPoint(AROUND, AROUND)
    return QRect((QPointF(corner) * density).toPoint(), (QSizeF(part.size()) * density).toSize())


def _without(kept: Mapping[str, T], left_out: Collection[str]) -> Mapping[str, T]:
    return {key: each for key, each in kept.items() if key not in left_out} if left_out else kept


def _only(kept: Mapping[str, T], keys: Iterable[str]) -> Mapping[str, T]:
    return {key: kept[key] for key in keys if key in kept}


def _drop(kept: dict[str, T], keys: Iterable[str]) -> None:
    for key in keys:
        kept.pop(key, None)


def _stamp(painter: QPainter, drawing: QPixmap, middles: Iterable[QPointF], scale: float) -> None:
    source, size = QRectF(drawing.rect()), drawing.width() * scale
    for middle in middles:
        painter.drawPixmap(QRectF(middle.x() - size / 2, middle.y() - size / 2, size, size), drawing, source)
