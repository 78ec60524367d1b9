"""The code panel in the window: both texts, written beside the window, and the nodes that their lines speak of."""

import ast
import time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from tests.ui.hands import Hands

from netloom import templates
from netloom.exchange.script import script
from netloom.graph import edit
from netloom.ui.main_window import MainWindow
from netloom.ui.panels.code_panel import SCRIPT


@pytest.fixture
def hands(qtbot: QtBot, moons: MainWindow) -> Hands:
    """A small network with the code panel in front."""
    made = Hands(qtbot, moons)
    made.press("Ctrl+3", moons)
    until(made, "class Model(nn.Module):")
    return made


def until(hands: Hands, text: str) -> None:
    """Wait until the panel shows a text."""
    hands.qtbot.waitUntil(lambda: text in hands.window.views.code.view.toPlainText(), timeout=5_000)


def choose(hands: Hands, page: str) -> None:
    """Click a word of the switch."""
    pages = hands.window.views.code.pages
    hands.click(next(each for each in pages.findChildren(QAbstractButton) if each.text() == page))


def line_place(hands: Hands, number: int) -> QPoint:
    """A point on a line, which is brought in sight."""
    view = hands.window.views.code.view
    view.show_line(number)
    lines = view.lines_in_sight(view.viewport().rect())
    return next(QPoint(80, top + height // 2) for line, top, height in lines if line == number)


def test_the_switch_shows_the_training_script(hands: Hands) -> None:
    choose(hands, SCRIPT)
    until(hands, "def main() -> None:")
    code = hands.window.views.code
    assert code.view.toPlainText() == script(hands.window.editor.document).rstrip("\n")
    hands.click(hands.find("copy_code"))
    ast.parse(QApplication.clipboard().text())
    choose(hands, "Model")
    hands.qtbot.waitUntil(lambda: "def main() -> None:" not in code.view.toPlainText(), timeout=5_000)


def test_the_script_follows_the_training_settings(hands: Hands) -> None:
    choose(hands, SCRIPT)
    until(hands, "EPOCHS = 3")
    hands.fill("training_epochs", "7")
    until(hands, "EPOCHS = 7")
    assert "EPOCHS = 3" not in hands.window.views.code.view.toPlainText()


def test_a_network_that_cannot_train_says_why_and_what_to_do(hands: Hands) -> None:
    choose(hands, SCRIPT)
    until(hands, "def main() -> None:")
    window = hands.window
    optimizer = next(node.id for node in window.editor.document.graph.level() if node.kind == "AdamW")
    window.editor.do(edit.remove(window.editor.document, [optimizer]))
    code = window.views.code
    hands.qtbot.waitUntil(code.refusal.isVisible, timeout=5_000)
    assert "Add one, such as AdamW" in code.refusal.text()
    assert not code.copy_button.isEnabled()
    assert not code.save_button.isEnabled()
    hands.press("Ctrl+Z")
    hands.qtbot.waitUntil(code.view.isVisible, timeout=5_000)


@pytest.mark.parametrize(("page", "name"), [("Model", "moons.py"), (SCRIPT, "train_moons.py")])
def test_both_are_saved_as_files(
    hands: Hands, page: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(hands, page)
    until(hands, "def main" if page == SCRIPT else "class Model")
    proposed: list[str] = []

    def answer(_parent: object, _title: str, proposal: str, _filter: str) -> tuple[str, str]:
        proposed.append(Path(proposal).name)
        return str(tmp_path / name), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    hands.click(hands.find("save_code"))
    assert proposed == [name]
    assert (tmp_path / name).read_text().rstrip("\n") == hands.window.views.code.view.toPlainText()
    assert name in hands.window.status_bar.message


def test_a_folder_that_refuses_is_told(hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "missing" / "model.py"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(place), ""))
    hands.click(hands.find("save_code"))
    assert "model.py cannot be written" in hands.window.notice.label.text()


def test_a_line_inside_a_blocks_class_leads_to_its_node(qtbot: QtBot, window: MainWindow) -> None:
    hands = Hands(qtbot, window)
    window.editor.new(templates.document("resnet50"), "resnet50")
    hands.press("Ctrl+3", window)
    until(hands, "class Bottleneck(nn.Module):")
    graph, source = window.editor.document.graph, window.views.code._source
    line, key = next((line, key) for line, key in source.lines.items() if graph.node(key).parent)
    hands.click(window.views.code.view.viewport(), line_place(hands, line))
    assert window.editor.level == graph.node(key).parent
    assert window.views.selection == {key}
    assert line in window.views.code.view.marked_lines


def test_writing_never_holds_up_the_window(qtbot: QtBot, window: MainWindow) -> None:
    hands = Hands(qtbot, window)
    window.editor.new(templates.document("densenet121"), "densenet121")
    hands.press("Ctrl+3", window)
    until(hands, "class ")
    writer, code = window.views.writer, window.views.code
    started = time.perf_counter()
    for page in ("Model", SCRIPT) * 10:
        code.pages.set_value(page)
        code.page_chosen.emit(page)
    assert (time.perf_counter() - started) / 20 < 0.008
    qtbot.waitUntil(lambda: writer._thread is None, timeout=10_000)
    assert code.refusal.isVisible()
