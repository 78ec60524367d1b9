"""What no machine, or not this one, can hold: refused while it is only a number."""

import os
from collections.abc import Iterable
from functools import cache

from netloom.compiler.dims import Dim, is_fixed, letters, product, value
from netloom.compiler.flow import Flow
from netloom.compiler.plan import Plan
from netloom.compiler.rules import Answer, Mismatch

BYTES = 4
LONGEST_SIZE = 120
DEEPEST, MOST_LAYERS = 32, 100_000
UNKNOWN_MEMORY = 64 << 30
UNITS = ("B", "kB", "MB", "GB", "TB", "PB", "EB")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@cache
def memory() -> int:
    """The memory of this machine in bytes; a guess where the system does not say."""
    if not hasattr(os, "sysconf"):
        return UNKNOWN_MEMORY
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def refuse_empty(answer: Answer) -> None:
    """Mismatch where nothing would come out; so rules need not think of tensors without values."""
    for flow in answer.outputs.values():
        if any(is_fixed(dim) and dim < 1 for dim in flow.shape):
            raise Mismatch(f"{{node}} would put out nothing: {flow}.", None)


def refuse_too_large(answer: Answer) -> None:
    """Mismatch where weights or one sample's result would not fit into the memory of this machine."""
    if any(len(str(dim)) > LONGEST_SIZE for flow in answer.outputs.values() for dim in flow.shape):
        raise Mismatch("What {node} puts out has a size that is too long to write. Use fewer free sizes.", None)
    if answer.parameters * BYTES > memory():
        raise Mismatch(f"{{node}} would hold {_too_large(answer.parameters, 'parameters')}", None)
    values = _values(answer.outputs.values())
    if values * BYTES > memory():
        raise Mismatch(f"{{node}} would put out {_too_large(values, 'numbers a sample')}", None)


def _too_large(count: int, what: str) -> str:
    return f"{amount(count)} {what}, {size(count * BYTES)}; this machine has {size(memory())}. Make it smaller."


def _values(flows: Iterable[Flow]) -> int:
    """How many numbers these hold for one sample, where every free size is 1."""
    return sum(abs(_at_one(product(flow.shape))) for flow in flows)


def _at_one(dim: Dim) -> int:
    return value(dim, dict.fromkeys(letters((dim,)), 1))


def too_many(layers: int) -> Mismatch:
    """What to say where blocks in blocks multiply to more layers than anyone could wait for."""
    return Mismatch(f"{{node}} brings the network to {amount(layers)} layers; {MOST_LAYERS:,} are the most.", None)


def refuse_too_deep(depth: int) -> None:
    """Mismatch where a block stands too deep in others."""
    if depth >= DEEPEST:
        raise Mismatch(f"{{node}} is a block inside {depth} others; {DEEPEST} are the most.", None)


def unbuildable(plan: Plan) -> str | None:
    """Why this machine cannot hold the weights of a whole plan; None where it can."""
    if plan.parameters * BYTES <= memory():
        return None
    return f"The model would hold {_too_large(plan.parameters, 'parameters')}"


def amount(count: int) -> str:
    """A count for people: 4.6×10¹⁸, and in full below a million."""
    if count < 10**6:
        return f"{count:,}"
    mantissa, _, power = f"{count:.1e}".partition("e+")
    factor = "" if mantissa == "1.0" else f"{mantissa.removesuffix('.0')}×"
    return f"{factor}10{str(int(power)).translate(RAISED)}"


def size(count: int) -> str:
    """A number of bytes for people: 18 EB."""
    power = min(len(UNITS) - 1, (len(str(count)) - 1) // 3)
    return f"{amount(round(count / 1000**power))} {UNITS[power]}"
