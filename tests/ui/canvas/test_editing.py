"""Selecting, moving, deleting, adding and renaming by mouse and keyboard, on a shown canvas."""

import itertools

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.ui.canvas.conftest import Bench

from netloom.graph import edit
from netloom.ui.canvas.menu import context_menu
from netloom.ui.canvas.palette_drop import MIME

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def test_a_click_selects_and_tells(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.canvas.selection_changed) as heard:
        bench.click(bench.body("conv"))
    assert heard.args == [frozenset({bench.id("conv")})]
    assert "conv, Conv2d, from image" in bench.canvas.accessibleDescription()


def test_shift_adds_and_control_toggles(bench: Bench) -> None:
    bench.click(bench.body("conv"))
    bench.click(bench.body("relu"), SHIFT)
    assert bench.canvas.selection == {bench.id("conv"), bench.id("relu")}
    bench.click(bench.body("conv"), CONTROL)
    assert bench.canvas.selection == {bench.id("relu")}


def test_a_click_on_the_ground_selects_nothing(bench: Bench) -> None:
    bench.click(bench.body("conv"))
    bench.click(bench.body("digits") + QPoint(0, 320))
    assert bench.canvas.selection == frozenset()


def test_a_box_selects_what_it_touches(bench: Bench) -> None:
    start = bench.canvas.node_rect(bench.id("flatten")).topLeft() - QPoint(20, 20)
    bench.drag(start, bench.canvas.node_rect(bench.id("head")).center())
    assert bench.canvas.selection == {bench.id("flatten"), bench.id("head")}


def test_a_box_with_shift_adds(bench: Bench) -> None:
    bench.click(bench.body("conv"))
    start = bench.canvas.node_rect(bench.id("flatten")).topLeft() - QPoint(20, 20)
    bench.drag(start, bench.canvas.node_rect(bench.id("flatten")).center(), SHIFT)
    assert bench.canvas.selection == {bench.id("flatten"), bench.id("conv")}


def test_dragging_moves_the_selection_over_the_grid_as_one_patch(bench: Bench) -> None:
    bench.canvas.set_zoom(1.0)
    bench.click(bench.body("conv"))
    bench.click(bench.body("relu"), SHIFT)
    bench.drag(bench.body("conv"), bench.body("conv") + QPoint(43, 18))
    positions = bench.document.positions
    assert positions[bench.id("conv")] == (480, 16)
    assert positions[bench.id("relu")] == (720, 16)
    assert len(bench.asked) == 1
    bench.history.undo()
    assert bench.document.positions[bench.id("conv")] == (440, 0)
    assert bench.canvas.graph_scene.nodes[bench.id("conv")].pos() == QPointF(440, 0)


def test_escape_puts_a_dragged_card_back(bench: Bench) -> None:
    bench.press(bench.body("conv"))
    bench.move(bench.body("conv") + QPoint(60, 60))
    bench.key(Qt.Key.Key_Escape)
    assert bench.canvas.graph_scene.nodes[bench.id("conv")].pos() == QPointF(440, 0)
    assert not bench.asked


def test_a_patch_in_the_middle_of_a_drag_ends_the_drag(bench: Bench) -> None:
    bench.press(bench.body("conv"))
    bench.move(bench.body("conv") + QPoint(60, 60))
    conv = bench.id("conv")
    bench.history.do(edit.remove(bench.document, [conv]))
    bench.move(bench.canvas.rect().center())
    bench.release(bench.canvas.rect().center())
    assert conv not in bench.canvas.graph_scene.nodes
    bench.history.undo()
    assert bench.canvas.graph_scene.nodes[conv].pos() == QPointF(440, 0)


