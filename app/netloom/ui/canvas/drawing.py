"""What a canvas shows, drawn once more for a file: without selection and hover, in a theme of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from netloom.graph import Slot
from netloom.ui import previews, theme
from netloom.ui.canvas import card_painter
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.ground import Box, Ground
from netloom.ui.canvas.labels import Labels
from netloom.ui.canvas.node_item import NodeItem, Style
from netloom.ui.canvas.remark_item import RemarkItem
from netloom.ui.canvas.remark_painter import paint as paint_remark
from netloom.ui.canvas.wire_item import WireItem

MARGIN = 24.0
PICTURE_SCALE = 4.0
"""Pixels that a live picture has for each scene unit; a file may be looked at from near."""
TILE = 1000.0
"""Scene units of a part of the drawing in which labels are placed at a time."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of a level is drawn: all of it, or some nodes, frames and notes with the wires between them."""

    nodes: frozenset[str] | None = None
    remarks: frozenset[str] = frozenset()

    def holds(self, key: str) -> bool:
        """Whether a node is drawn."""
        return self.nodes is None or key in self.nodes

    def holds_remark(self, key: str) -> bool:
        """Whether a frame or note is drawn."""
        return self.nodes is None or key in self.remarks


class Drawing:
    """A copy of the items of a scene, made and painted step by step, because a level may hold ten thousand."""

    def __init__(self, shown: GraphScene, part: Part | None = None) -> None:
        self._shown = shown
        self._part = part or Part()
        self.room = self._room()

    def _nodes(self) -> list[NodeItem]:
        return [item for key, item in self._shown.nodes.items() if self._part.holds(key)]

    def _wires(self) -> list[WireItem]:
        ends = ((item, item.wire) for item in self._shown.wires.values())
        return [item for item, wire in ends if self._part.holds(wire.source) and self._part.holds(wire.target)]

    def _remarks(self) -> list[RemarkItem]:
        return [item for key, item in self._shown.remarks.items() if self._part.holds_remark(key)]

    def _room(self) -> QRectF:
        """What the drawing takes up, on whole units; empty where there is nothing."""
        found = QRectF()
        for card in self._nodes():
            found |= card.boundingRect().translated(card.pos())
        for wire in self._wires():
            found |= wire.way.path.boundingRect()
        for remark in self._remarks():
            found |= remark.scene_area()
        return QRectF() if found.isEmpty() else QRectF(found.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN).toAlignedRect())

    @property
    def size(self) -> int:
        """How many steps there are at most."""
        return len(self._nodes()) + len(self._wires()) + len(self._remarks())

    def steps(self, painter: QPainter, name: theme.Name) -> Iterator[None]:
        """Paint a little at each step, in a theme; between steps the window may do something else."""
        style = Style(look=theme.load(name), mode=self._shown.style_.mode)
        for remark in sorted(self._remarks(), key=RemarkItem.zValue):
            with theme.on_paper(name):
                _paint_remark(painter, remark, style.look)
            yield
        paper = _Paper(style)
        yield from self._copied(paper, style)
        for tile in paper.tiles():
            with theme.on_paper(name):
                Labels(paper).judge(tile, 1.0)
            yield
        items: list[WireItem | NodeItem] = [*paper.wires.values()]
        items += sorted(paper.nodes.values(), key=NodeItem.zValue)
        for item in items:
            with theme.on_paper(name):
                _paint(painter, item)
            yield

    def _copied(self, paper: "_Paper", style: Style) -> Iterator[None]:
        for item in self._nodes():
            copy = NodeItem(item.key, item.facts, style)
            copy.preview, copy.curve, copy.live_text = item.preview, item.curve, item.live_text
            copy.setPos(item.x(), item.y())
            paper.take_card(copy)
            yield
        for wire in self._wires():
            line = WireItem(wire.wire, wire.way, style)
            line.set_flow(wire.carries, wire.label, wire.details)
            line.is_twin = wire.is_twin
            paper.take_wire(line)
            yield


class _Paper(GraphScene):
    """The copies and where they are. Labels are placed tile by tile: those of the wires whose middle lies there."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._cards: Ground[str] = Ground()
        self._lines: Ground[Slot] = Ground()
        self._tiles: dict[tuple[int, int], list[WireItem]] = {}

    def take_card(self, item: NodeItem) -> None:
        self.nodes[item.key] = item
        self._cards.put(item.key, _box(item.scene_card()))

    def take_wire(self, item: WireItem) -> None:
        self.wires[item.wire.key] = item
        self._lines.put(item.wire.key, _box(item.boundingRect()))
        middle = item.way.label
        self._tiles.setdefault((int(middle.x() // TILE), int(middle.y() // TILE)), []).append(item)

    def tiles(self) -> list[QRectF]:
        """The areas in which labels stand."""
        return [_tile(spot) for spot in self._tiles]

    def wires_in(self, area: QRectF) -> list[WireItem]:
        """The wires in an area; of a whole tile those whose labels it holds."""
        spot = (round(area.x() / TILE), round(area.y() / TILE))
        if area == _tile(spot):
            return self._tiles.get(spot, [])
        return [self.wires[slot] for slot in self._lines.touching(_box(area))]

    def is_free(self, area: QRectF) -> bool:
        """Whether no card is there."""
        return next(self._cards.touching(_box(area)), None) is None


def _tile(spot: tuple[int, int]) -> QRectF:
    return QRectF(spot[0] * TILE, spot[1] * TILE, TILE, TILE)


def _box(room: QRectF) -> Box:
    return room.left(), room.top(), room.right(), room.bottom()


def _paint(painter: QPainter, item: WireItem | NodeItem) -> None:
    painter.save()
    painter.translate(item.pos())
    if isinstance(item, NodeItem):
        _paint_card(painter, item)
    else:
        item.paint(painter)
    painter.restore()


def _paint_card(painter: QPainter, item: NodeItem) -> None:
    """The card itself, where the screen has a picture of it, and what a run shows on it."""
    look, well, footer = item.style.look, item.card.well, item.card.footer
    card_painter.paint_full(painter, item.facts, item.card, look, PICTURE_SCALE)
    if well is not None and item.curve is not None:
        item.paint_curve(painter, well.adjusted(4, 4, -4, -4), item.curve)
    elif well is not None and item.preview is not None:
        size = int(well.width()), int(well.height())
        card_painter.paint_well(painter, well, look)
        picture = previews.image(item.preview, look, *size, PICTURE_SCALE, mode=item.style.mode)
        picture.setDevicePixelRatio(1.0)
        painter.drawImage(well, picture, QRectF(picture.rect()))
    if item.live_text and footer is not None:
        card_painter.paint_footer(painter, footer, item.live_text, look.color("text"))


def _paint_remark(painter: QPainter, item: RemarkItem, look: theme.Theme) -> None:
    paint_remark(painter, item.remark, item.scene_area(), look, 1.0, selected=False, hovered=False)
