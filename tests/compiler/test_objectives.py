"""Losses: equal to those of torch called by hand, refused where torch refuses, and a gradient flows."""

import random
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch
from tests.compiler.battery.case import BATCH, Given, whole
from torch import Tensor, nn

from netloom import compiler
from netloom.compiler import Plan
from netloom.compiler.flow import Flow
from netloom.compiler.planner import Planner
from netloom.compiler.rules import Mismatch
from netloom.compiler.source import training_lines
from netloom.compiler.source.lines import joined
from netloom.errors import GraphError
from netloom.layers.authoring import Graph
from netloom.layers.catalogue import SPECS

ROW = [5]
SIGNS = Given([], "int64", -1, 2)
PROBABILITIES = Given(ROW, low=0.05, high=0.95)
LOGS = Given(ROW, low=-3, high=-0.1)


@dataclass(frozen=True)
class Compared:
    """A loss and what flows into its ports, in their order."""

    kind: str
    given: Sequence[Given | Sequence[int]]
    params: Mapping[str, Any] = field(default_factory=dict)
    calls: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.kind}({', '.join(f'{name}={value}' for name, value in self.params.items())})"

    @property
    def inputs(self) -> list[Given]:
        return [each if isinstance(each, Given) else Given(each) for each in self.given]

    def graph(self) -> Graph:
        graph = Graph()
        loss = graph.add(self.kind, "it", **self.params)
        for index, (given, port) in enumerate(zip(self.inputs, SPECS[self.kind].inputs_for({}), strict=False)):
            entry = graph.add("Input", f"in{index}", shape=list(given.shape), dtype=given.dtype)
            leaving = graph.add("Output", f"out{index}")
            graph.connect(entry, "out", leaving, "input")
            graph.connect(leaving, "out", loss, port.name)
        graph.connect(loss, "loss", graph.add("SGD", "sgd"), "losses")
        return graph


