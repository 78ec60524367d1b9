"""Blocks at the window: made, entered, edited in place, left, unpacked, and undone across levels."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.ui.hands import Hands

from netloom.graph import Change, Document, Node, Patch, edit
from netloom.layers.authoring import Graph
from netloom.ui.canvas.breadcrumb import Crumb
from netloom.ui.main_window import MainWindow


def chain() -> Document:
    """An image, two convolutions with a ReLU between, an output."""
    graph = Graph()
    made = [
        graph.add("Input", name="image", shape=(1, 8, 8)),
        graph.add("Conv2d", name="conv1", out_channels=4, kernel_size=3, padding="same"),
        graph.add("ReLU", name="relu"),
        graph.add("Conv2d", name="conv2", out_channels=4, kernel_size=3, padding="same"),
        graph.add("Output", name="answer"),
    ]
    for source, target in pairwise(made):
        graph.connect(source, target)
    return Document(graph, positions={key: (200.0 * place, 0.0) for place, key in enumerate(made)})


def nested() -> Document:
    """A stage that holds the same unit twice, used once, and the unit once more at the top."""
    graph = Graph()
    unit, stage = graph.define("Unit"), graph.define("Stage")
    inner = [graph.add("Input", name="x", parent=unit), graph.add("ReLU", name="act", parent=unit)]
    inner.append(graph.add("Output", name="y", parent=unit))
    held = [graph.add("Input", name="x", parent=stage)]
    held += [graph.add("Block", name=name, parent=stage, block=unit) for name in ("first", "second")]
    held.append(graph.add("Output", name="y", parent=stage))
    top = [graph.add("Input", name="data", shape=(4,)), graph.add("Block", name="stage", block=stage)]
    top += [graph.add("Block", name="last", block=unit, repeat=3), graph.add("Output", name="answer")]
    for row in (inner, held, top):
        for source, target in pairwise(row):
            graph.connect(source, target)
    return Document(graph)


class Person(Hands):
    """Hands that know where a card is, and which names are in sight."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        super().__init__(qtbot, window)
        self.canvas = window.views.canvas
        self.editor = window.editor

    def node(self, name: str, parent: str | None = None) -> Node:
        found = self.editor.document.graph.named(name, self.editor.level if parent is None else parent)
        assert found is not None
        return found

    def at(self, name: str) -> QPoint:
        """The middle of a card's kind line."""
        card = self.canvas.graph_scene.nodes[self.node(name).id].scene_card()
        return self.place(card.topLeft() + QPointF(60, 42))

    def pick(self, *names: str) -> None:
        """Click the first card, and the others with Shift."""
        self.canvas.setFocus()
        for place, name in enumerate(names):
            modifier = Qt.KeyboardModifier.ShiftModifier if place else Qt.KeyboardModifier.NoModifier
            QTest.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, modifier, self.at(name))
        QApplication.processEvents()

    def double(self, name: str) -> None:
        self.qtbot.mouseDClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, pos=self.at(name))
        QApplication.processEvents()

    def shown(self) -> set[str]:
        """The names of the cards on the canvas."""
        return {item.facts.name for item in self.canvas.graph_scene.nodes.values()}

    def crumbs(self) -> list[str]:
        return [crumb.text() for crumb in self.canvas.findChildren(Crumb) if crumb.isVisible()]

    def menu(self, name: str) -> dict[str, QAction]:
        """The context menu of a card, by words."""
        self.qtbot.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, pos=self.at(name))
        at = self.at(name)
        from PySide6.QtGui import QContextMenuEvent

        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, self.canvas.viewport().mapToGlobal(at))
        QApplication.sendEvent(self.canvas.viewport(), event)
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        self.qtbot.addWidget(popup)
        return {action.text().partition("\t")[0]: action for action in popup.actions()}


@pytest.fixture
def person(qtbot: QtBot, window: MainWindow) -> Person:
    return Person(qtbot, window)


