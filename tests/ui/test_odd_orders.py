"""Events in an order that nobody plans: another button during a drag, a tab closed while something is typed."""

from unittest.mock import patch

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from tests.ui.person import Person, chain

from netloom.ui import dialogs
from netloom.ui.canvas.choice_popup import ChoicePopup

LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
STEP = QPoint(40, 40)


@pytest.fixture
def held(person: Person) -> Person:
    """Two documents; in the second one a card is in the hand, and has been dragged a bit."""
    person.editor.new(chain(), "first")
    person.editor.new(chain(), "second")
    person.canvas.set_zoom(1.0)
    person.canvas.centre_on(person.node("relu").id)
    port = person.canvas.viewport()
    person.qtbot.mousePress(port, LEFT, pos=person.at("relu"))
    person.qtbot.mouseMove(port, person.at("relu") + STEP)
    return person


@pytest.fixture
def two(person: Person) -> Person:
    """Two saved documents; the second one is shown."""
    for name in ("first", "second"):
        person.editor.new(chain(), name)
        person.editor.history.mark_saved()
    person.canvas.setFocus()
    return person


def test_another_button_does_not_end_a_drag(held: Person) -> None:
    port, at = held.canvas.viewport(), held.at("relu")
    held.qtbot.mousePress(port, MIDDLE, pos=at)
    held.qtbot.mouseRelease(port, MIDDLE, pos=at)
    assert held.editor.history.done == 0
    held.qtbot.mouseRelease(port, LEFT, pos=at)
    assert held.editor.history.labels == ["Move relu"]


def test_no_menu_comes_up_in_the_middle_of_a_drag(held: Person) -> None:
    port, at = held.canvas.viewport(), held.at("relu")
    QApplication.sendEvent(port, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, port.mapToGlobal(at)))
    assert QApplication.activePopupWidget() is None
    held.qtbot.mouseRelease(port, LEFT, pos=at)
    assert held.editor.history.labels == ["Move relu"]


def test_space_that_repeats_does_not_open_the_hand_that_holds_the_ground(two: Person) -> None:
    port, at = two.canvas.viewport(), QPoint(300, 300)
    two.qtbot.keyPress(two.canvas, Qt.Key.Key_Space)
    two.qtbot.mousePress(port, LEFT, pos=at)
    two.qtbot.keyPress(two.canvas, Qt.Key.Key_Space)
    assert port.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    two.qtbot.mouseRelease(port, LEFT, pos=at)
    two.qtbot.keyRelease(two.canvas, Qt.Key.Key_Space)
    assert port.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_right_button_on_the_cross_closes_no_document(two: Person) -> None:
    tab = two.window.top_bar.tabs.tabs[0]
    two.qtbot.mouseClick(tab, RIGHT, pos=tab.cross.center())
    assert [session.name for session in two.editor.sessions] == ["first", "second"]


def test_a_tab_that_is_thrown_passes_all_others(two: Person) -> None:
    two.editor.new(chain(), "third")
    QApplication.processEvents()
    first, _, last = two.window.top_bar.tabs.tabs
    at = QPoint(20, 10)
    two.qtbot.mousePress(first, LEFT, pos=at)
    far, none = QPointF(at + QPoint(last.geometry().right(), 0)), Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(
        first, QMouseEvent(QEvent.Type.MouseMove, far, QPointF(first.mapToGlobal(far)), LEFT, LEFT, none)
    )
    two.qtbot.mouseRelease(first, LEFT, pos=at)
    assert [session.name for session in two.editor.sessions] == ["second", "third", "first"]


def test_a_note_keeps_its_last_letters_where_another_tab_is_clicked(two: Person) -> None:
    document = two.editor.document
    two.press("N", two.canvas)
    two.type("hello")
    two.click(two.window.top_bar.tabs.tabs[0])
    assert [remark.text for remark in document.remarks.values()] == ["hello"]


def test_a_value_that_is_being_typed_is_asked_about_before_the_tab_closes(two: Person) -> None:
    two.pick("conv1")
    field = two.window.views.inspector.findChild(QLineEdit, "param_out_channels")
    assert field is not None
    field.setFocus()
    field.selectAll()
    two.type("7")
    tab = two.window.top_bar.tabs.current
    with patch.object(dialogs, "ask_unsaved", return_value="cancel") as ask:
        two.click(tab, tab.cross.center())
    ask.assert_called_once_with(two.window, "second")
    assert two.node("conv1").params["out_channels"] == 7


def test_a_list_of_ports_goes_with_its_document(two: Person) -> None:
    two.pick("relu")
    two.press("Shift+W", two.canvas)
    two.press("W", two.canvas)
    lists = two.canvas.findChildren(ChoicePopup, "connect-list")
    assert [each.isVisible() for each in lists] == [True]
    two.press("Ctrl+Tab")
    assert not any(each.isVisible() for each in two.canvas.findChildren(ChoicePopup))


def test_a_name_is_kept_where_the_view_moves(two: Person) -> None:
    two.pick("relu")
    two.press("F2", two.canvas)
    two.type("renamed")
    two.canvas.scroll_by(QPoint(5, 5))
    assert {node.name for node in two.editor.document.graph.nodes.values()} >= {"renamed"}


def test_what_the_popup_of_values_refuses_is_told(two: Person) -> None:
    with patch.object(two.window.status_bar, "say") as say:
        two.window.views.values.message_requested.emit("relu has no such value.")
    say.assert_called_once_with("relu has no such value.", "warning")


def test_going_back_many_steps_shows_them_all_at_once(two: Person) -> None:
    before = {key: item.facts.name for key, item in two.canvas.graph_scene.nodes.items()}
    for kind in ("ReLU", "Tanh", "Sigmoid"):
        two.window.views.add(kind)
    patches: list[object] = []
    two.editor.patched.connect(patches.append)
    two.editor.go_back_to(0)
    assert len(patches) == 1
    assert {key: item.facts.name for key, item in two.canvas.graph_scene.nodes.items()} == before
    two.editor.go_back_to(3)
    assert len(patches) == 2
    assert two.canvas.graph_scene.nodes.keys() == two.editor.document.graph.nodes.keys()


def test_a_name_that_is_being_typed_is_saved(two: Person) -> None:
    two.pick("conv1")
    field = two.window.views.inspector.findChild(QLineEdit, "node_name")
    assert field is not None
    field.setFocus()
    field.selectAll()
    two.type("first_conv")
    two.window.views.commit()
    assert two.editor.document.graph.named("first_conv") is not None
