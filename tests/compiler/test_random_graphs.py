"""Random graphs: the plan is what happens, the source is what an interpreter does, a file gives the same graph."""

import pytest
import torch
from tests.compiler.battery.case import BATCH, flat
from tests.compiler.random_graphs import Grower, interpreted
from torch import Tensor

from netloom import compiler
from netloom.compiler import Planner
from netloom.graph import Document, file
from netloom.layers.edit import check_document

FEW, MANY = 40, 2_000
PARTS = 20

pytestmark = [
    pytest.mark.filterwarnings("ignore:LSTM with projections"),
    pytest.mark.filterwarnings("ignore:std.*degrees of freedom"),
    pytest.mark.filterwarnings("ignore:var.*degrees of freedom"),
]


def inputs(plan: compiler.Plan) -> dict[str, Tensor]:
    return {name: torch.rand(flow.with_values({"N": BATCH})) * 2 - 1 for name, flow in plan.inputs.items()}


def check(seed: int) -> int:
    """Everything that must hold for one graph; the number of its nodes."""
    grower = Grower(seed)
    graph = grower.grown(grower.chance.randint(4, 18))
    plan = grower.plan
    errors = [problem.message for problem in plan.problems if problem.severity == "error"]
    assert not errors, (seed, errors)
    assert plan == compiler.plan_graph(graph), seed
    torch.manual_seed(seed)
    model = compiler.build_module(plan).eval()
    given = inputs(plan)
    with torch.no_grad():
        answers = flat(model(*given.values()))
        wanted = interpreted(plan, model, given, grower.cases)
    for flow, answer, by_hand in zip(plan.outputs.values(), answers, wanted, strict=True):
        assert flow.with_values({"N": BATCH}) == tuple(answer.shape), seed
        assert f"torch.{flow.dtype}" == str(answer.dtype), seed
        torch.testing.assert_close(answer, by_hand, rtol=0, atol=0, equal_nan=True, msg=str(seed))
    document = file.loads(file.dumps(Document(graph)))
    check_document(document)
    assert file.dumps(document) == file.dumps(Document(graph)), seed
    assert compiler.source(compiler.plan_graph(document.graph)) == compiler.source(plan), seed
    return len(graph.nodes)


@pytest.mark.parametrize("seed", range(FEW))
def test_a_random_graph_does_what_its_plan_and_source_say(seed: int) -> None:
    assert check(seed) >= 2


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("part", range(PARTS))
def test_two_thousand_random_graphs_do_what_they_say(part: int) -> None:
    sizes = [check(10_000 + seed) for seed in range(part, MANY, PARTS)]
    assert max(sizes) > 12


@pytest.mark.parametrize("seed", range(FEW))
def test_a_plan_after_edits_is_the_plan_of_a_fresh_start(seed: int) -> None:
    grower = Grower(seed)
    graph = grower.grown(14)
    planner = Planner()
    planner.plan(graph)
    for _ in range(25):
        grower.edit_by_chance()
        assert planner.plan(graph) == compiler.plan_graph(graph), seed
        if len(graph.nodes) < 3:
            break
