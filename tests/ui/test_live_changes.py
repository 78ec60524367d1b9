"""A network is changed while it is trained: by a click on the strip, by keys, and back by undo."""

import msgspec
import pytest
from pytestqt.qtbot import QtBot
from tests.ui.conftest import short
from tests.ui.hands import Hands

from netloom import templates
from netloom.graph import edit
from netloom.ui.main_window import MainWindow

TIMEOUT = 25_000


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    """Hands on a window in which a run goes on that does not end by itself."""
    found = Hands(qtbot, window)
    window.editor.new(short(templates.document("moons-mlp"), epochs=100_000), "moons")
    found.click(found.find("train"))
    qtbot.waitUntil(lambda: window.controller.phase == "running", timeout=TIMEOUT)
    return found


def named(window: MainWindow, kind: str) -> str:
    return next(node.id for node in window.editor.document.graph.level() if node.kind == kind)


def set_value(window: MainWindow, kind: str, **params: object) -> None:
    graph = window.editor.document.graph
    node = graph.node(named(window, kind))
    window.editor.do(edit.set_params(graph, node.id, {**node.params, **params}))


def changes(window: MainWindow) -> list[str]:
    progress = window.controller.progress
    assert progress is not None
    return [change.title for change in progress.changes]


def test_a_click_on_the_strip_changes_the_run(hands: Hands, window: MainWindow) -> None:
    set_value(window, "AdamW", lr=0.123)
    assert window.live_offer.label.text() == "Changed: optimizer lr 0.123. The run does not know that yet."
    hands.click(hands.find("live-apply"))
    hands.qtbot.waitUntil(lambda: changes(window) == ["optimizer lr 0.123"], timeout=TIMEOUT)
    progress = window.controller.progress
    hands.qtbot.waitUntil(lambda: progress.rates == {"optimizer": 0.123}, timeout=TIMEOUT)
    hands.qtbot.waitUntil(lambda: not window.live_offer.isVisible(), timeout=TIMEOUT)
    assert window.controller.is_active


def test_keys_widen_a_layer_and_undo_takes_it_back(hands: Hands, window: MainWindow) -> None:
    set_value(window, "Linear", out_features=77)
    hands.press("Ctrl+Alt+Return", window)
    hands.qtbot.waitUntil(lambda: len(changes(window)) == 1, timeout=TIMEOUT)
    hands.qtbot.waitUntil(lambda: not window.live_offer.isVisible(), timeout=TIMEOUT)
    hands.press("Ctrl+Z", window)
    hands.qtbot.waitUntil(lambda: changes(window)[1:] == ["undone"], timeout=TIMEOUT)
    hands.qtbot.waitUntil(lambda: not window.live_offer.isVisible(), timeout=TIMEOUT)
    progress = window.controller.progress
    at = progress.step
    hands.qtbot.waitUntil(lambda: progress.step > at + 20, timeout=TIMEOUT)


def test_the_batch_size_changes_in_a_pause(hands: Hands, window: MainWindow) -> None:
    hands.click(hands.find("train"))
    hands.qtbot.waitUntil(lambda: window.controller.phase == "paused", timeout=TIMEOUT)
    document = window.editor.document
    window.editor.do(edit.set_training(document, msgspec.structs.replace(document.training, batch_size=50)))
    hands.click(hands.find("live-apply"))
    hands.qtbot.waitUntil(lambda: changes(window) == ["batch size 50"], timeout=TIMEOUT)
    assert window.controller.progress.state == "paused"


def test_what_cannot_be_trained_is_refused_with_words(hands: Hands, window: MainWindow) -> None:
    graph = window.editor.document.graph
    optimizer = named(window, "AdamW")
    window.editor.do(edit.remove(window.editor.document, [optimizer]))
    hands.click(hands.find("live-apply"))
    hands.qtbot.waitUntil(lambda: "There is no optimizer" in window.live_offer.label.text(), timeout=TIMEOUT)
    assert window.live_offer.isVisible()
    assert window.controller.is_active
    assert optimizer not in graph.nodes
    hands.press("Ctrl+Z", window)
    assert not window.live_offer.isVisible()


def test_places_on_the_canvas_are_no_change(hands: Hands, window: MainWindow) -> None:
    window.editor.do(edit.move(window.editor.document, {named(window, "Linear"): (0.0, 0.0)}))
    assert not window.live_offer.isVisible()
    assert not window.actions_table["apply_to_run"].isEnabled()
