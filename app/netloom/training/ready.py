"""All that a run needs to train with an engine: to make it may fail, to take it does not."""

from dataclasses import dataclass

from netloom.graph import Document
from netloom.training import ranking
from netloom.training.engine import Engine
from netloom.training.evaluate import Evaluation
from netloom.training.events import Watch
from netloom.training.probes import Probes


@dataclass(frozen=True, slots=True)
class Ready:
    """An engine with its document, and what looks at its network."""

    engine: Engine
    document: Document
    evaluate: Evaluation
    probes: Probes


def ready(made: Engine, document: Document, watch: Watch) -> Ready:
    """What looks at the network of an engine; TrainingError where something cannot be measured."""
    evaluate = Evaluation(made.network, made.settings.batch_size)
    ranking.check(evaluate, made.settings.best_by)
    return Ready(made, document, evaluate, Probes(made.network, watch))
