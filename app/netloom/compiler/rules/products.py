"""Products of matrices, sums of products, and attention."""

from collections.abc import Mapping, Sequence

from netloom.compiler.dims import Dim, product
from netloom.compiler.flow import Flow
from netloom.compiler.rules.broadcasting import Shape, stretched
from netloom.compiler.rules.dtypes import DECIMAL, NUMBERS, expect_same_type
from netloom.compiler.rules.rule import Answer, Arguments, Inputs, Insert, Mismatch, Rule, SetParam, flag, one, to_type
from netloom.layers.equation import ELLIPSIS, parsed

TURNED = Insert("Insert Transpose", "Transpose", {"dim0": -2, "dim1": -1})


def matmul(_: Arguments, inputs: Inputs) -> Answer:
    """MatMul: rows times columns of the last two dimensions; those before stretch."""
    a, b = one(inputs), one(inputs, "other")
    NUMBERS.of(a)
    NUMBERS.of(b, "other")
    expect_same_type([("input", a), ("other", b)])
    for flow, port in ((a, "input"), (b, "other")):
        if not flow.shape:
            raise Mismatch("{node} multiplies vectors and matrices, gets a single number.", port)
    shape = _multiplied(a.shape, b.shape)
    if shape is None:
        raise _no_product(a, b)
    return Answer({"output": Flow(shape, a.dtype)}, macs=product(shape) * a.shape[-1])


def _multiplied(a: Shape, b: Shape) -> Shape | None:
    """The shape of a product; None where the two do not go together."""
    rows, columns = a[-2:-1], b[-1:] if len(b) > 1 else ()
    batch = stretched(a[:-2], b[:-2])
    if batch is None or a[-1] != b[max(-2, -len(b))]:
        return None
    return (*batch, *rows, *columns)


def _no_product(a: Flow, b: Flow) -> Mismatch:
    text = f"{{node}} multiplies rows of {a} with columns of {b}: {a.shape[-1]} and {b.shape[max(-2, -len(b.shape))]}"
    text += " must be the same." if a.shape[-1] != b.shape[max(-2, -len(b.shape))] else " fit, but not what is before."
    if len(b.shape) > 1 and _multiplied(a.shape, _turned(b.shape)):
        return Mismatch(text, "other", [TURNED])
    if len(a.shape) > 1 and _multiplied(_turned(a.shape), b.shape):
        return Mismatch(text, "input", [TURNED])
    return Mismatch(text, "other")


def _turned(shape: Shape) -> Shape:
    return (*shape[:-2], shape[-1], shape[-2])


def einsum(arguments: Arguments, inputs: Inputs) -> Answer:
    """Einsum: products summed over the letters that are not in the result."""
    flows = inputs["inputs"]
    equation = parsed(str(arguments["equation"]))
    if len(flows) != len(equation.operands):
        text = f"The equation of {{node}} speaks of {len(equation.operands)} tensors, but {len(flows)} come in."
        raise Mismatch(text, "inputs")
    for flow in flows:
        NUMBERS.of(flow, "inputs")
        if flow.is_integer and flow.dtype != "int64":
            cast = to_type("int64")
            raise Mismatch(f"{{node}} sums whole numbers of type int64, gets {flow.dtype}.", "inputs", [cast])
    expect_same_type([("inputs", flow) for flow in flows])
    sizes: dict[str, Dim] = {}
    spare: Shape = ()
    for letters, flow in zip(equation.operands, flows, strict=True):
        spare = _read(letters, flow, sizes, spare)
    shape = tuple(size for name in equation.result for size in (spare if name == ELLIPSIS else (sizes[name],)))
    macs = product((*sizes.values(), *spare)) if len(flows) > 1 else 0
    return Answer({"output": Flow(shape, flows[0].dtype)}, macs=macs)


