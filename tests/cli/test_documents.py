"""templates, new, check, code and trust."""

import io
import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

import netloom
from netloom.compiler.forecast import Speed
from netloom.graph import Document
from netloom.runs import speed
from netloom.templates import TEMPLATES


def test_templates_as_lines_and_as_json(run) -> None:
    shown = run("templates")
    assert shown.code == 0
    assert [line.split()[0] for line in shown.out.splitlines()[1:]] == list(TEMPLATES)
    found = run("templates", "--json").json["templates"]
    assert [item["name"] for item in found] == list(TEMPLATES)
    assert all(set(item) == {"name", "title", "summary"} for item in found)


@pytest.mark.parametrize("name", list(TEMPLATES))
def test_new_writes_a_document_without_problems(run, name: str) -> None:
    assert run("new", name, "-o", "a.loom").code == 0
    checked = run("check", "a.loom", "--json")
    assert (checked.code, checked.json["problems"]) == (0, [])


def test_new_does_not_overwrite(run, iris: Path) -> None:
    before = iris.read_bytes()
    refused = run("new", "digits-cnn", "-o", "iris.loom")
    assert refused.code == 2
    assert "--force" in refused.err
    assert iris.read_bytes() == before
    assert run("new", "digits-cnn", "-o", "iris.loom", "--force", "--json").json["template"] == "digits-cnn"
    assert iris.read_bytes() != before


def test_new_names_the_templates_there_are(run) -> None:
    refused = run("new", "digits", "-o", "a.loom")
    assert refused.code == 2
    assert "digits-cnn" in refused.err
    assert not Path("a.loom").exists()


def test_new_into_a_missing_folder(run) -> None:
    refused = run("new", "digits-cnn", "-o", "nowhere/a.loom")
    assert refused.code == 1
    assert "nowhere" in refused.err


def test_check_json_is_the_contract(run) -> None:
    run("new", "digits-cnn", "-o", "a.loom")
    found = run("check", "a.loom", "--json").json
    known = {"nodes", "parameters", "macs", "inputs", "outputs", "problems", "memory", "seconds_per_step"}
    assert set(found) == known
    assert found["memory"] > 4 * 4 * found["parameters"]
    assert found["seconds_per_step"] is None
    assert found["inputs"] == {"image": ["N", 1, 8, 8]}
    assert found["outputs"] == {"logits": ["N", 10]}
    module = netloom.build(netloom.load("a.loom"))
    assert found["parameters"] == sum(weight.numel() for weight in module.parameters())
    assert found["macs"] > found["parameters"]
    assert found["nodes"] == len(netloom.load("a.loom").graph.nodes)


@pytest.fixture
def broken(run, tmp_path: Path) -> Path:
    """A document whose convolution gets a vector."""
    graph = netloom.Graph()
    x, layer, out = graph.add("Input", shape=[6]), graph.add("Conv2d", name="conv"), graph.add("Output")
    graph.connect(x, layer)
    graph.connect(layer, out)
    netloom.save(Document(graph), tmp_path / "broken.loom")
    return tmp_path / "broken.loom"


def test_check_tells_problems_with_their_fixes(run, broken: Path) -> None:
    checked = run("check", broken, "--json")
    assert checked.code == 1
    (problem, *_) = checked.json["problems"]
    assert set(problem) == {"node", "port", "severity", "message", "fixes"}
    assert (problem["node"], problem["severity"]) == ("n2", "error")
    assert all(isinstance(fix, str) for fix in problem["fixes"])
    shown = run("check", broken)
    assert shown.code == 1
    assert problem["message"] in " ".join(shown.out.split())
    assert all(fix in shown.out for fix in problem["fixes"])


def test_check_shows_shapes_and_sums(run, iris: Path) -> None:
    shown = run("check", iris)
    assert "N×4" in shown.out
    assert "403 parameters" in shown.out
    assert "no problems" in shown.out


def test_check_forecasts_time_once_the_machine_was_measured(run, iris: Path) -> None:
    assert "training takes about" in run("check", iris).out
    speed.remember(Speed(1e10, 1e10, 1e9, 1e-5, 1e-4))
    assert 1e-4 < run("check", iris, "--json").json["seconds_per_step"] < 1e-2
    assert "ms a step, with batches of" in run("check", iris).out


def test_check_has_no_forecast_for_what_cannot_be_trained(run, broken: Path) -> None:
    found = run("check", broken, "--json").json
    assert (found["memory"], found["seconds_per_step"]) == (None, None)


