"""The graph from far away, drawn in a few batches from lists kept ready."""

from collections.abc import Iterable
from itertools import chain, pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

from netloom.graph import Slot
from netloom.ui import icons, theme
from netloom.ui.canvas import card_painter
from netloom.ui.canvas.card_painter import WIRE_TOKENS
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.node_item import NodeItem
from netloom.ui.canvas.remark_item import RemarkItem, paint_far
from netloom.ui.theme import Theme

BLOCK = 0.25
BAR = 3.0
FEW = 400
GLYPH = 14


class Overview:
    """Lists of lines and rectangles of one scene, gathered when it has changed and something is to be drawn."""

    def __init__(self, scene: GraphScene) -> None:
        self._scene = scene
        self._is_fresh = False
        self._moved: set[str] = set()
        self._lines: dict[str, dict[Slot, list[QLineF]]] = {}
        self._cards: dict[str, dict[str, QRectF]] = {}
        scene.drawing_changed.connect(self.invalidate)

    def invalidate(self, moved: Iterable[str] | None) -> None:
        """Gather anew before the next drawing: these nodes with their wires, or everything."""
        if moved is None:
            self._is_fresh = False
        else:
            self._moved.update(moved)

    def paint(self, painter: QPainter, look: Theme, zoom: float, area: QRectF) -> None:
        """Draw frames and notes, wires, cards, then rings and problem dots; `painter` draws in scene units."""
        self._gather()
        for item in sorted(self._scene.remarks.values(), key=RemarkItem.zValue):
            if item.sceneBoundingRect().intersects(area):
                paint_far(painter, item, look, zoom)
        self._paint_wires(painter, look, zoom)
        if zoom >= BLOCK:
            self._paint_blocks(painter, look, zoom, area)
        else:
            self._paint_map(painter, look)
        self._paint_marks(painter, look, zoom)

    def _gather(self) -> None:
        if not self._is_fresh:
            self._lines, self._cards = {}, {}
            self._take(self._scene.nodes, self._scene.wires)
        elif self._moved:
            graph = self._scene.graph
            moved = [key for key in self._moved if key in self._scene.nodes]
            self._take(moved, [wire.key for key in moved for wire in (*graph.into(key), *graph.out_of(key))])
        self._moved.clear()
        self._is_fresh = True

    def _take(self, nodes: Iterable[str], wires: Iterable[Slot]) -> None:
        for key in nodes:
            item = self._scene.nodes[key]
            self._cards.setdefault(item.facts.category, {})[key] = item.scene_card()
        for slot in wires:
            wire = self._scene.wires[slot]
            points = wire.way.points
            lines = [QLineF(start, end) for start, end in pairwise(points)]
            self._lines.setdefault(WIRE_TOKENS[wire.carries], {})[slot] = lines

    def _paint_wires(self, painter: QPainter, look: Theme, zoom: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, zoom >= BLOCK)
        for token, lines in self._lines.items():
            painter.setPen(card_painter.line(look.color(token), 1.25 if zoom >= BLOCK else 1.0))
            painter.drawLines(list(chain.from_iterable(lines.values())))

    def _paint_map(self, painter: QPainter, look: Theme) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        is_small = len(self._scene.nodes) <= FEW
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_small)
        for category, cards in self._cards.items():
            painter.setBrush(look.category(category))
            if is_small:
                for card in cards.values():
                    painter.drawRoundedRect(card, 8, 8)
            else:
                painter.drawRects(list(cards.values()))

    def _paint_blocks(self, painter: QPainter, look: Theme, zoom: float, area: QRectF) -> None:
        """Cards with a bar in the category's colour at their left and its glyph in the middle."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(self._scene.nodes) <= FEW)
        painter.setPen(card_painter.line(look.color("line-strong"), 1.0))
        painter.setBrush(look.color("card"))
        for cards in self._cards.values():
            painter.drawRects(list(cards.values()))
        painter.setPen(Qt.PenStyle.NoPen)
        bar = BAR / zoom
        for category, cards in self._cards.items():
            painter.setBrush(look.category(category))
            painter.drawRects([QRectF(card.left(), card.top(), bar, card.height()) for card in cards.values()])
        density = theme.current_density()
        for category, cards in self._cards.items():
            middles = [card.center() for card in cards.values() if area.intersects(card)]
            _stamp(painter, icons.glyph(category, GLYPH, density=density), middles, 1 / (zoom * density))

    def _paint_marks(self, painter: QPainter, look: Theme, zoom: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for item in self._scene.nodes.values():
            facts = item.facts
            if item.selected or item.hovered or facts.bypassed or facts.trouble is not None:
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


def _stamp(painter: QPainter, drawing: QPixmap, middles: Iterable[QPointF], scale: float) -> None:
    source, size = QRectF(drawing.rect()), drawing.width() * scale
    for middle in middles:
        painter.drawPixmap(QRectF(middle.x() - size / 2, middle.y() - size / 2, size, size), drawing, source)
