"""`kill -9` while somebody edits: the next start offers the document as it was at most a second before."""

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

from netloom.graph import file, recovery
from netloom.ui.user_file import digest, digest_of

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")

SECOND = 1.0
BEGINS_WITHIN = 30.0
LONGEST_SESSION = 2.0


@dataclass(frozen=True)
class Told:
    """What a session told before it died."""

    what: str
    at: float
    digest: str


@pytest.fixture(scope="module")
def nursery() -> Iterator[subprocess.Popen[str]]:
    """A process that has loaded the window and forks a session of it whenever it is asked to."""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "tests.kill_session"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, env=env, stdin=pipe, stdout=pipe, text=True, cwd=Path(__file__).parents[1]
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def told(home: Path) -> list[Told]:
    """What a session has told so far, in whole lines."""
    try:
        lines = (home / "told").read_text().split("\n")[:-1]
    except FileNotFoundError:
        return []
    return [Told(what, float(at), found) for what, at, found in (line.split() for line in lines)]


def killed(nursery: subprocess.Popen[str], home: Path, seed: int, nodes: int) -> float:
    """Let somebody edit and kill them at some moment; when that was."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    home.mkdir(parents=True)
    nursery.stdin.write(f"{home} {seed} {nodes}\n")
    nursery.stdin.flush()
    child = int(nursery.stdout.readline())
    begun = time.monotonic()
    while not told(home):
        assert time.monotonic() < begun + BEGINS_WITHIN, "nobody edits"
        time.sleep(0.005)
    time.sleep(random.Random(seed).uniform(0, LONGEST_SESSION))
    os.kill(child, signal.SIGKILL)
    at = time.monotonic()
    assert nursery.stdout.readline() == "ended\n"
    return at


def verify(home: Path, at: float) -> int:
    """See that what is left is right; how many steps were told."""
    story = told(home)
    states = [each.digest for each in story]
    _verify_file(home, story)
    lefts = recovery.found(home / "journals")
    assert len(lefts) <= 1
    if lefts:
        back = recovery.take(lefts[0].place)
        back.folder.leave()
        assert back.complaint == ""
        found = digest(file.dumps(back.document))
    else:
        found = digest_of(home / "mine.loom")
    old = [number for number, each in enumerate(story) if each.at < at - SECOND]
    if found or old:
        assert found in states, "a document that never was"
        newest = len(states) - 1 - states[::-1].index(found)
        assert newest >= max(old, default=0), f"{len(states) - newest} steps are lost, and more than a second"
    return len(story)


def _verify_file(home: Path, story: list[Told]) -> None:
    """The user's file holds what was saved last, or what was being saved."""
    saves = [each for each in story if each.what != "step"]
    path = home / "mine.loom"
    done = [each.digest for each in saves if each.what == "saved"][-1:]
    begun = [each.digest for each in saves[-1:] if each.what == "saving"]
    assert path.exists() or not done
    if path.exists():
        assert digest_of(path) in [*done, *begun]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", range(10))
def test_a_killed_session_loses_less_than_a_second(nursery: subprocess.Popen[str], tmp_path: Path, seed: int) -> None:
    home = tmp_path / "home"
    assert verify(home, killed(nursery, home, seed, nodes=20)) > 0


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_hundred_killed_sessions_lose_less_than_a_second(nursery: subprocess.Popen[str], tmp_path: Path) -> None:
    steps = 0
    for seed in range(100, 200):
        home = tmp_path / str(seed)
        steps += verify(home, killed(nursery, home, seed, nodes=20 if seed % 20 else 3_000))
    assert steps > 1_000
