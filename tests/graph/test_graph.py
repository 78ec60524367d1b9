"""The graph, its patches and its history."""

import time

import pytest

from netloom.errors import GraphError
from netloom.graph import Block, Change, Document, Graph, History, Node, Patch, Training, Wire, edit, name_problem
from netloom.graph.walk import ordered


def chain(length: int) -> Graph:
    graph = Graph()
    nodes = [Node(f"n{i}", "ReLU", f"relu{i}") for i in range(length)]
    wires = [Wire(f"n{i}", "output", f"n{i + 1}", "input") for i in range(length - 1)]
    graph.apply([Change("node", node.id, None, node) for node in nodes])
    graph.apply([Change("wire", wire.key, None, wire) for wire in wires])
    return graph


def state(document: Document) -> tuple[object, ...]:
    graph = document.graph
    return dict(graph.nodes), dict(graph.wires), dict(graph.blocks), dict(document.positions), document.training


def test_nodes_are_indexed_by_level_name_and_wire() -> None:
    graph = chain(3)
    assert [node.id for node in graph.level()] == ["n0", "n1", "n2"]
    assert graph.named("relu1") == graph.nodes["n1"]
    assert [wire.target for wire in graph.out_of("n0")] == ["n1"]
    assert [wire.source for wire in graph.into("n2")] == ["n1"]
    with pytest.raises(GraphError, match="no node 'n9'"):
        graph.node("n9")


def test_levels_are_sorted_as_people_count() -> None:
    graph = chain(12)
    assert [node.id for node in graph.level()][-3:] == ["n9", "n10", "n11"]


def test_a_patch_that_does_not_fit_changes_nothing() -> None:
    graph = chain(2)
    before = dict(graph.nodes), dict(graph.wires)
    stale = Change("node", "n0", Node("n0", "ReLU", "other"), None)
    with pytest.raises(GraphError, match="has changed"):
        graph.apply([Change("node", "n7", None, Node("n7", "ReLU", "seven")), stale])
    assert (dict(graph.nodes), dict(graph.wires)) == before
    assert graph.named("seven") is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (Change("node", "n5", None, Node("n5", "ReLU", "relu0")), "already a node called relu0"),
        (Change("node", "n5", None, Node("n5", "ReLU", "not a name")), "not a name"),
        (Change("node", "n5", None, Node("n5", "ReLU", "inside", parent="b1")), "does not exist"),
        (Change("node", "n0", Node("n0", "ReLU", "relu0"), None), "still has wires"),
        (Change("wire", ("n1", "input", 7), None, Wire("n0", "output", "n1", "input", -1)), "slots count from 0"),
        (Change("wire", ("n9", "input", 0), None, Wire("n0", "output", "n9", "input")), "'n9', which does not exist"),
        (Change("position", "n0", None, (0.0, 0.0)), "no position"),
    ],
)
def test_edits_that_would_break_the_graph_are_refused(change: Change, message: str) -> None:
    graph = chain(2)
    if isinstance(change.new, Wire):
        change = Change("wire", change.new.key, None, change.new)
    before = dict(graph.nodes), dict(graph.wires)
    with pytest.raises(GraphError, match=message):
        graph.apply([change])
    assert (dict(graph.nodes), dict(graph.wires)) == before


def test_a_loop_is_refused_and_named() -> None:
    graph = chain(3)
    wire = Wire("n2", "output", "n0", "input")
    with pytest.raises(GraphError, match="relu0 → relu1 → relu2 → relu0"):
        graph.apply([Change("wire", wire.key, None, wire)])
    many = [Wire("n2", "output", "n0", "input", slot) for slot in range(20)]
    with pytest.raises(GraphError, match="close a loop"):
        graph.apply([Change("wire", each.key, None, each) for each in many])
    assert len(graph.wires) == 2


