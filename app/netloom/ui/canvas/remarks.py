"""Frames and notes: adding, pressing, writing. What lies wholly inside a frame moves with it."""

from itertools import count
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QPoint, QPointF, QRectF

from netloom.graph import Change, Patch, Remark
from netloom.graph.remarks import RemarkKind
from netloom.ui.canvas import remark_shape as shape
from netloom.ui.canvas.gestures import Gesture, Modifiers
from netloom.ui.canvas.moving import MoveNodes, carried_by
from netloom.ui.canvas.node_commands import comment
from netloom.ui.canvas.node_item import COMPACT, FULL
from netloom.ui.canvas.placement import snapped
from netloom.ui.canvas.remark_gestures import ADDING, ResizeRemark, select
from netloom.ui.canvas.remark_item import RemarkItem
from netloom.ui.canvas.words_field import WordsField

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

PADDING = 24.0
FRAME, NOTE = (320.0, 200.0), (200.0, 40.0)
INSET = 5.0
COLOUR = {"frame": "", "note": "amber"}


def add_frame(canvas: "Canvas") -> None:
    """Ask for a frame around what is selected, or at the cursor; its title is written at once."""
    held = _held(canvas)
    if held.isEmpty():
        _add(canvas, "frame", _at_cursor(canvas), FRAME)
    else:
        place, size = around(held)
        _add(canvas, "frame", place, size)


def add_note(canvas: "Canvas") -> None:
    """Ask for a note at the cursor; its text is written at once."""
    _add(canvas, "note", _at_cursor(canvas), NOTE)


def _held(canvas: "Canvas") -> QRectF:
    """What the selection takes up, with the comments over its cards."""
    scene, found = canvas.graph_scene, QRectF()
    for key in canvas.selection:
        item = scene.nodes[key]
        found = found.united(item.scene_card())
        if item.card.bubble is not None:
            found = found.united(item.card.bubble.translated(item.pos()))
    for key in canvas.marked.remarks:
        found = found.united(scene.remarks[key].scene_area())
    return found


