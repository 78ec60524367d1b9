"""What is wrong is said in the user's words, with fixes that work by one click."""

import time
from typing import Any

import pytest

from netloom import compiler
from netloom.compiler import Planner, forecast
from netloom.graph import Change, Document, History, Wire, edit, file
from netloom.layers.authoring import Graph
from netloom.templates import document

NAMES = ["a", "b", "c", *(f"layer{number}" for number in range(40))]


def chain(shape: list[Any], *layers: tuple[str, dict[str, Any]]) -> Graph:
    """Input, layers named a, b, c …, output."""
    graph = Graph()
    last = graph.add("Input", name="image", shape=shape)
    for name, (kind, params) in zip(NAMES, layers, strict=False):
        node = graph.add(kind, name=name, **params)
        graph.connect(last, node)
        last = node
    graph.connect(last, graph.add("Output", name="answer"))
    return graph


def only(graph: Graph) -> compiler.Problem:
    problems = compiler.plan_graph(graph).problems
    assert len(problems) == 1, [problem.message for problem in problems]
    return problems[0]


WRONG: list[tuple[list[int], list[tuple[str, dict[str, Any]]], str, str | None]] = [
    ([256], [("Linear", {"in_features": 512})], "a expects 512 features, gets 256.", "Use 256"),
    ([16, 4, 4], [("Linear", {"in_features": 256})], "Linear reads the last dimension of N×16×4×4", "Insert Flatten"),
    ([3, 8, 8], [("Conv2d", {"in_channels": 4})], "a expects 4 channels, gets 3.", "Use 3"),
    ([8, 8], [("Conv2d", {})], "a takes N×C×H×W, gets N×8×8.", "Insert Reshape to one channel"),
    ([3, 4, 4], [("Conv2d", {"kernel_size": 5})], "The window of a is 5×5, larger than the 4×4", "Use 4×4"),
    ([3, 8, 8], [("Conv2d", {"padding": "same", "stride": 2})], "needs a stride of 1", "Use stride 1"),
    ([6, 8, 8], [("Conv2d", {"out_channels": 9, "groups": 2})], "does not divide out_channels 9", "Use 3 groups"),
    ([6, 8, 8], [("MaxPool2d", {"kernel_size": 2, "padding": 2})], "more than half", "Use 1×1"),
    ([6, 2, 2], [("MaxPool2d", {"kernel_size": 3})], "larger than the 2×2", "Use 2×2"),
    ([6, 8, 8], [("BatchNorm1d", {})], "a takes N×C or N×C×L, gets N×6×8×8.", None),
    ([6, 8], [("BatchNorm1d", {"num_features": 5})], "a expects 5 channels, gets 6.", "Use 6"),
    ([5, 8], [("LayerNorm", {"normalized_shape": [7]})], "a normalises 7", "Use the last dimension"),
    ([8, 8, 3], [("Conv2d", {"in_channels": 3})], "a expects 3 channels, gets 8.", "Insert Permute to channels first"),
    ([5], [("Embedding", {})], "a looks up whole numbers, gets float32.", "Insert Cast to int64"),
    ([6, 8], [("LSTM", {"hidden_size": 4, "proj_size": 4})], "proj_size of a must be smaller", "Use 0"),
    ([6], [("GRU", {})], "a takes a sequence N×L×D, gets N×6.", "Insert Unsqueeze to one step"),
    ([6, 9], [("TransformerEncoderLayer", {"nhead": 4})], "4 heads cannot share evenly", "Use 3 heads"),
    ([6, 9], [("Softmax", {"dim": 7})], "dim of a is 7", "Use -1"),
    ([6, 9], [("Flatten", {"start_dim": 2, "end_dim": 1})], "comes after its end_dim", "Use 1 and -1"),
    ([6, 9], [("Reshape", {"shape": [5, 5]})], "asks for 5×5, but N×6×9 holds 54 values", "Use -1"),
    ([10**9], [("Linear", {"out_features": 10**9})], "a would hold 10¹⁸ parameters, 4 EB; this machine has", None),
    ([8, 8, 8], [("AdaptiveAvgPool2d", {"output_size": 10**9})], "a would put out 8×10¹⁸ numbers a sample", None),
    ([2**31 - 1] * 16, [("Flatten", {})], "image would put out 2×10¹⁴⁹ numbers a sample", None),
    ([6, 9, 2], [("Permute", {"dims": [0, 1]})], "must name each of the 4 dimensions", "Use 0, 2, 3, 1"),
]


