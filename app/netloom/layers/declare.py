"""How families declare kinds: what the table of torch cannot know, said once; the rest is read from the table."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict, cast

from netloom.graph.model import Value
from netloom.layers.common import COMMON, HIDDEN
from netloom.layers.spec import Category, Derived, LayerSpec, Param, ParamType, Port, PortRule, Role
from netloom.layers.table import Argument, Entry

FLOAT_IN = (Port("input"),)
FLOAT_OUT = (Port("output"),)
ANY_IN = (Port("input", "any"),)
ANY_OUT = (Port("output", "any"),)


class Tuning(TypedDict, total=False):
    """What a family says of one argument; everything left out comes from the table."""

    type: ParamType
    default: Value
    help: str
    choices: tuple[str, ...]
    optional: bool
    dims: int
    minimum: float | None
    maximum: float | None
    derived: Derived
    positional: bool
    start: Value
    check: Callable[[Value], str | None]
    when: tuple[str, tuple[Value, ...]]
    tensor: bool


@dataclass(frozen=True, slots=True)
class Declaration:
    """One kind as its family declares it. `tuned` is by argument; `own` and `closing` are parameters that no table
    knows, before and after those that it knows.
    """

    kind: str
    category: Category
    role: Role
    summary: str
    target: str = ""
    inputs: tuple[Port, ...] | PortRule = ()
    outputs: tuple[Port, ...] | PortRule = ()
    stem: str = ""
    keywords: tuple[str, ...] = ()
    tuned: Mapping[str, Tuning] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    own: tuple[Param, ...] = ()
    closing: tuple[Param, ...] = ()

    def spec(self, entries: Mapping[str, Entry]) -> LayerSpec:
        """The whole spec, with what the table knows of the target."""
        known = entries.get(self.target, Entry())
        params = tuple(self._param(each) for each in known.arguments if not self._is_hidden(each))
        return LayerSpec(
            self.kind,
            self.category,
            self.role,
            self.summary,
            self.target,
            self.inputs,
            self.outputs,
            (*self.own, *params, *self.closing),
            self.stem or self.kind.lower(),
            self.keywords,
        )

    def _is_hidden(self, argument: Argument) -> bool:
        if argument.name in self.tuned:
            return False
        is_tensor = argument.annotation.startswith("Tensor")
        return argument.name in HIDDEN or argument.name in self.hidden or argument.name.startswith("_") or is_tensor

    def _param(self, argument: Argument) -> Param:
        dims = re.search(r"([123])d$", self.kind)
        fields = _inferred(argument, int(dims[1]) if dims else 0)
        fields |= cast(dict[str, Any], COMMON.get(argument.name, {}))
        fields |= cast(dict[str, Any], self.tuned.get(argument.name, {}))
        fields["required"] = argument.required or ("default" in fields and fields["default"] != argument.default)
        fields.setdefault("default", argument.default)
        if fields["type"] == "float" and isinstance(fields["default"], int):
            fields["default"] = float(fields["default"])
        return Param(argument.name, **fields)


def module(
    kind: str,
    category: Category,
    summary: str,
    *,
    stem: str = "",
    inputs: tuple[Port, ...] | PortRule = FLOAT_IN,
    outputs: tuple[Port, ...] | PortRule = FLOAT_OUT,
    keywords: tuple[str, ...] = (),
    tuned: Mapping[str, Tuning] | None = None,
    hidden: frozenset[str] = frozenset(),
) -> Declaration:
    """A layer of torch.nn with the same name."""
    target = f"torch.nn.{kind}"
    return Declaration(kind, category, "module", summary, target, inputs, outputs, stem, keywords, tuned or {}, hidden)


def _inferred(argument: Argument, dims: int) -> dict[str, Any]:
    text, default = argument.annotation, argument.default
    fields: dict[str, Any] = {"type": _type(text, default), "help": argument.help}
    if literal := re.search(r"Literal\[([^\]]*)\]", text):
        fields["choices"] = tuple(re.findall(r"'([^']*)'", literal[1]))
    if fields["type"] in ("size", "floats"):
        fields["dims"] = _length(text) or (dims if fields["type"] == "size" else 0)
    if "None" in text or (default is None and not argument.required):
        fields["optional"] = True
    return fields


def _type(annotation: str, default: Value) -> ParamType:
    """The parameter type from the annotation, or where there is none from the default."""
    if "Literal[" in annotation:
        return "choice"
    if "tuple[" in annotation or "list[" in annotation:
        return "floats" if "float" in annotation else "size"
    known: tuple[tuple[str, ParamType], ...] = (("float", "float"), ("bool", "bool"), ("int", "int"), ("str", "text"))
    words = annotation or type(default).__name__
    return next((found for word, found in known if re.search(rf"\b{word}\b", words)), "int")


def _length(annotation: str) -> int:
    tuples = re.search(r"tuple\[([^\]]*)\]", annotation)
    return 0 if tuples is None or "..." in tuples[1] else tuples[1].count(",") + 1
