from types import SimpleNamespace

import numpy as np
import pytest

from netloom.ui import theme
from netloom.ui.plots import node_view
from netloom.ui.plots.node_view import NodeView


@pytest.fixture
def view(qtbot) -> NodeView:
    made = NodeView()
    qtbot.addWidget(made)
    made.resize(288, 640)
    made.show()
    qtbot.waitExposed(made)
    return made


def plan_of(**parts: str):
    nodes = {key: SimpleNamespace(node=SimpleNamespace(name=key, parent=""), part=part) for key, part in parts.items()}
    return SimpleNamespace(nodes=nodes)


PLAN = plan_of(conv="model", loss="objective")


def words(view: NodeView) -> list[str]:
    return [row.text for row in (view.title, view.picture_title, view.spread_title, view.std_title)]


def test_a_long_name_does_not_widen_the_view(view):
    name = "convolution_with_a_very_long_name_that_is_not_over"
    plan = plan_of(**{name: "model"})
    view.set_node(name, plan)
    assert view.minimumSizeHint().width() < 256
    metrics = view.empty.fontMetrics()
    lines = view.empty.text().replace("\u200b", " ").split()
    assert max(metrics.horizontalAdvance(part) for part in lines) < 256
    assert view.empty.text().replace("\u200b", "") == f"Nothing has gone through {name} yet. Press Train."


def test_inside_a_block_nobody_is_sent_to_train(view):
    plan = plan_of(conv="model")
    plan.nodes["conv"].node.parent = "b1"
    view.set_node("conv", plan)
    assert view.empty.text().startswith("conv is inside a block.")


def test_empty_states_are_words(view, stream):
    assert view.empty.text() == "Select a node to see inside it."
    view.set_node("conv", PLAN)
    assert view.empty.text() == "Nothing has gone through conv yet. Press Train."
    view.set_progress(stream.progress)
    view.set_node("loss", PLAN)
    assert view.empty.text() == "loss puts out nothing to look at."
    assert view.empty.isVisible()


def test_maps_are_described(view, stream, preview):
    stream.losses([0.1] * 607)
    stream.probe({"conv": preview("maps", np.linspace(-0.6, 0.6, 16 * 64).reshape(16, 8, 8))})
    view.set_progress(stream.progress)
    view.set_node("conv", PLAN)
    assert words(view) == [
        "Inside step 607",
        "Activations, 16 maps of 8×8 −0.60 to 0.60",
        "Values mean 0 std 0.35",
        "Activation, std 0.35",
    ]
    assert view.picture.isVisible()
    assert not view.empty.isVisible()


@pytest.mark.parametrize(
    ("kind", "data", "shape", "text"),
    [
        ("maps", np.ones((64, 8, 8)), (128, 8, 8), "64 of 128 maps of 8×8"),
        ("maps", np.ones((1, 8, 8)), (1, 8, 8), "1 map of 8×8"),
        ("grid", np.ones((5, 7)), (5, 7), "5×7"),
        ("vector", np.ones(10), (10,), "10"),
        ("histogram", np.ones(32), (256,), "256"),
    ],
)
def test_what_is_shown_is_said(view, stream, preview, kind, data, shape, text):
    stream.probe({"conv": preview(kind, data, shape=shape)})
    view.set_progress(stream.progress)
    view.set_node("conv", PLAN)
    assert view.picture_title.text.startswith(f"Activations, {text} ")
    assert not view.grab().isNull()