@pytest.fixture
def blocked(person: Person) -> Person:
    """The chain with conv1 and relu in a block."""
    person.editor.new(chain(), "chain")
    person.pick("conv1", "relu")
    person.press("Ctrl+G", person.canvas)
    return person


def test_a_selection_becomes_a_block_that_is_selected(blocked: Person) -> None:
    assert blocked.shown() == {"image", "block", "conv2", "answer"}
    block = blocked.node("block")
    assert blocked.canvas.selection == {block.id}
    assert blocked.editor.plan.is_valid
    blocked.press("Ctrl+Z", blocked.window)
    assert blocked.shown() == {"image", "conv1", "relu", "conv2", "answer"}
    blocked.press("Ctrl+Shift+Z", blocked.window)
    assert blocked.shown() == {"image", "block", "conv2", "answer"}


def test_what_cannot_be_a_block_is_refused_in_words(person: Person) -> None:
    person.editor.new(chain(), "chain")
    person.pick("image", "conv1")
    person.press("Ctrl+G", person.canvas)
    assert not person.editor.document.graph.blocks
    assert "stays here" in person.window.status_bar.message


@pytest.mark.parametrize("way", ["double", "Return", "Alt+Down", "menu"])
def test_a_block_is_entered(blocked: Person, way: str) -> None:
    if way == "double":
        blocked.double("block")
    elif way == "menu":
        blocked.menu("block")["Open block"].trigger()
    else:
        blocked.press(way, blocked.canvas)
    assert {"conv1", "relu"} <= blocked.shown()
    assert blocked.crumbs() == ["chain", "block"]
    assert blocked.canvas.graph_scene.nodes[blocked.node("conv1").id].facts.well is not None


@pytest.mark.parametrize("way", ["Alt+Up", "Ctrl+Up", "Backspace", "Escape", "crumb", "menu"])
def test_a_block_is_left_and_selected_then(blocked: Person, way: str) -> None:
    blocked.press("Return", blocked.canvas)
    assert blocked.editor.way
    if way == "crumb":
        blocked.click(blocked.find("crumb-0"))
    elif way == "menu":
        blocked.window.actions_table["leave_block"].trigger()
    else:
        blocked.press(way, blocked.canvas)
    assert blocked.editor.level == ""
    assert blocked.canvas.selection == {blocked.node("block").id}
    assert blocked.crumbs() == ["chain"]


def test_backspace_and_escape_first_mean_the_selection(blocked: Person) -> None:
    blocked.press("Return", blocked.canvas)
    blocked.pick("relu")
    blocked.press("Escape", blocked.canvas)
    assert blocked.editor.way
    blocked.pick("relu")
    blocked.press("Backspace", blocked.canvas)
    assert blocked.editor.way
    assert "relu" not in blocked.shown()


def test_edits_inside_belong_to_the_definition(blocked: Person) -> None:
    blocked.press("Return", blocked.canvas)
    level = blocked.editor.level
    blocked.pick("relu")
    key = blocked.add_by_search("Tanh")
    assert blocked.editor.document.graph.node(key).parent == level
    blocked.canvas.setFocus()
    blocked.pick("relu")
    blocked.press("Del", blocked.canvas)
    assert blocked.editor.document.graph.named("relu", level) is None


def test_undo_goes_to_where_the_edit_was(blocked: Person) -> None:
    blocked.press("Return", blocked.canvas)
    blocked.pick("relu")
    blocked.press("Del", blocked.canvas)
    blocked.press("Alt+Up", blocked.canvas)
    assert blocked.editor.level == ""
    blocked.press("Ctrl+Z", blocked.window)
    assert blocked.crumbs() == ["chain", "block"]
    assert "relu" in blocked.shown()
    blocked.press("Ctrl+Z", blocked.window)
    assert blocked.crumbs() == ["chain"]
    assert blocked.shown() == {"image", "conv1", "relu", "conv2", "answer"}


def test_unpacking_selects_what_comes_out(blocked: Person) -> None:
    blocked.press("Ctrl+Shift+G", blocked.canvas)
    assert blocked.shown() == {"image", "conv1", "relu", "conv2", "answer"}
    assert blocked.canvas.selection == {blocked.node("conv1").id, blocked.node("relu").id}
    assert blocked.editor.plan.is_valid