def test_a_refused_move_snaps_back(bench: Bench) -> None:
    bench.canvas.patch_requested.disconnect(bench._do)
    bench.drag(bench.body("conv"), bench.body("conv") + QPoint(60, 60))
    assert bench.canvas.graph_scene.nodes[bench.id("conv")].pos() == QPointF(440, 0)


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_removes_a_node_with_its_wires_and_undo_brings_them_back(bench: Bench, key: Qt.Key) -> None:
    conv = bench.id("conv")
    bench.click(bench.body("conv"))
    bench.key(key)
    assert conv not in bench.canvas.graph_scene.nodes
    assert len(bench.canvas.graph_scene.wires) == 1
    assert bench.canvas.selection == frozenset()
    bench.history.undo()
    assert conv in bench.canvas.graph_scene.nodes
    assert len(bench.canvas.graph_scene.wires) == 2


def test_a_wire_is_selected_and_deleted(bench: Bench) -> None:
    middle = (bench.port("image", "out") + bench.port("conv", "input")) / 2
    bench.click(middle)
    assert bench.canvas.selection == frozenset()
    bench.key(Qt.Key.Key_Delete)
    assert ("image", "out", "conv", "input") not in bench.wires()


def test_all_are_selected_and_escape_clears(bench: Bench) -> None:
    bench.key(Qt.Key.Key_A, CONTROL)
    assert len(bench.canvas.selection) == 6
    bench.key(Qt.Key.Key_Escape)
    assert bench.canvas.selection == frozenset()


def test_arrows_walk_along_wires(bench: Bench) -> None:
    bench.click(bench.body("digits"))
    bench.key(Qt.Key.Key_Right)
    bench.key(Qt.Key.Key_Right)
    assert bench.canvas.selection == {bench.id("conv")}
    bench.key(Qt.Key.Key_Left)
    assert bench.canvas.selection == {bench.id("image")}
    bench.key(Qt.Key.Key_Right)
    bench.key(Qt.Key.Key_Down)
    assert bench.canvas.selection == {bench.id("flatten")}
    bench.key(Qt.Key.Key_Up, SHIFT)
    assert bench.canvas.selection == {bench.id("conv"), bench.id("flatten")}


def test_the_first_arrow_begins_at_the_beginning(bench: Bench) -> None:
    bench.key(Qt.Key.Key_Right)
    assert bench.canvas.selection == {bench.id("digits")}


def test_control_and_arrows_nudge_as_one_step(bench: Bench) -> None:
    bench.click(bench.body("conv"))
    for _ in range(3):
        bench.key(Qt.Key.Key_Down, CONTROL)
    assert bench.document.positions[bench.id("conv")] == (440, 24)
    bench.history.undo()
    assert bench.document.positions[bench.id("conv")] == (440, 0)


def test_f2_renames_in_place(bench: Bench) -> None:
    bench.click(bench.body("conv"))
    bench.key(Qt.Key.Key_F2)
    QTest.keyClicks(bench.canvas._rename.field, "stem")
    QTest.keyClick(bench.canvas._rename.field, Qt.Key.Key_Return)
    assert bench.document.graph.named("stem") is not None
    assert bench.canvas.graph_scene.nodes[bench.id("stem")].facts.name == "stem"
    assert bench.canvas.hasFocus()


@pytest.mark.parametrize("name", ["relu", "2x", "class", ""])
def test_a_name_that_cannot_be_is_marked_and_kept_open(bench: Bench, name: str) -> None:
    bench.click(bench.body("conv"))
    bench.key(Qt.Key.Key_F2)
    field = bench.canvas._rename.field
    field.setText(name)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.isVisible()
    assert field.toolTip()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()
    assert bench.document.graph.named("conv") is not None


def test_a_double_click_on_the_name_renames(bench: Bench) -> None:
    rect = bench.canvas.node_rect(bench.id("conv"))
    QTest.mouseDClick(
        bench.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.center().x(), rect.top() + 14)
    )
    assert bench.canvas._rename.field.isVisible()