def test_check_counts_and_names_what_is_inside_a_block(run, tmp_path: Path) -> None:
    graph = netloom.Graph()
    block = graph.define("twist")
    inside = [graph.add(*each, parent=block) for each in (("Input", "x"), ("Conv2d", "inner_conv"), ("Output", "y"))]
    outside = [graph.add("Input", "data", shape=[6]), graph.add("Block", "held", block=block), graph.add("Output", "z")]
    for nodes in (inside, outside):
        for source, target in itertools.pairwise(nodes):
            graph.connect(source, target)
    netloom.save(Document(graph), tmp_path / "block.loom")
    shown = run("check", "block.loom")
    assert shown.code == 1
    assert "inner_conv.input: " in shown.out
    assert "6 nodes" in shown.out
    assert run("check", "block.loom", "--json").json["nodes"] == 6


def test_code_needs_torch_alone(run, iris: Path) -> None:
    shown = run("code", iris)
    assert shown.code == 0
    assert shown.out == netloom.source(netloom.load(iris))
    assert "netloom" not in shown.out
    assert run("code", iris, "-o", "model.py").code == 0
    assert Path("model.py").read_text() == shown.out


def test_code_of_a_graph_with_errors_is_refused(run, broken: Path) -> None:
    refused = run("code", broken, "-o", "model.py")
    assert refused.code == 1
    assert not Path("model.py").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not complete JSON"),
        ('{"format": 1, "graph": {"nodes": [', "not complete JSON"),
        ('{"format": 99}', "Update Netloom"),
        ('{"format": 1, "graph": {"nodes": [{"id": "n1", "kind": "Conv9d", "name": "a"}]}}', "graph.nodes[0]"),
        ('{"format": 1, "graph": {"nodes": [{"id": "n1", "kind": "ReLU", "name": "__import__"}]}}', "graph.nodes[0]"),
        ('{"format": 1, "graph": {"nodes": [{"id": "n1", "kind": "ReLU", "name": "a\\nb"}]}}', "graph.nodes[0]"),
        ('{"format": 1, "graph": {"nodes": [{"id": "n1", "kind": "Linear", "name": "a", "params": {"x": 1}}]}}', "x"),
        ("\x00\x01\x02", "not complete JSON"),
    ],
)
@pytest.mark.parametrize("command", ["check", "code", "train"])
def test_bad_documents_are_one_clear_line(run, tmp_path: Path, text: str, words: str, command: str) -> None:
    (tmp_path / "bad.loom").write_text(text)
    refused = run(command, "bad.loom")
    assert refused.code == 1
    assert refused.out == ""
    assert refused.err.count("\n") == 1
    assert "bad.loom" in refused.err
    assert words in refused.err


def test_bad_documents_with_json_are_one_object(run, tmp_path: Path) -> None:
    (tmp_path / "bad.loom").write_text("{")
    for command in ("check", "train"):
        refused = run(command, "bad.loom", "--json")
        assert refused.code == 1
        assert "bad.loom" in refused.json["error"]


def test_quick_commands_load_neither_torch_nor_qt(tmp_path: Path) -> None:
    code = (
        "import sys; from netloom.cli import main\n"
        "codes = [main(arguments.split()) for arguments in "
        "('--help', 'templates', 'new iris-mlp -o a.loom', 'check a.loom', 'code a.loom', 'runs list')]\n"
        "print(codes, sorted({'torch', 'PySide6', 'sklearn', 'onnx'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stderr.splitlines()[-1] == "[0, 0, 0, 0, 0, 0] []"


def test_json_has_no_colours_and_ends_its_line(run, iris: Path) -> None:
    shown = run("check", iris, "--json")
    assert "\x1b" not in shown.out
    assert json.loads(shown.out)


def test_code_of_a_document_runs_after_it_is_trusted(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "ran.txt"
    graph = netloom.Graph()
    code = f"import pathlib\n\npathlib.Path({str(mark)!r}).touch()\n\n\ndef same(x):\n    return x\n"
    own = graph.add("Python", code=code)
    graph.connect(graph.add("Input", shape=[4]), own)
    graph.connect(own, graph.add("Output"))
    netloom.save(Document(graph), "own.loom")
    refused = run("check", "own.loom")
    assert refused.code == 1
    assert "waits until you trust" in refused.out
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert run("trust", "own.loom").code == 130
    assert run("check", "own.loom").code == 1
    assert not mark.exists()
    trusted = run("trust", "own.loom", "--yes")
    assert trusted.code == 0
    assert "def same(x)" in trusted.out
    for command in (("check",), ("code",), ("export", "-o", "own.py")):
        mark.unlink(missing_ok=True)
        assert run(command[0], "own.loom", *command[1:]).code == 0
        assert mark.exists()
