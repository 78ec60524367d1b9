"""What training a plan will cost: memory and time, known before anything is computed. Needs no torch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from netloom.compiler import goals, limits
from netloom.compiler.dims import is_fixed
from netloom.compiler.flow import Flow
from netloom.compiler.keeping import Readers, readers_of, repeats, waiting
from netloom.compiler.plan import NodePlan, Plan
from netloom.layers.catalogue import spec

WEIGHT_BYTES = 4

REMEMBERED = {
    "Adam": 2.0,
    "AdamW": 2.0,
    "NAdam": 2.0,
    "RAdam": 2.0,
    "Adamax": 2.0,
    "SparseAdam": 2.0,
    "Adagrad": 1.0,
    "Adadelta": 2.0,
    "Adafactor": 0.1,
    "RMSprop": 1.0,
    "Rprop": 2.0,
    "ASGD": 1.0,
    "Muon": 1.0,
    "SGD": 0.0,
    "LBFGS": 4.0,
}
"""How many numbers an optimizer remembers for each weight, as it stands without its options."""

CALLS = {
    "MultiheadAttention": 10,
    "TransformerEncoderLayer": 22,
    "TransformerDecoderLayer": 36,
    "Attention": 4,
    "ScaledDotProductAttention": 4,
}
"""How many operations a node is that is more than one."""
CALLS_PER_PLACE = 3


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast a machine trains, forward and backward together.

    `macs_per_second` of matrix products, `convolved_per_second` of convolutions, `bytes_per_second` put out by
    operations that do little with each value, `seconds_per_call` of one operation and `seconds_per_step` of what a step
    does beside them.
    """

    macs_per_second: float
    convolved_per_second: float
    bytes_per_second: float
    seconds_per_call: float
    seconds_per_step: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What one node costs: bytes of its weights, bytes that wait for the backward pass, seconds of a step."""

    weights: int
    activations: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What training costs: bytes by what they are for, seconds of a step and of an epoch (0 where unknown)."""

    nodes: Mapping[str, Cost]
    weights: int
    gradients: int
    optimizer: int
    activations: int
    inputs: int
    step_seconds: float
    epoch_seconds: float

    @property
    def lasting(self) -> int:
        """The bytes that no smaller batch makes fewer."""
        return self.weights + self.gradients + self.optimizer

    @property
    def memory(self) -> int:
        """All bytes together."""
        return self.lasting + self.activations + self.inputs


def forecast(plan: Plan, batch_size: int, speed: Speed | None = None, rows: int = 0) -> Forecast:
    """The cost of training with batches of that size, on a machine of that speed, over epochs of so many rows.

    A free size other than the batch counts as 1. What a block holds counts for each of its repeats.
    """
    readers = readers_of(plan)
    nodes = {item.node.id: _cost(item, readers, batch_size, speed) for item in plan.working}
    weights = plan.parameters * WEIGHT_BYTES
    trained, remembered = _trained(plan)
    step = _step_seconds(nodes, weights + remembered, speed)
    return Forecast(
        nodes=nodes,
        weights=weights,
        gradients=trained,
        optimizer=remembered,
        activations=sum(cost.activations for cost in nodes.values()),
        inputs=sum(flow.size(batch_size) for flow in _entering(plan)),
        step_seconds=step,
        epoch_seconds=step * -(-rows // batch_size),
    )


def unaffordable(plan: Plan, batch_size: int) -> str | None:
    """Why this machine's own memory does not suffice to train with this batch size; None where it does."""
    return too_much(plan, batch_size, forecast(plan, batch_size))


def too_much(plan: Plan, batch_size: int, found: Forecast) -> str | None:
    """Why what is forecast does not fit into this machine's own memory; None where it does."""
    if found.lasting > limits.memory():
        parameters = limits.amount(plan.parameters)
        return f"Training {parameters} parameters takes {_more(found.lasting)} Make the model smaller."
    if found.memory > limits.memory():
        return f"A batch of {batch_size} takes {_more(found.memory)} Lower the batch size."
    return None


def _more(need: int) -> str:
    return f"{limits.size(need)} of memory; this machine has {limits.size(limits.memory())}."


def _cost(item: NodePlan, readers: Readers, batch: int, speed: Speed | None) -> Cost:
    activations = waiting(item, readers) * batch
    return Cost(item.parameters * WEIGHT_BYTES, activations, _seconds(item, batch, speed) if speed else 0.0)


def _entering(plan: Plan) -> Iterator[Flow]:
    """What a step is given: the inputs, and the columns that losses compare with."""
    read = {(wire.source, wire.output) for item in plan.nodes.values() for wire in item.wires}
    for key, port in sorted(read):
        source = plan.nodes.get(key)
        if source is not None and source.part == "data" and port in source.outputs:
            yield source.outputs[port]


def _trained(plan: Plan) -> tuple[int, int]:
    """Bytes of the gradients, and of what the optimizers remember."""
    trained: dict[str, int] = {}
    remembered = 0.0
    for optimizer in goals.optimizers(plan):
        nodes = goals.updated(plan, plan.nodes[optimizer.node])
        own = {key: plan.nodes[key].parameters * WEIGHT_BYTES for key in nodes if key in plan.nodes}
        trained |= own
        remembered += sum(own.values()) * _slots(optimizer)
    return sum(trained.values()), round(remembered)


def _slots(optimizer: goals.OptimizerPlan) -> float:
    kind, arguments = optimizer.target.rpartition(".")[2], optimizer.arguments
    if kind == "LBFGS":
        return REMEMBERED[kind] + 2 * cast(int, arguments.get("history_size") or 0)
    extra = sum(bool(arguments.get(name)) for name in ("amsgrad", "centered"))
    return REMEMBERED.get(kind, 2.0) + extra + (kind in ("SGD", "RMSprop") and bool(arguments.get("momentum")))


def _seconds(item: NodePlan, batch: int, speed: Speed) -> float:
    """The forward and backward pass of one node."""
    role = spec(item.node.kind).role
    if role not in ("module", "function", "block", "loss"):
        return 0.0
    if item.block is not None:
        return sum(_seconds(each, batch, speed) for each in item.block.working) * repeats(item)
    is_convolution = spec(item.node.kind).category == "convolution"
    rate = speed.convolved_per_second if is_convolution else speed.macs_per_second
    moved = max(item.kept, sum(flow.size() for flow in item.outputs.values())) if role != "loss" else 0
    return _calls(item) * speed.seconds_per_call + item.macs * batch / rate + moved * batch / speed.bytes_per_second


def _calls(item: NodePlan) -> int:
    """How many operations a node is, roughly; a recurrent layer is one for each place of the sequence and more."""
    kind = item.node.kind
    if spec(kind).category != "recurrent" or kind.endswith("Cell"):
        return CALLS.get(kind, 1)
    shape = item.inputs["input"][0].shape
    length = shape[1 if item.arguments.get("batch_first") else 0] if len(shape) > 1 else 1
    layers = cast(int, item.arguments.get("num_layers") or 1) * (2 if item.arguments.get("bidirectional") else 1)
    return CALLS_PER_PLACE * layers * (length if is_fixed(length) else 1)


def _step_seconds(nodes: Mapping[str, Cost], state: int, speed: Speed | None) -> float:
    if speed is None:
        return 0.0
    return speed.seconds_per_step + sum(cost.seconds for cost in nodes.values()) + state / speed.bytes_per_second
