"""Losses: what is compared with what. A loss has the type that torch's promotion gives."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import cast

from netloom.compiler.dims import Dim, is_fixed
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dtypes import expect_full, joined
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Insert,
    Mismatch,
    Rule,
    SetParam,
    Widen,
    expect_float,
    expect_integer,
    number,
    one,
    to_type,
)

LABELS = ("int64", "uint8")


def lowered(*flows: Flow) -> Answer:
    """One number, of the type of a calculation with all of these."""
    dtype = flows[0].dtype
    for flow in flows[1:]:
        dtype = joined(dtype, flow.dtype)
    return Answer({"loss": Flow((), dtype)})


def cross_entropy(arguments: Arguments, inputs: Inputs) -> Answer:
    """CrossEntropyLoss: N×C scores against N class numbers, or against N×C probabilities."""
    scores, target = one(inputs), one(inputs, "target")
    expect_float(scores)
    if target.is_integer or target.dtype == "bool":
        return classes(arguments, inputs)
    if not scores.shape or target.shape != scores.shape:
        raise Mismatch(
            f"{{node}} compares {scores} with probabilities of the same shape, gets {target}.",
            "target",
            [to_type("int64")] if _labels_of(scores) == target.shape else [],
        )
    _expect_weights(arguments, scores)
    if number(arguments, "ignore_index") >= 0:
        raise Mismatch(
            "{node} compares with probabilities, so it has no label to ignore.",
            None,
            [SetParam("Ignore nothing", unset=("ignore_index",))],
        )
    return lowered(scores, target)


def classes(arguments: Arguments, inputs: Inputs) -> Answer:
    """NLLLoss and CrossEntropyLoss: N×C scores against N class numbers."""
    scores, target = one(inputs), one(inputs, "target")
    expect_float(scores)
    expect_labels(target, LABELS)
    if not scores.shape or target.shape != _labels_of(scores):
        remedies = [Insert("Insert Flatten", "Flatten")] if len(scores.shape) > 2 and len(target.shape) == 1 else []
        raise Mismatch(f"{{node}} takes scores N×C and class numbers N, gets {scores} and {target}.", "input", remedies)
    expect_enough(target, scores.shape[min(1, len(scores.shape) - 1)])
    _expect_weights(arguments, scores)
    return lowered(scores)


def _expect_weights(arguments: Arguments, scores: Flow) -> None:
    """A weight for each class, or none at all."""
    weights = arguments.get("weight")
    if not isinstance(weights, list):
        return
    _expect_single(scores)
    count = scores.shape[min(1, len(scores.shape) - 1)]
    if is_fixed(count) and count != len(weights):
        text = f"{{node}} has weights for {len(weights)} classes, the scores are for {count}."
        filled = [*weights, *[1.0] * (count - len(weights))][:count]
        label = f"Use the first {count}" if count < len(weights) else "Weigh the others 1"
        alike = SetParam("Weigh all alike", unset=("weight",))
        fits = any(filled)
        raise Mismatch(text, None, [*([SetParam(label, {"weight": filled})] if fits else []), alike])


def _expect_single(scores: Flow) -> None:
    """Weights are of the type that torch makes of numbers, and it mixes no two."""
    if scores.dtype != "float32":
        raise Mismatch(f"{{node}} weighs in float32, gets {scores.dtype}.", "input", [to_type("float32")])


def decisions(arguments: Arguments, inputs: Inputs) -> Answer:
    """BCEWithLogitsLoss: scores against answers of the same shape, a yes weighed against a no."""
    found = paired(*WHOLE)(arguments, inputs)
    weights, scores = arguments.get("pos_weight"), one(inputs)
    if not isinstance(weights, list):
        return found
    _expect_single(scores)
    count = scores.shape[-1] if len(scores.shape) > 1 else 1
    if len(weights) not in (1, count):
        text = f"{{node}} has {len(weights)} weights for yes, each sample has {count} answers."
        remedies = [SetParam(f"Use {weights[0]:g} for all", {"pos_weight": weights[:1]})]
        raise Mismatch(text, None, remedies)
    return found


def _labels_of(scores: Flow) -> tuple[Dim, ...]:
    """The shape of the labels for these scores."""
    return (scores.shape[0], *scores.shape[2:]) if len(scores.shape) > 1 else ()


def expect_labels(target: Flow, dtypes: Sequence[str] = ("int64",), port: str = "target") -> None:
    """Refuse labels of a type that torch does not take."""
    if target.dtype not in dtypes:
        raise Mismatch(f"{{node}} takes class numbers as int64, gets {target.dtype}.", port, [to_type("int64")])


def expect_enough(target: Flow, scores: Dim, port: str = "input") -> None:
    """Refuse fewer scores than there are classes."""
    if target.classes and is_fixed(scores) and scores < target.classes:
        text = f"{{node}} gets {scores} scores, the labels have {target.classes} classes."
        raise Mismatch(text, port, [Widen(target.classes)])


def multi_margin(_: Arguments, inputs: Inputs) -> Answer:
    """MultiMarginLoss: N×C scores against N class numbers."""
    scores, target = one(inputs), one(inputs, "target")
    expect_float(scores)
    expect_full(scores)
    expect_labels(target)
    if len(scores.shape) not in (1, 2) or target.shape != _labels_of(scores):
        remedies = [Insert("Insert Flatten", "Flatten")] if len(scores.shape) > 2 and len(target.shape) == 1 else []
        raise Mismatch(f"{{node}} takes scores N×C and class numbers N, gets {scores} and {target}.", "input", remedies)
    expect_enough(target, scores.shape[-1])
    return lowered(scores)


def multi_label_margin(_: Arguments, inputs: Inputs) -> Answer:
    """MultiLabelMarginLoss: N×C scores against as many class numbers, which -1 ends."""
    scores, target = one(inputs), one(inputs, "target")
    expect_float(scores)
    expect_full(scores)
    expect_labels(target)
    if len(scores.shape) not in (1, 2) or target.shape != scores.shape:
        raise Mismatch(f"{{node}} takes scores N×C and class numbers N×C, gets {scores} and {target}.", "target")
    return lowered(scores)


def paired(*refused: str, least: int = 0, strict: bool = False) -> Rule:
    """Losses that compare an answer with a target of the same shape, which is not of one of the `refused` types.

    `least` is the fewest dimensions; a strict loss takes a target of the answer's type alone.
    """

    def rule(_: Arguments, inputs: Inputs) -> Answer:
        found, target = one(inputs), one(inputs, "target")
        expect_float(found)
        if strict and target.dtype != found.dtype:
            text = f"{{node}} takes an answer and a target of one type, gets {found.dtype} and {target.dtype}."
            raise Mismatch(text, "target", [to_type(found.dtype)])
        expect_type(target, refused, "target")
        expect_like(found, target, least)
        return lowered(found, target)

    return rule


def poisson(arguments: Arguments, inputs: Inputs) -> Answer:
    """PoissonNLLLoss: counts against their expectation."""
    return paired(*(("bool",) if arguments["full"] else ()))(arguments, inputs)


WHOLE = ("bool", "uint8", "int8", "int16", "int32", "int64")


def expect_type(flow: Flow, refused: Sequence[str], port: str) -> None:
    """Refuse types that a loss cannot compute with."""
    if flow.dtype in refused or flow.dtype.startswith("complex"):
        wanted = "decimal numbers" if "int64" in refused else "numbers"
        raise Mismatch(f"{{node}} compares with {wanted}, gets {flow.dtype}.", port, [to_type("float32")])


def expect_like(found: Flow, target: Flow, least: int = 0) -> None:
    """Refuse an answer of another shape than the target's."""
    if found.shape != target.shape:
        last = target.shape[-1] if target.shape else 0
        same_rank = len(found.shape) == len(target.shape)
        remedies = [Widen(last)] if same_rank and is_fixed(last) and found.shape[:-1] == target.shape[:-1] else []
        raise Mismatch(f"{{node}} compares like with like, gets {found} and a target of {target}.", "input", remedies)
    if len(found.shape) < least:
        raise Mismatch("{node} takes scores N×C, gets one number.", "input")