PAIRED = ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "BCEWithLogitsLoss", "SoftMarginLoss")
LOSSES = [
    *(Compared(kind, [ROW, ROW], {"reduction": reduction}) for kind in PAIRED for reduction in ("mean", "sum")),
    Compared("SmoothL1Loss", [[4, 3], [4, 3]], {"beta": 0.3}),
    Compared("HuberLoss", [[4, 3], [4, 3]], {"delta": 0.2}),
    Compared("BCELoss", [PROBABILITIES, PROBABILITIES]),
    Compared("BCELoss", [PROBABILITIES, PROBABILITIES], {"reduction": "sum"}),
    Compared("SoftMarginLoss", [[], SIGNS]),
    Compared("MultiLabelSoftMarginLoss", [ROW, whole(ROW, 2)]),
    Compared("MultiLabelSoftMarginLoss", [ROW, PROBABILITIES], {"reduction": "sum"}),
    Compared("HingeEmbeddingLoss", [ROW, Given(ROW, "int64", -1, 2)]),
    Compared("HingeEmbeddingLoss", [ROW, ROW], {"margin": 0.3, "reduction": "sum"}),
    Compared("KLDivLoss", [LOGS, PROBABILITIES], {"reduction": "batchmean"}),
    Compared("KLDivLoss", [LOGS, LOGS], {"log_target": True, "reduction": "sum"}),
    Compared("PoissonNLLLoss", [ROW, whole(ROW, 9)]),
    Compared("PoissonNLLLoss", [PROBABILITIES, whole(ROW, 9)], {"log_input": False, "full": True, "eps": 1e-4}),
    Compared("GaussianNLLLoss", [ROW, ROW, PROBABILITIES]),
    Compared("GaussianNLLLoss", [[4, 3], [4, 3], Given([4], low=0.1)], {"full": True, "eps": 1e-3}),
    Compared("GaussianNLLLoss", [[4, 3], [4, 3], Given([4, 1], low=0.1)], {"reduction": "sum"}),
    Compared("CrossEntropyLoss", [ROW, whole([], 5)], {"label_smoothing": 0.1}),
    Compared("CrossEntropyLoss", [[5, 4, 3], whole([4, 3], 5)], {"ignore_index": 2}),
    Compared("CrossEntropyLoss", [ROW, PROBABILITIES], {"reduction": "sum"}),
    Compared("CrossEntropyLoss", [ROW, whole([], 5)], {"weight": [1.0, 2.0, 0.5, 0.0, 3.0], "label_smoothing": 0.1}),
    Compared("CrossEntropyLoss", [[5, 4, 3], whole([4, 3], 5)], {"weight": [1, 2, 3, 4, 5]}),
    Compared("CrossEntropyLoss", [ROW, PROBABILITIES], {"weight": [0.2] * 5, "reduction": "sum"}),
    Compared("NLLLoss", [LOGS, whole([], 5)], {"weight": [1.0, 2.0, 0.5, 0.1, 3.0]}),
    Compared("BCEWithLogitsLoss", [ROW, ROW], {"pos_weight": [3.0]}),
    Compared("BCEWithLogitsLoss", [ROW, ROW], {"pos_weight": [3.0, 1.0, 0.5, 2.0, 0.0], "reduction": "sum"}),
    Compared("NLLLoss", [LOGS, whole([], 5)]),
    Compared("NLLLoss", [Given([5, 4], low=-3, high=0), whole([4], 5)], {"ignore_index": 1, "reduction": "sum"}),
    Compared("MultiMarginLoss", [ROW, whole([], 5)]),
    Compared("MultiMarginLoss", [ROW, whole([], 5)], {"p": 2, "margin": 0.5}),
    Compared("MultiLabelMarginLoss", [ROW, Given(ROW, "int64", -1, 5)]),
    Compared("MultiLabelMarginLoss", [ROW, Given(ROW, "int64", -1, 5)], {"reduction": "sum"}),
    Compared("MarginRankingLoss", [[], [], SIGNS]),
    Compared("MarginRankingLoss", [ROW, [1], ROW], {"margin": 0.2, "reduction": "sum"}),
    Compared("CosineEmbeddingLoss", [ROW, ROW, SIGNS]),
    Compared("CosineEmbeddingLoss", [ROW, ROW, SIGNS], {"margin": 0.4, "reduction": "sum"}),
    Compared("TripletMarginLoss", [ROW, ROW, ROW]),
    Compared("TripletMarginLoss", [[4, 3], [4, 3], [4, 3]], {"p": 1.0, "swap": True, "margin": 0.3, "eps": 1e-4}),
    Compared("TripletMarginWithDistanceLoss", [ROW, ROW, ROW]),
    Compared("TripletMarginWithDistanceLoss", [ROW, ROW, ROW], {"swap": True, "margin": 2.0, "reduction": "sum"}),
]


def tensors(case: Compared) -> list[Tensor]:
    torch.manual_seed(1)
    ports = SPECS[case.kind].inputs_for({})
    return [
        each.tensor().requires_grad_(each.dtype.startswith("float") and port.name != "target")
        for each, port in zip(case.inputs, ports, strict=False)
    ]


def by_hand(case: Compared) -> nn.Module:
    """What torch makes of the parameters: lists of weights are tensors there."""
    given = {
        name: torch.tensor(value).float() if isinstance(value, list) else value for name, value in case.params.items()
    }
    made: nn.Module = getattr(nn, case.kind)(**given)
    return made


def weighed(kind: str, weights: list[float], dtype: str = "float32", **params: Any) -> Graph:
    name = "pos_weight" if kind == "BCEWithLogitsLoss" else "weight"
    target = Given(ROW) if kind == "BCEWithLogitsLoss" else whole([], 5)
    return Compared(kind, [Given(ROW, dtype), target], {name: weights, **params}).graph()


