"""The training script of a document: it runs alone, and learns what the document learns."""

import contextlib
import io
import runpy
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest
import sklearn.datasets
import torch
from safetensors.torch import load_file

import netloom
from netloom import data
from netloom.cli import main
from netloom.errors import BuildError, ExportError
from netloom.exchange import script, script_data
from netloom.graph import Change, Document, edit
from netloom.layers.datasets import DATASETS
from netloom.templates import document
from netloom.training import loop
from netloom.training.events import RunEnded


def short(name: str) -> Document:
    made = document(name)
    made.training = msgspec.structs.replace(made.training, epochs=2, device="cpu")
    return made


def run(text: str, folder: Path) -> str:
    """What a script prints that is well written, and runs here, where torch is loaded already."""
    path = written(text, folder)
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        runpy.run_path(str(path), run_name="__main__")
    return printed.getvalue()


def run_alone(text: str, folder: Path) -> str:
    path = written(text, folder)
    done = subprocess.run(
        [sys.executable, "-W", "error", path.name], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def written(text: str, folder: Path) -> Path:
    path = folder / "train.py"
    path.write_text(text, "utf-8")
    for command in (["format", "--check", "--diff"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return path


def scores(printed: str) -> dict[str, float]:
    """What is said last of the rows held out."""
    line = [line for line in printed.splitlines() if "held out" in line][-1]
    pairs = (word.rsplit(" ", 1) for word in line.partition(": ")[2].split(", "))
    return {name: float(value) for name, value in pairs}


def trained(made: Document, folder: Path) -> tuple[RunEnded, dict[str, torch.Tensor]]:
    end = [event for event in loop.train(made, device="cpu", folder=folder) if isinstance(event, RunEnded)][-1]
    assert end.state == "finished", end.message
    return end, load_file(next(path for path in map(Path, end.files) if path.name == "last.safetensors"))


@pytest.mark.parametrize("name", ["digits-mlp", "iris-mlp", "diabetes-regression"])
def test_a_script_learns_what_the_document_learns(name: str, tmp_path: Path) -> None:
    made = short(name)
    text = script(made)
    assert text == script(short(name))
    assert "netloom" not in text
    found = scores(run_alone(text, tmp_path))
    end, weights = trained(made, tmp_path / "run")
    wanted = end.losses | end.metrics.get("val", {})
    assert found == pytest.approx(wanted, abs=2e-4)
    written = load_file(tmp_path / "model.safetensors")
    assert written.keys() == weights.keys()
    for key, value in weights.items():
        torch.testing.assert_close(written[key], value, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("source", DATASETS)
def test_a_script_reads_the_same_rows(source: str) -> None:
    settings = script_data.settings({"source": source, "samples": 90, "noise": 0.2, "split_seed": 3})
    names = {name: getattr(sklearn.datasets, name) for name in dir(sklearn.datasets) if name[:5] in ("load_", "make_")}
    space = {"torch": torch, "Tensor": torch.Tensor, "np": np, **names}
    exec(script_data.reader(source) + script_data.SPLIT + script_data.STANDARDISED, space)
    found = space["found"] = eval(script_data.reading(settings), space)
    train, held_out = eval(script_data.splitting("found", settings), space)
    for column in script_data.SCALED.get(source, ()):
        found[column] = space["standardised"](found[column], train)
    wanted = data.load(settings)
    assert torch.equal(train, wanted.splits["train"])
    assert torch.equal(held_out, wanted.splits["val"])
    assert found.keys() == wanted.columns.keys()
    assert all(torch.equal(found[name], wanted.columns[name]) for name in found)


def with_node(made: Document, kind: str, target: str, port: str, output: str, **params: object) -> str:
    """A new node of a document, wired to a port."""
    graph = made.graph
    node = netloom.layers.edit.new_node(graph, kind, params=params)
    made.apply(edit.add(node, "Add"))
    made.apply(netloom.layers.connect.connect(graph, node.id, output, graph.named(target).id, port))
    return node.id


@pytest.mark.parametrize(
    ("kind", "params", "said"),
    [
        ("OneCycleLR", {"max_lr": 0.01, "step": "batch"}, "total_steps=EPOCHS * len(batches(train))"),
        ("CosineAnnealingLR", {}, "T_max=EPOCHS"),
        ("ReduceLROnPlateau", {"patience": 0}, "schedule.step(sum(scores[name] for name in LOSSES))"),
    ],
)
def test_a_schedule_changes_the_rate_as_in_the_document(
    kind: str, params: dict[str, object], said: str, tmp_path: Path
) -> None:
    made = short("iris-mlp")
    optimizer = next(node for node in made.graph.nodes.values() if node.kind == "AdamW")
    with_node(made, kind, optimizer.name, "schedule", "schedule", **params)
    text = script(made)
    assert said in text
    end, _ = trained(made, tmp_path / "run")
    assert scores(run(text, tmp_path))["loss"] == pytest.approx(end.losses["loss"], abs=2e-4)


def other_optimizer(made: Document, kind: str, **params: object) -> None:
    old = next(node for node in made.graph.nodes.values() if node.kind == "AdamW")
    made.apply(netloom.graph.Patch("Swap", (Change("node", old.id, old, type(old)(old.id, kind, old.name, params)),)))


def test_an_optimizer_that_searches_gets_a_closure(tmp_path: Path) -> None:
    made = short("iris-mlp")
    other_optimizer(made, "LBFGS", lr=0.1)
    text = script(made)
    assert "optimizer.step(closure)" in text
    end, _ = trained(made, tmp_path / "run")
    assert scores(run(text, tmp_path))["loss"] == pytest.approx(end.losses["loss"], abs=2e-3)


def test_two_optimizers_follow_their_own_weights(tmp_path: Path) -> None:
    made = short("iris-mlp")
    graph = made.graph
    first = next(node for node in graph.nodes.values() if node.kind == "AdamW")
    loss = next(node for node in graph.nodes.values() if node.kind == "CrossEntropyLoss")
    made.apply(edit.set_params(graph, first.id, {"updates": [graph.named("head").id]}))
    second = netloom.layers.edit.new_node(
        graph, "SGD", params={"lr": 0.1, "updates": [graph.named("hidden1").id, graph.named("hidden2").id]}
    )
    made.apply(edit.add(second, "Add"))
    made.apply(netloom.layers.connect.connect(graph, loss.id, "loss", second.id, "losses"))
    text = script(made)
    assert "[*model.hidden1.parameters(), *model.hidden2.parameters()]" in text
    end, _ = trained(made, tmp_path / "run")
    assert scores(run(text, tmp_path))["loss"] == pytest.approx(end.losses["loss"], abs=2e-4)


def test_a_document_that_cannot_train_says_why() -> None:
    with pytest.raises(ExportError, match="There is no data"):
        script(document("lenet5"))
    with pytest.raises(BuildError, match="no model yet"):
        script(Document())


def test_the_command_writes_the_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "iris.loom"
    netloom.save(short("iris-mlp"), path)
    assert main(["code", str(path), "--script"]) == 0
    text = capsys.readouterr().out
    assert text == script(short("iris-mlp"))
    assert main(["code", str(path), "--script", "-o", str(tmp_path / "train.py")]) == 0
    assert (tmp_path / "train.py").read_text("utf-8") == text
    netloom.save(document("lenet5"), path)
    assert main(["code", str(path), "--script"]) == 1
    assert "There is no data" in capsys.readouterr().err