def gaussian(_: Arguments, inputs: Inputs) -> Answer:
    """GaussianNLLLoss: a variance for each number, or one for all along one dimension."""
    found, target, var = one(inputs), one(inputs, "target"), one(inputs, "var")
    expect_float(found)
    expect_type(target, ("bool",), "target")
    expect_float(var, "var")
    expect_like(found, target)
    narrow = [b for a, b in zip(found.shape, var.shape, strict=False) if a != b]
    shared = len(var.shape) == len(found.shape) and narrow == [1]
    if var.shape not in (found.shape, found.shape[:-1]) and not shared:
        raise Mismatch(f"{{node}} takes a variance for each of {found}, or one for each row, gets {var}.", "var")
    return lowered(found, target, var)


def ranking(_: Arguments, inputs: Inputs) -> Answer:
    """MarginRankingLoss: two scores and which one should be higher."""
    first, second, target = one(inputs, "input1"), one(inputs, "input2"), one(inputs, "target")
    expect_float(first, "input1")
    expect_float(second, "input2")
    expect_type(target, ("bool",), "target")
    expect_joinable({"input1": first, "input2": second, "target": target})
    return lowered(first, second, target)


def expect_joinable(flows: Mapping[str, Flow]) -> None:
    """Refuse flows of which one cannot be stretched to the shape of the others."""
    shape: tuple[Dim, ...] | None = None
    for port, flow in flows.items():
        if shape is not None and (
            len(flow.shape) != len(shape)
            or any(a != b and 1 not in (a, b) for a, b in zip(shape, flow.shape, strict=True))
        ):
            names = ", ".join(str(each) for each in flows.values())
            raise Mismatch(f"{{node}} compares like with like, gets {names}.", port)
        shape = tuple(b if a == 1 else a for a, b in zip(shape, flow.shape, strict=True)) if shape else flow.shape


