"""Calculations value by value: functions of one tensor, operators on two, comparisons, logic and choices."""

from collections.abc import Mapping
from typing import cast

from netloom.compiler.flow import Flow
from netloom.compiler.rules.broadcasting import projections, stretched_all
from netloom.compiler.rules.dtypes import (
    FLOATING,
    HALVES,
    NUMBERS,
    ORDERED,
    Types,
    expect_boolean,
    expect_holds,
    group,
    promotion,
    refused,
)
from netloom.compiler.rules.rule import Answer, Arguments, Inputs, Insert, Mismatch, Rule, SetParam, flag, one, to_type
from netloom.graph.model import Value

TRUTH = "bool"
TO_FLOAT = to_type("float32")


def function(types: Types) -> Rule:
    """A function of every value: the same shape."""

    def rule(_: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        return Answer({"output": Flow(flow.shape, types.of(flow))})

    return rule


def operands(arguments: Arguments, inputs: Inputs) -> tuple[list[Flow], list[Value]]:
    """The tensors and the number of an operation on two; Mismatch where there is none or one too many."""
    flows = [flow for port in ("input", "other") for flow in inputs.get(port, ())]
    given = arguments.get("value")
    if len(flows) == 1 and given is None:
        text = "Nothing comes into other of {node}. Wire it, or set value to a number."
        raise Mismatch(text, "other", [SetParam("Use 1", {"value": 1.0})])
    if len(flows) == 2 and given is not None:
        text = "{node} has a value, but other is wired as well. Only one of them can be used."
        raise Mismatch(text, "other", [SetParam("Drop the value", unset=("value",))])
    return flows, [] if given is None else [given]


def calculation(types: Types, *, numbers_with_bool: bool = True) -> Rule:
    """An operator on two tensors, or on a tensor and a number. The types say what becomes of the promoted type.

    Without `numbers_with_bool` a yes or no tensor takes no part at all.
    """

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flows, numbers = operands(arguments, inputs)
        if not numbers_with_bool:
            _expect_numbers(flows)
        shape = stretched_all(flows, "other", _other_side(flows))
        result = Flow(shape, promotion(flows, numbers))
        return Answer({"output": Flow(shape, types.of(result))})

    return rule


def _expect_numbers(flows: list[Flow]) -> None:
    """Refuse to subtract where either side is yes or no values."""
    for flow, port in zip(flows, ("input", "other"), strict=False):
        if flow.dtype == TRUTH:
            raise refused(flow, port)


def _other_side(flows: list[Flow]) -> list[Insert]:
    """The projection of what comes into `other`."""
    found = (each for each in projections(flows) if isinstance(each, Insert) and each.place == 1)
    return [Insert(each.label, each.kind, each.params) for each in found]


def power(arguments: Arguments, inputs: Inputs) -> Answer:
    """Power: whole numbers have no negative powers that are whole."""
    flows, numbers = operands(arguments, inputs)
    exponent = numbers[0] if numbers and not flag(arguments, "reverse") else None
    whole = group(flows[0].dtype) in ("bool", "integer")
    if whole and isinstance(exponent, int) and exponent < 0:
        text = f"{{node}} cannot raise whole numbers to {exponent}, which gives fractions."
        raise Mismatch(text, "input", [TO_FLOAT])
    if exponent is not None and flows[0].dtype in HALVES:
        expect_holds(promotion(flows, numbers), cast(float, exponent), "value")
    return calculation(NUMBERS)(arguments, inputs)


def division(arguments: Arguments, inputs: Inputs) -> Answer:
    """FloorDivide, Remainder: whole numbers are not divided by 0."""
    flows, numbers = operands(arguments, inputs)
    by_zero = numbers == [0] and not flag(arguments, "reverse")
    if by_zero and group(promotion(flows, numbers)) in ("bool", "integer"):
        raise Mismatch("{node} divides whole numbers by 0.", None, [SetParam("Use 1", {"value": 1})])
    return calculation(Types("", "same", "same", ""))(arguments, inputs)


def logic(_: Arguments, inputs: Inputs) -> Answer:
    """LogicalAnd, LogicalOr, LogicalXor, LogicalNot: every number but 0 counts as yes."""
    flows = [flow for port in ("input", "other") for flow in inputs.get(port, ())]
    return Answer({"output": Flow(stretched_all(flows, "other"), TRUTH)})


def where(arguments: Arguments, inputs: Inputs) -> Answer:
    """Where: one tensor where the condition holds, the other or a number elsewhere."""
    condition = one(inputs, "condition")
    expect_boolean(condition, "condition")
    flows, numbers = operands(arguments, inputs)
    shape = stretched_all([condition, *flows], "condition")
    dtype = promotion(flows, numbers)
    for value in numbers:
        expect_holds(dtype, cast(float, value), "value")
    return Answer({"output": Flow(shape, dtype)})


def clamp(arguments: Arguments, inputs: Inputs) -> Answer:
    """Clamp: values between min and max."""
    flow = one(inputs)
    limits = [arguments[name] for name in ("min", "max") if arguments[name] is not None]
    if not limits:
        raise Mismatch("{node} has neither min nor max.", None, [SetParam("Use min 0", {"min": 0.0})])
    if group(flow.dtype) == "complex":
        raise refused(flow, "input")
    dtype = promotion([flow], limits)
    for name in ("min", "max"):
        expect_holds(dtype, cast(float, arguments[name] or 0), name)
    return Answer({"output": Flow(flow.shape, dtype)})


def masked_fill(arguments: Arguments, inputs: Inputs) -> Answer:
    """MaskedFill: one number where the mask holds; without a number minus infinity."""
    flow, mask = one(inputs), one(inputs, "mask")
    expect_boolean(mask, "mask")
    if arguments["value"] is None and group(flow.dtype) == "integer":
        text = f"{{node}} fills with minus infinity, which {flow.dtype} cannot hold."
        raise Mismatch(text, "input", [TO_FLOAT, SetParam("Fill with 0", {"value": 0})])
    expect_holds(flow.dtype, cast(float, arguments["value"] or 0), "value")
    return Answer({"output": Flow(stretched_all([flow, mask], "mask"), flow.dtype)})


def detach(_: Arguments, inputs: Inputs) -> Answer:
    """StopGradient: the same values."""
    flow = one(inputs)
    return Answer({"output": Flow(flow.shape, flow.dtype)}, kept=0)


NAMED: Mapping[str, Types] = {
    "Negative": NUMBERS,
    "Absolute": Types("", "same", "same", "real"),
    **dict.fromkeys(("Exp", "Log", "Sqrt", "Rsqrt", "Sin", "Cos", "Tan", "Reciprocal", "Log1p", "Expm1"), FLOATING),
    "Erf": Types("float32", "float32", "same", ""),
    "Square": Types("int64"),
    "Sign": ORDERED,
    **dict.fromkeys(("Floor", "Ceil", "Round"), Types("", "same", "same", "")),
    "LogicalNot": Types("bool", "bool", "bool", "bool"),
}
EQUALITY = Types("bool", "bool", "bool", "bool")
ORDER = Types("bool", "bool", "bool", "")

RULES: Mapping[str, Rule] = {
    **{kind: function(types) for kind, types in NAMED.items()},
    "Subtract": calculation(NUMBERS, numbers_with_bool=False),
    "Divide": calculation(FLOATING),
    "FloorDivide": division,
    "Remainder": division,
    "Power": power,
    "Maximum": calculation(ORDERED),
    "Minimum": calculation(ORDERED),
    "Equal": calculation(EQUALITY),
    "NotEqual": calculation(EQUALITY),
    **dict.fromkeys(("Greater", "GreaterEqual", "Less", "LessEqual"), calculation(ORDER)),
    **dict.fromkeys(("LogicalAnd", "LogicalOr", "LogicalXor"), logic),
    "Where": where,
    "Clamp": clamp,
    "MaskedFill": masked_fill,
    "StopGradient": detach,
}
