"""Frames that go along with the cards they hold when these are put in order."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QPointF, QRectF

from netloom.graph import Change, Point, Remark
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.moving import carried_by
from netloom.ui.canvas.remarks import around

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def following(canvas: "Canvas", places: Mapping[str, Point]) -> list[Change]:
    """The changes that lay each frame around the cards it holds where these will stand; its notes go along."""
    scene, made = canvas.graph_scene, dict[str, Remark]()
    frames = [item for item in scene.remarks.values() if item.remark.kind == "frame"]
    for item in sorted(frames, key=lambda item: item.remark.size[0] * item.remark.size[1]):
        nodes, inside = carried_by(scene, item.key)
        if nodes & places.keys():
            room = _room(scene, nodes, places)
            for key in inside & made.keys():
                room = room.united(QRectF(*made[key].place, *made[key].size))
            made.update(_led(scene, item.remark, room, inside - made.keys()))
    known = canvas.document.remarks
    return [Change("remark", key, known[key], new) for key, new in made.items() if known[key] != new]


def _room(scene: GraphScene, nodes: Collection[str], places: Mapping[str, Point]) -> QRectF:
    """What these cards will take up, with the comments over them."""
    room = QRectF()
    for key in nodes:
        item = scene.nodes[key]
        step = QPointF(*places.get(key, (item.x(), item.y()))) - item.pos()
        room = room.united(item.scene_card().translated(step))
        if item.card.bubble is not None:
            room = room.united(item.card.bubble.translated(item.pos() + step))
    return room


def _led(scene: GraphScene, frame: Remark, room: QRectF, inside: Collection[str]) -> Iterator[tuple[str, Remark]]:
    """The frame around its cards, and the notes in it as far from its corner as before."""
    corner, _ = around(room)
    for key in inside:
        note = scene.remarks[key].remark
        if note.kind == "note":
            place = (corner[0] + note.place[0] - frame.place[0], corner[1] + note.place[1] - frame.place[1])
            room = room.united(QRectF(*place, *note.size))
            yield key, msgspec.structs.replace(note, place=place)
    place, size = around(room)
    yield frame.id, msgspec.structs.replace(frame, place=place, size=size)
