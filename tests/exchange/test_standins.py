"""What takes the place of layers and operations that cannot be exported gives their answers."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from netloom.exchange.rewriting import REWRITTEN
from netloom.exchange.standins import Fractions, traceable
from netloom.exchange.still import Still

aten = torch.ops.aten


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_neighbouring_channels(size: int) -> None:
    layer, values = nn.CrossMapLRN2d(size, alpha=2.0, beta=0.6, k=1.5), torch.randn(3, 7, 4, 5)
    torch.testing.assert_close(traceable(nn.Sequential(layer))(values), layer(values))


def test_the_likelihood_of_targets_keeps_its_weights() -> None:
    model = nn.ModuleList([nn.AdaptiveLogSoftmaxWithLoss(12, 20, [5, 11], div_value=2.0)])
    values, target = torch.randn(9, 12), torch.randint(20, (9,))
    found, wanted = traceable(model)[0](values, target), model[0](values, target)
    torch.testing.assert_close(found[0], wanted.output)
    torch.testing.assert_close(found[1], wanted.loss)
    assert isinstance(model[0], nn.AdaptiveLogSoftmaxWithLoss)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (nn.FractionalMaxPool2d(2, output_ratio=(0.5, 0.7), return_indices=True), (3, 4, 9, 8)),
        (nn.FractionalMaxPool2d((3, 2), output_size=(4, 1), return_indices=True), (3, 4, 9, 8)),
        (nn.FractionalMaxPool3d(2, output_size=(4, 2, 3), return_indices=True), (2, 3, 6, 5, 7)),
        (nn.FractionalMaxPool3d((1, 2, 3), output_ratio=0.5, return_indices=True), (2, 3, 6, 5, 7)),
    ],
)
def test_fractions_draw_the_windows_of_the_layer(layer: nn.Module, shape: tuple[int, ...]) -> None:
    values = torch.randn(shape)
    for seed in range(20):
        torch.manual_seed(seed)
        wanted = layer(values)
        torch.manual_seed(seed)
        assert all(torch.equal(*pair) for pair in zip(Fractions(layer)(values), wanted, strict=True))


@pytest.mark.parametrize("length", [1, 4, 7, 8])
@pytest.mark.parametrize("size", [1, 3, 5])
def test_cells_of_any_size(length: int, size: int) -> None:
    values = torch.randn(2, 3, length, 5)
    wanted = functional.adaptive_max_pool2d(values, (size, 3), return_indices=True)
    found = REWRITTEN[aten.adaptive_max_pool2d.default](values, (size, 3))
    assert all(torch.equal(*pair) for pair in zip(found, wanted, strict=True))
    average = REWRITTEN[aten.adaptive_avg_pool2d.default](values, (size, 3))
    torch.testing.assert_close(average, functional.adaptive_avg_pool2d(values, (size, 3)))


@pytest.mark.parametrize("length", [4, 5, 8, 9])
@pytest.mark.parametrize(("window", "step", "edge"), [(2, 3, 1), (3, 2, 0), (4, 3, 2), (3, 1, 1)])
@pytest.mark.parametrize(("hangs", "counts", "divisor"), [(True, True, None), (True, False, None), (False, True, 5)])
def test_averages_over_the_edge(
    length: int, window: int, step: int, edge: int, hangs: bool, counts: bool, divisor: int | None
) -> None:
    values = torch.randn(2, 3, length, 6)
    given = ((window, 2), (step, 3), (edge, 1), hangs, counts, divisor)
    wanted = functional.avg_pool2d(values, *given)
    torch.testing.assert_close(REWRITTEN[aten.avg_pool2d.default](values, *given), wanted)


def test_other_operations() -> None:
    values = torch.randn(2, 3, 4)
    rewritten = {str(operation): rule for operation, rule in REWRITTEN.items()}
    torch.testing.assert_close(rewritten["aten.cumprod.default"](values, 1), values.cumprod(1))
    assert torch.equal(rewritten["aten.clamp.default"](values, -1, 0.5), values.clamp(-1, 0.5))
    assert rewritten["aten.clamp.default"](values, None, 0.5) is NotImplemented
    torch.testing.assert_close(rewritten["aten.einsum.default"]("b...->b", [values]), values.sum((1, 2)))
    mixed = [torch.ones(2), torch.ones(2, dtype=torch.int64)]
    assert torch.equal(rewritten["aten.stack.default"](mixed), torch.stack(mixed))
    query = torch.randn(2, 7, 8)
    found = rewritten["aten.scaled_dot_product_attention.default"](query, query, query, is_causal=True)
    wanted = functional.scaled_dot_product_attention(query, query, query, is_causal=True)
    torch.testing.assert_close(found, wanted)


def test_nothing_is_left_to_chance() -> None:
    with Still():
        assert torch.equal(torch.randn(2, 3), torch.full((2, 3), 0.5))
        assert torch.equal(torch.empty(4).uniform_(-1, 3), torch.ones(4))
        assert torch.equal(torch.bernoulli(torch.tensor([0.2, 0.9])), torch.tensor([0.0, 1.0]))
    assert not torch.equal(torch.randn(9), torch.randn(9))
