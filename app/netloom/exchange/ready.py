"""A trained model together with the samples on which its files are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from netloom.compiler import Compiled, Flow, Plan, compile_plan, plan_graph
from netloom.errors import ExportError, TrainingError
from netloom.graph import Document

if TYPE_CHECKING:
    from torch import Tensor, nn

Tensors: TypeAlias = "tuple[Tensor, ...]"
Run: TypeAlias = "Callable[[Tensors], Tensors]"
"""A model as a function: a batch for each input to a batch of answers for each output."""

BATCH_SIZES = (1, 3, 16, 64, 7, 128, 2)
MADE_UP = 64
MADE_UP_NUMBERS, FEWEST = 1_000_000, 6
"""How many numbers made-up samples hold at most, and how many samples there are even of the largest images."""
FREE_LENGTHS = (12, 11)
"""Where a length is free, files are made for the first and tried on both."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A model in eval mode on the CPU, with one tensor of samples for each of its inputs."""

    compiled: Compiled
    samples: Tensors
    is_real: bool

    @property
    def plan(self) -> Plan:
        """What is known of the graph."""
        return self.compiled.plan

    @property
    def text(self) -> str:
        """The model as source."""
        return self.compiled.source.text

    @property
    def model(self) -> nn.Module:
        """The network itself."""
        return self.compiled.model

    @property
    def count(self) -> int:
        """How many samples there are."""
        return len(self.samples[0])

    def batches(self) -> Iterator[Tensors]:
        """All samples in order, in batches of different sizes, and of different lengths where a length is free."""
        start, turn = 0, 0
        while start < self.count:
            size = BATCH_SIZES[turn % len(BATCH_SIZES)]
            length = FREE_LENGTHS[turn % len(FREE_LENGTHS)]
            flows = self.plan.inputs.values()
            yield tuple(
                _shortened(column[start : start + size], flow, length)
                for column, flow in zip(self.samples, flows, strict=True)
            )
            start, turn = start + size, turn + 1

    def example(self) -> Tensors:
        """A batch of two, from which an exporter learns that the batch has no fixed size."""
        return tuple(column[[0, min(1, self.count - 1)]] for column in self.samples)

    def answers(self, batch: Tensors) -> Tensors:
        """What the model gives."""
        return as_tuple(self.model(*batch))


def _shortened(column: Tensor, flow: Flow, length: int) -> Tensor:
    for index, dim in enumerate(flow.shape[1:], start=1):
        if not isinstance(dim, int):
            column = column.narrow(index, 0, min(length, column.shape[index]))
    return column


def as_tuple(answer: Tensor | Sequence[Tensor]) -> Tensors:
    """One result or several, as a tuple."""
    return tuple(answer) if isinstance(answer, tuple | list) else (answer,)  # type: ignore[return-value]


def prepare(document: Document, weights: Path | None) -> Ready:
    """Compile a document, put weights in, and read the samples.

    With `weights` no random number of torch's shared generator is used, so a run in this process goes on undisturbed.
    BuildError, DataError or ExportError say what is wrong.
    """
    compiled = _fresh(document) if weights is None else _filled(document, weights)
    if not compiled.plan.inputs:
        raise ExportError("The model has no Input, so a file could not be given anything. Add one.")
    model = compiled.model.eval()
    is_real = len(compiled.inputs) == len(compiled.plan.inputs)
    samples = _held_out_samples(compiled) if is_real else _made_up_samples(compiled.plan, model)
    return Ready(compiled, samples, is_real)


def _fresh(document: Document) -> Compiled:
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(document.training.seed)
        return compile_plan(plan_graph(document.graph))


def _filled(document: Document, weights: Path) -> Compiled:
    import torch

    with torch.device("meta"):
        compiled = compile_plan(plan_graph(document.graph))
    _fill(compiled.model.to_empty(device="cpu"), weights)
    return compiled


def _fill(model: nn.Module, weights: Path) -> None:
    from netloom.training.checkpoint import load_weights

    try:
        load_weights(weights, model)
    except TrainingError as error:
        raise ExportError(f"{error} Train the document again, or choose another run.", node=error.node) from error


def _held_out_samples(compiled: Compiled) -> Tensors:
    """The held-out samples of every input."""
    columns = [_held_out(compiled.plan, node, column) for node, column in compiled.inputs]
    rows = min(len(column) for column in columns)
    return tuple(column[:rows] for column in columns)


def _held_out(plan: Plan, node: str, column: str) -> Tensor:
    from netloom import data

    found = data.load(plan.nodes[node].arguments)
    rows = found.splits["val"] if len(found.splits["val"]) else found.splits["train"]
    return found.columns[column][rows]


def _made_up_samples(plan: Plan, model: nn.Module) -> Tensors:
    """Values for inputs that no dataset feeds, on which the model answers with numbers; ExportError where none do."""
    problem, count = "its answers are not numbers", _many(plan)
    for is_gentle, truth in ((False, None), (True, None), (False, False), (False, True)):
        samples = tuple(_made_up(flow, count, truth, is_gentle=is_gentle) for flow in plan.inputs.values())
        try:
            if _are_numbers(model, samples):
                return samples
        except (RuntimeError, IndexError, ValueError) as error:
            problem = str(error).strip().partition("\n")[0]
    raise ExportError(f"The model does not work on made-up samples: {problem}. Wire a dataset to its Input.")


def _are_numbers(model: nn.Module, samples: Tensors) -> bool:
    import torch

    alone = tuple(column[:1] for column in samples)
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        answers = (*as_tuple(model(*samples)), *as_tuple(model(*alone)))
    return not any(bool(torch.isnan(answer).any()) for answer in answers)


def _many(plan: Plan) -> int:
    largest = max(prod(flow.with_values(FreeDims(1))) for flow in plan.inputs.values())
    return max(FEWEST, min(MADE_UP, MADE_UP_NUMBERS // largest))


def _made_up(flow: Flow, count: int, truth: bool | None, *, is_gentle: bool) -> Tensor:
    """Normal numbers and the first whole ones; gentle ones are from 0 to 1, and 0. A truth is for all of a mask."""
    import torch

    shape, own = flow.with_values(FreeDims(count)), torch.Generator().manual_seed(0)
    dtype = getattr(torch, flow.dtype)
    if flow.dtype == "bool" and truth is not None:
        return torch.full(shape, truth)
    if flow.is_integer or flow.dtype == "bool":
        highest = 1 if is_gentle and flow.is_integer else 2
        return torch.randint(0, highest, shape, generator=own).to(dtype)
    draw = torch.rand if is_gentle else torch.randn
    return draw(shape, dtype=dtype, generator=own)


class FreeDims(Mapping[str, int]):
    """A number for every letter that a dimension can have: the batch, and any other length."""

    def __init__(self, batch: int) -> None:
        self.batch = batch

    def __getitem__(self, letter: str) -> int:
        return self.batch if letter == "N" else FREE_LENGTHS[0]

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
