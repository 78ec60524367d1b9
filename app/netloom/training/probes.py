"""Looking inside a network as it learns: beside the step, on a budget of time, and without a trace in the numbers."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn

from netloom.compiler import plan_graph
from netloom.graph import Document
from netloom.training import checkpoint, network, previews, randomness
from netloom.training.boundary import Plane
from netloom.training.evaluate import evaluating, several
from netloom.training.events import Boundary, Preview, ProbesRead, Watch
from netloom.training.network import Network

SHARE = 0.015
MOST_PER_SECOND = 12
SAMPLES = 16
"""The probe batch: its first sample is drawn, all of them are counted."""


class Probes:
    """Reads what the watched nodes put out for a fixed batch of held-out samples."""

    def __init__(self, made: Network, watch: Watch | None = None) -> None:
        self._network = made
        self._watch = watch or Watch(mode="off")
        self._due = 0.0
        rows = _spread(made, SAMPLES)
        self._batch = made.feed.columns_of(rows)
        self._plane = Plane.of(made)
        self._weights = made.weights.by_node

    def watch(self, watch: Watch, step: int) -> ProbesRead:
        """Look at other nodes from now on, and give a first look at them at once."""
        self._watch = watch
        return self.read(step)

    def is_due(self) -> bool:
        """Whether somebody watches, and another look keeps within the share of time."""
        return bool(self._watched()) and time.perf_counter() >= self._due

    def read(self, step: int) -> ProbesRead:
        """Look now. Weights, gradients, random states and running statistics stay as they are."""
        began = time.perf_counter()
        wanted, mode = self._watched(), self._watch.mode
        found = ProbesRead(step, mode, {})
        if wanted:
            with _untouched(self._network):
                found = ProbesRead(step, mode, self._previews(wanted), self._boundary(), self._gradient_norms())
        ended = time.perf_counter()
        self._due = ended + max(1 / MOST_PER_SECOND, (ended - began) / SHARE)
        return found

    def _watched(self) -> frozenset[str]:
        if self._watch.mode == "off":
            return frozenset()
        focus = (self._watch.focus,) if self._watch.focus else ()
        return frozenset((*self._watch.nodes, *focus))

    def _previews(self, wanted: frozenset[str]) -> dict[str, Preview]:
        found = {node: previews.of_column(column) for node, column in self._columns(wanted).items()}
        if self._watch.mode == "weights":
            return found | {
                node: previews.of_weight(_main_weight(held), focus=self._is_focus(node))
                for node in wanted
                if (held := self._held(node))
            }
        seen = self._gradients(wanted) if self._watch.mode == "gradients" else self._activations(wanted)
        return found | {node: previews.of_output(v, focus=self._is_focus(node)) for node, v in seen.items()}

    def _held(self, node: str) -> list[nn.Parameter]:
        """The weights of a node, or those of another that it uses."""
        item = self._network.compiled.plan.nodes.get(node)
        return self._weights.get(item.weights or node, []) if item else []

    def _is_focus(self, node: str) -> bool:
        return node == self._watch.focus

    def _columns(self, wanted: frozenset[str]) -> dict[str, Tensor]:
        """The first column of each watched dataset."""
        rows = _spread(self._network, previews.MOSAIC).cpu()
        datasets = self._network.feed.datasets
        return {node: next(iter(data.columns.values()))[rows] for node, data in datasets.items() if node in wanted}

    def _activations(self, wanted: frozenset[str]) -> dict[str, Tensor]:
        with torch.no_grad():
            return self._forward(self._batch, wanted)[0]

    def _gradients(self, wanted: frozenset[str]) -> dict[str, Tensor]:
        """What the sum of the losses would gain from each value: its derivative, for the probe batch."""
        inputs = self._network.feed.inputs
        batch = tuple(value.detach().requires_grad_(_is_continuous(value)) for value in self._batch)
        with torch.enable_grad(), torch.backends.cudnn.flags(enabled=False):  # its recurrent layers refuse eval mode
            seen, outputs = self._forward(batch, wanted)
            total = torch.stack(self._network.compiled.objective(*outputs, *batch[inputs:])).sum()
        asked = {node: value for node, value in seen.items() if value.requires_grad}
        if not asked or not total.requires_grad:
            return {}
        gradients = torch.autograd.grad(total, list(asked.values()), allow_unused=True, materialize_grads=True)
        return dict(zip(asked, gradients, strict=True))

    def _forward(
        self, batch: tuple[Tensor, ...], wanted: frozenset[str]
    ) -> tuple[dict[str, Tensor], tuple[Tensor, ...]]:
        """What the wanted nodes put out, and what the model does."""
        seen: dict[str, Tensor] = {}

        def see(node: str, value: Tensor) -> None:
            if node in wanted and node not in seen:
                seen[node] = several(value)[0]

        compiled = self._network.compiled
        outputs = tuple(several(compiled.watch(batch[: self._network.feed.inputs], see)))
        ends = [item.node.id for item in compiled.plan.boundary("Output")]
        seen |= {node: value for node, value in zip(ends, outputs, strict=False) if node in wanted}
        return seen, outputs

    def _boundary(self) -> Boundary | None:
        return self._plane.read() if self._plane else None

    def _gradient_norms(self) -> dict[str, float]:
        """The length of the last step's gradient in each node with weights, fetched in one copy."""
        norms = {}
        for node, held in self._weights.items():
            gradients = [_values(parameter.grad) for parameter in held if parameter.grad is not None]
            if gradients:
                norms[node] = torch.nn.utils.get_total_norm(gradients)
        if not norms:
            return {}
        return dict(zip(norms, torch.stack(list(norms.values())).tolist(), strict=True))


def preview_once(document: Document, watch: Watch, weights: Path | None = None) -> ProbesRead:
    """What the nodes of a document put out before any training, or with weights from a file.

    BuildError, DataError or TrainingError says what is missing. It draws from torch's global random numbers, so it must
    not be called while a run goes on in the same process.
    """
    device = torch.device("cpu")
    with randomness.own(device):
        made = network.build(plan_graph(document.graph), device, document.training.seed)
        if weights is not None:
            checkpoint.load_weights(weights, made.compiled.model)
        return Probes(made).watch(watch, 0)


@contextmanager
def _untouched(made: Network) -> Iterator[None]:
    """Eval mode keeps running statistics; a forked generator keeps the random numbers of the steps to come."""
    devices = [made.device] if made.device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices), evaluating(made.compiled):
        yield


def _spread(made: Network, count: int) -> Tensor:
    """So many row numbers, evenly spread over what is held out, or over the training rows where nothing is."""
    rows = made.feed.splits["val"] if len(made.feed.splits["val"]) else made.feed.splits["train"]
    count = min(count, len(rows))
    return rows[torch.arange(count, device=rows.device) * len(rows) // count]


def _main_weight(held: Sequence[nn.Parameter]) -> Tensor:
    """The first matrix or filter bank of a layer; where it has none, its first weights."""
    return next((value for value in held if value.dim() >= 2), held[0])


def _is_continuous(values: Tensor) -> bool:
    return values.is_floating_point() or values.is_complex()


def _values(gradient: Tensor) -> Tensor:
    """A gradient's numbers, of a sparse one those that it names."""
    return gradient.coalesce().values() if gradient.is_sparse else gradient
