"""What stands where on one canvas, and what of it is to be painted anew."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsScene

from netloom.graph import Document, Slot
from netloom.ui.canvas.card import MARGIN
from netloom.ui.canvas.figure import Figure
from netloom.ui.canvas.ground import Box, Ground, united
from netloom.ui.canvas.node_item import NodeItem, Style
from netloom.ui.canvas.remark_item import RemarkItem
from netloom.ui.canvas.wire_item import HIT, WireItem

MOST_DIFFERING = 500
"""A drawing that differs at more places from the one that was kept is painted anew."""
DOT = 0.01
"""A place in the scene is so large where something is looked for at it."""


class Stage(QGraphicsScene):
    """The figures of a canvas. What a hand moves is `lifted`; `is_stirred` says that something else looks otherwise."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self.style_ = style
        self.nodes: dict[str, NodeItem] = {}
        self.wires: dict[Slot, WireItem] = {}
        self.remarks: dict[str, RemarkItem] = {}
        self.guest: NodeItem | None = None
        self.lifted: set[Figure] = set()
        self.is_stirred = self.is_all_stirred = False
        self.differing: list[QRectF] | None = None
        """Where the drawing is not what it was when it was kept, marks left out; None where that cannot be told."""
        self._is_marking = False
        self.repaint: Callable[[QRectF | None], None] = lambda _area: None
        """Paints an area anew, or everything; given by the view."""
        self.document = Document()
        self.stirred: list[Box] = []
        self._ground: Ground[str] = Ground()
        self._wired: Ground[Slot] = Ground()

    def stir(self, figure: Figure, area: QRectF) -> None:
        """A figure looks otherwise in an area."""
        if self._is_marking:
            return
        if self.differing is not None and not figure.is_over:
            self.differing.append(area)
            if len(self.differing) > MOST_DIFFERING:
                self.differing = None
        if not self.is_all_stirred:
            self.is_stirred = self.is_stirred or not (figure.is_over or figure in self.lifted)
            self.repaint(area)

    def note_way(self, wire: WireItem) -> None:
        """Remember where a wire leads that comes, goes or is led anew; not of one in the hand, at each step of it."""
        if wire not in self.lifted:
            self.stirred += map(box_of, wire.rooms())

    def stir_all(self) -> None:
        """Everything looks otherwise: until it is painted nobody needs to say so again."""
        self.is_stirred = self.is_all_stirred = True
        self.differing = None
        self.repaint(None)

    @contextmanager
    def marking(self) -> Iterator[None]:
        """Mark figures for as long as a gesture goes on, or take the marks away: a drawing that is kept has none.

        All is painted anew by that, since a region of many parts takes longer than the whole.
        """
        self._is_marking = True
        try:
            yield
        finally:
            self._is_marking, self.is_stirred = False, True
            self.repaint(None)

    def land(self) -> None:
        """Nothing is in the hand any more."""
        self.lifted = set()
        self.stir_all()

    def invite(self, guest: NodeItem | None) -> None:
        """Show a card that is of no node, or none any more."""
        if self.guest is not None:
            self.guest.leave()
        self.guest = guest
        if guest is not None:
            guest.enter(self)

    def figures_in(self, areas: Sequence[QRectF]) -> Iterator[Figure]:
        """The cards and wires, frames and notes that may paint in some areas, or near them; some more than once."""
        whole = reduce(QRectF.united, areas, QRectF())
        told = (self.nodes[key] for key in self.document.comments if key in self.nodes)
        for item in (*self.remarks.values(), *told):
            if item.sceneBoundingRect().intersects(whole):
                yield item
        for area in areas:
            yield from (wire for wire in self.wires_in(area) if wire.reaches(area))
            yield from self.nodes_in(area.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN))
        if self.guest is not None:
            yield self.guest

    def nodes_in(self, area: QRectF) -> list[NodeItem]:
        """The nodes whose card touches an area."""
        return [self.nodes[key] for key in self._ground.touching(box_of(area))]

    def boxes_in(self, area: QRectF) -> Iterator[Box]:
        """Where the cards stand that touch an area."""
        return (self._ground.box(key) for key in self._ground.touching(box_of(area)))

    def wires_in(self, area: QRectF) -> list[WireItem]:
        """The wires that may come into an area."""
        return [self.wires[slot] for slot in self._wired.touching(box_of(area))]

    def is_free(self, area: QRectF) -> bool:
        """Whether no card stands in an area."""
        return next(self._ground.touching(box_of(area)), None) is None

    def content(self, keys: Iterable[str] | None = None, remarks: Iterable[str] = ()) -> QRectF:
        """What these cards, frames and notes take up, or everything; empty where there is nothing."""
        box = self._ground.extent() if keys is None else united(self._ground.box(key) for key in keys)
        area = QRectF() if box is None else QRectF(box[0], box[1], box[2] - box[0], box[3] - box[1])
        for key in self.remarks if keys is None else remarks:
            area |= self.remarks[key].scene_area()
        return area

    def comment_at(self, place: QPointF) -> str:
        """The comment of the uppermost card that has one at a place, as a tip."""
        told = [self.nodes[key] for key in self.document.comments if key in self.nodes]
        under = [item for item in told if item.sceneBoundingRect().contains(place)]
        found = max(under, key=lambda item: (item.zValue(), item.serial), default=None)
        return found.tip if found is not None else ""

    def node_at(self, place: QPointF) -> NodeItem | None:
        """The uppermost card at a place."""
        found = self.nodes_in(QRectF(place.x() - DOT, place.y() - DOT, 2 * DOT, 2 * DOT))
        return max(found, key=lambda item: (item.zValue(), item.serial), default=None)

    def wire_at(self, place: QPointF, reach: float = 4) -> WireItem | None:
        """The wire at a place, but those that go along with cards in the hand."""
        area = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        around = area.adjusted(-HIT, -HIT, HIT, HIT)
        seen = (item for item in self.wires_in(around) if item.isVisible() and item not in self.lifted)
        near = [item for item in seen if item.crosses(around)]
        found = [item for item in near if item.shape().intersects(area)]
        return max(found, key=lambda item: (item.zValue(), item.serial), default=None)


def box_of(area: QRectF) -> Box:
    """The edges of an area."""
    return (area.left(), area.top(), area.right(), area.bottom())
