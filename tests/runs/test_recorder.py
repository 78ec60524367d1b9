"""Batched writing of what a run says."""

import sqlite3
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from netloom.runs import Store, rows
from netloom.runs.database import connect
from netloom.runs.recorder import Recorder
from netloom.training.events import EpochEnded, LossesRead, RunStarted

RUN = "20261120-142233-digits-k3f"
SETTINGS = {"epochs": 5, "device": "cpu"}


@pytest.fixture
def connection(tmp_path: Path) -> sqlite3.Connection:
    found = connect(tmp_path)
    values = {"id": RUN, "name": "digits", "state": "running", "started": "2026-11-20T14:22:33Z"}
    with found:
        rows.insert(found, {**values, "settings": "{}", "document": '{"format": 1, "graph": {}}', "fingerprint": ""})
    yield found
    found.close()


def losses(first: int, *values: float) -> LossesRead:
    return LossesRead(first, {"loss": np.array(values, np.float32)}, {"adam": 0.1}, 1000.0, 1.0)


def epoch(number: int, step: int) -> EpochEnded:
    return EpochEnded(number, step, {"val": {"loss": 1.0 / number}}, {"val": {"accuracy": 0.5}})


def started(first_step: int = 0) -> RunStarted:
    return RunStarted(RUN, "cpu", "cpu", 5, 4, ("loss",), ("accuracy",), {"train": 16}, first_step)


def test_a_second_of_training_is_one_row(connection: sqlite3.Connection, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, RUN, SETTINGS)
    recorder.record(started())
    for first in range(1, 101, 2):
        recorder.record(losses(first, first, first + 1))
    assert connection.execute("SELECT COUNT(*) FROM steps").fetchone()[0] == 0
    recorder.close("stopped")
    assert connection.execute("SELECT COUNT(*) FROM steps").fetchone()[0] == 1
    run = Store(tmp_path).run(RUN)
    assert run.curves.steps["loss"].y.tolist() == list(range(1, 101))
    assert (run.steps, run.state) == (100, "stopped")


def test_nothing_is_written_more_often_than_once_a_second(
    connection: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr("netloom.runs.recorder.time.monotonic", lambda: now)
    recorder = Recorder(tmp_path, RUN, SETTINGS)
    counts = []
    for first in range(1, 31):
        now += 0.1
        recorder.record(losses(first, 1.0))
        counts.append(connection.execute("SELECT COUNT(*) FROM steps").fetchone()[0])
    recorder.close()
    assert counts[8] == 0
    assert counts[-1] in (2, 3)


def test_gaps_stay_gaps(connection: sqlite3.Connection, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, RUN, SETTINGS)
    for event in (losses(1, 0.5, 0.4), losses(10, 0.3), losses(11, 0.2)):
        recorder.record(event)
    recorder.close()
    found = Store(tmp_path).run(RUN).curves.steps["loss"]
    assert found.x.tolist() == [1, 2, 10, 11]
    assert found.y.tolist() == pytest.approx([0.5, 0.4, 0.3, 0.2])


def test_going_on_forgets_what_was_measured_after_the_checkpoint(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    killed = Recorder(tmp_path, RUN, SETTINGS)
    for event in (started(), losses(1, 1, 2, 3, 4), epoch(1, 4), losses(5, 5, 6, 7, 8), epoch(2, 8)):
        killed.record(event)
    killed.close()
    again = Recorder(tmp_path, RUN, SETTINGS)
    for event in (started(first_step=6), losses(7, 70, 80), epoch(2, 8)):
        again.record(event)
    again.close()
    run = Store(tmp_path).run(RUN)
    assert run.curves.steps["loss"].y.tolist() == [1, 2, 3, 4, 5, 6, 70, 80]
    assert run.curves.steps["loss"].x.tolist() == list(range(1, 9))
    assert [found.epoch for found in run.curves.epochs] == [1, 2]


def test_going_on_from_the_very_beginning_forgets_everything(connection: sqlite3.Connection, tmp_path: Path) -> None:
    for values in ((1, 2, 3), (10, 20)):
        recorder = Recorder(tmp_path, RUN, SETTINGS)
        for event in (started(), losses(1, values[0]), losses(5, *values[1:]), epoch(1, 4)):
            recorder.record(event)
        recorder.close()
    run = Store(tmp_path).run(RUN)
    assert run.curves.steps["loss"].y.tolist() == [10, 20]
    assert len(run.curves.epochs) == 1


def test_losses_that_are_not_numbers_survive(connection: sqlite3.Connection, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, RUN, SETTINGS)
    recorder.record(losses(1, float("nan"), float("inf")))
    recorder.record(EpochEnded(1, 2, {"val": {"loss": float("nan")}}, {}))
    recorder.close("failed", "The loss is not a number.")
    run = Store(tmp_path).run(RUN)
    assert np.isnan(run.curves.steps["loss"].y[0])
    assert np.isnan(run.losses["loss"])
    assert run.message == "The loss is not a number."


def test_a_store_that_cannot_be_written_does_not_end_the_run(connection: sqlite3.Connection, tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, RUN, SETTINGS)
    recorder._connection.execute("PRAGMA query_only = 1")
    recorder.record(losses(1, 1.0))
    recorder.flush()
    assert "The training goes on" in recorder.complaint
    recorder._connection.execute("PRAGMA query_only = 0")
    recorder.record(losses(2, 2.0))
    recorder.close()
    assert recorder.complaint == ""
    assert Store(tmp_path).run(RUN).curves.steps["loss"].y.tolist() == [1.0, 2.0]


def test_another_writer_holds_up_neither_the_training_nor_the_end(
    connection: sqlite3.Connection, tmp_path: Path
) -> None:
    recorder = Recorder(tmp_path, RUN, SETTINGS)
    recorder.record(losses(1, 1.0))
    connection.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    recorder.flush()
    assert time.monotonic() - began < 2
    assert "locked" in recorder.complaint
    recorder.record(losses(2, 2.0))
    release = threading.Timer(0.5, connection.rollback)
    release.start()
    recorder.close("stopped")
    release.join()
    run = Store(tmp_path).run(RUN)
    assert (run.state, run.curves.steps["loss"].y.tolist()) == ("stopped", [1.0, 2.0])
