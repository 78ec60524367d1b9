"""Values are set where the node stands: by a key, by a double click, in one step of undo for each field."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from tests.ui.person import Person, chain

from netloom.ui.values_popup import ValuesPopup


def opened(person: Person) -> ValuesPopup:
    popup = person.window.views.values
    person.qtbot.waitUntil(popup.isVisible)
    return popup


def field(popup: ValuesPopup, name: str) -> QLineEdit:
    assert popup._form is not None
    editor = popup._form.rows[name].editor
    assert isinstance(editor, QLineEdit)
    return editor


def test_the_key_opens_the_values_and_one_field_is_one_step(person: Person) -> None:
    person.editor.new(chain(), "chain")
    person.pick("conv1")
    person.press("E", person.canvas)
    popup = opened(person)
    typed = field(popup, "out_channels")
    assert popup.focusWidget() is typed
    person.qtbot.keyClicks(typed, "12")
    person.qtbot.keyClick(typed, Qt.Key.Key_Return)
    assert person.node("conv1").params["out_channels"] == 12
    assert person.canvas.graph_scene.nodes[person.node("conv1").id].facts.kind.startswith("Conv2d 12")
    person.qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    person.editor.undo()
    assert person.node("conv1").params["out_channels"] == 4


def test_a_double_click_on_the_values_opens_them(person: Person) -> None:
    person.editor.new(chain(), "chain")
    person.double("conv2")
    popup = opened(person)
    assert popup.title.text() == "conv2"
    card = person.canvas.node_rect(person.node("conv2").id)
    assert popup.y() >= person.canvas.viewport().mapToGlobal(card.bottomLeft()).y()
    popup.hide()


def test_what_is_typed_counts_when_the_popup_goes(person: Person) -> None:
    person.editor.new(chain(), "chain")
    person.pick("conv1")
    person.press("E", person.canvas)
    popup = opened(person)
    field(popup, "out_channels").selectAll()
    person.qtbot.keyClicks(field(popup, "out_channels"), "7")
    popup.hide()
    assert person.node("conv1").params["out_channels"] == 7
