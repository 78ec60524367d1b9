"""Models as files, on real trained networks and real held-out samples."""

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

import netloom
from netloom import data
from netloom.compiler import build, plan_graph
from netloom.errors import BuildError, ExportError
from netloom.exchange import TOLERANCE, ExportReport, export, job, onnx_file, read_weights
from netloom.exchange.ready import BATCH_SIZES, FREE_LENGTHS, prepare
from netloom.graph import Document
from netloom.runs import RunRecord, Store
from netloom.templates import document


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> RunRecord:
    store = Store(tmp_path_factory.mktemp("store"))
    list(store.train(document("digits-cnn"), epochs=2))
    return store.run("latest")


@pytest.fixture(scope="module")
def onnx_report(digits: RunRecord, tmp_path_factory: pytest.TempPathFactory) -> ExportReport:
    return export(digits.document, tmp_path_factory.mktemp("onnx") / "digits.onnx", weights=digits.weights)


def trained_model(run: RunRecord) -> torch.nn.Module:
    model = build(run.document.graph)
    model.load_state_dict(read_weights(run.weights))
    return model.eval()


def held_out(what: Document) -> torch.Tensor:
    (node,) = (item for item in plan_graph(what.graph).nodes.values() if item.node.kind == "Dataset")
    found = data.load(node.arguments)
    return found.columns[next(iter(found.columns))][found.splits["val"]]


def test_onnx_gives_the_answers_on_every_held_out_digit(digits: RunRecord, onnx_report: ExportReport) -> None:
    import onnxruntime

    images = held_out(digits.document)
    session = onnxruntime.InferenceSession(onnx_report.path, providers=["CPUExecutionProvider"])
    (given,) = session.run(["logits"], {"image": images.numpy()})
    with torch.no_grad():
        wanted = trained_model(digits)(images).numpy()
    assert np.abs(given - wanted).max() <= 1e-4
    assert onnx_report.largest_difference <= 1e-4
    assert onnx_report.samples == len(images) == 359
    assert onnx_report.files == (onnx_report.path,)


def test_onnx_names_come_from_the_canvas_and_the_batch_is_free(onnx_report: ExportReport) -> None:
    import onnxruntime

    session = onnxruntime.InferenceSession(onnx_report.path, providers=["CPUExecutionProvider"])
    assert [(item.name, item.shape) for item in session.get_inputs()] == [("image", ["N", 1, 8, 8])]
    assert [(item.name, item.shape) for item in session.get_outputs()] == [("logits", ["N", 10])]
    for size in (1, 2, 33):
        assert session.run(None, {"image": np.zeros((size, 1, 8, 8), np.float32)})[0].shape == (size, 10)


