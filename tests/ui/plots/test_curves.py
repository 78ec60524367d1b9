import contextlib
from collections.abc import Iterator

import numpy as np
import pytest

from netloom import templates
from netloom.compiler import plan_graph
from netloom.training import loop
from netloom.training.events import EpochEnded, Event, Watch
from netloom.training.progress import Progress
from netloom.ui.plots.curves import MOST_POINTS, curves_for, means
from netloom.ui.plots.live_panel import LivePanel
from netloom.ui.plots.naming import class_names, layer_names


def test_long_series_become_a_hundred_and_twenty_means():
    values = np.arange(12_000, dtype=np.float32)
    assert len(means(values)) == MOST_POINTS
    assert means(values)[0] == pytest.approx(49.5)
    assert means(values)[-1] == pytest.approx(11_949.5)


def test_short_series_are_copied():
    values = np.arange(3, dtype=np.float32)
    short = means(values)
    assert short.tolist() == [0, 1, 2]
    assert short is not values


def events(document, folder) -> Iterator[Event]:
    run = loop.train(document, folder=folder, device="cpu", epochs=3, seed=0)
    command = None
    with contextlib.suppress(StopIteration):
        while True:
            event = run.send(command)
            command = Watch(tuple(document.graph.nodes)) if isinstance(event, EpochEnded) else None
            yield event


@pytest.mark.parametrize("template", ["digits-cnn", "moons-mlp", "diabetes-regression"])
def test_a_real_training_fills_cards_and_panel(template, tmp_path, qtbot):
    document = templates.document(template)
    plan = plan_graph(document.graph)
    progress = Progress()
    for event in events(document, tmp_path):
        progress.feed(event)
    panel = LivePanel()
    qtbot.addWidget(panel)
    panel.set_plan(plan)
    panel.set_progress(progress)
    panel.show()
    curves = curves_for(progress, plan)
    kinds = {plan.nodes[key].node.kind for key in curves}
    assert kinds & {"CrossEntropyLoss", "MSELoss"}
    assert all(0 < len(values) <= MOST_POINTS and text for values, text in curves.values())
    named = set(layer_names(plan).values())
    assert {name for name, _ in panel.gradients.bars.shown()} <= named
    assert panel.gradients.isVisible()
    assert panel.decision.isVisible() == (template == "moons-mlp")
    assert panel.confusion.isVisible() == (template == "digits-cnn")
    assert panel.strip.text.startswith("Finished")


def test_classes_are_named_by_the_dataset():
    plan = plan_graph(templates.document("iris-mlp").graph)
    assert class_names(plan, 3) == ("setosa", "versicolor", "virginica")
    assert class_names(plan, 7) == ()
    assert class_names(None, 3) == ()
