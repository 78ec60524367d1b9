"""What cards and wires have in common. They are no items of Qt, which looks at each of its items after every change."""

from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

if TYPE_CHECKING:
    from netloom.ui.canvas.node_item import Style

SERIAL = count()
"""Of figures that are equally high the one that was made last lies above the others."""


class Host(Protocol):
    """Where figures are shown. What a hand moves is `lifted`: it is painted as a whole, over all that stays."""

    lifted: "set[Figure]"

    def stir(self, figure: "Figure", area: QRectF) -> None:
        """A figure looks otherwise in an area of the scene."""


class Figure:
    """Something that is drawn at a place of the scene, at a height over the ground. It is named as Qt's items are.

    What `is_over` everything is in no picture that is kept of the scene.
    """

    is_over = False

    def __init__(self, style: "Style") -> None:
        self.style = style
        self.serial = next(SERIAL)
        self.opacity = 1.0
        self._stage: Host | None = None
        self._place = QPointF()
        self._height = 0.0
        self._is_visible = True

    def enter(self, stage: Host) -> None:
        """Be shown on a stage."""
        self._stage = stage
        self.update()

    def leave(self) -> None:
        """Be shown no more."""
        self.update()
        self._stage = None

    def scene(self) -> Host | None:
        """Where the figure is shown."""
        return self._stage

    def pos(self) -> QPointF:
        """The place of the figure in the scene."""
        return self._place

    def x(self) -> float:
        """How far right the figure is."""
        return self._place.x()

    def y(self) -> float:
        """How far down the figure is."""
        return self._place.y()

    def setPos(self, x: float, y: float) -> None:
        """Stand somewhere else."""
        self.update()
        self._place = QPointF(x, y)
        self.update()

    def zValue(self) -> float:
        """The height over the ground: what is higher is painted over what is lower."""
        return self._height

    def setZValue(self, height: float) -> None:
        """Lie over other figures, or under them."""
        if height != self._height:
            self._height = height
            self.update()

    def isVisible(self) -> bool:
        """Whether the figure is painted."""
        return self._is_visible

    def setVisible(self, visible: bool) -> None:
        """Be painted, or not."""
        self._is_visible = visible
        self.update()

    def boundingRect(self) -> QRectF:
        """All that the figure paints, from its place."""
        raise NotImplementedError

    def rooms(self) -> Iterable[QRectF]:
        """The same in pieces, where most of what is around them all stays empty."""
        return (self.boundingRect(),)

    def sceneBoundingRect(self) -> QRectF:
        """All that the figure paints, in the scene."""
        return self.boundingRect().translated(self._place)

    def update(self, area: QRectF | None = None) -> None:
        """Be painted anew, or a part of it."""
        if self._stage is None:
            return
        if area is not None or self in self._stage.lifted:
            room = self.boundingRect() if area is None else area
            self._stage.stir(self, room.translated(self._place))
        else:
            for room in self.rooms():
                self._stage.stir(self, room.translated(self._place))

    def paint(self, painter: QPainter) -> None:
        """Draw, from the place on."""
        raise NotImplementedError
