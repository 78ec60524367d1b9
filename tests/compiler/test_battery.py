"""Every kind answers what torch itself answers: shapes, dtypes, parameters, values, gradients; and survives a file."""

import pytest
import torch
from tests.compiler.battery import CASES
from tests.compiler.battery.case import BATCH, Case, flat

from netloom import compiler
from netloom.compiler.rules import RULES
from netloom.graph import Document, file
from netloom.layers.catalogue import SPECS
from netloom.layers.edit import check_document

QUIET = pytest.mark.filterwarnings("ignore:LSTM with projections")
EVERY = pytest.mark.parametrize("case", CASES, ids=str)


@EVERY
@QUIET
def test_a_kind_answers_what_torch_answers(case: Case) -> None:
    plan = compiler.plan_graph(case.graph())
    assert not [problem.message for problem in plan.problems if problem.severity == "error"]
    torch.manual_seed(0)
    model = compiler.build_module(plan)
    tensors = case.tensors()
    wanted = case.hand_called(plan, model, tensors)
    torch.manual_seed(2)
    answers = flat(model(*tensors))
    for flow, answer, by_hand in zip(plan.outputs.values(), answers, wanted, strict=True):
        assert flow.with_values({"N": BATCH}) == tuple(answer.shape)
        assert f"torch.{flow.dtype}" == str(answer.dtype)
        torch.testing.assert_close(answer, by_hand, rtol=0, atol=0, equal_nan=True)
    assert plan.parameters == sum(weight.numel() for weight in model.parameters())


@EVERY
@QUIET
def test_a_kind_survives_a_file(case: Case) -> None:
    document = Document(case.graph())
    again = file.loads(file.dumps(document))
    check_document(again)
    assert file.dumps(again) == file.dumps(document)
    assert compiler.source(compiler.plan_graph(again.graph)) == compiler.source(compiler.plan_graph(document.graph))


@pytest.mark.parametrize("case", [case for case in CASES if case.gradient], ids=str)
@QUIET
def test_gradient_flows_through_a_kind(case: Case) -> None:
    model = compiler.build(case.graph())
    tensors = [
        each.requires_grad_() if each.is_floating_point() or each.is_complex() else each for each in case.tensors()
    ]
    answers = [each for each in flat(model(*tensors)) if each.requires_grad]
    torch.autograd.backward([each.abs().sum() for each in answers])
    leaves = [each for each in (*tensors, *model.parameters()) if each.requires_grad]
    assert leaves
    assert all(each.grad is not None and torch.isfinite(each.grad).all() for each in leaves)


def test_every_kind_has_a_rule_and_a_case() -> None:
    walked = {"dataset", "input", "output", "block", "custom"}
    assert set(RULES) == {kind for kind, spec in SPECS.items() if spec.role not in walked}
    modules = {kind for kind in RULES if SPECS[kind].role in ("module", "function")}
    assert {case.kind for case in CASES} == modules
