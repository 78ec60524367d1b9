"""What a layer is to Netloom: a declaration from which palette, inspector, checks, source and file format follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from netloom.graph.model import Value

Category: TypeAlias = Literal[
    "data",
    "io",
    "linear",
    "convolution",
    "pooling",
    "normalisation",
    "activation",
    "recurrent",
    "attention",
    "shape",
    "arithmetic",
    "block",
    "loss",
    "metric",
    "optimizer",
]

Role: TypeAlias = Literal[
    "dataset", "input", "output", "module", "function", "block", "loss", "metric", "optimizer", "schedule", "custom"
]
"""How a node becomes code: a module in `__init__`, a function or operator in `forward`, or a part of training."""
OUTSIDE: Mapping[Role, str] = {
    "dataset": "a dataset",
    "loss": "a loss",
    "metric": "a metric",
    "optimizer": "an optimizer",
    "schedule": "a schedule",
}
"""What trains a whole network, in words: it is no part of the model and stands in no block."""

Flow: TypeAlias = Literal["any", "float", "integer", "boolean", "complex", "loss", "schedule"]
"""What a port takes or gives: `any` is any tensor, `loss` one number that an optimizer can lower, `schedule` what
changes the rate of an optimizer."""

ParamType: TypeAlias = Literal[
    "int", "float", "bool", "choice", "text", "size", "shape", "ints", "floats", "code", "nodes"
]
"""size: one int or a list of `dims` ints (of any number where `dims` is 0), or where there are choices one of these;
shape: dimensions, where a letter is a free one; ints and floats: lists of numbers, `dims` of them where it is not 0;
code: Python of many lines; nodes: ids of nodes of the top level."""


@dataclass(frozen=True, slots=True)
class Port:
    """A named input or output. `many` inputs take any number of wires, `optional` ones may stay empty."""

    name: str
    flow: Flow = "float"
    optional: bool = False
    many: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Derived:
    """A size that a wire determines: dimension `dim` of what arrives at `port`, unless the person sets it."""

    port: str
    dim: int


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a kind. `default` is used where the person sets nothing and no wire determines it.

    A `required` one is always written out, because the target has no default or another one. `start` is what a new node
    is given. `check` says in words what a value should be, for rules beyond type and range. `when` names another
    parameter and its values for which this one matters. None is a legal value only where `optional`. With `call` it is
    said where the module is called in `forward`, not where it is made. With `tensor` it is handed over as a tensor.
    """

    name: str
    type: ParamType
    default: Value = None
    help: str = ""
    choices: tuple[str, ...] = ()
    optional: bool = False
    dims: int = 0
    minimum: float | None = None
    maximum: float | None = None
    derived: Derived | None = None
    positional: bool = False
    required: bool = False
    start: Value = None
    check: Callable[[Value], str | None] | None = None
    when: tuple[str, tuple[Value, ...]] | None = None
    call: bool = False
    tensor: bool = False


PortRule: TypeAlias = Callable[[Mapping[str, Value]], tuple[Port, ...]]


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One kind of node. `target` is the dotted name of what it becomes in code, or an operator such as "+"."""

    kind: str
    category: Category
    role: Role
    summary: str
    target: str = ""
    inputs: tuple[Port, ...] | PortRule = ()
    outputs: tuple[Port, ...] | PortRule = ()
    params: tuple[Param, ...] = ()
    stem: str = ""
    keywords: tuple[str, ...] = ()

    def param(self, name: str) -> Param | None:
        """The parameter of that name."""
        return next((param for param in self.params if param.name == name), None)

    def inputs_for(self, params: Mapping[str, Value]) -> tuple[Port, ...]:
        """The input ports of a node with these parameters."""
        return self.inputs(params) if callable(self.inputs) else self.inputs

    def outputs_for(self, params: Mapping[str, Value]) -> tuple[Port, ...]:
        """The output ports of a node with these parameters."""
        return self.outputs(params) if callable(self.outputs) else self.outputs
