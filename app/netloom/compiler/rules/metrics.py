"""Metrics: what torchmetrics compares with what."""

from collections.abc import Mapping

from netloom.compiler.dims import Dim
from netloom.compiler.rules.rule import Answer, Arguments, Inputs, Mismatch, Rule, SetParam, number, one


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


RULES: Mapping[str, Rule] = {"Accuracy": accuracy}
