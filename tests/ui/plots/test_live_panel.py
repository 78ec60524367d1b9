import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from netloom.ui import theme
from netloom.ui.plots import live_panel
from netloom.ui.plots.live_panel import LivePanel
from netloom.ui.plots.marks import Mark


@pytest.fixture
def panel(qtbot) -> LivePanel:
    made = LivePanel()
    qtbot.addWidget(made)
    made.resize(1104, 224)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown_cards(panel: LivePanel) -> list[QWidget]:
    cards = [*panel.cards(), panel.gradients, panel.confusion, panel.decision]
    return [card for card in cards if card.isVisible()]


def test_before_a_run_it_says_what_to_do(panel):
    label = next(label for label in panel.findChildren(QLabel) if label.isVisible())
    assert label.text() == "Curves appear with the first step. Press Train."


def test_a_run_fills_the_title_rows(panel, stream, monkeypatch):
    monkeypatch.setattr(live_panel, "TELL_EVERY", 0.0)
    panel.set_progress(stream.progress)
    stream.epochs(12)
    panel.refresh()
    assert panel.losses["loss"].title.text == "Loss train 0.050 val 0.105"
    assert panel.metrics["accuracy"].title.text == "Accuracy train 100.0 % val 100.0 %"
    assert panel.confusion.title.text == "Confusion, val 4 of 354 wrong"
    assert "learning rate 7.3e-4" in panel.strip.text
    assert "samples per second 3,480" in panel.strip.text
    assert panel.strip.text.startswith("11 s left")


def test_only_what_there_is_something_to_show_of_has_room(panel, streams, boundary):
    regression = streams(metrics=())
    regression.epochs(2, confusion=False)
    panel.set_progress(regression.progress)
    assert shown_cards(panel) == [panel.losses["loss"]]
    regression.probe({}, {"a": 0.1})
    panel.refresh()
    assert shown_cards(panel) == [panel.losses["loss"], panel.gradients]
    regression.probe({}, {"a": 0.1}, boundary)
    panel.refresh()
    assert panel.decision in shown_cards(panel)


def test_the_boundary_takes_the_place_of_the_confusion_matrix(panel, stream, boundary):
    stream.epochs(1)
    stream.probe({}, {}, boundary)
    panel.set_progress(stream.progress)
    assert panel.decision.isVisible()
    assert not panel.confusion.isVisible()
    assert panel.decision.title.text == "Decision boundary 2 points"


def test_nothing_is_done_without_news(panel, stream, monkeypatch):
    stream.epochs(2)
    panel.set_progress(stream.progress)
    redrawn = []
    monkeypatch.setattr(panel.losses["loss"], "redraw", lambda **_: redrawn.append(1))
    panel.refresh()
    assert not redrawn
    stream.losses([0.1])
    panel.refresh()
    assert redrawn == [1]


def test_a_hidden_panel_catches_up_when_it_is_shown(panel, stream):
    panel.set_progress(stream.progress)
    panel.hide()
    stream.epochs(3)
    panel.refresh()
    assert panel.losses["loss"].trace.count == 0
    panel.show()
    assert panel.losses["loss"].trace.count == stream.step


def test_a_plot_without_news_is_not_repainted(panel, stream, qtbot):
    stream.epochs(3)
    stream.probe({}, {"conv": 0.2})
    panel.set_progress(stream.progress)
    qtbot.wait(50)
    painted = {
        name: count_paints(view) for name, view in (("matrix", panel.confusion.matrix), ("bars", panel.gradients.bars))
    }
    stream.losses([0.1, 0.2])
    panel.refresh()
    qtbot.wait(50)
    assert painted == {"matrix": [], "bars": []}
    stream.probe({}, {"conv": 0.3})
    panel.refresh()
    qtbot.wait(50)
    assert painted["bars"]
    assert not painted["matrix"]


def count_paints(view: QWidget) -> list[int]:
    painted: list[int] = []
    paint = view.paintEvent
    view.paintEvent = lambda event: (painted.append(1), paint(event))[1]
    return painted


def test_the_next_run_begins_with_empty_plots(panel, streams):
    first, second = streams(), streams()
    first.epochs(5)
    panel.set_progress(first.progress)
    second.losses([0.5] * 10)
    panel.set_progress(second.progress)
    assert panel.losses["loss"].trace.count == 10
    assert panel.losses["loss"].title.text == "Loss train 0.500 val –"
    panel.set_progress(None)
    assert not panel.losses


def test_the_crosshair_reads_all_plots_at_the_same_step(panel, stream, qtbot):
    stream.epochs(10)
    panel.set_progress(stream.progress)
    qtbot.wait(20)
    chart = panel.losses["loss"].chart
    box = chart.box
    place = chart.mapFromScene(box.mapViewToScene(box.viewRect().center()))
    x = box.viewRect().center().x()
    QTest.mouseMove(chart.viewport(), place + QPoint(1, 1))
    qtbot.wait(20)
    step = next(part for part in panel.losses["loss"].title.text.split() if part.isdigit())
    assert abs(int(step) - x) < 5
    assert f"step {step}" in panel.metrics["accuracy"].title.text
    panel.metrics["accuracy"].chart.hovered.emit(None)
    assert "step" not in panel.losses["loss"].title.text


