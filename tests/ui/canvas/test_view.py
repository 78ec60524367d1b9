"""Zoom, panning, levels of detail, live pictures, and many nodes."""

import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.canvas.conftest import Bench

from netloom.graph import Change, Document, Node, Patch, Wire, edit
from netloom.training.events import Preview
from netloom.ui import theme


def _wheel(
    bench: Bench, at: QPoint, turn: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    view = bench.canvas.viewport()
    place = QPointF(view.mapToGlobal(at))
    event = QWheelEvent(
        QPointF(at),
        place,
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


@pytest.mark.parametrize("turn", [120, -120, 480])
def test_the_wheel_zooms_at_the_cursor(bench: Bench, turn: int) -> None:
    at = bench.port("conv", "input")
    before, zoom = bench.canvas.mapToScene(at), bench.canvas.zoom
    _wheel(bench, at, turn)
    after = bench.canvas.mapToScene(at)
    assert (bench.canvas.zoom > zoom) == (turn > 0)
    assert (after - before).manhattanLength() < 3


def test_zoom_has_ends(bench: Bench) -> None:
    bench.canvas.set_zoom(1000)
    assert bench.canvas.zoom == 4.0
    bench.canvas.set_zoom(0)
    assert bench.canvas.zoom == 0.05


@pytest.mark.parametrize("button", ["middle", "space"])
def test_the_ground_is_dragged(bench: Bench, button: str) -> None:
    before = bench.canvas.mapToScene(QPoint(100, 100))
    held = Qt.MouseButton.MiddleButton if button == "middle" else Qt.MouseButton.LeftButton
    view = bench.canvas.viewport()
    if button == "space":
        QTest.keyPress(bench.canvas, Qt.Key.Key_Space)
    QTest.mousePress(view, held, pos=QPoint(200, 200))
    QTest.mouseMove(view, QPoint(250, 230))
    QTest.mouseRelease(view, held, pos=QPoint(250, 230))
    QTest.keyRelease(bench.canvas, Qt.Key.Key_Space)
    assert (bench.canvas.mapToScene(QPoint(150, 130)) - before).manhattanLength() < 2
    assert bench.canvas.selection == frozenset()


def test_home_shows_everything_and_f_the_selection(bench: Bench) -> None:
    bench.canvas.set_zoom(3.0)
    bench.key(Qt.Key.Key_Home)
    shown = bench.canvas.viewport().rect()
    assert all(shown.contains(bench.canvas.node_rect(key)) for key in bench.canvas.graph_scene.nodes)
    bench.canvas.set_selection((bench.id("head"),))
    bench.key(Qt.Key.Key_F)
    middle = bench.canvas.node_rect(bench.id("head")).center()
    assert abs(middle.x() - shown.center().x()) < 40


def test_a_node_is_brought_to_the_middle(bench: Bench) -> None:
    bench.canvas.set_zoom(0.2)
    bench.canvas.centre_on(bench.id("head"))
    assert bench.canvas.zoom == 1.0
    assert (
        bench.canvas.node_rect(bench.id("head")).center() - bench.canvas.viewport().rect().center()
    ).manhattanLength() < 4


def test_a_node_that_is_well_in_sight_stays_where_it_is(bench: Bench) -> None:
    bench.canvas.set_zoom(1.0)
    bench.canvas.centre_on(bench.id("head"))
    bench.canvas.scroll_by(QPoint(40, 30))
    before = bench.canvas.node_rect(bench.id("head"))
    bench.canvas.centre_on(bench.id("head"))
    assert bench.canvas.node_rect(bench.id("head")) == before
    bench.canvas.scroll_by(QPoint(5000, 0))
    bench.canvas.centre_on(bench.id("head"))
    assert abs(bench.canvas.node_rect(bench.id("head")).center().x() - bench.canvas.viewport().width() / 2) < 4


def _grab(bench: Bench) -> QImage:
    bench.canvas.settle()
    return bench.canvas.viewport().grab().toImage()


def _counted(image: QImage, color: QColor) -> int:
    data = np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint32) & 0xFFFFFF
    return int((data == (color.rgb() & 0xFFFFFF)).sum())


def test_far_away_cards_are_blocks_in_the_color_of_their_category(bench: Bench) -> None:
    color = theme.current().category("convolution")
    bench.canvas.set_zoom(1.0)
    near = _counted(_grab(bench), color)
    bench.canvas.set_zoom(0.2)
    rect = bench.canvas.node_rect(bench.id("conv"))
    far = _counted(_grab(bench), color)
    assert far > 0.5 * rect.width() * rect.height()
    assert near < 400


@pytest.mark.parametrize("zoom", [1.0, 0.9, 0.55, 0.33, 0.15, 2.0])
@pytest.mark.parametrize("name", ["dark", "light"])
def test_every_level_of_detail_is_drawn_in_both_themes(
    bench: Bench, qapp: QApplication, zoom: float, name: str
) -> None:
    theme.apply(qapp, name)  # type: ignore[arg-type]
    bench.canvas.set_selection((bench.id("conv"),))
    bench.canvas.set_zoom(zoom)
    image = _grab(bench)
    assert _counted(image, theme.current().color("canvas")) > 1000
    assert _counted(image, theme.current().color("accent")) > 20
    theme.apply(qapp, "dark")


def test_shapes_stand_above_wires_when_near(bench: Bench) -> None:
    wire = next(item for item in bench.canvas.graph_scene.wires.values() if item.wire.source == bench.id("image"))
    assert wire.label == "N×1×8×8"
    assert wire.details == "N×1×8×8 float32"


def test_a_preview_is_drawn_in_its_well_and_nowhere_else(bench: Bench) -> None:
    bench.canvas.set_zoom(1.0)
    before = _grab(bench)
    rng = np.random.default_rng(0)
    data = rng.random((16, 6, 6), dtype=np.float32)
    bench.canvas.set_previews({bench.id("conv"): Preview("maps", data, 0, 1, 0.5, 0.3, (16, 6, 6))})
    after = _grab(bench)
    item = bench.canvas.graph_scene.nodes[bench.id("conv")]
    assert item.card.well is not None
    well = bench.canvas.mapFromScene(item.card.well.translated(item.pos())).boundingRect()
    changed = _changed(before, after)
    assert changed
    assert all(well.adjusted(-2, -2, 2, 2).contains(point) for point in changed)
    bench.canvas.set_previews({})
    assert not _changed(before, _grab(bench))


def _changed(first: QImage, second: QImage) -> list[QPoint]:
    ends = [
        np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint32).reshape(
            image.height(), -1
        )
        for image in (first, second)
    ]
    return [QPoint(int(x), int(y)) for y, x in zip(*np.nonzero(ends[0] != ends[1]), strict=True)]