@pytest.mark.parametrize(
    ("shape", "layers", "message", "label"), WRONG, ids=lambda value: value if isinstance(value, str) else ""
)
def test_errors_say_what_was_expected_and_a_click_mends_them(
    shape: list[int], layers: list[tuple[str, dict[str, Any]]], message: str, label: str | None
) -> None:
    graph = chain(shape, *layers)
    problem = only(graph)
    assert message in problem.message
    assert graph.nodes[problem.node].name in ("a", "image")
    assert problem.severity == "error"
    assert not compiler.plan_graph(graph).is_valid
    if label is None:
        assert all(fix.label.startswith("Remove the wire from ") for fix in problem.fixes)
        return
    fix = next(fix for fix in problem.fixes if fix.label == label)
    made = Document(graph)
    history = History(made)
    before = dict(graph.nodes), dict(graph.wires)
    history.do(fix.patch)
    assert compiler.plan_graph(graph).is_valid, compiler.plan_graph(graph).problems
    history.undo()
    assert (dict(graph.nodes), dict(graph.wires)) == before


def test_only_the_first_of_a_chain_of_errors_is_reported() -> None:
    graph = chain([3, 8, 8], ("Conv2d", {"in_channels": 4}), ("ReLU", {}), ("Flatten", {}), ("Linear", {}))
    assert graph.nodes[only(graph).node].name == "a"


def test_a_linear_layer_over_maps_is_advised_to_flatten() -> None:
    problem = only(chain([3, 8, 8], ("Linear", {})))
    assert problem.severity == "warning"
    assert problem.fixes[0].label == "Insert Flatten"


def test_what_is_missing_is_an_error_only_where_it_is_needed() -> None:
    graph = Graph()
    relu = graph.add("ReLU", name="relu")
    assert only(graph).severity == "warning"
    graph.connect(relu, graph.add("Output", name="y"))
    assert only(graph).message == "Nothing comes into relu."
    assert only(graph).severity == "error"


def test_an_unused_end_is_advised_to_become_the_output() -> None:
    graph = Graph()
    relu = graph.add("ReLU", name="relu")
    graph.connect(graph.add("Input", name="x", shape=[4]), relu)
    problem = only(graph)
    assert problem.message == "What relu puts out is not used."
    graph.apply(problem.fixes[0].patch.changes)
    assert list(compiler.plan_graph(graph).outputs) == ["y"]


def test_too_few_scores_for_the_classes_widen_the_last_layer() -> None:
    graph = document("digits-cnn").graph
    head = next(node for node in graph.nodes.values() if node.kind == "Linear")
    graph.apply(edit.set_params(graph, head.id, {"out_features": 4}).changes)
    problem = next(each for each in compiler.plan_graph(graph).problems if each.severity == "error")
    assert "gets 4 scores, the labels have 10 classes" in problem.message
    graph.apply(problem.fixes[0].patch.changes)
    assert not compiler.plan_graph(graph).problems


def test_a_softmax_before_the_loss_is_taken_out_by_one_click() -> None:
    graph = document("digits-mlp").graph
    output = next(node for node in graph.nodes.values() if node.kind == "Output")
    wire = next(iter(graph.into(output.id)))
    graph.apply([Change("wire", wire.key, wire, None)])
    softmax = Graph.add(graph, "Softmax", dim=1)
    for each in (Wire(wire.source, wire.output, softmax, "input"), Wire(softmax, "output", output.id, "input")):
        graph.apply([Change("wire", each.key, None, each)])
    problem = only(graph)
    assert (problem.severity, problem.fixes[0].label) == ("warning", "Remove softmax")
    placed = Document(graph, positions={softmax: (8.0, 8.0)})
    placed.apply(problem.fixes[0].patch)
    assert not compiler.plan_graph(graph).problems
    assert not file.loads(file.dumps(placed)).positions


def test_data_enters_by_inputs_and_leaves_by_outputs() -> None:
    graph = Graph()
    data = graph.add("Dataset", name="iris", source="iris")
    linear = graph.add("Linear", name="head", out_features=3)
    loss = graph.add("CrossEntropyLoss", name="loss")
    graph.connect(data, "features", linear, "input")
    graph.connect(linear, "output", loss, "input")
    graph.connect(data, "label", loss, "target")
    for _ in range(2):
        problem = next(each for each in compiler.plan_graph(graph).problems if each.severity == "error")
        assert problem.fixes[0].label in ("Insert Input", "Insert Output")
        graph.apply(problem.fixes[0].patch.changes)
    plan = compiler.plan_graph(graph)
    assert [problem.message for problem in plan.problems] == ["No optimizer lowers loss."]
    assert compiler.untrainable(plan).startswith("There is no optimizer")
    graph.apply(plan.problems[0].fixes[0].patch.changes)
    assert compiler.untrainable(compiler.plan_graph(graph)) is None


