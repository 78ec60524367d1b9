"""Copied nodes as text: what a clip holds, and that no text on a clipboard can do harm."""

import json

import hypothesis.strategies as st
import pytest
from hypothesis import given

from netloom.errors import DocumentError
from netloom.graph import Block, Change, Document, Graph, Node, Remark, View, Wire, clip


def drawn() -> Document:
    """A row a → b → c, of which b shows a block that shows another; frames and notes on two levels."""
    nodes = [
        Node("n1", "Input", "a"),
        Node("n2", "Block", "b", {"block": "b1"}),
        Node("n3", "ReLU", "c", bypassed=True),
        Node("n4", "Block", "inner", {"block": "b2"}, "b1"),
        Node("n5", "ReLU", "deep", {}, "b2"),
        Node("n6", "Linear", "first"),
        Node("n7", "Linear", "second", share="n6"),
    ]
    blocks = [Block("b1", "Outer"), Block("b2", "Inner"), Block("b3", "Other")]
    wires = [Wire("n1", "out", "n2", "x"), Wire("n2", "y", "n3", "input")]
    graph = Graph()
    graph.apply(Change("block", each.id, None, each) for each in blocks)
    graph.apply(Change("node", each.id, None, each) for each in nodes)
    graph.apply(Change("wire", each.key, None, each) for each in wires)
    view = View(
        {"n1": (0.0, 0.0), "n2": (200.0, 0.0), "n5": (8.0, 8.0)},
        {"n2": True},
        {"n3": "why"},
        {("n3", "input", 0): ((300.0, 40.0),), ("n2", "x", 0): ((100.0, 40.0),)},
        {
            "r1": Remark("r1", "frame", "Row", (0.0, 0.0), (600.0, 200.0)),
            "r2": Remark("r2", "note", "inside", (0.0, 0.0), (80.0, 40.0), parent="b2"),
        },
        directions={"b1": "down"},
    )
    return Document(graph, view=view)


def test_a_clip_holds_the_blocks_that_its_nodes_show_and_the_wires_inside() -> None:
    found = clip.take(drawn(), ["n2", "n3"], ["r1"], {"n3": (400.0, 0.0)})
    graph = found.document.graph
    assert set(graph.nodes) == {"n2", "n3", "n4", "n5"}
    assert set(graph.blocks) == {"b1", "b2"}
    assert set(graph.wires) == {("n3", "input", 0)}
    assert graph.nodes["n3"].bypassed
    assert found.document.positions["n3"] == (400.0, 0.0)
    assert found.document.comments == {"n3": "why"}
    assert found.document.collapsed == {"n2": True}
    assert found.document.bends == {("n3", "input", 0): ((300.0, 40.0),)}
    assert set(found.document.remarks) == {"r1", "r2"}
    assert found.document.directions == {"b1": "down"}


def test_a_clip_knows_what_fed_it() -> None:
    found = clip.take(drawn(), ["n2"])
    assert found.feeds == (clip.Feed("n1", "a", "out", "n2", "x"),)


def test_shared_weights_stay_shared_among_what_is_copied_only() -> None:
    both = clip.take(drawn(), ["n6", "n7"]).document.graph
    assert both.nodes["n7"].share == "n6"
    assert clip.take(drawn(), ["n7"]).document.graph.nodes["n7"].share == ""


def test_nodes_of_a_block_stand_at_the_top_of_a_clip() -> None:
    found = clip.take(drawn(), ["n5"], ["r2"]).document
    assert found.graph.nodes["n5"].parent == ""
    assert found.remarks["r2"].parent == ""
    assert not found.graph.blocks


def test_a_clip_comes_back_from_its_text() -> None:
    before = clip.take(drawn(), ["n2", "n3", "n6", "n7"], ["r1"], origin="abc")
    after = clip.loads(clip.dumps(before))
    assert clip.dumps(after) == clip.dumps(before)
    assert (after.feeds, after.origin) == (before.feeds, "abc")


def test_the_text_of_a_whole_document_is_a_clip_of_its_top_level() -> None:
    text = clip.dumps(clip.Clip(drawn()))
    raw = json.loads(text)
    del raw["clip"]
    assert len(list(clip.loads(json.dumps(raw)).document.graph.level())) == 5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "conv1",
        "{}",
        "[1, 2]",
        '{"format": true}',
        '{"format": 1}',
        '{"format": 99, "graph": {}}',
        '{"clip": 3, "format": 1, "graph": {}}',
        '{"clip": {"run": "rm"}, "format": 1, "graph": {}}',
        '{"clip": {"feeds": [{"source": 1}]}, "format": 1, "graph": {}}',
        '{"format": 1, "graph": {"nodes": [{"id": "n1", "kind": "ReLU", "name": "import os"}]}}',
        '{"format": 1, "graph": {}, "view": {"positions": {"n1": [0, 0]}}}',
        '{"format": 1, "graph": {}, "format": 1}',
        '{"format": 1, "graph": "\ud800"}',
        "[" * 100_000,
        '{"format": ' + "9" * 10_000 + "}",
    ],
)
def test_other_text_is_no_clip(text: str) -> None:
    with pytest.raises(DocumentError):
        clip.loads(text)


def test_a_text_beyond_all_measure_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clip, "LARGEST", 100)
    with pytest.raises(DocumentError, match="longer"):
        clip.loads(clip.dumps(clip.Clip(drawn())))


@given(st.text(max_size=40), st.integers(0, 10_000))
def test_no_damage_to_a_text_breaks_the_reader(noise: str, place: int) -> None:
    text = clip.dumps(clip.take(drawn(), ["n2", "n3"]))
    place %= len(text)
    try:
        found = clip.loads(text[:place] + noise + text[place + len(noise) :])
    except DocumentError:
        return
    written = clip.dumps(found)
    assert clip.dumps(clip.loads(written)) == written