def test_a_double_click_on_the_ground_searches_and_enter_adds_there(bench: Bench) -> None:
    at = bench.body("digits") + QPoint(0, 320)
    QTest.mouseDClick(bench.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    search = bench.canvas._searching.popup
    QTest.keyClicks(search.field, "gelu")
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    assert bench.canvas.node_rect(bench.id("gelu")).contains(at)
    assert bench.canvas.selection == {bench.id("gelu")}
    assert bench.canvas.hasFocus()


def test_tab_searches_and_arrows_choose(bench: Bench) -> None:
    QTest.keyClick(bench.canvas, Qt.Key.Key_Tab)
    search = bench.canvas._searching.popup
    assert search.isVisible()
    QTest.keyClicks(search.field, "conv")
    first = search.list.currentItem().text()
    QTest.keyClick(search.field, Qt.Key.Key_Down)
    assert search.list.currentItem().text() != first
    QTest.keyClick(search.field, Qt.Key.Key_Up)
    assert search.list.currentItem().text() == first
    QTest.keyClicks(search.field, "zzz")
    assert not search.list.isVisible()
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    assert not search.isVisible()
    [note] = bench.document.remarks.values()
    assert (note.kind, note.text) == ("note", "convzzz")


def _add_by_tab(bench: Bench, text: str) -> str:
    before = set(bench.document.graph.nodes)
    QTest.keyClick(bench.canvas, Qt.Key.Key_Tab)
    search = bench.canvas._searching.popup
    QTest.keyClicks(search.field, text)
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    (new,) = set(bench.document.graph.nodes) - before
    return new


def test_nodes_added_by_key_one_after_the_other_become_a_wired_row(bench: Bench) -> None:
    first, second, third = (_add_by_tab(bench, text) for text in ("gelu", "tanh", "relu"))
    assert [wire.target for wire in bench.document.graph.out_of(first)] == [second]
    assert [wire.target for wire in bench.document.graph.out_of(second)] == [third]
    assert bench.canvas.node_rect(first).right() < bench.canvas.node_rect(second).left()


def test_after_the_selection_has_gone_elsewhere_the_key_adds_at_the_cursor(bench: Bench) -> None:
    first = _add_by_tab(bench, "gelu")
    bench.canvas.set_selection(())
    _add_by_tab(bench, "tanh")
    assert not list(bench.document.graph.out_of(first))


def _drop(bench: Bench, kind: str, at: QPoint) -> None:
    data = QMimeData()
    data.setData(MIME, kind.encode())
    buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    view = bench.canvas.viewport()
    for event in (
        QDragEnterEvent(at, copy, data, buttons, none),
        QDragMoveEvent(at, copy, data, buttons, none),
        QDropEvent(QPointF(at), copy, data, buttons, none),
    ):
        QApplication.sendEvent(view, event)


def test_a_kind_from_the_palette_lands_under_the_cursor_on_the_grid(bench: Bench) -> None:
    at = bench.body("digits") + QPoint(0, 320)
    _drop(bench, "Dropout", at)
    place = bench.document.positions[bench.id("dropout")]
    assert place[0] % 8 == 0
    assert place[1] % 8 == 0
    assert bench.canvas.node_rect(bench.id("dropout")).contains(at)


def test_a_kind_dropped_on_a_wire_is_put_in_as_one_step(bench: Bench) -> None:
    middle = (bench.port("image", "out") + bench.port("conv", "input")) / 2
    _drop(bench, "BatchNorm2d", middle)
    name = next(node.name for node in bench.document.graph.nodes.values() if node.kind == "BatchNorm2d")
    assert ("image", "out", name, "input") in bench.wires()
    assert (name, "output", "conv", "input") in bench.wires()
    bench.history.undo()
    assert ("image", "out", "conv", "input") in bench.wires()
    assert bench.document.graph.named(name) is None


def test_what_cannot_stand_in_a_wire_is_only_added(bench: Bench) -> None:
    middle = (bench.port("image", "out") + bench.port("conv", "input")) / 2
    _drop(bench, "AdamW", middle)
    assert ("image", "out", "conv", "input") in bench.wires()
    assert any(node.kind == "AdamW" for node in bench.document.graph.nodes.values())


def test_an_unknown_kind_is_not_let_in(bench: Bench) -> None:
    _drop(bench, "Nonsense", bench.body("digits"))
    assert not bench.asked
    assert bench.canvas.graph_scene.guest is None


def _texts(menu: QMenu) -> list[str]:
    return [action.text().partition("\t")[0] for action in menu.actions() if not action.isSeparator()]


def test_the_menu_offers_what_fits_the_place(bench: Bench) -> None:
    node = context_menu(bench.canvas, bench.body("conv"))
    assert {"Rename", "Disconnect", "Delete"} <= set(_texts(node))
    next(action for action in node.actions() if action.text().startswith("Disconnect")).trigger()
    assert ("image", "out", "conv", "input") not in bench.wires()
    bench.history.undo()
    middle = (bench.port("image", "out") + bench.port("conv", "input")) / 2
    assert _texts(context_menu(bench.canvas, middle)) == ["Insert a node…", "Bend the wire", "Delete"]
    ground = context_menu(bench.canvas, bench.body("digits") + QPoint(0, 320))
    assert "Add a node…" in _texts(ground)


def test_a_change_by_others_is_followed(bench: Bench) -> None:
    bench.history.do(edit.set_params(bench.document.graph, bench.id("conv"), {"out_channels": 64}))
    assert bench.canvas.graph_scene.nodes[bench.id("conv")].facts.kind.startswith("Conv2d 64")


def test_an_empty_canvas_teaches(bench: Bench, qtbot: QtBot) -> None:
    empty = bench.canvas._frame.empty
    assert not empty.isVisible()
    bench.key(Qt.Key.Key_A, CONTROL)
    bench.key(Qt.Key.Key_Delete)
    assert empty.isVisible()
    buttons = {each.accessibleName(): each for each in empty.children() if hasattr(each, "clicked")}
    with qtbot.waitSignal(bench.canvas.add_requested) as heard:
        QTest.mouseClick(buttons["Add a dataset"], Qt.MouseButton.LeftButton)
    assert heard.args == ["Dataset"]
    with qtbot.waitSignal(bench.canvas.template_requested):
        QTest.mouseClick(buttons["Open a template"], Qt.MouseButton.LeftButton)


def test_a_low_canvas_leaves_the_sketch_of_a_network_out(bench: Bench, qapp: QApplication) -> None:
    bench.key(Qt.Key.Key_A, CONTROL)
    bench.key(Qt.Key.Key_Delete)
    empty = bench.canvas._frame.empty
    for high in (700, 380, 700):
        bench.canvas.resize(1200, high)
        qapp.processEvents()
        assert empty._outline.isVisible() == (high == 700)
        assert bench.canvas.rect().contains(empty.geometry())


def test_a_row_makes_room_for_a_card_that_is_dropped_on_a_short_wire(bench: Bench) -> None:
    bench.canvas.set_zoom(1.0)
    before = dict(bench.document.positions)
    middle = (bench.port("image", "out") + bench.port("conv", "input")) / 2
    _drop(bench, "ReLU", middle)
    scene = bench.canvas.graph_scene
    new = next(key for key in scene.nodes if key not in before)
    cards = {item.facts.name: item.scene_card() for item in scene.nodes.values()}
    row = [cards[name] for name in ("image", scene.nodes[new].facts.name, "conv", "relu")]
    assert all(first.right() + 40 <= second.left() for first, second in itertools.pairwise(row[:3]))
    assert not any(first.intersects(second) for first, second in itertools.combinations(cards.values(), 2))
    assert bench.document.positions[bench.id("head")] == before[bench.id("head")]
    assert bench.document.positions[bench.id("relu")][0] > before[bench.id("relu")][0]
    bench.history.undo()
    assert bench.document.positions == before