@pytest.mark.parametrize(
    ("kind", "weights", "words", "fixed"),
    [
        ("CrossEntropyLoss", [2.0, 3.0], "has weights for 2 classes, the scores are for 5", [2.0, 3.0, 1.0, 1.0, 1.0]),
        ("NLLLoss", [1.0] * 6, "has weights for 6 classes, the scores are for 5", [1.0] * 5),
        ("BCEWithLogitsLoss", [4.0, 2.0], "has 2 weights for yes, each sample has 5 answers", [4.0]),
    ],
)
def test_weights_of_another_number_are_refused_and_mended(
    kind: str, weights: list[float], words: str, fixed: list[float]
) -> None:
    graph = weighed(kind, weights)
    (problem,) = [each for each in compiler.plan_graph(graph).problems if each.severity == "error"]
    assert words in problem.message
    graph.apply(problem.fixes[0].patch.changes)
    assert compiler.plan_graph(graph).is_valid
    assert fixed in graph.named("it").params.values()


@pytest.mark.parametrize("kind", ["CrossEntropyLoss", "NLLLoss", "BCEWithLogitsLoss"])
def test_weights_are_mixed_with_single_precision_only(kind: str) -> None:
    problems = compiler.plan_graph(weighed(kind, [1.0] * 5, "float64")).problems
    assert any("weighs in float32, gets float64" in problem.message for problem in problems)


def test_weights_stand_in_the_source_and_move_with_the_module() -> None:
    plan = compiler.plan_graph(weighed("CrossEntropyLoss", [1, 2, 3, 4, 5]))
    assert "nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0]))" in joined(training_lines(plan)[1]).text
    objective = compiler.compile_plan(plan).objective
    assert [name for name, _ in objective.named_buffers()] == ["it.weight"]
    assert objective.to("meta").it.weight.device.type == "meta"


def test_weights_of_nothing_are_no_weights() -> None:
    graph = Graph()
    with pytest.raises(GraphError, match="at least one weight above 0"):
        graph.add("CrossEntropyLoss", weight=[0.0, 0.0])


@pytest.mark.parametrize("case", LOSSES, ids=str)
def test_a_loss_is_that_of_torch_and_leads_a_gradient_back(case: Compared) -> None:
    plan = compiler.plan_graph(case.graph())
    assert not [problem.message for problem in plan.problems if problem.severity == "error"]
    given = tensors(case)
    (answer,) = compiler.compile_plan(plan).objective(*given)
    assert torch.equal(answer, by_hand(case)(*given))
    assert str(answer.dtype) == f"torch.{planned(plan).dtype}"
    assert answer.shape == ()
    answer.backward()
    assert given[0].grad is not None
    assert torch.isfinite(given[0].grad).all()


def planned(plan: Plan) -> Flow:
    return next(item.outputs["loss"] for item in plan.nodes.values() if item.node.name == "it")


@pytest.mark.parametrize(("reduction", "weight"), [("mean", 1.0), ("sum", 0.5), ("mean", -2.0)])
def test_any_numbers_become_a_loss(reduction: str, weight: float) -> None:
    case = Compared("MeanLoss", [[4, 3]], {"reduction": reduction, "weight": weight})
    (given,) = tensors(case)
    (answer,) = compiler.compile_plan(compiler.plan_graph(case.graph())).objective(given)
    assert torch.equal(answer, getattr(given, reduction)() * weight)
    answer.backward()
    assert given.grad is not None


@pytest.mark.parametrize("wired", [False, True])
def test_sequences_without_lengths_count_whole(wired: bool) -> None:
    plan = compiler.plan_graph(_reading(wired))
    assert plan.is_valid, plan.problems
    torch.manual_seed(0)
    scores = torch.randn(BATCH, 9, 5).log_softmax(-1).requires_grad_()
    labels, steps, sizes = torch.randint(1, 5, (BATCH, 4)), torch.tensor([9, 8, 7]), torch.tensor([4, 3, 2])
    (answer,) = compiler.compile_plan(plan).objective(scores, labels, *((steps, sizes) if wired else ()))
    full = (torch.full((BATCH,), 9), torch.full((BATCH,), 4))
    wanted = nn.CTCLoss()(scores.permute(1, 0, 2), labels, *((steps, sizes) if wired else full))
    assert torch.equal(answer, wanted)
    answer.backward()
    assert scores.grad is not None


