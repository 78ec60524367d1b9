"""Rules of layers on maps refuse what torch refuses and answer what torch answers, and say what would help."""

import contextlib
import time
import warnings
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import pytest
import torch
from tests.compiler import drawn
from tests.compiler.battery import CASES
from tests.compiler.battery.case import Case
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from netloom import compiler
from netloom.compiler.arguments import arguments_of
from netloom.compiler.dims import Dim, symbol
from netloom.compiler.flow import Flow
from netloom.compiler.rules import RULES, Answer, Mismatch
from netloom.graph import Document, History
from netloom.layers.authoring import Graph
from netloom.layers.catalogue import SPECS
from netloom.layers.families import (
    activation,
    convolution,
    distance,
    dropout,
    linear,
    normalisation,
    padding,
    pooling,
    resampling,
)

FAMILIES = (linear, convolution, pooling, normalisation, dropout, activation, resampling, padding, distance)
KINDS = [each.kind for family in FAMILIES for each in family.KINDS]
DRAWS = 25
LEAST_ACCEPTED = 0.4
IMAGES = ("PixelShuffle", "PixelUnshuffle", "Unfold", "Fold", "Softmax2d")
Found = list[tuple[tuple[int, ...], str]]


def answered(kind: str, params: Mapping[str, Any], flows: Sequence[Flow]) -> tuple[Answer, Mapping[str, Any]]:
    """What the rule says, and the arguments with which the module is made."""
    inputs = {port.name: (flow,) for port, flow in zip(SPECS[kind].inputs_for(params), flows, strict=True)}
    arguments, _ = arguments_of(SPECS[kind].params, params, inputs)
    return RULES[kind](arguments, inputs), arguments


def planned(kind: str, params: Mapping[str, Any], shapes: Sequence[Sequence[int]]) -> tuple[Found | None, int, str]:
    """The rule's outputs and number of weights, or why it refuses."""
    dtypes = ["int64" if port.flow == "integer" else "float32" for port in SPECS[kind].inputs_for(params)]
    flows = [Flow((symbol("N"), *shape[1:]), dtype) for shape, dtype in zip(shapes, dtypes, strict=True)]
    try:
        answer, _ = answered(kind, params, flows)
    except Mismatch as mismatch:
        return None, 0, mismatch.text
    outputs = [(flow.with_values({"N": drawn.BATCH}), flow.dtype) for flow in answer.outputs.values()]
    return outputs, answer.parameters, ""


def ran(kind: str, params: Mapping[str, Any], shapes: Sequence[Sequence[int]]) -> tuple[Found | None, int]:
    """The real module's outputs, with and without gradients, and its number of weights; None where it raises."""
    ports = SPECS[kind].inputs_for(params)
    tensors = [
        torch.zeros(*shape, dtype=torch.int64) if port.flow == "integer" else torch.rand(*shape)
        for shape, port in zip(shapes, ports, strict=True)
    ]
    flows = {port.name: (Flow(tuple(shape)),) for shape, port in zip(shapes, ports, strict=True)}
    try:
        arguments, _ = arguments_of(SPECS[kind].params, params, flows)
        made = {name: tuple(value) if isinstance(value, list) else value for name, value in arguments.items()}
        module = getattr(nn, kind)(**made)
        module(*tensors)
        answers = module(*(each.requires_grad_() if each.is_floating_point() else each for each in tensors))
        answers = (answers,) if isinstance(answers, Tensor) else answers
        answers[0].sum().backward()
    except Exception:  # noqa: BLE001 - torch refuses with errors of many kinds
        return None, 0
    outputs = [(tuple(each.shape), str(each.dtype).removeprefix("torch.")) for each in answers]
    return outputs, sum(weight.numel() for weight in module.parameters())


def is_stricter(kind: str, shape: Sequence[int], real: Found | None) -> bool:
    """Where a rule may refuse what torch runs: nothing would come in or out, the batch would be taken for channels, or
    more dimensions are averaged than the kind's name says."""
    if real is None:
        return False
    nothing = 0 in shape or any(0 in found for found, _ in real)
    usual = drawn.rank_of(kind)
    other = usual and (len(shape) == usual - 1 or kind.startswith(("AdaptiveAvg", "Upsampling")))
    return bool(nothing or other or (kind in IMAGES and len(shape) == 3))


def splits_the_batch(kind: str, params: Mapping[str, Any], shape: Sequence[int]) -> bool:
    """Whether it depends on the batch's size, which no plan knows."""
    return kind in ("GLU", "Unflatten") and params.get("dim", 1) % len(shape) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_refuses_and_answers_as_torch_does(kind: str) -> None:
    random = Random(kind)
    for _ in range(DRAWS):
        params = drawn.settings(random, SPECS[kind])
        shapes = drawn.shapes(random, kind, params)
        said, parameters, why = planned(kind, params, shapes)
        if splits_the_batch(kind, params, shapes[0]) or "nothing but padding" in why:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            real, weights = ran(kind, params, shapes)
        if said is None and is_stricter(kind, shapes[0], real):
            continue
        assert (said, parameters) == (real, weights), f"{params} {shapes}: {why}"


