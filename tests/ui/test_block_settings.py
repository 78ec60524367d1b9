"""Blocks in the inspector, the palette and the search: ports, settings on the outside, shared weights, own blocks."""

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from tests.ui.person import Person, chain, nested

from netloom.graph import Document
from netloom.layers import ports
from netloom.layers.authoring import Graph
from netloom.ui import dialogs
from netloom.ui.panels.special_editors import NodesEditor


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


def test_a_button_that_is_let_go_of_when_its_block_is_gone_does_nothing(blocked: Person) -> None:
    blocked.pick("block")
    button = blocked.find("add_input")
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    blocked.editor.new(chain(), "another")
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert blocked.editor.history.labels == []


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


def test_a_setting_inside_says_what_the_block_sets(blocked: Person) -> None:
    blocked.press("Return", blocked.canvas)
    blocked.pick("conv1")
    blocked.click(blocked.window.views.inspector.node_page.form_rows["out_channels"].hand_out)
    blocked.press("Escape", blocked.canvas)
    blocked.press("Escape", blocked.canvas)
    blocked.fill("param_out_channels", "12")
    blocked.press("Return", blocked.canvas)
    blocked.pick("conv1")
    said = blocked.window.findChild(QLabel, "taken_out_channels")
    assert said.text() == "Here the block sets out_channels to 12."
    blocked.fill("param_out_channels", "12")
    assert not said.isVisible()


def test_a_repeat_shows_on_the_card(blocked: Person) -> None:
    blocked.fill("param_repeat", "2")
    assert blocked.canvas.graph_scene.nodes[blocked.node("block").id].facts.repeat == 2
    (problem,) = blocked.editor.plan.problems
    assert "It takes in N×1×8×8 float32 and puts out N×4×" in problem.message


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
    person.press("Ctrl+P")
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


def test_enter_in_the_search_adds_a_block_and_does_not_open_it(person: Person) -> None:
    person.canvas.setFocus()
    person.canvas.open_search()
    field = person.canvas._searching.popup.field
    person.qtbot.keyClicks(field, "excitation")
    person.press("Return", field)
    (added,) = person.canvas.selection
    assert person.editor.document.graph.node(added).kind == "Block"
    assert person.editor.level == ""


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
