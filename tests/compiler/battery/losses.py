"""Losses with weights of their own, which stand in the model."""

from tests.compiler.battery.case import ROW, Case, whole

CASES = [
    Case("AdaptiveLogSoftmaxWithLoss", [ROW, whole([], 20)], {"n_classes": 20, "cutoffs": [5, 11], "div_value": 2.0}),
    Case("AdaptiveLogSoftmaxWithLoss", [ROW, whole([], 9)], {"n_classes": 9, "cutoffs": [4], "head_bias": True}),
    Case("LinearCrossEntropyLoss", [ROW, whole([], 5)], {"num_classes": 5}),
    Case(
        "LinearCrossEntropyLoss",
        [ROW, whole([], 5)],
        {"num_classes": 5, "bias": True, "reduction": "sum", "ignore_index": 2, "label_smoothing": 0.1},
    ),
]
