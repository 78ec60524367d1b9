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
from netloom.graph import Document, Node, edit, file
from netloom.runs import home
from netloom.ui import dialogs
from netloom.ui.file_watch import PATIENCE
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
    assert window.top_bar.tabs.current.is_dirty
    path = tmp_path / "mine.loom"
    with patch.object(dialogs, "ask_save", return_value=path):
        hands.press("Ctrl+S", window)
    assert path.is_file()
    assert not window.top_bar.tabs.current.is_dirty
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
    hands.press("Ctrl+W", window)
    assert window.editor.document.graph.nodes
    path = tmp_path / "kept.loom"
    with patch.object(dialogs, "ask_save", return_value=path):
        answer("Save")
        hands.press("Ctrl+W", window)
    assert path.is_file()
    assert not window.editor.document.graph.nodes
    hands.add_by_search("ReLU")
    answer("Don't save")
    hands.press("Ctrl+W", window)
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
        assert window.top_bar.tabs.current.is_dirty == is_told


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


@pytest.fixture
def iris(window: MainWindow, tmp_path: Path) -> Path:
    """A file that is open in the window."""
    path = tmp_path / "iris.loom"
    window.editor.new(templates.document("iris-mlp"), "iris")
    assert window.editor.save(path)
    return path


def foreign(path: Path, how: str) -> bytes:
    """Another program writes another network into a file; what it wrote."""
    data = file.dumps(templates.document("moons-mlp"))
    if how == "in place":
        path.write_bytes(data)
    else:
        path.with_suffix(".new").write_bytes(data)
        path.with_suffix(".new").replace(path)
    return data


@pytest.mark.parametrize("how", ["in place", "replaced", "replaced twice"])
def test_a_change_by_another_program_is_loaded_as_one_step(
    qtbot: QtBot, hands: Hands, window: MainWindow, iris: Path, how: str
) -> None:
    before = file.dumps(window.editor.document)
    if how == "replaced twice":
        iris.with_suffix(".new").write_bytes(before + b"\n")
        iris.with_suffix(".new").replace(iris)
        qtbot.waitUntil(window.change_offer.isVisible)
    data = foreign(iris, how)
    qtbot.waitUntil(window.change_offer.isVisible)
    assert window.change_offer.label.text() == "iris.loom was changed by another program."
    assert file.dumps(window.editor.document) == before, "nothing is loaded without a click"
    hands.click(hands.find("change-load"))
    assert window.change_offer.isHidden()
    assert file.dumps(window.editor.document) == data
    assert not window.editor.is_dirty
    assert window.editor.history.undo_label == "Load iris.loom"
    hands.press("Ctrl+Z", window.views.canvas)
    assert file.dumps(window.editor.document) == before
    assert window.editor.is_dirty
    assert iris.read_bytes() == data


def test_what_the_window_saves_itself_is_no_change(qtbot: QtBot, hands: Hands, window: MainWindow, iris: Path) -> None:
    hands.add_by_search("ReLU")
    hands.press("Ctrl+S", window)
    qtbot.wait(3 * PATIENCE)
    assert window.change_offer.isHidden()


def test_a_file_that_is_written_anew_with_the_same_is_no_change(qtbot: QtBot, window: MainWindow, iris: Path) -> None:
    iris.write_bytes(iris.read_bytes())
    qtbot.wait(3 * PATIENCE)
    assert window.change_offer.isHidden()


def test_keep_mine_keeps_it_as_not_saved_and_saves_without_another_question(
    qtbot: QtBot, hands: Hands, window: MainWindow, iris: Path
) -> None:
    before = iris.read_bytes()
    foreign(iris, "replaced")
    qtbot.waitUntil(window.change_offer.isVisible)
    hands.click(hands.find("change-keep"))
    assert window.change_offer.isHidden()
    assert window.editor.is_dirty
    window.editor.session.journal.flush()
    assert list(home.journals_folder().iterdir()), "what no file holds any more is in the journal"
    hands.press("Ctrl+S", window)
    assert iris.read_bytes() == before
    assert not window.editor.is_dirty


