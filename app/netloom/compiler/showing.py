"""What a node that shows a block's definition hands to it and asks of it."""

from collections.abc import Mapping
from typing import TypeAlias

from netloom.compiler.plan import Plan
from netloom.compiler.rules import Mismatch, SetParam
from netloom.graph.model import Block, Value

Settings: TypeAlias = Mapping[str, Mapping[str, Value]]
"""What the outside of a block sets inside: values by parameter by node."""


def handed_in(block: Block, params: Mapping[str, Value]) -> Settings:
    """What these values of a block's own parameters set inside."""
    settings: dict[str, dict[str, Value]] = {}
    for each in block.params:
        if each.name in params:
            settings.setdefault(each.node, {})[each.param] = params[each.name]
    return settings


def expect_chain(plan: Plan) -> None:
    """Mismatch where a block that is repeated does not put out what it takes in."""
    entering, leaving = list(plan.inputs.values()), list(plan.outputs.values())
    if not leaving or leaving != entering[: len(leaving)]:
        come, go = (
            ", ".join(f"{flow} {flow.dtype}" for flow in flows) or "nothing"
            for flows in (entering[: len(leaving)] or entering, leaving)
        )
        raise Mismatch(
            f"{{node}} is repeated, so each copy must put out what it takes in. It takes in {come} and puts out {go}.",
            None,
            [SetParam("Do not repeat it", unset=("repeat",))],
        )
