"""What a rule is: from a node's arguments and what flows in to what flows out, its parameters and multiply-adds.

A rule answers without torch; tests prove each equal to what the real module answers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from netloom.compiler.dims import Dim
from netloom.compiler.flow import Flow
from netloom.graph.model import Value, Wire

Arguments: TypeAlias = Mapping[str, Value]
Inputs: TypeAlias = Mapping[str, tuple[Flow, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a node puts out. `macs` are multiply-adds of a whole batch, so it may contain `N`.

    `kept` are the bytes that wait for the backward pass, of a whole batch; None stands for those of the outputs. A
    view of what came in keeps 0.
    """

    outputs: Mapping[str, Flow]
    parameters: int = 0
    macs: Dim = 0
    kept: Dim | None = None
    advice: "Mismatch | None" = None


Rule: TypeAlias = Callable[[Arguments, Inputs], Answer]


@dataclass(frozen=True, slots=True)
class SetParam:
    """A remedy: set parameters of the node itself; None as a label says it from the values."""

    label: str
    values: Mapping[str, Value] = field(default_factory=dict)
    unset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Insert:
    """A remedy: put a node on the wire that comes in at `port`; where several do, on the `place`-th.

    The node's own parameters in `unset` follow the wire anew.
    """

    label: str
    kind: str
    params: Mapping[str, Value] = field(default_factory=dict)
    place: int | None = None
    unset: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Widen:
    """A remedy: give the last layer upstream of `port` that has such a parameter another size."""

    size: int


@dataclass(frozen=True, slots=True)
class Rewire:
    """A remedy: begin a wire at another output of its node."""

    wire: Wire
    output: str


@dataclass(frozen=True, slots=True)
class TakePart:
    """A remedy: bypass a node no more, the node itself where none is named."""

    node: str = ""


Remedy: TypeAlias = SetParam | Insert | Widen | Rewire | TakePart


class Mismatch(Exception):  # noqa: N818 - it is an answer, raised to leave a rule early
    """What flows in does not fit. `{node}` in the text becomes the node's name."""

    def __init__(self, text: str, port: str | None = "input", remedies: Sequence[Remedy] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.port = port
        self.remedies = tuple(remedies)


def number(arguments: Arguments, name: str) -> int:
    """An argument that is an int."""
    return cast(int, arguments[name])


def optional(arguments: Arguments, name: str, default: int) -> int:
    """An argument that is an int or not given."""
    found = arguments.get(name)
    return default if found is None else cast(int, found)


def flag(arguments: Arguments, name: str) -> bool:
    """An argument that is true or false; a missing one is false."""
    return bool(arguments.get(name))


def sizes(found: Value, dims: int) -> tuple[int, ...]:
    """A size as one number for each dimension."""
    return tuple(cast(list[int], found)) if isinstance(found, list) else (cast(int, found),) * dims


def one(inputs: Inputs, port: str = "input") -> Flow:
    """What flows in at a port that takes one wire."""
    return inputs[port][0]


def same(flow: Flow, port: str = "output") -> dict[str, Flow]:
    """The same shape and dtype out."""
    return {port: Flow(flow.shape, flow.dtype)}


def to_type(dtype: str) -> Insert:
    """A remedy: bring what comes in to another type."""
    return Insert(f"Insert Cast to {dtype}", "Cast", {"dtype": dtype})


def expect_float(flow: Flow, port: str = "input") -> None:
    """Refuse whole numbers where a layer computes."""
    if flow.dtype not in FLOATS:
        cast_ = to_type("float32")
        raise Mismatch(f"{{node}} computes with decimal numbers, gets {flow.dtype}.", port, [cast_])


def expect_float32(flow: Flow, port: str = "input") -> None:
    """Refuse all but float32 where a layer multiplies with weights, which are float32."""
    if flow.dtype != "float32":
        words = "computes with decimal numbers" if flow.dtype not in FLOATS else "has float32 weights"
        raise Mismatch(f"{{node}} {words}, gets {flow.dtype}.", port, [to_type("float32")])


FLOATS = ("float16", "bfloat16", "float32", "float64")


def expect_integer(flow: Flow, port: str = "input") -> None:
    """Refuse decimal numbers where places or classes are named."""
    if not flow.is_integer:
        cast_ = to_type("int64")
        raise Mismatch(f"{{node}} takes whole numbers, gets {flow.dtype}.", port, [cast_])


def written(found: Sequence[Dim]) -> str:
    """A size in the user's words: 3×3."""
    return "×".join(str(dim) for dim in found)
