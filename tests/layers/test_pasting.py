"""Copied nodes come back on any level of any document, and what is cut leaves a network that holds together."""

import time

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import precondition, rule
from tests.layers.test_block_machine import NUMBER, MadUserOfBlocks

from netloom.errors import GraphError
from netloom.graph import Change, Document, Node, Patch, Remark, Wire, clip
from netloom.graph import Graph as PlainGraph
from netloom.layers.authoring import Graph
from netloom.layers.blocks import pasting
from netloom.layers.edit import check_document


def names(document: Document, wires: list[Change]) -> set[tuple[str, str]]:
    nodes = document.graph.nodes
    return {(nodes[change.new.source].name, nodes[change.new.target].name) for change in wires if change.new}


def branched() -> Document:
    """An image, two convolutions in a row, their sum with the image, and an output; a loss at the side."""
    graph = Graph()
    image = graph.add("Input", name="image", shape=(4, 8, 8))
    first = graph.add("Conv2d", name="first", out_channels=4, kernel_size=3, padding="same")
    second = graph.add("Conv2d", name="second", out_channels=4, kernel_size=3, padding="same")
    total = graph.add("Add", name="total")
    answer = graph.add("Output", name="answer")
    graph.connect(image, first)
    graph.connect(first, second)
    graph.connect(image, total)
    graph.connect(second, total)
    graph.connect(total, answer)
    return Document(graph, positions={key: (100.0 * place, 0.0) for place, key in enumerate(graph.nodes)})


def key(document: Document, name: str) -> str:
    node = document.graph.named(name)
    assert node is not None
    return node.id


def wired(document: Document) -> set[tuple[str, str]]:
    nodes = document.graph.nodes
    return {(nodes[wire.source].name, nodes[wire.target].name) for wire in document.graph.wires.values()}


def test_a_cut_joins_every_wire_that_left_with_the_first_that_came() -> None:
    document = branched()
    document.apply(pasting.cut_joined(document, [key(document, "first"), key(document, "second")]))
    assert wired(document) == {("image", "total"), ("total", "answer")}
    assert len(document.graph.wires) == 3, "both inputs of the sum are fed by the image"


def test_a_cut_of_a_node_with_several_inputs_joins_the_first_of_them() -> None:
    document = branched()
    document.apply(pasting.cut_joined(document, [key(document, "total")]))
    assert wired(document) == {("image", "first"), ("first", "second"), ("image", "answer")}


def test_a_cut_at_the_beginning_joins_nothing() -> None:
    document = branched()
    patch = pasting.cut_joined(document, [key(document, "image")])
    document.apply(patch)
    assert wired(document) == {("first", "second"), ("second", "total"), ("total", "answer")}
    document.apply(patch.inverse())
    assert len(document.graph.wires) == 5


def test_a_cut_joins_nothing_that_the_rule_for_wires_refuses() -> None:
    graph = Graph()
    data, loss = graph.add("Input", name="data", shape=(4,)), graph.add("CrossEntropyLoss", name="loss")
    rate = graph.add("Adam", name="adam")
    graph.connect(data, loss)
    graph.connect(loss, rate)
    document = Document(graph)
    document.apply(pasting.cut_joined(document, [loss]))
    assert wired(document) == set()


def test_feeds_fill_only_free_slots_that_take_them() -> None:
    document = branched()
    copied = clip.take(document, [key(document, "total")], origin="here")
    assert {feed.name for feed in copied.feeds} == {"image", "second"}
    made = pasting.paste(document, copied, is_home=True)
    document.apply(made.patch)
    fed = pasting.feed(document, copied, made, is_home=True)
    document.apply(fed)
    assert wired(document) >= {("image", "total2"), ("second", "total2")}
    again = pasting.feed(document, copied, made, is_home=True)
    assert not again


def test_a_source_of_another_kind_with_the_same_name_is_not_wired() -> None:
    document = branched()
    copied = clip.take(document, [key(document, "second")])
    graph = Graph()
    graph.add("CrossEntropyLoss", name="first")
    other = Document(graph)
    made = pasting.paste(other, copied)
    other.apply(made.patch)
    assert not pasting.feed(other, copied, made)