def test_a_curve_and_its_value_are_drawn_on_a_loss(bench: Bench, make_bench: Callable[[Document], Bench]) -> None:
    del bench
    document = Document()
    document.apply(Patch("Add", (Change("node", "l", None, Node("l", "MSELoss", "loss")),)))
    loss = make_bench(document)
    before = _grab(loss)
    loss.canvas.set_curves({"l": (np.array([3.0, 2.0, np.nan, 1.0]), "1.000")})
    assert _changed(before, _grab(loss))


def test_the_minimap_leads_there(bench: Bench) -> None:
    bench.canvas.set_zoom(2.0)
    minimap = bench.canvas._frame.minimap
    minimap.grab()
    QTest.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(80, 50))
    middle = bench.canvas.seen().center()
    assert (middle - bench.canvas.graph_scene.content().center()).manhattanLength() < 12


def test_overlays_ask_and_follow(bench: Bench, qtbot: QtBot) -> None:
    frame = bench.canvas._frame
    with qtbot.waitSignal(bench.canvas.preview_mode_requested) as heard:
        QTest.mouseClick(frame.modes._buttons["Weights"], Qt.MouseButton.LeftButton)
    assert heard.args == ["weights"]
    bench.canvas.set_preview_mode("off")
    assert frame.modes.value == "Off"
    bench.canvas.set_zoom(0.5)
    assert frame.zoom._percent.text() == "50 %"
    assert frame.title._count.text() == "6 nodes"


