"""Gallery, command palette, keys, export."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import short
from tests.ui.hands import Hands

from netloom import templates
from netloom.graph import Change, Patch, edit
from netloom.runs import Store
from netloom.ui.main_window import MainWindow

TIMEOUT = 60_000


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


def close(hands: Hands) -> None:
    QTest.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Escape)
    hands.qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)


@pytest.mark.parametrize(("key", "name"), [("Ctrl+E", "export-dialog"), ("Ctrl+K", "command-palette")])
def test_the_keys_of_the_window_work_from_a_field(hands: Hands, window: MainWindow, key: str, name: str) -> None:
    window.editor.new(templates.document("iris-mlp"), "iris")
    field = hands.find("training_epochs")
    hands.click(field)
    hands.press(key, field)
    assert hands.dialog(name).isVisible()
    close(hands)


@pytest.mark.parametrize("key", ["Return", "Enter", "Space"])
def test_the_gallery_is_chosen_from_by_keys(hands: Hands, window: MainWindow, key: str) -> None:
    hands.press("Ctrl+Shift+N", window)
    hands.dialog("template-picker")
    hands.press("Right", hands.find("template-digits-cnn"))
    hands.press(key)
    assert window.editor.name == "digits-mlp"


def test_the_gallery_follows_the_keyboard(hands: Hands, window: MainWindow) -> None:
    hands.press("Ctrl+Shift+N", window)
    hands.dialog("template-picker")
    last = hands.find(f"template-{list(templates.TEMPLATES)[-1]}")
    assert last.visibleRegion().isEmpty()
    for _ in templates.TEMPLATES:
        hands.press("Tab")
        if last.hasFocus():
            break
    assert last.hasFocus()
    assert last.visibleRegion().boundingRect() == last.rect()
    for _ in templates.TEMPLATES:
        hands.press("Up")
    first = hands.find("template-digits-cnn")
    assert first.visibleRegion().boundingRect() == first.rect()
    close(hands)


@pytest.mark.parametrize("name", templates.TEMPLATES)
def test_every_template_opens_from_the_gallery(hands: Hands, window: MainWindow, name: str) -> None:
    hands.press("Ctrl+Shift+N", window)
    hands.dialog("template-picker")
    hands.click(hands.find(f"template-{name}"))
    assert window.editor.name == name
    assert window.editor.plan.is_valid
    assert not window.editor.is_dirty


def test_the_command_palette_runs_what_is_typed(hands: Hands, window: MainWindow) -> None:
    hands.press("Ctrl+K", window)
    hands.dialog("command-palette")
    hands.type("Log")
    hands.press("Return")
    assert window.views.dock.page == "Log"


def test_the_command_palette_adds_nodes_and_goes_to_them(hands: Hands, window: MainWindow) -> None:
    hands.press("Ctrl+K", window)
    hands.dialog("command-palette")
    hands.type("batchnorm2d")
    hands.press("Return")
    [node] = window.editor.document.graph.level()
    assert node.kind == "BatchNorm2d"
    window.views.canvas.set_selection(())
    hands.press("Ctrl+K", window)
    hands.dialog("command-palette")
    hands.type(node.name)
    hands.press("Return")
    assert window.views.selection == {node.id}


@pytest.mark.parametrize("text", ["conv2d", "hidden thing", "conv1"])
def test_a_node_is_found_by_name_kind_and_comment(hands: Hands, window: MainWindow, text: str) -> None:
    window.editor.new(templates.document("digits-cnn"), "digits")
    graph = window.editor.document.graph
    wanted = min((node for node in graph.level() if node.kind == "Conv2d"), key=lambda node: node.id)
    window.editor.do(edit.rename(graph, wanted.id, "conv1"))
    window.editor.do(Patch("Comment", (Change("comment", wanted.id, None, "the hidden thing"),)))
    hands.press("Ctrl+F", window)
    hands.dialog("command-palette")
    hands.type(text)
    hands.press("Return")
    assert window.views.selection == {wanted.id}


def test_what_no_node_is_called_is_said(hands: Hands, window: MainWindow) -> None:
    window.editor.new(templates.document("digits-cnn"), "digits")
    hands.press("Ctrl+F", window)
    palette = hands.dialog("command-palette")
    hands.type("zebra")
    hands.press("Return")
    assert palette.isVisible()
    rows = palette.findChild(QListWidget)
    assert [rows.item(row).text() for row in range(rows.count())] == ["Nothing called that."]
    close(hands)


def test_about_names_the_version(hands: Hands, window: MainWindow) -> None:
    window.actions_table["about"].trigger()
    assert any("Netloom 0" in label.text() for label in hands.dialog("about").findChildren(QLabel))
    close(hands)


@pytest.mark.parametrize(("form", "files"), [(".py", 2), (".safetensors", 1)])
def test_export_of_a_trained_network(hands: Hands, window: MainWindow, tmp_path: Path, form: str, files: int) -> None:
    window.editor.new(short(templates.document("iris-mlp"), epochs=2), "iris")
    hands.click(hands.find("train"))
    hands.wait_for_end()
    hands.press("Ctrl+E", window)
    dialog = hands.dialog("export-dialog")
    assert dialog.weights.currentText().startswith("Run of today")
    assert dialog.weights.currentData() == Store().runs()[0].weights
    hands.click(hands.find(f"format{form}"))
    hands.fill("export-path", str(tmp_path / f"iris{form}"))
    hands.qtbot.waitUntil(lambda: "Same numbers as the trained model" in dialog.outcome.text(), timeout=TIMEOUT)
    assert len(list(tmp_path.iterdir())) == files
    close(hands)


def test_export_says_in_place_what_is_wrong(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    window.editor.new(templates.document("iris-mlp"), "iris")
    hands.press("Ctrl+E", window)
    dialog = hands.dialog("export-dialog")
    assert dialog.weights.currentText() == "Untrained weights"
    hands.fill("export-path", str(tmp_path / "no folder" / "iris.py"))
    hands.qtbot.waitUntil(lambda: dialog.outcome.property("tone") == "error", timeout=TIMEOUT)
    assert "iris.py" in dialog.outcome.text()
    hands.fill("export-path", str(tmp_path / "iris.py"))
    hands.qtbot.waitUntil(lambda: "untrained model" in dialog.outcome.text(), timeout=TIMEOUT)
    close(hands)


def test_a_cancelled_export_leaves_nothing(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    window.editor.new(templates.document("iris-mlp"), "iris")
    hands.press("Ctrl+E", window)
    dialog = hands.dialog("export-dialog")
    hands.fill("export-path", str(tmp_path / "iris.py"))
    hands.click(dialog.button)
    hands.qtbot.waitUntil(lambda: dialog.button.text() == "Export file", timeout=TIMEOUT)
    assert dialog.outcome.text().startswith("Cancelled")
    assert list(tmp_path.iterdir()) == []
    close(hands)


def test_a_network_with_errors_is_not_exported(hands: Hands, window: MainWindow) -> None:
    hands.add_by_search("Linear")
    hands.add_by_search("Adam")
    hands.press("Ctrl+E", window)
    dialog = hands.dialog("export-dialog")
    assert not dialog.button.isEnabled()
    assert dialog.outcome.text().startswith("Not ready to export")
    close(hands)
