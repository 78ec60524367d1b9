"""The data of a run on its device, and how it is cut into batches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from netloom import data
from netloom.compiler.module import Compiled
from netloom.data import Dataset
from netloom.errors import TrainingError
from netloom.training import devices
from netloom.training.events import Split

RESIDENT_SHARE = 0.3
"""So much of a device's memory may be taken by data; more is copied batch by batch."""
GATHERED_BYTES = 1 << 20
"""So much is gathered at once, as many batches as fit: one selection instead of many, still within the cache."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Whole columns: what goes into the model, then what the objective compares with; rows of splits.

    They lie on the device where they fit there, else in memory from which it copies beside its work.
    """

    inputs: int
    device: torch.device
    columns: tuple[Tensor, ...]
    splits: Mapping[Split, Tensor]
    classes: tuple[tuple[str, ...], ...]
    datasets: Mapping[str, Dataset]

    def batches(self, rows: Tensor, size: int) -> Iterator[tuple[Tensor, ...]]:
        """The columns of these rows in order, a batch at a time."""
        sizes = batch_sizes(len(rows), size)
        group = max(1, GATHERED_BYTES // max(1, size * self._bytes_per_row()))
        for first in range(0, len(sizes), group):
            lengths = sizes[first : first + group]
            chosen, rows = rows[: sum(lengths)], rows[sum(lengths) :]
            gathered = (column.index_select(0, chosen) for column in self.columns)
            yield from self._arriving(zip(*(torch.split(column, lengths) for column in gathered), strict=True))

    def _arriving(self, batches: Iterator[tuple[Tensor, ...]]) -> Iterator[tuple[Tensor, ...]]:
        """The batches on the device; where they must be copied, each begins its way before the one before is used."""
        if self.columns[0].device == self.device:
            yield from batches
            return
        sent = (tuple(value.to(self.device, non_blocking=True) for value in batch) for batch in batches)
        ahead = next(sent, None)
        while ahead is not None:
            now, ahead = ahead, next(sent, None)
            yield now

    def columns_of(self, rows: Tensor) -> tuple[Tensor, ...]:
        """The columns of these rows as one batch."""
        found = (column.index_select(0, rows) for column in self.columns)
        return tuple(column.to(self.device) for column in found)

    def _bytes_per_row(self) -> int:
        return sum(column.nbytes // max(1, len(column)) for column in self.columns)


def batch_sizes(rows: int, size: int) -> list[int]:
    """The lengths of the batches of an epoch.

    A single sample left over joins the batch before it: batch normalisation cannot train on one, and none is lost.
    """
    whole, rest = divmod(rows, size)
    sizes = [size] * whole
    if rest == 1 and whole:
        sizes[-1] += 1
    elif rest:
        sizes.append(rest)
    return sizes


def reads(compiled: Compiled) -> tuple[Any, ...]:
    """What decides which data a network is fed with, and in which order."""
    places = (*compiled.inputs, *compiled.columns)
    return places, {node: dict(compiled.plan.nodes[node].arguments) for node, _ in places}


def load(compiled: Compiled, device: torch.device) -> Feed:
    """Read every dataset that the training needs and put the columns on the device."""
    places = (*compiled.inputs, *compiled.columns)
    if len(compiled.inputs) < len(compiled.plan.inputs):
        raise TrainingError("An input of the model has no data: wire a column of a dataset into it.")
    datasets = {
        node: data.load(compiled.plan.nodes[node].arguments) for node in dict.fromkeys(node for node, _ in places)
    }
    _refuse_unequal(compiled, datasets)
    first = next(iter(datasets.values()))
    columns = tuple(datasets[node].columns[name] for node, name in places)
    home = device if _fits(columns, device) else torch.device("cpu")
    return Feed(
        inputs=len(compiled.inputs),
        device=device,
        columns=tuple(column.to(home) if home == device else column.pin_memory() for column in columns),
        splits={split: rows.to(home) for split, rows in first.splits.items()},
        classes=tuple(tuple(datasets[node].classes.get(name, ())) for node, name in places),
        datasets=datasets,
    )


def _fits(columns: Sequence[Tensor], device: torch.device) -> bool:
    """Whether whole columns leave most of the device's memory to the network."""
    return sum(column.nbytes for column in columns) <= RESIDENT_SHARE * devices.memory(device)


def _refuse_unequal(compiled: Compiled, datasets: Mapping[str, Dataset]) -> None:
    nodes: Sequence[str] = tuple(datasets)
    for node in nodes[1:]:
        if datasets[node].rows != datasets[nodes[0]].rows:
            names = [compiled.plan.nodes[key].node.name for key in (nodes[0], node)]
            counts = [datasets[key].rows for key in (nodes[0], node)]
            raise TrainingError(
                f"{names[0]} has {counts[0]} rows and {names[1]} has {counts[1]}; they are read side by side, "
                "so the numbers must be equal.",
                node=node,
            )
