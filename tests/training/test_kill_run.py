"""`kill -9` while a network learns: the run goes on as if nothing had happened, to the last bit."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from safetensors.torch import load_file
from tests.training.conftest import same
from tests.training.kill_run import CASES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")

KILLS = 100
FILES = ("last.safetensors", "best.safetensors")


@dataclass
class Nursery:
    """A process that forks a run whenever it is asked to."""

    process: subprocess.Popen[str]

    def begin(self, folder: Path, case: str) -> int:
        """Begin a run, or go on with it; its process."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{folder} {case}\n")
        self.process.stdin.flush()
        return int(self.line())

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def finish(self, folder: Path, case: str) -> float:
        """Let a run come to its end; how long that took."""
        self.begin(folder, case)
        begun = time.monotonic()
        assert self.line() == "ended 0"
        return time.monotonic() - begun

    def kill(self, folder: Path, case: str, after: float) -> bool:
        """Kill a run some time after it began; whether that was before its end."""
        child = self.begin(folder, case)
        time.sleep(after)
        with contextlib.suppress(ProcessLookupError):  # it was faster
            os.kill(child, signal.SIGKILL)
        return self.line() == f"ended {-signal.SIGKILL}"


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "tests.training.kill_run"]
    with subprocess.Popen(
        command, env=env, stdin=pipe, stdout=pipe, text=True, cwd=Path(__file__).parents[2]
    ) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def same_end(nursery: Nursery, folder: Path, case: str, kills: int, seed: int) -> int:
    """A run that is killed so often ends as one that was not; how many kills came before its end."""
    whole, parts = folder / "whole", folder / "parts"
    for each in (whole, parts):
        each.mkdir(parents=True, exist_ok=True)
    took = nursery.finish(whole, case)
    chance = random.Random(seed)
    hits = sum(nursery.kill(parts, case, chance.uniform(0, took)) for _ in range(kills))
    nursery.finish(parts, case)
    for name in FILES:
        assert same(load_file(parts / name), load_file(whole / name)), f"{name} of {case} is another after {hits} kills"
    assert not list(parts.glob(".*")), "a half written file was left"
    return hits


@pytest.mark.timeout(240)
def test_a_killed_run_ends_as_if_nothing_had_happened(nursery: Nursery, tmp_path: Path) -> None:
    assert same_end(nursery, tmp_path, "averaged", kills=3, seed=1) > 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_hundred_killed_runs_end_as_if_nothing_had_happened(nursery: Nursery, tmp_path: Path) -> None:
    hits = turns = 0
    while hits < KILLS:
        for case in CASES:
            hits += same_end(nursery, tmp_path / f"{turns}-{case}", case, kills=4, seed=turns)
        turns += 1
        assert turns < 20, "runs are too short to be killed"
