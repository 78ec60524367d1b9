"""Documents as tabs: by mouse, by keys, and what each keeps for itself."""

import itertools
from pathlib import Path
from unittest.mock import patch

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.ui.conftest import short
from tests.ui.hands import Hands
from tests.ui.person import nested

from netloom import templates
from netloom.graph import edit
from netloom.ui import dialogs
from netloom.ui.document_tabs import DocumentTab
from netloom.ui.main_window import MainWindow

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NAMES = ["iris-mlp", "moons-mlp", "digits-mlp"]
TIMEOUT = 60_000


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    """The window with three documents; the last one is shown."""
    for name in NAMES:
        window.editor.new(templates.document(name), name)
    QApplication.processEvents()
    return Hands(qtbot, window)


def tabs(hands: Hands) -> list[DocumentTab]:
    return hands.window.top_bar.tabs.tabs


def names(hands: Hands) -> list[str]:
    return [tab.text() for tab in tabs(hands)]


def tab(hands: Hands, name: str) -> DocumentTab:
    return next(each for each in tabs(hands) if each.text() == name)


def rename_one(window: MainWindow, name: str = "changed") -> None:
    """Make an edit."""
    graph = window.editor.document.graph
    window.editor.do(edit.rename(graph, next(iter(graph.nodes)), name))


def menu_of(hands: Hands, of: DocumentTab) -> dict[str, object]:
    at = of.rect().center()
    QApplication.sendEvent(of, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, of.mapToGlobal(at)))
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    hands.qtbot.addWidget(popup)
    return {action.text(): action for action in popup.actions()}


def test_a_new_document_takes_the_place_of_the_blank_one(hands: Hands, window: MainWindow) -> None:
    assert names(hands) == NAMES
    assert [each.isChecked() for each in tabs(hands)] == [False, False, True]
    assert window.top_bar.tabs.current.text() == "digits-mlp"


def test_a_click_shows_another_document(hands: Hands, window: MainWindow) -> None:
    hands.click(tab(hands, "iris-mlp"), QPoint(20, 14))
    assert window.editor.name == "iris-mlp"
    assert tab(hands, "iris-mlp").isChecked()
    assert window.windowTitle().startswith("iris-mlp")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("Ctrl+Tab", "iris-mlp"),
        ("Ctrl+PgDown", "iris-mlp"),
        ("Ctrl+Shift+Tab", "moons-mlp"),
        ("Ctrl+PgUp", "moons-mlp"),
    ],
)
def test_keys_go_round_the_documents(hands: Hands, window: MainWindow, key: str, shown: str) -> None:
    hands.press(key, window)
    assert window.editor.name == shown


def test_arrow_keys_go_along_the_tabs(hands: Hands, window: MainWindow) -> None:
    tab(hands, "digits-mlp").setFocus()
    hands.press("Left")
    assert window.editor.name == "moons-mlp"
    assert tab(hands, "moons-mlp").hasFocus()
    hands.press("Right")
    hands.press("Right")
    assert window.editor.name == "iris-mlp"


def test_a_dot_says_what_is_not_saved(hands: Hands, window: MainWindow) -> None:
    rename_one(window)
    assert tab(hands, "digits-mlp").is_dirty
    assert tab(hands, "digits-mlp").accessibleDescription() == "Not saved"
    assert not tab(hands, "moons-mlp").is_dirty
    window.editor.undo()
    assert not tab(hands, "digits-mlp").is_dirty


def test_the_cross_closes(hands: Hands, window: MainWindow) -> None:
    closing = tab(hands, "moons-mlp")
    hands.click(closing, closing.cross.center())
    assert names(hands) == ["iris-mlp", "digits-mlp"]
    assert window.editor.name == "digits-mlp"


def test_a_press_on_the_cross_that_is_let_go_elsewhere_does_nothing(hands: Hands, window: MainWindow) -> None:
    closing = tab(hands, "moons-mlp")
    hands.qtbot.mousePress(closing, LEFT, pos=closing.cross.center())
    hands.qtbot.mouseRelease(closing, LEFT, pos=QPoint(8, 14))
    assert names(hands) == NAMES
    assert window.editor.name == "digits-mlp"


