"""What cards and the inside view show before any training."""

import pytest
from pytestqt.qtbot import QtBot
from tests.ui.conftest import short
from tests.ui.hands import Hands

from netloom import templates
from netloom.compiler import plan_graph
from netloom.graph import Document, Graph, edit
from netloom.training import devices
from netloom.ui import first_look
from netloom.ui.main_window import MainWindow

TIMEOUT = 20_000


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    """A window in which torch is loaded."""
    window.set_devices(devices.available())
    return Hands(qtbot, window)


def looked(hands: Hands, *, at: str = "") -> None:
    """Wait until the untrained network is shown, or that node of it."""
    views = hands.window.views
    wanted = views._editor.document.graph.named(at) if at else None
    key = wanted.id if wanted else ""

    def is_seen() -> bool:
        look = views._look
        return look is not None and (key in look.previews if at else bool(look.previews))

    hands.qtbot.waitUntil(is_seen, timeout=TIMEOUT)


def node(window: MainWindow, name: str) -> str:
    found = window.editor.document.graph.named(name)
    assert found is not None
    return found.id


def test_a_template_shows_its_data_and_activations_at_once(hands: Hands, window: MainWindow) -> None:
    window.editor.new(short(templates.document("digits-cnn"), epochs=1), "digits")
    looked(hands, at="conv1")
    hands.select(node(window, "conv1"))
    inside = window.views.inside
    assert inside is not None
    hands.qtbot.waitUntil(lambda: inside.title.text == "Inside not trained yet", timeout=TIMEOUT)
    assert inside.picture_title.text.startswith("Activations, 16 maps of 8×8")
    assert inside.picture.isVisible()
    assert not inside.std.isVisible()


def test_data_are_seen_before_anything_is_wired(hands: Hands, window: MainWindow) -> None:
    key = hands.add_by_search("Dataset")
    looked(hands)
    hands.add_by_search("Output")  # its id is free again in the copy that is looked at
    hands.qtbot.wait(3 * first_look.DEBOUNCE_MS)
    assert window.views._look is not None
    assert set(window.views._look.previews) == {key}


def test_what_a_run_saw_stays_until_the_network_changes(hands: Hands, window: MainWindow) -> None:
    window.editor.new(short(templates.document("moons-mlp"), epochs=2), "moons")
    looked(hands)
    hands.click(hands.find("train"))
    hands.wait_for_end()
    assert window.views._look is None
    hidden = node(window, "hidden1")
    window.editor.do(edit.rename(window.editor.document.graph, hidden, "first"))
    hands.qtbot.wait(2 * first_look.DEBOUNCE_MS)
    assert window.views._look is None
    window.editor.do(edit.set_params(window.editor.document.graph, hidden, {"out_features": 9}))
    looked(hands)
    window.editor.undo()
    hands.qtbot.waitUntil(lambda: window.views._look is None, timeout=TIMEOUT)
    progress = window.controller.progress
    assert progress is not None
    assert progress.previews[hidden].shape == (32,)


def test_a_run_that_cannot_begin_leaves_the_pictures(hands: Hands, window: MainWindow) -> None:
    key = hands.add_by_search("Dataset")
    looked(hands)
    hands.click(hands.find("train"))
    hands.qtbot.waitUntil(lambda: window.controller.phase == "ended", timeout=TIMEOUT)
    hands.qtbot.wait(2 * first_look.DEBOUNCE_MS)
    looked(hands)
    item = window.views.canvas.graph_scene.nodes[key]
    assert item.preview is not None


def test_a_look_does_not_change_a_run(hands: Hands, window: MainWindow) -> None:
    """The same seed gives the same losses, whether a look was on its way or not."""
    ends = []
    for wait in (0, first_look.DEBOUNCE_MS, first_look.DEBOUNCE_MS + 5):
        window.editor.new(short(templates.document("moons-mlp"), epochs=2), "moons")
        hands.qtbot.wait(wait)
        hands.click(hands.find("train"))
        hands.wait_for_end()
        progress = window.controller.progress
        assert progress is not None
        ends.append(progress.losses["loss"].y.tolist())
    assert ends[0] == ends[1] == ends[2]


def test_what_has_an_error_and_all_after_it_is_left_out() -> None:
    document = templates.document("digits-cnn")
    head = document.graph.named("head")
    assert head is not None
    document.apply(edit.set_params(document.graph, head.id, {"in_features": 3}))
    plan = plan_graph(document.graph)
    names = {document.graph.nodes[key].name for key in first_look.broken(plan)}
    assert {"head", "logits", "loss", "accuracy"} <= names
    assert "flatten" not in names


def test_a_copy_stays_as_it_was() -> None:
    document = templates.document("digits-mlp")
    made: Graph = first_look.copied(document.graph)
    assert made.nodes == document.graph.nodes
    assert made.wires == document.graph.wires
    document.apply(edit.remove(document, list(document.graph.nodes)))
    assert made.nodes
    assert not Document(first_look.copied(document.graph)).graph.nodes
