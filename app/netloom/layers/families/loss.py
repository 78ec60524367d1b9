"""What training lowers."""

from netloom.layers.declare import Declaration, Tuning
from netloom.layers.spec import Flow, Port

REDUCTION: Tuning = {"help": "Average over the batch, or add up."}


def _loss(
    kind: str,
    summary: str,
    target: Port,
    keywords: tuple[str, ...],
    tuned: dict[str, Tuning] | None = None,
    flow: Flow = "float",
) -> Declaration:
    inputs = (Port("input", flow, help="What the model answers."), target)
    outputs = (Port("loss", "loss", help="One number for an optimizer to lower."),)
    tuned = {"reduction": REDUCTION} | (tuned or {})
    return Declaration(
        kind, "loss", "loss", summary, f"torch.nn.{kind}", inputs, outputs, "loss", ("loss", *keywords), tuned
    )


KINDS = (
    _loss(
        "CrossEntropyLoss",
        "Compares a score for each class with the right class. The usual loss when one of several classes is right.",
        Port("target", "any", help="The right class as a whole number."),
        ("classification", "softmax", "log likelihood"),
        {
            "ignore_index": {"help": "A label that is left out of the loss."},
            "label_smoothing": {
                "minimum": 0.0,
                "maximum": 1.0,
                "help": "How much of the target is spread over all classes, against overconfidence.",
            },
        },
    ),
    _loss(
        "MSELoss",
        "Averages the squares of the differences between answer and target. The usual loss for numbers.",
        Port("target", help="The right numbers, in the shape of the answer."),
        ("mean squared error", "regression", "l2"),
    ),
    _loss(
        "BCEWithLogitsLoss",
        "Compares scores with yes or no answers, each for itself. Applies the sigmoid itself.",
        Port("target", help="1 for yes and 0 for no, in the shape of the answer."),
        ("binary cross entropy", "classification", "sigmoid", "multi-label"),
    ),
)
