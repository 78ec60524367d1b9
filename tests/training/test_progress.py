import subprocess
import sys
import threading

import numpy as np
import pytest

from netloom.training.events import (
    EpochEnded,
    Logged,
    LossesRead,
    Preview,
    ProbesRead,
    RunEnded,
    RunStarted,
    Stepped,
)
from netloom.training.progress import Curve, Progress

STARTED = RunStarted("r", "cpu", "cpu: no GPU was found", 2, 5, ("loss",), (), {"train": 10, "val": 2})


def preview(value):
    return Preview("vector", np.full(3, value, np.float32), value, value, value, 0.0, (3,))


def read(first, *values):
    return LossesRead(first, {"loss": np.array(values, np.float32)}, {"adam": 0.1}, 100.0, 7.0)


def test_curves_grow_without_end():
    curve = Curve()
    for start in range(0, 5000, 7):
        curve.append(np.arange(start, start + 7), np.arange(start, start + 7) * 2)
    assert np.array_equal(curve.y, curve.x * 2)
    assert len(curve) == len(curve.x) == 5005


def test_a_reader_never_sees_halves_of_a_curve():
    curve = Curve()
    ended = threading.Event()

    def write():
        for step in range(20_000):
            curve.append(np.array([step]), np.array([step]))
        ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not ended.is_set():
        x, y = curve.points
        assert len(x) == len(y)
        assert not len(x) or x[-1] == y[-1] == len(x) - 1
    writer.join()


def test_losses_become_curves_over_steps():
    progress = Progress()
    for event in (STARTED, Stepped(1, 1), read(1, 3.0), Stepped(2, 1), Stepped(3, 1), read(2, 2.0, 1.0)):
        progress.feed(event)
    assert progress.losses["loss"].x.tolist() == [1, 2, 3]
    assert progress.losses["loss"].y.tolist() == [3, 2, 1]
    assert (progress.step, progress.epoch, progress.version) == (3, 1, 6)
    assert (progress.rates, progress.samples_per_second, progress.seconds_left) == ({"adam": 0.1}, 100.0, 7.0)


def test_previews_stay_until_the_mode_changes():
    progress = Progress()
    progress.feed(ProbesRead(1, "activations", {"a": preview(1), "b": preview(1)}))
    progress.feed(ProbesRead(2, "activations", {"b": preview(2)}, gradient_norms={"a": 0.5}))
    assert {key: item.low for key, item in progress.previews.items()} == {"a": 1, "b": 2}
    progress.feed(ProbesRead(3, "weights", {"a": preview(3)}))
    assert list(progress.previews) == ["a"]
    assert progress.gradient_norms == {"a": 0.5}


def test_the_end_is_kept():
    progress = Progress()
    progress.feed(EpochEnded(1, 5, {"train": {"loss": 1.0}}, {}))
    progress.feed(Logged("Done"))
    ended = RunEnded("r", "finished", 1, 5, 1.0, {}, {}, ())
    progress.feed(ended)
    progress.set_paused(paused=True)
    assert (progress.state, progress.ended, len(progress.epochs), len(progress.log)) == ("finished", ended, 1, 1)


@pytest.mark.parametrize("module", ["events", "progress", "session"])
def test_importing_it_loads_no_torch(module):
    loaded = "[name for name in ('torch', 'PySide6', 'sklearn') if name in sys.modules]"
    code = f"import sys, netloom.training.{module}; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