def test_a_question_that_was_put_off_comes_with_the_next_change(
    qtbot: QtBot, hands: Hands, window: MainWindow, iris: Path
) -> None:
    foreign(iris, "replaced")
    qtbot.waitUntil(window.change_offer.isVisible)
    hands.click(hands.find("change-later"))
    hands.add_by_search("ReLU")
    assert window.change_offer.isHidden()
    iris.write_bytes(file.dumps(templates.document("digits-mlp")))
    qtbot.waitUntil(window.change_offer.isVisible)


@pytest.mark.parametrize("said", ["Overwrite", "Save as", "Cancel"])
def test_saving_over_a_change_asks(hands: Hands, window: MainWindow, iris: Path, said: str) -> None:
    hands.add_by_search("ReLU")
    mine = file.dumps(window.editor.document)
    foreigner = foreign(iris, "in place")
    other = iris.with_name("other.loom")
    answer(said)
    with patch.object(dialogs, "ask_save", return_value=other):
        hands.press("Ctrl+S", window)
    assert iris.read_bytes() == (mine if said == "Overwrite" else foreigner)
    assert other.exists() == (said == "Save as")
    assert window.editor.is_dirty == (said == "Cancel")
    assert window.change_offer.isVisible() == (said == "Cancel")


def test_the_files_are_looked_at_when_the_person_comes_back(window: MainWindow, iris: Path) -> None:
    foreign(iris, "in place")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert window.change_offer.isVisible()


def test_only_the_tab_of_the_file_asks(qtbot: QtBot, window: MainWindow, iris: Path) -> None:
    session = window.editor.session
    window.editor.new(templates.document("digits-mlp"), "digits")
    foreign(iris, "in place")
    qtbot.waitUntil(lambda: session.file is not None and session.file.state == "changed")
    assert window.change_offer.isHidden()
    window.editor.show(session)
    assert window.change_offer.isVisible()


def test_a_change_that_cannot_be_read_is_told_and_asked_again(
    qtbot: QtBot, hands: Hands, window: MainWindow, iris: Path
) -> None:
    before = file.dumps(window.editor.document)
    iris.write_text('{"format": 1, "graph": ')
    qtbot.waitUntil(window.change_offer.isVisible)
    hands.click(hands.find("change-load"))
    assert "iris.loom" in window.notice.label.text()
    assert window.change_offer.isVisible()
    assert file.dumps(window.editor.document) == before


def test_a_file_that_is_removed_makes_the_document_not_saved_once(
    qtbot: QtBot, hands: Hands, window: MainWindow, iris: Path
) -> None:
    iris.unlink()
    qtbot.waitUntil(lambda: window.editor.is_dirty)
    assert window.editor.session.saved_text == "Not saved"
    window.file_watch.look()
    [told] = [line.text for line in window.log.lines if "removed" in line.text]
    assert told == "Another program removed the file of iris. It is still open here; save it to keep it."
    hands.press("Ctrl+S", window)
    assert iris.is_file()
    assert not window.editor.is_dirty


def test_code_that_another_program_wrote_is_not_trusted_by_loading_it(
    hands: Hands, window: MainWindow, tmp_path: Path
) -> None:
    def code(text: str) -> Document:
        document = Document()
        node = Node("n1", "Python", "mine", {"code": text})
        document.apply(edit.add(node, "Add"))
        return document

    path = tmp_path / "code.loom"
    mine, theirs = ("def f(x):\n    return x\n", "def f(x):\n    return x + 1\n")
    window.editor.new(code(mine), "code")
    window.editor.save(path)
    window.editor.trust_code(window.editor.untrusted)
    assert not window.editor.untrusted
    path.write_bytes(file.dumps(code(theirs)))
    window.file_watch.look()
    hands.click(hands.find("change-load"))
    assert window.editor.document.graph.node("n1").params["code"] == theirs
    assert window.editor.untrusted


def test_a_file_of_another_tab_is_not_written_over(
    hands: Hands, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.loom"
    hands.add_by_search("ReLU")
    assert window.editor.save(path)
    before = path.read_bytes()
    window.editor.new()
    hands.add_by_search("Tanh")
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: path)
    assert not window.files.save_as()
    assert path.read_bytes() == before
    assert "another tab" in window.notice.label.text()
