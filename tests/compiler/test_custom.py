"""Code of the user's own: its ports are read, its shapes are tried, and nothing runs before it is trusted."""

from pathlib import Path
from typing import Any

import pytest

from netloom import compiler
from netloom.compiler.trust import Trust, texts
from netloom.errors import GraphError
from netloom.graph import Change, Wire
from netloom.layers.authoring import Graph

SPLIT = """
def halves(x, weight=None):
    first, second = x.chunk(2, dim=1)
    return first, second
"""
GATE = """
class Gate(nn.Module):
    def __init__(self, width, slope=0.5):
        super().__init__()
        self.mix = nn.Linear(width, width)
        self.slope = slope

    def forward(self, x: Tensor, state: Tensor) -> Tensor:
        return torch.sigmoid(self.mix(x)) * state * self.slope
"""
FLAT = "def flat(x):\n    return torch.cat([x.flatten(1), x[:, :, 0]], dim=1)\n"
HALF = "def half(x):\n    return x[:, : x.shape[1] // 2]\n"
HARMFUL = "import pathlib\npathlib.Path({path!r}).write_text('ran')\n\n\ndef f(x):\n    return x\n"


def drawn(code: str, *shapes: list[Any], arguments: str = "") -> Graph:
    graph = Graph()
    node = graph.add("Python", "it", code=code, arguments=arguments)
    entries = [port.name for port in compiler_inputs(graph, node)]
    for name, shape in zip(entries, shapes, strict=False):
        graph.connect(graph.add("Input", shape=shape), "out", node, name)
    for port in compiler_outputs(graph, node):
        graph.connect(node, port.name, graph.add("Output", f"out_{port.name}"), "input")
    return graph


def compiler_inputs(graph: Graph, node: str) -> Any:
    from netloom.layers import ports

    return ports.inputs(graph, graph.nodes[node])


def compiler_outputs(graph: Graph, node: str) -> Any:
    from netloom.layers import ports

    return ports.outputs(graph, graph.nodes[node])


def planned(graph: Graph) -> compiler.Plan:
    return compiler.Planner(trusts=lambda _: True).plan(graph)


def test_ports_are_read_from_the_signature_and_the_last_return() -> None:
    graph = drawn(SPLIT, [8])
    node = graph.named("it")
    assert node is not None
    assert [(port.name, port.optional) for port in compiler_inputs(graph, node.id)] == [("x", False), ("weight", True)]
    assert [port.name for port in compiler_outputs(graph, node.id)] == ["first", "second"]


def test_shapes_follow_the_batch_and_free_lengths() -> None:
    plan = planned(drawn(SPLIT, [8, "L"]))
    assert not plan.problems
    assert [flow.dims() for flow in plan.outputs.values()] == [["N", 4, "L"], ["N", 4, "L"]]
    assert [flow.dims() for flow in planned(drawn(FLAT, ["L", "M"])).outputs.values()] == [["N", "L·M+L"]]


def test_a_size_that_follows_in_no_plain_way_is_said() -> None:
    [problem] = planned(drawn(HALF, ["L"])).problems
    assert "in a way that cannot be told" in problem.message or "evenly" in problem.message


def test_a_class_is_made_with_its_settings_and_counts_its_weights() -> None:
    plan = planned(drawn(GATE, [6], [6], arguments="width=6, slope=0.25"))
    assert not plan.problems
    assert plan.parameters == 42
    [problem] = planned(drawn(GATE, [6], [6], arguments="width=5")).problems
    assert "The code of it raised RuntimeError" in problem.message


def test_what_code_says_when_it_fails_is_one_plain_line() -> None:
    code = "def f(x):\n    raise ValueError('\\x1b[31m{node}\\n\\u202eno')\n"
    [problem] = planned(drawn(code, [4])).problems
    assert problem.message == "The code of it raised ValueError: [31m no"


def test_nothing_runs_before_it_is_trusted(tmp_path: Path) -> None:
    path = tmp_path / "ran.txt"
    graph = drawn(HARMFUL.format(path=str(path)), [4])
    [problem] = [each for each in compiler.plan_graph(graph).problems if each.severity == "error"]
    assert "waits until you trust" in problem.message
    assert not path.exists()
    trust = Trust(tmp_path / "trusted.json")
    planner = compiler.Planner(trusts=trust)
    assert not planner.plan(graph).is_valid
    trust.add(texts(graph))
    planner.forget()
    assert planner.plan(graph).is_valid
    assert path.read_text() == "ran"
    assert Trust(tmp_path / "trusted.json")(texts(graph)[0])


def test_a_wire_that_waits_with_what_is_no_tensor_is_told_and_not_tried() -> None:
    graph = Graph()
    schedule, node = (
        graph.add("ReduceLROnPlateau", "plateau"),
        graph.add("Python", "it", code="def f(x):\n    return x\n"),
    )
    wire = Wire(schedule, "schedule", node, "x")
    graph.apply([Change("wire", wire.key, None, wire)])
    graph.connect(node, graph.add("RandomUniform"))
    found = {problem.message: problem for problem in planned(graph).problems}
    told = found["x of it takes a tensor, schedule of plateau gives a schedule."]
    assert (told.node, told.port, told.severity) == (node, "x", "error")
    assert [fix.label for fix in told.fixes] == ["Remove the wire from plateau"]


def test_a_trust_file_that_is_damaged_trusts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "trusted.json"
    for text in ("", "{", "[1, null]", '{"a": 1}'):
        path.write_text(text)
        assert not Trust(path)(SPLIT)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "needs a function"),
        ("def f(x:\n", "line 1"),
        ("class A:\n    pass\n", "needs a method forward"),
        ("def torch(x):\n    return x\n", "the name torch is taken"),
        ("from __future__ import annotations\ndef f(x):\n    return x\n", "leave out the import"),
        ("(" * 5000, "line 1"),
    ],
)
def test_code_that_cannot_be_read_is_refused_with_its_reason(code: str, reason: str) -> None:
    with pytest.raises(GraphError, match=reason):
        Graph().add("Python", code=code)


NOT_PLAIN = ["1", "a", "a=b", "a=f()", "a=1)(", "*x", "**{}", "a=1, a=2", "a=__import__('os')"]
NOT_PLAIN += ["a=...", "a={1}", "a=[b'x']", "a={1j: 2}", "a=set()"]


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_settings_are_plain_values(text: str) -> None:
    with pytest.raises(GraphError, match="plain values"):
        Graph().add("Python", arguments=text)


@pytest.mark.parametrize("target", ["relu", "a b.c", "os.system('x')", "a..b", ".a", "import.x", "é.f"])
def test_a_package_is_named_by_a_dotted_name(target: str) -> None:
    with pytest.raises(GraphError, match="a dotted name"):
        Graph().add("Package", target=target)


def test_an_installed_class_is_tried_out() -> None:
    graph = Graph()
    node = graph.add(
        "Package",
        "it",
        target="torch.nn.Bilinear",
        arguments="in1_features=3, in2_features=4, out_features=5",
        inputs="a, b",
    )
    graph.connect(graph.add("Input", shape=[3]), "out", node, "a")
    graph.connect(graph.add("Input", shape=[4]), "out", node, "b")
    graph.connect(node, graph.add("Output"))
    plan = planned(graph)
    assert not plan.problems
    assert plan.parameters == 65
    assert [flow.dims() for flow in plan.outputs.values()] == [["N", 5]]
