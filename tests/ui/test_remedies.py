"""A run that found no memory goes on by one click."""

import itertools

from pytestqt.qtbot import QtBot
from tests.ui.conftest import short
from tests.ui.hands import Hands

from netloom import templates
from netloom.training import steps
from netloom.ui.main_window import MainWindow

TIMEOUT = 60_000
LARGEST = 16


def test_one_click_lets_a_run_go_on_with_what_fits(qtbot: QtBot, window: MainWindow, monkeypatch) -> None:
    """The device holds batches of 16; its memory ends as torch says it."""
    build = steps.build

    def built(parts):
        step = build(parts)

        taken = itertools.count(1)

        def bounded(batch):
            if next(taken) > 3 and len(batch[0]) > LARGEST + 1:
                raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")
            step(batch)

        return bounded

    monkeypatch.setattr(steps, "build", built)
    hands = Hands(qtbot, window)
    window.editor.new(short(templates.document("moons-mlp"), epochs=2), "moons")
    size = window.editor.document.training.batch_size
    hands.click(hands.find("train"))
    qtbot.waitUntil(lambda: window.remedy_offer.isVisible(), timeout=TIMEOUT)
    assert window.remedy_offer.label.text().startswith("Out of memory at step 4")
    run = window.controller.progress.ended.run
    while window.editor.document.training.batch_size > LARGEST:
        qtbot.waitUntil(lambda: window.remedy_offer.isVisible(), timeout=TIMEOUT)
        before = window.controller.progress
        hands.click(hands.find("remedy-1"))
        qtbot.waitUntil(lambda before=before: window.controller.progress is not before, timeout=TIMEOUT)
        qtbot.waitUntil(lambda: window.controller.phase == "ended", timeout=TIMEOUT)
    ended = window.controller.progress.ended
    assert (ended.run, ended.state) == (run, "finished")
    training = window.editor.document.training
    assert training.batch_size * training.accumulate == size
    while window.editor.document.training.batch_size != size:
        hands.press("Ctrl+Z", window)
    assert window.editor.document.training.accumulate == 1
