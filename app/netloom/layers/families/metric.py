"""What is measured, and not lowered."""

from collections.abc import Mapping

from netloom.layers.declare import Declaration, Tuning
from netloom.layers.spec import Derived, Port

SCORES = (
    Port("preds", "any", help="What the model answers: a score for each class."),
    Port("target", "any", help="The right class as a whole number."),
)
AMOUNTS = (
    Port("preds", help="What the model answers."),
    Port("target", "any", help="The right numbers, in the shape of the answer."),
)
SHARE: Tuning = {"minimum": 0.0, "maximum": 1.0}
HIDDEN = frozenset(
    {"multidim_average", "validate_args", "num_outputs", "zero_division", "t_test", "alternative", "dim"}
)
ELSEWHERE = {
    "CosineSimilarityScore": "CosineSimilarity",
    "PeakSignalNoiseRatio": "image.PeakSignalNoiseRatio",
    "Perplexity": "text.Perplexity",
}
"""Metrics that have the name of a layer, or a place of their own."""
TASKS = ("multiclass", "binary", "multilabel")


def _task(*tasks: str) -> Tuning:
    words = {"multiclass": "one of several classes", "binary": "yes or no", "multilabel": "several yes or no at once"}
    text = ", ".join(f"{name} is {words[name]}" for name in tasks)
    return {"type": "choice", "default": tasks[0], "choices": tasks, "help": f"What is answered: {text}."}


AVERAGE: Tuning = {
    "optional": False,
    "choices": ("micro", "macro", "weighted"),
    "help": "micro counts samples, macro counts classes equally.",
}
TOP: Tuning = {
    "minimum": 1,
    "optional": False,
    "help": "The answer counts as right if it is among this many first choices.",
    "when": ("task", ("multiclass",)),
}
THRESHOLDS: Tuning = {
    "type": "int",
    "minimum": 2,
    "help": "How many thresholds are tried. Empty: all there are, which takes more memory.",
}


def _count(text: str, task: str) -> Tuning:
    return {"derived": Derived("preds", 1), "minimum": 2, "help": text, "when": ("task", (task,))}


def _classifying(*tasks: str) -> dict[str, Tuning]:
    """The parameters that tell classes apart, as far as a metric has them."""
    return {
        "task": _task(*tasks),
        "threshold": {**SHARE, "help": "From which probability on an answer is yes.", "when": ("task", tasks[1:])},
        "num_classes": _count("Number of classes.", "multiclass"),
        "num_labels": _count("Number of answers for each sample.", "multilabel"),
        "average": AVERAGE,
        "top_k": TOP,
        "ignore_index": {"help": "A label that is left out of the count."},
        "thresholds": THRESHOLDS,
    }


MACRO: Tuning = {
    "optional": False,
    "choices": ("macro", "weighted"),
    "help": "macro counts classes equally, weighted by how often they occur.",
}


def _metric(
    kind: str, summary: str, inputs: tuple[Port, ...], keywords: tuple[str, ...], tuned: Mapping[str, Tuning]
) -> Declaration:
    words = ("metric", "score", *keywords)
    return Declaration(
        kind,
        "metric",
        "metric",
        summary,
        f"torchmetrics.{ELSEWHERE.get(kind, kind)}",
        inputs,
        stem=_stem(kind),
        keywords=words,
        tuned=tuned,
        hidden=HIDDEN,
    )


def _stem(kind: str) -> str:
    known = {"MeanAbsoluteError": "mae", "MeanSquaredError": "mse", "F1Score": "f1", "R2Score": "r2"}
    return known.get(kind, kind.lower())


def _classification(
    kind: str,
    summary: str,
    keywords: tuple[str, ...],
    tuned: dict[str, Tuning] | None = None,
    tasks: tuple[str, ...] = TASKS,
) -> Declaration:
    return _metric(kind, summary, SCORES, ("classification", *keywords), _classifying(*tasks) | (tuned or {}))


def _regression(
    kind: str, summary: str, keywords: tuple[str, ...], tuned: dict[str, Tuning] | None = None
) -> Declaration:
    return _metric(kind, summary, AMOUNTS, ("regression", *keywords), tuned or {})


