"""Bypassed nodes: the graph does what it would do without them, wherever they stand."""

import itertools
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
import torch
from tests.compiler.battery import CASES
from tests.compiler.battery.case import BATCH, Case, flat
from tests.compiler.random_graphs import Grower, interpreted
from torch import Tensor, nn
from typer.testing import CliRunner

from netloom import compiler
from netloom.cli.app import app
from netloom.compiler import Plan, Planner, trust
from netloom.compiler.goals import optimizers, updated
from netloom.errors import BuildError, NetloomError
from netloom.exchange import weights_file
from netloom.exchange.job import export
from netloom.exchange.script import script
from netloom.graph import Change, Document, edit, file
from netloom.graph.model import Node, Promoted, Wire
from netloom.layers import bypass
from netloom.layers.authoring import Graph
from netloom.layers.blocks import unpack
from netloom.layers.catalogue import SPECS
from netloom.templates import document as template
from netloom.training.checkpoint import load_weights
from netloom.training.loop import train

pytestmark = [
    pytest.mark.filterwarnings("ignore:LSTM with projections"),
    pytest.mark.filterwarnings("ignore:std.*degrees of freedom"),
    pytest.mark.filterwarnings("ignore:var.*degrees of freedom"),
]

FEW = 40
KINDS = {case.kind: case for case in CASES if SPECS[case.kind].role in ("module", "function") and case.given}


def turn(graph: Graph, *names: str, bypassed: bool = True) -> None:
    """Bypass nodes by their name, on whatever level."""
    for old in [node for node in graph.nodes.values() if node.name in names]:
        new = msgspec.structs.replace(old, bypassed=bypassed)
        graph.apply([Change("node", old.id, old, new)])


def chain(graph: Graph, *nodes: str) -> None:
    for first, second in itertools.pairwise(nodes):
        graph.connect(first, second)


def without(graph: Graph) -> Graph:
    """The same graph with its bypassed nodes removed and their wires joined, one after another."""
    made = Graph()
    for table, records in (("block", graph.blocks), ("node", graph.nodes), ("wire", graph.wires)):
        made.apply([Change(table, key, None, record) for key, record in records.items()])
    for node in [node for node in graph.nodes.values() if node.bypassed]:
        if node.id not in made.nodes:  # it went with the last use of its block
            continue
        main = bypass.main_wire(made, made.nodes[node.id])
        past = [Wire(main.source, main.output, *wire.key) for wire in made.out_of(node.id)] if main else []
        made.apply(edit.remove(Document(made), [node.id]).changes)
        made.apply([Change("wire", wire.key, None, wire) for wire in past])
    return made


def errors(plan: Plan) -> list[str]:
    return [problem.message for problem in plan.problems if problem.severity == "error"]


def fresh(graph: Graph) -> Plan:
    plan = compiler.plan_graph(graph)
    assert not errors(plan), errors(plan)
    return plan


def given(plan: Plan) -> list[Tensor]:
    return [torch.rand(flow.with_values({"N": BATCH})) * 2 - 1 for flow in plan.inputs.values()]


def values(model: nn.Module, inputs: list[Tensor]) -> list[Tensor]:
    with torch.no_grad():
        return list(flat(model.eval()(*inputs)))


def expect_as_without(graph: Graph) -> nn.Module:
    """The values are those of the graph that does not have the bypassed nodes, with the same weights."""
    plan, other = fresh(graph), fresh(without(graph))
    model, wanted = compiler.build_module(plan), compiler.build_module(other)
    wanted.load_state_dict(model.state_dict())
    inputs = given(plan)
    for one, two in zip(values(model, inputs), values(wanted, inputs), strict=True):
        assert torch.equal(one, two)
    assert plan.parameters == other.parameters == sum(each.numel() for each in model.parameters())
    assert (plan.macs, plan.inputs, plan.outputs) == (other.macs, other.inputs, other.outputs)
    return model


