"""What the plots call things: names of layers, classes and metrics, taken from the plan."""

from collections.abc import Collection, Mapping

from netloom.compiler.plan import Plan
from netloom.layers.datasets import columns_for

FRACTIONS = frozenset({"Accuracy"})
"""Kinds of metric from 0 to 1, which are written as percent."""


def layer_names(plan: Plan) -> dict[str, str]:
    """Names by node id in the order of the plan; a node inside a block follows its block's name."""
    names: dict[str, str] = {}
    for key in plan.order:
        item = plan.nodes[key]
        names[key] = item.node.name
        if item.block is not None:
            names.update({inner: f"{item.node.name}.{name}" for inner, name in layer_names(item.block).items()})
    return names


def fraction_metrics(plan: Plan | None, names: Collection[str]) -> set[str]:
    """Those of the metrics that are shares of one."""
    if plan is None:
        return {name for name in names if "acc" in name.lower()}
    kinds: Mapping[str, str] = {item.node.name: item.node.kind for item in plan.nodes.values()}
    return {name for name in names if kinds.get(name) in FRACTIONS}


def class_names(plan: Plan | None, count: int) -> tuple[str, ...]:
    """The names of `count` classes, where a dataset of the plan has a column with so many."""
    for item in plan.nodes.values() if plan else ():
        for column in columns_for(item.arguments) if item.node.kind == "Dataset" else ():
            if len(column.classes) == count:
                return column.classes
    return ()
