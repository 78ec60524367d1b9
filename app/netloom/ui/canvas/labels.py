"""Where the shapes above wires stand: never on a card, on another wire, or on each other; else they are left out."""

from collections.abc import Iterable
from functools import cache
from heapq import nsmallest

from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtGui import QFontMetricsF

from netloom.graph import Slot
from netloom.ui import theme
from netloom.ui.canvas.card import screen_font
from netloom.ui.canvas.card_painter import TEXT_MIN
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.ground import Ground
from netloom.ui.canvas.stage import box_of
from netloom.ui.canvas.wire_item import WireItem
from netloom.ui.canvas.wire_path import label_spots

APART = 3.0
MANY = 600
"""Where so many boxes have changed, all labels are looked at again."""
LINE = 1.2
"""The height of a label's line in heights of its letters."""


LATER = 30
"""Milliseconds until more labels are looked at again."""
AT_ONCE = 2
"""Labels at which an edit looks again before it is painted: each takes a quarter of a millisecond."""


class Labels:
    """Gives each wire's label a free spot, at first sight and again after something has moved."""

    def __init__(self, scene: GraphScene) -> None:
        self._scene = scene
        self._taken: Ground[Slot] = Ground()
        self._judged: set[Slot] = set()
        self._stale: dict[Slot, None] = {}
        self._later = QTimer(scene, singleShot=True, interval=LATER)
        self._later.timeout.connect(self._judge_some)
        self._area = QRectF()
        self._zoom = 0.0
        self._carried = False
        scene.drawing_changed.connect(self._forget)
        scene.cards_moved.connect(self._forget)

    def _forget(self, changed: Iterable[str] | None) -> None:
        """Look again at the labels around these nodes, or at all."""
        if not self._scene.lifted:
            self._area = QRectF()
        if changed is None or len(self._scene.stirred) > MANY:
            self._judged.clear()
            self._stale.clear()
            self._taken = Ground()
            return
        graph = self._scene.graph
        for key in changed:
            for wire in (*graph.into(key), *graph.out_of(key)):
                self._look_again(wire.key)
        for left, top, right, bottom in dict.fromkeys(self._scene.stirred):
            area = QRectF(left, top, right - left, bottom - top)
            for item in self._scene.wires_in(area):
                if item.wire.key in self._judged and item.reaches(area):
                    self._look_again(item.wire.key)

    def _look_again(self, key: Slot) -> None:
        if key in self._judged:
            self._judged.discard(key)
            self._stale[key] = None
        self._taken.drop(key)

    def judge(self, area: QRectF, zoom: float) -> None:
        """Find spots for the labels in an area of the scene that have none yet, as large as they are at a zoom."""
        if zoom != self._zoom:
            self._forget(None)
            self._zoom, self._area = zoom, QRectF()
        if self._area.contains(area) and (self._scene.lifted or not self._carried):
            return
        self._carried = self._carried and bool(self._scene.lifted)
        self._area = area
        seen = (item for item in self._scene.wires_in(area) if item not in self._scene.lifted)
        fresh = [item for item in seen if item.wire.key not in self._judged and item.wire.key not in self._stale]
        for item in sorted(fresh, key=lambda item: (not item.way.along_lane, item.wire.key)):
            self._place(item)
        self._judge_some()

    def _judge_some(self) -> None:
        """Look again at a few labels that had a place already, lost ones first; at the others a moment later."""
        if self._scene.lifted:
            return
        for key in nsmallest(AT_ONCE, self._stale, key=self._is_seen):
            del self._stale[key]
            item = self._scene.wires.get(key)
            if item is not None and item.way.path.boundingRect().adjusted(-1, -1, 1, 1).intersects(self._area):
                self._place(item)
        if self._stale:
            self._later.start()

    def _is_seen(self, key: Slot) -> bool:
        return key in self._scene.wires and self._scene.wires[key].spot is not None

    def _place(self, item: WireItem) -> None:
        self._judged.add(item.wire.key)
        item.place_label(*self._found(item))

    def carry(self, zoom: float) -> None:
        """Let the labels of wires in the hand go along, past cards; whether they lie on wires is looked at later."""
        self._carried = self._carried or bool(self._scene.lifted)
        for item in self._scene.lifted:
            if isinstance(item, WireItem) and item.spot is None and item.label and not item.is_twin:
                item.carry_label(*self._past_cards(item, _sizes(zoom)[0]))

    def _past_cards(self, item: WireItem, pixels: int) -> tuple[QPointF | None, int]:
        wide = len(item.label) * _letter(pixels, theme.current_density())
        spots = label_spots(item.way, wide) if wide <= item.way.room else ()
        return next((spot for spot in spots if self._scene.is_free(_room(spot, wide, pixels))), None), pixels

    def _found(self, item: WireItem) -> tuple[QPointF | None, int]:
        """The middle of a label and the size of its letters; None where there is no room."""
        for pixels in _sizes(self._zoom) if item.label and not item.is_twin else ():
            wide = len(item.label) * _letter(pixels, theme.current_density())
            if wide > item.way.room:
                continue
            for spot in label_spots(item.way, wide):
                room = _room(spot, wide, pixels)
                if self._is_free(room):
                    self._taken.put(item.wire.key, box_of(room))
                    return spot, pixels
        return None, 0

    def _is_free(self, room: QRectF) -> bool:
        if next(self._taken.touching(box_of(room)), None) is not None:
            return False
        return self._scene.is_free(room) and not any(item.crosses(room) for item in self._scene.wires_in(room))


def _room(spot: QPointF, wide: float, pixels: int) -> QRectF:
    """What a label takes up."""
    high = pixels * LINE
    return QRectF(spot.x() - wide / 2 - APART, spot.y() - high / 2, wide + 2 * APART, high)


def _sizes(zoom: float) -> tuple[int, ...]:
    """The sizes of letters to try, in scene units: that of the look, then the smallest that can be read."""
    usual = theme.font("shape").pixelSize()
    return (usual, TEXT_MIN) if zoom >= 1 else (max(usual, round(TEXT_MIN / zoom)),)


@cache
def _letter(pixels: int, _density: float) -> float:
    """How wide a letter is; all are equally wide."""
    return QFontMetricsF(screen_font("shape", pixels)).horizontalAdvance("0")
