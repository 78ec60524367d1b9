"""Blocks at the window: made, entered, edited in place, left, unpacked, and undone across levels."""

import pytest
from PySide6.QtCore import QPoint
from tests.ui.person import Person, chain, nested

from netloom.graph import Change, Node, Patch, Remark, edit


def test_a_selection_becomes_a_block_that_is_selected(blocked: Person) -> None:
    assert blocked.shown() == {"image", "block", "conv2", "answer"}
    block = blocked.node("block")
    assert blocked.canvas.selection == {block.id}
    assert blocked.editor.plan.is_valid
    blocked.press("Ctrl+Z", blocked.window)
    assert blocked.shown() == {"image", "conv1", "relu", "conv2", "answer"}
    blocked.press("Ctrl+Shift+Z", blocked.window)
    assert blocked.shown() == {"image", "block", "conv2", "answer"}


def test_a_new_block_asks_for_its_name_which_its_definition_takes_too(person: Person) -> None:
    person.editor.new(chain(), "chain")
    person.pick("conv1", "relu")
    person.press("Ctrl+G", person.canvas)
    field = person.canvas._rename.field
    assert field.isVisible()
    assert field.selectedText() == "block"
    person.qtbot.keyClicks(field, "conv_unit")
    person.press("Return", field)
    assert person.node("conv_unit").kind == "Block"
    assert [each.name for each in person.editor.document.graph.blocks.values()] == ["ConvUnit"]
    person.press("Ctrl+Z", person.window)
    assert [each.name for each in person.editor.document.graph.blocks.values()] == ["Block"]
    assert person.node("block").kind == "Block"


def test_a_definition_that_has_a_name_keeps_it(blocked: Person) -> None:
    blocked.fill("block_name", "Stem")
    blocked.press("F2", blocked.canvas)
    field = blocked.canvas._rename.field
    blocked.qtbot.keyClicks(field, "first")
    blocked.press("Return", field)
    assert blocked.node("first").kind == "Block"
    assert [each.name for each in blocked.editor.document.graph.blocks.values()] == ["Stem"]


def test_wires_go_into_a_block_with_their_nodes_and_come_back(blocked: Person) -> None:
    def drawn() -> set[tuple[str, str]]:
        graph = blocked.editor.document.graph
        wires = [item.wire for item in blocked.canvas.graph_scene.wires.values()]
        return {(graph.node(wire.source).name, graph.node(wire.target).name) for wire in wires}

    assert drawn() == {("image", "block"), ("block", "conv2"), ("conv2", "answer")}
    blocked.press("Ctrl+Z", blocked.window)
    assert drawn() == {("image", "conv1"), ("conv1", "relu"), ("relu", "conv2"), ("conv2", "answer")}
    blocked.press("Ctrl+Shift+Z", blocked.window)
    assert drawn() == {("image", "block"), ("block", "conv2"), ("conv2", "answer")}
    blocked.pick("block")
    blocked.press("Ctrl+Shift+G", blocked.canvas)
    assert drawn() == {("image", "conv1"), ("conv1", "relu"), ("relu", "conv2"), ("conv2", "answer")}


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


@pytest.mark.parametrize("way", ["Alt+Up", "Ctrl+Backspace", "Escape", "crumb", "menu"])
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
    blocked.press("Ctrl+4", blocked.window)
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
    assert nodes[node.id].facts.remark == "2 uses"
    assert blocked.canvas.sketch.boundingRect().isEmpty()
    blocked.qtbot.mouseMove(blocked.canvas.viewport(), blocked.at("conv3"))
    assert not blocked.canvas.sketch.boundingRect().isEmpty()
    blocked.qtbot.mouseMove(blocked.canvas.viewport(), blocked.at("image"))
    assert blocked.canvas.sketch.boundingRect().isEmpty()
    blocked.editor.do(edit.rename(graph, node.id, "stem"))
    assert nodes["twin"].facts.footer == "of stem"


def test_undo_goes_to_where_a_note_a_comment_or_a_bend_was(blocked: Person) -> None:
    blocked.press("Return", blocked.canvas)
    level, relu = blocked.editor.level, blocked.node("relu").id
    note = Remark("r1", "note", "why", (0.0, 0.0), (160.0, 80.0), parent=level)
    [wire] = blocked.editor.document.graph.into(relu)
    for change in (
        Change("remark", "r1", None, note),
        Change("comment", relu, None, "why"),
        Change("bend", wire.key, None, ((8.0, 8.0),)),
        Change("direction", level, None, "down"),
    ):
        blocked.editor.do(Patch("Say", (change,)))
        blocked.press("Alt+Up", blocked.canvas)
        blocked.editor.undo()
        assert blocked.editor.level == level
