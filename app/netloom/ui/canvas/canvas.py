"""The canvas widget: what the window tells it, what it asks for, and the small things that lie over it."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from netloom.compiler.plan import Plan
from netloom.errors import GraphError
from netloom.graph import Document, Patch, Slot, Wire, edit
from netloom.training.events import Preview, ProbeMode
from netloom.ui import theme
from netloom.ui.canvas import remarks, wire_commands
from netloom.ui.canvas.adding import add_beside, add_node
from netloom.ui.canvas.arrange import Arranger
from netloom.ui.canvas.bends import Dot
from netloom.ui.canvas.drag_hint import DragHint
from netloom.ui.canvas.fitting import Fit, clear_fit
from netloom.ui.canvas.frame import Frame
from netloom.ui.canvas.graph_scene import PortSpot
from netloom.ui.canvas.menu import context_menu
from netloom.ui.canvas.node_item import Curve
from netloom.ui.canvas.palette_drop import PaletteDrop
from netloom.ui.canvas.pointer import Pointer
from netloom.ui.canvas.renaming import Renaming
from netloom.ui.canvas.searching import Searching
from netloom.ui.canvas.selection import Selection
from netloom.ui.canvas.speech import Speech
from netloom.ui.canvas.viewport import Viewport
from netloom.ui.canvas.wiring import ShapeCheck
from netloom.ui.offers import Offers


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a canvas is looked at: its level now, the other levels, and what is selected."""

    fit: Fit
    levels: Mapping[str, Fit]
    selection: frozenset[str]


