"""The comparison that stands between a written file and its place."""

import math

import pytest
import torch
from torch import Tensor

from netloom.errors import ExportError
from netloom.exchange.compare import largest_difference
from netloom.exchange.ready import Ready, Tensors, prepare
from netloom.templates import document


@pytest.fixture(scope="module")
def iris() -> Ready:
    return prepare(document("iris-mlp"), None)


def model(ready: Ready, change: float = 0.0):
    """The model as a function whose answers are off by a number."""

    def run(batch: Tensors) -> Tensors:
        return tuple(answer + change for answer in ready.answers(batch))

    return run


def test_the_model_agrees_with_itself(iris: Ready) -> None:
    largest, scale = largest_difference(iris, model(iris), "a.onnx")
    with torch.no_grad():
        answers = iris.model(*iris.samples)
    assert largest == 0
    assert scale == pytest.approx(float(answers.abs().max()), rel=1e-6)


@pytest.mark.parametrize("change", [1e-3, -0.25])
def test_the_largest_difference_is_absolute(iris: Ready, change: float) -> None:
    assert largest_difference(iris, model(iris, change), "a.onnx")[0] == pytest.approx(abs(change), rel=1e-3)


def test_one_wrong_answer_among_all_is_found(iris: Ready) -> None:
    last: Tensor = iris.samples[0][-1]

    def run(batch: Tensors) -> Tensors:
        (answers,) = iris.answers(batch)
        wrong = (batch[0] == last).all(1)
        return (answers + 7 * wrong[:, None],)

    assert largest_difference(iris, run, "a.onnx")[0] == pytest.approx(7)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_number_never_passes_for_small(iris: Ready, value: float) -> None:
    largest, _ = largest_difference(iris, model(iris, value), "a.onnx")
    assert not math.isfinite(largest)


def test_answers_of_another_shape_are_refused(iris: Ready) -> None:
    with pytest.raises(
        ExportError, match=r"a\.onnx was not written: it answers \(1, 2\) where the model gives \(1, 3\)"
    ):
        largest_difference(iris, lambda batch: (iris.answers(batch)[0][:, :2],), "a.onnx")


def test_a_file_that_does_not_run_is_refused_with_the_shapes(iris: Ready) -> None:
    def run(batch: Tensors) -> Tensors:
        if len(batch[0]) > 1:
            raise RuntimeError("Got invalid dimensions\nfor input: features")
        return iris.answers(batch)

    with pytest.raises(ExportError, match=r"does not run on inputs of \(3, 4\)\. Got invalid dimensions$"):
        largest_difference(iris, run, "a.onnx")