def cosine(_: Arguments, inputs: Inputs) -> Answer:
    """CosineEmbeddingLoss: N×D vectors and whether they are alike."""
    first, second, target = one(inputs, "input1"), one(inputs, "input2"), one(inputs, "target")
    expect_float(first, "input1")
    expect_float(second, "input2")
    if len(first.shape) not in (1, 2):
        flat = [Insert("Insert Flatten", "Flatten")] if len(first.shape) > 2 else []
        raise Mismatch(f"{{node}} takes vectors N×D, gets {first}.", "input1", flat)
    expect_joinable({"input1": first, "input2": second})
    count: tuple[Dim, ...] = (
        (first.shape[0] if first.shape[0] != 1 else second.shape[0],) if len(first.shape) > 1 else ()
    )
    if (
        target.shape != count
        and (len(count) != 1 or target.shape != (1,))
        and not (count == (1,) and len(target.shape) == 1)
    ):
        raise Mismatch(f"{{node}} takes one number for each pair of vectors, gets {target}.", "target")
    return lowered(first, second, target)


def triplet(_: Arguments, inputs: Inputs) -> Answer:
    """TripletMarginLoss: an anchor, one that is near and one that is far."""
    flows = {port: one(inputs, port) for port in ("anchor", "positive", "negative")}
    for port, flow in flows.items():
        expect_float(flow, port)
    expect_joinable(flows)
    return lowered(*flows.values())


def ctc(arguments: Arguments, inputs: Inputs) -> Answer:
    """CTCLoss: steps×N×C logarithms of probabilities against N×S labels."""
    scores, target = one(inputs), one(inputs, "target")
    expect_float(scores)
    expect_full(scores)
    expect_integer(target, "target")
    if len(scores.shape) != 3 or len(target.shape) != 2 or scores.shape[1] != target.shape[0]:
        swapped = len(scores.shape) == 3 and target.shape[:1] == scores.shape[:1]
        raise Mismatch(
            f"{{node}} takes steps×N×classes and labels N×length, gets {scores} and {target}.",
            "input",
            [Insert("Insert Permute", "Permute", {"dims": [1, 0, 2]})] if swapped else [],
        )
    blank, count = number(arguments, "blank"), scores.shape[2]
    if is_fixed(count) and blank >= count:
        remedies = [SetParam(f"Use {count - 1}", {"blank": count - 1})]
        raise Mismatch(f"blank of {{node}} is {blank}, but its classes are 0 to {count - 1}.", None, remedies)
    for port in ("input_lengths", "target_lengths"):
        for lengths in inputs.get(port, ()):
            expect_integer(lengths, port)
            if lengths.shape != (scores.shape[1],):
                raise Mismatch(f"{port} of {{node}} is one number for each sample, gets {lengths}.", port)
    return lowered(scores)


