"""What training lowers."""

from typing import cast

from netloom.graph.model import Value
from netloom.layers.declare import Declaration, Tuning
from netloom.layers.spec import Param, Port

REDUCTION: Tuning = {"help": "Average over the batch, or add up."}
MARGIN: Tuning = {"type": "float", "help": "How far apart what differs should be."}
EPS: Tuning = {"type": "float", "minimum": 0.0, "help": "A small number that keeps divisions and logarithms finite."}
SHARE: Tuning = {"type": "float", "minimum": 0.0, "maximum": 1.0}
FULL: Tuning = {"help": "Include the terms that do not depend on the model."}
IGNORED: Tuning = {"help": "A label that is left out of the loss."}


def _some(value: Value) -> str | None:
    """Weights of nothing at all would divide by nothing."""
    return None if any(cast(list[float], value)) else "at least one weight above 0"


WEIGHTS: Tuning = {"type": "floats", "optional": True, "tensor": True, "minimum": 0.0}
CLASS_WEIGHTS: Tuning = {
    **WEIGHTS,
    "check": _some,
    "help": "How much each class counts, such as 1, 5 where the second is rare. Empty: all alike.",
}

LOSS_OUT = (Port("loss", "loss", help="One number for an optimizer to lower."),)
NUMBERS = Port("target", help="The right numbers, in the shape of the answer.")
LABEL = Port("target", "any", help="The right class as a whole number.")
SIGNS = Port("target", "any", help="1 for yes and -1 for no.")


def _answer(text: str, name: str = "input") -> Port:
    return Port(name, help=text)


def _loss(
    kind: str,
    summary: str,
    inputs: tuple[Port, ...],
    keywords: tuple[str, ...],
    tuned: dict[str, Tuning] | None = None,
    hidden: frozenset[str] = frozenset(),
) -> Declaration:
    return Declaration(
        kind,
        "loss",
        "loss",
        summary,
        f"torch.nn.{kind}",
        inputs,
        LOSS_OUT,
        "loss",
        ("loss", *keywords),
        {"reduction": REDUCTION} | (tuned or {}),
        hidden,
    )


CLASSES = (
    _loss(
        "CrossEntropyLoss",
        "Compares a score for each class with the right class. The usual loss when one of several classes is right.",
        (_answer("A score for each class."), LABEL),
        ("classification", "softmax", "log likelihood"),
        {
            "weight": CLASS_WEIGHTS,
            "ignore_index": IGNORED,
            "label_smoothing": {
                **SHARE,
                "help": "How much of the target is spread over all classes, against overconfidence.",
            },
        },
    ),
    _loss(
        "NLLLoss",
        "Compares the logarithm of each class's probability with the right class. It follows a LogSoftmax.",
        (_answer("The logarithm of a probability for each class."), LABEL),
        ("negative log likelihood", "classification", "log softmax"),
        {"weight": CLASS_WEIGHTS, "ignore_index": IGNORED},
    ),
    _loss(
        "MultiMarginLoss",
        "Wants the right class's score to be larger than all others by a margin.",
        (_answer("A score for each class."), LABEL),
        ("hinge", "classification", "svm"),
        {
            "p": {"type": "int", "minimum": 1, "maximum": 2, "positional": False, "help": "1 or 2: the power."},
            "margin": MARGIN,
        },
    ),
    _loss(
        "MultiLabelMarginLoss",
        "Wants the scores of all right classes to be larger than those of the others.",
        (_answer("A score for each class."), Port("target", "any", help="The right classes, then -1 to fill up.")),
        ("hinge", "multi-label", "classification"),
    ),
    _loss(
        "CTCLoss",
        "Reads a label sequence out of a longer one, whatever the timing. The loss of speech and handwriting.",
        (
            _answer("Logarithms of probabilities: steps×N×classes."),
            Port("target", "any", help="The labels, N×length."),
            Port("input_lengths", "integer", optional=True, help="Steps that count of each. Empty: all."),
            Port("target_lengths", "integer", optional=True, help="Labels that count of each. Empty: all."),
        ),
        ("connectionist temporal classification", "speech", "sequence", "handwriting"),
        {
            "blank": {"minimum": 0, "help": "The class that stands for no label."},
            "zero_infinity": {"help": "Leave out what cannot be matched because it is too short."},
        },
    ),
)