def network() -> Graph:
    """Two convolutions, what stands between them, and a residual sum."""
    graph = Graph()
    image = graph.add("Input", "image", shape=[3, 8, 8])
    convs = [graph.add("Conv2d", f"conv{n}", out_channels=3, kernel_size=3, padding=1) for n in (1, 2)]
    add = graph.add("Add", "add")
    chain(graph, image, convs[0], graph.add("ReLU", "act"), graph.add("Dropout", "drop"), convs[1], add)
    graph.connect(image, add)
    chain(graph, add, graph.add("Flatten", "flat"), graph.add("Linear", "head", out_features=5))
    graph.connect(graph.named("head").id, graph.add("Output", "scores"))
    return graph


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_hands_on_what_comes_into_its_main_input(kind: str) -> None:
    case: Case = KINDS[kind]
    graph = Graph()
    node = graph.add(kind, "middle", **case.params)
    found = SPECS[kind].inputs_for(case.params)
    for index, each in enumerate(case.given):
        source = graph.add("Input", shape=list(each.shape), dtype=each.dtype)
        port = each.port or found[min(index, len(found) - 1)].name
        graph.connect(source, "out", node, port)
    for port in SPECS[kind].outputs_for(case.params):
        graph.connect(node, port.name, graph.add("Output"), "input")
    turn(graph, "middle")
    plan = fresh(graph)
    model = compiler.build_module(plan)
    inputs = [each.tensor() for each in case.given]
    main = next(port.name for port in found if not port.optional)
    place = next(i for i, each in enumerate(case.given) if (each.port or found[min(i, len(found) - 1)].name) == main)
    for answer in values(model, inputs):
        assert torch.equal(answer, inputs[place])
    assert not model.state_dict()
    assert "middle" not in compiler.source(plan).text
    assert plan.parameters == plan.macs == 0


@pytest.mark.parametrize(
    "names",
    [("act",), ("drop",), ("conv1",), ("act", "drop"), ("conv1", "act", "drop", "conv2"), ("add",), ("flat", "conv2")],
)
def test_values_are_those_of_the_graph_without_the_node(names: tuple[str, ...]) -> None:
    graph = network()
    turn(graph, *names)
    model = expect_as_without(graph)
    assert {name for name, _ in model.named_children()}.isdisjoint(names)


def test_the_plan_keeps_the_node_with_what_flows_round_it() -> None:
    graph = network()
    turn(graph, "conv1", "act")
    plan = fresh(graph)
    items = {item.node.name: item for item in plan.nodes.values()}
    for name in ("conv1", "act"):
        item = items[name]
        assert item.node.id not in plan.order
        assert [str(flow) for flow in item.outputs.values()] == ["N×3×8×8"]
        assert (item.parameters, item.macs, item.kept, dict(item.arguments), item.wires) == (0, 0, 0, {}, ())
    assert items["drop"].wires[0].source == items["image"].node.id
    assert plan.shapes[items["conv1"].node.id, "output"] == ("N", 3, 8, 8)
    assert "conv1" not in compiler.source(plan).text


def test_all_uses_of_a_block_follow_and_a_block_is_led_round_as_a_whole() -> None:
    graph = Graph()
    unit = graph.define("unit")
    conv = graph.add("Conv2d", "conv", unit, out_channels=4, kernel_size=3, padding=1)
    chain(graph, graph.add("Input", "x", unit), conv, graph.add("ReLU", "act", unit), graph.add("Output", "y", unit))
    block = graph.blocks[unit]
    graph.apply(
        [Change("block", unit, block, msgspec.structs.replace(block, params=(Promoted("pad", conv, "padding"),)))]
    )
    uses = [graph.add("Block", f"use{n}", block=unit, **({"repeat": 3} if n == 1 else {"pad": n - 1})) for n in (1, 2)]
    chain(graph, graph.add("Input", shape=[4, 6, 6]), *uses, graph.add("Output"))
    turn(graph, "act")
    expect_as_without(graph)
    assert "relu" not in compiler.source(fresh(graph)).text.lower()
    turn(graph, "act", bypassed=False)
    turn(graph, "use1")
    expect_as_without(graph)
    turn(graph, "conv")
    expect_as_without(graph)
    turn(graph, "use2")
    assert not expect_as_without(graph).state_dict()


