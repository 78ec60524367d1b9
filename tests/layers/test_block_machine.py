"""A mad user of blocks: whatever is made, unpacked, shared, handed out and undone can be saved, opened and planned."""

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import netloom
from netloom.compiler import Planner
from netloom.errors import GraphError
from netloom.graph import Document, Graph, History, Node, edit, file
from netloom.layers import blocks, ports
from netloom.layers.connect import connect, default_ports
from netloom.layers.edit import check_document, new_node
from netloom.layers.library import insert
from netloom.layers.promotion import value_problem

KINDS = ("Input", "Output", "Conv2d", "ReLU", "Add", "Linear", "Embedding", "Concatenate", "BatchNorm2d")
READY = ("residual_basic", "dense_block", "squeeze_excitation")
NUMBER = st.integers(0, 60)
NAME = st.sampled_from(["a", "b", "width", "x", "repeat", "no name"])


class MadUserOfBlocks(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.document = Document()
        self.history = History(self.document)
        self.planner = Planner()

    @property
    def graph(self) -> Graph:
        return self.document.graph

    def _try(self, made) -> None:
        """Make an edit; one that is refused changes nothing, and one that is made can be undone."""
        before = file.dumps(self.document)
        try:
            self.history.do(patch := made())
        except GraphError:
            assert file.dumps(self.document) == before
            return
        if patch:
            after = file.dumps(self.document)
            self.history.undo()
            assert file.dumps(self.document) == before
            self.history.redo()
            assert file.dumps(self.document) == after

    def _node(self, number: int, kind: str = "") -> Node:
        found = [key for key in sorted(self.graph.nodes) if kind in ("", self.graph.nodes[key].kind)]
        return self.graph.nodes[found[number % len(found)]]

    def _block(self, number: int) -> str:
        return sorted(self.graph.blocks)[number % len(self.graph.blocks)]

    def _level(self, number: int) -> str:
        return ["", *sorted(self.graph.blocks)][number % (len(self.graph.blocks) + 1)]

    def has_nodes(self) -> bool:
        return bool(self.graph.nodes)

    def has_blocks(self) -> bool:
        return any(node.kind == "Block" for node in self.graph.nodes.values())

    @rule(kind=st.sampled_from(KINDS), level=NUMBER, x=st.integers(0, 5))
    def add(self, kind: str, level: int, x: int) -> None:
        params = {"bias": False} if kind == "Linear" else {}
        node = new_node(self.graph, kind, params=params, parent=self._level(level))
        self._try(lambda: edit.add(node, "Add"))
        self._try(lambda: edit.move(self.document, {node.id: (224.0 * x, 80.0)}))

    @rule(name=st.sampled_from(READY), level=NUMBER)
    def insert_a_ready_block(self, name: str, level: int) -> None:
        if len(self.graph.nodes) < 120:
            self._try(lambda: insert(self.document, name, (0.0, 0.0), self._level(level)))

    @precondition(has_nodes)
    @rule(a=NUMBER, b=NUMBER)
    def wire(self, a: int, b: int) -> None:
        source = self._node(a)
        level = list(self.graph.level(source.parent))
        target = level[b % len(level)]

        def made():
            output, entry = default_ports(self.graph, source.id, target.id)
            return connect(self.graph, source.id, output, target.id, entry)

        self._try(made)

    @precondition(has_nodes)
    @rule(
        level=NUMBER, picks=st.sets(st.integers(0, 12), min_size=1), name=st.sampled_from(["One", "Two", "ThreeFour"])
    )
    def make_block(self, level: int, picks: set[int], name: str) -> None:
        found = list(self.graph.level(self._level(level)))
        chosen = {found[pick % len(found)].id for pick in picks} if found else set()
        self._try(lambda: blocks.make_block(self.document, chosen, name))

    @precondition(has_blocks)
    @rule(number=NUMBER)
    def unpack(self, number: int) -> None:
        self._try(lambda: blocks.unpack(self.document, self._node(number, "Block").id))

    @precondition(has_nodes)
    @rule(a=NUMBER, b=NUMBER)
    def share(self, a: int, b: int) -> None:
        self._try(lambda: blocks.share(self.graph, self._node(a).id, self._node(b).id))

    @precondition(has_nodes)
    @rule(number=NUMBER)
    def unshare(self, number: int) -> None:
        self._try(lambda: blocks.unshare(self.graph, self._node(number).id))

    @precondition(has_blocks)
    @rule(block=NUMBER, number=NUMBER, param=NUMBER, name=st.just("") | NAME, follows=st.booleans())
    def promote(self, block: int, number: int, param: int, name: str, follows: bool) -> None:
        level = list(self.graph.level(self._block(block)))
        if not level:
            return
        node = level[number % len(level)]
        known = ports.params(self.graph, node)
        source = next((each.id for each in level if each.kind == "Input"), "") if follows else ""
        if known:
            self._try(lambda: blocks.promote(self.graph, node.id, known[param % len(known)].name, name, source, 1))

    @precondition(has_blocks)
    @rule(number=NUMBER, param=NUMBER)
    def demote(self, number: int, param: int) -> None:
        block = self._block(number)
        names = [each.name for each in self.graph.blocks[block].params] or ["nothing"]
        self._try(lambda: blocks.demote(self.graph, block, names[param % len(names)]))

    @precondition(has_nodes)
    @rule(number=NUMBER, param=NUMBER, value=st.sampled_from([2, 8, 0.5, True, "zeros"]))
    def set_parameter(self, number: int, param: int, value: object) -> None:
        node = self._node(number)
        names = [each.name for each in ports.params(self.graph, node) if each.name != "block"]
        if not names or value_problem(self.graph, node, name := names[param % len(names)], value):
            return
        self._try(lambda: edit.set_params(self.graph, node.id, {name: value}))

    @precondition(has_blocks)
    @rule(number=NUMBER, times=st.integers(0, 3))
    def repeat(self, number: int, times: int) -> None:
        self._try(lambda: blocks.set_repeat(self.graph, self._node(number, "Block").id, times))

    @precondition(has_nodes)
    @rule(number=NUMBER, name=NAME)
    def rename(self, number: int, name: str) -> None:
        self._try(lambda: edit.rename(self.graph, self._node(number).id, name))

    @precondition(has_blocks)
    @rule(number=NUMBER, side=st.sampled_from(["input", "output"]))
    def add_port(self, number: int, side: str) -> None:
        self._try(lambda: blocks.add_port(self.document, self._block(number), side))

    @precondition(has_blocks)
    @rule(number=NUMBER, port=NUMBER, index=st.integers(-1, 3), removes=st.booleans())
    def move_or_remove_port(self, number: int, port: int, index: int, removes: bool) -> None:
        block = self._block(number)
        names = [node.name for node in self.graph.level(block) if node.kind in ("Input", "Output")] or ["nothing"]
        name = names[port % len(names)]
        if removes:
            self._try(lambda: blocks.remove_port(self.document, block, name))
        else:
            self._try(lambda: blocks.move_port(self.graph, block, name, index))

    @precondition(has_blocks)
    @rule(number=NUMBER)
    def make_a_block_its_own(self, number: int) -> None:
        self._try(lambda: blocks.duplicate_definition(self.document, self._node(number, "Block").id))

    @precondition(has_nodes)
    @rule(picks=st.sets(NUMBER, min_size=1, max_size=3))
    def remove(self, picks: set[int]) -> None:
        self._try(lambda: edit.remove(self.document, {self._node(pick).id for pick in picks}))

    @rule()
    def undo_everything_and_redo_it(self) -> None:
        end, steps = file.dumps(self.document), 0
        while self.history.undo():
            steps += 1
        assert file.dumps(self.document) == file.dumps(Document())
        for _ in range(steps):
            self.history.redo()
        assert file.dumps(self.document) == end

    @invariant()
    def what_is_saved_can_be_opened_and_planned(self) -> None:
        data = file.dumps(self.document)
        found = file.loads(data)
        check_document(found)
        assert file.dumps(found) == data
        assert self.planner.plan(self.graph) == netloom.plan(found.graph)

    @invariant()
    def nodes_that_share_weights_have_the_same_parameters(self) -> None:
        for node in self.graph.nodes.values():
            assert all(each.params == node.params for each in edit.family(self.graph, node.id))


MadUserOfBlocks.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestMadUserOfBlocks = MadUserOfBlocks.TestCase