def around(held: QRectF) -> tuple[tuple[float, float], tuple[float, float]]:
    """Place and size of a frame around an area, on the grid, with room for its title."""
    room = held.adjusted(-PADDING, -PADDING / 2 - shape.TITLE, PADDING, PADDING)
    left, top = (side // shape.GRID * shape.GRID for side in (room.left(), room.top()))
    right, bottom = (-(-side // shape.GRID) * shape.GRID for side in (room.right(), room.bottom()))
    return (left, top), (right - left, bottom - top)


def _at_cursor(canvas: "Canvas") -> tuple[float, float]:
    place = canvas.mapToScene(canvas.cursor_place())
    return snapped(place.x(), place.y())


def add_words(canvas: "Canvas", words: str, place: QPointF) -> None:
    """Ask for a note with these words at a place of the scene."""
    made = _fresh(canvas, "note", snapped(place.x(), place.y()), NOTE)
    _put(canvas, shape.written(made, words), None)


def _add(canvas: "Canvas", kind: RemarkKind, place: tuple[float, float], size: tuple[float, float]) -> None:
    made, gesture = _fresh(canvas, kind, place, size), object()
    if _put(canvas, made, gesture):
        write(canvas, made.id, gesture)


def _fresh(canvas: "Canvas", kind: RemarkKind, place: tuple[float, float], size: tuple[float, float]) -> Remark:
    known = canvas.document.remarks
    key = next(key for key in (f"r{number}" for number in count(len(known) + 1)) if key not in known)
    return Remark(key, kind, "", place, size, COLOUR[kind], canvas.graph_scene.level)


def _put(canvas: "Canvas", made: Remark, gesture: object | None) -> bool:
    """Ask for a frame or note and select it; whether it came."""
    canvas.ask(Patch(f"Add {made.kind}", (Change("remark", made.id, None, made),)), gesture)
    if made.id not in canvas.graph_scene.remarks:
        return False
    canvas.set_selection((), remarks={made.id})
    return True


def write(canvas: "Canvas", key: str, gesture: object | None = None) -> None:
    """Let the person write the text of a note, or the title of a frame. All of it is one step of undo."""
    document, step = canvas.document, gesture or object()

    def remark() -> Remark | None:
        return document.remarks.get(key) if canvas.document is document else None

    def room() -> QRectF | None:
        item = canvas.graph_scene.remarks.get(key) if remark() else None
        return None if item is None else writing_room(item)

    def take(text: str) -> None:
        old = remark()
        if old is not None and text != old.text:
            label = "Edit note" if old.kind == "note" else "Rename frame"
            canvas.ask(changed(old, shape.written(old, text), label), step)

    def leave() -> None:
        left = remark()
        if left is not None and left.kind == "note" and not left.text.strip():
            canvas.ask(Patch("Delete note", (Change("remark", key, left, None),)), step)

    first = remark()
    if first is not None:
        is_note = first.kind == "note"
        name = "Text of the note" if is_note else "Title of the frame"
        inset = shape.PAD if is_note else INSET
        WordsField(canvas, first.text, room, take, leave, name=name, lines=is_note, inset=inset)


def writing_room(item: RemarkItem) -> QRectF:
    """Where the text of a note or the title of a frame is written."""
    if item.remark.kind == "note":
        return item.scene_area()
    room = item.title_area()
    return room if item.style.zoom < COMPACT else room.adjusted(7, 3, -7, -3)


def changed(old: Remark, new: Remark, label: str) -> Patch:
    """The patch that makes another frame or note of one."""
    return Patch(label, (Change("remark", old.id, old, new),) if old != new else ())


def paint_in(canvas: "Canvas", colour: str) -> None:
    """Ask for another colour of the selected frames and notes."""
    found = [canvas.document.remarks[key] for key in sorted(canvas.marked.remarks)]
    made = {old: msgspec.structs.replace(old, colour=colour) for old in found if old.colour != colour}
    canvas.ask(Patch("Change colour", tuple(Change("remark", old.id, old, new) for old, new in made.items())))


def fit_to_contents(canvas: "Canvas", key: str) -> None:
    """Ask for a frame as small as what lies wholly inside it allows."""
    item = canvas.graph_scene.remarks[key]
    nodes, remarks = carried_by(canvas.graph_scene, key)
    held = QRectF()
    for each in nodes:
        held = held.united(canvas.graph_scene.nodes[each].scene_card())
    for each in remarks:
        held = held.united(canvas.graph_scene.remarks[each].scene_area())
    if not held.isEmpty():
        place, size = around(held)
        new = msgspec.structs.replace(item.remark, place=place, size=size)
        canvas.ask(changed(item.remark, new, "Fit frame to its contents"))


def found_at(canvas: "Canvas", at: QPoint) -> tuple[RemarkItem, shape.Grip] | None:
    """The uppermost frame or note that is taken hold of at a place of the viewport, and where it is."""
    place, reach = canvas.mapToScene(at), shape.REACH / canvas.zoom
    area = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
    near = [item for item in canvas.graph_scene.remarks.values() if item.sceneBoundingRect().intersects(area)]
    for item in sorted(near, key=lambda each: (each.zValue(), each.serial), reverse=True):
        grip = item.grip_at(place)
        if grip is not None:
            return item, grip
    return None


def next_remark(canvas: "Canvas") -> None:
    """Select the next frame or note, from top to bottom, and bring it into view."""
    items = sorted(canvas.graph_scene.remarks.values(), key=lambda item: (item.y(), item.x(), item.key))
    keys = [item.key for item in items]
    chosen = min((keys.index(key) for key in canvas.marked.remarks), default=-1)
    if keys:
        item = items[(chosen + 1) % len(items)]
        canvas.set_selection((), remarks={item.key})
        canvas.ensureVisible(item.scene_area(), 40, 56)
        canvas.view_changed.emit()


def comment_at(canvas: "Canvas", at: QPoint) -> str | None:
    """The node whose comment is at a place of the viewport."""
    place = canvas.mapToScene(at)
    scene = canvas.graph_scene
    told = [scene.nodes[key] for key in canvas.document.comments if key in scene.nodes] if canvas.zoom >= FULL else []
    under = [item for item in told if item.card.bubble and item.card.bubble.contains(place - item.pos())]
    found = max(under, key=lambda item: (item.zValue(), item.serial), default=None)
    return found.key if found is not None else None


def press(canvas: "Canvas", at: QPoint, modifiers: Modifiers) -> Gesture | None:
    """The gesture that a press on a frame or note begins; None where there is none."""
    key, found = comment_at(canvas, at), found_at(canvas, at)
    if key is not None:
        canvas.set_selection({key} | (canvas.selection if modifiers & ADDING else frozenset()))
        return MoveNodes(canvas, key, at, keep=bool(modifiers & ADDING))
    if found is None:
        return None
    item, grip = found
    select(canvas, item.key, modifiers)
    if grip == shape.WHOLE:
        return MoveNodes(canvas, item.key, at, keep=bool(modifiers & ADDING), remark=True)
    return ResizeRemark(canvas, item, grip, at)


def double(canvas: "Canvas", at: QPoint) -> bool:
    """Write on the comment, frame or note at a place; whether there is one."""
    key = comment_at(canvas, at)
    if key is not None:
        canvas.set_selection((key,))
        comment(canvas)
        return True
    found = found_at(canvas, at)
    if found is not None:
        canvas.set_selection((), remarks={found[0].key})
        write(canvas, found[0].key)
    return found is not None
