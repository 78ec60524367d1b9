"""The page of the dock with every step."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.hands import Hands

from netloom import templates
from netloom.graph import edit
from netloom.ui.main_window import MainWindow
from netloom.ui.panels.history_panel import HistoryPanel

FIRST = "Beginning"


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    """The window with a network, and the page in front."""
    window.editor.new(templates.document("iris-mlp"), "iris")
    made = Hands(qtbot, window)
    made.press("Ctrl+6", window)
    assert window.views.dock.page == "History"
    return made


@pytest.fixture
def panel(hands: Hands, window: MainWindow) -> HistoryPanel:
    assert hands.window is window
    return window.views.history


def rename(window: MainWindow, *names: str, gesture: object = None) -> None:
    graph = window.editor.document.graph
    key = next(node.id for node in graph.level() if node.kind == "Linear")
    for name in names:
        window.editor.do(edit.rename(graph, key, name), gesture)


def name(window: MainWindow) -> str:
    return next(node.name for node in window.editor.document.graph.level() if node.kind == "Linear")


def click(hands: Hands, panel: HistoryPanel, row: int) -> None:
    view = panel.view
    place = view.visualRect(panel.model.index(row)).center()
    hands.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QApplication.processEvents()


def test_steps_come_with_their_names(panel: HistoryPanel, window: MainWindow) -> None:
    before = name(window)
    assert panel.model.labels == [FIRST]
    rename(window, "one", "two")
    assert list(panel.model.labels) == [FIRST, *window.editor.history.labels]
    assert before in panel.model.labels[1]
    assert panel.model.done == 2


def test_a_click_goes_back_and_on(hands: Hands, panel: HistoryPanel, window: MainWindow) -> None:
    before = name(window)
    rename(window, "one", "two", "three")
    click(hands, panel, 1)
    assert name(window) == "one"
    assert panel.model.done == 1
    assert panel.model.rowCount() == 4
    click(hands, panel, 3)
    assert name(window) == "three"
    click(hands, panel, 0)
    assert name(window) == before


def test_keys_go_to_a_step(hands: Hands, panel: HistoryPanel, window: MainWindow) -> None:
    rename(window, "one", "two")
    panel.view.setFocus()
    hands.press("Up")
    assert name(window) == "two"
    hands.press("Return")
    assert name(window) == "one"


def test_a_new_step_after_going_back_takes_the_place_of_what_was_undone(
    panel: HistoryPanel, window: MainWindow
) -> None:
    rename(window, "one", "two", "three")
    window.editor.undo()
    window.editor.undo()
    rename(window, "four")
    assert list(panel.model.labels) == [FIRST, *window.editor.history.labels]
    assert panel.model.done == 2


def test_one_gesture_is_one_row(panel: HistoryPanel, window: MainWindow) -> None:
    before = name(window)
    rename(window, "one", "two", "three", gesture="typing")
    assert panel.model.rowCount() == 2
    rename(window, before, gesture="typing")
    assert list(panel.model.labels) == [FIRST, *window.editor.history.labels]


def test_the_saved_step_is_marked(panel: HistoryPanel, window: MainWindow, tmp_path: Path) -> None:
    assert panel.model.saved is None
    rename(window, "one")
    window.editor.save(tmp_path / "kept.loom")
    assert panel.model.saved == 1
    rename(window, "two")
    assert panel.model.saved == 1
    role = Qt.ItemDataRole.AccessibleTextRole
    assert panel.model.data(panel.model.index(1), role).endswith(", saved")
    assert panel.model.data(panel.model.index(2), role).endswith(", current")
    window.editor.undo()
    window.editor.undo()
    assert panel.model.data(panel.model.index(2), role).endswith(", undone")


def test_each_document_has_its_own_steps(panel: HistoryPanel, window: MainWindow) -> None:
    rename(window, "one")
    window.editor.new(templates.document("moons-mlp"), "moons")
    assert panel.model.labels == [FIRST]
    window.editor.step(1)
    assert panel.model.rowCount() == 2


def test_a_hidden_page_follows_nothing_and_catches_up(hands: Hands, panel: HistoryPanel, window: MainWindow) -> None:
    heard = len(window.editor.history.observers)
    hands.press("Ctrl+5", window)
    assert len(window.editor.history.observers) == heard - 1
    rename(window, "one", "two")
    hands.press("Ctrl+6", window)
    assert panel.model.rowCount() == 3


def test_a_thousand_steps_are_not_made_anew_for_one_more(panel: HistoryPanel, window: MainWindow) -> None:
    history, document = window.editor.history, window.editor.document
    key = next(iter(document.graph.nodes))
    for number in range(1_000):
        history.do(edit.move(document, {key: (float(number + 1), 0.0)}))
    resets: list[object] = []
    panel.model.modelReset.connect(lambda: resets.append(True))
    rename(window, "one")
    assert not resets
    assert panel.model.rowCount() == 1_002
    row = panel.view.visualRect(panel.model.index(1_001))
    assert panel.view.viewport().rect().contains(row.center())
