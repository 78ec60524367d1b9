import dataclasses

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from netloom import templates
from netloom.graph import Document, edit
from netloom.runs import Store
from netloom.training.events import RunEnded
from netloom.ui.run_commands import summary
from netloom.ui.run_controller import RunController

TIMEOUT = 30_000


def moons(epochs: int = 2) -> Document:
    made = templates.document("moons-mlp")
    made.apply(edit.set_training(made, msgspec.structs.replace(made.training, epochs=epochs, autotune=False)))
    return made


@pytest.fixture
def controller(qtbot: QtBot) -> RunController:
    made = RunController()
    yield made
    made.close()


def finished(qtbot: QtBot, controller: RunController) -> RunEnded:
    qtbot.waitUntil(lambda: controller.phase == "ended" and not controller.is_active, timeout=TIMEOUT)
    assert controller.progress is not None
    assert controller.progress.ended is not None
    return controller.progress.ended


def test_a_run_is_told_and_kept(qtbot: QtBot, controller: RunController) -> None:
    phases: list[str] = []
    controller.phase_changed.connect(phases.append)
    with qtbot.waitSignal(controller.ended, timeout=TIMEOUT) as ended:
        controller.start(moons(), "two moons")
    assert ended.args[0].state == "finished"
    assert phases[0] == "starting"
    assert phases[-1] == "ended"
    [run] = Store().runs()
    assert run.state == "finished"
    assert run.name == "two moons"
    assert run.weights is not None


def test_previews_come_for_watched_nodes(qtbot: QtBot, controller: RunController) -> None:
    document = moons(200)
    hidden = [node.id for node in document.graph.level() if node.kind == "Linear"]
    controller.watch(hidden, hidden[0], "activations")
    with qtbot.waitSignal(controller.previewed, timeout=TIMEOUT, check_params_cb=bool) as seen:
        controller.start(document, "moons")
    assert set(seen.args[0]) <= set(hidden)
    controller.stop()
    finished(qtbot, controller)


def test_pause_step_continue_stop(qtbot: QtBot, controller: RunController) -> None:
    controller.start(moons(100_000), "moons")
    qtbot.waitUntil(lambda: controller.phase == "running", timeout=TIMEOUT)
    controller.pause()
    qtbot.waitUntil(lambda: controller.phase == "paused", timeout=TIMEOUT)
    progress = controller.progress
    assert progress is not None
    at = progress.step
    qtbot.wait(100)
    assert progress.step == at
    controller.step()
    qtbot.waitUntil(lambda: progress.step == at + 1, timeout=TIMEOUT)
    qtbot.wait(100)
    assert progress.step == at + 1
    controller.resume()
    qtbot.waitUntil(lambda: progress.step > at + 3, timeout=TIMEOUT)
    controller.stop()
    assert finished(qtbot, controller).state == "stopped"


def test_a_run_can_begin_with_one_step(qtbot: QtBot, controller: RunController) -> None:
    controller.start(moons(), "moons", paused=True)
    qtbot.waitUntil(lambda: controller.phase == "paused", timeout=TIMEOUT)
    assert controller.progress is not None
    assert controller.progress.step == 1


def test_a_new_run_hears_nothing_of_the_old_one(qtbot: QtBot, controller: RunController) -> None:
    controller.start(moons(100_000), "old")
    qtbot.waitUntil(lambda: controller.phase == "running", timeout=TIMEOUT)
    old = controller.progress
    controller.start(moons(1), "new")
    assert controller.progress is not old
    assert finished(qtbot, controller).epochs == 1
    assert [run.state for run in Store().runs()] == ["stopped", "finished"]


def test_a_run_that_is_left_ends_by_itself_and_is_heard_of_no_more(qtbot: QtBot, controller: RunController) -> None:
    controller.start(moons(100_000), "left")
    qtbot.waitUntil(lambda: controller.phase == "running", timeout=TIMEOUT)
    heard: list[object] = []
    controller.leave()
    controller.progressed.connect(heard.append)
    controller.ended.connect(heard.append)
    assert controller.phase == "idle"
    assert controller.progress is None
    assert controller.close()
    qtbot.wait(100)
    assert heard == []
    assert Store().runs()[0].weights is not None


def test_the_run_has_its_own_copy(qtbot: QtBot, controller: RunController) -> None:
    document = moons(100_000)
    controller.start(document, "moons")
    linear = next(node.id for node in document.graph.level() if node.kind == "Linear")
    document.apply(edit.rename(document.graph, linear, "other"))
    assert controller.trained.graph.node(linear).name != "other"


def test_closing_ends_the_run_with_a_checkpoint(qtbot: QtBot, controller: RunController) -> None:
    controller.start(moons(100_000), "moons")
    qtbot.waitUntil(lambda: controller.phase == "running", timeout=TIMEOUT)
    assert controller.close()
    [run] = Store().runs()
    assert run.state == "interrupted"
    assert (run.folder / "last.safetensors").is_file()


def test_a_run_that_fails_says_so(qtbot: QtBot, controller: RunController) -> None:
    with qtbot.waitSignal(controller.ended, timeout=TIMEOUT) as ended:
        controller.start(Document(), "nothing")
    assert ended.args[0].state == "failed"
    assert ended.args[0].message


def test_summary_of_runs() -> None:
    end = RunEnded("r", "finished", 20, 900, 9.2, {}, {}, ())
    assert summary(end, []) == "20 epochs in 9 s"
    assert summary(dataclasses.replace(end, state="stopped", epochs=1), []) == "Stopped after 1 epoch in 9 s"
