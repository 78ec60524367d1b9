"""Edits of code whose ports come and go, with their wires."""

import sys

from netloom.graph import Document, History
from netloom.layers import custom
from netloom.layers.authoring import Graph
from netloom.layers.custom_edit import set_code

TWO = "def mix(x, y):\n    return x + y, x - y\n"
NAMED = "def mix(x, other):\n    plus = x + other\n    minus = x - other\n    return plus, minus\n"
ONE = "def mix(x):\n    return x\n"


def drawn() -> tuple[Document, str]:
    graph = Graph()
    left, right = graph.add("Input", "left", shape=[4]), graph.add("Input", "right", shape=[4])
    own = graph.add("Python", "own", code=TWO)
    graph.connect(left, "out", own, "x")
    graph.connect(right, "out", own, "y")
    for port in ("output1", "output2"):
        graph.connect(own, port, graph.add("Output", f"out_{port}"), "input")
    return Document(graph), own


def wired(document: Document, node: str) -> tuple[list[str], list[str]]:
    graph = document.graph
    return sorted(w.input for w in graph.into(node)), sorted(w.output for w in graph.out_of(node))


def test_wires_of_ports_that_go_go_along_and_come_back_in_one_step() -> None:
    document, own = drawn()
    history = History(document)
    before = dict(document.graph.wires)
    history.do(set_code(document.graph, own, {"code": ONE}))
    assert wired(document, own) == (["x"], ["output"])  # the first result keeps its wire under the new name
    history.undo()
    assert dict(document.graph.wires) == before
    assert document.graph.node(own).params["code"] == TWO
    history.redo()
    assert wired(document, own) == (["x"], ["output"])


def test_a_port_with_another_name_keeps_its_wire() -> None:
    document, own = drawn()
    history = History(document)
    source = {wire.input: wire.source for wire in document.graph.into(own)}["y"]
    history.do(set_code(document.graph, own, {"code": NAMED}))
    assert wired(document, own) == (["other", "x"], ["minus", "plus"])
    assert {wire.input: wire.source for wire in document.graph.into(own)}["other"] == source


def test_code_back_to_its_default_is_an_edit_as_well() -> None:
    document, own = drawn()
    document.apply(set_code(document.graph, own, {}, ("code",)))
    assert "code" not in document.graph.node(own).params
    assert wired(document, own) == (["x"], ["output"])


def test_an_edit_that_changes_no_port_touches_no_wire() -> None:
    document, own = drawn()
    patch = set_code(document.graph, own, {"code": TWO + "\n# more\n"})
    assert [change.table for change in patch.changes] == ["node"]
    document.apply(patch)
    assert not set_code(document.graph, own, {"code": TWO + "\n# more\n"})


def test_names_of_a_packages_ports_work_the_same() -> None:
    graph = Graph()
    start, own = graph.add("Input", shape=[4]), graph.add("Package", "own")
    graph.connect(start, own)
    document = Document(graph)
    document.apply(set_code(graph, own, {"inputs": "image, mask"}))
    assert [wire.input for wire in graph.into(own)] == ["image"]


def test_a_fault_names_its_line() -> None:
    assert custom.fault(TWO) is None
    found = custom.fault("def f(x):\n    return x +\n")
    assert found is not None
    assert found.line == 2
    assert found.text.startswith("Line 2: ")
    assert custom.fault("x = 1\n") == custom.Fault("It needs a function, or a class with a method forward.")
    ended = custom.fault("def f(x):")
    assert ended is not None
    assert ended.line == 1


def test_a_package_is_looked_for_and_not_imported() -> None:
    assert custom.missing_package("netloom_has_no_such_package.layers.Gate") == "netloom_has_no_such_package"
    assert custom.missing_package("torch.nn.functional.relu") == ""
    assert custom.missing_package("wsgiref.util.shift_path_info") == ""
    assert "wsgiref" not in sys.modules
    assert custom.missing_package("not a name.at all") == ""