def test_a_bypassed_block_that_is_taken_apart_still_does_nothing() -> None:
    graph = Graph()
    unit = graph.define("unit")
    chain(
        graph,
        graph.add("Input", "x", unit),
        graph.add("Linear", "inner", unit, out_features=3),
        graph.add("Output", "y", unit),
    )
    use = graph.add("Block", "use", block=unit)
    chain(graph, graph.add("Input", shape=[5]), use, graph.add("Output"))
    turn(graph, "use")
    document = Document(graph)
    document.apply(unpack(document, use))
    assert [node.bypassed for node in graph.nodes.values() if node.kind == "Linear"] == [True]
    assert not expect_as_without(graph).state_dict()


def test_shared_weights_live_on_with_the_first_that_takes_part() -> None:
    graph = Graph()
    first = graph.add("Linear", "first", out_features=6)
    others = [graph.add("Linear", name, share=first) for name in ("second", "third")]
    chain(graph, graph.add("Input", shape=[6]), first, *others, graph.add("Output"))
    turn(graph, "first")
    assert list(expect_as_without(graph).state_dict()) == ["second.weight", "second.bias"]
    turn(graph, "second")
    assert list(expect_as_without(graph).state_dict()) == ["third.weight", "third.bias"]
    turn(graph, "third")
    assert not expect_as_without(graph).state_dict()
    turn(graph, "first", bypassed=False)
    assert list(expect_as_without(graph).state_dict()) == ["first.weight", "first.bias"]


def test_a_tied_head_has_a_table_of_its_own_where_the_embedding_is_bypassed() -> None:
    graph = Graph()
    table = graph.add("Embedding", "table", num_embeddings=7, embedding_dim=4)
    scores = graph.add("Linear", "scores", share=table)
    chain(graph, graph.add("Input", "ids", shape=[5], dtype="int64"), table, graph.add("Output"))
    chain(graph, graph.add("Input", "rows", shape=[4]), scores, graph.add("Output"))
    turn(graph, "table")
    model = compiler.build_module(fresh(graph))
    assert {key: tuple(value.shape) for key, value in model.state_dict().items()} == {"scores.weight": (7, 4)}


def test_nothing_to_hand_on_is_an_error_with_one_click_that_mends_it() -> None:
    graph = Graph()
    chain(graph, graph.add("Parameter", "noise", shape=[4]), graph.add("ReLU", "act"), graph.add("Output"))
    graph.add("Input", shape=[4])
    turn(graph, "noise", "act")
    [problem] = [each for each in compiler.plan_graph(graph).problems if each.severity == "error"]
    assert problem.message == "noise is bypassed, but nothing comes into it that could go on."
    assert [fix.label for fix in problem.fixes] == ["Use noise again"]
    document = Document(graph)
    document.apply(problem.fixes[0].patch)
    assert not graph.named("noise").bypassed
    assert not errors(compiler.plan_graph(graph))


@pytest.mark.parametrize(("name", "words"), [("image", "where data comes in"), ("scores", "where the result goes out")])
def test_what_cannot_be_bypassed_says_so_and_takes_part(name: str, words: str) -> None:
    graph = network()
    node = graph.named(name)
    assert words in bypass.refusal(node)
    assert bypass.refusal(graph.named("act")) is None
    turn(graph, name)
    plan = compiler.plan_graph(file.loads(file.dumps(Document(graph))).graph)
    [message] = errors(plan)
    assert message == bypass.refusal(node)
    assert plan.problems[0].fixes[0].label == f"Use {name} again"
    assert node.id in plan.order
    with pytest.raises(BuildError, match="cannot be bypassed"):
        compiler.build(graph)


