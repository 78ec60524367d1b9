"""What is measured, and not lowered."""

from netloom.layers.declare import Declaration
from netloom.layers.spec import Derived, Port

KINDS = (
    Declaration(
        "Accuracy",
        "metric",
        "metric",
        "Share of the samples for which the model's first choice is right.",
        "torchmetrics.Accuracy",
        inputs=(
            Port("preds", help="What the model answers: a score for each class."),
            Port("target", "any", help="The right class as a whole number."),
        ),
        keywords=("correct", "classification", "score"),
        tuned={
            "task": {
                "type": "choice",
                "default": "multiclass",
                "choices": ("multiclass", "binary"),
                "help": "One of several classes, or yes and no.",
            },
            "threshold": {
                "minimum": 0.0,
                "maximum": 1.0,
                "help": "With binary: from which probability on the answer is yes.",
            },
            "num_classes": {"derived": Derived("preds", 1), "minimum": 2, "help": "Number of classes."},
            "average": {
                "optional": False,
                "choices": ("micro", "macro", "weighted"),
                "help": "micro counts samples, macro counts classes equally.",
            },
            "top_k": {
                "minimum": 1,
                "optional": False,
                "help": "The answer counts as right if it is among this many first choices.",
            },
            "ignore_index": {"help": "A label that is left out of the count."},
        },
        hidden=frozenset({"num_labels", "multidim_average", "validate_args"}),
    ),
)