def test_an_input_that_contradicts_its_wire_says_both() -> None:
    graph = document("digits-mlp").graph
    entry = next(node for node in graph.nodes.values() if node.kind == "Input")
    graph.apply(edit.set_params(graph, entry.id, {"shape": [3, 8, 8]}).changes)
    problem = only(graph)
    assert "is set to 3×8×8, the wire brings 1×8×8" in problem.message
    graph.apply(problem.fixes[0].patch.changes)
    assert not compiler.plan_graph(graph).problems


@pytest.mark.parametrize(
    ("text", "missing"),
    [("no data", ["Dataset"]), ("no Output", ["Output", "CrossEntropyLoss", "Accuracy", "AdamW", "Adam", "SGD"])],
)
def test_what_a_document_needs_to_train_is_said(text: str, missing: list[str]) -> None:
    made = document("digits-mlp")
    made.apply(edit.remove(made, [key for key, node in made.graph.nodes.items() if node.kind in missing]))
    if "Dataset" in missing:
        entry = next(node for node in made.graph.nodes.values() if node.kind == "Input")
        made.apply(edit.set_params(made.graph, entry.id, {"shape": [1, 8, 8]}))
        rest = [key for key, node in made.graph.nodes.items() if node.kind in ("CrossEntropyLoss", "Accuracy", "AdamW")]
        made.apply(edit.remove(made, rest))
    assert text in compiler.untrainable(compiler.plan_graph(made.graph))


def test_a_wire_that_is_being_drawn_is_judged_without_touching_the_graph() -> None:
    graph = Graph()
    image = graph.add("Input", name="image", shape=[16, 4, 4])
    head = graph.add("Linear", name="head", in_features=256)
    planner = Planner()
    plan = planner.plan(graph)
    wire = Wire(image, "out", head, "input")
    problem = compiler.shape_problem(planner, plan, graph, wire)
    assert "head reads 256 features, this wire brings 4" in problem.message
    assert not graph.wires
    graph.apply(problem.fixes[0].patch.changes)
    assert [graph.nodes[each.source].kind for each in graph.into(head)] == ["Flatten"]
    assert compiler.shape_problem(planner, plan, graph, Wire(image, "out", head, "nowhere")) is None


def test_a_fix_stands_in_the_wire_that_is_wrong_not_in_the_one_that_is_drawn() -> None:
    graph = Graph()
    data, loss = graph.add("Dataset", source="digits"), graph.add("CrossEntropyLoss", name="loss")
    image = graph.add("Input", name="image")
    graph.connect(data, "image", image, "data")
    graph.connect(image, "out", loss, "input")
    planner = Planner()
    drawn = Wire(data, "label", loss, "target")
    problem = compiler.shape_problem(planner, planner.plan(graph), graph, drawn)
    assert problem is not None
    graph.apply(problem.fixes[0].patch.changes)
    arriving = {each.input: graph.nodes[each.source].kind for each in graph.into(loss)}
    assert arriving == {"input": "Flatten", "target": "Dataset"}


def wire(graph: Graph, source: str, target: str, port: str) -> None:
    output = {"Input": "out", "Block": "y"}.get(graph.nodes[source].kind, "output")
    made = Wire(source, output, target, port)
    graph.apply([Change("wire", made.key, None, made)])


def nested(depth: int, fan: int, kind: str = "ReLU") -> Graph:
    """Blocks in blocks, each definition holding `fan` of the next; the last holds layers."""
    graph = Graph()
    names = ["", *(graph.define(f"level{index}") for index in range(depth))]
    for parent, inner in zip(names, [*names[1:], ""], strict=True):
        last = graph.add("Input", name="x", parent=parent, **({} if parent else {"shape": [4]}))
        for _ in range(fan):
            params = {"block": inner} if inner else {}
            node = graph.add("Block" if inner else kind, parent=parent, **params)
            wire(graph, last, node, "x" if inner else "input")
            last = node
        wire(graph, last, graph.add("Output", name="y", parent=parent), "input")
    return graph