def test_a_dataset_cannot_be_bypassed() -> None:
    graph = template("digits-mlp").graph
    [dataset] = [node for node in graph.nodes.values() if node.kind == "Dataset"]
    assert "nothing comes into it" in (bypass.refusal(dataset) or "")


def test_of_a_bypassed_sum_only_the_first_branch_is_needed() -> None:
    graph = network()
    image = graph.named("image").id
    loose = graph.add("Linear", "loose", out_features=3)
    add = graph.named("add").id
    old = next(wire for wire in graph.into(add) if wire.source == image)
    graph.apply([Change("wire", old.key, old, msgspec.structs.replace(old, source=loose))])
    assert errors(compiler.plan_graph(graph)) == ["Nothing comes into loose."]
    turn(graph, "add")
    plan = fresh(graph)
    assert "loose" not in compiler.source(plan).text


def test_a_size_that_does_not_fit_widens_the_layer_before_the_bypassed_one() -> None:
    graph = template("iris-mlp").graph
    *_, before, last = [each for each in graph.nodes.values() if each.kind == "Linear"]
    graph.apply(edit.set_params(graph, before.id, {"out_features": 2}).changes)
    turn(graph, last.name)
    labels = [fix.label for each in compiler.plan_graph(graph).problems for fix in each.fixes]
    assert f"Set out_features of {before.name} to 3" in labels
    assert not any(f"of {last.name} " in label for label in labels)


def test_code_of_the_user_is_neither_run_nor_asked_about_where_it_is_bypassed() -> None:
    graph = Graph()
    code = "def boom(x):\n    raise RuntimeError('ran')\n"
    chain(graph, graph.add("Input", shape=[4]), graph.add("Python", "boom", code=code), graph.add("Output"))
    assert trust.untrusted(graph) == [code]
    turn(graph, "boom")
    assert trust.untrusted(graph) == []
    asked = []
    plan = Planner(trusts=lambda text: asked.append(text) is None).plan(graph)
    assert not errors(plan)
    assert not asked
    assert "boom" not in compiler.source(plan).text


def node(graph: Graph, category: str) -> Node:
    return next(each for each in graph.nodes.values() if SPECS[each.kind].role == category)


def test_a_bypassed_loss_is_lowered_by_nobody() -> None:
    made = template("iris-mlp")
    loss, optimizer = node(made.graph, "loss"), node(made.graph, "optimizer")
    turn(made.graph, loss.name)
    plan = compiler.plan_graph(made.graph)
    assert f"{optimizer.name} has no loss to lower. Wire a loss into it." in errors(plan)
    [problem] = [each for each in plan.problems if each.node == optimizer.id]
    assert problem.fixes[0].label == f"Use {loss.name} again"
    assert problem.fixes[0].patch.changes[0].new == msgspec.structs.replace(made.graph.nodes[loss.id], bypassed=False)
    assert compiler.untrainable(plan)
    spare = made.graph.add("MSELoss", "spare")
    output = node(made.graph, "output").id
    made.graph.connect(output, "out", spare, "input")
    made.graph.connect(output, "out", spare, "target")
    made.graph.connect(spare, "loss", optimizer.id, "losses")
    plan = compiler.plan_graph(made.graph)
    assert not errors(plan)
    assert [each.losses for each in optimizers(plan)] == [(0,)]
    assert compiler.compile_plan(plan).losses == ("spare",)


def test_metrics_schedules_and_optimizers_take_no_part() -> None:
    made = template("iris-mlp")
    graph = made.graph
    optimizer = node(graph, "optimizer")
    decay = graph.add("StepLR", "decay", step_size=1)
    graph.connect(decay, "schedule", optimizer.id, "schedule")
    assert optimizers(fresh(graph))[0].schedule is not None
    turn(graph, "decay", node(graph, "metric").name)
    plan = fresh(graph)
    assert optimizers(plan)[0].schedule is None
    metrics = [each.name for each in graph.nodes.values() if SPECS[each.kind].role == "metric" and not each.bypassed]
    assert [each.name for each in compiler.compile_plan(plan).metrics] == metrics
    turn(graph, optimizer.name)
    plan = compiler.plan_graph(graph)
    assert "There is no optimizer" in (compiler.untrainable(plan) or "")
    assert any("No optimizer lowers" in problem.message for problem in plan.problems)


