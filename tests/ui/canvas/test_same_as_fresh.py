"""A canvas that followed many edits shows what one shows that has just been opened."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.ui.canvas.conftest import Bench

from netloom.compiler.planner import Planner
from netloom.errors import GraphError
from netloom.graph import Change, Document, Node, Patch, Point, edit
from netloom.layers import connect
from netloom.layers.edit import new_node
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.node_item import NodeItem, Style
from netloom.ui.canvas.wire_item import WireItem

KINDS = ("Linear", "ReLU", "Add", "Conv2d", "Flatten", "Dropout")
EDITS = 60


@pytest.mark.parametrize("seed", range(6))
def test_edits_leave_what_a_fresh_canvas_shows(seed: int, make_bench: Callable[[Document], Bench]) -> None:
    bench, chance = make_bench(_start()), random.Random(seed)
    for _ in range(EDITS):
        _edit(bench, chance)
        expect_same(bench.canvas.graph_scene)


def _start() -> Document:
    document = Document()
    document.apply(_placed(new_node(document.graph, "Input", "start", {"shape": [8]}), (0.0, 0.0)))
    return document


def _placed(node: Node, place: Point) -> Patch:
    return Patch("Add", (Change("node", node.id, None, node), Change("position", node.id, None, place)))


def _edit(bench: Bench, chance: random.Random) -> None:
    document = bench.document
    keys = sorted(document.graph.nodes)
    act = chance.choice((_add, _add, _add, _wire, _wire, _wire, _move, _remove, "undo", "undo", "redo"))
    if act == "undo":
        bench.history.undo()
    elif act == "redo":
        bench.history.redo()
    elif keys or act is _add:
        try:
            bench.history.do(act(document, keys, chance))
        except GraphError:
            return


def _add(document: Document, _keys: list[str], chance: random.Random) -> Patch:
    kind = chance.choice(KINDS)
    return _placed(new_node(document.graph, kind), _place(chance))


def _wire(document: Document, keys: list[str], chance: random.Random) -> Patch:
    source, target = chance.choice(keys), chance.choice(keys)
    output, port = connect.default_ports(document.graph, source, target)
    return connect.connect(document.graph, source, output, target, port)


def _move(document: Document, keys: list[str], chance: random.Random) -> Patch:
    return edit.move(document, {chance.choice(keys): _place(chance)})


def _remove(document: Document, keys: list[str], chance: random.Random) -> Patch:
    return edit.remove(document, [chance.choice(keys)])


def _place(chance: random.Random) -> Point:
    return (chance.randrange(40) * 40.0, chance.randrange(30) * 40.0)


def expect_same(scene: GraphScene) -> None:
    """Which free lane a wire has depends on which came first; where it begins and ends does not.

    A card keeps the room of what is not known for now, which a fresh one never had.
    """
    fresh = GraphScene(Style())
    fresh.load(scene.document, scene.level, Planner().plan(scene.graph))
    assert scene.nodes.keys() == fresh.nodes.keys()
    assert scene.wires.keys() == fresh.wires.keys()
    for key, item in scene.nodes.items():
        other = fresh.nodes[key]
        assert _told(item) == _told(other)
        assert scene.nodes_in(item.scene_card())
    for slot, drawn in scene.wires.items():
        same = fresh.wires[slot]
        assert _carried(drawn) == _carried(same)
        assert (drawn.way.points[0], drawn.way.points[-1]) == (same.way.points[0], same.way.points[-1])
        assert drawn in scene.wires_in(drawn.boundingRect())


def _told(item: NodeItem) -> tuple[object, ...]:
    return replace(item.facts, well=None, footer=""), item.card.inputs, item.card.outputs, item.pos(), item.zValue()


def _carried(item: WireItem) -> tuple[object, ...]:
    return item.wire, item.carries, item.label, item.details, item.zValue()
