"""Frozen nodes and rates of their own go along wherever a node goes."""

import pytest

from netloom.errors import DocumentError
from netloom.graph import clip, edit, file
from netloom.graph.document import Document
from netloom.layers import blocks
from netloom.layers.authoring import Graph
from netloom.layers.blocks import pasting
from netloom.layers.sharing import share


@pytest.fixture
def chain() -> Document:
    graph = Graph()
    entry, first = graph.add("Input", "x", shape=(4,)), graph.add("Linear", "first", out_features=4)
    second, out = graph.add("Linear", "second", out_features=4), graph.add("Output", "y")
    for source, target in ((entry, first), (first, second), (second, out)):
        graph.connect(source, target)
    document = Document(graph)
    document.apply(edit.freeze(graph, [graph.named("first").id], frozen=True))
    document.apply(edit.set_rate(graph, graph.named("second").id, 0.5))
    return document


def learning(document: Document) -> dict[str, tuple[bool, float]]:
    nodes = document.graph.nodes.values()
    return {node.name: (node.frozen, node.rate) for node in nodes if node.frozen or node.rate != 1}


EXPECTED = {"first": (True, 1.0), "second": (False, 0.5)}


def test_a_file_keeps_them_and_says_nothing_else(chain: Document) -> None:
    text = file.dumps(chain)
    assert text.count(b'"frozen": true') == text.count(b'"rate": 0.5') == 1
    assert learning(file.loads(text)) == EXPECTED
    again = edit.set_rate(chain.graph, chain.graph.named("second").id, float("1"))
    chain.apply(again)
    assert b'"rate"' not in file.dumps(chain)


@pytest.mark.parametrize("rate", ["-1", "1e9", '"fast"'])
def test_a_file_with_a_wrong_rate_is_refused(chain: Document, rate: str) -> None:
    text = file.dumps(chain).replace(b'"rate": 0.5', f'"rate": {rate}'.encode())
    with pytest.raises(DocumentError, match="rate"):
        file.loads(text)


def test_what_is_copied_keeps_them(chain: Document) -> None:
    keys = [chain.graph.named(name).id for name in ("first", "second")]
    copied = clip.loads(clip.dumps(clip.take(chain, keys)))
    chain.apply(pasting.paste(chain, copied).patch)
    assert learning(chain) == EXPECTED | {"first2": (True, 1.0), "second2": (False, 0.5)}


def test_blocks_keep_them_and_hand_their_own_to_what_is_unpacked(chain: Document) -> None:
    keys = [chain.graph.named(name).id for name in ("first", "second")]
    before = file.dumps(chain)
    chain.apply(blocks.make_block(chain, keys, "pair"))
    assert learning(chain) == EXPECTED
    (block,) = [node for node in chain.graph.nodes.values() if node.kind == "Block"]
    chain.apply(edit.set_rate(chain.graph, block.id, 0.5))
    chain.apply(blocks.unpack(chain, block.id))
    assert learning(chain) == {"first": (True, 0.5), "second": (False, 0.25)}
    chain.apply(edit.set_rate(chain.graph, chain.graph.named("first").id, 1))
    chain.apply(edit.set_rate(chain.graph, chain.graph.named("second").id, 0.5))
    assert file.dumps(chain) == before


def test_an_heir_of_shared_weights_learns_as_the_owner_did(chain: Document) -> None:
    graph = chain.graph
    chain.apply(share(graph, graph.named("second").id, graph.named("first").id))
    chain.apply(edit.remove(chain, [graph.named("first").id]))
    assert learning(chain) == {"second": (True, 1.0)}
