"""Losses, metrics and optimizers."""

from collections.abc import Mapping

from netloom.compiler.dims import Dim, is_fixed
from netloom.compiler.flow import Flow
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
    number,
    one,
)

SCALAR = Flow(())


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


RULES: Mapping[str, Rule] = {
    "CrossEntropyLoss": cross_entropy,
    "MSELoss": paired,
    "BCEWithLogitsLoss": paired,
    "Accuracy": accuracy,
}