def mean(_: Arguments, inputs: Inputs) -> Answer:
    """MeanLoss: any decimal numbers."""
    expect_float(one(inputs))
    return lowered(one(inputs))


def adaptive_softmax(arguments: Arguments, inputs: Inputs) -> Answer:
    """AdaptiveLogSoftmaxWithLoss: a head for frequent classes, and a narrowing pair of layers for each rarer group."""
    features, target = one(inputs), one(inputs, "target")
    width, count = number(arguments, "in_features"), number(arguments, "n_classes")
    _expect_features(features, target, width, ("int64", "int32"))
    cutoffs = [*cast(list[int], arguments["cutoffs"]), count]
    if any(a >= b for a, b in pairwise(cutoffs)):
        text = f"cutoffs of {{node}} must rise and stay below its {count} classes."
        raise Mismatch(text, None, [SetParam(f"Use {max(1, count // 10)}", {"cutoffs": [max(1, count // 10)]})])
    groups = len(cutoffs) - 1
    parameters = (width + bool(arguments["head_bias"])) * (cutoffs[0] + groups)
    for place in range(groups):
        narrow = int(width // (cast(float, arguments["div_value"]) ** (place + 1)))
        if narrow < 1:
            text = f"div_value of {{node}} leaves no feature for group {place + 1} of {groups}."
            raise Mismatch(text, None, [SetParam("Use 1", {"div_value": 1.0})])
        parameters += narrow * (width + cutoffs[place + 1] - cutoffs[place])
    expect_enough(target, count, "target")
    outputs = {"output": Flow(features.shape[:-1], features.dtype), "loss": Flow((), features.dtype)}
    return Answer(outputs, parameters, parameters * (features.shape[0] if len(features.shape) > 1 else 1))


def _expect_features(features: Flow, target: Flow, width: int, labels: Sequence[str]) -> None:
    expect_float(features)
    if features.dtype != "float32":
        raise Mismatch(f"{{node}} computes with float32, gets {features.dtype}.", "input", [to_type("float32")])
    expect_labels(target, labels)
    if len(features.shape) not in (1, 2) or target.shape != features.shape[:-1]:
        raise Mismatch(f"{{node}} takes features N×D and class numbers N, gets {features} and {target}.", "input")
    if features.shape[-1] != width:
        remedies = [SetParam(f"Use {features.shape[-1]}", unset=("in_features",))]
        raise Mismatch(f"{{node}} expects {width} features, gets {features.shape[-1]}.", "input", remedies)


def linear_cross_entropy(arguments: Arguments, inputs: Inputs) -> Answer:
    """LinearCrossEntropyLoss: features to scores, and these against class numbers."""
    features, target = one(inputs), one(inputs, "target")
    width, count = number(arguments, "in_features"), number(arguments, "num_classes")
    _expect_features(features, target, width, LABELS)
    expect_enough(target, count, "target")
    macs = width * count * (features.shape[0] if len(features.shape) > 1 else 1)
    return Answer({"loss": Flow((), features.dtype)}, (width + bool(arguments["bias"])) * count, macs)


RULES: Mapping[str, Rule] = {
    "CrossEntropyLoss": cross_entropy,
    "NLLLoss": classes,
    "MultiMarginLoss": multi_margin,
    "MultiLabelMarginLoss": multi_label_margin,
    "CTCLoss": ctc,
    **dict.fromkeys(("MSELoss", "L1Loss", "SmoothL1Loss", "KLDivLoss"), paired(*WHOLE)),
    "BCEWithLogitsLoss": decisions,
    **dict.fromkeys(("BCELoss", "HuberLoss"), paired(*WHOLE, strict=True)),
    "PoissonNLLLoss": poisson,
    "SoftMarginLoss": paired("bool"),
    "MultiLabelSoftMarginLoss": paired("bool", least=1),
    "HingeEmbeddingLoss": paired(),
    "GaussianNLLLoss": gaussian,
    "MarginRankingLoss": ranking,
    "CosineEmbeddingLoss": cosine,
    "TripletMarginLoss": triplet,
    "TripletMarginWithDistanceLoss": triplet,
    "MeanLoss": mean,
    "AdaptiveLogSoftmaxWithLoss": adaptive_softmax,
    "LinearCrossEntropyLoss": linear_cross_entropy,
}