def test_most_drawn_settings_are_accepted() -> None:
    """Else the test above would prove only refusals."""
    accepted = 0
    for kind in KINDS:
        random = Random(kind)
        for _ in range(DRAWS):
            params = drawn.settings(random, SPECS[kind])
            accepted += planned(kind, params, drawn.shapes(random, kind, params))[0] is not None
    assert accepted > LEAST_ACCEPTED * DRAWS * len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_free_size_gives_a_formula_that_is_right_for_every_number(kind: str) -> None:
    random = Random(kind)
    for _ in range(DRAWS):
        params = drawn.settings(random, SPECS[kind])
        shapes = drawn.shapes(random, kind, params)
        said, _, _ = planned(kind, params, shapes)
        place = len(shapes[0]) - 1
        size = shapes[0][place]
        flows = [Flow(_freed(shape, place, size), "float32") for shape in shapes]
        if said is None or any(port.flow == "integer" for port in SPECS[kind].inputs_for(params)):
            continue
        try:
            answer, _ = answered(kind, params, flows)
        except Mismatch:
            continue
        values = {"N": drawn.BATCH, "L": size}
        assert [flow.with_values(values) for flow in answer.outputs.values()] == [found for found, _ in said]


def _freed(shape: Sequence[int], place: int, size: int) -> tuple[Dim, ...]:
    last = symbol("L") if shape[place] == size else shape[place]
    return (symbol("N"), *shape[1:place], last)


FREE = [
    ("Conv1d", {"kernel_size": 3, "stride": 2}, [4, "L"], "N×16×(L-1)//2"),
    ("Conv1d", {"padding": "same"}, [4, "L"], "N×16×L"),
    ("ConvTranspose1d", {"stride": 2}, [4, "L"], "N×16×2L+1"),
    ("MaxPool1d", {}, [4, "L"], "N×4×L//2"),
    ("AvgPool1d", {"ceil_mode": True}, [4, "L"], "N×4×(L+1)//2"),
    ("AdaptiveMaxPool1d", {"output_size": 5}, [4, "L"], "N×4×5"),
    ("ZeroPad1d", {"padding": [3, -1]}, [4, "L"], "N×4×L+2"),
    ("Upsample", {"scale_factor": [1.5]}, [4, "L"], "N×4×3L//2"),
    ("GLU", {}, [4, "L"], "N×4×L//2"),
    ("PixelShuffle", {}, [8, "H", "W"], "N×2×2H×2W"),
    ("Unflatten", {"dim": 2, "unflattened_size": [-1, 2]}, [4, "L"], "N×4×L//2×2"),
    ("Unfold", {"kernel_size": 2, "stride": 2}, [3, "H", 4], "N×12×2(H//2)"),
    ("InstanceNorm1d", {}, [4, "L"], "N×4×L"),
    ("Conv2d", {"kernel_size": 1}, [3, "H", "W"], "N×16×H×W"),
]


@pytest.mark.parametrize(("kind", "params", "shape", "wanted"), FREE, ids=[each[0] for each in FREE])
def test_free_sizes_stay_readable(kind: str, params: Mapping[str, Any], shape: list[Any], wanted: str) -> None:
    flow = Flow((symbol("N"), *(symbol(dim) if isinstance(dim, str) else dim for dim in shape)))
    answer, _ = answered(kind, params, [flow])
    assert str(answer.outputs["output"]) == wanted


def chain(shape: Sequence[Any], *layers: tuple[str, Mapping[str, Any]]) -> Graph:
    graph = Graph()
    before = graph.add("Input", name="x", shape=list(shape))
    for index, (kind, params) in enumerate(layers):
        node = graph.add(kind, f"layer{index}", **params)
        graph.connect(before, node)
        before = node
    graph.connect(before, graph.add("Output", name="y"))
    return graph


