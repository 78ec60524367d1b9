"""What is special about a model goes into each format: shared weights, loops, own code, own tensors, chance, pairs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from safetensors import safe_open
from tests.compiler.test_custom import GATE, drawn
from tests.compiler.test_source_blocks import decoder

from netloom.compiler import trust
from netloom.errors import ExportError
from netloom.exchange import export, job
from netloom.graph import Document, edit
from netloom.layers.authoring import Graph
from netloom.templates import TEMPLATES, document

pytestmark = pytest.mark.filterwarnings("ignore")
MODELS = (".py", ".onnx", ".pt2")


def tied() -> Graph:
    graph = Graph()
    x, table = graph.add("Input", "x", shape=["L"], dtype="int64"), graph.add("Embedding", "table")
    graph.apply(edit.set_params(graph, table, {"num_embeddings": 9, "embedding_dim": 4}).changes)
    head, y = graph.add("Linear", "head", share=table), graph.add("Output", "y")
    for source, target in ((x, table), (table, head), (head, y)):
        graph.connect(source, target)
    return graph


def shifted() -> Graph:
    graph = Graph()
    x, more, total = graph.add("Input", "x", shape=[4]), graph.add("Parameter", "more", shape=[4]), graph.add("Add")
    graph.connect(x, total)
    graph.connect(more, total)
    graph.connect(total, graph.add("Output", "y"))
    return graph


def gated() -> Graph:
    trust.extend([GATE])
    return drawn(GATE, [6], [6], arguments="width=6")


def one(kind: str, shape: list[int], **params: object) -> Graph:
    graph = Graph()
    x, node = graph.add("Input", "x", shape=shape), graph.add(kind, "it", **params)
    graph.connect(x, node)
    graph.connect(node, graph.add("Output", "y"))
    return graph


@pytest.fixture(autouse=True)
def own_trust() -> Iterator[None]:
    trust.use(trust.Trust())
    yield
    trust.use(trust.Trust())


@pytest.mark.parametrize("ending", job.FORMATS)
@pytest.mark.parametrize("made", [tied, shifted, gated, lambda: decoder(3)], ids=["tied", "tensor", "code", "loop"])
def test_a_model_gives_its_answers_in_every_format(made: Callable[[], Graph], ending: str, tmp_path: Path) -> None:
    report = export(Document(made()), tmp_path / f"model{ending}")
    assert report.largest_difference <= 1e-4 * report.scale


def test_shared_weights_are_written_once(tmp_path: Path) -> None:
    export(Document(tied()), tmp_path / "model.safetensors")
    with safe_open(tmp_path / "model.safetensors", "pt") as weights:
        assert list(weights.keys()) == ["table.weight"]


def test_code_of_ones_own_stands_in_the_file(tmp_path: Path) -> None:
    report = export(Document(gated()), tmp_path / "model.py")
    assert "class Gate(nn.Module):" in report.path.read_text("utf-8")


def test_what_draws_is_compared_without_chance_and_draws_in_the_file(tmp_path: Path) -> None:
    report = export(Document(one("RandomNormal", [5])), tmp_path / "model.onnx")
    assert report.largest_difference == 0
    session = onnxruntime.InferenceSession(report.path)
    fed = {"x": np.zeros((2, 5), np.float32)}
    assert not np.array_equal(session.run(None, fed)[0], session.run(None, fed)[0])


def test_complex_numbers_are_pairs_in_onnx(tmp_path: Path) -> None:
    report = export(Document(one("FFT", [6])), tmp_path / "model.onnx")
    values = np.arange(12, dtype=np.float32).reshape(2, 6)
    (found,) = onnxruntime.InferenceSession(report.path).run(None, {"x": values})
    np.testing.assert_allclose(found[..., 0] + 1j * found[..., 1], np.fft.fft(values), atol=1e-4)


def test_a_refusal_names_the_node_and_the_next_step(tmp_path: Path) -> None:
    graph = one("MaxPool3d", [2, 6, 5, 7], kernel_size=[3, 2, 4], padding=1, ceil_mode=True)
    with pytest.raises(ExportError) as caught:
        export(Document(graph), tmp_path / "model.onnx")
    assert str(caught.value) == (
        "model.onnx was not written: it (MaxPool3d) cannot be expressed in this format. "
        "Export to .pt2 or .py instead, or use another layer."
    )
    assert caught.value.node == graph.named("it").id


LARGE = ("alexnet", "vgg16", "resnet50", "densenet121", "googlenet", "vit-b16", "unet")
"""Exported once each, as the only thing that differs from the others is their size."""


@pytest.mark.slow
@pytest.mark.parametrize("ending", MODELS)
@pytest.mark.parametrize("name", [name for name in TEMPLATES if name not in LARGE])
def test_a_template_in_every_format(name: str, ending: str, tmp_path: Path) -> None:
    report = export(document(name), tmp_path / f"model{ending}")
    assert report.largest_difference <= 1e-4 * report.scale


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGE)
def test_a_large_template_in_onnx(name: str, tmp_path: Path) -> None:
    report = export(document(name), tmp_path / "model.onnx")
    assert report.largest_difference <= 1e-4 * report.scale


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gpt2-small", "bert-base", "seq2seq-attention"])
def test_the_length_of_a_text_stays_free(name: str, tmp_path: Path) -> None:
    report = export(document(name), tmp_path / "model.onnx")
    session = onnxruntime.InferenceSession(report.path)
    letters = [dim for entry in session.get_inputs() for dim in entry.shape]
    assert all(isinstance(dim, str) for dim in letters)
