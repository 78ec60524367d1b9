"""A dataset in memory: its columns as tensors, its splits, its classes."""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from netloom.data import sources
from netloom.data.split import Split, split
from netloom.errors import DataError
from netloom.graph import Value
from netloom.layers.datasets import DEFAULTS


@dataclass(frozen=True, slots=True)
class Dataset:
    """All rows of all columns on the CPU; `splits` holds row numbers, `classes` names a label's numbers."""

    columns: Mapping[str, Tensor]
    splits: Mapping[Split, Tensor]
    classes: Mapping[str, tuple[str, ...]]

    @property
    def rows(self) -> int:
        """How many samples there are."""
        return len(next(iter(self.columns.values())))


def load(arguments: Mapping[str, Value]) -> Dataset:
    """Read the dataset that a Dataset node's arguments describe.

    The same arguments give the same rows in the same splits. Tables are standardised with the mean and standard
    deviation of the training split alone. DataError says what cannot be read.
    """
    chosen = {key: value for key, value in arguments.items() if value is not None}
    settings: dict[str, Value] = {**DEFAULTS, **chosen}
    source = str(settings["source"])
    seed = _int(settings, "split_seed")
    if seed < 0:
        raise DataError(f"{source}: split_seed is {seed}, expected 0 or more.")
    raw = sources.read(source, _int(settings, "samples"), _float(settings, "noise"), seed)
    columns = {name: torch.from_numpy(values.copy()) for name, values in raw.columns.items()}
    strata = next((columns[name] for name in raw.classes), None)
    rows = len(next(iter(columns.values())))
    splits = split(rows, _float(settings, "validation"), seed, strata)
    if settings["standardize"]:
        columns |= {name: _standardised(columns[name], splits["train"]) for name in raw.scaled}
    return Dataset(columns, splits, raw.classes)


def _standardised(values: Tensor, train: Tensor) -> Tensor:
    seen = values[train].double()
    mean, std = seen.mean(0), seen.std(0, correction=0)
    return ((values - mean) / std.where(std > 0, 1)).float()


def _int(settings: Mapping[str, Value], name: str) -> int:
    value = settings[name]
    if isinstance(value, bool) or not isinstance(value, int):
        raise DataError(f"{settings['source']}: {name} is {value!r}, expected a whole number.")
    return value


def _float(settings: Mapping[str, Value], name: str) -> float:
    value = settings[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DataError(f"{settings['source']}: {name} is {value!r}, expected a number.")
    return float(value)