def test_of_a_bypassed_chain_of_schedules_the_first_goes_on() -> None:
    graph = template("iris-mlp").graph
    both = graph.add("ChainedScheduler", "both")
    for name in ("one", "two"):
        graph.connect(graph.add("StepLR", name, step_size=1), "schedule", both, "schedules")
    graph.connect(both, "schedule", node(graph, "optimizer").id, "schedule")
    turn(graph, "both")
    assert optimizers(fresh(graph))[0].schedule.name == "one"
    turn(graph, "one")
    assert optimizers(fresh(graph))[0].schedule is None


def test_an_optimizer_that_names_only_bypassed_nodes_says_so() -> None:
    graph = template("iris-mlp").graph
    layers = [each for each in graph.nodes.values() if each.kind == "Linear"]
    optimizer = node(graph, "optimizer").id
    graph.apply(edit.set_params(graph, optimizer, {"updates": [layers[0].id, layers[1].id]}).changes)
    turn(graph, layers[0].name)
    plan = compiler.plan_graph(graph)
    assert updated(plan, plan.nodes[optimizer]) == {layers[1].id}
    graph.apply(edit.set_params(graph, optimizer, {"updates": [layers[0].id]}).changes)
    [problem] = [each for each in compiler.plan_graph(graph).problems if each.severity == "error"]
    assert layers[0].name in problem.message
    assert [fix.label for fix in problem.fixes] == [f"Use {layers[0].name} again", "Update all layers"]
    for fix in problem.fixes:
        mended = Document(file.loads(file.dumps(Document(graph))).graph)
        mended.apply(fix.patch)
        assert not errors(compiler.plan_graph(mended.graph))


