"""How fast the machine is: measured once, remembered, and never beside a run."""

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from netloom.compiler.forecast import Speed
from netloom.runs import speed
from netloom.training import devices
from netloom.ui.main_window import MainWindow
from netloom.ui.run_controller import RunController
from netloom.ui.speed_meter import SpeedMeter

FOUND = Speed(1e10, 2e10, 1e9, 1e-5, 1e-4)


@pytest.fixture
def controller(qtbot: QtBot) -> Iterator[RunController]:
    made = RunController()
    yield made
    made.close()


@pytest.fixture
def meter(controller: RunController) -> Iterator[SpeedMeter]:
    made = SpeedMeter(controller, controller)
    made._calm.setInterval(10)
    yield made
    made.close()


def test_what_is_not_known_is_measured_once(meter: SpeedMeter, qtbot: QtBot) -> None:
    with qtbot.waitSignal(meter.known, timeout=60_000) as caught:
        meter.know("cpu")
    [found] = caught.args
    assert found.macs_per_second > 0
    assert speed.remembered("cpu") == found


def test_what_is_remembered_is_not_measured_again(meter: SpeedMeter, qtbot: QtBot) -> None:
    speed.remember(FOUND, "cpu")
    with qtbot.waitSignal(meter.known) as caught:
        meter.know("cpu")
    assert caught.args == [FOUND]
    assert meter._thread is None


def test_each_device_has_a_speed_of_its_own() -> None:
    speed.remember(FOUND, "cuda:1")
    assert speed.remembered("cpu") is None
    assert speed.remembered("cuda:1") == FOUND


def test_nothing_is_measured_while_another_computes(meter: SpeedMeter, controller: RunController, qtbot: QtBot) -> None:
    with controller.beside_runs, qtbot.assertNotEmitted(meter.known, wait=400):
        meter.know("cpu")
    qtbot.waitUntil(lambda: speed.remembered("cpu") is not None, timeout=60_000)


def test_a_device_that_cannot_be_measured_is_no_harm(meter: SpeedMeter, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(meter.known, wait=500):
        meter.know("nonsense")
    meter.wait()
    assert speed.remembered("nonsense") is None


def test_a_run_waits_for_the_measurement(moons: MainWindow, qtbot: QtBot) -> None:
    meter = moons.views.speed
    meter._calm.setInterval(0)
    moons.set_devices(devices.available())
    qtbot.waitUntil(lambda: meter._thread is not None, timeout=10_000)
    moons.runs.train()
    qtbot.waitUntil(lambda: moons.controller.progress is not None and moons.controller.progress.started is not None)
    assert meter._thread is not None
    assert not meter._thread.is_alive()
    qtbot.waitUntil(lambda: moons.controller.phase == "ended", timeout=90_000)
    page = moons.views.inspector.document_page.forecast
    assert page._times[0]._value.text().startswith("about ")
    assert not [each for each in threading.enumerate() if each.name == "netloom-speed"]
