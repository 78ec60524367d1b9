import threading
import time
from functools import partial

import pytest
from tests.training.conftest import classifier, node_id, same, weights

from netloom.errors import TrainingError
from netloom.training.events import ProbesRead, RunEnded, RunStarted, Stepped, Stop, Watch
from netloom.training.loop import train
from netloom.training.session import Session


class Run:
    """A run without a network: steps until it is told to stop, and counts what it was told."""

    def __init__(self, steps=10**9, error_at=None):
        self.steps = steps
        self.error_at = error_at
        self.done = 0
        self.commands = []
        self.closed = False

    def __call__(self):
        try:
            command = yield RunStarted("r", "cpu", "", 1, 1, ("loss",), (), {"train": 1, "val": 0})
            state = yield from self._steps(command)
            yield RunEnded("r", state, 1, self.done, 0.0, {}, {}, ())
        finally:
            self.closed = True

    def _steps(self, command):
        while self.done < self.steps:
            while command is not None:
                self.commands.append(command)
                if isinstance(command, Stop):
                    return command.state
                command = yield ProbesRead(self.done, command.mode, {})
            time.sleep(0.0005)
            self.done += 1
            if self.done == self.error_at:
                raise TrainingError("The data is gone.", node="n3")
            command = yield Stepped(self.done, 1)
        return "finished"


def wait_for(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.001)


@pytest.fixture
def started():
    run = Run()
    session = Session(run)
    session.start()
    wait_for(lambda: session.progress.step > 3)
    yield session, run
    assert session.close()
    assert run.closed


def paused(session):
    session.pause()
    wait_for(lambda: session.progress.state == "paused")
    return session.progress.step


def test_a_run_ends_by_itself():
    session = Session(Run(steps=5))
    session.start()
    assert session.join(5)
    assert not session.is_alive
    assert session.progress.state == "finished"
    assert session.progress.step == 5


def test_a_pause_holds_until_resumed(started):
    session, run = started
    held = paused(session)
    time.sleep(0.05)
    assert session.progress.step == run.done == held
    session.resume()
    wait_for(lambda: session.progress.step > held)
    assert session.progress.state == "running"


def test_a_pause_is_obeyed_within_one_step(started):
    session, run = started
    before = run.done
    session.pause()
    after_order = run.done
    wait_for(lambda: session.progress.state == "paused")
    assert before <= session.progress.step <= after_order + 1


def test_one_step_is_one_step(started):
    session, run = started
    held = paused(session)
    for expected in range(held + 1, held + 6):
        session.step()
        wait_for(lambda expected=expected: session.progress.step == expected and session.progress.state == "paused")
    time.sleep(0.02)
    assert run.done == held + 5


def test_stop_ends_a_paused_run(started):
    session, run = started
    held = paused(session)
    session.stop()
    assert session.join(5)
    assert (session.progress.state, run.done) == ("stopped", held)


def test_watching_during_a_pause_needs_no_step(started):
    session, run = started
    held = paused(session)
    wish = Watch(("n1",), mode="weights")
    session.watch(wish)
    wait_for(lambda: session.progress.probe_mode == "weights")
    assert run.done == held
    assert run.commands == [wish]
    wait_for(lambda: session.progress.state == "paused")


def test_a_pause_does_not_spin(started):
    session, _ = started
    paused(session)
    spent = time.process_time()
    time.sleep(0.2)
    assert time.process_time() - spent < 0.1


def test_orders_before_the_start_count():
    run = Run()
    session = Session(run)
    session.pause()
    session.start()
    wait_for(lambda: session.progress.state == "paused")
    assert run.done == 0
    session.close()
    assert session.progress.state == "interrupted"


def test_an_error_ends_the_run_with_its_words():
    session = Session(Run(error_at=3))
    session.start()
    assert session.join(5)
    ended = session.progress.ended
    assert (ended.state, ended.message, ended.node, ended.steps) == ("failed", "The data is gone.", "n3", 2)


def test_closing_before_the_start_is_allowed():
    assert Session(Run()).close()


def test_no_thread_is_left():
    before = threading.active_count()
    for _ in range(5):
        session = Session(Run(steps=3))
        session.start()
        assert session.close()
    assert threading.active_count() == before


def test_a_real_run_paused_stepped_and_watched_equals_one_left_alone(tmp_path):
    document = classifier(epochs=2)
    list(train(document, folder=tmp_path / "alone"))
    session = Session(partial(train, document, folder=tmp_path / "led"))
    session.pause()
    session.start()
    progress = session.progress
    wait_for(lambda: progress.state == "paused")
    for step in range(1, 8):
        session.step()
        wait_for(lambda step=step: progress.step == step and progress.state == "paused")
        session.watch(Watch((node_id(document, "linear"),)))
    wait_for(lambda: progress.previews)
    session.resume()
    assert session.join(10)
    assert (progress.state, progress.step, len(progress.losses["loss"])) == ("finished", 10, 10)
    assert same(weights(tmp_path / "led"), weights(tmp_path / "alone"))


def test_each_single_step_shows_its_loss(tmp_path):
    session = Session(partial(train, classifier(), folder=tmp_path))
    session.pause()
    session.start()
    wait_for(lambda: session.progress.state == "paused")
    for step in (1, 2, 3):
        time.sleep(0.11)
        session.step()
        wait_for(lambda step=step: session.progress.step == step and session.progress.state == "paused")
        assert len(session.progress.losses["loss"]) == step
    assert session.close()


def test_what_cannot_be_trained_ends_with_words(tmp_path):
    session = Session(partial(train, classifier(), folder=tmp_path, device="abacus"))
    session.start()
    assert session.join(10)
    assert session.progress.state == "failed"
    assert "no device 'abacus'" in session.progress.ended.message
