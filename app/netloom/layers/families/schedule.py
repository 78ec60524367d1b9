"""How the learning rate changes while a model trains. A schedule is wired into an optimizer.

Where a length in steps may be empty, it is the whole run: epochs or batches, as `step` says.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import cast

from netloom.graph.model import Value
from netloom.layers.declare import Declaration, Tuning
from netloom.layers.spec import Param, Port

SCHEDULE_OUT = (Port("schedule", "schedule", help="Leads to an optimizer, or to a schedule that combines several."),)
SCHEDULES = (Port("schedules", "schedule", many=True, help="The schedules to combine, in their order."),)
STEP = Param(
    "step",
    "choice",
    "epoch",
    "When it moves on: after each epoch or after each batch. Inside another schedule, that one decides.",
    ("epoch", "batch"),
)
HIDDEN = frozenset(
    {"optimizer", "last_epoch", "schedulers", "scale_fn", "scale_mode", "epochs", "steps_per_epoch", "mode"}
)

FRACTION: Tuning = {"minimum": 0.0, "maximum": 1.0}
PART: Tuning = {"minimum": 1e-12, "maximum": 1.0}
COUNT: Tuning = {"type": "int", "minimum": 1}
RATE: Tuning = {"type": "float", "minimum": 0.0}
GAMMA: Tuning = {"type": "float", "minimum": 0.0, "help": "What the learning rate is multiplied with."}
LOWEST: Tuning = {**RATE, "help": "The learning rate at the lowest point."}
MOMENTUM: Mapping[str, Tuning] = {
    "cycle_momentum": {"help": "Lower the momentum while the learning rate is high."},
    "base_momentum": {"type": "float", "optional": False, **FRACTION, "help": "The lowest momentum."},
    "max_momentum": {"type": "float", "optional": False, **FRACTION, "help": "The highest momentum."},
}


def _rising(value: Value) -> str | None:
    steps = cast(list[int], value)
    return None if all(a < b for a, b in pairwise(steps)) else "steps in rising order"


MILESTONES: Tuning = {"type": "ints", "default": [10], "minimum": 1, "check": _rising}


def _schedule(
    kind: str,
    summary: str,
    keywords: tuple[str, ...],
    tuned: Mapping[str, Tuning],
    inputs: tuple[Port, ...] = (),
    own: tuple[Param, ...] = (STEP,),
) -> Declaration:
    return Declaration(
        kind,
        "optimizer",
        "schedule",
        summary,
        f"torch.optim.lr_scheduler.{kind}",
        inputs=inputs,
        outputs=SCHEDULE_OUT,
        stem="schedule",
        keywords=("schedule", "scheduler", "learning rate", *keywords),
        tuned=tuned,
        hidden=HIDDEN,
        own=own,
    )


DECAYING = (
    _schedule(
        "StepLR",
        "Multiplies the learning rate by a factor every few steps.",
        ("decay", "staircase"),
        {"step_size": {**COUNT, "default": 10, "help": "Steps from one change to the next."}, "gamma": GAMMA},
    ),
    _schedule(
        "MultiStepLR",
        "Multiplies the learning rate by a factor at the steps that you name.",
        ("decay", "milestones"),
        {"milestones": {**MILESTONES, "help": "The steps at which the rate changes."}, "gamma": GAMMA},
    ),
    _schedule(
        "ExponentialLR",
        "Multiplies the learning rate by a factor at every step.",
        ("decay", "exponential"),
        {"gamma": {**GAMMA, "default": 0.95}},
    ),
    _schedule(
        "PolynomialLR",
        "Lowers the learning rate to zero along a power curve.",
        ("decay", "polynomial"),
        {
            "total_iters": {**COUNT, "help": "Steps until it is zero."},
            "power": {"minimum": 0.0, "help": "The power of the curve. 1 is a straight line."},
        },
    ),
    _schedule(
        "CosineAnnealingLR",
        "Lowers the learning rate along half a cosine wave. The usual choice for a run of known length.",
        ("cosine", "decay", "annealing"),
        {
            "T_max": {
                **COUNT,
                "default": None,
                "optional": True,
                "help": "Steps until the lowest point. Empty: the whole run.",
            },
            "eta_min": LOWEST,
        },
    ),
    _schedule(
        "CosineAnnealingWarmRestarts",
        "Lowers the learning rate along a cosine wave, and begins anew again and again.",
        ("cosine", "restart", "sgdr", "annealing"),
        {
            "T_0": {**COUNT, "default": 10, "help": "Steps until the first new beginning."},
            "T_mult": {**COUNT, "help": "By how much each round is longer than the one before."},
            "eta_min": LOWEST,
        },
    ),
)

WARMING = (
    _schedule(
        "ConstantLR",
        "Trains with a part of the learning rate for some steps, and with all of it from then on.",
        ("warmup", "constant"),
        {
            "factor": {**PART, "help": "The part of the learning rate to begin with."},
            "total_iters": {**COUNT, "help": "Steps until the whole rate is used."},
        },
    ),
    _schedule(
        "LinearLR",
        "Moves the learning rate along a straight line, such as upwards for a warm-up.",
        ("warmup", "linear", "ramp"),
        {
            "start_factor": {**PART, "help": "The part of the learning rate at the start."},
            "end_factor": {**FRACTION, "help": "The part of the learning rate at the end."},
            "total_iters": {**COUNT, "help": "Steps from start to end."},
        },
    ),
    _schedule(
        "CyclicLR",
        "Moves the learning rate up and down between two bounds.",
        ("cyclic", "triangle", "momentum"),
        {
            "base_lr": {**RATE, "default": 0.001, "help": "The lower bound."},
            "max_lr": {**RATE, "default": 0.01, "help": "The upper bound."},
            "step_size_up": {**COUNT, "help": "Steps on the way up."},
            "step_size_down": {**COUNT, "help": "Steps on the way down. Empty: as many as up."},
            "mode": {"help": "Keep the height of the waves, halve it each time, or let it fall by gamma."},
            "gamma": {**GAMMA, "help": "With exp_range: the factor by which each step lowers the waves."},
            **MOMENTUM,
        },
    ),
    _schedule(
        "OneCycleLR",
        "Raises the learning rate to a peak and lets it fall to almost nothing, once in the run.",
        ("one cycle", "warmup", "super convergence", "momentum"),
        {
            "max_lr": {**RATE, "default": 0.01, "help": "The rate at the peak."},
            "total_steps": {**COUNT, "help": "Steps of the whole cycle. Empty: the whole run."},
            "pct_start": {
                "minimum": 0.001,
                "maximum": 0.999,
                "help": "The part of the steps that leads up to the peak.",
            },
            "anneal_strategy": {"help": "Rise and fall along a cosine or along a straight line."},
            "div_factor": {"minimum": 1e-6, "help": "The peak divided by this is where it begins."},
            "final_div_factor": {"minimum": 1e-6, "help": "The beginning divided by this is where it ends."},
            "three_phase": {"help": "Fall back to the beginning first, and then to the end."},
            **MOMENTUM,
        },
    ),
)

KINDS = (
    *DECAYING,
    *WARMING,
    _schedule(
        "ReduceLROnPlateau",
        "Lowers the learning rate when the loss has stopped getting better.",
        ("plateau", "patience", "validation"),
        {
            "factor": {"minimum": 0.0, "maximum": 0.999999, "help": "What the learning rate is multiplied with."},
            "patience": {"minimum": 0, "help": "Epochs without improvement before the rate falls."},
            "threshold": {"minimum": 0.0, "help": "How much better counts as better."},
            "threshold_mode": {"help": "Whether the threshold is a part of the best loss or an amount."},
            "cooldown": {"minimum": 0, "help": "Epochs to wait after a change before counting again."},
            "min_lr": {**RATE, "help": "The learning rate that it never goes below."},
            "eps": {"help": "Changes of the rate that are smaller than this are left out."},
        },
        own=(),
    ),
    _schedule(
        "SequentialLR",
        "Follows one schedule after another, such as a warm-up and then a cosine.",
        ("sequence", "warmup", "combine"),
        {"milestones": {**MILESTONES, "help": "The steps at which the next schedule takes over."}},
        SCHEDULES,
    ),
    _schedule(
        "ChainedScheduler",
        "Follows several schedules at once: their factors are multiplied.",
        ("chain", "combine"),
        {},
        SCHEDULES,
    ),
)
