"""Runs that wait for each other, with real small trainings in the real window."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from pytestqt.qtbot import QtBot
from tests.ui.conftest import short

from netloom import templates
from netloom.graph import Document, edit
from netloom.runs import Store
from netloom.ui.main_window import MainWindow

WAIT = 90_000


@pytest.fixture
def busy(qtbot: QtBot, window: MainWindow) -> Queue:
    """A window in which a run goes on that would take very long."""
    queue = Queue(qtbot, window)
    queue.open("first", moons(5000))
    window.actions_table["train"].trigger()
    queue.until(lambda: window.controller.phase == "running")
    return queue


class Queue:
    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=WAIT)

    def open(self, name: str, document: Document) -> None:
        self.window.editor.new(document, name)

    def add(self, name: str, document: Document) -> None:
        self.open(name, document)
        self.window.actions_table["queue"].trigger()

    @property
    def names(self) -> list[str]:
        return [each.name for each in self.window.runs.queue.waiting]

    @property
    def shown(self) -> list[str]:
        return [line.name for line in self.window.views.runs.model.rows]


def moons(epochs: int, device: str = "auto") -> Document:
    found = short(templates.document("moons-mlp"), epochs=epochs)
    training = msgspec.structs.replace(found.training, device=device)
    return Document(found.graph, training, found.positions)


def test_without_a_run_the_first_begins_at_once(qtbot: QtBot, window: MainWindow) -> None:
    queue = Queue(qtbot, window)
    queue.add("alone", moons(1))
    assert queue.names == []
    assert window.controller.is_active
    queue.until(lambda: window.controller.phase == "ended")


def test_runs_begin_one_after_the_other(busy: Queue) -> None:
    window = busy.window
    busy.add("second", moons(2))
    busy.add("third", moons(3))
    assert busy.names == ["second", "third"]
    window.show_page("Runs")
    busy.until(lambda: busy.shown[:3] == ["second", "third", "first"])
    session = window.editor.session
    window.actions_table["stop"].trigger()
    busy.until(lambda: busy.names == [] and window.controller.phase == "ended")
    assert window.controller.home is session
    found = [(run.name, run.state, run.epochs) for run in Store().runs()]
    assert found[0][:2] == ("first", "stopped")
    assert found[1:] == [("second", "finished", 2), ("third", "finished", 3)]
    busy.until(lambda: busy.shown == ["third", "second", "first"])


def test_what_waits_is_the_document_as_it_was(busy: Queue) -> None:
    busy.add("second", moons(1))
    graph = busy.window.editor.document.graph
    linear = next(node for node in graph.level() if node.kind == "Linear")
    before = linear.params.get("out_features")
    busy.window.editor.do(edit.set_params(graph, linear.id, {"out_features": 77}))
    busy.window.actions_table["stop"].trigger()
    busy.until(lambda: len(Store().runs()) == 2 and busy.window.controller.phase == "ended")
    trained = Store().run("latest").document.graph
    assert trained.node(linear.id).params.get("out_features") == before


def test_a_run_that_fails_does_not_stop_the_queue(busy: Queue) -> None:
    busy.add("fails", moons(2, device="abacus"))
    busy.add("after it", moons(1))
    busy.window.actions_table["stop"].trigger()
    busy.until(lambda: busy.names == [] and busy.window.controller.phase == "ended")
    found = {run.name: run.state for run in Store().runs()}
    assert found["after it"] == "finished"
    assert "fails" not in found
    assert any("abacus" in line.text and line.severity == "error" for line in busy.window.log.lines)


def test_the_order_is_changed_and_one_is_taken_out(busy: Queue) -> None:
    for name in ("a", "b", "c"):
        busy.add(name, moons(1))
    queue = busy.window.runs.queue
    keys = {each.name: each.key for each in queue.waiting}
    queue.move([keys["c"]], -1)
    assert busy.names == ["a", "c", "b"]
    queue.move([keys["a"], keys["c"]], -1)
    assert busy.names == ["a", "c", "b"]
    queue.move([keys["a"], keys["c"]], 1)
    assert busy.names == ["b", "a", "c"]
    queue.remove([keys["a"]])
    assert busy.names == ["b", "c"]


def test_a_network_with_errors_is_not_queued(busy: Queue) -> None:
    broken = moons(1)
    linear = next(node for node in broken.graph.level() if node.kind == "Linear")
    broken.apply(edit.set_params(broken.graph, linear.id, {"in_features": 99}))
    busy.add("broken", broken)
    assert busy.names == []
    assert busy.window.views.dock.page == "Problems"


def test_closing_the_document_of_a_run_lets_the_next_begin(busy: Queue) -> None:
    first = busy.window.editor.session
    busy.add("second", moons(1))
    busy.window.editor.close(first)
    busy.until(lambda: busy.names == [] and busy.window.controller.phase == "ended")
    assert Store().run("latest").name == "second"


def test_closing_the_window_begins_nothing_more(busy: Queue) -> None:
    busy.add("second", moons(1))
    busy.window.shut_down()
    assert busy.names == []
    assert [run.name for run in Store().runs()] == ["first"]
