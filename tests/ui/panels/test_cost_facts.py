"""What the inspector says of cost: a node's share, and what the training of the whole network takes."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.ui.panels.conftest import Desk, digits

from netloom import templates
from netloom.compiler import limits, plan_graph
from netloom.compiler.forecast import Speed, forecast
from netloom.compiler.plan import NodePlan, Plan
from netloom.graph import Document, Training, edit
from netloom.layers.authoring import Graph
from netloom.ui.panels.cost_facts import (
    Fact,
    costs,
    memory_facts,
    time_facts,
    totals,
    training_rows,
)
from netloom.ui.panels.texts import Line, Words

SPEED = Speed(1e10, 2e10, 1e9, 1e-5, 1e-4)


def item(plan: Plan, name: str) -> NodePlan:
    return next(item for item in plan.nodes.values() if item.node.name == name)


def of(plan: Plan, name: str, batch: int = 32, speed: Speed | None = SPEED) -> dict[str, Fact]:
    facts = costs(plan, item(plan, name), forecast(plan, batch, speed), batch)
    return {fact.title: fact for fact in facts}


@pytest.fixture
def plan() -> Plan:
    return plan_graph(digits().graph)


@pytest.fixture
def trained() -> Document:
    return templates.document("digits-cnn")


def test_costs_have_a_share_of_the_whole(plan: Plan) -> None:
    found = of(plan, "conv1")
    assert (found["Parameters"].value, found["Parameters"].share) == ("160", "5.9 % of all")
    assert (found["Multiply-adds"].value, found["Multiply-adds"].share) == ("9.2 k", "78 % of all")
    assert found["Memory"].value == "640 B"  # its weights; what it puts out is let go, as only ReLU's result is read
    assert found["Time"].value.endswith("µs")
    assert all(fact.tip.endswith(".") for fact in found.values())


def test_the_shares_of_all_nodes_make_up_the_memory_of_a_step(trained: Document) -> None:
    plan = plan_graph(trained.graph)
    found = forecast(plan, 32, SPEED)
    own = [cost.weights * found.lasting / found.weights + cost.activations for cost in found.nodes.values()]
    assert sum(own) + found.inputs == pytest.approx(found.memory, rel=1e-6)


def test_memory_grows_with_the_batch(plan: Plan) -> None:
    assert of(plan, "relu1", 32)["Memory"].value == "128 KB"  # 32 images of 16 maps of 8×8 in 4 bytes
    assert of(plan, "relu1", 64)["Memory"].value == "256 KB"


def test_time_is_unknown_before_the_machine_is_measured(plan: Plan) -> None:
    assert of(plan, "conv1", speed=None)["Time"].value == "–"


def test_inside_a_block_the_whole_is_the_block() -> None:
    plan = plan_graph(templates.document("resnet50").graph)
    block = next(each.block for each in plan.nodes.values() if each.block is not None)
    inner = next(each for each in block.nodes.values() if each.parameters)
    facts = costs(block, inner, forecast(block, 32, SPEED), 32)
    assert facts[0].share.endswith("of block")
    assert facts[3].value != "–"


def test_a_block_costs_what_is_in_all_its_repeats() -> None:
    plan = plan_graph(templates.document("gpt2-small").graph)
    block = next(each for each in plan.nodes.values() if each.block is not None and each.arguments["repeat"] == 12)
    facts = {fact.title: fact for fact in costs(plan, block, forecast(plan, 1, SPEED), 1)}
    assert facts["Parameters"].value == "85.1 M"
    assert facts["Time"].share


def test_data_costs_nothing(plan: Plan) -> None:
    assert of(plan, "digits") == {}
    assert costs(None, None, None, 32) == ()


def test_totals(plan: Plan) -> None:
    assert [(fact.title, fact.value) for fact in totals(plan)] == [
        ("Parameters", "2,730"),
        ("Multiply-adds", "11.8 k"),
        ("Nodes", "8"),
    ]
    assert totals(None) == ()


def test_an_epoch_has_the_rows_that_train(trained: Document) -> None:
    assert training_rows(plan_graph(trained.graph)) == 1797 - 359
    assert training_rows(plan_graph(Graph())) == 0


def test_the_parts_of_the_memory_make_up_its_sum(trained: Document) -> None:
    plan = plan_graph(trained.graph)
    found = forecast(plan, 32, SPEED)
    whole, *parts = memory_facts(found, 32)
    assert [part.title for part in parts] == ["Weights", "Gradients", "Optimizer", "Activations", "Batch"]
    assert found.memory == sum((found.weights, found.gradients, found.optimizer, found.activations, found.inputs))
    assert whole.value != "–"
    assert "32 samples" in whole.tip


def test_times_are_of_a_step_an_epoch_and_all(trained: Document) -> None:
    plan = plan_graph(trained.graph)
    found = forecast(plan, 32, SPEED, training_rows(plan))
    facts = time_facts(plan, found, Training(epochs=40))
    assert [fact.title for fact in facts] == ["One step", "One epoch", "All 40 epochs"]
    assert all(fact.value.startswith("about ") for fact in facts)


def test_what_cannot_train_has_no_epochs_and_says_why(plan: Plan) -> None:
    step, *epochs = time_facts(plan, forecast(plan, 32, SPEED, 1000), Training())
    assert step.value.startswith("about ")
    assert {fact.value for fact in epochs} == {"–"}
    assert all("There is no loss" in fact.tip for fact in epochs)


def test_an_empty_canvas_takes_no_time() -> None:
    plan = plan_graph(Document().graph)
    facts = time_facts(plan, forecast(plan, 32, SPEED, 0), Training())
    assert {fact.value for fact in facts} == {"–"}
    assert facts[0].tip.endswith("Nothing to compute yet.")


def shown_fact(desk: Desk, name: str) -> str:
    line = desk.part(f"forecast_{name}")
    assert isinstance(line, Line)
    return line.text()


@pytest.fixture
def trainable(shown: Callable[[QWidget], QWidget], trained: Document) -> Desk:
    made = Desk(trained)
    shown(made.inspector)
    return made


def test_the_page_of_the_document_tells_memory_and_time(trainable: Desk) -> None:
    assert shown_fact(trainable, "step") == "–"
    assert "being measured" in trainable.part("forecast_step").toolTip()
    trainable.inspector.forecaster.set_speed(SPEED)
    assert shown_fact(trainable, "step").startswith("about ")
    assert shown_fact(trainable, "epoch").startswith("about ")
    before = shown_fact(trainable, "memory")
    trainable.document.apply(edit.set_training(trainable.document, Training(batch_size=512)))
    assert shown_fact(trainable, "memory") != before
    assert not trainable.inspector.document_page.forecast.trouble.isVisible()


def test_what_does_not_fit_into_the_machine_is_said(trainable: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "memory", lambda: 200_000)
    trainable.document.apply(edit.set_training(trainable.document, Training(batch_size=512)))
    trouble = trainable.part("forecast_trouble")
    assert isinstance(trouble, Words)
    assert "this machine has 200 kB" in trouble.text()


def test_a_broken_network_shows_no_forecast(trainable: Desk) -> None:
    linear = next(node for node in trainable.document.graph.level() if node.kind == "Linear")
    trainable.history.do(edit.set_params(trainable.document.graph, linear.id, {"in_features": 3}))
    assert shown_fact(trainable, "memory") == "–"
    assert shown_fact(trainable, "parameters")


def test_a_large_network_is_forecast_after_a_pause(qtbot: QtBot, shown: Callable[[QWidget], QWidget]) -> None:
    made = Desk(templates.document("densenet121"))
    shown(made.inspector)
    qtbot.waitUntil(lambda: shown_fact(made, "memory").endswith("GB"), timeout=5_000)
