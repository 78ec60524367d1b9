from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.panels.conftest import digits

from netloom.compiler.planner import Planner
from netloom.compiler.source import Source, source
from netloom.graph import Document, edit
from netloom.ui import theme
from netloom.ui.panels import CodePanel
from netloom.ui.panels.code_colours import coloured
from netloom.ui.panels.code_view import CodeView
from netloom.ui.panels.numbered_text import LINE_HEIGHT

LONG = Source("\n".join(f"value_{number} = {number}" for number in range(200)) + "\n", {150: "n1"})


def written(document: Document) -> Source:
    return source(Planner().plan(document.graph))


@pytest.fixture
def panel(shown: Callable[..., QWidget]) -> CodePanel:
    return shown(CodePanel(), 700, 300)  # type: ignore[return-value]


def node(document: Document, name: str) -> str:
    found = document.graph.named(name)
    assert found is not None
    return found.id


def line_place(panel: CodePanel, number: int) -> QPoint:
    """A point on a line that is in sight."""
    rect = panel.view.viewport().rect()
    return next(
        QPoint(80, top + height // 2) for line, top, height in panel.view.lines_in_sight(rect) if line == number
    )


def test_shows_the_whole_source(panel: CodePanel) -> None:
    text = written(digits())
    panel.set_source(text)
    assert panel.view.toPlainText() == text.text.rstrip("\n")
    assert panel.view.isReadOnly()


def test_before_there_is_code_a_comment_says_when(panel: CodePanel) -> None:
    panel.set_source(Source("", {}))
    assert panel.view.toPlainText() == "# The code appears with the first layer."


def test_the_lines_of_the_selected_node_stand_out(panel: CodePanel) -> None:
    document = digits()
    text = written(document)
    panel.set_source(text)
    panel.highlight_node(node(document, "conv1"))
    marked = [text.text.splitlines()[line - 1] for line in sorted(panel.view.marked_lines)]
    assert marked
    assert all("conv1" in line for line in marked)
    panel.highlight_node(None)
    assert not panel.view.marked_lines


def test_the_ground_of_a_marked_line_is_painted(panel: CodePanel) -> None:
    panel.set_source(Source("a = 1\nb = 2\n", {2: "n1"}))
    panel.highlight_node("n1")
    place = line_place(panel, 2)
    picture = panel.view.viewport().grab().toImage()
    look = theme.current()
    assert picture.pixelColor(300, place.y()) == look.color("accent-soft")
    assert picture.pixelColor(300, place.y() - LINE_HEIGHT) != look.color("accent-soft")


def test_a_click_on_a_line_selects_its_node(panel: CodePanel, qtbot: QtBot) -> None:
    document = digits()
    text = written(document)
    panel.set_source(text)
    line = min(line for line, key in text.lines.items() if key == node(document, "conv1"))
    with qtbot.waitSignal(panel.node_requested) as caught:
        QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=line_place(panel, line))
    assert caught.args == [node(document, "conv1")]
    with qtbot.assertNotEmitted(panel.node_requested):
        QTest.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=line_place(panel, 1))


def test_pulling_over_text_selects_text_and_no_node(panel: CodePanel, qtbot: QtBot) -> None:
    panel.set_source(Source("value = 1\nother = 2\n", {1: "n1"}))
    viewport, start = panel.view.viewport(), line_place(panel, 1)
    with qtbot.assertNotEmitted(panel.node_requested):
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start - QPoint(70, 0))
        QTest.mouseMove(viewport, start)
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start)
    assert panel.view.textCursor().selectedText()


def test_enter_selects_the_node_of_the_cursors_line(panel: CodePanel, qtbot: QtBot) -> None:
    panel.set_source(Source("value = 1\nother = 2\n", {2: "n2"}))
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.node_requested) as caught:
        QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert caught.args == ["n2"]


def test_an_edit_does_not_move_the_reader(panel: CodePanel) -> None:
    panel.set_source(LONG)
    panel.view.verticalScrollBar().setValue(100)
    panel.set_source(Source(LONG.text.replace("= 120\n", "= 120.5\n"), {}))
    assert panel.view.verticalScrollBar().value() == 100
    assert "value_120 = 120.5" in panel.view.toPlainText()


def test_a_selected_node_comes_into_sight(panel: CodePanel) -> None:
    panel.set_source(LONG)
    panel.highlight_node("n1")
    rect = panel.view.viewport().rect()
    assert 150 in [line for line, top, height in panel.view.lines_in_sight(rect) if 0 <= top <= rect.height() - height]


def test_a_hidden_panel_catches_up_when_it_is_shown(panel: CodePanel) -> None:
    panel.hide()
    panel.set_source(LONG)
    panel.highlight_node("n1")
    assert panel.view.toPlainText() != LONG.text.rstrip("\n")
    panel.show()
    assert panel.view.toPlainText() == LONG.text.rstrip("\n")
    assert panel.view.marked_lines == {150}


def test_the_code_is_copied_whole(panel: CodePanel) -> None:
    text = written(digits())
    panel.set_source(text)
    QTest.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == text.text
    assert panel.copy_button.text() == "Copied"
    QTest.qWait(1600)
    assert panel.copy_button.text() == "Copy code"


def test_every_edit_reaches_the_code(panel: CodePanel) -> None:
    document = digits()
    panel.set_source(written(document))
    document.apply(edit.rename(document.graph, node(document, "conv1"), "stem"))
    panel.set_source(written(document))
    assert "self.stem = nn.Conv2d(1, 16, 3" in panel.view.toPlainText()
    assert "conv1" not in panel.view.toPlainText()


def test_words_are_coloured_by_what_they_are() -> None:
    line = 'def f(self): return nn.Conv2d(1, "same")  # N×1'
    found = {line[piece.start : piece.start + piece.length]: piece.token for piece in coloured(line)[0]}
    assert found["def"] == found["self"] == "code-keyword"
    assert found["f"] == "code-name"
    assert found["1"] == "code-number"
    assert found["same"] == "code-string"
    assert found["# N×1"] == "code-comment"


def test_the_colours_are_those_of_the_theme(panel: CodePanel, qapp: QApplication) -> None:
    panel.set_source(Source("def f(): pass\n", {}))
    theme.apply(qapp, "light")
    formats = panel.view.document().firstBlock().layout().formats()
    assert formats[0].format.foreground().color() == theme.load("light").color("code-keyword")
    assert panel.view.grab().toImage().pixelColor(4, 200) == theme.load("light").color("well")


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from(["a = 1", "b = 2", "", "# c"]), max_size=8), min_size=2, max_size=6))
def test_any_sequence_of_texts_is_followed(qapp: QApplication, texts: list[list[str]]) -> None:
    view = CodeView()
    for lines in texts:
        view.show_text("\n".join(lines))
        assert view.toPlainText() == "\n".join(lines)
    view.deleteLater()
