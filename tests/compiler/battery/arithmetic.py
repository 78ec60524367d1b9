"""Calculations, comparisons, reductions, products."""

from functools import reduce
from operator import mul

import torch
from tests.compiler.battery.case import IMAGE, ROW, SEQUENCE, Case, Given, truth, whole
from torch import Tensor, nn

F = nn.functional
ABOVE = Given(ROW, low=0.2, high=3.0)
COMPLEX = Given(SEQUENCE, "complex64")
NUMBERS = whole(ROW, 9)
MASK = truth(ROW)

FUNCTIONS = {
    "Negative": "neg",
    "Absolute": "abs",
    "Sign": "sign",
    "Square": "square",
    "Exp": "exp",
    "Expm1": "expm1",
    "Sin": "sin",
    "Cos": "cos",
    "Tan": "tan",
    "Erf": "erf",
    "Floor": "floor",
    "Ceil": "ceil",
    "Round": "round",
}
POSITIVE = {"Sqrt": "sqrt", "Rsqrt": "rsqrt", "Reciprocal": "reciprocal", "Log": "log", "Log1p": "log1p"}


def product(*found: Tensor) -> Tensor:
    return reduce(mul, found)


def attended(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    return F.scaled_dot_product_attention(query, key, value, dropout_p=0.4)


CASES = [
    *(Case(kind, [IMAGE], {}, getattr(torch, name)) for kind, name in FUNCTIONS.items()),
    *(Case(kind, [whole(ROW, 5)], {}, getattr(torch, name), gradient=False) for kind, name in FUNCTIONS.items()),
    *(Case(kind, [ABOVE], {}, getattr(torch, name)) for kind, name in POSITIVE.items()),
    *(Case(kind, [NUMBERS], {}, getattr(torch, name), gradient=False) for kind, name in POSITIVE.items()),
    Case("Absolute", [COMPLEX], {}, torch.abs),
    Case("Add", [IMAGE, IMAGE], {}, lambda *found: sum(found[1:], found[0])),
    Case("Add", [IMAGE, [6, 1, 1], [6, 9, 1]], {}, lambda *found: sum(found[1:], found[0])),
    Case("Add", [whole(ROW, 9), truth(ROW)], {"value": -2}, lambda x, y: x + y - 2, gradient=False),
    Case("Add", [IMAGE], {"value": 0.5}, lambda x: x + 0.5),
    Case("Multiply", [IMAGE, [1, 9, 8]], {}, lambda x, y: x * y),
    Case("Multiply", [IMAGE], {"value": 0.5}, lambda x: x * 0.5),
    Case("Multiply", [ROW, NUMBERS, ROW], {"value": -3}, lambda *found: product(*found) * -3),
    Case("Subtract", [SEQUENCE, [7, 1]], {}, lambda x, y: x - y),
    Case("Subtract", [ROW], {"value": 1, "reverse": True}, lambda x: 1 - x),
    Case("Subtract", [NUMBERS], {"value": 0.5}, lambda x: x - 0.5, gradient=False),
    Case("Divide", [ROW, ABOVE], {}, lambda x, y: x / y),
    Case("Divide", [NUMBERS], {"value": 2}, lambda x: x / 2, gradient=False),
    Case("Divide", [ABOVE], {"value": 1.0, "reverse": True}, lambda x: 1.0 / x),
    Case("FloorDivide", [NUMBERS], {"value": 2}, lambda x: x // 2, gradient=False),
    Case("FloorDivide", [ROW, ABOVE], {}, lambda x, y: x // y, gradient=False),
    Case("Remainder", [NUMBERS], {"value": 4}, lambda x: x % 4, gradient=False),
    Case("Remainder", [ROW, ABOVE], {}, lambda x, y: x % y),
    Case("Power", [ROW], {"value": 2}, lambda x: x**2),
    Case("Power", [ABOVE], {"value": -0.5}, lambda x: x**-0.5),
    Case("Power", [ROW], {"value": 2.0, "reverse": True}, lambda x: 2.0**x),
    Case("Power", [NUMBERS], {"value": -2, "reverse": True}, lambda x: (-2) ** x, gradient=False),
    Case("Power", [ABOVE, ROW], {}, lambda x, y: x**y),
    Case("Maximum", [IMAGE, [6, 1, 8]], {}, torch.maximum),
    Case("Maximum", [ROW, NUMBERS], {}, torch.maximum),
    Case("Minimum", [IMAGE, IMAGE], {}, torch.minimum),
    Case("Minimum", [NUMBERS, MASK], {}, torch.minimum, gradient=False),
    Case("Clamp", [ROW], {"min": -1, "max": 0.5}, lambda x: x.clamp(-1, 0.5)),
    Case("Clamp", [NUMBERS], {"min": 2, "max": None}, lambda x: x.clamp(min=2), gradient=False),
    Case("Clamp", [NUMBERS], {"min": None, "max": 2.5}, lambda x: x.clamp(max=2.5), gradient=False),
    Case("Equal", [NUMBERS, NUMBERS], {}, lambda x, y: x == y, gradient=False),
    Case("Equal", [NUMBERS], {"value": 3}, lambda x: x == 3, gradient=False),
    Case("NotEqual", [NUMBERS], {"value": 0}, lambda x: x != 0, gradient=False),
    Case("NotEqual", [COMPLEX, COMPLEX], {}, lambda x, y: x != y, gradient=False),
    Case("Greater", [ROW], {"value": 0.5}, lambda x: x > 0.5, gradient=False),
    Case("Greater", [SEQUENCE, [7, 1]], {}, lambda x, y: x > y, gradient=False),
    Case("GreaterEqual", [NUMBERS], {"value": 2.5}, lambda x: x >= 2.5, gradient=False),
    Case("GreaterEqual", [NUMBERS, MASK], {}, lambda x, y: x >= y, gradient=False),
    Case("Less", [ROW, NUMBERS], {}, lambda x, y: x < y, gradient=False),
    Case("Less", [ROW], {"value": 0}, lambda x: x < 0, gradient=False),
    Case("LessEqual", [NUMBERS, [1]], {}, lambda x, y: x <= y, gradient=False),
    Case("LessEqual", [NUMBERS], {"value": 4}, lambda x: x <= 4, gradient=False),
    Case("LogicalAnd", [MASK, MASK], {}, torch.logical_and, gradient=False),
    Case("LogicalAnd", [NUMBERS, truth([1])], {}, torch.logical_and, gradient=False),
    Case("LogicalOr", [MASK, MASK], {}, torch.logical_or, gradient=False),
    Case("LogicalOr", [NUMBERS, ROW], {}, torch.logical_or, gradient=False),
    Case("LogicalXor", [MASK, MASK], {}, torch.logical_xor, gradient=False),
    Case("LogicalXor", [NUMBERS, MASK], {}, torch.logical_xor, gradient=False),
    Case("LogicalNot", [MASK], {}, torch.logical_not, gradient=False),
    Case("LogicalNot", [NUMBERS], {}, torch.logical_not, gradient=False),
    Case("Where", [MASK, ROW, ROW], {}, torch.where),
    Case("Where", [truth([1]), ROW], {"value": -1.5}, lambda c, x: torch.where(c, x, -1.5)),
    Case("Where", [MASK, NUMBERS, ROW], {}, torch.where),
    Case("MaskedFill", [ROW, MASK], {}, lambda x, m: x.masked_fill(m, float("-inf")), gradient=False),
    Case("MaskedFill", [SEQUENCE, truth([7, 1])], {"value": 0.0}, lambda x, m: x.masked_fill(m, 0.0)),
    Case("MaskedFill", [NUMBERS, truth([1])], {"value": 7}, lambda x, m: x.masked_fill(m, 7), gradient=False),
    Case("MatMul", [[5, 4], [4, 6]], {}, lambda x, y: x @ y),
    Case("MatMul", [[2, 5, 4], [1, 4, 6]], {}, lambda x, y: x @ y),
    Case("MatMul", [whole([5, 4], 9), whole([4, 3], 9)], {}, lambda x, y: x @ y, gradient=False),
    Case("Einsum", [[5, 4], [4, 6]], {}, lambda x, y: torch.einsum("bij,bjk->bik", x, y)),
    Case("Einsum", [IMAGE], {"equation": "b...i->bi"}, lambda x: torch.einsum("b...i->bi", x)),
    Case("Einsum", [[4, 4], [4], [1]], {"equation": "nii,ni,nj"}, lambda *f: torch.einsum("nii,ni,nj", *f)),
    Case("Mean", [IMAGE], {"dim": [2, 3]}, lambda x: x.mean(dim=[2, 3])),
    Case("Mean", [IMAGE], {"dim": [-1], "keepdim": True}, lambda x: x.mean(dim=[-1], keepdim=True)),
    Case("Mean", [IMAGE], {"dim": None}, lambda x: x.mean()),
    Case("Sum", [IMAGE], {"dim": [0]}, lambda x: x.sum(dim=0)),
    Case("Sum", [MASK], {"dim": None, "keepdim": True}, lambda x: x.sum(dim=None, keepdim=True), gradient=False),
    Case("Prod", [IMAGE], {"dim": 1}, lambda x: x.prod(dim=1)),
    Case("Prod", [NUMBERS], {"keepdim": True}, lambda x: x.prod(dim=-1, keepdim=True), gradient=False),
    Case("Max", [IMAGE], {"dim": [1, 2]}, lambda x: x.amax(dim=(1, 2))),
    Case("Max", [NUMBERS], {"dim": None, "keepdim": True}, lambda x: x.amax(keepdim=True), gradient=False),
    Case("Min", [IMAGE], {"keepdim": True}, lambda x: x.amin(dim=-1, keepdim=True)),
    Case("Min", [MASK], {}, lambda x: x.amin(dim=-1), gradient=False),
    Case("Var", [IMAGE], {"dim": [0, 2, 3], "correction": 0}, lambda x: x.var(dim=(0, 2, 3), correction=0)),
    Case("Var", [COMPLEX], {}, lambda x: x.var(dim=-1)),
    Case("Std", [ROW], {"keepdim": True}, lambda x: x.std(dim=-1, keepdim=True)),
    Case("Std", [IMAGE], {"dim": None, "correction": 0}, lambda x: x.std(correction=0)),
    Case("Norm", [IMAGE], {"dim": [1, 2]}, lambda x: torch.linalg.vector_norm(x, dim=(1, 2))),
    Case("Norm", [COMPLEX], {"ord": 1.0}, lambda x: torch.linalg.vector_norm(x, 1.0, dim=-1)),
    Case("Norm", [ROW], {"dim": None, "keepdim": True}, lambda x: torch.linalg.vector_norm(x, keepdim=True)),
    Case("LogSumExp", [IMAGE], {"dim": [2, 3]}, lambda x: x.logsumexp(dim=(2, 3))),
    Case("LogSumExp", [NUMBERS], {"keepdim": True}, lambda x: x.logsumexp(dim=-1, keepdim=True), gradient=False),
    Case("Any", [MASK], {}, lambda x: x.any(dim=-1), gradient=False),
    Case("Any", [IMAGE], {"dim": [1, 3], "keepdim": True}, lambda x: x.any(dim=(1, 3), keepdim=True), gradient=False),
    Case("All", [MASK], {"dim": None, "keepdim": True}, lambda x: x.all(dim=None, keepdim=True), gradient=False),
    Case("All", [NUMBERS], {"dim": [0]}, lambda x: x.all(dim=0), gradient=False),
    Case("ArgMax", [IMAGE], {"dim": 1}, lambda x: x.argmax(dim=1), gradient=False),
    Case("ArgMax", [NUMBERS], {"keepdim": True}, lambda x: x.argmax(dim=-1, keepdim=True), gradient=False),
    Case("ArgMin", [IMAGE], {}, lambda x: x.argmin(dim=-1), gradient=False),
    Case("ArgMin", [NUMBERS], {"dim": 0}, lambda x: x.argmin(dim=0), gradient=False),
    Case("TopK", [IMAGE], {"dim": 1, "largest": False}, lambda x: x.topk(3, dim=1, largest=False)),
    Case("TopK", [NUMBERS], {"k": 5}, lambda x: x.topk(5), gradient=False),
    Case("Sort", [IMAGE], {"dim": 2, "descending": True}, lambda x: x.sort(dim=2, descending=True)),
    Case("Sort", [NUMBERS], {}, lambda x: x.sort(dim=-1), gradient=False),
    Case("CumulativeSum", [IMAGE], {"dim": 1}, lambda x: x.cumsum(dim=1)),
    Case("CumulativeSum", [MASK], {}, lambda x: x.cumsum(dim=-1), gradient=False),
    Case("CumulativeProduct", [ABOVE], {}, lambda x: x.cumprod(dim=-1)),
    Case("CumulativeProduct", [NUMBERS], {"dim": 0}, lambda x: x.cumprod(dim=0), gradient=False),
    Case("Normalize", [SEQUENCE], {}, lambda x: F.normalize(x, dim=-1)),
    Case("Normalize", [IMAGE], {"p": 1.0, "dim": 1, "eps": 0.1}, lambda x: F.normalize(x, p=1.0, dim=1, eps=0.1)),
    Case("ScaledDotProductAttention", [SEQUENCE, [5, 8], [5, 3]], {}, F.scaled_dot_product_attention),
    Case(
        "ScaledDotProductAttention",
        [[2, 7, 4], [2, 7, 4], [2, 7, 4]],
        {"is_causal": True, "scale": 0.7},
        lambda *found: F.scaled_dot_product_attention(*found, is_causal=True, scale=0.7),
    ),
    Case(
        "ScaledDotProductAttention",
        [SEQUENCE, [5, 8], [5, 3], [7, 5]],
        {},
        lambda q, k, v, mask: F.scaled_dot_product_attention(q, k, v, attn_mask=mask),
    ),
    Case("ScaledDotProductAttention", [SEQUENCE, [5, 8], [5, 3]], {"dropout_p": 0.4}, attended),
]
