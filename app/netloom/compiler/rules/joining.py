"""Operations that bring several flows together, and the losses and metrics."""

from collections.abc import Sequence

from netloom.compiler.dims import Dim, is_fixed
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dense import axis
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Insert,
    Mismatch,
    SetParam,
    Widen,
    expect_float,
    flag,
    number,
    one,
)

SCALAR = Flow(())
MOST_JOINED = 256
USUAL_MOMENTUM = 0.9


def broadcast(_: Arguments, inputs: Inputs) -> Answer:
    """Add, Multiply: shapes are aligned at their ends; a 1 stretches."""
    flows = inputs["inputs"]
    _expect_few(flows)
    shape: tuple[Dim, ...] = ()
    for flow in flows:
        shape = _stretched(shape, flow.shape, flows)
    dtype = next((flow.dtype for flow in flows if not flow.is_integer), flows[0].dtype)
    return Answer({"output": Flow(shape, dtype)})


def _expect_few(flows: Sequence[Flow]) -> None:
    if len(flows) > MOST_JOINED:
        raise Mismatch(
            f"{{node}} joins {MOST_JOINED} wires at most, gets {len(flows)}. Join some of them before.", "inputs"
        )


def _stretched(a: tuple[Dim, ...], b: tuple[Dim, ...], flows: Sequence[Flow]) -> tuple[Dim, ...]:
    rank = max(len(a), len(b))
    result = []
    for x, y in zip((1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b, strict=True):
        if x not in (1, y) and y != 1:
            raise Mismatch(f"{{node}} cannot combine {' and '.join(map(str, flows))}: {x} and {y} differ.", "inputs")
        result.append(y if x == 1 else x)
    return tuple(result)


def concatenate(arguments: Arguments, inputs: Inputs) -> Answer:
    """Concatenate: all dimensions but one must agree."""
    flows = inputs["inputs"]
    _expect_few(flows)
    first = flows[0]
    dim = axis(first, number(arguments, "dim"))
    total = first.shape[dim]
    for flow in flows[1:]:
        if len(flow.shape) != len(first.shape) or any(
            a != b for i, (a, b) in enumerate(zip(first.shape, flow.shape, strict=True)) if i != dim
        ):
            raise Mismatch(
                f"{{node}} joins along dimension {dim}; the others must agree, but {first} and {flow} do not.", "inputs"
            )
        total = total + flow.shape[dim]
    return Answer({"output": Flow((*first.shape[:dim], total, *first.shape[dim + 1 :]), first.dtype)})


def cross_entropy(_: Arguments, inputs: Inputs) -> Answer:
    """CrossEntropyLoss: N×C scores against N class numbers, or against N×C probabilities."""
    scores, target = one(inputs), one(inputs, "target")
    expect_float(scores)
    if not target.is_integer:
        if target.shape != scores.shape:
            raise Mismatch(f"{{node}} compares {scores} with probabilities of the same shape, gets {target}.", "target")
        return Answer({"loss": SCALAR})
    expected = (scores.shape[0], *scores.shape[2:])
    if len(scores.shape) < 2 or target.shape != expected:
        remedies = [Insert("Insert Flatten", "Flatten")] if len(scores.shape) > 2 and len(target.shape) == 1 else []
        raise Mismatch(f"{{node}} takes scores N×C and class numbers N, gets {scores} and {target}.", "input", remedies)
    classes = scores.shape[1]
    if target.classes and is_fixed(classes) and classes < target.classes:
        raise Mismatch(
            f"{{node}} gets {classes} scores, the labels have {target.classes} classes.",
            "input",
            [Widen(target.classes)],
        )
    return Answer({"loss": SCALAR})


def paired(_: Arguments, inputs: Inputs) -> Answer:
    """MSELoss and BCEWithLogitsLoss: prediction and target of the same shape, both decimal numbers."""
    found, target = one(inputs), one(inputs, "target")
    expect_float(found)
    expect_float(target, "target")
    if found.shape != target.shape:
        last = target.shape[-1] if target.shape else 0
        same_rank = len(found.shape) == len(target.shape)
        remedies = [Widen(last)] if same_rank and is_fixed(last) and found.shape[:-1] == target.shape[:-1] else []
        raise Mismatch(f"{{node}} compares like with like, gets {found} and a target of {target}.", "input", remedies)
    return Answer({"loss": SCALAR})


def accuracy(arguments: Arguments, inputs: Inputs) -> Answer:
    """Accuracy: N×C scores or N predictions against N class numbers."""
    found, target = one(inputs, "preds"), one(inputs, "target")
    if not target.is_integer:
        raise Mismatch(f"{{node}} compares with class numbers, gets {target.dtype}.", "target")
    if found.shape != target.shape and (found.shape[0], *found.shape[2:]) != target.shape:
        raise Mismatch(f"{{node}} takes scores N×C and class numbers N, gets {found} and {target}.", "preds")
    if found.shape != target.shape and arguments["task"] == "multiclass":
        _expect_classes(arguments, found.shape[1])
    return Answer({})


def _expect_classes(arguments: Arguments, scores: Dim) -> None:
    classes, choices = number(arguments, "num_classes"), number(arguments, "top_k")
    if scores != classes:
        remedies = [SetParam(f"Use {scores}", unset=("num_classes",))]
        raise Mismatch(f"{{node}} expects {classes} classes, gets {scores} scores.", "preds", remedies)
    if choices > classes:
        raise Mismatch(
            f"top_k of {{node}} is {choices}, but there are {classes} classes.", None, [SetParam("Use 1", {"top_k": 1})]
        )


def optimizer(_: Arguments, __: Inputs) -> Answer:
    """Adam, AdamW: whatever losses come in."""
    return Answer({})


def sgd(arguments: Arguments, _: Inputs) -> Answer:
    """SGD: to look ahead along the momentum there must be one, at full strength."""
    momentum, dampening = arguments["momentum"], arguments["dampening"]
    if flag(arguments, "nesterov") and (not momentum or dampening):
        wanted = momentum or USUAL_MOMENTUM
        raise Mismatch(
            f"nesterov of {{node}} needs a momentum above 0 and a dampening of 0, gets {momentum} and {dampening}.",
            None,
            [SetParam(f"Use momentum {wanted} and dampening 0", {"momentum": wanted, "dampening": 0.0})],
        )
    return Answer({})