class Canvas(Viewport):
    """Draws one level of a document and asks for changes; it makes none itself.

    `patch_requested` carries a Patch and a gesture: patches in a row with an equal gesture are one step of undo. Who
    makes a patch tells the canvas with `apply`. `selection_changed` carries the ids of the selected nodes,
    `enter_requested` a block to go into, `depth_requested` how many blocks to stay in, `way_requested` the blocks to go
    through from the top, `save_block_requested` a block that is to be kept for other documents, `values_requested` a
    node whose parameters are to be set where it stands. `told` carries what is going on, in words. `marks_changed` says
    that something else is selected, wires, frames and notes included. Who lays a panel over the right edge emits
    `covered` with its width; who shows a level says in `way` which blocks lead there.
    """

    patch_requested = Signal(object, object)
    selection_changed = Signal(object)
    marks_changed = Signal()
    values_requested = Signal(str)
    preview_mode_requested = Signal(str)
    add_requested = Signal(str)
    enter_requested = Signal(str)
    depth_requested = Signal(int)
    way_requested = Signal(object)
    save_block_requested = Signal(str)
    template_requested = Signal()
    message_requested = Signal(str)
    told = Signal(str)
    covered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName("Canvas")
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.check: ShapeCheck | None = None
        self.marked = Selection(self.graph_scene)
        self.way: Sequence[str] = ()
        self._previews: Mapping[str, Preview] = {}
        self._curves: Mapping[str, tuple[Curve, str]] = {}
        self._must_fit = False
        self._views: dict[str, Fit] = {}
        self.pointer = Pointer(self)
        self.viewport().installEventFilter(PaletteDrop(self))
        self._arranger = Arranger(self)
        self._frame = Frame(self)
        self._rename = Renaming(self)
        self._searching = Searching(self)
        self.hint = DragHint(self)
        self._speech = Speech(self)
        self._connect()
        self._frame.show_count(0)

    def _connect(self) -> None:
        self._frame.mode_chosen.connect(self.preview_mode_requested)
        self._frame.depth_chosen.connect(self.depth_requested)
        self._frame.empty.add_requested.connect(self.add_requested)
        self._frame.empty.template_requested.connect(self.template_requested)
        self._frame.zoom.fit_requested.connect(self.fit)
        self.covered.connect(self._frame.set_covered)
        self.view_changed.connect(self._rename.field.leave)
        theme.signals.changed.connect(self.restyle)

    # What the window tells

    @property
    def document(self) -> Document:
        """The document that is shown."""
        return self.graph_scene.document

    def set_document(
        self,
        document: Document,
        name: str = "",
        level: str = "",
        blocks: Sequence[str] = (),
        note: str = "",
        plan: Plan | None = None,
    ) -> None:
        """Show another document from scratch, all of it in view; `blocks` are the names on the way to its level."""
        self._views.clear()
        self._frame.blocks, self._frame.note = blocks, note
        self._load(document, level, plan)
        self.set_name(name or self._frame.name)
        self.fit()

    @property
    def outlook(self) -> Outlook:
        """From where the document is seen, for coming back to it."""
        return Outlook(Fit(self.zoom, self.seen().center()), dict(self._views), self.selection)

    def restore(self, outlook: Outlook) -> None:
        """See the document as it was seen before."""
        self._views = dict(outlook.levels)
        self.take(outlook.fit)
        self.set_selection(outlook.selection)

    def set_level(self, level: str, plan: Plan, blocks: Sequence[str], note: str = "") -> None:
        """Show another level as it was seen last: `blocks` are the names on the way, `note` some words about it."""
        self.commit()
        self._views[self.graph_scene.level] = Fit(self.zoom, self.seen().center())
        self._frame.blocks, self._frame.note = blocks, note
        self._load(self.document, level, plan)
        self.set_name(self._frame.name)
        if level in self._views:
            self.take(self._views[level])
        else:
            self.fit()

    def _load(self, document: Document, level: str, plan: Plan | None) -> None:
        self.pointer.cancel()
        self.pointer.forget()
        self._arranger.end()
        self._searching.popup.close_search()
        self._rename.field.give_up()
        self.hint.hide()
        self._previews, self._curves = {}, {}
        was_selected = bool(self.selection)
        self.marked.forget()
        self.graph_scene.load(document, level, plan)
        self.widen()
        if was_selected:
            self.selection_changed.emit(self.selection)

    def commit(self) -> None:
        """Keep what is being typed over the canvas, and close what is searched there."""
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit | QPlainTextEdit) and self.isAncestorOf(field):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_note(self, note: str) -> None:
        """Say something else of the level that is shown."""
        if note != self._frame.note:
            self._frame.note = note
            self._frame.show_count(len(self.graph_scene.nodes))

    def leave_block(self) -> None:
        """Ask to go out of the block that is shown."""
        if self._frame.blocks:
            self.depth_requested.emit(len(self._frame.blocks) - 1)

    def enter_selected(self) -> None:
        """Ask to go into the selected block."""
        if len(self.selection) == 1:
            self.enter_requested.emit(next(iter(self.selection)))

    def set_name(self, name: str) -> None:
        """Write another document name at the top left."""
        self._frame.name = name
        self._frame.show_count(len(self.graph_scene.nodes))

    @property
    def offers(self) -> Offers:
        """What can be added."""
        return self._searching.offers

    def set_offers(self, offers: Offers) -> None:
        """Offer these blocks beside the kinds."""
        self._searching.set_offers(offers)

    def follow_keys(self) -> None:
        """Tell the keys of the actions that this canvas was given."""
        self._frame.follow_keys()

    def set_check(self, check: ShapeCheck | None) -> None:
        """Ask this function what the shapes would say to a wire that is being drawn."""
        self.check = check

    def apply(self, patch: Patch, plan: Plan | None = None) -> None:
        """Follow a patch that the document has made, and what is known since then."""
        self.pointer.interrupt()
        self.hint.hide()
        self._arranger.end()
        scene = self.graph_scene
        scene.apply(patch, plan)
        self.marked.follow()
        self.set_selection(self.selection, remarks=self.marked.remarks)
        self.widen()
        self._frame.show_count(len(scene.nodes))

    def set_plan(self, plan: Plan) -> None:
        """Show shapes, sizes and problems."""
        self.graph_scene.set_plan(plan)
        self._speech.follow()

    def set_previews(self, previews: Mapping[str, Preview]) -> None:
        """Show what nodes put out, by node id."""
        self._previews = previews
        self.graph_scene.set_live(self._previews, self._curves)

    def set_curves(self, curves: Mapping[str, tuple[Curve, str]]) -> None:
        """Show a curve with its last value on cards of losses and the like, by node id."""
        self._curves = curves
        self.graph_scene.set_live(self._previews, self._curves)

    def set_footers(self, footers: Mapping[str, str]) -> None:
        """Write these words at the bottom of cards, by node id."""
        self.graph_scene.set_footers(footers)

    def set_preview_mode(self, mode: ProbeMode) -> None:
        """Say what the previews are, so that they take the right colours."""
        self.look.mode = mode
        self._frame.show_mode(mode)
        self.viewport().update()

    @property
    def selection(self) -> frozenset[str]:
        """The selected nodes."""
        return self.marked.nodes

    @property
    def current(self) -> str | None:
        """The node that arrow keys go on from."""
        return self.marked.current

    def set_selection(self, ids: Iterable[str], current: str | None = None, remarks: Iterable[str] = ()) -> None:
        """Select these nodes, frames and notes, and no others; `current` is the node that arrow keys go on from."""
        if self.marked.take(ids, remarks, current):
            self.selection_changed.emit(self.selection)
        self.marks_changed.emit()

    def select_wires(self, slots: Iterable[Slot], *, adding: bool = False) -> None:
        """Select wires by the slot that they fill, and nothing else; with `adding` those selected before stay."""
        found = frozenset(slots) | (self.marked.wires if adding else frozenset())
        self.set_selection(())
        self.marked.take_wires(found)
        self.marks_changed.emit()

    def select_dots(self, dots: Iterable[Dot], wires: Iterable[Slot] = ()) -> None:
        """Select dots of wires, and whole wires beside them, and nothing else."""
        self.select_wires(wires)
        self.marked.take_dots(dots)
        self.marks_changed.emit()

    def centre_on(self, key: str) -> None:
        """Bring a node to the middle, near enough to be read; one that is well in sight stays where it is."""
        if key in self.graph_scene.nodes:
            self.bring(self.graph_scene.nodes[key].scene_card())

    def fit(self) -> None:
        """Show everything, or the empty ground at 100 %; once the canvas is on the screen, if it is not yet."""
        self._must_fit = not self.isVisible()
        content = self.graph_scene.content()
        self.take(clear_fit(content, self.viewport().size(), self._frame.corner(), self.graph_scene.is_free))

    def fit_selection(self) -> None:
        """Show what is selected, or everything."""
        chosen = self.selection or (() if self.marked.remarks else None)
        self.show_area(self.graph_scene.content(chosen, self.marked.remarks))

    # What the canvas asks for

    def ask(self, patch: Patch, gesture: Hashable | None = None) -> None:
        """Ask for a change, if it is one."""
        if patch:
            self.patch_requested.emit(patch, gesture)

    def add_node_at(self, offer: str, place: QPointF, wire: Wire | None = None, spot: PortSpot | None = None) -> None:
        """Add a node under a place of the scene; put it into a wire, or wire it to a port."""
        try:
            self.set_selection((add_node(self, offer, place, wire, spot),))
            self.offers.note_use(offer)
        except GraphError as error:
            self.message_requested.emit(str(error))

    def add_beside(self, offer: str, key: str | None) -> None:
        """Add a node after another, wired to it where that fits, or in the middle of what is seen; show all of it."""
        try:
            self.set_selection((add_beside(self, offer, key),))
            self.offers.note_use(offer)
        except GraphError as error:
            self.message_requested.emit(str(error))
        for new in self.selection:
            self.ensure_seen(new)

    def delete_selection(self) -> None:
        """Ask to remove what is selected; of bent wires the dots first."""
        if self.marked.dots:
            wire_commands.remove_dots(self)
            return
        wires = [self.document.graph.wires[slot] for slot in self.marked.wires]
        if self.marked:
            self.ask(edit.remove(self.document, sorted(self.selection), wires, sorted(self.marked.remarks)))

    def request_values(self) -> None:
        """Ask to set the parameters of the selected node where it stands."""
        if len(self.selection) == 1:
            self.values_requested.emit(next(iter(self.selection)))

    def arrange(self) -> None:
        """Ask to put the selected nodes, or all, in good order; they glide there."""
        self._arranger.arrange(self.selection if len(self.selection) > 1 else self.graph_scene.nodes.keys())

    def turn(self) -> None:
        """Ask to draw this level from top to bottom, or from left to right again."""
        self._arranger.turn()

    def select_all(self) -> None:
        """Select every node, frame and note."""
        self.set_selection(self.graph_scene.nodes, remarks=self.graph_scene.remarks)

    def escape(self) -> None:
        """Take back what is in the hand, else clear the selection, else leave the block."""
        if self.hint.isVisible() or self.pointer.is_busy:
            self.hint.hide()
            self.pointer.cancel()
        elif self._arranger.cancel():
            self.told.emit("Stopped arranging.")
        elif self.marked:
            self.select_wires(())
        else:
            self.leave_block()

    def rename_selected(self) -> None:
        """Open the field over the name of the selected node, or write on the selected frame or note."""
        if len(self.selection) == 1:
            self._rename.open(next(iter(self.selection)))
        elif len(self.marked.remarks) == 1 and not self.selection:
            remarks.write(self, next(iter(self.marked.remarks)))

    def open_search(self, at: QPoint | None = None, spot: PortSpot | None = None, into: Wire | None = None) -> None:
        """Search for a node to add at a place of the viewport (the cursor's if none is given), for a port or a wire."""
        self._searching.open(at, spot, into)

    def restyle(self) -> None:
        """Draw anew in the colours of the theme."""
        self.look.look = theme.current()
        self.look.cache.clear()
        self._frame.restyle()
        self.viewport().update()

    # What Qt tells

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture."""
        self.hint.hide()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.pointer.press(event.position().toPoint(), event.button(), event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a gesture, or light up what is under the cursor."""
        self.pointer.move(event.position().toPoint(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a gesture."""
        self.pointer.release(event.position().toPoint(), event.button(), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Begin something new where the cursor is, or a gesture."""
        self.pointer.double(event.position().toPoint(), event.button(), event.modifiers())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done here, unless Ctrl says that a stroke begins."""
        is_mouse = event.reason() == event.Reason.Mouse
        if is_mouse and (self.pointer.is_busy or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            return
        menu = context_menu(self, event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space holds the ground; all other keys are actions of the window."""
        if event.key() == Qt.Key.Key_Space:
            self._hold_space(held=True)
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Let go of the ground."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hold_space(held=False)

    def _hold_space(self, *, held: bool) -> None:
        self.pointer.holds_space = held
        if self.pointer.gesture is None:
            self.set_cursor(Qt.CursorShape.OpenHandCursor if held else None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of the ground when the keyboard goes elsewhere."""
        super().focusOutEvent(event)
        self.pointer.holds_space = False

    def viewportEvent(self, event: QEvent) -> bool:
        """Hear pinches, and when the cursor leaves."""
        if isinstance(event, QNativeGestureEvent) and self.pinch(event):
            return True
        if event.type() == QEvent.Type.Leave:
            self.pointer.leave()
        return super().viewportEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Fit what came before the canvas was on the screen."""
        super().showEvent(event)
        if self._must_fit:
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what lies at the edges there."""
        super().resizeEvent(event)
        self._frame.arrange()