def _read(letters: Sequence[str], flow: Flow, sizes: dict[str, Dim], spare: Shape) -> Shape:
    """Note the size of each letter, and give the sizes that `...` stands for so far."""
    named = len(letters) - (ELLIPSIS in letters)
    extra = len(flow.shape) - named
    if extra < 0 or (extra and ELLIPSIS not in letters):
        text = f"The equation of {{node}} names {named} dimensions by {''.join(letters)}, but {flow} comes in."
        raise Mismatch(text, "inputs")
    place = 0
    own: dict[str, Dim] = {}
    for name in letters:
        if name == ELLIPSIS:
            common = stretched(spare, flow.shape[place : place + extra])
            if common is None:
                raise Mismatch("What ... stands for in {node} does not go together.", "inputs")
            spare, place = common, place + extra
            continue
        size, place = flow.shape[place], place + 1
        if own.setdefault(name, size) != size:
            raise Mismatch(f"{name} in {{node}} stands for {own[name]} and for {size} in {flow}.", "inputs")
        sizes[name] = _agreed(name, sizes.get(name, 1), size)
    return spare


def _agreed(name: str, known: Dim, size: Dim) -> Dim:
    if known not in (1, size) and size != 1:
        raise Mismatch(f"{name} in {{node}} stands for {known} in one tensor and for {size} in another.", "inputs")
    return size if known == 1 else known


def attention(arguments: Arguments, inputs: Inputs) -> Answer:
    """ScaledDotProductAttention: …×L×E queries, …×S×E keys, …×S×V values give …×L×V."""
    query, key, value = (one(inputs, port) for port in ("query", "key", "value"))
    for port, flow in (("query", query), ("key", key), ("value", value)):
        DECIMAL.of(flow, port)
        if len(flow.shape) < 2:
            raise Mismatch(f"{{node}} takes …×length×features, gets {flow}.", port)
    expect_same_type([("query", query), ("key", key), ("value", value)])
    if key.shape[-1] != query.shape[-1]:
        raise Mismatch(
            f"{{node}} compares queries with keys of the same width, gets {query} and {key}.",
            "key",
            _as_wide(query.shape[-1]),
        )
    if key.shape[-2] != value.shape[-2]:
        raise Mismatch(f"{{node}} needs a value for each key, gets {key} and {value}.", "value")
    batch = stretched(query.shape[:-2], key.shape[:-2])
    whole = None if batch is None else stretched(batch, value.shape[:-2])
    if batch is None or whole is None:
        text = f"{{node}} cannot combine {query}, {key} and {value}: what is before length and features differs."
        raise Mismatch(text, "key")
    scores = (*batch, query.shape[-2], key.shape[-2])
    _expect_mask(arguments, inputs, scores, query)
    result = Flow((*whole, query.shape[-2], value.shape[-1]), query.dtype)
    return Answer({"output": result}, macs=product(scores) * (query.shape[-1] + value.shape[-1]))


def _as_wide(width: Dim) -> list[Insert]:
    if not isinstance(width, int):
        return []
    return [Insert(f"Insert a projection to {width} features", "Linear", {"out_features": width})]


def _expect_mask(arguments: Arguments, inputs: Inputs, scores: Shape, query: Flow) -> None:
    if not inputs.get("attn_mask"):
        return
    mask = one(inputs, "attn_mask")
    if flag(arguments, "is_causal"):
        unset = SetParam("Use the mask only", unset=("is_causal",))
        raise Mismatch("{node} is causal and has a mask as well; it takes one of them.", "attn_mask", [unset])
    if mask.dtype not in ("bool", "float32", query.dtype):
        raise Mismatch(
            f"attn_mask of {{node}} says yes or no, or adds numbers; gets {mask.dtype}.", "attn_mask", [to_type("bool")]
        )
    if len(mask.shape) < 2 or stretched(mask.shape, scores) != scores:
        raise Mismatch(f"attn_mask of {{node}} must stretch to {Flow(scores)}, gets {mask}.", "attn_mask")


RULES: Mapping[str, Rule] = {
    "MatMul": matmul,
    "Einsum": einsum,
    "ScaledDotProductAttention": attention,
}
