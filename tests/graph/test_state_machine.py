"""A mad user plays with graph, undo, save and load; the graph, its indexes and the file never disagree."""

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from netloom.errors import GraphError
from netloom.graph import Change, Document, History, Node, Patch, Wire, edit, file
from netloom.graph.walk import ordered

KINDS = ("Conv2d", "ReLU", "Add")


class MadUser(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.document = Document()
        self.history = History(self.document)
        self.states = [file.dumps(self.document)]

    def _do(self, patch, gesture=None) -> None:
        try:
            self.history.do(patch, gesture=gesture)
        except GraphError:
            assert file.dumps(self.document) == self.states[-1]
            return
        if patch:
            self.states.append(file.dumps(self.document))

    def _pick(self, number: int) -> Node:
        nodes = sorted(self.document.graph.nodes)
        return self.document.graph.nodes[nodes[number % len(nodes)]]

    @rule(kind=st.sampled_from(KINDS), x=st.integers(-100, 100))
    def add(self, kind: str, x: int) -> None:
        graph = self.document.graph
        node = Node(edit.free_id(graph), kind, edit.free_name(graph, kind.lower()))
        self._do(edit.add(node, "Add").then(edit.move(self.document, {})))
        self._do(edit.move(self.document, {node.id: (float(x), 0.0)}))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(a=st.integers(0, 50), b=st.integers(0, 50), slot=st.integers(-1, 2))
    def wire(self, a: int, b: int, slot: int) -> None:
        wire = Wire(self._pick(a).id, "output", self._pick(b).id, "input", slot)
        self._do(edit.add(wire, "Wire"))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(number=st.integers(0, 50))
    def remove(self, number: int) -> None:
        self._do(edit.remove(self.document, [self._pick(number).id]))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(number=st.integers(0, 50))
    def remove_without_a_word_of_its_place(self, number: int) -> None:
        node = self._pick(number)
        self._do(Patch("Remove", (Change("node", node.id, node, None),)))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(number=st.integers(0, 50), name=st.sampled_from(["a", "b", "class", "x y", "relu"]))
    def rename(self, number: int, name: str) -> None:
        self._do(edit.rename(self.document.graph, self._pick(number).id, name))

    @precondition(lambda self: self.document.graph.nodes)
    @rule(number=st.integers(0, 50), value=st.integers(0, 3))
    def set_parameter(self, number: int, value: int) -> None:
        self._do(edit.set_params(self.document.graph, self._pick(number).id, {"out_channels": value}))

    @rule()
    def undo_everything_and_redo_it(self) -> None:
        end = file.dumps(self.document)
        steps = 0
        while self.history.undo():
            steps += 1
        assert file.dumps(self.document) == file.dumps(Document())
        for _ in range(steps):
            self.history.redo()
        assert file.dumps(self.document) == end

    @rule(steps=st.integers(1, 4))
    def undo(self, steps: int) -> None:
        for _ in range(steps):
            self.history.undo()
        self.states = [file.dumps(self.document)]

    @rule()
    def save_and_load(self) -> None:
        data = file.dumps(self.document)
        found = file.loads(data)
        assert file.dumps(found) == data
        assert found.graph.nodes == self.document.graph.nodes

    @rule()
    def a_patch_that_fails_half_way_changes_nothing(self) -> None:
        before = file.dumps(self.document)
        good = Node("n999", "ReLU", "n999")
        bad = Change("wire", ("n998", "input", 0), None, Wire("n999", "output", "n998", "input"))
        with pytest.raises(GraphError, match="n998"):
            self.document.graph.apply([Change("node", "n999", None, good), bad])
        assert file.dumps(self.document) == before

    @invariant()
    def indexes_agree_with_tables(self) -> None:
        graph = self.document.graph
        assert {wire.key for node in graph.nodes for wire in graph.into(node)} == set(graph.wires)
        assert {wire.key for node in graph.nodes for wire in graph.out_of(node)} == set(graph.wires)
        assert all(graph.named(node.name) == node for node in graph.nodes.values())
        assert set(ordered(graph)) == set(graph.nodes), "a loop"
        assert set(self.document.positions) <= set(graph.nodes)


MadUser.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestMadUser = MadUser.TestCase