def _chain(count: int) -> Document:
    nodes = [Node(f"n{i}", "ReLU", f"relu{i}") for i in range(count)]
    wires = [Wire(f"n{i}", "output", f"n{i + 1}", "input") for i in range(count - 1)]
    document = Document(positions={f"n{i}": (i % 40 * 232.0, i // 40 * 160.0) for i in range(count)})
    changes = [Change("node", node.id, None, node) for node in nodes]
    document.graph.apply([*changes, *(Change("wire", wire.key, None, wire) for wire in wires)])
    return document


def test_a_thousand_nodes_are_shown_and_moved_at_once(make_bench: Callable[[Document], Bench]) -> None:
    start = time.process_time()
    bench = make_bench(_chain(1000))
    bench.canvas.grab()
    built = time.process_time() - start
    costs = []
    for step in range(5):
        start = time.process_time()
        bench.canvas.graph_scene.move({"n500": (step * 8.0, 0.0)})
        bench.canvas.viewport().grab()
        costs.append(time.process_time() - start)
    assert built < 5
    assert min(costs) < 0.2
    bench.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    bench.key(Qt.Key.Key_Delete)
    assert not bench.canvas.graph_scene.nodes
    bench.history.undo()
    assert len(bench.canvas.graph_scene.nodes) == 1000
    assert len(bench.canvas.graph_scene.wires) == 999


def test_space_drags_the_ground_even_right_after_a_click(bench: Bench) -> None:
    view, at = bench.canvas.viewport(), bench.body("digits") + QPoint(0, 320)
    bench.click(at)
    before = bench.canvas.mapFromScene(0, 0)
    QTest.keyPress(bench.canvas, Qt.Key.Key_Space)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    bench.press(at)
    bench.move(at + QPoint(-60, -40))
    bench.release(at + QPoint(-60, -40))
    QTest.keyRelease(bench.canvas, Qt.Key.Key_Space)
    assert not bench.canvas._searching.popup.isVisible()
    assert bench.canvas.mapFromScene(0, 0) - before == QPoint(-60, -40)


def test_a_wire_says_what_flows_while_the_cursor_is_on_it(bench: Bench) -> None:
    bench.canvas.set_zoom(1.0)
    middle = (bench.port("image", "out") + bench.port("conv", "input")) / 2
    item = next(each for each in bench.canvas.graph_scene.wires.values() if each.wire.source == bench.id("image"))
    plain = _grab(bench)
    bench.move(middle)
    assert item.hovered
    lit = _grab(bench)
    assert _counted(lit, theme.current().color("overlay")) > _counted(plain, theme.current().color("overlay")) + 500
    assert _counted(lit, theme.current().color("wire-hover")) > _counted(plain, theme.current().color("wire-hover"))
    bench.click(middle)
    bench.move(bench.body("digits") + QPoint(0, 320))
    assert not item.hovered
    assert _counted(_grab(bench), theme.current().color("accent")) > 50
    bench.key(Qt.Key.Key_Delete)
    assert ("image", "out", "conv", "input") not in bench.wires()


def test_the_title_can_be_read_over_a_card(bench: Bench) -> None:
    title = bench.canvas._frame.title
    bench.canvas.set_zoom(1.0)
    bench.canvas.look_at(bench.canvas.graph_scene.nodes[bench.id("digits")].scene_card().center())
    bench.canvas.scroll_by(title.geometry().center() - bench.canvas.node_rect(bench.id("digits")).center())
    corner = title.geometry().topLeft() + QPoint(3, title.height() // 2)
    ground = bench.canvas.grab().toImage().pixelColor(corner)
    assert abs(ground.lightness() - theme.current().color("canvas").lightness()) < 12


def test_cards_keep_their_size_while_shapes_are_unknown(bench: Bench) -> None:
    bench.drag(bench.port("conv", "output"), bench.port("relu", "input"))
    item = bench.canvas.graph_scene.nodes[bench.id("relu")]
    well = item.card.well
    assert well is not None
    graph = bench.document.graph
    lost = next(wire for wire in graph.wires.values() if wire.target == bench.id("conv"))
    bench.history.do(edit.remove(bench.document, wires=[lost]))
    assert not bench.plan.nodes[bench.id("relu")].outputs
    assert item.card.well == well
    bench.history.undo()
    assert item.card.well == well


def test_a_card_takes_a_new_shape_as_soon_as_it_is_known(bench: Bench) -> None:
    item = bench.canvas.graph_scene.nodes[bench.id("digits")]
    assert item.card.well is not None
    bench.history.do(edit.set_params(bench.document.graph, bench.id("digits"), {"source": "iris"}))
    assert item.card.well is None


def test_a_problem_is_told_over_other_cards(bench: Bench) -> None:
    nodes = bench.canvas.graph_scene.nodes
    head, digits = nodes[bench.id("head")], nodes[bench.id("digits")]
    assert head.facts.trouble is not None
    bench.history.do(edit.move(bench.document, {digits.key: (head.x(), head.y() + head.card.height - 30)}))
    assert digits.facts.trouble is None
    shared = QPointF(head.scene_card().center().x(), head.scene_card().bottom() - 4)
    assert bench.canvas.graph_scene.node_at(shared) is head
    bench.click(bench.canvas.mapFromScene(digits.scene_card().center()))
    assert bench.canvas.selection == {digits.key}