def test_blocks_that_multiply_are_planned_once_and_refused_when_too_many() -> None:
    start = time.process_time()
    plan = compiler.plan_graph(nested(12, 2))
    assert plan.is_valid, plan.problems
    assert compiler.source(plan).text.count("class ") == 13
    assert "100,000 are the most" in compiler.plan_graph(nested(20, 2)).problems[0].message
    assert "32 are the most" in compiler.plan_graph(nested(40, 1)).problems[0].message
    assert time.process_time() - start < 10


@pytest.mark.parametrize("kind", ["Dataset", "CrossEntropyLoss", "Accuracy", "AdamW"])
def test_what_trains_a_model_cannot_stand_in_a_block(kind: str) -> None:
    graph = nested(1, 1)
    graph.add(kind, name="lost", parent=next(iter(graph.blocks)))
    problem = only(graph)
    assert "which cannot stand in a block" in problem.message
    assert problem.severity == "error"


def test_a_block_that_came_to_hold_itself_is_a_problem() -> None:
    graph = nested(2, 1)
    outer = next(node for node in graph.nodes.values() if node.kind == "Block" and node.parent)
    patch = edit.set_params(graph, outer.id, {"block": outer.parent})
    graph.apply(patch.changes)
    assert [problem.message for problem in compiler.plan_graph(graph).problems] == ["block would hold itself."]


@pytest.mark.parametrize(
    ("params", "fits"), [({}, False), ({"momentum": 0.8, "dampening": 0.5}, False), ({"momentum": 0.9}, True)]
)
def test_nesterov_needs_momentum(params: dict[str, Any], fits: bool) -> None:
    graph = document("digits-mlp").graph
    Graph.connect(graph, *added_sgd(graph, {"nesterov": True, **params}))
    found = [problem for problem in compiler.plan_graph(graph).problems if problem.severity == "error"]
    assert bool(found) is not fits
    for problem in found:
        assert "nesterov of sgd needs a momentum above 0" in problem.message
        graph.apply(problem.fixes[0].patch.changes)
    assert compiler.plan_graph(graph).is_valid


def added_sgd(graph: Graph, params: dict[str, Any]) -> tuple[str, str, str, str]:
    loss = next(node for node in graph.nodes.values() if node.kind == "CrossEntropyLoss")
    return loss.id, "loss", Graph.add(graph, "SGD", name="sgd", **params), "losses"


def test_too_many_wires_for_one_sum_are_refused() -> None:
    graph = chain([4], ("Add", {}))
    source, target = (next(node.id for node in graph.nodes.values() if node.kind == kind) for kind in ("Input", "Add"))
    wires = [Wire(source, "out", target, "inputs", slot) for slot in range(1, 300)]
    graph.apply(Change("wire", wire.key, None, wire) for wire in wires)
    assert "a joins 256 wires at most, gets 300" in only(graph).message


def test_absurd_counts_are_answered_at_once() -> None:
    start = time.process_time()
    assert "286 TB" in only(chain([5, 4], ("LSTM", {"num_layers": 2**31 - 1}))).message
    heads = chain([5, 9], ("TransformerEncoderLayer", {"nhead": 2**31 - 1}))
    assert "cannot share evenly" in only(heads).message
    assert "too long to write" in only(chain([1, "H", "W"], *[("MaxPool2d", {})] * 40)).message
    assert time.process_time() - start < 2


def test_memory_is_asked_for_before_training() -> None:
    plan = compiler.plan_graph(document("digits-mlp").graph)
    assert forecast.unaffordable(plan, 32) is None
    assert "A batch of 1000000000 takes" in forecast.unaffordable(plan, 10**9)


def test_answers_are_remembered() -> None:
    graph = chain([4, 8, 8], *[("Conv2d", {"out_channels": 4, "padding": "same"})] * 6)
    planner = Planner()
    first = planner.plan(graph)
    assert len(planner._answers) == 1
    assert planner.plan(graph) == first
    assert len(planner._answers) == 1


def test_planning_time_is_linear_in_the_graph() -> None:
    def seconds(length: int) -> float:
        graph = chain([4])
        last = next(iter(graph.nodes))
        for _ in range(length):
            node = graph.add("ReLU")
            graph.connect(last, node)
            last = node
        start = time.process_time()
        compiler.plan_graph(graph)
        return time.process_time() - start

    seconds(50)
    assert seconds(800) < 16 * max(seconds(100), 0.002)


