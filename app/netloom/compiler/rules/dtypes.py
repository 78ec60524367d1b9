"""What type a calculation gives: torch's promotion of tensors and numbers, and which types an operation takes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from netloom.compiler.flow import Flow
from netloom.compiler.rules.rule import Insert, Mismatch, Remedy, SetParam, to_type
from netloom.graph.model import Value

Group: TypeAlias = Literal["bool", "integer", "float", "complex"]
Becomes: TypeAlias = Literal["", "same", "float32", "int64", "bool", "real", "complex64"]
"""What an operation makes of a group of types: "" refuses it, "real" is the type of the parts of a complex number."""

GROUPS: Mapping[Group, tuple[str, ...]] = {
    "bool": ("bool",),
    "integer": ("uint8", "int8", "int16", "int32", "int64"),
    "float": ("float16", "bfloat16", "float32", "float64"),
    "complex": ("complex64", "complex128"),
}
ORDER = tuple(dtype for group in GROUPS.values() for dtype in group)
HALVES = ("float16", "bfloat16")
UNEVEN: Mapping[frozenset[str], str] = {
    frozenset(("uint8", "int8")): "int16",
    frozenset(("float16", "bfloat16")): "float32",
    frozenset(("float64", "complex64")): "complex128",
}
"""Pairs in which neither type can hold the other."""


def group(dtype: str) -> Group:
    """The group that a type belongs to."""
    return next(name for name, members in GROUPS.items() if dtype in members)


def joined(a: str, b: str) -> str:
    """The smallest type that holds both."""
    return UNEVEN.get(frozenset((a, b))) or max(a, b, key=ORDER.index)


def number_type(value: Value) -> str:
    """The type that torch gives to a plain number."""
    return "bool" if isinstance(value, bool) else "int64" if isinstance(value, int) else "float32"


def promotion(flows: Sequence[Flow], numbers: Sequence[Value] = ()) -> str:
    """The type of a calculation with tensors and plain numbers.

    A tensor without dimensions, and then a number, counts only where it is of a higher group than the tensors.
    """
    tensors = _all_joined([flow.dtype for flow in flows if flow.shape])
    singles = _all_joined([flow.dtype for flow in flows if not flow.shape])
    return _stronger(tensors, _stronger(singles, _all_joined([number_type(value) for value in numbers])))


def _all_joined(dtypes: Sequence[str]) -> str:
    found = ""
    for dtype in dtypes:
        found = joined(found, dtype) if found else dtype
    return found


def _stronger(higher: str, lower: str) -> str:
    if not higher or not lower:
        return higher or lower
    if ORDER.index(group_start(higher)) >= ORDER.index(group_start(lower)) and higher != "bool":
        return higher
    if group(lower) == "complex" and group(higher) == "float":
        return "complex128" if higher == "float64" else "complex64"
    return joined(higher, lower)


def group_start(dtype: str) -> str:
    """The first type of a type's group, so that groups can be compared by their order."""
    return GROUPS[group(dtype)][0]


@dataclass(frozen=True, slots=True)
class Types:
    """What an operation makes of each group of types."""

    boolean: Becomes = "same"
    integer: Becomes = "same"
    decimal: Becomes = "same"
    complex: Becomes = "same"

    def of(self, flow: Flow, port: str = "input") -> str:
        """The type that comes out; Mismatch where the operation does not take what comes in."""
        by_group: Mapping[Group, Becomes] = {
            "bool": self.boolean,
            "integer": self.integer,
            "float": self.decimal,
            "complex": self.complex,
        }
        becomes = by_group[group(flow.dtype)]
        if not becomes:
            raise refused(flow, port, "decimal" if not self.integer else "")
        if becomes == "real":
            return "float64" if flow.dtype == "complex128" else "float32"
        return flow.dtype if becomes == "same" else becomes


FLOATING = Types("float32", "float32")
"""Functions such as the exponential: whole numbers become decimal ones."""
DECIMAL = Types("", "", "same", "")
NUMBERS = Types("", "same", "same", "same")
ORDERED = Types("same", "same", "same", "")
SUMMED = Types("int64", "int64")


def refused(flow: Flow, port: str, wanted: str = "") -> Mismatch:
    """What is said where an operation does not compute with a type."""
    if group(flow.dtype) == "complex":
        remedies: list[Remedy] = [Insert("Insert Absolute", "Absolute"), Insert("Insert Real", "Real")]
        return Mismatch("{node} does not take complex numbers. Take their size or a part before.", port, remedies)
    words = "decimal numbers" if wanted else "numbers"
    to_float = to_type("float32")
    return Mismatch(f"{{node}} computes with {words}, gets {flow.dtype}.", port, [to_float])


def expect_boolean(flow: Flow, port: str) -> None:
    """Refuse numbers where yes or no values are asked for."""
    if flow.dtype != "bool":
        cast = to_type("bool")
        raise Mismatch(f"{{node}} takes yes or no values as its {port}, gets {flow.dtype}.", port, [cast])


def expect_same_type(flows: Sequence[tuple[str, Flow]]) -> None:
    """Refuse operands of different types, where torch does not promote them."""
    first = flows[0][1]
    for port, flow in flows[1:]:
        if flow.dtype != first.dtype:
            cast = to_type(first.dtype)
            raise Mismatch(f"{{node}} multiplies like with like, gets {first.dtype} and {flow.dtype}.", port, [cast])


def expect_full(flow: Flow, port: str = "input") -> None:
    """Refuse half precision where torch has no such operation on a processor."""
    if flow.dtype in HALVES:
        cast = to_type("float32")
        raise Mismatch(f"{{node}} computes with float32 or float64, gets {flow.dtype}.", port, [cast])


LARGEST: Mapping[str, float] = {
    "uint8": 255,
    "int8": 127,
    "int16": 2**15 - 1,
    "int32": 2**31 - 1,
    "int64": 2**63 - 1,
    "float16": 65504.0,
    "bfloat16": 3.3895e38,
    "float32": 3.4028e38,
    "complex64": 3.4028e38,
}


def expect_holds(dtype: str, value: float, name: str, port: str | None = None) -> None:
    """Refuse a number that is beyond what a type can hold."""
    largest = LARGEST.get(dtype)
    if largest is not None and abs(value) > largest:
        text = f"{name} of {{node}} is {value:g}, but the largest {dtype} is {largest:g}."
        raise Mismatch(text, port, [SetParam("Use 1", {name: 1})])
