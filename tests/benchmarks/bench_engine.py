"""Training speed beside a plain expert loop, Lightning and Keras: same networks, data, optimizer and batches.

Every contender is a process of its own; for each network all are started, one after the other, and then train in turns
of a moment, so that what else runs on the machine disturbs all alike. Speeds are medians over turns and ratios are
taken turn by turn: of CPU time where both have one thread, else of wall time. That all have the same network is checked
where they start. The frameworks live in an environment of their own under build/peer-engine, made when it is missing.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self, TypeAlias

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BYTECODE = ROOT / "build" / "bytecode"
PEER = ROOT / "build" / "peer-engine"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
PEER_NEEDS = ("lightning", "keras")
TITLES = {
    "mlp": "MLP 784-256-10",
    "lenet": "LeNet on 28×28",
    "transformer": "transformer d 128 ×2",
    "resnet": "ResNet-18 on 32×32",
}
TURNS, TURN_SECONDS = 7, 0.4
LONG_SECONDS = 2.0
"""A turn with the window: after the rest between turns it begins with a look inside, which comes seldom otherwise."""
MARK, WINDOW_MARK, FRAME_MARK_MS = 0.98, 0.95, 25.0
TUNED_MARK, HALF_MARK = 1.15, 1.45
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

Row: TypeAlias = dict[str, Any]
Command: TypeAlias = tuple[Path, list[str], Mapping[str, str]]


class Contender:
    """A process that trains in turns."""

    def __init__(self, name: str, command: Command) -> None:
        python, arguments, environment = command
        self.name, self.turns = name, list[dict[str, Any]]()
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed with the process)
        self._home = tempfile.TemporaryDirectory()
        self._process = subprocess.Popen(
            [python, *arguments],
            env={**surroundings(), **environment, "NETLOOM_HOME": self._home.name},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()
        self._home.cleanup()

    def read(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            raise RuntimeError(f"{self.name} ended:\n{self._errors.read()[-2000:]}")
        return json.loads(line)

    def wait_until_ready(self) -> None:
        found = self.read()
        self.parameters, self.threads = found["parameters"], found["threads"]

    def train(self, seconds: float) -> None:
        assert self._process.stdin
        self._process.stdin.write(f"{seconds}\n")
        self._process.stdin.flush()
        self.turns.append(self.read())

    def times(self, clock: str) -> list[float]:
        return [turn[clock] for turn in self.turns]


def surroundings() -> dict[str, str]:
    """Return the environment of every contender: none says how many threads to take."""
    kept = {key: value for key, value in os.environ.items() if not key.endswith("_NUM_THREADS")}
    paths = os.pathsep.join((str(ROOT / "app"), str(HERE)))
    quiet = {"PYTHONWARNINGS": "ignore", "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(BYTECODE)}
    return {**kept, **quiet, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": ""}


def rows() -> list[Row]:
    """Return the figures for `make bench`."""
    peer = peer_python()
    found: list[Row] = []
    gains: dict[str, list[float]] = {"tuned": [], "half": []}
    for name, title in TITLES.items():
        contenders = measured(commands(name, peer))
        found += [*rows_of(title, contenders, gains), *window_rows(title, contenders["window"], contenders["alone"])]
    for key, words, mark in (("tuned", "float32", TUNED_MARK), ("half", "bfloat16 allowed", HALF_MARK)):
        mean = math.prod(gains[key]) ** (1 / len(gains[key]))
        found.append(
            {"name": f"all four: autotune, {words}, geometric mean", "value": mean, "unit": "×", "mark": mark}
            | {"holds": mean >= mark, "peer": "expert loop", "peer_value": 1.0, "ratio": mean}
        )
    return found


def commands(name: str, peer: Path | None) -> dict[str, Command]:
    """Return how each contender is started. The expert's loop takes torch's own number of threads, or one."""
    own = Path(sys.executable)
    netloom, other = str(HERE / "engine_netloom.py"), str(HERE / "peer_engine.py")
    found: dict[str, Command] = {
        "plain": (own, [netloom, name, "plain", "float32", "1"], ONE_THREAD),
        "expert": (own, [other, "expert", name, "1"], ONE_THREAD),
        "expert, all cores": (own, [other, "expert", name, "0"], {}),
        "tuned": (own, [netloom, name, "tuned", "float32", "0"], {}),
        "half": (own, [netloom, name, "tuned", "auto", "0"], {}),
        "alone": (own, [netloom, name, "scored", "float32", "1"], ONE_THREAD),
        "window": (own, [str(HERE / "engine_window.py"), name], ONE_THREAD),
    }
    if peer is not None:
        found |= {kind: (peer, [other, kind, name, "1"], ONE_THREAD) for kind in ("lightning", "keras")}
    return found


def measured(started: Mapping[str, Command]) -> dict[str, Contender]:
    """Let all train in turns; the first turn of each is for warming up.

    Each is ready before the next begins: what tunes itself must not be disturbed by what others load.
    """
    found = dict[str, Contender]()
    with ExitStack() as stack:
        for key, command in started.items():
            found[key] = stack.enter_context(Contender(key, command))
            found[key].wait_until_ready()
        assert len({each.parameters for each in found.values()}) == 1
        for _ in range(TURNS + 1):
            for key, each in found.items():
                each.train(LONG_SECONDS if key in ("alone", "window") else TURN_SECONDS)
    for each in found.values():
        del each.turns[0]
    return found


def rows_of(title: str, found: Mapping[str, Contender], gains: Mapping[str, list[float]]) -> Iterator[Row]:
    experts = [found["expert"], found["expert, all cores"]]
    yield row(f"{title}: autotune off", found["plain"], found["expert"], "expert loop", MARK)
    for kind, words in (("lightning", "Lightning"), ("keras", "Keras on torch")):
        if kind in found:
            yield row(f"{title}: autotune off", found["plain"], found[kind], words, 1.0)
    best = min(experts, key=lambda each: statistics.median(each.times("wall")))
    for key, words in (("tuned", "float32"), ("half", "bfloat16 allowed")):
        peer = f"expert loop, {threads(best)}"
        made = row(f"{title}: autotune, {words}, {threads(found[key])}", found[key], best, peer, 1.0)
        gains[key].append(made["ratio"])
        yield made


def threads(contender: Contender) -> str:
    return f"{contender.threads} thread{'s' * (contender.threads > 1)}"


def row(name: str, ours: Contender, theirs: Contender, peer: str, mark: float, clock: str = "") -> Row:
    """Return both speeds in steps a second, and how many times as fast ours is."""
    clock = clock or ("cpu" if ours.threads == theirs.threads == 1 else "wall")
    mine, other = ours.times(clock), theirs.times(clock)
    ratio = statistics.median(their / our for our, their in zip(mine, other, strict=True))
    value, beside = (1 / statistics.median(times) for times in (mine, other))
    unit = "steps/s" if clock == "wall" else "steps/CPU-s"
    found = {"name": name, "value": value, "unit": unit, "peer": peer, "peer_value": beside}
    return {**found, "ratio": ratio, "mark": mark, "holds": ratio >= mark}


def window_rows(title: str, shown: Contender, alone: Contender) -> Iterator[Row]:
    """Yield the speed in the open window beside that without one, and how evenly the window's frames come."""
    for clock, words in (("wall", "in the open window"), ("cpu", "in the open window, the training thread")):
        yield row(f"{title}: {words}", shown, alone, "without a window", WINDOW_MARK, clock)
    slowest = statistics.quantiles((each for turn in shown.turns for each in turn["frames"]), n=100)[98]
    frame = {"name": f"{title}: window frame while training, 99th percentile", "value": slowest, "unit": "ms"}
    yield {**frame, "mark": FRAME_MARK_MS, "holds": slowest <= FRAME_MARK_MS}


def peer_python() -> Path | None:
    """Return the interpreter of the peers' environment, which is made where it is missing; None where that fails."""
    python, done = PEER / "bin" / "python", PEER / ".installed"
    if done.exists():
        return python
    torch = next(line for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines() if line.startswith("torch=="))
    try:
        venv.create(PEER, with_pip=True, clear=True)
        for needs in ((torch,), (torch, *PEER_NEEDS)):  # torch alone first: what follows takes the build that is there
            install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *needs]
            subprocess.run(install, check=True, timeout=1200)
    except (OSError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"There are no frameworks to compare with, since they could not be installed: {error}\n")
        return None
    done.touch()
    return python
