"""Frames go along with their cards when these are put in order."""

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from tests.ui.canvas.conftest import Bench

from netloom.graph import Change, Patch, Remark
from netloom.ui.canvas.moving import carried_by
from netloom.ui.canvas.remarks import around

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def put(bench: Bench, remark: Remark) -> None:
    bench.history.do(Patch("Add", (Change("remark", remark.id, None, remark),)))


def frame(bench: Bench, key: str, *names: str) -> None:
    """A frame around these cards."""
    room = QRectF()
    for name in names:
        room = room.united(bench.canvas.graph_scene.nodes[bench.id(name)].scene_card())
    place, size = around(room)
    put(bench, Remark(key, "frame", key, place, size, "", ""))


def held(bench: Bench, key: str) -> set[str]:
    bench.canvas._arranger.end()
    nodes, _ = carried_by(bench.canvas.graph_scene, key)
    return {bench.document.graph.nodes[node].name for node in nodes}


@pytest.mark.parametrize("modifiers", [CONTROL, CONTROL | ALT])
def test_a_frame_keeps_its_cards(bench: Bench, modifiers: Qt.KeyboardModifier) -> None:
    frame(bench, "f", "conv")
    frame(bench, "g", "flatten", "head")
    before = dict(bench.document.remarks)
    bench.key(Qt.Key.Key_L, modifiers)
    assert "conv" in held(bench, "f")
    assert {"flatten", "head"} <= held(bench, "g")
    assert bench.document.remarks != before
    bench.history.undo()
    assert bench.document.remarks == before


def test_a_note_in_a_frame_goes_along(bench: Bench) -> None:
    frame(bench, "f", "conv", "relu")
    old = bench.document.remarks["f"]
    put(bench, Remark("n", "note", "why", (old.place[0] + 8, old.place[1] + 32), (80, 40), "amber", ""))
    bench.key(Qt.Key.Key_L, CONTROL)
    new, note = bench.document.remarks["f"], bench.document.remarks["n"]
    assert new.place != old.place
    assert QRectF(QPointF(*new.place), QPointF(new.place[0] + new.size[0], new.place[1] + new.size[1])).contains(
        QRectF(*note.place, *note.size)
    )


def test_frames_within_frames_stay_within(bench: Bench) -> None:
    frame(bench, "inner", "conv")
    inner = bench.document.remarks["inner"]
    place = (inner.place[0] - 40, inner.place[1] - 80)
    put(bench, Remark("outer", "frame", "outer", place, (inner.size[0] + 80, inner.size[1] + 120), "", ""))
    bench.key(Qt.Key.Key_L, CONTROL)
    _, remarks = carried_by(bench.canvas.graph_scene, "outer")
    assert remarks == {"inner"}


def test_frames_of_other_cards_stay(bench: Bench) -> None:
    frame(bench, "f", "head")
    old = bench.document.remarks["f"]
    bench.canvas.set_selection((bench.id("conv"), bench.id("relu")))
    bench.key(Qt.Key.Key_L, CONTROL)
    assert bench.document.remarks["f"] == old