def test_maps_fill_the_width_of_the_panel(view, stream, preview):
    stream.probe({"conv": preview("maps", np.random.default_rng(0).random((1, 8, 8)))})
    view.set_progress(stream.progress)
    view.set_node("conv", PLAN)
    assert view.picture.height() > 150
    picture = view.picture.grab().toImage()
    middle = {picture.pixelColor(x, picture.height() // 2).rgb() for x in range(picture.width())}
    assert len(middle) > 5


def test_histories_are_kept_for_nodes_that_are_not_selected(view, stream, preview):
    view.set_progress(stream.progress)
    for scale in (1.0, 2.0, 4.0):
        stream.losses([0.1])
        shown = {key: preview("vector", scale * np.arange(10)) for key in ("conv", "other")}
        stream.probe(shown, {"conv": scale})
        view.refresh()
        view.refresh()
    history = view._histories["other"]
    assert history.std.count == 3
    assert history.norm.count == 0
    x, y = view._histories["conv"].norm.raw()
    assert x.tolist() == [1, 2, 3]
    assert y.tolist() == [1.0, 2.0, 4.0]


def test_the_gradient_norm_is_shown_where_it_is_known(view, stream, preview, monkeypatch):
    monkeypatch.setattr(node_view, "TELL_EVERY", 0.0)
    view.set_progress(stream.progress)
    view.set_node("conv", PLAN)
    for step in range(node_view.LEAST_LOOKS):
        assert not view.norm.isVisible(), "a curve of few points says nothing"
        stream.losses([0.1])
        stream.probe({"conv": preview("vector", np.arange(10) + step)}, {"conv": 0.169})
        view.refresh()
    assert view.norm.isVisible()
    assert view.std.isVisible()
    assert view.norm_title.text == "Gradient, norm 0.169"


def test_words_are_those_of_the_picture_once_the_run_rests(view, stream, preview, monkeypatch):
    monkeypatch.setattr(node_view, "TELL_EVERY", 60.0)
    view.set_progress(stream.progress)
    view.set_node("conv", PLAN)
    for scale in (1.0, 2.0):
        stream.losses([0.1])
        stream.probe({"conv": preview("vector", scale * np.arange(5))})
        view.refresh()
    stream.losses([0.1])
    view.refresh()
    assert view.title.text == "Inside step 1"
    assert "mean 2.00" in view.spread_title.text
    stream.progress.set_paused(paused=True)
    view.refresh()
    assert view.title.text == "Inside step 2"
    assert "mean 4.00" in view.spread_title.text


def test_a_new_run_forgets_the_old_one(view, streams, preview):
    first = streams()
    first.probe({"conv": preview("vector", np.arange(10))})
    view.set_progress(first.progress)
    view.set_node("conv", PLAN)
    view.set_progress(streams().progress)
    assert view.empty.isVisible()
    assert not view._histories


def test_a_hidden_view_still_records(view, stream, preview):
    view.set_progress(stream.progress)
    view.set_node("conv", PLAN)
    view.hide()
    stream.losses([0.1])
    stream.probe({"conv": preview("vector", np.arange(10))})
    view.refresh()
    assert view._histories["conv"].std.count == 1
    view.show()
    assert view.title.text == "Inside step 1"


def test_both_themes_are_live(view, stream, preview, qapp):
    stream.probe({"conv": preview("maps", np.random.default_rng(0).random((4, 8, 8)))})
    view.set_progress(stream.progress)
    view.set_node("conv", PLAN)
    for name in ("light", "dark"):
        theme.apply(qapp, name)
        picture = view.grab().toImage()
        assert picture.pixelColor(2, 2) == theme.current().color("panel")
        assert picture.pixelColor(view.picture.x() + 16 + 3, view.picture.y() + 60) == theme.current().color("well")


def test_a_histogram_is_drawn_once(view, stream, preview):
    stream.probe({"conv": preview("histogram", np.ones(32), shape=(256,))})
    view.set_progress(stream.progress)
    view.set_node("conv", PLAN)
    assert view.spread.isVisible()
    assert not view.picture.isVisible()


def test_data_are_called_samples_and_have_no_course(view, stream, preview, monkeypatch):
    monkeypatch.setattr(node_view, "TELL_EVERY", 0.0)
    view.set_progress(stream.progress)
    view.set_node("digits", plan_of(digits="data"))
    for _ in range(node_view.LEAST_LOOKS + 1):
        stream.losses([0.1])
        stream.probe({"digits": preview("maps", np.ones((4, 8, 8)))})
        view.refresh()
    assert view.picture_title.text.startswith("Samples, ")
    assert not view.std.isVisible()