def test_a_copy_is_never_taken_for_what_fed_it() -> None:
    """The copy of `relu` is called relu2 in the other document, as was what fed it here."""
    graph = Graph()
    graph.add("Input", name="image", shape=(4,))
    source, relu = graph.add("ReLU", name="relu2"), graph.add("ReLU", name="relu")
    graph.connect(source, relu)
    other = Graph()
    other.add("ReLU", name="relu")
    document, copied = Document(other), clip.take(Document(graph), [relu])
    made = pasting.paste(document, copied)
    document.apply(made.patch)
    assert document.graph.named("relu2") is not None
    assert not pasting.feed(document, copied, made)


def test_frames_and_notes_get_ids_and_levels_of_their_own() -> None:
    document = branched()
    note = Remark("r1", "note", "why", (0.0, 0.0), (80.0, 40.0))
    document.apply(Patch("Note", (Change("remark", "r1", None, note),)))
    copied = clip.take(document, [], ["r1"])
    made = pasting.paste(document, copied, shift=(24.0, 24.0))
    document.apply(made.patch)
    assert document.remarks[made.remarks[0]].place == (24.0, 24.0)
    assert len(document.remarks) == 2


@pytest.mark.parametrize("kind", ["Dataset", "CrossEntropyLoss", "Adam", "Accuracy", "StepLR"])
def test_what_belongs_to_training_is_refused_inside_a_block(kind: str) -> None:
    graph = Graph()
    block = graph.define("Unit")
    graph.add("ReLU", name="act", parent=block)
    graph.add("Block", name="unit", block=block)
    document = Document(graph)
    copied = clip.take(document, [graph.add(kind, name="odd")])
    with pytest.raises(GraphError, match=r"odd is (a|an) \w+, which cannot stand in a block"):
        pasting.paste(document, copied, block)


def test_ten_thousand_nodes_are_copied_and_pasted_in_a_few_seconds() -> None:
    nodes = [Node(f"n{number}", "ReLU", f"relu{number}") for number in range(10_000)]
    wires = [Wire(f"n{number}", "output", f"n{number + 1}", "input") for number in range(9_999)]
    graph = PlainGraph()
    graph.apply([*(Change("node", each.id, None, each) for each in nodes)])
    graph.apply([*(Change("wire", each.key, None, each) for each in wires)])
    document = Document(graph)
    start = time.perf_counter()
    copied = clip.loads(clip.dumps(clip.take(document, graph.nodes.keys())))
    check_document(copied.document)
    document.apply(pasting.paste(document, copied).patch)
    assert len(document.graph.nodes) == 20_000
    assert time.perf_counter() - start < 5


class MadUserOfTheClipboard(MadUserOfBlocks):
    """Copies from any level and pastes on any other, as text, between other edits."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    @precondition(MadUserOfBlocks.has_nodes)
    @rule(level=NUMBER, picks=st.sets(st.integers(0, 12), min_size=1))
    def copy(self, level: int, picks: set[int]) -> None:
        found = list(self.graph.level(self._level(level)))
        if found:
            chosen = {found[pick % len(found)].id for pick in picks}
            self.text = clip.dumps(clip.take(self.document, chosen, origin="here"))

    @rule(level=NUMBER, is_home=st.booleans())
    def paste(self, level: int, is_home: bool) -> None:
        if not self.text or len(self.graph.nodes) > 120:
            return
        found, parent = clip.loads(self.text), self._level(level)
        check_document(found.document)
        made: list[pasting.Pasted] = []

        def pasted() -> Patch:
            made.append(pasting.paste(self.document, found, parent, is_home=is_home))
            return made[0].patch

        self._try(pasted)
        if made:
            self._try(lambda: pasting.feed(self.document, found, made[0], parent, is_home=is_home))

    @precondition(MadUserOfBlocks.has_nodes)
    @rule(level=NUMBER, picks=st.sets(st.integers(0, 12), min_size=1), joins=st.booleans())
    def cut(self, level: int, picks: set[int], joins: bool) -> None:
        found = list(self.graph.level(self._level(level)))
        if found:
            chosen = {found[pick % len(found)].id for pick in picks}
            self.text = clip.dumps(clip.take(self.document, chosen))
            act = pasting.cut_joined if joins else pasting.cut
            self._try(lambda: act(self.document, chosen))


MadUserOfTheClipboard.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestMadUserOfTheClipboard = MadUserOfTheClipboard.TestCase