def test_wires_stay_on_one_level() -> None:
    graph = chain(1)
    inner = Node("n8", "ReLU", "inner", parent="b1")
    graph.apply([Change("block", "b1", None, Block("b1", "Residual")), Change("node", "n8", None, inner)])
    wire = Wire("n0", "output", "n8", "input")
    with pytest.raises(GraphError, match="not on the same level"):
        graph.apply([Change("wire", wire.key, None, wire)])
    assert [node.id for node in graph.level("b1")] == ["n8"]


def residual(branches: int) -> Graph:
    """A chain in which every node also skips to the next but one: 2^branches ways through it."""
    graph = chain(branches)
    skips = [Wire(f"n{i}", "output", f"n{i + 2}", "other") for i in range(branches - 2)]
    graph.apply([Change("wire", wire.key, None, wire) for wire in skips])
    return graph


class Counted(Graph):
    """Counts how often a walk looks at a node's wires."""

    looks = 0

    def out_of(self, node: str):
        Counted.looks += 1
        return super().out_of(node)


def test_the_loop_check_is_linear_in_residual_branches() -> None:
    graph = residual(2000)
    graph.__class__ = Counted
    back = Wire("n1999", "output", "n0", "input")
    with pytest.raises(GraphError, match="loop"):
        graph.apply([Change("wire", back.key, None, back)])
    assert Counted.looks <= 2 * 2000


def test_walks_follow_the_wires() -> None:
    graph = residual(6)
    assert ordered(graph) == [f"n{i}" for i in range(6)]
    assert graph.loop(Wire("n0", "output", "n5", "input")) is None
    assert graph.loop(Wire("n3", "output", "n3", "input")) == ["n3", "n3"]


def test_undo_and_redo_walk_the_same_states() -> None:
    document = Document()
    history = History(document)
    states = [state(document)]
    node = Node("n1", "Conv2d", "conv")
    history.do(edit.add(node, "Add conv"))
    states.append(state(document))
    history.do(edit.move(document, {"n1": (8.0, 16.0)}))
    states.append(state(document))
    history.do(edit.set_params(document.graph, "n1", {"out_channels": 32}))
    states.append(state(document))
    history.do(edit.set_training(document, Training(epochs=3)))
    states.append(state(document))
    history.do(edit.remove(document, ["n1"]))
    states.append(state(document))
    assert history.undo_label == "Delete conv"
    for expected in reversed(states[:-1]):
        history.undo()
        assert state(document) == expected
    assert history.undo() is None
    assert history.redo_label == "Add conv"
    for expected in states[1:]:
        history.redo()
        assert state(document) == expected


def test_changes_of_one_gesture_are_one_step() -> None:
    document = Document()
    history = History(document)
    history.do(edit.add(Node("n1", "ReLU", "relu"), "Add relu"))
    for step in range(5):
        history.do(edit.move(document, {"n1": (float(step), 0.0)}), gesture="drag")
    history.do(edit.move(document, {"n1": (9.0, 0.0)}), gesture="another drag")
    history.undo()
    assert document.positions["n1"] == (4.0, 0.0)
    history.undo()
    assert "n1" not in document.positions


def test_a_gesture_that_comes_back_to_its_start_leaves_no_step() -> None:
    document = Document()
    history = History(document)
    history.do(edit.add(Node("n1", "ReLU", "relu"), "Add relu"))
    history.do(edit.set_params(document.graph, "n1", {"inplace": True}), gesture="spin")
    history.do(edit.set_params(document.graph, "n1", {}, ["inplace"]), gesture="spin")
    assert history.undo_label == "Add relu"
    history.do(edit.set_params(document.graph, "n1", {"inplace": True}), gesture="spin")
    assert len(history.labels) == 2, "what goes on is a step of its own"


def test_saved_state_is_known_through_undo_and_branches() -> None:
    document = Document()
    history = History(document)
    history.do(edit.add(Node("n1", "ReLU", "a"), "Add a"))
    history.mark_saved()
    history.undo()
    assert not history.is_saved
    history.redo()
    assert history.is_saved
    history.undo()
    history.do(edit.add(Node("n2", "ReLU", "b"), "Add b"))
    assert not history.is_saved