WORDS = [
    (
        [3, 26, 26],
        ("Linear", {"in_features": 128}),
        "reads 128 features, this wire brings 26",
        "Insert Flatten and use 2028",
    ),
    ([28, 28, 3], ("Conv2d", {"in_channels": 3}), "expects 3 channels, gets 28", "Insert Permute to channels first"),
    ([28, 28, 3], ("Conv2d", {}), "seem to come last", "Insert Permute to channels first"),
    ([28, 28], ("Conv2d", {}), "takes N×C×H×W, gets N×28×28", "Insert Reshape to one channel"),
    ([64], ("ConvTranspose2d", {}), "takes N×C×H×W, gets N×64", "Insert Unflatten to 64×1×1"),
    ([8, 5, 4], ("Conv1d", {}), "takes N×C×L, gets N×8×5×4", "Insert Flatten of each map"),
    ([8, 3, 3], ("Conv2d", {"kernel_size": 5}), "larger than the 3×3 that comes in", "Use 3×3"),
    ([8, 3, 3], ("Conv2d", {"padding": 3, "padding_mode": "reflect"}), "needs at most 2", "Use zeros"),
    ([8, 9, 9], ("Conv2d", {"groups": 3}), "does not divide in_channels 8", "Use 8 groups"),
    ([4, 4, 4], ("ConvTranspose2d", {"padding": 7}), "would put out nothing", "Use padding 0"),
    ([4, 1, 1], ("MaxPool2d", {"padding": 1, "dilation": 2, "stride": 1}), "nothing but padding", "Use dilation 1"),
    ([4, 6, 6], ("FractionalMaxPool2d", {"output_size": 3}), "either an output_size", "Keep the size"),
    ([4, 6, 6], ("ReflectionPad2d", {"padding": 6}), "a mirrored border is smaller than the map", "Use padding 1"),
    ([4, 6], ("CircularPad1d", {"padding": 7}), "wrap around more than once", "Use padding 1"),
    ([6, 5, 5], ("GroupNorm", {"num_groups": 4}), "does not divide its 6 channels", "Use 2 groups"),
    ([6, 5, 5], ("PReLU", {"num_parameters": 4}), "has 4 slopes", "Use 6"),
    ([6, 5, 5], ("PixelShuffle", {}), "makes one channel of 4", "Use 1"),
    ([6, 5, 5], ("Upsample", {"size": 9}), "either a size or a scale_factor", "Keep the size"),
    ([6, 5], ("Upsample", {}), "2 numbers, but N×6×5 has 1", "Use 1 times 2.0"),
    ([6, 5], ("Upsample", {"scale_factor": [2.0], "mode": "bilinear"}), "takes N×C×H×W", "Use linear"),
    ([18, 25], ("Fold", {}), "has 36 patches, but 25 come", "Use 7×7"),
    ([12], ("Unflatten", {"unflattened_size": [5, 2]}), "into 5×2, but it has 12 values", "Use -1 for the first"),
    ([6, 5, 5], ("Hardtanh", {"min_val": 2.0}), "must be below max_val", "Use the usual values"),
]


@pytest.mark.parametrize(("shape", "layer", "text", "fix"), WORDS, ids=[f"{each[1][0]}-{each[2]}" for each in WORDS])
def test_what_does_not_fit_is_said_and_mended_by_a_click(
    shape: list[int], layer: tuple[str, Mapping[str, Any]], text: str, fix: str
) -> None:
    graph = chain(shape, layer)
    found = [problem for problem in compiler.plan_graph(graph).problems if text in problem.message]
    assert len(found) == 1
    patch = next(each.patch for each in found[0].fixes if each.label == fix)
    History(Document(graph)).do(patch)
    assert not [problem for problem in compiler.plan_graph(graph).problems if text in problem.message]


COUNTED = [case for case in CASES if case.kind.startswith("Conv") and "Pad" not in case.kind]


@pytest.mark.parametrize("case", COUNTED, ids=str)
def test_multiply_adds_of_convolutions_are_half_of_torchs_flops(case: Case) -> None:
    graph = case.graph()
    module = compiler.build(graph)
    with FlopCounterMode(display=False) as counter:
        module(*(tensor[:1] for tensor in case.tensors()))
    assert compiler.plan_graph(graph).macs * 2 == counter.get_total_flops()


@pytest.mark.parametrize("kind", KINDS)
def test_the_most_absurd_settings_are_answered_or_refused_at_once(kind: str) -> None:
    random = Random(kind)
    started = time.perf_counter()
    for _ in range(DRAWS):
        params = drawn.absurd(random, SPECS[kind])
        ports = SPECS[kind].inputs_for(params)
        shape = [random.choice((0, 1, 2**31 - 1, symbol("L"))) for _ in range(random.randint(0, 6))]
        with contextlib.suppress(Mismatch):
            answered(kind, params, [Flow(tuple(shape)) for _ in ports])
    assert time.perf_counter() - started < 1


def test_places_of_a_pooling_lead_back_through_an_unpooling() -> None:
    graph = Graph()
    entry = graph.add("Input", name="x", shape=[3, 8, 8])
    pool = graph.add("MaxPool2d", name="pool", return_indices=True)
    back = graph.add("MaxUnpool2d", name="back")
    graph.connect(entry, pool)
    graph.connect(pool, "output", back, "input")
    graph.connect(pool, "indices", back, "indices")
    graph.connect(back, graph.add("Output", name="y"))
    x = torch.rand(2, 3, 8, 8)
    pooled, indices = nn.MaxPool2d(2, return_indices=True)(x)
    assert torch.equal(compiler.build(graph)(x), nn.MaxUnpool2d(2)(pooled, indices))


def test_what_waits_for_the_backward_pass() -> None:
    flow = Flow((symbol("N"), 6, 8, 8))
    values = 6 * 8 * 8
    assert answered("Flatten", {}, [flow])[0].kept == 0
    assert answered("Identity", {}, [flow])[0].kept == 0
    assert answered("ReLU", {}, [flow])[0].kept is None
    assert str(answered("MaxPool2d", {}, [flow])[0].kept) == f"{values // 4 * 12}N"
