"""Operations that the ONNX exporter does not know, in terms of those that it knows."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from string import ascii_letters
from typing import Any

import torch
from torch import Tensor
from torch.export import ExportedProgram
from torch.nn import functional

aten = torch.ops.aten


def _attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Any:
    """Attention over sequences without heads: as if they had one."""
    if query.dim() != 3 or enable_gqa:
        return NotImplemented
    mask = attn_mask.unsqueeze(1) if attn_mask is not None and attn_mask.dim() == 3 else attn_mask
    found = functional.scaled_dot_product_attention(
        query.unsqueeze(1), key.unsqueeze(1), value.unsqueeze(1), mask, dropout_p, is_causal, scale=scale
    )
    return found.squeeze(1)


def _cumulative_product(values: Tensor, dim: int, *, dtype: torch.dtype | None = None) -> Tensor:
    """The products of ever longer beginnings; ones stand for what comes after them."""
    moved = values.to(dtype or values.dtype).movedim(dim, -1)
    steps = torch.arange(moved.shape[-1], device=values.device)
    beginnings = torch.where(steps <= steps.unsqueeze(1), moved.unsqueeze(-2), torch.ones_like(moved).unsqueeze(-2))
    return beginnings.prod(-1).movedim(-1, dim)


def _whole(values: Tensor) -> Any:
    """Whole numbers are rounded already; the format rounds decimal ones alone."""
    return NotImplemented if values.is_floating_point() else values.clone()


def _stacked(tensors: Sequence[Tensor], dim: int = 0) -> Any:
    """Tensors of one type, which the format asks for."""
    dtype = tensors[0].dtype
    for each in tensors:
        dtype = torch.promote_types(dtype, each.dtype)
    if all(each.dtype == dtype for each in tensors):
        return NotImplemented
    return torch.stack([each.to(dtype) for each in tensors], dim)


def _einsum(equation: str, tensors: Sequence[Tensor], *, path: Sequence[int] | None = None) -> Any:
    """Products and sums; dots that are summed over get letters, since the format only keeps what they stand for."""
    before, arrow, after = equation.replace(" ", "").partition("->")
    if "..." not in before or not arrow or "..." in after:
        return NotImplemented
    spare = [letter for letter in ascii_letters if letter not in equation]
    terms = []
    for term, each in zip(before.split(","), tensors, strict=True):
        many = each.dim() - len(term.replace("...", ""))
        terms.append(term.replace("...", "".join(spare[len(spare) - many :])))
    return aten.einsum.default(f"{','.join(terms)}->{after}", tensors, path=path)


def _norm(values: Tensor, ord: float = 2, dim: Any = None, keepdim: bool = False, **settings: Any) -> Any:  # noqa: A002
    """The norm of all numbers, over dimensions that are named."""
    if dim is not None or not keepdim:
        return NotImplemented
    return torch.linalg.vector_norm(values, ord, list(range(values.dim())), keepdim, **settings)


def _clamp(values: Tensor, least: float | None = None, most: float | None = None) -> Any:
    """Limits of one type: the exporter makes a tensor of a whole one, and not of the other."""
    if type(least) is type(most) or None in (least, most):
        return NotImplemented
    return aten.clamp.default(values, float(least or 0), float(most or 0))


def _uniform(values: Tensor, low: float = 0.0, high: float = 1.0, **_: object) -> Tensor:
    return low + (high - low) * torch.rand_like(values)


def _chosen(values: Tensor, p: float = 0.5, **_: object) -> Tensor:
    return torch.bernoulli(torch.full(values.shape, p, device=values.device)).to(values.dtype)


def _randomised(values: Tensor, _noise: Tensor, lower: float = 1 / 8, upper: float = 1 / 3, *_: object) -> Tensor:
    """RReLU outside training has the slope in the middle."""
    return functional.leaky_relu(values, (lower + upper) / 2)


def _noted(values: Tensor, noise: Tensor, *more: Any) -> tuple[Tensor, Tensor]:
    return _randomised(values, noise, *more), noise.clone()


def _adaptive_max_pool(values: Tensor, sizes: Sequence[int]) -> tuple[Tensor, Tensor]:
    """The largest value of each cell and its place."""
    places = torch.zeros([1] * 2 * len(sizes), dtype=torch.int64)
    for index, (length, size) in enumerate(zip(values.shape[-len(sizes) :], sizes, strict=True)):
        row = _cells(int(length), size)
        shape = [1] * 2 * len(sizes)
        shape[index], shape[len(sizes) + index] = row.shape
        places = places * length + row.reshape(shape)
    cells = places.flatten(len(sizes)).flatten(0, -2)
    found = values.flatten(-len(sizes))[..., cells.flatten()]
    found = found.reshape(*found.shape[:-1], *cells.shape)
    largest, at = found.max(-1)
    where = cells.expand(found.shape).gather(-1, at.unsqueeze(-1)).squeeze(-1)
    return largest.reshape(*largest.shape[:-1], *sizes), where.reshape(*largest.shape[:-1], *sizes)


def _adaptive_average_pool(values: Tensor, sizes: Sequence[int]) -> Tensor:
    """The average of each cell, one dimension after another."""
    first = values.dim() - len(sizes)
    for index, size in enumerate(sizes, start=first):
        length = int(values.shape[index])
        numbers, places = torch.arange(size).unsqueeze(1), torch.arange(length)
        starts, ends = numbers * length // size, ((numbers + 1) * length + size - 1) // size
        shares = ((places >= starts) & (places < ends)).to(values.dtype) / (ends - starts)
        values = (values.movedim(index, -1) @ shares.T).movedim(-1, index)
    return values


def _cells(length: int, size: int) -> Tensor:
    """The places in each cell, the last one repeated where other cells have more."""
    longest = max(-(-(index + 1) * length // size) - index * length // size for index in range(size))
    numbers = torch.arange(size)
    starts, ends = numbers * length // size, ((numbers + 1) * length + size - 1) // size
    return torch.minimum(starts.unsqueeze(1) + torch.arange(longest), ends.unsqueeze(1) - 1)


def _average_pool(
    values: Tensor,
    kernel_size: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """Averages whose last window hangs over the edge, or of another number: sums of windows over what counts."""
    rank = values.dim() - 2
    inner = values.shape[2:]
    if not (ceil_mode or divisor_override) or not all(isinstance(size, int) for size in inner):
        return NotImplemented
    windows, steps, edges = (_each(given, rank) for given in (kernel_size, stride or kernel_size, padding))
    sizes = [(*each, ceil_mode) for each in zip(inner, windows, steps, edges, strict=True)]
    pads = [side for each in reversed(sizes) for side in _sides(*each)]
    pool = (functional.avg_pool1d, functional.avg_pool2d, functional.avg_pool3d)[rank - 1]
    sums = pool(functional.pad(values, pads), windows, steps) * prod(windows)
    if divisor_override:
        return sums / divisor_override
    for index, each in enumerate(sizes):
        counts = _counts(*each, outside=each[3] if count_include_pad else 0).to(values.dtype)
        sums = sums / counts.reshape([-1 if place == index else 1 for place in range(rank)])
    return sums


def _each(given: Sequence[int], rank: int) -> list[int]:
    return list(given) * rank if len(given) == 1 else list(given)


def _many(length: int, window: int, step: int, edge: int, hangs: bool) -> int:
    """How many windows there are; none begins beyond the image, and only the last may hang over."""
    room = length + 2 * edge - window
    many = (-(-room // step) if hangs else room // step) + 1
    return many - 1 if (many - 1) * step >= length + edge else many


def _sides(length: int, window: int, step: int, edge: int, hangs: bool) -> tuple[int, int]:
    """What is added before and behind, so that the last window ends with the image."""
    return edge, (_many(length, window, step, edge, hangs) - 1) * step + window - edge - length


def _counts(length: int, window: int, step: int, edge: int, hangs: bool, *, outside: int) -> Tensor:
    """How many values count in each window."""
    starts = torch.arange(_many(length, window, step, edge, hangs)) * step - edge
    return (starts + window).clamp(max=length + outside) - starts.clamp(min=-outside)


REWRITTEN: Mapping[Any, Callable[..., Any]] = {
    aten.scaled_dot_product_attention.default: _attention,
    aten.cumprod.default: _cumulative_product,
    aten.clamp.default: _clamp,
    aten.bernoulli.p: _chosen,
    aten.uniform_.default: _uniform,
    aten.uniform.default: _uniform,
    aten.rrelu.default: lambda values, *more: _randomised(values, values, *more),
    aten.rrelu_with_noise.default: _randomised,
    aten.rrelu_with_noise_functional.default: _noted,
    aten.floor.default: _whole,
    aten.ceil.default: _whole,
    aten.trunc.default: _whole,
    aten.round.default: _whole,
    aten.stack.default: _stacked,
    aten.einsum.default: _einsum,
    aten.linalg_vector_norm.default: _norm,
    aten.adaptive_avg_pool1d.default: _adaptive_average_pool,
    aten.adaptive_avg_pool2d.default: _adaptive_average_pool,
    aten.adaptive_avg_pool3d.default: _adaptive_average_pool,
    aten.adaptive_max_pool1d.default: _adaptive_max_pool,
    aten.adaptive_max_pool2d.default: _adaptive_max_pool,
    aten.adaptive_max_pool3d.default: _adaptive_max_pool,
    aten.avg_pool1d.default: _average_pool,
    aten.avg_pool2d.default: _average_pool,
    aten.avg_pool3d.default: _average_pool,
}


def rewritten(program: ExportedProgram) -> ExportedProgram:
    """The program, with other operations where the exporter needs them."""
    is_used = any(node.target in REWRITTEN for node in program.graph.nodes)
    return program.run_decompositions(dict(REWRITTEN)) if is_used else program
