"""What a network and its nodes cost, in the words and figures of the inspector, without any widget."""

from dataclasses import dataclass

from netloom.compiler.checks import untrainable
from netloom.compiler.forecast import Forecast
from netloom.compiler.plan import NodePlan, Plan
from netloom.graph import Training
from netloom.layers.datasets import rows_for
from netloom.ui.panels import amounts

UNKNOWN = "–"
PARAMETERS_TIP = "Numbers that training changes."
MACS_TIP = "Multiplications with an addition that one sample takes on its way forward."
ESTIMATE = "An estimate, made without running anything."
MEASURED = "An estimate from the shapes and from how fast this machine computed a few small passes."


@dataclass(frozen=True, slots=True)
class Fact:
    """One number: what it counts, how much, its share of the whole, and what it means."""

    title: str
    value: str
    share: str = ""
    tip: str = ""


def training_rows(plan: Plan) -> int:
    """How many samples an epoch has; 0 without a dataset."""
    sources = (item for item in plan.nodes.values() if item.node.kind == "Dataset")
    return max((rows_for(item.arguments)[0] for item in sources), default=0)


def costs(plan: Plan | None, item: NodePlan | None, found: Forecast | None, batch: int) -> tuple[Fact, ...]:
    """What a node takes of everything: parameters, multiply-adds, memory and time of a step, each with its share."""
    if plan is None or item is None or item.part != "model" or not item.outputs:
        return ()
    whole = "block" if plan.definition else "all"
    return (
        Fact(
            "Parameters",
            amounts.exact(item.parameters),
            _of(amounts.share(item.parameters, plan.parameters), whole),
            PARAMETERS_TIP,
        ),
        Fact("Multiply-adds", amounts.short(item.macs), _of(amounts.share(item.macs, plan.macs), whole), MACS_TIP),
        _memory(item.node.id, found, batch),
        _time(item.node.id, found, batch),
    )


def _of(share: str, whole: str) -> str:
    return f"{share} of {whole}" if share else ""


def _memory(node: str, found: Forecast | None, batch: int) -> Fact:
    """Weights with all that training keeps for them, and what waits for the backward pass."""
    cost = found.nodes.get(node) if found else None
    if found is None or cost is None:
        return Fact("Memory", UNKNOWN, "", ESTIMATE)
    kept = round(cost.weights * found.lasting / found.weights) if found.weights else 0
    own = kept + cost.activations
    tip = (
        f"Weights, with gradients and what the optimizer remembers of them, take {amounts.size(kept)}; values that "
        f"wait for the backward pass of {batch} samples take {amounts.size(cost.activations)}. {ESTIMATE}"
    )
    return Fact("Memory", amounts.size(own), _of(amounts.share(own, found.memory), "step"), tip)


def _time(node: str, found: Forecast | None, batch: int) -> Fact:
    cost = found.nodes.get(node) if found else None
    tip = f"Forward and backward pass of {batch} samples. {MEASURED}"
    if found is None or cost is None or not found.step_seconds:
        return Fact("Time", UNKNOWN, "", tip)
    share = _of(amounts.share(cost.seconds, found.step_seconds), "step")
    return Fact("Time", amounts.span(cost.seconds), share, tip)


def totals(plan: Plan | None) -> tuple[Fact, ...]:
    """The cost of the whole network."""
    if plan is None:
        return ()
    return (
        Fact("Parameters", amounts.exact(plan.parameters), tip=PARAMETERS_TIP),
        Fact("Multiply-adds", amounts.short(plan.macs), tip=MACS_TIP),
        Fact("Nodes", amounts.exact(len(plan.nodes))),
    )


def size_facts(plan: Plan) -> tuple[Fact, ...]:
    """How large a network is."""
    return totals(plan)[:2]


def memory_facts(found: Forecast | None, batch: int) -> tuple[Fact, ...]:
    """The memory of training: the sum first, then what it is made of."""
    whole = f"What a step with {batch} samples holds at once, beside the program itself. {ESTIMATE}"
    parts = (
        ("Weights", "All parameters, 4 bytes each.", found and found.weights),
        ("Gradients", "One number for each parameter that an optimizer updates.", found and found.gradients),
        (
            "Optimizer",
            "What the optimizers remember of each parameter, such as its momentum.",
            found and found.optimizer,
        ),
        ("Activations", f"Results that wait for the backward pass of {batch} samples.", found and found.activations),
        ("Batch", f"The {batch} samples themselves.", found and found.inputs),
    )
    rows = (Fact(title, amounts.size(count) if count else UNKNOWN, tip=tip) for title, tip, count in parts)
    return (Fact("Memory", amounts.size(found.memory) if found else UNKNOWN, tip=whole), *rows)


def time_facts(plan: Plan, found: Forecast | None, training: Training) -> tuple[Fact, ...]:
    """How long a step, an epoch and the whole training take, as far as that can be told."""
    missing = untrainable(plan)
    step = found.step_seconds if found and plan.nodes else 0.0
    epoch = found.epoch_seconds if found and not missing else 0.0
    waiting = "Not known yet: the speed of this machine is being measured."
    measured = MEASURED if step else waiting if plan.nodes else "Nothing to compute yet."
    reason = f"Not known yet: {missing}" if missing else measured
    epochs = f"All {training.epochs:,} epochs" if training.epochs > 1 else "The one epoch"
    return (
        Fact("One step", _about(step), tip=f"{training.batch_size} samples forward and back. {measured}"),
        Fact("One epoch", _about(epoch), tip=f"Every training sample once. {reason}"),
        Fact(epochs, _about(epoch * training.epochs), tip=f"Without validation and pictures. {reason}"),
    )


def _about(seconds: float) -> str:
    return f"about {amounts.span(seconds)}" if seconds else UNKNOWN
