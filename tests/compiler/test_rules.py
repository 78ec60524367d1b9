"""What rules know beyond shapes: multiply-adds, and lengths that stay symbolic."""

import pytest
from tests.compiler.battery import CASES
from tests.compiler.battery.case import Case
from torch.utils.flop_counter import FlopCounterMode

from netloom import compiler
from netloom.layers.authoring import Graph

COUNTED_KINDS = (
    *("Linear", "Conv1d", "Conv2d", "ConvTranspose2d", "MultiheadAttention"),
    *("MatMul", "Einsum", "ScaledDotProductAttention"),
)
COUNTED = [case for case in CASES if case.kind in COUNTED_KINDS and not case.params.get("is_causal")]
"""Torch does not count the causal attention of a processor."""


@pytest.mark.parametrize("case", COUNTED, ids=str)
def test_multiply_adds_are_half_of_torchs_flops(case: Case) -> None:
    graph = case.graph()
    module = compiler.build(graph)
    with FlopCounterMode(display=False) as counter:
        module(*(tensor[:1] for tensor in case.tensors()))
    assert compiler.plan_graph(graph).macs * 2 == counter.get_total_flops()


def test_lengths_stay_symbolic() -> None:
    graph = Graph()
    entry = graph.add("Input", name="words", shape=["L"], dtype="int64")
    embedding = graph.add("Embedding", num_embeddings=50, embedding_dim=16)
    lstm = graph.add("LSTM", hidden_size=8)
    graph.connect(entry, embedding)
    graph.connect(embedding, lstm)
    turned = graph.add("Permute", dims=[0, 2, 1])
    conv = graph.add("Conv1d", out_channels=4, kernel_size=3, stride=2)
    graph.connect(lstm, "output", turned, "input")
    graph.connect(turned, conv)
    plan = compiler.plan_graph(graph)
    assert plan.shapes[lstm, "output"] == ("N", "L", 8)
    assert plan.shapes[lstm, "hidden"] == (1, "N", 8)
    assert plan.shapes[conv, "output"] == ("N", 4, "(L-1)//2")
