"""The little curves on the cards of losses, metrics and optimizers."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from netloom.compiler.plan import Plan
from netloom.training.progress import Progress
from netloom.ui.plots.naming import fraction_metrics
from netloom.ui.plots.numbers import percent, short

MOST_POINTS = 120
Points = npt.NDArray[np.float32]


def curves_for(progress: Progress, plan: Plan) -> Mapping[str, tuple[Points, str]]:
    """At most 120 values and the current one in words, by node id: training loss for losses, validation for metrics."""
    found: dict[str, tuple[Points, str]] = {}
    metrics = [item.node.name for item in plan.nodes.values() if item.node.name not in progress.losses]
    fractions = fraction_metrics(plan, metrics)
    for key, item in plan.nodes.items():
        name = item.node.name
        curve = progress.losses.get(name)
        if curve is not None and len(curve):
            values = means(curve.y)
            found[key] = values, short(float(values[-1]))
            continue
        scores = [epoch.metrics["val"][name] for epoch in progress.epochs if name in epoch.metrics.get("val", {})]
        if scores:
            write = percent if name in fractions else short
            found[key] = means(np.array(scores, np.float32)), write(scores[-1])
    return found


def means(values: Points) -> Points:
    """At most 120 means over equal stretches of the values."""
    if len(values) <= MOST_POINTS:
        return values.copy()
    edges = np.linspace(0, len(values), MOST_POINTS + 1).astype(int)
    sums = np.add.reduceat(values, edges[:-1], dtype=np.float64)
    return (sums / np.diff(edges)).astype(np.float32)