def test_a_training_with_bypassed_nodes_runs_and_so_does_its_script(tmp_path: Path) -> None:
    made = template("digits-cnn")
    made.apply(edit.set_training(made, msgspec.structs.replace(made.training, epochs=1)))
    names = [each.name for each in made.graph.nodes.values() if each.kind in ("Dropout", "BatchNorm2d", "ReLU")][:2]
    assert names
    turn(made.graph, *names)
    made = file.loads(file.dumps(made))
    assert {each.name for each in made.graph.nodes.values() if each.bypassed} == set(names)
    *_, last = train(made, folder=tmp_path / "run")
    assert (last.state, last.message) == ("finished", "")
    text = script(made)
    assert not any(f"self.{name} " in text for name in names)
    path = tmp_path / "train.py"
    path.write_text(text)
    for command in (
        ["check", "--select=E,F,I,W,UP"],
        ["format", "--check"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("ending", ["py", "onnx", "pt2", "safetensors"])
def test_exports_do_without_the_bypassed_nodes(tmp_path: Path, ending: str) -> None:
    made = template("iris-mlp")
    turn(made.graph, "hidden2", "relu1")
    path = tmp_path / f"model.{ending}"
    export(made, path)
    assert path.stat().st_size > 0
    assert b"hidden1" in path.read_bytes() or ending == "pt2"
    assert b"hidden2" not in path.read_bytes()


def test_weights_of_the_whole_network_are_refused_by_name(tmp_path: Path) -> None:
    made = template("iris-mlp")
    path = tmp_path / "weights.safetensors"
    weights_file.save(compiler.build(made.graph), path)
    turn(made.graph, "hidden2")
    with pytest.raises(NetloomError, match="hidden2"):
        load_weights(path, compiler.build(made.graph))


def bypassed_by_chance(seed: int) -> Grower:
    """A grown graph in which nodes are bypassed by chance wherever the rest still fits."""
    grower = Grower(seed)
    graph = grower.grown(grower.chance.randint(4, 18))
    for each in sorted(graph.nodes):
        old = graph.nodes[each]
        if grower.chance.random() < 0.3 and bypass.refusal(old) is None:
            turn(graph, old.name)
            if errors(grower.planner.plan(graph)):
                turn(graph, old.name, bypassed=False)
    return grower


@pytest.mark.parametrize("seed", range(FEW))
def test_a_random_graph_does_what_it_would_do_without_its_bypassed_nodes(seed: int) -> None:
    grower = bypassed_by_chance(seed)
    graph, plan = grower.graph, grower.planner.plan(grower.graph)
    assert plan == compiler.plan_graph(graph)
    torch.manual_seed(seed)
    model = compiler.build_module(plan).eval()
    inputs = given(plan)
    answers = values(model, inputs)
    with torch.no_grad():
        by_hand = interpreted(plan, model, dict(zip(plan.inputs, inputs, strict=True)), grower.cases)
    for answer, wanted in zip(answers, by_hand, strict=True):
        torch.testing.assert_close(answer, wanted, rtol=0, atol=0, equal_nan=True)
    reference = compiler.plan_graph(without(graph))
    other = compiler.build_module(reference).eval()
    other.load_state_dict(model.state_dict())
    for answer, wanted in zip(answers, values(other, inputs), strict=True):
        torch.testing.assert_close(answer, wanted, rtol=0, atol=0, equal_nan=True)
    reread = file.loads(file.dumps(Document(graph)))
    assert compiler.source(compiler.plan_graph(reread.graph)) == compiler.source(plan)


def test_chance_bypasses_enough() -> None:
    counts = [sum(each.bypassed for each in bypassed_by_chance(seed).graph.nodes.values()) for seed in range(12)]
    assert sum(counts) > 12


@pytest.mark.parametrize("seed", range(FEW))
def test_a_plan_after_bypassing_is_the_plan_of_a_fresh_start(seed: int) -> None:
    grower = Grower(seed)
    graph = grower.grown(14)
    planner = Planner()
    planner.plan(graph)
    for _ in range(30):
        if grower.chance.random() < 0.6:
            old = graph.nodes[grower.chance.choice(sorted(graph.nodes))]
            graph.apply([Change("node", old.id, old, msgspec.structs.replace(old, bypassed=not old.bypassed))])
        else:
            grower.edit_by_chance()
        assert planner.plan(graph) == compiler.plan_graph(graph), seed
        if len(graph.nodes) < 3:
            break


def test_thousands_of_nodes_are_bypassed_at_once() -> None:
    graph = Graph()
    graph.apply([Change("node", "n0", None, Node("n0", "Input", "image", {"shape": [3]}))])
    nodes = [Node(f"n{number}", "ReLU", f"relu{number}") for number in range(1, 3_000)]
    wires = [Wire(f"n{n}", "output" if n else "out", f"n{n + 1}", "input") for n in range(len(nodes))]
    graph.apply([Change("node", node.id, None, node) for node in nodes])
    graph.apply([Change("wire", wire.key, None, wire) for wire in wires])
    planner = Planner()
    planner.plan(graph)
    graph.apply([Change("node", n.id, n, msgspec.structs.replace(n, bypassed=True)) for n in nodes])
    begun = time.process_time()
    plan = planner.plan(graph)
    assert time.process_time() - begun < 1.0
    assert plan.order == ("n0",)


def test_the_command_line_counts_a_bypassed_node_without_parameters(tmp_path: Path) -> None:
    made = template("digits-cnn")
    turn(made.graph, "conv2", "bn1")
    path = tmp_path / "network.loom"
    file.save(made, path)
    shown = CliRunner().invoke(app, ["check", str(path)], env={"COLUMNS": "120"}).output
    assert "14 nodes" in shown
    [row] = [line for line in shown.splitlines() if line.startswith("bn1")]
    assert row.split() == ["bn1", "BatchNorm2d,", "bypassed", "N×16×8×8"]
