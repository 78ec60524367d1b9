"""Files: new, open, save, drop, and the questions before anything is lost."""

from pathlib import Path
from unittest.mock import patch

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from tests.ui.hands import Hands

from netloom import templates
from netloom.graph import Document
from netloom.ui import dialogs
from netloom.ui.main_window import MainWindow


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


def answer(text: str) -> None:
    """Press a button of the question that comes next."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        [button] = [each for each in box.findChildren(QAbstractButton) if each.text() == text]
        button.click()

    QTimer.singleShot(100, press)


def test_save_new_open_recent(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    hands.add_by_search("ReLU")
    assert window.top_bar.document.is_dirty
    path = tmp_path / "mine.loom"
    with patch.object(dialogs, "ask_save", return_value=path):
        hands.press("Ctrl+S", window)
    assert path.is_file()
    assert not window.top_bar.document.is_dirty
    assert window.windowTitle().startswith("mine")
    hands.press("Ctrl+N", window)
    assert not window.editor.document.graph.nodes
    [recent] = window.top_bar.recent_menu.actions()
    recent.trigger()
    assert [node.name for node in window.editor.document.graph.level()] == ["relu"]
    hands.press("Ctrl+N", window)
    with patch.object(dialogs, "ask_open", return_value=path):
        hands.press("Ctrl+O", window)
    assert window.editor.path == path


def test_unsaved_changes_are_asked_for(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    hands.add_by_search("ReLU")
    answer("Cancel")
    hands.press("Ctrl+N", window)
    assert window.editor.document.graph.nodes
    path = tmp_path / "kept.loom"
    with patch.object(dialogs, "ask_save", return_value=path):
        answer("Save")
        hands.press("Ctrl+N", window)
    assert path.is_file()
    assert not window.editor.document.graph.nodes
    hands.add_by_search("ReLU")
    answer("Don't save")
    hands.press("Ctrl+N", window)
    assert not window.editor.document.graph.nodes


def test_cancelled_save_keeps_the_window_open(hands: Hands, window: MainWindow) -> None:
    hands.add_by_search("ReLU")
    with patch.object(dialogs, "ask_save", return_value=None):
        answer("Save")
        assert not window.close()
    assert window.isVisible()


def test_a_bad_file_is_told_above_the_canvas(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "broken.loom"
    path.write_text('{"format": 1, "graph": ')
    key = hands.add_by_search("ReLU")
    window.editor.history.mark_saved()
    with patch.object(dialogs, "ask_open", return_value=path):
        hands.press("Ctrl+O", window)
    assert key in window.editor.document.graph.nodes
    assert "broken.loom" in window.notice.label.text()
    assert window.notice.isVisible()
    hands.click(hands.find("notice-close"))
    assert not window.notice.isVisible()


def test_a_save_that_works_takes_back_that_the_last_one_failed(
    hands: Hands, window: MainWindow, tmp_path: Path
) -> None:
    hands.add_by_search("ReLU")
    (tmp_path / "file").write_text("no folder")
    for path, is_told in ((tmp_path / "file" / "mine.loom", True), (tmp_path / "mine.loom", False)):
        with patch.object(dialogs, "ask_save", return_value=path):
            hands.press("Ctrl+S", window)
        assert window.notice.isVisible() == is_told
        assert window.top_bar.document.is_dirty == is_told


def test_a_broken_network_that_is_dropped_changes_nothing(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "broken.loom"
    path.write_text('{"format": 1, "graph": ')
    window.editor.new(templates.document("iris-mlp"), "iris")
    before = window.editor.document
    drop(window, path)
    assert "broken.loom" in window.notice.label.text()
    assert window.editor.document is before


def drop(window: MainWindow, path: Path) -> None:
    """Drop a file on the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    left = Qt.MouseButton.LeftButton
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), copy, data, left, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), copy, data, left, none))


def test_a_network_can_be_dropped_on_the_window(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "dropped.loom"
    window.editor.new(templates.document("iris-mlp"), "iris")
    window.editor.save(path)
    window.editor.new()
    drop(window, path)
    assert window.editor.path == path


def test_files_are_opened_and_saved_by_visible_buttons(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    hands.add_by_search("ReLU")
    path = tmp_path / "seen.loom"
    with patch.object(dialogs, "ask_save", return_value=path):
        hands.click(hands.find("top-save"))
    hands.click(hands.find("top-new"))
    assert not window.editor.document.graph.nodes
    with patch.object(dialogs, "ask_open", return_value=path):
        hands.click(hands.find("top-open"))
    assert window.editor.path == path
    for name in ("new", "open", "save", "undo", "redo", "step", "stop", "export", "theme"):
        tip = hands.find(f"top-{name}").toolTip()
        assert window.actions_table[name].shortcut().toString() in tip, f"the tip of {name} tells its key"


def test_a_document_that_is_opened_is_seen_whole(hands: Hands, window: MainWindow) -> None:
    document = templates.document("digits-mlp")
    image = document.graph.named("image")
    assert image is not None
    tall = {key: (x / 4, y) for key, (x, y) in document.positions.items()} | {image.id: (0.0, 700.0)}
    window.editor.new(Document(document.graph, document.training, tall), "tall")
    canvas = window.views.canvas
    opened_at = canvas.zoom
    canvas.fit()
    assert canvas.zoom == opened_at
