"""Code is written: keys, colours, what is wrong and where, and what stays of it."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from netloom.errors import GraphError
from netloom.layers.families.custom import EXAMPLE
from netloom.layers.spec import Param
from netloom.ui import theme
from netloom.ui.panels.code_field import CodeField
from netloom.ui.panels.code_sheet import LEFT_BEHIND, CodeSheet
from netloom.ui.panels.special_editors import CodeEditor

GOOD = "def twice(x):\n    return x + x\n"
BAD = "def twice(x):\n    return x +\n"
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def accepts(_value: object) -> None:
    """Every text that can be read is fine."""


@pytest.fixture
def field(shown: Callable[..., QWidget]) -> CodeField:
    return shown(CodeField(""), 720, 420)  # type: ignore[return-value]


@pytest.fixture
def sheet(qtbot: QtBot, shown: Callable[..., QWidget]) -> Iterator[CodeSheet]:
    holder = shown(QWidget(), 1000, 700)
    made = CodeSheet(GOOD, accepts, holder)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.open()
    yield made
    made.reject()
    QApplication.processEvents()


def write(field: CodeField, *keys: str | Qt.Key) -> str:
    """Type texts and press keys; what stands there then."""
    for key in keys:
        if isinstance(key, str):
            QTest.keyClicks(field, key)
        else:
            QTest.keyClick(field, key)
    return field.toPlainText()


def select_lines(field: CodeField, first: int, last: int) -> None:
    cursor = QTextCursor(field.document().findBlockByNumber(first))
    cursor.setPosition(field.document().findBlockByNumber(last).position() + 1, QTextCursor.MoveMode.KeepAnchor)
    field.setTextCursor(cursor)


def test_lines_indent_themselves(field: CodeField) -> None:
    text = write(field, "def f(x):", Qt.Key.Key_Return, "if x:  # so", Qt.Key.Key_Return, "return x", Qt.Key.Key_Return)
    assert text == "def f(x):\n    if x:  # so\n        return x\n    "
    assert write(field, "y = 1", Qt.Key.Key_Return, "return y", Qt.Key.Key_Return, "z").endswith("    return y\nz")


def test_tab_fills_up_to_the_next_stop_and_backspace_takes_it_back(field: CodeField) -> None:
    assert write(field, "a", Qt.Key.Key_Tab, "b") == "a   b"
    assert write(field, Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Tab) == "a   b\n        "
    assert write(field, Qt.Key.Key_Backspace) == "a   b\n    "
    assert write(field, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace) == "a   b"


def test_selected_lines_go_in_and_out_in_one_step_each(field: CodeField) -> None:
    field.setPlainText("a\n\n  b\nc\n")
    select_lines(field, 0, 2)
    assert write(field, Qt.Key.Key_Tab) == "    a\n\n      b\nc\n"
    QTest.keyClick(field, Qt.Key.Key_Backtab, SHIFT)
    QTest.keyClick(field, Qt.Key.Key_Backtab, SHIFT)
    assert field.toPlainText() == "a\n\nb\nc\n"
    for text in ("a\n\n  b\nc\n", "    a\n\n      b\nc\n", "a\n\n  b\nc\n"):
        QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
        assert field.toPlainText() == text


def test_one_line_goes_out_without_a_selection(field: CodeField) -> None:
    field.setPlainText("      a")
    QTest.keyClick(field, Qt.Key.Key_Backtab, SHIFT)
    assert field.toPlainText() == "  a"


def colours(field: CodeField, line: int) -> dict[str, str]:
    """The coloured words of a line and the name of each colour."""
    block, look = field.document().findBlockByNumber(line), theme.current()
    names = {look.color(f"code-{name}").name(): name for name in ("keyword", "name", "string", "number", "comment")}
    return {
        block.text()[piece.start : piece.start + piece.length]: names[piece.format.foreground().color().name()]
        for piece in block.layout().formats()
    }


def test_words_are_coloured_while_they_are_typed(field: CodeField) -> None:
    write(field, "def f(x):", Qt.Key.Key_Return, 'return "a" # b')
    assert colours(field, 0) == {"def": "keyword", "f": "name"}
    assert colours(field, 1) == {"return": "keyword", '"a"': "string", "# b": "comment"}


def test_a_string_of_many_lines_colours_those_below(field: CodeField) -> None:
    field.setPlainText('x = 1\ny = 2\n"""\n')
    assert "2" in colours(field, 1)
    field.moveCursor(QTextCursor.MoveOperation.Start)
    write(field, '"""')
    assert colours(field, 1) == {"y = 2": "string"}
    QTest.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert colours(field, 1) == {"2": "number"}


