"""The view alone: zoom at the cursor, panning, levels of detail, grid. It knows the scene, and nothing of editing."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QMarginsF, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCursor,
    QHelpEvent,
    QInputDevice,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsView, QToolTip, QWidget

from netloom.ui.canvas.card import Side
from netloom.ui.canvas.closeup import Closeup
from netloom.ui.canvas.fitting import Fit, fit
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.grid import paint_grid
from netloom.ui.canvas.labels import Labels
from netloom.ui.canvas.node_item import COMPACT, FULL, NodeItem, Style
from netloom.ui.canvas.overview import Overview
from netloom.ui.canvas.sketch import Sketch

LEAST, MOST, STEP = 0.05, 4.0, 1.25
WHEEL = 1.0015
SETTLE = 80
AROUND = 100_000.0
EDGE = QMarginsF(24, 56, 24, 24)
"""Scene units at the edges, where controls lie over the canvas."""


class Viewport(QGraphicsView):
    """`view_changed` says that another part of the scene is seen, or at another zoom."""

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = Style()
        self.graph_scene = GraphScene(self.look)
        self.graph_scene.setParent(self)  # its timers end with what they paint on
        self.sketch = Sketch(self.look)
        self.sketch.enter(self.graph_scene)
        self.graph_scene.repaint = self._repaint
        self._overview = Overview(self.graph_scene)
        self._closeup = Closeup(self.graph_scene)
        self._labels = Labels(self.graph_scene)
        self.graph_scene.drawing_changed.connect(self._place_labels)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLE)
        self._settling.timeout.connect(self.settle)
        self.setScene(self.graph_scene)
        self._configure()

    def _configure(self) -> None:
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setSceneRect(QRectF(-AROUND, -AROUND, 2 * AROUND, 2 * AROUND))
        self.viewport().setMouseTracking(True)

    @property
    def zoom(self) -> float:
        """Pixels for a scene unit."""
        return self.look.zoom

    def seen(self) -> QRectF:
        """The part of the scene that is seen."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def cursor_place(self) -> QPoint:
        """Where the cursor is in the viewport; its middle while the cursor is elsewhere."""
        at = self.viewport().mapFromGlobal(QCursor.pos())
        return at if self.viewport().rect().contains(at) else self.viewport().rect().center()

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom so that the scene stays where it is at a point of the viewport, its middle if none is given."""
        zoom = min(max(zoom, LEAST), MOST)
        zoom = 1.0 if abs(zoom - 1) < 0.02 else zoom
        anchor = at or QPointF(self.viewport().rect().center())
        place = self.viewportTransform().inverted()[0].map(anchor)
        self.look.zoom = zoom
        self.resetTransform()
        self.scale(zoom, zoom)
        self.scroll_by((anchor - self.viewportTransform().map(place)).toPoint())
        self._settling.start()
        self.view_changed.emit()

    def zoom_step(self, steps: int) -> None:
        """Come nearer or step back."""
        self.set_zoom(self.zoom * STEP**steps)

    def settle(self) -> None:
        """Paint cards for the zoom as it is now."""
        self._settling.stop()
        self.look.settled = self.look.zoom
        self.viewport().update()

    def scroll_by(self, step: QPoint) -> None:
        """Move what is seen by pixels."""
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - step.x())
        down.setValue(down.value() - step.y())
        self.view_changed.emit()

    def look_at(self, place: QPointF) -> None:
        """Bring a place of the scene to the middle."""
        self.centerOn(place)
        self.view_changed.emit()

    def bring(self, area: QRectF) -> None:
        """Bring an area to the middle, at 100 % where it could not be read; one that is well in sight stays."""
        if self.zoom >= FULL and self.seen().marginsRemoved(EDGE).contains(area):
            return
        if self.zoom < FULL:
            self.set_zoom(1.0)
        self.look_at(area.center())
        self.settle()

    def show_area(self, area: QRectF) -> None:
        """Zoom and move so that an area fills the viewport, at 100 % at most."""
        if not area.isEmpty():
            self.take(fit(area, self.viewport().size()))

    def take(self, way: Fit) -> None:
        """Look from there."""
        self.set_zoom(way.zoom)
        self.look_at(way.middle)
        self.settle()

    def widen(self) -> None:
        """Let every card be reached: the ground grows with the graph, and what is seen stays."""
        content = self.graph_scene.content()
        if not self.sceneRect().contains(content.adjusted(-AROUND / 2, -AROUND / 2, AROUND / 2, AROUND / 2)):
            middle = self.seen().center()
            self.setSceneRect(self.sceneRect().united(content.adjusted(-AROUND, -AROUND, AROUND, AROUND)))
            self.centerOn(middle)

    def visible_nodes(self) -> list[NodeItem]:
        """The cards that are seen."""
        return self.graph_scene.nodes_in(self.seen())

    def node_rect(self, key: str) -> QRect:
        """The card of a node in the viewport."""
        return self.mapFromScene(self.graph_scene.nodes[key].scene_card()).boundingRect()

    def port_pos(self, key: str, port: str) -> QPoint:
        """The middle of a port in the viewport; of two of the same name, the output."""
        item = self.graph_scene.nodes[key]
        side: Side = "output" if any(each.name == port for each in item.facts.outputs) else "input"
        return self.mapFromScene(item.port_place(side, port))

    def set_cursor(self, shape: Qt.CursorShape | None) -> None:
        """Show another cursor, or the usual one."""
        if shape is None:
            self.viewport().unsetCursor()
        elif self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def ensure_seen(self, key: str) -> None:
        """Scroll as little as shows a whole card."""
        self.ensureVisible(self.graph_scene.nodes[key].scene_card(), 40, 56)
        self.view_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor with a wheel, pan with two fingers; Shift pans across."""
        modifiers = event.modifiers()
        is_touch = event.device().type() == QInputDevice.DeviceType.TouchPad and not event.pixelDelta().isNull()
        if is_touch and not modifiers & Qt.KeyboardModifier.ControlModifier:
            self.scroll_by(event.pixelDelta())
        elif modifiers & Qt.KeyboardModifier.ShiftModifier:
            turned = event.angleDelta()
            self.scroll_by(QPoint(turned.x() or turned.y(), 0))
        else:
            self.set_zoom(self.zoom * WHEEL ** event.angleDelta().y(), event.position())
        event.accept()

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Zoom with two fingers; whether the gesture was one."""
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self.set_zoom(self.zoom * (1 + event.value()), event.position())
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say that another part is seen."""
        super().resizeEvent(event)
        self.view_changed.emit()

    def drawBackground(self, painter: QPainter, area: QRectF | QRect) -> None:
        """Draw the ground and its dots."""
        room = QRectF(area)
        painter.fillRect(room, self.look.look.color("canvas"))
        paint_grid(painter, self.look.look, self.zoom, room)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell the comment of the card under the cursor."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            comment = self.graph_scene.comment_at(self.mapToScene(event.pos()))
            QToolTip.showText(event.globalPos(), comment, self.viewport())
            return True
        return super().viewportEvent(event)

    def _place_labels(self, changed: Collection[str] | None) -> None:
        """Let labels stand where there is room before an edit is painted, so that it is painted once."""
        if changed is not None and self.zoom >= FULL and self.isVisible():
            self._labels.judge(self.seen(), self.zoom)

    def _repaint(self, area: QRectF | None) -> None:
        """Paint an area of the scene anew, or all that is seen."""
        self._closeup.stir(area)
        if area is None:
            self.viewport().update()
        else:
            self.viewport().update(self.pixels(area))

    def pixels(self, area: QRectF) -> QRect:
        """The pixels of the viewport that an area of the scene may touch."""
        return self.viewportTransform().mapRect(area).toAlignedRect().adjusted(-1, -1, 1, 1)

    def keep_drawing(self) -> None:
        """Keep the drawing as it is, because a gesture marks cards."""
        if self.zoom >= COMPACT:
            self._closeup.keep(self)

    def bring_back_drawing(self) -> None:
        """Show the drawing without the marks again, and in it what has changed since."""
        self._closeup.bring_back()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw figure by figure when near, in batches when far."""
        self.graph_scene.is_all_stirred = False
        if self.zoom >= FULL:
            self._labels.judge(self.seen(), self.zoom)
            self._labels.carry(self.zoom)
        painter = QPainter(self.viewport())
        painter.setClipRegion(event.region())
        (self._closeup if self.zoom >= COMPACT else self._overview).paint(painter, self, event.region())
        painter.setWorldTransform(self.viewportTransform())
        painter.setRenderHints(self.renderHints())
        self.sketch.paint(painter)
        painter.end()