def _reading(wired: bool) -> Graph:
    graph = Graph()
    turn, loss = graph.add("Permute", "turn", dims=[1, 0, 2]), graph.add("CTCLoss", "it")
    shapes: list[tuple[str, list[int]]] = [("input", [9, 5]), ("target", [4])]
    shapes += [("input_lengths", []), ("target_lengths", [])] if wired else []
    for port, shape in shapes:
        dtype = "float32" if port == "input" else "int64"
        entry, leaving = graph.add("Input", f"in_{port}", shape=shape, dtype=dtype), graph.add("Output", f"out_{port}")
        graph.connect(entry, "out", leaving, "input")
        target = (turn, "input") if port == "input" else (loss, port)
        graph.connect(leaving, "out", *target)
    graph.connect(turn, "output", loss, "input")
    graph.connect(loss, "loss", graph.add("SGD", "sgd"), "losses")
    return graph


PROBED = [kind for kind, found in SPECS.items() if found.role == "loss" and kind not in ("MeanLoss", "CTCLoss")]
SHAPES = [(3, 4), (3, 4), (3, 4), (3,), (3, 1), (1, 4), (3, 4, 2), (3, 2), (), (4,), (1,)]
DTYPES = ["float32", "float32", "float64", "float16", "bfloat16", "int64", "int32", "uint8", "bool"]


@pytest.mark.parametrize("kind", PROBED)
def test_a_loss_refuses_what_torch_refuses(kind: str) -> None:
    """Where the rule says yes torch says yes; where it says no to like shapes, so does torch."""
    drawn = random.Random(kind)
    accepted = 0
    for _ in range(400):
        ports = [port.name for port in SPECS[kind].inputs_for({})]
        shapes = [drawn.choice(SHAPES)] * len(ports) if drawn.random() < 0.5 else drawn.choices(SHAPES, k=len(ports))
        flows = {
            port: Flow(shape, drawn.choice(DTYPES if port in ("target", "var") else DTYPES[:5]))
            for port, shape in zip(ports, shapes, strict=True)
        }
        fits, works = _accepts(kind, flows), _works(kind, flows)
        accepted += fits
        assert not fits or works, f"{kind} takes {flows}, but torch does not"
        assert fits or not works or _is_likely_mistake(kind, flows), f"{kind} refuses {flows}, but torch does not"
    assert accepted


def _accepts(kind: str, flows: Mapping[str, Flow]) -> bool:
    inputs = {port: (flow,) for port, flow in flows.items()}
    arguments = {param.name: param.default for param in SPECS[kind].params}
    try:
        Planner().answer(kind, arguments, inputs)
    except Mismatch:
        return False
    return True


def _works(kind: str, flows: Mapping[str, Flow]) -> bool:
    given = [_drawn(flow, learned=port != "target") for port, flow in flows.items()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            getattr(nn, kind)()(*given).backward()
        except (RuntimeError, ValueError, IndexError):
            return False
    return True


def _drawn(flow: Flow, *, learned: bool) -> Tensor:
    size, dtype = tuple(int(str(dim)) for dim in flow.shape), getattr(torch, flow.dtype)
    if dtype.is_floating_point:
        return (torch.rand(size) * 0.8 + 0.1).to(dtype).requires_grad_(learned)
    return torch.zeros(size, dtype=dtype)


def _is_likely_mistake(kind: str, flows: Mapping[str, Flow]) -> bool:
    """What torch stretches or converts without a word: other shapes, a lone class, and whole numbers as amounts."""
    shapes = {flow.shape for flow in flows.values()}
    whole_numbers = not flows["target"].dtype.startswith("float") if "target" in flows else False
    return len(shapes) > 1 or shapes <= {(), (1,)} or (whole_numbers and kind in ("MSELoss", "L1Loss", "SmoothL1Loss"))