def test_each_level_is_seen_again_as_it_was_left(blocked: Person) -> None:
    blocked.canvas.set_zoom(1.6)
    seen = blocked.canvas.seen().center()
    blocked.press("Return", blocked.canvas)
    blocked.canvas.set_zoom(0.8)
    blocked.press("Alt+Up", blocked.canvas)
    assert blocked.canvas.zoom == pytest.approx(1.6)
    assert (blocked.canvas.seen().center() - seen).manhattanLength() < 3


def test_nested_blocks_and_the_crumbs(person: Person) -> None:
    person.editor.new(nested(), "net")
    person.double("stage")
    person.double("second")
    assert person.crumbs() == ["net", "stage", "second"]
    assert (
        "3 uses"
        in person.find("crumb-2").parentWidget().findChildren(type(person.canvas._frame.title._count))[0].text()
    )
    person.click(person.find("crumb-1"))
    assert person.crumbs() == ["net", "stage"]
    assert person.canvas.selection == {person.node("second").id}
    person.press("Ctrl+N", person.window)
    assert person.crumbs() == ["untitled"]


def test_cards_of_blocks_say_what_they_show(person: Person) -> None:
    person.editor.new(nested(), "net")
    facts = person.canvas.graph_scene.nodes[person.node("last").id].facts
    assert (facts.kind, facts.repeat) == ("Unit, 3 nodes", 3)


def test_make_unique_ends_the_common_definition(person: Person) -> None:
    person.editor.new(nested(), "net")
    before = person.node("last").params["block"]
    person.menu("last")["Make unique"].trigger()
    assert person.node("last").params["block"] != before
    assert "Make unique" not in person.menu("last")


def test_a_problem_inside_is_told_outside_and_leads_there(blocked: Person) -> None:
    graph = blocked.editor.document.graph
    level = str(blocked.node("block").params["block"])
    conv = blocked.node("conv1", level)
    blocked.editor.do(edit.set_params(graph, conv.id, {"in_channels": 3}))
    trouble = blocked.canvas.graph_scene.nodes[blocked.node("block").id].facts.trouble
    assert trouble is not None
    assert trouble.text.startswith("Inside")
    blocked.press("Ctrl+3", blocked.window)
    row = blocked.find("problem_conv1")
    blocked.click(row, QPoint(40, row.height() // 2))
    assert blocked.editor.level == level
    assert blocked.canvas.selection == {conv.id}


def test_a_definition_that_goes_takes_the_view_out(blocked: Person) -> None:
    graph = blocked.editor.document.graph
    blocked.press("Return", blocked.canvas)
    block = blocked.node("block", "")
    blocked.editor.do(edit.remove(blocked.editor.document, [block.id]))
    assert blocked.editor.level == ""
    assert not graph.blocks
    assert blocked.shown() == {"image", "conv2", "answer"}


def test_a_node_is_found_in_whatever_block_it_stands(blocked: Person) -> None:
    blocked.press("Ctrl+K", blocked.window)
    blocked.dialog("command-palette")
    blocked.type("relu")
    blocked.press("Down")
    blocked.press("Up")
    blocked.press("Return")
    assert blocked.crumbs()[-1] in ("block", "chain")


def test_a_shared_layer_says_so(blocked: Person) -> None:
    graph = blocked.editor.document.graph
    node = blocked.node("conv2")
    twin = Node("twin", "Conv2d", "conv3", dict(node.params), share=node.id)
    blocked.editor.do(Patch("Share", (Change("node", "twin", None, twin),)))
    nodes = blocked.canvas.graph_scene.nodes
    assert nodes["twin"].facts.footer == "of conv2"
    assert nodes[node.id].facts.uses == "2 uses"
    blocked.editor.do(edit.rename(graph, node.id, "stem"))
    assert nodes["twin"].facts.footer == "of stem"