def test_python_runs_with_torch_alone_and_gives_the_same_numbers(digits: RunRecord, tmp_path: Path) -> None:
    report = export(digits.document, tmp_path / "digits.py", weights=digits.weights)
    assert [path.name for path in report.files] == ["digits.py", "digits.safetensors"]
    assert report.largest_difference == 0
    images = held_out(digits.document)[:7]
    code = (
        "import sys; sys.modules |= dict.fromkeys(['netloom', 'safetensors', 'msgspec', 'sklearn'])\n"
        "import json, torch, digits\n"
        "model = digits.load()\n"
        "assert not model.training\n"
        "images = torch.tensor(json.load(sys.stdin))\n"
        "print(json.dumps(model(images).tolist()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(images.tolist()),
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    with torch.no_grad():
        wanted = trained_model(digits)(images).numpy()
    assert np.abs(np.array(json.loads(done.stdout)) - wanted).max() < 1e-6


def test_python_file_shows_itself_when_it_is_run(digits: RunRecord, tmp_path: Path) -> None:
    export(digits.document, tmp_path / "odd 'name\".py", weights=digits.weights)
    done = subprocess.run([sys.executable, "odd 'name\".py"], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "answers: (2, 10)" in done.stdout
    assert done.stderr == ""


def test_program_file_takes_any_batch(digits: RunRecord, tmp_path: Path) -> None:
    report = export(digits.document, tmp_path / "digits.pt2", weights=digits.weights)
    with warnings.catch_warnings(action="ignore"):
        again = torch.export.load(report.path).module()
    images = held_out(digits.document)
    wanted = trained_model(digits)
    for size in (1, 5, 64):
        assert torch.allclose(again(images[:size]), wanted(images[:size]), atol=1e-5)


def test_weights_file_holds_the_state_dict(digits: RunRecord, tmp_path: Path) -> None:
    report = export(digits.document, tmp_path / "digits.safetensors", weights=digits.weights)
    found, wanted = read_weights(report.path), trained_model(digits).state_dict()
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


def test_without_a_run_the_weights_are_those_that_training_begins_with(tmp_path: Path) -> None:
    what = document("iris-mlp")
    report = export(what, tmp_path / "iris.safetensors")
    assert "untrained" in report.message
    torch.manual_seed(what.training.seed)
    wanted = build(what.graph).state_dict()
    assert all(torch.equal(value, wanted[name]) for name, value in read_weights(report.path).items())


def test_the_random_state_of_the_caller_is_left_alone(tmp_path: Path) -> None:
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    export(document("iris-mlp"), tmp_path / "iris.py")
    assert torch.equal(torch.rand(3), wanted)


def test_all_samples_come_in_batches_of_different_sizes() -> None:
    ready = prepare(document("digits-mlp"), None)
    sizes = [len(batch[0]) for batch in ready.batches()]
    assert sum(sizes) == ready.count == 359
    assert set(sizes) >= set(BATCH_SIZES)
    assert torch.equal(torch.cat([batch[0] for batch in ready.batches()]), ready.samples[0])


def test_an_input_without_a_dataset_is_checked_on_made_up_samples(tmp_path: Path) -> None:
    graph = netloom.Graph()
    words = graph.add("Input", name="words", shape=["L"], dtype="int64")
    vectors = graph.add("Embedding", num_embeddings=11, embedding_dim=4)
    out = graph.add("Output", name="vectors")
    graph.connect(words, vectors)
    graph.connect(vectors, out)
    report = export(Document(graph), tmp_path / "words.py")
    assert "made-up" in report.message
    assert "torch.zeros(2, 12, dtype=torch.int64)" in report.path.read_text()


def recurrent(kind: str = "LSTM") -> Document:
    graph = netloom.Graph()
    x, layer, out = graph.add("Input", name="x", shape=["L", 6]), graph.add(kind), graph.add("Output", name="y")
    graph.connect(x, layer)
    graph.connect(layer, "output", out, "input")
    return Document(graph)


def test_a_free_length_stays_free(tmp_path: Path) -> None:
    import onnxruntime

    report = export(recurrent(), tmp_path / "lstm.onnx")
    session = onnxruntime.InferenceSession(report.path)
    assert session.get_inputs()[0].shape == ["N", "L", 6]
    for length in (1, 5, 40):
        assert session.run(None, {"x": np.zeros((2, length, 6), np.float32)})[0].shape[1] == length
    lengths = {batch[0].shape[1] for batch in prepare(recurrent(), None).batches()}
    assert lengths == set(FREE_LENGTHS)


def test_a_length_that_a_format_cannot_leave_free_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="only with a fixed L"):
        export(recurrent("RNN"), tmp_path / "rnn.pt2")


def test_several_outputs_keep_their_order(tmp_path: Path) -> None:
    graph = netloom.Graph()
    x = graph.add("Input", name="x", shape=[6])
    for name, size in (("small", 2), ("large", 5)):
        layer, out = graph.add("Linear", out_features=size), graph.add("Output", name=name)
        graph.connect(x, layer)
        graph.connect(layer, out)
    report = export(Document(graph), tmp_path / "two.py")
    space: dict[str, object] = {"__name__": "two", "__file__": str(report.path)}
    exec(report.path.read_text(), space)
    assert [tuple(answer.shape) for answer in space["load"]()(torch.zeros(3, 6))] == [(3, 2), (3, 5)]


def test_differences_above_the_tolerance_are_refused_with_the_number(
    digits: RunRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "digits.safetensors"
    target.write_bytes(b"the old file")

    def lossy(ready: object, path: Path, say: object) -> object:
        path.write_bytes(b"new")
        return lambda batch: tuple(answer * 1.01 for answer in ready.answers(batch))

    monkeypatch.setitem(job.FORMATS, ".safetensors", ("weights", lossy))
    with pytest.raises(ExportError, match=r"differ from the model's by up to .*1\.0e-02") as caught:
        export(digits.document, target, weights=digits.weights)
    assert f"{TOLERANCE:.0e}" in str(caught.value)
    assert target.read_bytes() == b"the old file"
    assert [path.name for path in tmp_path.iterdir()] == ["digits.safetensors"]


def test_weights_that_are_not_numbers_are_refused(digits: RunRecord, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    weights = {
        name: value * float("nan") if value.is_floating_point() else value
        for name, value in read_weights(digits.weights).items()
    }
    save_file(weights, tmp_path / "broken.safetensors")
    with pytest.raises(ExportError, match="not numbers"):
        export(digits.document, tmp_path / "digits.py", weights=tmp_path / "broken.safetensors")


def test_weights_of_another_network_are_refused(digits: RunRecord, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"belongs to another network.*choose another run"):
        export(document("iris-mlp"), tmp_path / "iris.py", weights=digits.weights)
    assert list(tmp_path.iterdir()) == []


def test_a_graph_with_errors_is_refused_with_its_node(tmp_path: Path) -> None:
    graph = netloom.Graph()
    x, layer, out = graph.add("Input", shape=[6]), graph.add("Conv2d"), graph.add("Output")
    graph.connect(x, layer)
    graph.connect(layer, out)
    with pytest.raises(BuildError) as caught:
        export(Document(graph), tmp_path / "model.onnx")
    assert caught.value.node == layer


def test_what_a_format_cannot_say_is_told_in_one_plain_line(tmp_path: Path) -> None:
    graph = netloom.Graph()
    x, layer, out = (
        graph.add("Input", shape=[4, 6], dtype="complex64"),
        graph.add("FFT", n=5, dim=1),
        graph.add("Output"),
    )
    graph.connect(x, layer)
    graph.connect(layer, out)
    with pytest.raises(ExportError, match="cannot be expressed in this format") as caught:
        export(Document(graph), tmp_path / "model.onnx")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(("name", "words"), [("model.h5", "'.h5' is not a format"), ("model", "has no ending")])
def test_unknown_endings_name_the_known_ones(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(ExportError, match=words) as caught:
        export(document("iris-mlp"), tmp_path / name)
    assert ".py, .onnx, .pt2, .safetensors" in str(caught.value)


def test_a_folder_that_is_missing_is_named_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"No such file.*Choose another folder"):
        export(document("iris-mlp"), tmp_path / "nowhere" / "iris.py")


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "iris.py").mkdir()
    with pytest.raises(ExportError, match="is a folder"):
        export(document("iris-mlp"), tmp_path / "iris.py")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "iris.safetensors"
    target.write_bytes(b"the old file")

    def full(ready: object, path: Path, say: object) -> object:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(job.FORMATS, ".safetensors", ("weights", full))
    with pytest.raises(ExportError, match=r"No space left on device.*Choose another folder"):
        export(document("iris-mlp"), target)
    assert target.read_bytes() == b"the old file"
    assert len(list(tmp_path.iterdir())) == 1


def test_the_stages_are_told_and_any_can_end_the_export(tmp_path: Path) -> None:
    stages: list[str] = []
    export(document("iris-mlp"), tmp_path / "iris.pt2", progress=stages.append)
    assert stages[0] == "Building the model"
    assert stages[-1] == "Putting the file in place"
    assert any("samples" in stage for stage in stages)

    class CancelledError(Exception):
        pass

    def cancel(stage: str) -> None:
        if stage == stages[-1]:
            raise CancelledError

    with pytest.raises(CancelledError):
        export(document("iris-mlp"), tmp_path / "other.pt2", progress=cancel)
    assert [path.name for path in tmp_path.iterdir()] == ["iris.pt2"]


def test_large_weights_go_into_a_second_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_file, "LARGEST_SINGLE_FILE", 1)
    report = export(document("iris-mlp"), tmp_path / "iris.onnx")
    assert [path.name for path in report.files] == ["iris.onnx", "iris.onnx.data"]
    assert all(path.is_file() for path in report.files)


def test_nothing_of_the_exporters_reaches_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    export(document("moons-mlp"), tmp_path / "moons.onnx")
    assert capfd.readouterr() == ("", "")


def test_reading_weights_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "weights.safetensors").write_bytes(b"nothing")
    with pytest.raises(ExportError, match=r"weights\.safetensors cannot be read"):
        read_weights(tmp_path / "weights.safetensors")
    with pytest.raises(ExportError, match=r"missing\.safetensors cannot be read"):
        read_weights(tmp_path / "missing.safetensors")


def test_the_report_is_json(onnx_report: ExportReport) -> None:
    found = json.loads(json.dumps(onnx_report.summary()))
    assert set(found) == {"path", "files", "largest_difference", "samples", "message"}


@pytest.mark.parametrize("ending", job.FORMATS)
def test_exporting_trained_weights_leaves_random_numbers_alone(ending: str, digits: RunRecord, tmp_path: Path) -> None:
    """A run that goes on in the same process would draw others, and could not be repeated."""
    before = torch.get_rng_state()
    export(digits.document, tmp_path / f"model{ending}", weights=digits.weights)
    assert torch.equal(torch.get_rng_state(), before)