CLASSIFICATION = (
    _classification(
        "Accuracy", "Share of the samples for which the model's first choice is right.", ("correct", "accuracy")
    ),
    _classification("Precision", "Share of what was found that is right.", ("positive predictive value",)),
    _classification("Recall", "Share of what is right that was found.", ("sensitivity", "true positive rate")),
    _classification("F1Score", "Precision and recall in one number.", ("f1", "dice", "precision", "recall")),
    _classification(
        "FBetaScore",
        "Precision and recall in one number, of which one counts more.",
        ("fbeta", "precision", "recall"),
        {"beta": {"minimum": 1e-6, "help": "How much more recall counts than precision."}},
    ),
    _classification("Specificity", "Share of what is wrong that was left out.", ("true negative rate",)),
    _classification("NegativePredictiveValue", "Share of what was left out that is wrong.", ("npv", "true negatives")),
    _classification("HammingDistance", "Share of the answers that are wrong.", ("error rate",)),
    _classification(
        "JaccardIndex",
        "Overlap of what was found with what is right. The usual measure of segmentation.",
        ("iou", "intersection over union", "segmentation"),
    ),
    _classification(
        "AUROC",
        "Probability that a right sample scores higher than a wrong one, whatever the threshold.",
        ("auc", "roc", "curve"),
        {
            "average": MACRO,
            "max_fpr": {
                "type": "float",
                "minimum": 1e-6,
                "maximum": 1.0,
                "help": "Look only at false alarms up to this rate.",
                "when": ("task", ("binary",)),
            },
        },
    ),
    _classification(
        "AveragePrecision",
        "Precision averaged over all thresholds. Good where right samples are rare.",
        ("map", "precision recall curve", "auprc"),
        {"average": MACRO},
    ),
    _classification(
        "CalibrationError",
        "How far the model's probabilities are from how often it is right.",
        ("ece", "confidence", "calibration"),
        {
            "n_bins": {"minimum": 1, "help": "How many groups of confidence are compared."},
            "norm": {"help": "Average the distances, average their squares, or take the largest."},
        },
        ("multiclass", "binary"),
    ),
    _classification(
        "CohenKappa",
        "Agreement beyond what chance would give.",
        ("kappa", "agreement"),
        {
            "weights": {
                "type": "choice",
                "choices": ("linear", "quadratic"),
                "help": "How much more far-off classes count. Empty: all mistakes count the same.",
            }
        },
        ("multiclass", "binary"),
    ),
    _classification(
        "MatthewsCorrCoef", "Correlation of answers and truth. Fair where classes differ in size.", ("mcc", "phi")
    ),
    _classification(
        "ExactMatch",
        "Share of the samples of which every answer is right.",
        ("subset accuracy", "multi-label"),
        None,
        ("multiclass", "multilabel"),
    ),
    _classification(
        "HingeLoss",
        "By how much scores miss the margin between right and wrong.",
        ("margin", "svm"),
        {
            "squared": {"help": "Whether large misses count by their square."},
            "multiclass_mode": {
                "optional": False,
                "help": "Compare with the best wrong class, or each class with all others.",
                "when": ("task", ("multiclass",)),
            },
        },
        ("multiclass", "binary"),
    ),
)

