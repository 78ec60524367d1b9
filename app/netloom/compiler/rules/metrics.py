"""Metrics: what torchmetrics compares with what. Each gives one number."""

from collections.abc import Mapping

from netloom.compiler.dims import Dim
from netloom.compiler.flow import INTEGERS, Flow
from netloom.compiler.rules.objective import expect_enough
from netloom.compiler.rules.rule import (
    FLOATS,
    Answer,
    Arguments,
    Inputs,
    Mismatch,
    Rule,
    SetParam,
    Widen,
    expect_float,
    number,
    one,
    to_type,
)

MEASURED = Answer({})


def classification(*, scores_only: bool = False, whole_only: bool = False) -> Rule:
    """Metrics of classes. Some need scores, some take no target in decimal numbers."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        found, target = one(inputs, "preds"), one(inputs, "target")
        if scores_only:
            expect_float(found, "preds")
        elif found.dtype not in (*FLOATS, *INTEGERS):
            raise Mismatch(
                f"{{node}} takes scores or class numbers, gets {found.dtype}.", "preds", [to_type("float32")]
            )
        if arguments["task"] == "multiclass":
            _multiclass(arguments, found, target, scores_only=scores_only)
        else:
            _yes_or_no(arguments, found, target, whole_only=whole_only)
        return MEASURED

    return rule


def _multiclass(arguments: Arguments, found: Flow, target: Flow, *, scores_only: bool) -> None:
    if not target.is_integer:
        raise Mismatch(f"{{node}} compares with class numbers, gets {target.dtype}.", "target", [to_type("int64")])
    if number(arguments, "num_classes") < 2:
        raise Mismatch("{node} tells classes apart, so it takes at least 2 scores, gets 1.", "preds", [Widen(2)])
    if found.shape == target.shape and not scores_only and found.is_integer:
        return
    if len(found.shape) < 2 or (found.shape[0], *found.shape[2:]) != target.shape or found.dtype not in FLOATS:
        raise Mismatch(f"{{node}} takes scores N×C and class numbers N, gets {found} and {target}.", "preds")
    _expect_classes(arguments, found.shape[1])
    expect_enough(target, found.shape[1], "preds")


def _expect_classes(arguments: Arguments, scores: Dim) -> None:
    classes = number(arguments, "num_classes")
    if scores != classes:
        remedies = [SetParam(f"Use {scores}", unset=("num_classes",))]
        raise Mismatch(f"{{node}} expects {classes} classes, gets {scores} scores.", "preds", remedies)
    choices = arguments.get("top_k")
    if isinstance(choices, int) and choices > classes:
        raise Mismatch(
            f"top_k of {{node}} is {choices}, but there are {classes} classes.", None, [SetParam("Use 1", {"top_k": 1})]
        )


def _yes_or_no(arguments: Arguments, found: Flow, target: Flow, *, whole_only: bool) -> None:
    whole = target.is_integer or target.dtype == "bool"
    if not whole and (whole_only or target.dtype not in FLOATS):
        raise Mismatch(f"{{node}} compares with yes or no, gets {target.dtype}.", "target", [to_type("int64")])
    if arguments["task"] == "binary":
        single = len(found.shape) == len(target.shape) + 1 and found.shape == (*target.shape, 1)
        if found.shape != target.shape and not single:
            text = f"{{node}} compares yes or no for each sample, gets {found} and {target}."
            raise Mismatch(text, "preds", _for_classes(found))
        return
    if found.shape != target.shape or len(found.shape) < 2:
        text = f"{{node}} takes scores N×labels and as many answers, gets {found} and {target}."
        raise Mismatch(text, "preds", _for_classes(found))
    if found.shape[1] != number(arguments, "num_labels"):
        remedies = [SetParam(f"Use {found.shape[1]}", unset=("num_labels",))]
        text = f"{{node}} expects {arguments['num_labels']} answers, gets {found.shape[1]}."
        raise Mismatch(text, "preds", remedies)
    if found.shape[1] == 1:
        raise Mismatch("{node} takes several answers for each sample, gets 1.", "preds")


def _for_classes(found: Flow) -> list[SetParam]:
    return [SetParam("Use the task multiclass", {"task": "multiclass"})] if len(found.shape) > 1 else []


def amounts(*ranks: int, decimal: bool = False) -> Rule:
    """Metrics of numbers: answer and target of one shape, of these numbers of dimensions where there are any.

    A `decimal` one takes no whole numbers.
    """

    def rule(_: Arguments, inputs: Inputs) -> Answer:
        found, target = one(inputs, "preds"), one(inputs, "target")
        expect_float(found, "preds")
        if decimal:
            expect_float(target, "target")
        elif target.dtype not in (*FLOATS, *INTEGERS):
            raise Mismatch(f"{{node}} compares with numbers, gets {target.dtype}.", "target", [to_type("float32")])
        _expect_same(found, target)
        if ranks and len(target.shape) not in ranks:
            shapes = " or ".join("N×D" if rank == 2 else "N" for rank in ranks)
            raise Mismatch(f"{{node}} compares {shapes}, gets {target}.", "target")
        return MEASURED

    return rule


def _expect_same(found: Flow, target: Flow) -> None:
    if found.shape not in (target.shape, (*target.shape, 1)):
        raise Mismatch(f"{{node}} compares like with like, gets {found} and a target of {target}.", "preds")


def series(*, decimal: bool = False, flat: bool = False) -> Rule:
    """Metrics of one number for each sample: N or N×1, or where they are `flat` N."""
    compared = amounts(decimal=decimal)

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        compared(arguments, inputs)
        target = one(inputs, "target")
        if len(target.shape) != 1 and (flat or target.shape[1:] != (1,)):
            raise Mismatch(f"{{node}} compares one number for each sample, gets {target}.", "target")
        return MEASURED

    return rule


def perplexity(_: Arguments, inputs: Inputs) -> Answer:
    """Perplexity: N×L×C scores against N×L words."""
    found, target = one(inputs, "preds"), one(inputs, "target")
    expect_float(found, "preds")
    if target.dtype != "int64":
        raise Mismatch(f"{{node}} compares with words as int64, gets {target.dtype}.", "target", [to_type("int64")])
    if len(found.shape) != 3 or found.shape[:2] != target.shape:
        raise Mismatch(f"{{node}} takes scores N×L×words and words N×L, gets {found} and {target}.", "preds")
    return MEASURED


COUNTED = (
    "Accuracy",
    "Precision",
    "Recall",
    "F1Score",
    "FBetaScore",
    "Specificity",
    "NegativePredictiveValue",
    "HammingDistance",
)
OVERLAPPING = ("JaccardIndex", "MatthewsCorrCoef", "CohenKappa", "ExactMatch")
RANKED = ("AUROC", "AveragePrecision")
ANY_SHAPE = (
    "MeanAbsoluteError",
    "MeanSquaredError",
    "MeanSquaredLogError",
    "MeanAbsolutePercentageError",
    "MinkowskiDistance",
    "SymmetricMeanAbsolutePercentageError",
    "WeightedMeanAbsolutePercentageError",
    "NormalizedRootMeanSquaredError",
    "TweedieDevianceScore",
    "ExplainedVariance",
    "PeakSignalNoiseRatio",
)

RULES: Mapping[str, Rule] = {
    **dict.fromkeys(COUNTED, classification()),
    **dict.fromkeys(OVERLAPPING, classification(whole_only=True)),
    **dict.fromkeys(RANKED, classification(scores_only=True, whole_only=True)),
    **dict.fromkeys(("CalibrationError", "HingeLoss"), classification(scores_only=True)),
    **dict.fromkeys(ANY_SHAPE, amounts()),
    "R2Score": amounts(1, 2),
    **dict.fromkeys(("CosineSimilarityScore", "KLDivergence"), amounts(2, decimal=True)),
    **dict.fromkeys(("LogCoshError", "RelativeSquaredError"), series()),
    **dict.fromkeys(("PearsonCorrCoef", "SpearmanCorrCoef", "ConcordanceCorrCoef"), series(decimal=True)),
    "KendallRankCorrCoef": series(flat=True),
    "Perplexity": perplexity,
}
