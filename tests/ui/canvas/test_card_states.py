"""Cards that are bypassed, collapsed or commented: by their keys, by the menu, and as they are drawn."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.ui.canvas.conftest import Bench, add, small_document, wire

from netloom.graph import Document
from netloom.ui import theme
from netloom.ui.canvas.card import BUBBLE, HEADER, card
from netloom.ui.canvas.facts import Facts, PortFacts
from netloom.ui.canvas.node_item import NodeItem
from netloom.ui.canvas.words_field import WordsField

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def near(make_bench: Callable[[Document], Bench]) -> Bench:
    """A wired chain with a loss, at 100 %."""
    document = small_document()
    add(document, "CrossEntropyLoss", "loss", (1000, 320))
    wire(document, "conv", "output", "relu", "input")
    bench = make_bench(document)
    bench.canvas.resize(1600, 900)
    bench.canvas.set_zoom(1.0)
    bench.canvas.look_at(QPointF(500, 200))
    bench.canvas.settle()
    return bench


def _item(bench: Bench, name: str) -> NodeItem:
    return bench.canvas.graph_scene.nodes[bench.id(name)]


def _select(bench: Bench, *names: str) -> None:
    bench.canvas.set_selection([bench.id(name) for name in names])


def _field(bench: Bench) -> WordsField:
    [found] = [each for each in bench.canvas.findChildren(WordsField) if each.isVisible()]
    return found


def _is_bypassed(bench: Bench, *names: str) -> list[bool]:
    return [bench.document.graph.node(bench.id(name)).bypassed for name in names]


def _picture(bench: Bench) -> QImage:
    return bench.canvas.viewport().grab().toImage()


def _colour(bench: Bench, picture: QImage, place: QPointF) -> QColor:
    at = bench.canvas.mapFromScene(place)
    return picture.pixelColor(round(at.x() * picture.devicePixelRatio()), round(at.y() * picture.devicePixelRatio()))


def test_m_bypasses_and_takes_in_again(near: Bench) -> None:
    near.click(near.body("relu"))
    near.key(Qt.Key.Key_M)
    assert _is_bypassed(near, "relu") == [True]
    assert _item(near, "relu").facts.bypassed
    assert near.history.undo_label == "Bypass relu"
    near.key(Qt.Key.Key_M)
    assert _is_bypassed(near, "relu") == [False]
    assert near.history.undo_label == "Use relu again"
    near.history.undo()
    assert _item(near, "relu").facts.bypassed


def test_m_on_some_bypassed_nodes_bypasses_all_in_one_step(near: Bench) -> None:
    _select(near, "relu")
    near.key(Qt.Key.Key_M)
    _select(near, "relu", "conv", "loss")
    near.key(Qt.Key.Key_M)
    assert _is_bypassed(near, "relu", "conv", "loss") == [True, True, True]
    assert near.history.undo_label == "Bypass 2 nodes"
    near.key(Qt.Key.Key_M)
    assert _is_bypassed(near, "relu", "conv", "loss") == [False, False, False]


def test_where_data_comes_in_nothing_is_bypassed(near: Bench, qtbot: QtBot) -> None:
    _select(near, "digits")
    with qtbot.waitSignal(near.canvas.message_requested) as said:
        near.key(Qt.Key.Key_M)
    assert said.args is not None
    assert "digits" in said.args[0]
    assert not near.asked
    _select(near, "image", "relu")
    near.key(Qt.Key.Key_M)
    assert _is_bypassed(near, "image", "relu") == [False, True]


def test_a_bypassed_card_is_faint_and_dashed_with_a_line_to_its_output(near: Bench) -> None:
    item = _item(near, "relu")
    before = _picture(near)
    _select(near, "relu")
    near.key(Qt.Key.Key_M)
    near.canvas.set_selection(())
    near.move(QPoint(5, 5))
    after = _picture(near)
    look = near.canvas.look.look
    spot = item.pos() + QPointF(item.card.width - 12, item.card.height - 4)
    assert _colour(near, before, spot) == look.color("card")
    assert _colour(near, after, spot).name() == theme.mixed(look.color("canvas"), look.color("card"), 0.5).name()
    row = [item.pos() + QPointF(x, 16) for x in range(80, int(item.card.width) - 8)]
    line = [_colour(near, after, place).lightness() > 120 for place in row]
    assert any(line)
    assert not all(line)
    assert not any(_colour(near, before, place).lightness() > 120 for place in row)
    edge = [_colour(near, after, item.pos() + QPointF(x, item.card.height - 0.5)) for x in range(20, 100)]
    assert len({colour.name() for colour in edge}) > 1
    assert len({_colour(near, before, item.pos() + QPointF(x, item.card.height - 0.5)).name() for x in (30, 60)}) == 1


def test_h_shows_the_header_only_and_the_whole_again(near: Bench) -> None:
    near.click(near.body("conv"))
    whole = _item(near, "conv").card.height
    wire_before = near.canvas.graph_scene.wires[(near.id("relu"), "input", 0)].way
    near.key(Qt.Key.Key_H)
    item = _item(near, "conv")
    assert item.card.height == HEADER < whole
    assert item.card.width == 160
    assert near.history.undo_label == "Collapse conv"
    assert near.canvas.graph_scene.wires[(near.id("relu"), "input", 0)].way.points[0] == wire_before.points[0]
    assert near.canvas.graph_scene.node_at(item.pos() + QPointF(60, 60)) is None
    near.key(Qt.Key.Key_H)
    assert _item(near, "conv").card.height == whole
    near.history.undo()
    near.history.undo()
    assert not near.document.collapsed


def test_wires_follow_the_ports_of_a_collapsed_card(near: Bench) -> None:
    wire(near.document, "digits", "label", "loss", "target")
    _select(near, "digits", "loss")
    near.key(Qt.Key.Key_H)
    assert near.history.undo_label == "Collapse 2 nodes"
    way = near.canvas.graph_scene.wires[(near.id("loss"), "target", 0)].way
    source = _item(near, "digits").port_place("output", "label")
    target = _item(near, "loss").port_place("input", "target")
    assert way.points[0] == source
    assert way.points[-1] == target
    assert 0 < source.y() - _item(near, "digits").y() < HEADER
    near.history.undo()
    assert near.canvas.graph_scene.wires[(near.id("loss"), "target", 0)].way.points[0] != source


@pytest.mark.parametrize(("count", "apart"), [(1, True), (2, True), (3, True), (5, False)])
def test_ports_of_a_collapsed_card_are_apart_where_there_is_room(count: int, *, apart: bool) -> None:
    ports = tuple(PortFacts(f"p{index}", "float") for index in range(count))
    facts = Facts("n", "N", "linear", "linear", ports, (PortFacts("out", "float"),), collapsed=True)
    heights = [place.y() for place in card(facts).inputs]
    assert all(4 <= height <= HEADER - 4 for height in heights)
    assert (len(set(heights)) == count) == apart
    assert card(facts).outputs[0].y() == 16


def test_a_collapsed_card_keeps_its_problem_as_a_dot(near: Bench) -> None:
    item = _item(near, "loss")
    assert item.card.strip is not None
    _select(near, "loss")
    near.key(Qt.Key.Key_H)
    near.canvas.set_selection(())
    collapsed = _item(near, "loss").card
    assert collapsed.strip is None
    assert collapsed.fix is None
    severity = item.facts.trouble.severity if item.facts.trouble else ""
    corner = _colour(near, _picture(near), item.pos() + QPointF(item.card.width, 0))
    assert corner == near.canvas.look.look.color(severity)


def test_shift_c_writes_a_comment_in_one_step(near: Bench) -> None:
    near.click(near.body("conv"))
    near.key(Qt.Key.Key_C, SHIFT)
    QTest.keyClicks(_field(near), "Sixteen filters are enough")
    QTest.keyClick(_field(near), Qt.Key.Key_Return, CTRL)
    assert near.document.comments[near.id("conv")] == "Sixteen filters are enough"
    assert near.history.labels == ["Comment on conv"]
    item = _item(near, "conv")
    assert item.card.bubble is not None
    assert item.boundingRect().contains(item.card.bubble)
    near.key(Qt.Key.Key_C, SHIFT)
    assert _field(near).toPlainText() == "Sixteen filters are enough"
    QTest.keyClick(_field(near), Qt.Key.Key_Delete)
    QTest.keyClick(_field(near), Qt.Key.Key_Return, CTRL)
    assert not near.document.comments
    near.history.undo()
    assert near.document.comments


def test_escape_keeps_a_new_comment_and_takes_the_old_one_back(near: Bench) -> None:
    for typed in ("mind", "never mind"):
        _select(near, "conv")
        near.key(Qt.Key.Key_C, SHIFT)
        QTest.keyClicks(_field(near), typed)
        QTest.keyClick(_field(near), Qt.Key.Key_Escape)
        assert dict(near.document.comments) == {near.id("conv"): "mind"}
    assert near.canvas.selection == {near.id("conv")}


def _comment(bench: Bench, name: str, text: str) -> None:
    _select(bench, name)
    bench.key(Qt.Key.Key_C, SHIFT)
    _field(bench).setPlainText(text)
    QTest.keyClick(_field(bench), Qt.Key.Key_Return, CTRL)


def test_a_long_comment_is_cut_on_the_canvas_and_whole_in_the_tip(near: Bench, qtbot: QtBot) -> None:
    text = "Why so wide?\n" + "because " * 40 + "<b>it</b> works"
    _comment(near, "conv", text)
    item = _item(near, "conv")
    assert item.card.bubble is not None
    assert (item.card.bubble.width(), item.card.bubble.height()) == (2 * item.card.width, BUBBLE)
    at = near.canvas.mapFromScene(item.pos() + item.card.bubble.center())
    tip = QHelpEvent(QHelpEvent.Type.ToolTip, at, near.canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(near.canvas.viewport(), tip)
    labels = [each for each in QApplication.topLevelWidgets() if each.inherits("QTipLabel")]
    assert any("&lt;b&gt;it" in each.text() for each in labels)  # type: ignore[attr-defined]
    for each in labels:
        each.close()


def test_the_bubble_is_drawn_over_the_card_and_a_badge_from_further_away(near: Bench) -> None:
    _comment(near, "relu", "Dead units?")
    near.canvas.set_selection(())
    item = _item(near, "relu")
    bubble = QRectF(item.card.bubble or QRectF()).translated(item.pos())
    look = near.canvas.look.look
    assert _colour(near, _picture(near), bubble.topLeft() + QPointF(5, 4)) == look.color("overlay")
    near.canvas.set_zoom(0.5)
    near.canvas.settle()
    picture = _picture(near)
    above = [item.pos() + QPointF(x, -y) for x in range(0, 28, 2) for y in range(6, 30, 2)]
    ground = look.color("canvas")
    assert sum(abs(_colour(near, picture, each).lightness() - ground.lightness()) > 30 for each in above) > 8


def test_a_double_click_on_a_comment_writes_it(near: Bench) -> None:
    _comment(near, "relu", "Dead units?")
    near.canvas.set_selection(())
    item = _item(near, "relu")
    assert item.card.bubble is not None
    at = near.canvas.mapFromScene(item.pos() + item.card.bubble.center())
    QTest.mouseDClick(near.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert near.canvas.selection == {near.id("relu")}
    assert _field(near).toPlainText() == "Dead units?"
    QTest.keyClick(_field(near), Qt.Key.Key_Escape)


def test_the_menu_of_a_card_has_its_states(near: Bench, qtbot: QtBot) -> None:
    at = near.body("conv")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, near.canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(near.canvas.viewport(), event)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    qtbot.addWidget(popup)
    entries = {action.text().partition("\t")[0]: action for action in popup.actions()}
    entries["Bypass"].trigger()
    entries["Collapse"].trigger()
    assert _is_bypassed(near, "conv") == [True]
    assert near.document.collapsed == {near.id("conv"): True}


@pytest.mark.parametrize("zoom", [0.3, 0.2])
def test_a_bypassed_card_is_faint_from_far_away_too(near: Bench, zoom: float) -> None:
    near.canvas.set_zoom(zoom)
    near.canvas.settle()
    item = _item(near, "relu")
    spot = item.scene_card().topRight() + QPointF(-24, 24)
    before = _colour(near, _picture(near), spot)
    _select(near, "relu")
    near.key(Qt.Key.Key_M)
    near.canvas.set_selection(())
    after = _colour(near, _picture(near), spot)
    faint = theme.mixed(before, near.canvas.look.look.color("canvas"), 0.5)
    assert all(abs(one - two) <= 2 for one, two in zip(after.getRgb(), faint.getRgb(), strict=True))  # type: ignore[call-overload]