DECISIONS = (
    _loss(
        "BCEWithLogitsLoss",
        "Compares scores with yes or no answers, each for itself. Applies the sigmoid itself.",
        (
            _answer("A score for each answer."),
            Port("target", help="1 for yes and 0 for no, in the shape of the answer."),
        ),
        ("binary cross entropy", "classification", "sigmoid", "multi-label"),
        {
            "pos_weight": {
                **WEIGHTS,
                "help": "How much a yes counts against a no: one number, or one for each answer. Empty: alike.",
            }
        },
    ),
    _loss(
        "BCELoss",
        "Compares probabilities with yes or no answers, each for itself. It follows a Sigmoid.",
        (_answer("Probabilities from 0 to 1."), Port("target", help="1 for yes and 0 for no, in the answer's shape.")),
        ("binary cross entropy", "classification", "probability"),
    ),
    _loss(
        "SoftMarginLoss",
        "Compares scores with answers of 1 and -1 by a logistic curve.",
        (_answer("A score for each answer."), SIGNS),
        ("logistic", "classification"),
    ),
    _loss(
        "MultiLabelSoftMarginLoss",
        "Compares scores with yes or no answers, averaged over the classes. Applies the sigmoid itself.",
        (_answer("A score for each class."), Port("target", "any", help="1 for yes and 0 for no.")),
        ("multi-label", "classification", "sigmoid"),
    ),
    _loss(
        "HingeEmbeddingLoss",
        "Makes distances small where the target is 1 and larger than a margin where it is -1.",
        (_answer("Distances."), SIGNS),
        ("metric learning", "similarity", "distance"),
        {"margin": MARGIN},
    ),
)

AMOUNTS = (
    _loss(
        "MSELoss",
        "Averages the squares of the differences between answer and target. The usual loss for numbers.",
        (_answer("What the model answers."), NUMBERS),
        ("mean squared error", "regression", "l2"),
    ),
    _loss(
        "L1Loss",
        "Averages the sizes of the differences between answer and target. Outliers count less than with squares.",
        (_answer("What the model answers."), NUMBERS),
        ("mean absolute error", "mae", "regression", "l1"),
    ),
    _loss(
        "SmoothL1Loss",
        "Squares small differences and takes the size of large ones.",
        (_answer("What the model answers."), NUMBERS),
        ("huber", "regression", "robust", "l1"),
        {"beta": {"minimum": 0.0, "help": "Where a small difference ends."}},
    ),
    _loss(
        "HuberLoss",
        "Squares small differences and scales large ones, so that outliers do not dominate.",
        (_answer("What the model answers."), NUMBERS),
        ("regression", "robust"),
        {"delta": {"minimum": 1e-12, "help": "Where a small difference ends."}},
    ),
    _loss(
        "PoissonNLLLoss",
        "Compares an expected count with the count that was seen.",
        (_answer("The expected count, or its logarithm."), Port("target", "any", help="The counts, in its shape.")),
        ("count", "regression", "poisson"),
        {"log_input": {"help": "Whether the model answers the logarithm of the count."}, "full": FULL, "eps": EPS},
    ),
    _loss(
        "GaussianNLLLoss",
        "Compares numbers with a mean and a variance that the model answers, so that it learns how sure it is.",
        (
            _answer("The mean that the model answers."),
            Port("target", "any", help="The right numbers, in the shape of the answer."),
            Port("var", help="The variance that the model answers, above 0: a Softplus makes it so."),
        ),
        ("uncertainty", "variance", "regression", "heteroscedastic"),
        {"full": FULL, "eps": EPS},
    ),
    _loss(
        "KLDivLoss",
        "Measures how far one distribution is from another. It follows a LogSoftmax.",
        (_answer("Logarithms of probabilities."), Port("target", help="Probabilities in the shape of the answer.")),
        ("kullback leibler", "divergence", "distribution", "distillation"),
        {
            "reduction": {
                "choices": ("batchmean", "mean", "sum"),
                "start": "batchmean",
                "help": "Divide by the batch, as the formula says; average over all values; or add up.",
            },
            "log_target": {"help": "Whether the target holds logarithms of probabilities too."},
        },
    ),
)

