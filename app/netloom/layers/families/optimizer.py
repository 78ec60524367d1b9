"""How the weights are changed to lower a loss."""

from typing import cast

from netloom.graph.model import Value
from netloom.layers.declare import Declaration, Tuning
from netloom.layers.spec import Param, Port

LOSSES = Port("losses", "loss", many=True, help="What to lower. Several are added up.")
SCHEDULE = Port("schedule", "schedule", optional=True, help="What changes the learning rate as training goes on.")
UPDATES = Param(
    "updates",
    "nodes",
    [],
    "The layers whose weights it changes. Empty: all layers that its losses depend on.",
)
ORDER = Param(
    "order",
    "int",
    1,
    "Optimizers of the same number step together. Those of a higher one look again, after the lower ones have stepped.",
    minimum=1,
    maximum=100,
)
PERIOD = Param("period", "int", 1, "It takes a step at every so many batches, such as 5.", minimum=1, maximum=100_000)
WARMUP = Param(
    "warmup_steps", "int", 0, "Steps over which the learning rate rises to its value.", minimum=0, maximum=10_000_000
)
CLIP_NORM = Param("clip_norm", "float", 0.0, "The largest norm of all gradients together. 0: any.", minimum=0.0)
CLIP_VALUE = Param("clip_value", "float", 0.0, "The largest value in a gradient. 0: any.", minimum=0.0)
SPARED = Param("spare_biases", "bool", False, "No weight decay for biases and the weights of normalisation layers.")
STEPPING = (SPARED, WARMUP, CLIP_NORM, CLIP_VALUE, ORDER, PERIOD)
"""What is done around an optimizer, whichever it is."""
WITHOUT_DECAY = frozenset({"Rprop", "LBFGS", "SparseAdam"})

MOMENTUM: Tuning = {"minimum": 0.0, "help": "How much of the last step is carried on into this one."}
DECAY: Tuning = {"help": "Pulls weights towards zero at each step."}
EPS: Tuning = {"help": "A small number that is added where the step is divided, so that it is never by zero."}
MOMENTUM_SIZE: Tuning = {
    "minimum": 0.0,
    "maximum": 1.0,
    "help": "How slowly the running average of squared gradients forgets, from 0 to 1.",
}


def _decimal(value: Value) -> str | None:
    """PyTorch refuses a whole and a decimal number side by side."""
    return None if all(type(each) is float for each in cast(list[Value], value)) else "decimal numbers, such as 0.0"


def _around_one(value: Value) -> str | None:
    low, high = cast(list[float], value)
    return None if 0 < low < 1 < high else "a number between 0 and 1, and one above 1"


def _rising(value: Value) -> str | None:
    low, high = cast(list[float], value)
    return None if low <= high else "the smaller number first"


BETAS: Tuning = {
    "check": _decimal,
    "help": "How slowly the running averages of the gradient and of its square forget, from 0 to 1.",
}
COMMON: dict[str, Tuning] = {"weight_decay": DECAY, "eps": EPS, "betas": BETAS}


def _optimizer(
    kind: str,
    summary: str,
    keywords: tuple[str, ...],
    tuned: dict[str, Tuning] | None = None,
    hidden: frozenset[str] = frozenset({"decoupled_weight_decay"}),
) -> Declaration:
    return Declaration(
        kind,
        "optimizer",
        "optimizer",
        summary,
        f"torch.optim.{kind}",
        inputs=(LOSSES, SCHEDULE),
        stem="optimizer",
        keywords=("optimizer", "learning rate", "train", *keywords),
        tuned={name: each for name, each in (COMMON | (tuned or {})).items() if name not in hidden},
        hidden=hidden,
        own=(UPDATES,),
        closing=STEPPING if kind not in WITHOUT_DECAY else STEPPING[1:],
    )


