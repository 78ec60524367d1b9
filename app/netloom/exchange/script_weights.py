"""Which weights each optimizer of a training script changes, how fast, and which stay as they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from netloom.compiler import calls, naming
from netloom.compiler.goals import OptimizerPlan, updated
from netloom.compiler.plan import NodePlan, Plan
from netloom.compiler.source import loss_places
from netloom.graph.model import Node


@dataclass(frozen=True, slots=True)
class Weights:
    """The statements that gather the weights of an optimizer, and the expression that hands them to it.

    `factors` are those of the learning rates, one for each group.
    """

    held: str
    before: tuple[str, ...] = ()
    factors: tuple[float, ...] = (1.0,)
    is_grouped: bool = False


@dataclass(slots=True)
class _Groups:
    """Weights by the factor of their rate, those of the usual rate first."""

    found: dict[float, list[str]] = field(default_factory=lambda: {1.0: []})

    def add(self, rate: float, held: str) -> None:
        self.found.setdefault(rate, []).append(held)


def of(plan: Plan, optimizer: OptimizerPlan, number: str = "") -> Weights:
    """The weights of an optimizer; `number` tells its names from those of others."""
    chosen = updated(plan, plan.nodes[optimizer.node])
    items = [plan.nodes[key] for key in plan.order if key in chosen and plan.nodes[key].parameters]
    everything = len(optimizer.losses) == len(loss_places(plan)) and not optimizer.updates
    if any(rate != 1 for rate in _rates(items)) or optimizer.spare_biases:
        return _grouped(optimizer, items, number)
    held = _all(plan) if everything else _listed(_held(item, _top(item)) for item in items)
    if not any(map(_has_ice, items)):
        return Weights(held)
    return Weights(f"[each for each in layers{number} if each.requires_grad]", (f"layers{number} = {_list(held)}",))


def frozen(plan: Plan) -> Iterator[str]:
    """The statements that keep weights as they are."""
    for item in plan.working:
        if item.parameters and item.part in ("model", "objective"):
            yield from _frozen(item, _top(item))


def _frozen(item: NodePlan, path: str) -> Iterator[str]:
    if item.node.frozen:
        yield f"{path}.requires_grad_(False)"
    elif item.block is not None and _has_ice(item):
        for each, inner in _inside(item, path):
            yield from _frozen(inner, each)


def _all(plan: Plan) -> str:
    in_losses = any(item.part == "objective" and item.parameters for item in plan.nodes.values())
    return "[*model.parameters(), *objective.parameters()]" if in_losses else "model.parameters()"


def _grouped(optimizer: OptimizerPlan, items: Iterable[NodePlan], number: str) -> Weights:
    """Weights in groups, which have rates or a decay of their own."""
    groups = _Groups()
    for item in items:
        _gather(item, _top(item), item.node.rate, groups)
    before: list[str] = []
    entries: list[str] = []
    factors: list[float] = []
    kept = {rate: held for rate, held in groups.found.items() if held}
    for place, (rate, held) in enumerate(kept.items(), start=1):
        name = f"layers{number}" if len(kept) == 1 else f"layers{number}_{place}"
        before.append(f"{name} = [{', '.join(held)}]")
        own = "" if rate == 1 else f', "lr": {calls.literal(optimizer.base_rate * rate)}'
        if optimizer.spare_biases:
            before.append(f"decayed{name[6:]} = [each for each in {name} if each.dim() > 1]")
            before.append(f"spared{name[6:]} = [each for each in {name} if each.dim() <= 1]")
            entries.append(f'{{"params": decayed{name[6:]}{own}}}')
            entries.append(f'{{"params": spared{name[6:]}, "weight_decay": 0.0{own}}}')
            factors += [rate, rate]
        else:
            entries.append(f'{{"params": {name}{own}}}')
            factors.append(rate)
    before.append(f"groups{number} = [{', '.join(entries)}]")
    return Weights(f"groups{number}", tuple(before), tuple(factors), is_grouped=True)


def _gather(item: NodePlan, path: str, rate: float, groups: _Groups) -> None:
    if item.node.frozen:
        return
    if item.block is not None and (_has_ice(item) or any(each != 1 for each in _rates(item.block.working))):
        for each, inner in _inside(item, path):
            _gather(inner, each, rate * inner.node.rate, groups)
    else:
        groups.add(rate, _held(item, path))


def _inside(item: NodePlan, path: str) -> Iterator[tuple[str, NodePlan]]:
    """What a block holds that has weights of its own, once for each repeat, with its way there."""
    repeat = item.arguments.get("repeat")
    ways = [f"{path}[{copy}]" for copy in range(repeat)] if isinstance(repeat, int) and repeat > 1 else [path]
    for way in ways:
        for inner in item.block.working if item.block else ():
            if inner.parameters and not inner.weights:
                yield f"{way}.{naming.attribute(inner.node.name)}", inner


def _nodes(item: NodePlan) -> Iterator[Node]:
    yield item.node
    yield from chain.from_iterable(
        _nodes(each) for each in (item.block.working if item.block else ()) if each.parameters
    )


def _has_ice(item: NodePlan) -> bool:
    return any(node.frozen for node in _nodes(item))


def _rates(items: Iterable[NodePlan]) -> Iterator[float]:
    return (node.rate for item in items for node in _nodes(item))


def _top(item: NodePlan) -> str:
    owner = "objective" if item.part == "objective" else "model"
    return f"{owner}.{naming.attribute(item.node.name)}"


def _held(item: NodePlan, path: str) -> str:
    is_tensor = calls.module_call("it", {}, item.node.kind, item.arguments) == "self.it" if not item.inputs else False
    return path if is_tensor else f"*{path}.parameters()"


def _listed(parts: Iterable[str]) -> str:
    held = list(parts)
    return held[0][1:] if len(held) == 1 and held[0].startswith("*") else f"[{', '.join(held)}]"


def _list(held: str) -> str:
    return held if held.startswith("[") else f"[*{held}]"


def owned(optimizer: str) -> str:
    """The expression for all weights that an optimizer has."""
    return f'[each for group in {optimizer}.param_groups for each in group["params"]]'
