"""What the inspector tells about nodes, worked out from a graph and its plan without any widget."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netloom.compiler.flow import Flow
from netloom.compiler.plan import NodePlan, Plan
from netloom.graph import Node
from netloom.layers.spec import Param
from netloom.ui.panels import amounts
from netloom.ui.panels.param_row import Setting

BATCH = "N"
BYTES = {"float64": 8, "int64": 8, "int16": 2, "float16": 2, "bfloat16": 2, "uint8": 1, "int8": 1, "bool": 1}
UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of the cost row: what it counts, how much, and its share of the whole."""

    title: str
    value: str
    share: str = ""


def found(plan: Plan | None, key: str) -> NodePlan | None:
    """What a plan knows of a node, in whatever block it lies."""
    if plan is None:
        return None
    if key in plan.nodes:
        return plan.nodes[key]
    inner = (item.block for item in plan.nodes.values() if item.block is not None)
    return next((hit for block in inner if (hit := found(block, key)) is not None), None)


def setting(param: Param, node: Node, item: NodePlan | None) -> Setting:
    """The value of a parameter and where it comes from."""
    if param.name in node.params:
        return Setting(node.params[param.name], "typed")
    if param.derived is not None:
        is_known = item is not None and param.name in item.derived
        return Setting(item.arguments.get(param.name) if item and is_known else None, "wire")
    return Setting(param.default, "default")


def shapes(flows: Iterable[Flow]) -> str:
    """Shapes as on the wires."""
    return ", ".join(str(flow) for flow in flows)


def in_and_out(item: NodePlan | None) -> tuple[str, str]:
    """The shapes that go in and come out; empty where nothing is known."""
    if item is None:
        return "", ""
    return shapes(flow for flows in item.inputs.values() for flow in flows), shapes(item.outputs.values())


def costs(plan: Plan | None, item: NodePlan | None, batch: int) -> tuple[Fact, ...]:
    """Parameters, multiply-adds and the memory of what a node puts out for one batch, each with its share."""
    if plan is None or item is None or item.part != "model" or not item.outputs:
        return ()
    memory, whole = _memory([item], batch), _memory(plan.nodes.values(), batch)
    return (
        Fact("Parameters", amounts.exact(item.parameters), _of(amounts.share(item.parameters, plan.parameters), "all")),
        Fact("MACs", amounts.short(item.macs), _of(amounts.share(item.macs, plan.macs), "all")),
        Fact(
            "Memory",
            UNKNOWN if memory is None else amounts.size(memory),
            "" if memory is None or whole is None else _of(amounts.share(memory, whole), "step"),
        ),
    )


def _of(share: str, whole: str) -> str:
    return f"{share} of {whole}" if share else ""


def _memory(items: Iterable[NodePlan], batch: int) -> int | None:
    """Bytes of all outputs for a batch; None where another letter than the batch is free."""
    values: Mapping[str, int] = {BATCH: batch}
    try:
        return sum(_bytes(flow, values) for item in items if item.part != "data" for flow in item.outputs.values())
    except KeyError:
        return None


def _bytes(flow: Flow, values: Mapping[str, int]) -> int:
    count = BYTES.get(flow.dtype, 4)
    for size in flow.with_values(values):
        count *= size
    return count


def totals(plan: Plan | None) -> tuple[Fact, ...]:
    """The cost of the whole network."""
    if plan is None:
        return ()
    return (
        Fact("Parameters", amounts.exact(plan.parameters)),
        Fact("MACs", amounts.short(plan.macs)),
        Fact("Nodes", amounts.exact(len(plan.nodes))),
    )