ADAPTIVE = (
    _optimizer(
        "Adam",
        "Gives each weight its own step size. Works well with little tuning.",
        ("adaptive",),
        {"amsgrad": {"help": "Never let a step size grow again once it has shrunk."}},
    ),
    _optimizer(
        "AdamW",
        "Adam with a weight decay that acts on the weights alone. A good first choice.",
        ("adaptive", "decoupled weight decay"),
        {"amsgrad": {"help": "Never let a step size grow again once it has shrunk."}},
    ),
    _optimizer(
        "NAdam",
        "Adam that looks ahead along its momentum.",
        ("adaptive", "nesterov"),
        {
            "momentum_decay": {"minimum": 0.0, "help": "How fast the momentum reaches its full strength."},
            "decoupled_weight_decay": {"help": "Let the weight decay act on the weights alone, as in AdamW."},
        },
    ),
    _optimizer(
        "RAdam",
        "Adam that takes careful steps until its averages can be trusted, so that it needs no warm-up.",
        ("adaptive", "rectified", "warmup"),
        {"decoupled_weight_decay": {"help": "Let the weight decay act on the weights alone, as in AdamW."}},
    ),
    _optimizer(
        "Adamax", "Adam that sizes its steps by the largest gradient lately seen.", ("adaptive", "infinity norm")
    ),
    _optimizer(
        "Adagrad",
        "Takes smaller steps for weights that have moved much. Suits rare features, such as words.",
        ("adaptive", "sparse"),
        {
            "lr_decay": {"minimum": 0.0, "help": "How fast all steps shrink over time."},
            "initial_accumulator_value": {"minimum": 0.0, "help": "How much movement is assumed at the beginning."},
        },
    ),
    _optimizer(
        "Adadelta",
        "Sizes each step by what recent steps and gradients have been, with no learning rate to tune.",
        ("adaptive",),
        {"rho": MOMENTUM_SIZE},
    ),
    _optimizer(
        "Adafactor",
        "Adapts its steps like Adam with far less memory, for large models.",
        ("adaptive", "memory", "large"),
        {
            "beta2_decay": {"maximum": 0.0, "help": "How the average of squared gradients lengthens over time."},
            "d": {"minimum": 1.0, "help": "The largest update, measured by its root mean square."},
        },
        frozenset({"eps"}),
    ),
    _optimizer(
        "SparseAdam",
        "Adam for Embedding layers with sparse gradients: only the rows that were looked up move.",
        ("adaptive", "embedding", "sparse"),
        {"lr": {"minimum": 1e-12}, "eps": EPS | {"minimum": 1e-30}},
    ),
)

KINDS = (
    _optimizer(
        "SGD",
        "Steps straight down the slope of the loss, with momentum if wanted. Simple and hard to beat with care.",
        ("gradient descent", "stochastic", "momentum"),
        {
            "momentum": MOMENTUM,
            "dampening": {"minimum": 0.0, "help": "Weakens the momentum."},
            "nesterov": {"help": "Looks ahead along the momentum."},
        },
    ),
    *ADAPTIVE,
    _optimizer(
        "RMSprop",
        "Divides each step by the recent size of the gradient. A classic for recurrent networks.",
        ("adaptive", "root mean square"),
        {
            "alpha": MOMENTUM_SIZE,
            "momentum": MOMENTUM,
            "centered": {"help": "Measure gradients from their running average."},
        },
    ),
    _optimizer(
        "Rprop",
        "Looks at the sign of the gradient alone, and changes each step by how often it turns. For whole batches.",
        ("resilient", "sign"),
        {
            "etas": {
                "dims": 2,
                "minimum": 0.0,
                "check": _around_one,
                "help": "Factors by which a step shrinks after a turn, and grows without one.",
            },
            "step_sizes": {
                "dims": 2,
                "minimum": 0.0,
                "check": _rising,
                "help": "The smallest and the largest step.",
            },
        },
    ),
    _optimizer(
        "ASGD",
        "Gradient descent that averages its weights over time.",
        ("averaged", "stochastic"),
        {
            "lambd": {"minimum": 0.0, "help": "How fast the steps shrink."},
            "alpha": {"minimum": 0.0, "help": "Power with which the steps shrink."},
            "t0": {"minimum": 0.0, "help": "The step from which on weights are averaged."},
        },
    ),
    _optimizer(
        "Muon",
        "Turns the momentum of each weight matrix into an orthogonal step. Only for weights with two dimensions.",
        ("momentum", "orthogonal", "matrix", "newton schulz"),
        {
            "momentum": MOMENTUM,
            "nesterov": {"help": "Looks ahead along the momentum."},
            "ns_coefficients": {"type": "floats", "dims": 3, "help": "Coefficients of the Newton-Schulz iteration."},
            "ns_steps": {"minimum": 1, "maximum": 99, "help": "Rounds of the Newton-Schulz iteration."},
            "adjust_lr_fn": {
                "type": "choice",
                "choices": ("original", "match_rms_adamw"),
                "help": "How the learning rate follows the shape of a matrix.",
            },
        },
    ),
    _optimizer(
        "LBFGS",
        "Estimates the curvature of the loss and tries several steps for each batch. For small models and whole data.",
        ("second order", "quasi newton", "curvature", "line search"),
        {
            "max_iter": {"minimum": 1, "help": "Most steps for each batch."},
            "max_eval": {"minimum": 1, "help": "Most looks at the loss for each batch. Empty: 1.25 times max_iter."},
            "tolerance_grad": {"minimum": 0.0, "help": "Stop when no gradient is larger than this."},
            "tolerance_change": {"minimum": 0.0, "help": "Stop when the loss or the weights change by less."},
            "history_size": {"minimum": 1, "help": "How many steps the estimate of the curvature remembers."},
            "line_search_fn": {
                "type": "choice",
                "choices": ("strong_wolfe",),
                "help": "How the length of a step is found. Empty: it is the learning rate.",
            },
        },
    ),
)
