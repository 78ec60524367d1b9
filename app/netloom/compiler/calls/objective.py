"""Losses that are no module: how they are written in the objective."""

from collections.abc import Mapping

from netloom.compiler.calls.text import Expression, Incoming, literal
from netloom.graph.model import Value


def _mean_loss(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    reduced = f"{incoming['input'][0]}.{'sum' if arguments['reduction'] == 'sum' else 'mean'}()"
    return reduced if arguments["weight"] == 1 else f"{reduced} * {literal(arguments['weight'])}"


EXPRESSIONS: Mapping[str, Expression] = {"MeanLoss": _mean_loss}
