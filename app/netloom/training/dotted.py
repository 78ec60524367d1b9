"""Classes by the names that the catalogue knows them by."""

import importlib
from typing import Any


def dotted(target: str) -> Any:
    """The class or function of a dotted name, such as torch.optim.Adam."""
    module, _, name = target.rpartition(".")
    return getattr(importlib.import_module(module), name)
