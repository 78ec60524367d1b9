"""A frame behind the nodes that it holds, or a note, on the canvas."""

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from netloom.graph import Remark
from netloom.ui.canvas import remark_painter
from netloom.ui.canvas import remark_shape as shape
from netloom.ui.canvas.figure import Figure
from netloom.ui.canvas.node_item import COMPACT, Style
from netloom.ui.theme import Theme

FRAME, NOTE = -2.0, -1.0
"""Heights: under the wires, frames under notes, and each frame under those that are smaller."""
LARGEST = 1e12
MARGIN = 24.0
"""Scene units for ring and handles, at any zoom."""
ABOVE = remark_painter.FAR_TITLE / 0.05
"""Scene units for the title of a frame from as far away as one can go."""


class RemarkItem(Figure):
    """The drawing of one frame or note. Its place is its top left corner."""

    def __init__(self, remark: Remark, style: Style) -> None:
        super().__init__(style)
        self.key = remark.id
        self.remark = remark
        self.selected = False
        self.hovered = False
        self.set_remark(remark)

    def boundingRect(self) -> QRectF:
        """The frame with its ring and handles, and with its title above it."""
        above = ABOVE if self.remark.kind == "frame" else MARGIN
        return self.area().adjusted(-MARGIN, -above, MARGIN, MARGIN)

    def area(self) -> QRectF:
        """The frame itself, from its corner."""
        return QRectF(QPointF(), QSizeF(*self.remark.size))

    def scene_area(self) -> QRectF:
        """The frame in the scene."""
        return self.area().translated(self.pos())

    def set_remark(self, remark: Remark) -> None:
        """Show another text, place, size or colour."""
        self.update()
        self.remark = remark
        self._place = QPointF(*remark.place)
        wide, high = remark.size
        self._height = FRAME - min(wide * high / LARGEST, 1.0) if remark.kind == "frame" else NOTE
        self.update()

    def set_state(self, *, selected: bool | None = None, hovered: bool | None = None) -> None:
        """Change one of the states and draw it."""
        self.selected = self.selected if selected is None else selected
        self.hovered = self.hovered if hovered is None else hovered
        self.update()

    def grip_at(self, place: QPointF) -> shape.Grip | None:
        """What a press at a place of the scene takes hold of; None inside a frame, where the ground is."""
        room, zoom = self.scene_area(), self.style.zoom
        found = shape.grip_at(room, place, shape.REACH / zoom)
        if found is not None:
            return found
        held = room if self.remark.kind == "note" else self.title_area()
        return shape.WHOLE if held.contains(place) else None

    def title_area(self) -> QRectF:
        """Where the title of a frame is taken hold of: along its upper edge, or from far away above it."""
        if self.style.zoom < COMPACT:
            return remark_painter.far_title(self.remark, self.style.zoom)
        room = self.scene_area()
        return QRectF(room.left(), room.top(), room.width(), min(shape.TITLE, room.height()))

    def paint(self, painter: QPainter) -> None:
        """Draw the frame and its words."""
        style = self.style
        remark_painter.paint(
            painter,
            self.remark,
            self.area(),
            style.look,
            style.zoom,
            selected=self.selected,
            hovered=self.hovered,
        )


def paint_far(painter: QPainter, item: RemarkItem, look: Theme, zoom: float) -> None:
    """Draw a frame or note from far away with a painter that draws in scene units."""
    room, remark = item.scene_area(), item.remark
    remark_painter.paint_far(painter, remark, room, look, zoom, selected=item.selected, hovered=item.hovered)
