"""Weights and whole states on disk: safetensors with a JSON header, never pickle, written beside and renamed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor, nn
from torch.amp import GradScaler
from torch.optim import Optimizer

from netloom.errors import TrainingError
from netloom.graph import atomic
from netloom.training.average import Average
from netloom.training.choices import Choices
from netloom.training.events import Split
from netloom.training.schedules import Schedule

STATE = "state.safetensors"
FORMAT = 1
WEIGHT, GOAL, RNG, SLOT = "weight/", "objective/", "rng/", "optimizer/"
GRADIENT, SPARSE, AVERAGE = "gradient/", "sparse/", "average/"


class Place(msgspec.Struct, frozen=True):
    """Where a run stands: whole epochs done, samples of the current one done, steps in all, and the best score yet.

    `losses` and `metrics` are those of the last whole epoch, by split; `waited` counts the epochs since the best score
    by `best_by`, `taken` the steps of each optimizer, of `lengths` over the whole run by the optimizer's id; `cycle`
    holds the times that optimizers could have stepped, and the batches that wait. `document` is the text of what is
    trained, `choices` how it is computed.
    """

    epoch: int = 0
    position: int = 0
    step: int = 0
    seconds: float = 0.0
    best: tuple[float, float] | None = None
    losses: dict[Split, dict[str, float]] = {}
    metrics: dict[Split, dict[str, float]] = {}
    waited: int = 0
    best_by: str = ""
    taken: tuple[int, ...] = ()
    lengths: dict[str, int] = {}
    cycle: tuple[int, int] = (0, 0)
    choices: Choices | None = None
    document: str = ""


def save_weights(path: Path, weights: Mapping[str, Tensor], about: Mapping[str, str]) -> None:
    """Write weights under their state_dict names; OSError where the disk refuses."""
    _write(path, _plain(weights), {"format": "pt", **about})


def load_weights(path: Path, model: nn.Module) -> None:
    """Read weights into a model; TrainingError where they do not fit."""
    tensors, _ = _read(path)
    _fill(model, tensors, path)


@dataclass(frozen=True, slots=True)
class Parts:
    """All of a run that changes as it learns. An objective has weights where a loss has some.

    `gradients` are those of each optimizer's weights that wait for those of more batches.
    """

    model: nn.Module
    objective: nn.Module
    optimizers: Sequence[Optimizer]
    schedules: Sequence[Schedule] = ()
    average: Average | None = None
    scaler: GradScaler | None = None
    gradients: Sequence[list[Tensor | None]] = ()


def save(folder: Path, parts: Parts, randomness: Mapping[str, Tensor], place: Place) -> None:
    """Write all that an exact continuation needs, in one file: it is the old state or the new one, never half."""
    tensors = {WEIGHT + name: value for name, value in parts.model.state_dict().items()}
    tensors |= {GOAL + name: value for name, value in parts.objective.state_dict().items()}
    tensors |= {RNG + name: value for name, value in randomness.items()}
    tensors |= dict(_waiting(parts.gradients))
    if parts.average is not None and parts.average.has_begun:
        tensors |= {f"{AVERAGE}{place}": value for place, value in enumerate(parts.average.tensors)}
    scalars: list[Any] = []
    for index, optimizer in enumerate(parts.optimizers):
        own, rest = _split_state(optimizer.state_dict())
        tensors |= {f"{SLOT}{index}/{name}": value for name, value in own.items()}
        scalars.append(rest)
    header = {
        "format": FORMAT,
        "place": msgspec.to_builtins(place),
        "optimizers": scalars,
        "schedules": [schedule.state() for schedule in parts.schedules],
        "scaler": parts.scaler.state_dict() if parts.scaler else {},
    }
    _write(folder / STATE, _plain(tensors), {"netloom": json.dumps(header)})


def load(folder: Path, parts: Parts) -> tuple[Place, dict[str, Tensor]]:
    """Put a saved state back; the place to go on from, and the random states. TrainingError where it does not fit."""
    path = folder / STATE
    tensors, metadata = _read(path)
    header = json.loads(metadata.get("netloom", "{}"))
    moving = header.get("schedules", [])
    counts = (len(header.get("optimizers", ())), len(moving))
    if header.get("format") != FORMAT or counts != (len(parts.optimizers), len(parts.schedules)):
        raise TrainingError(f"{path.name} is not the state of a run of this document.")
    _fill(parts.model, _under(WEIGHT, tensors), path)
    _fill(parts.objective, _under(GOAL, tensors), path)
    for index, (optimizer, rest) in enumerate(zip(parts.optimizers, header["optimizers"], strict=True)):
        _restore(optimizer, _under(f"{SLOT}{index}/", tensors), rest, path)
    for schedule, state in zip(parts.schedules, moving, strict=True):
        schedule.restore(state)
    _restore_around(parts, tensors, header.get("scaler"))
    return msgspec.convert(header["place"], Place), _under(RNG, tensors)


def _waiting(gradients: Sequence[list[Tensor | None]]) -> Iterator[tuple[str, Tensor]]:
    """Gradients that wait, by name; a file knows no sparse ones."""
    for index, held in enumerate(gradients):
        for place, gradient in enumerate(held):
            if gradient is not None:
                prefix = SPARSE if gradient.is_sparse else GRADIENT
                yield f"{prefix}{index}/{place}", gradient.to_dense()


def _restore_around(parts: Parts, tensors: Mapping[str, Tensor], scaler: dict[str, Any] | None) -> None:
    """What is kept beside the weights and their optimizers."""
    for prefix in (GRADIENT, SPARSE):
        for name, value in _under(prefix, tensors).items():
            index, place = (int(part) for part in name.split("/"))
            if index < len(parts.gradients) and place < len(parts.gradients[index]):
                parts.gradients[index][place] = value.to_sparse(1) if prefix == SPARSE else value
    averages = _under(AVERAGE, tensors)
    if parts.average is not None:
        parts.average.has_begun = False
        if len(averages) == len(parts.average.tensors):
            parts.average.restore([averages[str(place)] for place in range(len(averages))])
    if parts.scaler is not None and scaler:
        parts.scaler.load_state_dict(scaler)


def place(folder: Path) -> Place:
    """Where a saved run stands; TrainingError where that cannot be read."""
    _, metadata = _read(folder / STATE, only_header=True)
    found = json.loads(metadata.get("netloom", "{}"))
    if found.get("format") != FORMAT:
        raise TrainingError(f"{STATE} is not the state of a run of this document.")
    return msgspec.convert(found["place"], Place)


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _fill(model: nn.Module, tensors: dict[str, Tensor], path: Path) -> None:
    own = model.state_dict()
    lost = sorted(own.keys() ^ tensors.keys())
    lost += [name for name in own.keys() & tensors.keys() if own[name].shape != tensors[name].shape]
    if lost:
        raise TrainingError(f"{path.name} belongs to another network: {lost[0]} does not fit.")
    model.load_state_dict(tensors)


def _split_state(state: dict[str, Any]) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """An optimizer's tensors by "parameter/key", and the rest as JSON; rates and the like stand in `param_groups`.

    Of a list that holds tensors each has its own "parameter/key/place", and the list says only how long it is.
    """
    tensors: dict[str, Tensor] = {}
    plain: dict[str, Any] = {}
    for index, values in state["state"].items():
        for key, value in values.items():
            name = f"{index}/{key}"
            if isinstance(value, Tensor):
                tensors[name] = value
            elif isinstance(value, list):
                plain[name] = [None if isinstance(each, Tensor) else each for each in value]
                tensors |= {f"{name}/{place}": each for place, each in enumerate(value) if isinstance(each, Tensor)}
            else:
                plain[name] = value
    return tensors, {"groups": state["param_groups"], "plain": plain}


def _kernel(group: Mapping[str, Any]) -> dict[str, Any]:
    """How a group is stepped: as it was chosen now."""
    return {name: group[name] for name in ("fused", "foreach") if name in group}


def _parameters(optimizer: Optimizer) -> list[nn.Parameter]:
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def _like(value: Any, parameters: Sequence[nn.Parameter], index: str) -> Any:
    """A tensor of the size of its weight laid out as that is: fused steps rely on it."""
    if not isinstance(value, Tensor) or int(index) >= len(parameters) or parameters[int(index)].shape != value.shape:
        return value
    return torch.empty_like(parameters[int(index)], dtype=value.dtype).copy_(value)


def _restore(optimizer: Optimizer, tensors: dict[str, Tensor], rest: dict[str, Any], path: Path) -> None:
    state: dict[int, dict[str, Any]] = {}
    parameters = _parameters(optimizer)
    for name, found in {**rest["plain"], **tensors}.items():
        index, key, *place = name.split("/")
        value = _like(found, parameters, index)
        values = state.setdefault(int(index), {})
        if place:
            values[key][int(place[0])] = value
        else:
            values[key] = value
    try:
        groups = [saved | _kernel(now) for saved, now in zip(rest["groups"], optimizer.param_groups, strict=True)]
        optimizer.load_state_dict({"state": state, "param_groups": groups})
    except ValueError as error:
        raise TrainingError(f"{path.name} belongs to another optimizer: {error}.") from error


def _plain(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """On the CPU, each in memory of its own: the file format knows no shared storage."""
    return {name: value.detach().to("cpu", copy=True).contiguous() for name, value in tensors.items()}


def _read(path: Path, *, only_header: bool = False) -> tuple[dict[str, Tensor], dict[str, str]]:
    try:
        with safe_open(path, framework="pt") as file:
            names = [] if only_header else file.keys()
            # Tensors lie in the file as they come; sums round alike only where the memory is aligned alike.
            return {name: file.get_tensor(name).clone() for name in names}, file.metadata() or {}
    except FileNotFoundError as error:
        raise TrainingError(f"There is no {path.name} in {path.parent.name}.") from error
    except (OSError, SafetensorError) as error:
        raise TrainingError(f"{path.name} cannot be read: {error}") from error


def _write(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write(path, to_bytes(tensors, metadata))