PAIRS = (
    _loss(
        "MarginRankingLoss",
        "Learns which of two scores should be higher.",
        (
            _answer("The scores of the first.", "input1"),
            _answer("The scores of the second.", "input2"),
            Port("target", "any", help="1 where the first should be higher, -1 where the second."),
        ),
        ("rank", "learning to rank", "order"),
        {"margin": MARGIN},
    ),
    _loss(
        "CosineEmbeddingLoss",
        "Turns two vectors to one direction where the target is 1, and apart where it is -1.",
        (
            _answer("The first vectors, N×D.", "input1"),
            _answer("The second vectors, N×D.", "input2"),
            Port("target", "any", help="1 for alike and -1 for different."),
        ),
        ("similarity", "metric learning", "siamese", "embedding"),
        {"margin": {**MARGIN, "minimum": -1.0, "maximum": 1.0}},
    ),
    *(
        _loss(
            kind,
            summary,
            (
                _answer("The vectors to compare with.", "anchor"),
                _answer("Vectors that should be near.", "positive"),
                _answer("Vectors that should be far.", "negative"),
            ),
            ("metric learning", "similarity", "siamese", "embedding", "contrastive"),
            {
                "margin": {**MARGIN, "minimum": 1e-12},
                "swap": {"help": "Measure from the positive one where that is nearer to the negative."},
                **powers,
            },
            frozenset({"distance_function"}),
        )
        for kind, summary, powers in (
            (
                "TripletMarginLoss",
                "Wants an anchor to be nearer to one vector than to another, by a margin.",
                {"p": Tuning(type="float", minimum=1e-3, maximum=1e3, positional=False), "eps": EPS},
            ),
            (
                "TripletMarginWithDistanceLoss",
                "Wants an anchor to be nearer to one vector than to another, by PyTorch's pairwise distance.",
                dict[str, Tuning](),
            ),
        )
    ),
)

WITH_WEIGHTS = (
    Declaration(
        "AdaptiveLogSoftmaxWithLoss",
        "loss",
        "module",
        "Tells very many classes apart with little work for rare ones. It has weights, so it stands in the model.",
        "torch.nn.AdaptiveLogSoftmaxWithLoss",
        (_answer("Features, N×D."), Port("target", "integer", help="The right class, brought in by an Input.")),
        (
            Port("output", help="The logarithm of the right class's probability."),
            Port("loss", help="Goes to a MeanLoss."),
        ),
        "softmax",
        ("loss", "classification", "language model", "vocabulary", "rare words"),
        {
            "n_classes": {"default": 1000, "minimum": 2, "positional": True},
            "cutoffs": {
                "type": "ints",
                "default": [100],
                "minimum": 1,
                "positional": True,
                "help": "Where rarer classes begin, in rising order. Classes are sorted by how often they occur.",
            },
            "div_value": {"minimum": 1e-3, "help": "By how much the features shrink with each rarer group."},
            "head_bias": {"help": "Whether the frequent classes have a constant of their own."},
        },
    ),
    Declaration(
        "LinearCrossEntropyLoss",
        "loss",
        "module",
        "A Linear layer and its cross-entropy in one, which saves memory. It has weights, so it stands in the model.",
        "torch.nn.LinearCrossEntropyLoss",
        (_answer("Features, N×D."), Port("target", "integer", help="The right class, brought in by an Input.")),
        (Port("loss", help="Goes through an Output to a MeanLoss."),),
        "head",
        ("loss", "classification", "softmax", "memory"),
        {
            "num_classes": {"default": 10, "minimum": 1, "positional": True},
            "reduction": REDUCTION,
            "ignore_index": IGNORED,
            "label_smoothing": {**SHARE, "help": "How much of the target is spread over all classes."},
        },
        frozenset({"out_features", "options"}),
    ),
)

KINDS = (
    *CLASSES,
    *DECISIONS,
    *AMOUNTS,
    *PAIRS,
    Declaration(
        "MeanLoss",
        "loss",
        "loss",
        "Makes a loss of any numbers: their mean or sum, times a weight. For formulas that you draw yourself.",
        inputs=(_answer("What should become small."),),
        outputs=LOSS_OUT,
        stem="loss",
        keywords=("loss", "custom", "formula", "regularisation", "penalty", "sum", "mean", "weight"),
        own=(
            Param("reduction", "choice", "mean", "Average over all numbers, or add up.", ("mean", "sum")),
            Param("weight", "float", 1.0, "What the loss is multiplied with. Below 0 it is raised instead of lowered."),
        ),
    ),
    *WITH_WEIGHTS,
)