def test_the_sheet_says_what_the_node_will_be(sheet: CodeSheet) -> None:
    assert sheet.verdict.text() == "twice takes x and gives output."
    sheet.field.setPlainText("def g(a, b=None):\n    return a, b\n")
    assert sheet.verdict.text() == "g takes a, b (optional) and gives a, b."


def test_an_error_names_and_marks_its_line_after_a_pause(sheet: CodeSheet, qtbot: QtBot) -> None:
    sheet.field.setPlainText(BAD)
    assert not sheet.field.marked_lines
    qtbot.waitUntil(lambda: sheet.field.marked_lines == {2}, timeout=3_000)
    assert sheet.verdict.text().startswith("Line 2: ")
    assert sheet.verdict.property("tone") == "error"
    QApplication.processEvents()
    picture = sheet.field.viewport().grab().toImage()
    assert picture.pixelColor(500, 26) == theme.current().color("error-soft")
    sheet.field.setPlainText(GOOD)
    assert not sheet.field.marked_lines
    assert sheet.verdict.property("tone") is None


def test_control_enter_takes_what_can_be_read(sheet: CodeSheet, qtbot: QtBot) -> None:
    sheet.field.setPlainText(BAD)
    with qtbot.assertNotEmitted(sheet.accepted_text):
        QTest.keyClick(sheet.field, Qt.Key.Key_Return, CONTROL)
    assert sheet.isVisible()
    assert sheet.field.marked_lines == {2}
    sheet.field.setPlainText(EXAMPLE)
    with qtbot.waitSignal(sheet.accepted_text) as caught:
        QTest.keyClick(sheet.field, Qt.Key.Key_Return, CONTROL)
    assert caught.args == [EXAMPLE]
    assert not sheet.isVisible()


def test_what_the_parameter_refuses_is_said_too(qtbot: QtBot, shown: Callable[..., QWidget]) -> None:
    def refuse(_value: object) -> None:
        raise GraphError("Not here.")

    holder = shown(QWidget(), 1000, 700)
    made = CodeSheet(GOOD, refuse, holder)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    assert made.verdict.text() == "Not here."


def test_what_was_written_is_there_again_after_escape(qtbot: QtBot, shown: Callable[..., QWidget]) -> None:
    editor = CodeEditor(Param("code", "code", GOOD), accepts)
    shown(editor, 300, 40)
    editor.show_value(GOOD)

    def opened() -> CodeSheet:
        QTest.mouseClick(editor, Qt.MouseButton.LeftButton)
        found = QApplication.activeModalWidget()
        assert isinstance(found, CodeSheet)
        return found

    def close(open_sheet: CodeSheet) -> None:
        QTest.keyClick(open_sheet.field, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not isValid(open_sheet))

    first = opened()
    QTest.keyClicks(first.field, "# mine ")
    close(first)
    again = opened()
    assert again.field.toPlainText() == f"# mine {GOOD}"
    assert again.verdict.text() == LEFT_BEHIND
    QTest.keyClick(again.field, Qt.Key.Key_Z, CONTROL)
    assert again.field.toPlainText() == GOOD
    close(again)
    editor.show_value("def other(x):\n    return x\n")
    other = opened()
    assert other.field.toPlainText().startswith("def other")
    close(other)
