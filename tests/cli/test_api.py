"""The names that `import netloom` offers."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

import netloom
from netloom.errors import BuildError, DocumentError, ExportError, TrainingError
from netloom.runs import Store
from netloom.training.events import RunEnded


@pytest.fixture
def graph() -> netloom.Graph:
    found = netloom.Graph()
    x = found.add("Input", name="x", shape=[1, 28, 28])
    conv = found.add("Conv2d", out_channels=8, kernel_size=3)
    out = found.add("Output", name="maps")
    found.connect(x, conv)
    found.connect(conv, "output", out, "input")
    return found


def test_every_name_is_there_and_costs_nothing_before_it_is_used() -> None:
    code = "import sys, netloom; print(sorted({'torch', 'msgspec', 'numpy', 'typer', 'rich'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert set(netloom.__all__) <= set(dir(netloom))
    assert all(callable(getattr(netloom, name)) for name in netloom.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        netloom.nothing  # noqa: B018


def test_a_graph_becomes_plan_source_and_module(graph: netloom.Graph) -> None:
    plan = netloom.plan(graph)
    assert plan.shapes["n2", "output"] == ("N", 8, 26, 26)
    assert plan.parameters == 80
    module = netloom.build(graph)
    assert module.training
    assert module(torch.zeros(2, 1, 28, 28)).shape == (2, 8, 26, 26)
    space: dict[str, object] = {}
    exec(netloom.source(graph, name="Eyes"), space)
    space["Eyes"]().load_state_dict(module.state_dict())


def test_a_plan_says_shapes_sizes_and_problems(graph: netloom.Graph) -> None:
    plan = netloom.plan(graph)
    assert plan.shapes == {
        ("n1", "out"): ("N", 1, 28, 28),
        ("n2", "output"): ("N", 8, 26, 26),
        ("n3", "out"): ("N", 8, 26, 26),
    }
    assert (plan.parameters, plan.macs) == (8 * 9 + 8, 8 * 9 * 26 * 26)
    assert plan.problems == ()
    lost = graph.add("Linear", name="lost")
    (problem,) = netloom.plan(graph).problems
    assert (problem.node, problem.port, problem.severity) == (lost, "input", "warning")


def test_training_takes_only_what_it_knows() -> None:
    with pytest.raises(TypeError, match="epoch"):
        netloom.train(netloom.Document(), epoch=3)
    with pytest.raises(TrainingError, match="no data"):
        next(netloom.train(netloom.Document(), device="cpu"))


def test_documents_are_taken_like_graphs(graph: netloom.Graph, tmp_path: Path) -> None:
    netloom.save(netloom.Document(graph), tmp_path / "a.loom")
    document = netloom.load(tmp_path / "a.loom")
    assert netloom.source(document) == netloom.source(graph)
    assert netloom.plan(document).macs == netloom.plan(graph).macs


def test_load_checks_against_the_catalogue(tmp_path: Path) -> None:
    node = '{"id": "n1", "kind": "Linear", "name": "a", "params": {"out_features": "many"}}'
    (tmp_path / "a.loom").write_text(f'{{"format": 1, "graph": {{"nodes": [{node}]}}}}')
    with pytest.raises(DocumentError, match=r"^a\.loom: graph\.nodes\[0\]\.params\.out_features") as caught:
        netloom.load(tmp_path / "a.loom")
    assert caught.value.node == "n1"


def test_source_of_a_graph_with_errors_is_refused(graph: netloom.Graph) -> None:
    wrong = graph.add("Linear")
    graph.connect("n1", "out", graph.add("LSTM", name="memory"), "input")
    with pytest.raises(BuildError) as caught:
        netloom.source(graph)
    assert caught.value.node not in (None, wrong, "n1")


def test_train_and_export_use_the_store_of_the_user(tmp_path: Path) -> None:
    from netloom.templates import document

    events = list(netloom.train(document("iris-mlp"), epochs=2, device="cpu", name="flowers"))
    assert isinstance(events[-1], RunEnded)
    run = Store().run(events[-1].run)
    assert run.name == "flowers"
    by_run = netloom.export(run, tmp_path / "run.safetensors")
    by_document = netloom.export(document("iris-mlp"), tmp_path / "document.safetensors")
    assert by_run.path.read_bytes() == by_document.path.read_bytes()
    by_file = netloom.export(
        document("iris-mlp"), tmp_path / "last.safetensors", weights=run.folder / "last.safetensors"
    )
    assert by_file.samples == 30


def test_a_run_without_weights_is_not_exported(tmp_path: Path) -> None:
    from netloom.templates import document

    list(netloom.train(document("iris-mlp"), epochs=1))
    for path in Store().run("latest").folder.glob("*.safetensors"):
        path.unlink()
    with pytest.raises(ExportError, match="has left no weights"):
        netloom.export(Store().run("latest"), tmp_path / "a.py")