REGRESSION = (
    _regression("MeanAbsoluteError", "Average size of the differences.", ("mae", "l1")),
    _regression(
        "MeanSquaredError",
        "Average square of the differences, or its root.",
        ("mse", "rmse", "l2"),
        {"squared": {"help": "Without it the root is taken, which is in the unit of the target."}},
    ),
    _regression("MeanSquaredLogError", "Average square of the differences of logarithms.", ("msle", "logarithm")),
    _regression("MeanAbsolutePercentageError", "Average difference as a part of the target.", ("mape", "percent")),
    _regression(
        "SymmetricMeanAbsolutePercentageError",
        "Average difference as a part of answer and target together.",
        ("smape", "percent"),
    ),
    _regression(
        "WeightedMeanAbsolutePercentageError", "Sum of the differences as a part of all targets.", ("wmape", "percent")
    ),
    _regression("LogCoshError", "Average of differences, of which large ones count less than by squares.", ("robust",)),
    _regression(
        "MinkowskiDistance",
        "Length of all differences together, by a power that you name.",
        ("norm", "distance"),
        {"p": {"type": "float", "default": 2.0, "minimum": 1.0, "maximum": 100.0, "help": "The power."}},
    ),
    _regression(
        "NormalizedRootMeanSquaredError",
        "Root of the average square of the differences, as a part of the target's size.",
        ("nrmse",),
        {"normalization": {"help": "What the size of the target is taken to be."}},
    ),
    _regression(
        "RelativeSquaredError",
        "Squares of the differences as a part of those of the target from its mean.",
        ("rse",),
        {"squared": {"help": "Without it the root is taken."}},
    ),
    _regression(
        "R2Score",
        "Part of the target's variation that the model explains. 1 is perfect, 0 is no better than the mean.",
        ("r squared", "coefficient of determination"),
        {
            "adjusted": {"minimum": 0, "help": "Number of inputs to correct for. 0: no correction."},
            "multioutput": {
                "type": "choice",
                "choices": ("uniform_average", "variance_weighted"),
                "help": "How several numbers for each sample become one.",
            },
        },
    ),
    _regression(
        "ExplainedVariance",
        "Part of the target's variance that is left out of the differences.",
        ("variance",),
        {
            "multioutput": {
                "choices": ("uniform_average", "variance_weighted"),
                "help": "How several numbers for each sample become one.",
            }
        },
    ),
    _regression("PearsonCorrCoef", "Linear correlation of answers and targets.", ("correlation", "linear")),
    _regression("SpearmanCorrCoef", "Correlation of the ranks of answers and targets.", ("correlation", "rank")),
    _regression(
        "KendallRankCorrCoef",
        "Agreement on which of two samples is larger.",
        ("correlation", "rank", "tau"),
        {"variant": {"help": "How ties are treated."}},
    ),
    _regression(
        "ConcordanceCorrCoef", "Correlation that also asks for the same mean and size.", ("correlation", "agreement")
    ),
    _regression(
        "CosineSimilarityScore",
        "How well the directions of vectors agree.",
        ("angle", "vector", "embedding"),
        {"reduction": {"choices": ("mean", "sum"), "start": "mean", "optional": False, "help": "Average or add up."}},
    ),
    _regression(
        "TweedieDevianceScore",
        "Differences measured as fits the distribution of the target, such as counts.",
        ("deviance", "poisson", "gamma"),
        {"power": {"choices": (), "minimum": 0.0, "maximum": 3.0, "help": "0 normal, 1 Poisson, 2 gamma."}},
    ),
    _regression(
        "KLDivergence",
        "How far the distributions that the model answers are from the right ones.",
        ("kullback leibler", "distribution"),
        {
            "log_prob": {"help": "Whether answers and targets are logarithms of probabilities."},
            "reduction": {"choices": ("mean", "sum"), "optional": False, "help": "Average or add up."},
        },
    ),
    _metric(
        "PeakSignalNoiseRatio",
        "Size of a signal against the error in it, in decibels. For images.",
        AMOUNTS,
        ("psnr", "image", "quality", "reconstruction"),
        {
            "data_range": {
                "type": "float",
                "default": 1.0,
                "minimum": 1e-6,
                "help": "The largest value less the least.",
            },
            "base": {"minimum": 1.01, "help": "Base of the logarithm."},
            "reduction": {"choices": ("elementwise_mean", "sum"), "optional": False, "help": "Average or add up."},
        },
    ),
    _metric(
        "Perplexity",
        "Between how many words a language model hesitates on average.",
        (SCORES[0], SCORES[1]),
        ("language model", "text"),
        {"ignore_index": {"help": "A word that is left out, such as padding."}},
    ),
)

KINDS = (*CLASSIFICATION, *REGRESSION)