def test_layers_are_named_and_ordered_by_the_names_given(panel, stream):
    panel.gradients.set_names({"n2": "first", "n1": "second"})
    stream.probe({}, {"n1": 0.1, "n2": 0.2, "n3": 0.3})
    panel.set_progress(stream.progress)
    assert [name for name, _ in panel.gradients.bars.shown()] == ["first", "second", "n3"]


def test_many_layers_show_those_with_the_largest_norms(panel, stream):
    stream.probe({}, {f"layer{place}": float(place + 1) for place in range(60)})
    panel.set_progress(stream.progress)
    names = [name for name, _ in panel.gradients.bars.shown()]
    assert "layer59" in names
    assert "layer0" not in names
    assert panel.gradients.title.text.endswith(f"{len(names)} of 60")


def test_a_cell_of_the_matrix_speaks(panel, stream):
    stream.epochs(1)
    panel.set_progress(stream.progress)
    matrix = panel.confusion.matrix
    assert matrix.cell_text(8, 1) == "8 taken for 1: 4"
    cell = matrix.cell_at(QPoint(matrix.width() - 1, matrix.height() - 1))
    assert cell is None
    across = [x for x in range(matrix.width()) if matrix.cell_at(QPoint(x, 2))]
    assert matrix.cell_at(QPoint(across[0] + 1, 2)) == (0, 0)
    assert abs((across[0] - 16) - (matrix.width() - 1 - across[-1])) <= 1, "the matrix stands in the middle"


def test_both_themes_are_live(panel, stream, qapp, qtbot):
    stream.epochs(4)
    panel.set_progress(stream.progress)
    for name in ("light", "dark"):
        theme.apply(qapp, name)
        qtbot.wait(20)
        picture = panel.grab().toImage()
        assert picture.pixelColor(3, 3) == theme.current().color("panel")
        card = panel.losses["loss"]
        colours = {picture.pixelColor(x, y).rgb() for x in range(40, card.width()) for y in range(40, card.height())}
        assert theme.current().plot(1).rgb() in colours
        assert theme.current().color("line").rgb() in colours


def test_the_best_epoch_is_marked(panel, stream):
    stream.epochs(6)
    panel.set_progress(stream.progress)
    assert panel.losses["loss"].marks.shown == [Mark(stream.step, "best 0.200")]


def test_changes_of_the_run_are_marked_beside_the_best_epoch(panel, stream):
    stream.epochs(4)
    panel.set_progress(stream.progress)
    stream.change("rate 0.001")
    stream.epochs(2)
    panel.refresh()
    marks = panel.losses["loss"].marks.shown
    assert [mark.text for mark in marks if "rate" in mark.text] == ["rate 0.001"]
    assert len(marks) == 2
    assert [mark.step for mark in panel.metrics["accuracy"].marks.shown] == [4 * 45]


def test_the_start_of_a_falling_loss_does_not_squeeze_the_rest(panel, stream):
    stream.epochs(40)
    stream.end()
    panel.set_progress(stream.progress)
    low, high = panel.losses["loss"].chart.box.viewRange()[1]
    assert low == pytest.approx(0, abs=0.05)
    assert high < 1.5


def test_a_loss_that_rises_at_the_end_stays_in_sight(panel, stream):
    stream.epochs(10)
    stream.losses(np.full(40, 9.0))
    stream.end()
    panel.set_progress(stream.progress)
    assert panel.losses["loss"].chart.box.viewRange()[1][1] >= 9


def test_refreshing_is_fast(panel, stream):
    import time

    stream.epochs(20)
    panel.set_progress(stream.progress)
    times = []
    for _ in range(60):
        stream.losses(np.random.default_rng(0).random(10))
        stream.probe({}, {"a": 0.1})
        began = time.perf_counter()
        panel.refresh()
        times.append(time.perf_counter() - began)
    assert np.median(times) < 8e-3


@pytest.mark.parametrize(("state", "word"), [("paused", "Paused"), ("finished", "Finished"), ("failed", "Failed")])
def test_the_strip_tells_the_state(panel, stream, state, word):
    stream.losses([0.5])
    stream.progress.state = state
    panel.set_progress(stream.progress)
    assert panel.strip.text.startswith(word)
    assert set(live_panel.STATES) >= {state}


def test_decision_points_lie_on_their_side(panel, stream, boundary, qtbot):
    stream.epochs(1)
    stream.probe({}, {}, boundary)
    panel.set_progress(stream.progress)
    qtbot.wait(20)
    view = panel.decision.view
    picture, room = view.grab().toImage(), view.room()
    above, below = (
        QPoint(room.center().x(), room.top() + room.height() // 4),
        QPoint(room.center().x(), room.top() + 3 * room.height() // 4),
    )
    assert picture.pixelColor(above).rgb() == theme.current().plot(1).rgb()
    assert picture.pixelColor(below).rgb() == theme.current().plot(0).rgb()
    corner = picture.pixelColor(room.left() + 2, room.top() + 2)
    assert corner.red() > corner.blue()
    assert Qt.GlobalColor.transparent != corner


def test_the_end_of_a_run_says_how_long_it_took(panel, stream):
    stream.epochs(2)
    stream.end()
    panel.set_progress(stream.progress)
    assert panel.strip.text.startswith("Finished, 2 epochs in 1 s")