@pytest.mark.parametrize(
    ("params", "message", "label"),
    [
        ({"num_classes": 4}, "expects 4 classes, gets 10 scores", "Use 10"),
        ({"top_k": 11}, "top_k of accuracy is 11, but there are 10 classes", "Use 1"),
    ],
)
def test_an_accuracy_that_cannot_count_is_mended_by_a_click(params: dict[str, Any], message: str, label: str) -> None:
    graph = document("digits-mlp").graph
    accuracy = next(node for node in graph.nodes.values() if node.kind == "Accuracy")
    graph.apply(edit.set_params(graph, accuracy.id, params).changes)
    problem = only(graph)
    assert message in problem.message
    assert problem.fixes[0].label == label
    graph.apply(problem.fixes[0].patch.changes)
    assert not compiler.plan_graph(graph).problems


@pytest.mark.parametrize("name", ["Model", "my net", "import os", "a\nb", "", "class", "1st"])
def test_whatever_the_class_is_called_the_source_is_legal(name: str) -> None:
    text = compiler.source(compiler.plan_graph(document("iris-mlp").graph), name).text
    assert sum(line.startswith("class ") for line in text.splitlines()) == 1
    compile(text, "model.py", "exec")


def test_a_wire_from_a_column_that_is_gone_is_said_and_moved_by_one_click() -> None:
    made = document("digits-mlp")
    digits, image = made.graph.named("digits"), made.graph.named("image")
    assert digits is not None
    assert image is not None
    made.apply(edit.set_params(made.graph, digits.id, {"source": "wine"}))
    plan = compiler.plan_graph(made.graph)
    [found] = [problem for problem in plan.problems if problem.node == image.id]
    assert found.message == "image reads image of digits, which puts out features and label now."
    assert found.severity == "error"
    assert [fix.label for fix in found.fixes] == ["Use features", "Use label", "Remove the wire from digits"]
    made.apply(found.fixes[0].patch)
    assert str(compiler.plan_graph(made.graph).nodes[image.id].outputs["out"]) == "N×13"
    made.apply(found.fixes[0].patch.inverse())
    assert compiler.plan_graph(made.graph).problems == plan.problems


@pytest.mark.parametrize("between", [[], [("Linear", {})], [("ReLU", {})]])
def test_what_has_left_the_model_does_not_leave_it_again(between: list[tuple[str, dict[str, Any]]]) -> None:
    graph = chain([4], ("ReLU", {}), ("Output", {}), *between)
    problem = only(graph)
    assert problem.message == "answer reads what an Output has let out already; wire it to what is before."
    assert [fix.label[:20] for fix in problem.fixes] == ["Remove the wire from"]


def test_a_block_takes_nothing_in_behind_its_inputs() -> None:
    graph = Graph()
    block = graph.define("Stage")
    x, relu, late, y = (graph.add(kind, parent=block) for kind in ("Input", "ReLU", "Input", "Output"))
    for source, target in ((x, relu), (relu, late), (late, y)):
        graph.connect(source, target)
    node, entry = graph.add("Block", block=block), graph.add("Input", "image", shape=[4])
    for port in ("x", "x2"):
        graph.connect(entry, "out", node, port)
    graph.connect(node, graph.add("Output"))
    assert "only a dataset can be wired to it" in only(graph).message


def test_a_remedy_that_needs_a_size_which_no_node_can_have_is_not_offered() -> None:
    largest = 2**31 - 1
    graph = chain([largest, 2, 1, 1], ("Flatten", {}), ("ReflectionPad3d", {"padding": 1}))
    problem = next(each for each in compiler.plan_graph(graph).problems if each.severity == "error")
    assert all(fix.label.startswith("Remove the wire") for fix in problem.fixes)


def test_inside_a_block_no_remedy_sets_what_the_outside_sets_again() -> None:
    graph = Graph()
    block = graph.define("part")
    entry, conv = graph.add("Input", parent=block), graph.add("Conv2d", "conv", block, out_channels=8)
    graph.connect(entry, conv)
    graph.connect(conv, graph.add("Output", parent=block))
    graph.promote(block, "groups", conv, "groups")
    use = graph.add("Block", block=block, groups=3)
    graph.connect(graph.add("Input", shape=[4, 8, 8]), use)
    graph.connect(use, graph.add("Output"))
    [problem] = [each for each in compiler.plan_graph(graph).problems if each.severity == "error"]
    assert "groups of conv is 3" in problem.message
    assert not any("group" in fix.label for fix in problem.fixes)