@pytest.mark.parametrize("way", ["middle", "Ctrl+W", "Delete"])
def test_other_ways_to_close(hands: Hands, window: MainWindow, way: str) -> None:
    closing = tab(hands, "digits-mlp")
    if way == "middle":
        hands.qtbot.mouseClick(closing, MIDDLE, pos=QPoint(20, 14))
    elif way == "Delete":
        closing.setFocus()
        hands.press("Delete")
    else:
        hands.press(way, window)
    assert names(hands) == NAMES[:2]
    assert window.editor.name == "moons-mlp"


def test_closing_asks_by_name_for_what_is_not_saved(hands: Hands, window: MainWindow) -> None:
    rename_one(window)
    hands.click(tab(hands, "iris-mlp"), QPoint(20, 14))
    asked: list[str] = []
    closing = tab(hands, "digits-mlp")
    with patch.object(dialogs, "ask_unsaved", lambda _window, name: asked.append(name) or "cancel"):
        hands.click(closing, closing.cross.center())
    assert asked == ["digits-mlp"]
    assert names(hands) == NAMES


def test_the_last_document_leaves_an_empty_one(hands: Hands, window: MainWindow) -> None:
    for _ in NAMES:
        hands.press("Ctrl+W", window)
    assert names(hands) == ["untitled"]
    assert not window.editor.document.graph.nodes


