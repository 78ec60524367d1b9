"""Finding out how a run computes fastest here: choices are tried on real steps, and what won is remembered."""

import hashlib
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import msgspec
import torch

from netloom.graph import Training
from netloom.training import devices
from netloom.training.choices import NAMES, Choices

Prepare: TypeAlias = Callable[[Choices], Callable[[], None]]
"""Make ready to compute as chosen; what it returns takes one step and waits until it is done."""
Value: TypeAlias = int | str | bool

WORTH = 1.03
"""What is less than so many times as fast is not chosen: it may be noise."""
HOPELESS = 1.5
"""What takes so many times as long at first sight is not looked at again."""
SHARE, SECONDS, FEW_STEPS, MOST_SECONDS = 0.05, 3.0, 40, 20.0
"""Of the planned run, at most this part is spent: some seconds, or where a step takes long, some steps."""
ROUNDS, MOST_ROUNDS = 3, 9
DUEL_STEPS = 4 * ROUNDS
"""A round is two turns, and a turn is a step to get used to a choice, and at least one that counts."""
COMPILING_PAYS = 600.0
"""From so many planned seconds on the half minute that a GPU's compiler takes is worth a try."""


class Way(NamedTuple):
    """A choice that is open, and what it may be."""

    name: str
    values: tuple[Value, ...]


class Tried(msgspec.Struct, frozen=True):
    """A value that was tried: how many times as fast it was as what was chosen until then; None where it failed."""

    name: str
    value: Value
    gain: float | None


class Tuned(msgspec.Struct, frozen=True):
    """What is fastest here, and how many times as fast it is as the loop with what torch does by itself."""

    choices: Choices
    gain: float = 1.0
    tried: tuple[Tried, ...] = ()

    @property
    def words(self) -> str:
        """What was chosen and what it brings, for people."""
        named = ", ".join(_words(self.choices))
        if self.gain < WORTH:
            return f"{named}: about as fast as the plain loop"
        return f"{named}: {self.gain:.2f} × as fast as the plain loop"


