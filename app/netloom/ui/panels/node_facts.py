"""What the inspector tells about nodes, worked out from a graph and its plan without any widget."""

from collections.abc import Iterable

from netloom.compiler.flow import Flow
from netloom.compiler.plan import NodePlan, Plan
from netloom.graph import Node
from netloom.layers.spec import Param
from netloom.ui.panels.param_row import Setting
from netloom.ui.panels.param_text import shown


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


def taken(param: Param, node: Node, item: NodePlan | None, outside: str | None) -> str:
    """Which value the block around sets under the name `outside`, if it is another than stands in the node."""
    own = node.params.get(param.name, param.default)
    used = item.arguments.get(param.name, own) if item is not None else own
    if not outside or used == own:
        return ""
    return f"Here the block sets {outside} to {shown(param, used)}."


def shapes(flows: Iterable[Flow]) -> str:
    """Shapes as on the wires."""
    return ", ".join(str(flow) for flow in flows)


def in_and_out(item: NodePlan | None) -> tuple[str, str]:
    """The shapes that go in and come out; empty where nothing is known."""
    if item is None:
        return "", ""
    return shapes(flow for flows in item.inputs.values() for flow in flows), shapes(item.outputs.values())