def test_a_drag_moves_a_tab(hands: Hands, window: MainWindow) -> None:
    moving = tab(hands, "iris-mlp")
    reach = tab(hands, "digits-mlp").geometry().right() - moving.x()
    hands.qtbot.mousePress(moving, LEFT, pos=QPoint(10, 14))
    for _ in range(8):
        # The tab goes along, so that a step is one from where it is now.
        hands.qtbot.mouseMove(moving, QPoint(10 + reach // 8, 14))
    hands.qtbot.mouseRelease(moving, LEFT, pos=QPoint(10, 14))
    assert names(hands) == ["moons-mlp", "digits-mlp", "iris-mlp"]
    assert [session.name for session in window.editor.sessions] == names(hands)
    lefts = [each.x() for each in tabs(hands)]
    assert lefts == sorted(lefts)
    assert lefts[0] == 0


def test_the_menu_of_a_tab(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    actions = menu_of(hands, tab(hands, "moons-mlp"))
    assert list(actions) == ["Close", "Close others", "", "Copy path", "Show in folder"]
    assert not actions["Copy path"].isEnabled()
    QApplication.activePopupWidget().close()
    path = tmp_path / "kept.loom"
    window.editor.save(path)
    assert tab(hands, "kept").toolTip() == str(path)
    actions = menu_of(hands, tab(hands, "kept"))
    actions["Copy path"].trigger()
    assert QGuiApplication.clipboard().text() == str(path)
    with patch.object(QDesktopServices, "openUrl") as opened:
        actions["Show in folder"].trigger()
    assert opened.call_args.args[0].toLocalFile() == str(tmp_path)
    actions["Close others"].trigger()
    assert names(hands) == ["kept"]


def test_many_tabs_leave_some_to_a_menu(hands: Hands, window: MainWindow) -> None:
    for name in templates.TEMPLATES:
        window.editor.new(templates.document(name), name)
    QApplication.processEvents()
    row = window.top_bar.tabs
    shown = [each for each in row.tabs if each.isVisible()]
    assert 1 < len(shown) < len(row.tabs)
    assert row.current in shown
    assert all(left.geometry().right() < right.x() for left, right in itertools.pairwise(shown))
    assert shown[-1].geometry().right() < row.more.x()
    assert row.more.geometry().right() <= row.width()
    hands.click(hands.find("documents-more"))
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    hands.qtbot.addWidget(popup)
    first = popup.actions()[0]
    assert first.text() == "iris-mlp"
    first.trigger()
    assert window.editor.name == "iris-mlp"
    assert row.current.isVisible()


def test_each_document_keeps_how_it_is_seen(hands: Hands, window: MainWindow) -> None:
    canvas, editor = window.views.canvas, window.editor
    editor.new(nested(), "nested")
    stage = editor.document.graph.named("stage")
    assert stage is not None
    editor.enter(stage.id)
    key = next(node.id for node in editor.document.graph.level(editor.level) if node.kind == "Block")
    canvas.set_selection([key])
    canvas.set_zoom(0.77)
    canvas.look_at(QPointF(120, 40))
    before = canvas.seen().center()
    rename_one(window)
    hands.press("Ctrl+Shift+Tab", window)
    assert editor.name == "digits-mlp"
    assert editor.way == ()
    assert not window.views.selection
    assert not window.actions_table["undo"].isEnabled()
    hands.press("Ctrl+Tab", window)
    assert editor.way == (stage.id,)
    assert canvas.zoom == pytest.approx(0.77)
    assert (canvas.seen().center() - before).manhattanLength() < 2
    assert window.views.selection == {key}
    assert window.actions_table["undo"].isEnabled()


def test_what_is_being_typed_belongs_to_the_document_that_is_left(hands: Hands, window: MainWindow) -> None:
    field = hands.find("training_epochs")
    hands.click(field)
    hands.press("Ctrl+A", field)
    hands.type("7")
    digits, moons = window.editor.sessions[2], window.editor.sessions[1]
    epochs = moons.document.training.epochs
    hands.click(tab(hands, "moons-mlp"), QPoint(20, 14))
    assert digits.document.training.epochs == 7
    assert moons.document.training.epochs == epochs


def test_a_run_belongs_to_its_tab(hands: Hands, window: MainWindow) -> None:
    window.editor.new(short(templates.document("moons-mlp"), epochs=100_000), "trained")
    hands.click(hands.find("train"))
    canvas, progress = window.views.canvas, window.top_bar.progress
    hands.qtbot.waitUntil(lambda: bool(canvas._previews), timeout=TIMEOUT)
    assert progress.heading.startswith("Epoch")
    hands.click(tab(hands, "moons-mlp"), QPoint(20, 14))
    assert progress.heading.startswith("trained · Epoch")
    assert not canvas._previews
    assert window.actions_table["train"].text() == "Pause trained"
    assert window.top_bar.run.text() == "Pause"
    hands.press("F5", window)
    hands.qtbot.waitUntil(lambda: window.controller.phase == "paused", timeout=TIMEOUT)
    assert window.actions_table["train"].text() == "Continue trained"
    hands.click(tab(hands, "trained"), QPoint(20, 14))
    assert progress.heading.startswith("Epoch")
    assert canvas._previews
    closing = tab(hands, "trained")
    hands.click(closing, closing.cross.center())
    assert window.controller.phase == "idle"
    assert "stopped and kept" in window.status_bar.message


def test_a_failure_is_marked_in_its_own_document_only(hands: Hands, window: MainWindow) -> None:
    window.editor.new(short(templates.document("moons-mlp"), epochs=5), "failing")
    graph = window.editor.document.graph
    [optimizer] = [node for node in graph.level() if node.kind == "AdamW"]
    window.editor.do(edit.set_params(graph, optimizer.id, {"lr": 1e30}))
    hands.click(hands.find("train"))
    hands.click(tab(hands, "moons-mlp"), QPoint(20, 14))
    hands.wait_for_end()
    ended = window.controller.progress.ended
    scene = window.views.canvas.graph_scene
    assert ended.state == "failed"
    assert not any(problem.message == ended.message for key in scene.nodes for problem in scene.problems(key))
    hands.click(tab(hands, "failing"), QPoint(20, 14))
    assert any(problem.message == ended.message for problem in scene.problems(ended.node))


def test_the_tabs_give_way_to_the_run(hands: Hands, window: MainWindow) -> None:
    window.resize(1000, 700)
    hands.qtbot.waitUntil(lambda: window.width() == 1000, timeout=TIMEOUT)
    bar = window.top_bar
    assert bar.tabs.current.isVisible()
    assert bar.tabs.geometry().right() < bar.device.x()
    hands.qtbot.waitUntil(lambda: bar.progress.width() >= 120, timeout=TIMEOUT)
