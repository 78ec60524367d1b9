"""Blocks at the window: made, entered, edited in place, left, unpacked, and undone across levels."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.ui.hands import Hands

from netloom.graph import Change, Document, Node, Patch, edit
from netloom.layers import ports
from netloom.layers.authoring import Graph
from netloom.ui import dialogs
from netloom.ui.canvas.breadcrumb import Crumb
from netloom.ui.main_window import MainWindow
from netloom.ui.panels.special_editors import NodesEditor


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
    assert blocked.canvas.graph_scene.nodes[blocked.node("conv1").id].facts.footer == "40"


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
    assert (facts.kind, facts.repeat) == ("Unit · 3 nodes", 3)


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
    assert blocked.canvas.sketch.boundingRect().isEmpty()
    blocked.qtbot.mouseMove(blocked.canvas.viewport(), blocked.at("conv3"))
    assert not blocked.canvas.sketch.boundingRect().isEmpty()
    blocked.qtbot.mouseMove(blocked.canvas.viewport(), blocked.at("image"))
    assert blocked.canvas.sketch.boundingRect().isEmpty()
    blocked.editor.do(edit.rename(graph, node.id, "stem"))
    assert nodes["twin"].facts.footer == "of stem"


def test_ports_are_renamed_moved_and_added_in_the_inspector(blocked: Person) -> None:
    block = blocked.node("block")
    blocked.pick("block")
    blocked.click(blocked.find("add_input"))
    graph = blocked.editor.document.graph
    assert [port.name for port in ports.inputs(graph, block)] == ["image", "x"]
    blocked.click(blocked.find("Move up: x"))
    assert [port.name for port in ports.inputs(graph, block)] == ["x", "image"]
    blocked.fill("port_x", "memory")
    assert [port.name for port in ports.inputs(graph, block)] == ["memory", "image"]
    blocked.click(blocked.find("Remove input memory"))
    assert [port.name for port in ports.inputs(graph, block)] == ["image"]
    assert blocked.editor.plan.is_valid


def test_the_definition_is_renamed_in_the_inspector(blocked: Person) -> None:
    blocked.pick("block")
    blocked.fill("block_name", "Stem")
    assert [each.name for each in blocked.editor.document.graph.blocks.values()] == ["Stem"]
    assert blocked.canvas.graph_scene.nodes[blocked.node("block").id].facts.kind.startswith("Stem")


def test_a_setting_is_shown_on_the_block_and_taken_back(blocked: Person) -> None:
    blocked.press("Return", blocked.canvas)
    blocked.pick("conv1")
    QTest.mouseMove(blocked.find("param_out_channels"))
    row = blocked.window.views.inspector.node_page.form_rows["out_channels"]
    blocked.click(row.hand_out)
    assert row.hand_out.isVisible()
    assert "On the block" in row.hand_out.toolTip()
    blocked.press("Escape", blocked.canvas)
    blocked.press("Escape", blocked.canvas)
    assert blocked.editor.level == ""
    blocked.fill("param_out_channels", "12")
    assert blocked.node("block").params["out_channels"] == 12
    assert blocked.canvas.graph_scene.nodes[blocked.node("block").id].facts.kind == "Block out_channels 12"
    blocked.press("Return", blocked.canvas)
    assert blocked.canvas.graph_scene.nodes[blocked.node("conv1").id].facts.kind.startswith("Conv2d 12")
    blocked.canvas.set_selection(())
    blocked.click(blocked.find("take_back_out_channels"))
    assert "out_channels" not in blocked.node("block", "").params


def test_a_repeat_shows_on_the_card(blocked: Person) -> None:
    blocked.fill("param_repeat", "2")
    assert blocked.canvas.graph_scene.nodes[blocked.node("block").id].facts.repeat == 2


def test_weights_are_shared_by_choice(person: Person) -> None:
    person.editor.new(chain(), "chain")
    graph = person.editor.document.graph
    other = person.node("conv1")
    graph_node = person.node("conv2")
    person.pick("conv2")
    editor = person.window.views.inspector.node_page.weights.editor
    editor.setFocus()
    person.press("Down", editor)
    assert [editor.itemText(place) for place in range(editor.count())] == ["own", "of conv1"]
    assert graph.node(graph_node.id).share == other.id
    person.menu("conv2")["Give it weights of its own"].trigger()
    assert graph.node(graph_node.id).share == ""


def test_a_ready_block_is_added_by_search_and_wired(person: Person) -> None:
    person.editor.new(chain(), "chain")
    person.pick("relu")
    key = person.add_by_search("excitation")
    graph = person.editor.document.graph
    assert graph.node(key).kind == "Block"
    assert graph.blocks[str(graph.node(key).params["block"])].name == "SqueezeExcitation"
    person.press("Ctrl+Z", person.window)
    assert not graph.blocks


def test_a_ready_block_is_dropped_on_a_wire(person: Person) -> None:
    person.editor.new(chain(), "chain")
    person.canvas.set_zoom(1.0)
    start = person.canvas.port_pos(person.node("relu").id, "output")
    end = person.canvas.port_pos(person.node("conv2").id, "input")
    before = set(person.editor.document.graph.nodes)
    person.press("Ctrl+F")
    person.type("excitation")
    tree = person.window.views.palette.tree
    person.drag_row(tree, tree.currentIndex(), (start + end) / 2)
    graph = person.editor.document.graph
    key = person.new_node(before)
    assert {wire.source for wire in graph.into(key)} == {person.node("relu").id}
    assert {wire.target for wire in graph.out_of(key)} == {person.node("conv2").id}


def test_a_block_is_kept_offered_renamed_and_deleted(blocked: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked.menu("block")["Save to my blocks…"].trigger()
    blocked.dialog("name-sheet")
    field = blocked.find("name-field")
    blocked.press("Ctrl+A", field)
    blocked.qtbot.keyClicks(field, "Start")
    blocked.press("Return", field)
    palette = blocked.window.views.palette
    offers = blocked.window.my_blocks.offers
    assert [spec.kind for spec in offers.mine] == ["Start"]
    blocked.editor.new()
    key = blocked.add_by_search("start")
    assert blocked.editor.document.graph.node(key).kind == "Block"
    assert palette.recent[0] == "mine:Start"
    blocked.window.my_blocks.rename("Start")
    blocked.dialog("name-sheet")
    field = blocked.find("name-field")
    blocked.press("Ctrl+A", field)
    blocked.qtbot.keyClicks(field, "Begin")
    blocked.click(blocked.find("name-accept"))
    assert [spec.kind for spec in offers.mine] == ["Begin"]
    monkeypatch.setattr(dialogs, "ask_delete", lambda _parent, _name: True)
    blocked.window.my_blocks.delete("Begin")
    assert not offers.mine


def test_open_sections_of_the_palette_are_remembered(person: Person) -> None:
    person.window.views.palette.tree.setExpanded(person.window.views.palette.tree.rows.index(1, 0), True)
    assert person.window.settings.open_sections


def test_search_inside_a_block_offers_no_training(blocked: Person) -> None:
    blocked.press("Return", blocked.canvas)
    blocked.canvas.open_search()
    popup = blocked.canvas._searching.popup
    blocked.qtbot.keyClicks(popup.field, "adamw")
    assert "AdamW" not in {popup.list.item(row).text() for row in range(popup.list.count())}
    popup.field.clear()
    blocked.qtbot.keyClicks(popup.field, "relu")
    assert popup.list.count() > 0
    blocked.press("Escape", popup.field)


def test_an_optimizer_updates_the_nodes_that_are_checked(person: Person) -> None:
    graph = Graph()
    made = [graph.add("Input", name="x", shape=(4,)), graph.add("Linear", name="first", out_features=4)]
    made += [graph.add("Linear", name="second", out_features=2), graph.add("Output", name="y")]
    for source, target in pairwise(made):
        graph.connect(source, target)
    graph.add("SGD", name="optimizer")
    person.editor.new(Document(graph), "net")
    person.canvas.set_selection((person.node("optimizer").id,))
    editor = person.window.views.inspector.node_page.form_rows["updates"].editor
    assert isinstance(editor, NodesEditor)
    assert editor.text() == "all"
    editor.menu().aboutToShow.emit()
    actions = {action.text(): action for action in editor.menu().actions()}
    actions["first"].trigger()
    assert person.node("optimizer").params["updates"] == [person.node("first").id]
    assert editor.text() == "first"
    {action.text(): action for action in editor.menu().actions()}["All that the losses depend on"].trigger()
    assert not person.node("optimizer").params.get("updates")


def test_code_is_edited_in_a_sheet(person: Person) -> None:
    person.editor.new()
    key = person.add_by_search("Python")
    person.canvas.set_selection((key,))
    person.click(person.find("param_code"))
    person.dialog("code-sheet")
    field = person.find("code-text")
    person.press("Ctrl+A", field)
    person.qtbot.keyClicks(field, "def double(x: Tensor) -> Tensor:")
    person.press("Return", field)
    person.qtbot.keyClicks(field, "    return 2 * x")
    person.click(person.find("code-accept"))
    assert str(person.editor.document.graph.node(key).params["code"]).startswith("def double")


def test_cards_without_a_place_stay_where_they_are_seen(person: Person) -> None:
    person.editor.new(Document(chain().graph), "chain")
    nodes = person.canvas.graph_scene.nodes
    before = nodes[person.node("answer").id].pos()
    person.pick("conv1", "relu")
    person.press("Ctrl+G", person.canvas)
    assert nodes[person.node("answer").id].pos() == before
    assert nodes[person.node("image").id].x() < nodes[person.node("block").id].x() < before.x()
    person.press("Ctrl+Z", person.window)
    assert person.shown() == {"image", "conv1", "relu", "conv2", "answer"}
    assert not person.editor.document.positions


def test_an_added_node_moves_no_card_that_was_never_placed(person: Person) -> None:
    person.editor.new(nested(), "net")
    nodes = person.canvas.graph_scene.nodes
    before = {key: item.pos() for key, item in nodes.items()}
    person.canvas.set_selection(())
    person.add_by_search("excitation")
    assert {key: nodes[key].pos() for key in before} == before
    person.press("Ctrl+Z", person.window)
    assert nodes.keys() == before.keys()
    assert not person.editor.document.positions
