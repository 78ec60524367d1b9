"""A mutated document without errors runs: its model and losses take tensors of the planned shapes, and give them."""

import random
import string

import pytest
import torch
from tests.compiler.battery.case import flat
from tests.compiler.hostile import mutated
from torch import Tensor

from netloom import compiler
from netloom.compiler.flow import Flow
from netloom.errors import BuildError, DocumentError
from netloom.graph import Graph, file
from netloom.layers import custom
from netloom.layers.edit import check_document

SIZES = dict.fromkeys(string.ascii_letters, 96) | {"N": 32, "H": 128, "W": 160}
MOST_PARAMETERS, MOST_COPIES = 10**8, 100
NO_DATA = ("register_meta", "meta tensors", "multiplication overflow")
"""What PyTorch says of operations that need numbers, which tensors without data have not."""
NOT_EVEN = ("divisible", "to be 20 but", "Invalid input shape for pixel_shuffle")
"""What PyTorch says where a free size must be a multiple of something, or one certain size."""
LEARNED_TARGET = "not differentiable with respect to argument 'target'"
"""What SoftMarginLoss says of a target that the model itself makes: no shape tells that."""


def tensor(flow: Flow) -> Tensor:
    return torch.empty(flow.with_values(SIZES), dtype=getattr(torch, flow.dtype))


def opened(seed: int) -> Graph | None:
    try:
        made = file.loads(mutated(random.Random(seed)))
        check_document(made)
    except DocumentError:
        return None
    return made.graph


def is_small(graph: Graph, plan: compiler.Plan) -> bool:
    copies = [node.params.get("repeat", 1) for node in graph.nodes.values()]
    is_own = any(node.kind in custom.KINDS for node in graph.nodes.values())
    few = all(isinstance(each, int) and each < MOST_COPIES for each in copies)
    return not is_own and few and plan.parameters < MOST_PARAMETERS


def run(plan: compiler.Plan) -> None:
    """Model and losses on tensors without data; AssertionError where the plan says something else."""
    with torch.device("meta"):
        made = compiler.compile_plan(plan)
        found = flat(made.model(*map(tensor, plan.inputs.values())))
        if not plan.outputs:
            return
        for flow, answer in zip(plan.outputs.values(), found, strict=True):
            assert flow.with_values(SIZES) == tuple(answer.shape)
            assert f"torch.{flow.dtype}" == str(answer.dtype)
        columns = [tensor(plan.nodes[node].outputs[port]) for node, port in made.columns]
        assert all(loss.shape == () for loss in made.objective(*found, *columns))


def tried(seed: int) -> bool:
    """Whether there was something to run."""
    graph = opened(seed)
    plan = None if graph is None else compiler.plan_graph(graph, 32)
    if graph is None or plan is None or not plan.is_valid or not is_small(graph, plan):
        return False
    try:
        run(plan)
    except BuildError:
        return False
    except RuntimeError as error:
        if not any(words in str(error) for words in (*NO_DATA, *NOT_EVEN, LEARNED_TARGET)):
            raise AssertionError(f"{seed}: {compiler.source(plan).text}") from error
    return True


@pytest.mark.filterwarnings("ignore")
def test_a_mutated_document_without_errors_runs() -> None:
    assert sum(tried(seed) for seed in range(300)) > 30


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("part", range(10))
def test_many_mutated_documents_without_errors_run(part: int) -> None:
    assert sum(tried(seed) for seed in range(10_000 + part * 1_500, 11_500 + part * 1_500)) > 120
