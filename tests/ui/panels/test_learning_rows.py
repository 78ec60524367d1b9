"""How the weights of a node learn, set in the inspector."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from tests.ui.panels.conftest import Desk
from tests.ui.panels.test_inspector_panel import type_over

from netloom.graph import edit


def test_a_node_with_weights_is_frozen_by_a_switch(desk: Desk) -> None:
    desk.show("conv1")
    QTest.mouseClick(desk.part("learning_frozen"), Qt.MouseButton.LeftButton)
    assert desk.document.graph.node(desk.id("conv1")).frozen
    assert desk.history.undo_label == "Freeze conv1"
    assert not desk.inspector.findChild(QWidget, "learning_rate").isVisible()
    desk.history.undo()
    assert not desk.part("learning_frozen").isChecked()


def test_a_rate_is_typed_and_goes_back(desk: Desk) -> None:
    desk.show("head")
    field = desk.focus("learning_rate")
    type_over(field, "0.1")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.document.graph.node(desk.id("head")).rate == 0.1
    assert desk.history.undo_label == "Set rate of head"
    QTest.mouseClick(desk.part("reset_rate"), Qt.MouseButton.LeftButton)
    assert desk.document.graph.node(desk.id("head")).rate == 1


def test_a_rate_below_nothing_is_refused(desk: Desk) -> None:
    desk.show("head")
    field = desk.focus("learning_rate")
    type_over(field, "-1")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.part("refusal_rate").text() == "Rate expects a number from 0 to 1000; received -1.0."
    assert field.text() == "-1"
    desk.show("conv1")
    assert desk.part("learning_rate").text() == "1"


def test_what_has_no_weights_has_no_such_rows(desk: Desk) -> None:
    desk.show("relu1")
    assert not desk.inspector.node_page.learning.isVisible()
    desk.history.do(edit.freeze(desk.document.graph, [desk.id("relu1")], frozen=True))
    assert desk.part("learning_frozen").isChecked()
