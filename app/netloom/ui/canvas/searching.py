"""The search at the cursor and what is done with its answer: a node on the ground, at a port, or in a wire."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor

from netloom.graph import Wire
from netloom.layers.spec import OUTSIDE, LayerSpec
from netloom.ui.canvas import remarks, wiring
from netloom.ui.canvas.add_search import AddSearch, Fits
from netloom.ui.canvas.draw_wire import draw_held
from netloom.ui.canvas.graph_scene import PortSpot
from netloom.ui.offers import Offers, key

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


class Searching(QObject):
    """One search at a time, with the place it began at."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._from: tuple[QPointF, PortSpot | None, Wire | None] | None = None
        self._after: str | None = None
        self._added: tuple[QPoint, str] | None = None
        self.popup = AddSearch(canvas)
        self.set_offers(Offers(parent=self))
        self.popup.chosen.connect(self._add)
        self.popup.worded.connect(self._write)
        self.popup.closed.connect(self._end)

    def set_offers(self, offers: Offers) -> None:
        """Search these from now on."""
        self.offers = offers
        self.popup.finder = offers.search

    def open(self, at: QPoint | None, spot: PortSpot | None, into: Wire | None) -> None:
        """Search for a node to add at a place of the viewport (the cursor's if none is given), for a port or a wire.

        Where the cursor has stayed since the last node was added, the next one comes after that one in its row.
        """
        place = at or self._canvas.cursor_place()
        self._after = self._last_added() if at is None and spot is None and into is None else None
        self._from = (self._canvas.mapToScene(place), spot, into)
        self.popup.open(place, self._fits(spot, into), takes_words=spot is None and into is None)
        if spot is not None:
            draw_held(self._canvas, spot, self._from[0])

    def _fits(self, spot: PortSpot | None, into: Wire | None) -> Fits:
        graph, is_inside = self._canvas.document.graph, bool(self._canvas.graph_scene.level)

        def fits(spec: LayerSpec) -> bool:
            if is_inside and spec.role in OUTSIDE:
                return False
            if into is not None:
                return wiring.can_insert(graph, into, key(spec))
            return spot is None or wiring.is_open(graph, spot, key(spec))

        return fits

    def _add(self, offer: str) -> None:
        if self._from is None:
            return
        place, spot, wire = self._from
        if self._after is not None:
            self._canvas.add_beside(offer, self._after)
        else:
            self._canvas.add_node_at(offer, place, wire, spot)
        self._added = (QCursor.pos(), self._canvas.current) if self._canvas.current else None

    def _last_added(self) -> str | None:
        """The node that was added last, if it is selected still and the cursor has not moved since."""
        if self._added is None or self._added[0] != QCursor.pos():
            return None
        return self._added[1] if self._canvas.selection == {self._added[1]} else None

    def _write(self, words: str) -> None:
        if self._from is not None:
            remarks.add_words(self._canvas, words, self._from[0])

    def _end(self) -> None:
        self._from = None
        self._canvas.sketch.clear()
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
