"""The wire that what is dragged would be put into, lit up while the hand is over it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from netloom.graph import Wire
from netloom.ui.canvas.wire_item import WireItem

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

REACH = 8.0
"""Pixels from which a wire is meant."""


class WireDrop:
    """Looks for a wire under the hand that `fits`; each wire is asked once while the hand stays on it."""

    def __init__(self, canvas: "Canvas", fits: Callable[[Wire], bool]) -> None:
        self._canvas = canvas
        self._fits = fits
        self._under: WireItem | None = None
        self._lit: WireItem | None = None

    @property
    def wire(self) -> Wire | None:
        """The wire that is meant."""
        return self._lit.wire if self._lit else None

    def follow(self, place: QPointF) -> None:
        """Light up the wire at a place of the scene, if it fits."""
        under = self._canvas.graph_scene.wire_at(place, REACH / self._canvas.zoom)
        if under is not self._under:
            self.clear()
            self._under = under
            self._lit = under if under is not None and self._fits(under.wire) else None
            if self._lit is not None:
                self._lit.set_state(hovered=True)

    def clear(self) -> None:
        """Light up nothing."""
        if self._lit is not None and self._lit.scene() is not None:
            self._lit.set_state(hovered=False)
        self._under = self._lit = None
