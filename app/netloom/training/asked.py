"""What a run is asked to train: a document with some settings of its own."""

from collections.abc import Mapping
from typing import Any

import msgspec

from netloom.errors import GraphError, TrainingError
from netloom.graph import Document
from netloom.graph.file import dumps, loads
from netloom.layers import training_settings


def changed(document: Document, given: Mapping[str, Any]) -> Document:
    """A copy of a document with some settings of its training changed; TrainingError where one does not suit."""
    chosen = {name: value for name, value in given.items() if value is not None}
    copy = loads(dumps(document))
    device = chosen.pop("device", copy.training.device)  # what machines have is said where it is looked for
    try:
        training = training_settings.changed(copy.training, chosen)
        for name in training_settings.BY_NAME:
            if problem := training_settings.problem(training, name):
                raise TrainingError(f"{name} {problem}")
    except GraphError as error:
        raise TrainingError(str(error)) from error
    copy.training = msgspec.structs.replace(training, device=device)
    return copy
