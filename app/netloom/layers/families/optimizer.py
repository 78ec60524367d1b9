"""How the weights are changed to lower a loss."""

from netloom.layers.declare import Declaration, Tuning
from netloom.layers.spec import Port

MOMENTUM: Tuning = {"help": "How much of the last step is carried on into this one."}
DECAY: Tuning = {"help": "Pulls weights towards zero at each step."}


def _optimizer(
    kind: str, summary: str, keywords: tuple[str, ...], tuned: dict[str, Tuning] | None = None
) -> Declaration:
    return Declaration(
        kind,
        "optimizer",
        "optimizer",
        summary,
        f"torch.optim.{kind}",
        inputs=(Port("losses", "loss", many=True, help="What to lower. Several are added up."),),
        stem="optimizer",
        keywords=("optimizer", "learning rate", "train", *keywords),
        tuned={"weight_decay": DECAY} | (tuned or {}),
        hidden=frozenset({"decoupled_weight_decay"}),
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
    _optimizer("Adam", "Gives each weight its own step size. Works well with little tuning.", ("adaptive",)),
    _optimizer(
        "AdamW",
        "Adam with a weight decay that acts on the weights alone. A good first choice.",
        ("adaptive", "decoupled weight decay"),
    ),
)