def test_observers_hear_every_patch() -> None:
    document = Document()
    heard: list[Patch] = []
    document.observers.append(heard.append)
    patch = edit.add(Node("n1", "ReLU", "a"), "Add a")
    document.apply(patch)
    document.apply(patch.inverse())
    assert heard == [patch, patch.inverse()]


def test_what_an_edit_names_twice_could_not_be_undone() -> None:
    document = Document(chain(3), positions={"n1": (1.0, 2.0)})
    twice = [Change("position", "n1", (1.0, 2.0), (float(x), 0.0)) for x in range(2)]
    with pytest.raises(GraphError, match="names the same thing twice"):
        document.apply(Patch("Move", tuple(twice)))
    assert document.positions == {"n1": (1.0, 2.0)}


def test_removing_nodes_takes_their_wires_and_places() -> None:
    document = Document(chain(3), positions={"n1": (1.0, 2.0)})
    patch = edit.remove(document, ["n1"])
    document.apply(patch)
    assert not document.graph.wires
    assert not document.positions
    document.apply(patch.inverse())
    assert len(document.graph.wires) == 2
    assert edit.remove(document, wires=document.graph.wires.values()).label == "Delete 2 wires"


def test_thousands_of_nodes_of_a_block_are_removed_as_quickly_as_those_of_the_top_level() -> None:
    nodes = [Node(f"n{number}", "ReLU", f"relu{number}", parent="b1") for number in range(5_000)]
    shown = Node("use", "Block", "use", {"block": "b1"})
    changes = [Change("block", "b1", None, Block("b1", "Deep"))]
    changes += [Change("node", node.id, None, node) for node in (shown, *nodes)]
    document = Document()
    document.apply(Patch("Add", tuple(changes)))
    begun = time.process_time()
    document.apply(edit.remove(document, [node.id for node in nodes]))
    assert time.process_time() - begun < 2.0
    assert list(document.graph.nodes) == ["use"]


def test_a_removed_node_takes_its_place_with_it_and_undo_brings_both_back() -> None:
    document = Document(positions={})
    history = History(document)
    node = Node("n1", "ReLU", "relu")
    history.do(Patch("Add", (Change("node", "n1", None, node), Change("position", "n1", None, (8.0, 16.0)))))
    heard: list[Patch] = []
    document.observers.append(heard.append)
    history.do(Patch("Remove", (Change("node", "n1", node, None),)))
    assert dict(document.positions) == {}
    assert [change.table for change in heard[0].changes] == ["node", "position"]
    history.undo()
    assert (document.graph.node("n1"), document.positions["n1"]) == (node, (8.0, 16.0))
    history.redo()
    history.do(Patch("Add", (Change("node", "n1", None, node), Change("position", "n1", None, (0.0, 0.0)))))
    assert document.positions["n1"] == (0.0, 0.0)


def test_a_place_for_a_node_that_is_not_there_is_refused_with_the_whole_patch() -> None:
    document = Document()
    changes = (Change("node", "n1", None, Node("n1", "ReLU", "relu")), Change("position", "n2", None, (0.0, 0.0)))
    with pytest.raises(GraphError, match="no node 'n2'"):
        document.apply(Patch("Add", changes))
    assert not document.graph.nodes
    assert not document.positions


def test_free_names_and_ids_avoid_what_is_taken() -> None:
    graph = chain(3)
    assert edit.free_id(graph) == "n4"
    assert edit.free_name(graph, "relu0") == "relu2" or edit.free_name(graph, "relu0") not in {
        "relu0",
        "relu1",
        "relu2",
    }
    assert edit.free_name(graph, "conv") == "conv"
    assert edit.rename(graph, "n0", "first").label == "Rename relu0"


@pytest.mark.parametrize("name", ["", "class", "a b", "x" * 49, "1st", "a\nb", 'a"b', "__import__", "ﬁ", "a;b"])
def test_names_that_are_no_identifiers_are_refused(name: str) -> None:
    assert name_problem(name)


@pytest.mark.parametrize("name", ["conv1", "größe", "_x", "层"])
def test_names_in_any_script_are_allowed(name: str) -> None:
    assert name_problem(name) is None