def ways(settings: Training, device: torch.device, threads: int, *, has_images: bool, seconds: float) -> list[Way]:
    """What may be tried for these settings: what they leave open, and what the device knows how to do.

    `threads` is the most that may be taken, `seconds` is how long the run is going to take.
    """
    on_cpu = device.type == "cpu"
    found = [
        Way("threads", tuple(dict.fromkeys((1, max(1, threads // 2), threads)))) if on_cpu else None,
        Way("memory_format", ("contiguous", "channels_last")) if has_images else None,
        Way("kernel", ("fused", "foreach", "single")),
        Way("precision", ("float32", "bfloat16")) if computes_in_half(device) else None,
        Way("compiled", (False, True)) if device.type == "cuda" and seconds >= COMPILING_PAYS else None,
    ]
    return [way for way in found if way is not None and _is_open(settings, way.name)]


def computes_in_half(device: torch.device) -> bool:
    """Whether bfloat16 is arithmetic there; a processor without it imitates it, and takes many times as long."""
    if device.type == "cpu":
        supported: bool = torch.ops.mkldnn._is_mkldnn_bf16_supported()  # noqa: SLF001 (nothing public tells)
        return supported
    return device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)


def tune(prepare: Prepare, first: Choices, open_ways: Sequence[Way], steps: int) -> Tuned:
    """Try one way after the other, and keep what is clearly faster. `first` is what is good without trying.

    Steps are really taken, so the caller puts back what they change. It ends with the choices that are to be used, but
    what was prepared last may be others. `steps` are those of the planned run, of which this may take a twentieth.
    """
    field = _Field(prepare)
    step = field.first_look(first)
    seconds = budget(step, steps)
    rivals = [(way.name, value) for way in open_ways for value in way.values if value != getattr(first, way.name)]
    rivals = rivals[: max(0, int(seconds / (DUEL_STEPS * step)) - 1)]
    chosen, tried, share = first, list[Tried](), seconds / (len(rivals) + 1)
    for name, value in rivals:
        rival = msgspec.structs.replace(chosen, **{name: value})
        gains = field.duel(chosen, rival, share)
        tried.append(Tried(name, value, statistics.median(gains) if gains else None))
        chosen = rival if _is_worth_it(gains) else chosen
    plain = Choices(threads=first.threads, kernel="foreach")
    gains = field.duel(plain, chosen, share) if tried and chosen != plain else []
    return Tuned(chosen, statistics.median(gains) if gains else 1.0, tuple(tried))


def budget(step: float, steps: int) -> float:
    """How many seconds may be spent on a run of so many steps of so many seconds."""
    return min(SHARE * steps * step, max(SECONDS, min(FEW_STEPS * step, MOST_SECONDS)))


def key(source: str, settings: Training, device: torch.device) -> str:
    """Under what the answer is remembered: it holds for this network, batch, device, torch, processor and settings."""
    fixed = [(name, getattr(settings, name)) for name in NAMES]
    machine = (platform.machine(), platform.processor(), devices.cores())
    title = torch.cuda.get_device_name(device) if device.type == "cuda" else device.type
    told = (source, settings.batch_size, title, torch.__version__, machine, fixed, settings.deterministic)
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def recall(folder: Path, name: str) -> Tuned | None:
    """What was found out before; None where there is nothing, or nothing that can be read."""
    try:
        return msgspec.json.decode((folder / f"{name}.json").read_bytes(), type=Tuned)
    except (OSError, msgspec.DecodeError):
        return None


def remember(folder: Path, name: str, tuned: Tuned) -> None:
    """Keep the answer for the next run. A folder that cannot be written costs a few seconds then, and is no error."""
    beside = folder / f"{name}.{os.getpid()}"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(msgspec.json.encode(tuned))
        beside.replace(folder / f"{name}.json")


@dataclass(frozen=True, slots=True)
class _Taken:
    """Seconds of a step: of this thread alone, which no neighbour disturbs, and of the clock on the wall."""

    cpu: float
    wall: float


class _Field:
    """Where choices meet."""

    def __init__(self, prepare: Prepare) -> None:
        self._prepare = prepare

    def first_look(self, choices: Choices) -> float:
        """Seconds of a step; what only the first ones cost is left out."""
        step = self._prepare(choices)
        step()
        return min(_time(step, 1).wall for _ in range(2))

    def duel(self, one: Choices, other: Choices, seconds: float) -> list[float]:
        """How many times as fast the other was in each round; none where it cannot be done at all."""
        end, found = time.perf_counter() + seconds, list[float]()
        try:
            while len(found) < MOST_ROUNDS and time.perf_counter() < end:
                found.append(self._round(one, other, seconds / (2 * MOST_ROUNDS)))
                if found[0] < 1 / HOPELESS or _is_settled(found):
                    break
        except Exception:  # noqa: BLE001  (whatever a rival cannot do, the run goes on without it)
            return []
        return found

    def _round(self, one: Choices, other: Choices, seconds: float) -> float:
        ours, theirs = self._turn(one, seconds), self._turn(other, seconds)
        if one.threads == other.threads == 1 and ours.cpu > ours.wall / 10:  # else the work is on another device
            return ours.cpu / theirs.cpu
        return ours.wall / theirs.wall

    def _turn(self, choices: Choices, seconds: float) -> _Taken:
        step = self._prepare(choices)
        first = _time(step, 1).wall
        return _time(step, max(1, int((seconds - first) / first)))


def _time(step: Callable[[], None], times: int) -> _Taken:
    cpu, wall = time.thread_time(), time.perf_counter()
    for _ in range(times):
        step()
    return _Taken((time.thread_time() - cpu) / times, (time.perf_counter() - wall) / times)


def _is_settled(gains: Sequence[float]) -> bool:
    """Whether more rounds would hardly change the answer."""
    return len(gains) >= ROUNDS and (max(gains) < 1 or min(gains) >= WORTH)


def _is_worth_it(gains: Sequence[float]) -> bool:
    """Whether it was faster in nearly every round: where neighbours disturb, the median alone often lies."""
    return len(gains) >= ROUNDS and sorted(gains)[len(gains) // 4] >= WORTH


def _is_open(settings: Training, name: str) -> bool:
    value: Any = getattr(settings, "compile" if name == "compiled" else name)
    return value in ("auto", 0)


def _words(choices: Choices) -> Iterator[str]:
    if choices.memory_format == "channels_last":
        yield "channels-last"
    yield f"{choices.kernel} optimizer" if choices.kernel != "single" else "plain optimizer"
    if choices.precision != "float32":
        yield choices.precision
    if choices.compiled:
        yield "compiled"
    yield f"{choices.threads} thread{'s' * (choices.threads > 1)}"
