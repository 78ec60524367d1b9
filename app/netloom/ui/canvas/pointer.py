"""What the mouse means: which gesture a press begins, and what lies under the cursor."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt

from netloom.graph import Wire
from netloom.ui.canvas import remark_shape, remarks, wire_commands
from netloom.ui.canvas.card import HEADER
from netloom.ui.canvas.draw_wire import DrawWire, spot_of
from netloom.ui.canvas.fixes import PressFix, fix_at
from netloom.ui.canvas.gestures import Gesture, Modifiers, Pan
from netloom.ui.canvas.graph_scene import PortSpot
from netloom.ui.canvas.moving import MoveNodes
from netloom.ui.canvas.node_item import FULL, NodeItem
from netloom.ui.canvas.remark_item import RemarkItem
from netloom.ui.canvas.selecting import BoxSelect, Lasso
from netloom.ui.canvas.stroke import CutStroke
from netloom.ui.canvas.wire_item import WireItem

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

ADDING = Modifiers.ShiftModifier | Modifiers.ControlModifier


class Pointer:
    """The gesture in progress and what the cursor is over."""

    def __init__(self, canvas: "Canvas") -> None:
        self._canvas = canvas
        self.gesture: Gesture | None = None
        self._button = Qt.MouseButton.NoButton
        self.holds_space = False
        self._armed: Callable[[Canvas, QPoint], Gesture] | None = None
        self._over: NodeItem | WireItem | RemarkItem | None = None
        self._port: PortSpot | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a gesture goes on, or the next press begins one that was chosen."""
        return self.gesture is not None or self._armed is not None

    def arm(self, make: Callable[["Canvas", QPoint], Gesture]) -> None:
        """Let the next press of the left button begin this gesture; Escape takes that back."""
        self._armed = make
        self._canvas.set_cursor(Qt.CursorShape.CrossCursor)

    def press(self, at: QPoint, button: Qt.MouseButton, modifiers: Modifiers) -> None:
        """Begin what a press at this place means."""
        if self.gesture is not None:
            return
        self._button = button
        if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and self.holds_space):
            self.gesture = Pan(self._canvas, at)
        elif button == Qt.MouseButton.RightButton and modifiers & Modifiers.ControlModifier:
            self.leave()
            self.gesture = CutStroke(self._canvas, at)
        elif button == Qt.MouseButton.LeftButton:
            self.leave()
            armed, self._armed = self._armed, None
            self.gesture = armed(self._canvas, at) if armed else self._begin(at, modifiers)

    def _begin(self, at: QPoint, modifiers: Modifiers) -> Gesture | None:
        canvas, scene, place = self._canvas, self._canvas.graph_scene, self._canvas.mapToScene(at)
        port = scene.port_at(place)
        if port is not None:
            return self._hold(port, at)
        fix = fix_at(canvas, at)
        if fix is not None:
            return PressFix(canvas, fix)
        node = scene.node_at(place)
        if node is not None:
            return self._press_node(node, at, modifiers)
        return self._press_ground(at, modifiers)

    def _press_ground(self, at: QPoint, modifiers: Modifiers) -> Gesture | None:
        """A press beside all cards: on a dot of a wire, a wire, a frame or note, or on nothing."""
        canvas = self._canvas
        dot = wire_commands.press_dot(canvas, at, modifiers)
        if dot is not None:
            return dot
        wire = canvas.graph_scene.wire_at(canvas.mapToScene(at), 4 / canvas.zoom)
        if wire is not None:
            return wire_commands.press_wire(canvas, wire, at, modifiers)
        found = remarks.press(canvas, at, modifiers)
        if found is not None:
            return found
        return Lasso(canvas, at) if modifiers & Modifiers.AltModifier else BoxSelect(canvas, at)

    def _hold(self, port: PortSpot, at: QPoint) -> DrawWire:
        """Hold a new wire, or the one that ends at this input."""
        wire = self._nearest_wire(port, self._canvas.mapToScene(at)) if port.side == "input" else None
        if wire is None:
            return DrawWire(self._canvas, port, at)
        return DrawWire(self._canvas, spot_of(self._canvas.graph_scene, wire, "output"), at, wire)

    def _nearest_wire(self, port: PortSpot, place: QPointF) -> Wire | None:
        """The wire of an input; where it takes many, the one that ends nearest to a place."""
        scene = self._canvas.graph_scene
        items = [scene.wires[wire.key] for wire in scene.graph.into(port.node) if wire.input == port.name]
        near = min(items, key=lambda item: (item.way.points[-1] - place).manhattanLength(), default=None)
        return near.wire if near else None

    def _press_node(self, node: NodeItem, at: QPoint, modifiers: Modifiers) -> MoveNodes:
        canvas = self._canvas
        was_selected = node.key in canvas.selection
        if modifiers & Modifiers.ControlModifier:
            canvas.set_selection(canvas.selection ^ {node.key})
        elif modifiers & Modifiers.ShiftModifier:
            canvas.set_selection(canvas.selection | {node.key})
        elif not was_selected:
            canvas.set_selection((node.key,))
        return MoveNodes(canvas, node.key, at, keep=bool(modifiers & ADDING))

    def double(self, at: QPoint, button: Qt.MouseButton, modifiers: Modifiers) -> None:
        """Do what a double click means here; where it means nothing it is a press like any other."""
        is_left = button == Qt.MouseButton.LeftButton and not self.holds_space
        if not is_left or not self._double(at):
            self.press(at, button, modifiers)

    def _double(self, at: QPoint) -> bool:
        """Go into a block, rename, set values; bend a wire, write on a frame or note; search on empty canvas."""
        canvas, place = self._canvas, self._canvas.mapToScene(at)
        item = canvas.graph_scene.node_at(place)
        if item is not None:
            return self._double_on_card(item, at, place)
        wire = canvas.graph_scene.wire_at(place, 4 / canvas.zoom)
        if wire is not None:
            wire_commands.double(canvas, wire, at)
        elif not remarks.double(canvas, at):
            canvas.open_search(at)
        return True

    def _double_on_card(self, item: NodeItem, at: QPoint, place: QPointF) -> bool:
        canvas = self._canvas
        if item.facts.is_block:
            canvas.enter_requested.emit(item.key)
            return True
        if canvas.zoom < FULL or fix_at(canvas, at) is not None:
            return False
        canvas.set_selection((item.key,))
        if place.y() - item.y() - item.card.top <= HEADER:
            canvas.rename_selected()
        else:
            canvas.request_values()
        return True

    def move(self, at: QPoint, modifiers: Modifiers) -> None:
        """Go on with the gesture, or light up what is under the cursor."""
        if self.gesture is not None:
            self.gesture.move(at, modifiers)
        else:
            self._hover(at)

    def release(self, at: QPoint, button: Qt.MouseButton, modifiers: Modifiers) -> None:
        """End the gesture, if it is the button that began it."""
        if button != self._button:
            return
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.release(at, modifiers)

    def cancel(self) -> bool:
        """Take the gesture back; whether there was one."""
        gesture, self.gesture = self.gesture, None
        if self._armed is not None:
            self._armed = None
            self._canvas.set_cursor(None)
        if gesture is not None:
            gesture.cancel()
        return gesture is not None

    def _hover(self, at: QPoint) -> None:
        scene, place = self._canvas.graph_scene, self._canvas.mapToScene(at)
        port = scene.port_at(place)
        node = scene.nodes[port.node] if port else scene.node_at(place)
        self._set_port(port)
        over = node or scene.wire_at(place, 4 / self._canvas.zoom)
        remark, grip = (None if over else remarks.found_at(self._canvas, at)) or (None, remark_shape.WHOLE)
        self._set_over(over or remark)
        if isinstance(self._over, WireItem):
            self._over.light(self._over.dot_at(place, wire_commands.DOT_REACH / self._canvas.zoom))
        self._canvas.set_cursor(self._cursor(at, port) or self._wire_cursor(place) or remark_shape.cursor(grip))

    def _wire_cursor(self, place: QPointF) -> Qt.CursorShape | None:
        """What a drag of the wire under the cursor would do: move a dot, or take an end off."""
        item, zoom = self._over, self._canvas.zoom
        if not isinstance(item, WireItem):
            return None
        if item.dot_at(place, wire_commands.DOT_REACH / zoom) is not None:
            return Qt.CursorShape.SizeAllCursor
        return Qt.CursorShape.CrossCursor if wire_commands.end_at(item, place, zoom) else None

    def _cursor(self, at: QPoint, port: PortSpot | None) -> Qt.CursorShape | None:
        if self.holds_space:
            return Qt.CursorShape.OpenHandCursor
        if port is not None:
            return Qt.CursorShape.CrossCursor
        return Qt.CursorShape.PointingHandCursor if fix_at(self._canvas, at) else None

    def _set_port(self, port: PortSpot | None) -> None:
        if port == self._port:
            return
        nodes = self._canvas.graph_scene.nodes
        if self._port is not None and self._port.node in nodes:
            nodes[self._port.node].set_rings({})
        if port is not None:
            nodes[port.node].set_rings({(port.side, port.index): "accent"})
        self._port = port

    def _set_over(self, item: NodeItem | WireItem | RemarkItem | None) -> None:
        if item is self._over:
            return
        if self._over is not None and self._over.scene() is not None:
            self._over.set_state(hovered=False)
        if item is not None:
            item.set_state(hovered=True)
        self._over = item
        self._canvas.sketch.show_ties(self._ties(item) if isinstance(item, NodeItem) else ())

    def _ties(self, item: NodeItem) -> list[tuple[QRectF, QRectF]]:
        """The card under the cursor with each that uses the same weights."""
        scene = self._canvas.graph_scene
        node = scene.graph.nodes.get(item.key)
        together = () if node is None else (node.share, *scene.graph.sharers(item.key))
        others = (scene.nodes[key] for key in together if key in scene.nodes)
        return [(item.scene_card(), other.scene_card()) for other in others]

    def leave(self) -> None:
        """Nothing is under the cursor any more."""
        self._set_port(None)
        self._set_over(None)

    def interrupt(self) -> None:
        """Let go of everything, because the graph changes under the hand."""
        self.cancel()
        self.leave()

    def forget(self) -> None:
        """All items are gone."""
        self._over = self._port = None
        self.gesture = None
