"""Wiring with the mouse, on a shown canvas."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from tests.ui.canvas.conftest import Bench, add, wire

from netloom.graph import Patch, edit

ALT = Qt.KeyboardModifier.AltModifier


def test_a_wire_is_drawn_from_output_to_input(bench: Bench) -> None:
    bench.drag(bench.port("conv", "output"), bench.port("relu", "input"))
    assert ("conv", "output", "relu", "input") in bench.wires()


def test_a_wire_is_drawn_from_input_to_output(bench: Bench) -> None:
    bench.drag(bench.port("relu", "input"), bench.port("conv", "output"))
    assert ("conv", "output", "relu", "input") in bench.wires()


@pytest.mark.parametrize("zoom", [0.5, 0.41, 0.69])
@pytest.mark.parametrize("is_forward", [True, False])
def test_wires_are_drawn_from_further_away(bench: Bench, zoom: float, is_forward: bool) -> None:
    bench.canvas.set_zoom(zoom)
    start, end = bench.port("conv", "output") + QPoint(-4, 3), bench.port("relu", "input") + QPoint(4, -3)
    bench.drag(*((start, end) if is_forward else (end, start)))
    assert ("conv", "output", "relu", "input") in bench.wires()
    assert len(bench.asked) == 1


def test_ports_of_the_card_under_the_cursor_are_seen_from_further_away(bench: Bench) -> None:
    bench.canvas.set_zoom(0.5)
    bench.canvas.settle()
    at = bench.port("relu", "output")
    outside = QPoint(at.x() + 1, at.y())
    before = bench.canvas.viewport().grab().toImage().pixelColor(outside)
    bench.move(bench.body("relu"))
    assert bench.canvas.viewport().grab().toImage().pixelColor(outside) != before
    bench.move(at)
    assert bench.canvas.viewport().cursor().shape() == Qt.CursorShape.CrossCursor


def test_a_held_wire_shows_from_further_away_where_it_fits(bench: Bench) -> None:
    bench.canvas.set_zoom(0.5)
    bench.canvas.settle()
    end = bench.port("relu", "input")
    before = bench.canvas.viewport().grab().toImage().pixelColor(end)
    bench.press(bench.port("conv", "output"))
    bench.move(bench.port("conv", "output") + QPoint(20, 60))
    shown = bench.canvas.viewport().grab().toImage().pixelColor(end)
    assert shown != before
    assert shown == bench.canvas.look.look.color("ok")


def test_a_click_on_a_port_selects_its_card(bench: Bench) -> None:
    bench.canvas.set_zoom(0.5)
    bench.click(bench.port("relu", "input") + QPoint(3, 0))
    assert bench.canvas.selection == {bench.id("relu")}
    assert not bench.asked


def test_no_port_is_taken_hold_of_where_cards_are_too_small(bench: Bench) -> None:
    bench.canvas.set_zoom(0.3)
    before = bench.wires()
    bench.drag(bench.port("conv", "output") - QPoint(3, 0), bench.port("relu", "input"))
    assert bench.wires() == before


def test_undo_takes_a_wire_back(bench: Bench) -> None:
    before = bench.wires()
    bench.drag(bench.port("conv", "output"), bench.port("relu", "input"))
    bench.history.undo()
    assert bench.wires() == before
    assert len(bench.canvas.graph_scene.wires) == len(before)


def test_dropping_on_a_card_takes_its_first_port_that_fits(bench: Bench) -> None:
    bench.drag(bench.port("conv", "output"), bench.body("relu"))
    assert ("conv", "output", "relu", "input") in bench.wires()


def test_a_loop_is_refused_and_the_reason_travels_with_the_cursor(bench: Bench) -> None:
    bench.drag(bench.port("conv", "output"), bench.port("relu", "input"))
    before = bench.wires()
    bench.press(bench.port("relu", "output"))
    bench.move(bench.port("conv", "input"))
    assert "loop" in bench.canvas.hint.text
    bench.release(bench.port("conv", "input"))
    assert bench.wires() == before
    assert not bench.canvas.hint.isVisible()


def test_what_fits_has_a_green_ring_and_the_rest_fades(bench: Bench) -> None:
    nodes = bench.canvas.graph_scene.nodes
    bench.press(bench.port("conv", "output"))
    bench.move(bench.port("conv", "output") + QPoint(30, 60))
    assert nodes[bench.id("relu")].rings == {("input", 0): "ok"}
    assert nodes[bench.id("digits")].dimmed
    assert not nodes[bench.id("relu")].dimmed
    bench.key(Qt.Key.Key_Escape)
    assert not any(item.dimmed or item.rings for item in nodes.values())


def test_escape_leaves_everything_as_it_was(bench: Bench) -> None:
    before = bench.wires()
    bench.press(bench.port("conv", "output"))
    bench.move(bench.port("relu", "input"))
    bench.key(Qt.Key.Key_Escape)
    bench.release(bench.port("relu", "input"))
    assert bench.wires() == before
    assert not bench.asked


def test_taking_hold_of_an_input_moves_its_wire_as_one_step(bench: Bench) -> None:
    bench.drag(bench.port("conv", "input"), bench.port("flatten", "input"))
    assert ("image", "out", "flatten", "input") in bench.wires()
    assert ("image", "out", "conv", "input") not in bench.wires()
    assert len(bench.asked) == 1
    bench.history.undo()
    assert ("image", "out", "conv", "input") in bench.wires()


def test_a_moved_wire_dropped_on_nothing_goes(bench: Bench) -> None:
    bench.drag(bench.port("conv", "input"), bench.port("conv", "input") + QPoint(-40, 200))
    assert ("image", "out", "conv", "input") not in bench.wires()


def test_a_moved_wire_dropped_where_it_was_stays(bench: Bench) -> None:
    bench.drag(bench.port("conv", "input"), bench.port("conv", "input") + QPoint(5, 2))
    assert ("image", "out", "conv", "input") in bench.wires()
    assert not bench.asked


def test_a_shape_that_does_not_suit_is_offered_a_fix(bench: Bench) -> None:
    bench.history.do(
        _set(bench, "head", {"in_features": 7, "out_features": 10}),
    )
    at = bench.port("head", "input")
    bench.drag(bench.port("conv", "output"), at)
    assert ("conv", "output", "head", "input") not in bench.wires()
    assert bench.canvas.hint.isVisible()
    button = bench.canvas.hint._anyway
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert ("conv", "output", "head", "input") in bench.wires()
    assert not bench.canvas.hint.isVisible()


def test_the_fix_of_the_hint_is_made(bench: Bench) -> None:
    bench.history.do(_set(bench, "head", {"in_features": 7, "out_features": 10}))
    bench.drag(bench.port("conv", "output"), bench.port("head", "input"))
    fix = bench.canvas.hint._fix
    assert fix.isVisible()
    QTest.mouseClick(fix, Qt.MouseButton.LeftButton)
    assert any(target == "head" for _, _, target, _ in bench.wires())


def test_alt_connects_in_spite_of_the_shape(bench: Bench) -> None:
    bench.history.do(_set(bench, "head", {"in_features": 7, "out_features": 10}))
    bench.drag(bench.port("conv", "output"), bench.port("head", "input"), ALT)
    assert ("conv", "output", "head", "input") in bench.wires()


def test_a_problem_on_a_card_is_fixed_with_one_click(bench: Bench) -> None:
    bench.history.do(_set(bench, "head", {"in_features": 7, "out_features": 10}))
    bench.drag(bench.port("conv", "output"), bench.port("head", "input"), ALT)
    item = bench.canvas.graph_scene.nodes[bench.id("head")]
    assert item.facts.trouble is not None
    assert item.card.fix is not None
    at = bench.canvas.mapFromScene(item.card.fix.center() + item.pos())
    bench.click(at)
    assert "in_features" not in bench.document.graph.node(bench.id("head")).params
    assert all(problem.severity != "error" for problem in bench.plan.problems if problem.node == bench.id("head"))


def test_a_wire_dropped_on_empty_canvas_searches_and_connects(bench: Bench) -> None:
    end = bench.port("relu", "output") + QPoint(120, 60)
    bench.drag(bench.port("relu", "output"), end)
    search = bench.canvas._searching.popup
    assert search.isVisible()
    QTest.keyClicks(search.field, "dropout")
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    assert ("relu", "output", "dropout", "input") in bench.wires()
    bench.history.undo()
    assert bench.document.graph.named("dropout") is None


def test_the_search_of_a_wire_leaves_out_what_cannot_fit(bench: Bench) -> None:
    bench.drag(bench.port("relu", "output"), bench.port("relu", "output") + QPoint(120, 60))
    kinds = {
        bench.canvas._searching.popup.list.item(row).text() for row in range(bench.canvas._searching.popup.list.count())
    }
    assert "Conv2d" in kinds
    assert "Dataset" not in kinds
    assert "Adam" not in kinds
    QTest.keyClick(bench.canvas._searching.popup.field, Qt.Key.Key_Escape)
    assert not bench.canvas._searching.popup.isVisible()


def _set(bench: Bench, name: str, values: dict[str, object]) -> Patch:
    return edit.set_params(bench.document.graph, bench.id(name), values)  # type: ignore[arg-type]


def test_of_two_labels_that_say_the_same_one_is_shown(bench: Bench) -> None:
    bench.drag(bench.port("conv", "output"), bench.port("relu", "input"))
    bench.drag(bench.port("conv", "output"), bench.port("flatten", "input"))
    wires = [item for item in bench.canvas.graph_scene.wires.values() if item.wire.source == bench.id("conv")]
    assert {item.label for item in wires} == {"N×16×6×6"}
    direct = next(item for item in wires if not item.way.along_lane)
    assert len(wires) == 2
    bench.history.undo()
    assert not direct.is_twin


def test_a_card_without_such_a_port_says_so(bench: Bench) -> None:
    bench.press(bench.port("conv", "output"))
    bench.move(bench.body("digits") + QPoint(0, 60))
    bench.move(bench.body("digits"))
    assert bench.canvas.hint.text == "digits has no inputs."
    bench.release(bench.body("digits"))
    assert not bench.asked
    assert bench.canvas.hint.text == ""


def test_wires_to_two_ports_of_one_card_do_not_lie_on_each_other(bench: Bench) -> None:
    add(bench.document, "CrossEntropyLoss", "loss", (0, 360))
    wire(bench.document, "relu", "output", "loss", "input")
    wire(bench.document, "digits", "label", "loss", "target")
    ways = [each.way for each in bench.canvas.graph_scene.wires.values() if each.wire.target == bench.id("loss")]
    assert all(way.along_lane for way in ways)
    upper, lower = sorted(ways, key=lambda way: way.points[-1].y())
    assert lower.points[-2].x() < upper.points[-2].x() - 4
