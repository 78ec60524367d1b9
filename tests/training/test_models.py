"""Models that are more than a chain of layers: they train, are looked into, saved, and go on to the last bit."""

import warnings

import pytest
import torch
from safetensors import safe_open
from tests.training.conftest import losses, of_type, same, stopped_at, told, weights
from tests.training.drawings import DRAWINGS, behind, repeated, several, shared

from netloom.compiler import compile_plan, plan_graph
from netloom.errors import TrainingError
from netloom.graph.edit import set_params
from netloom.training import checkpoint, network, optimizers
from netloom.training.events import ProbesRead, RunStarted, Watch
from netloom.training.loop import train


@pytest.fixture(params=DRAWINGS)
def drawing(request):
    document = DRAWINGS[request.param]()
    plan = plan_graph(document.graph)
    assert plan.is_valid, plan.problems
    return document


def ended_well(events):
    assert events[-1].state in ("finished", "stopped"), events[-1].message
    return events


def test_a_run_goes_on_to_the_last_bit(drawing, tmp_path):
    whole = ended_well(list(train(drawing, folder=tmp_path / "whole")))
    begun = ended_well(told(train(drawing, folder=tmp_path / "parts"), stopped_at(4)))
    rest = ended_well(list(train(drawing, folder=tmp_path / "parts", resume=tmp_path / "parts")))
    for name in whole[0].losses:
        assert losses(whole, name).tolist() == [*losses(begun, name).tolist(), *losses(rest, name).tolist()]
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "parts"))
    assert same(state(tmp_path / "whole"), state(tmp_path / "parts"))


def state(folder):
    with safe_open(folder / checkpoint.STATE, framework="pt") as file:
        return {name: file.get_tensor(name) for name in file.keys() if not name.startswith("rng/")}  # noqa: SIM118


@pytest.mark.parametrize("mode", ["activations", "gradients", "weights"])
def test_every_node_can_be_looked_into(drawing, mode, tmp_path):
    watch = Watch(tuple(drawing.graph.nodes), mode=mode)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        events = told(
            train(drawing, folder=tmp_path, epochs=1), lambda event: watch if isinstance(event, RunStarted) else None
        )
    ended_well(events)
    read = of_type(ProbesRead, events)[-1]
    assert read.previews
    if mode == "activations":
        shown = {key for key, item in plan_graph(drawing.graph).nodes.items() if item.part == "model" and item.outputs}
        assert shown <= read.previews.keys()


def test_every_weight_learns(drawing, tmp_path):
    before = compile_plan(plan_graph(drawing.graph))
    torch.manual_seed(drawing.training.seed)
    before = compile_plan(plan_graph(drawing.graph)).model.state_dict()
    ended_well(list(train(drawing, folder=tmp_path)))
    after = weights(tmp_path)
    assert after.keys() == before.keys()
    assert not any(after[name].equal(value) for name, value in before.items())


def test_a_shared_layer_has_one_set_of_weights(tmp_path):
    list(train(shared(), folder=tmp_path, epochs=1))
    assert {name.partition(".")[0] for name in weights(tmp_path)} == {"wide", "own", "head"}


def test_weights_of_a_shared_layer_show_at_both_nodes(tmp_path):
    document = shared()
    own, again = (document.graph.named(name).id for name in ("own", "again"))
    watch = Watch((own, again), mode="weights")
    events = told(
        train(document, folder=tmp_path, epochs=1), lambda event: watch if isinstance(event, RunStarted) else None
    )
    read = of_type(ProbesRead, events)[0].previews
    assert (read[own].data == read[again].data).all()


def test_weights_behind_the_output_learn_and_are_saved(tmp_path):
    document = behind()
    torch.manual_seed(document.training.seed)
    before = {
        f"objective/{name}": value
        for name, value in compile_plan(plan_graph(document.graph)).objective.state_dict().items()
    }
    list(train(document, folder=tmp_path))
    after = state(tmp_path)
    assert before
    assert before.keys() <= after.keys()
    assert not any(after[name].equal(value) for name, value in before.items())
    assert not any(name.startswith("head") for name in weights(tmp_path))


def updating(document, *names):
    (optimizer,) = [node for node in document.graph.nodes.values() if node.kind == "Adam"]
    nodes = [document.graph.named(name).id for name in names]
    document.graph.apply(set_params(document.graph, optimizer.id, {"updates": nodes}).changes)
    return document


def changed(document, folder):
    torch.manual_seed(document.training.seed)
    before = compile_plan(plan_graph(document.graph)).model.state_dict()
    ended_well(list(train(document, folder=folder)))
    return {name.partition(".")[0] for name, value in weights(folder).items() if not value.equal(before[name])}


def test_an_optimizer_updates_the_nodes_that_it_names(tmp_path):
    assert changed(updating(shared(), "head"), tmp_path / "head") == {"head"}
    assert changed(updating(shared(), "again"), tmp_path / "again") == {"own"}
    assert changed(updating(repeated(), "cells"), tmp_path / "cells") == {"cells"}


def test_a_node_inside_a_block_stands_for_its_block():
    document = repeated()
    inner = next(node.id for node in document.graph.nodes.values() if node.name == "fc")
    (optimizer,) = [node for node in document.graph.nodes.values() if node.kind == "Adam"]
    document.graph.apply(set_params(document.graph, optimizer.id, {"updates": [inner]}).changes)
    made = network.build(plan_graph(document.graph), torch.device("cpu"), 0)
    compiled = made.compiled
    found = optimizers.parameters(made, compiled.optimizers[0]).values()
    assert [id(each) for each in found] == [id(each) for each in compiled.model.cells.parameters()]


def test_nodes_without_weights_are_nothing_to_update(tmp_path):
    document = shared()
    graph = document.graph
    bent = next(node.id for node in graph.nodes.values() if node.kind == "Tanh")
    (optimizer,) = [node for node in graph.nodes.values() if node.kind == "Adam"]
    graph.apply(set_params(graph, optimizer.id, {"updates": [bent]}).changes)
    with pytest.raises(TrainingError, match="has weights that it updates") as caught:
        next(train(document, folder=tmp_path))
    assert caught.value.node == optimizer.id


def test_each_optimizer_updates_what_its_losses_depend_on():
    made = network.build(plan_graph(several().graph), torch.device("cpu"), 0)
    compiled = made.compiled
    names = {id(value): name for name, value in compiled.model.named_parameters()}
    found = [
        {names[id(each)].partition(".")[0] for each in optimizers.parameters(made, plan).values()}
        for plan in compiled.optimizers
    ]
    assert found == [{"left_head"}, {"right_head"}]
