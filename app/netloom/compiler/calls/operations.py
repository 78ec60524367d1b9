"""How operations that rearrange values are written in `forward`."""

from collections.abc import Mapping
from typing import cast

from netloom.compiler.calls.text import Expression, Incoming, is_hole, literal
from netloom.compiler.calls.words import alike, call, is_nothing, listed, method, named, said, single, source, spread
from netloom.graph.model import Value


def _reshaped(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    name, shape = source(incoming), cast(list[int], arguments["shape"])
    if is_hole(shape):
        kept = f"size or {name}.shape[place] for place, size in enumerate({literal(arguments['shape'])}, 1)"
        words = f"*({kept})" if 0 in shape else spread(arguments["shape"])
        return f"{name}.reshape({name}.shape[0], {words})"
    sizes = [literal(size) if size else f"{name}.shape[{place}]" for place, size in enumerate(shape, 1)]
    batch = f"{name}.shape[0]" if -1 in shape else "-1"
    return f"{name}.reshape({', '.join([batch, *sizes])})"


def _expanded(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    name, like = incoming["input"][0], incoming.get("like")
    wanted = cast(list[int], arguments["sizes"])
    if not like:
        return f"{name}.expand({spread(arguments['sizes'])})"
    if is_hole(wanted):
        taken = f"size or {like[0]}.shape[place] for place, size in enumerate({literal(arguments['sizes'])})"
        return f"{name}.expand(*({taken}))"
    sizes = [literal(size) if size else f"{like[0]}.shape[{place}]" for place, size in enumerate(wanted)]
    return f"{name}.expand({', '.join(sizes)})"


def _padded(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    constant = arguments["mode"] == "constant"
    value = [named("value", 0.0)] if constant else []
    words = listed(arguments, [said("pad"), named("mode", "constant"), *value])
    return f"nn.functional.pad({', '.join([source(incoming), *words])})"


def _aligned(arguments: Mapping[str, Value]) -> str:
    """Only some modes take this argument at all."""
    return "align_corners=True" if arguments["align_corners"] else ""


def _joined(function: str) -> Expression:
    def expression(arguments: Mapping[str, Value], incoming: Incoming) -> str:
        return f"torch.{function}([{', '.join(incoming['inputs'])}], dim={literal(arguments['dim'])})"

    return expression


def _parts(name: str, param: str) -> Expression:
    def expression(arguments: Mapping[str, Value], incoming: Incoming) -> str:
        value = arguments[param]
        is_list = isinstance(value, list) and not is_hole(value)
        words = f"[{spread(value)}]" if is_list else literal(value)
        only = "[0]" if value == 1 or (isinstance(value, list) and len(value) == 1) else ""
        return f"{source(incoming)}.{name}({words}, dim={literal(arguments['dim'])}){only}"

    return expression


def _place(name: str, dim: Value, text: str) -> str:
    """One dimension between the others: x[:, text], or counted from the end x[..., text, :]."""
    if is_hole(dim):
        return f"{name}.movedim({literal(dim)}, 0)[{text}].movedim(0, {literal(dim)})"
    number = cast(int, dim)
    words = [":"] * number + [text] if number >= 0 else ["...", text, *[":"] * (-number - 1)]
    return f"{name}[{', '.join(words)}]"


def _cut(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    start, stop, step = (arguments[name] for name in ("start", "stop", "step"))
    first = literal(start) if start or is_hole(start) else ""
    last = "" if is_nothing(stop) else literal(stop)
    every = f":{literal(step)}" if step != 1 or is_hole(step) else ""
    return _place(source(incoming), arguments["dim"], f"{first}:{last}{every}")


def _selected(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    if is_hole(arguments["dim"]):
        return method("select", said("dim"), said("index"))(arguments, incoming)
    return _place(source(incoming), arguments["dim"], literal(arguments["index"]))


def _indexed(_: Mapping[str, Value], incoming: Incoming) -> str:
    return f"{incoming['input'][0]}[{incoming['index'][0]}]"


def _selected_each(_: Mapping[str, Value], incoming: Incoming) -> str:
    name = incoming["input"][0]
    return f"{name}[torch.arange({name}.shape[0], device={name}.device), {incoming['index'][0]}]"


def _picked(name: str) -> Expression:
    def expression(arguments: Mapping[str, Value], incoming: Incoming) -> str:
        return f"{incoming['input'][0]}.{name}({literal(arguments['dim'])}, {incoming['index'][0]})"

    return expression


def _cast(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    return f"{source(incoming)}.to(torch.{arguments['dtype']})"


def _dims(name: str, param: str) -> Expression:
    def expression(arguments: Mapping[str, Value], incoming: Incoming) -> str:
        return f"{source(incoming)}.{name}({spread(arguments[param])})"

    return expression


EXPRESSIONS: Mapping[str, Expression] = {
    "Reshape": _reshaped,
    "Permute": _dims("permute", "dims"),
    "Transpose": method("transpose", said("dim0"), said("dim1")),
    "Squeeze": method("squeeze", said("dim")),
    "Unsqueeze": method("unsqueeze", said("dim")),
    "Expand": _expanded,
    "Repeat": _dims("repeat", "repeats"),
    "RepeatInterleave": method("repeat_interleave", said("repeats"), named("dim")),
    "Pad": _padded,
    "Roll": method("roll", said("shifts", write=single), said("dims", write=single)),
    "Flip": _dims("flip", "dims"),
    "Tril": method("tril", said("diagonal", unless=0)),
    "Triu": method("triu", said("diagonal", unless=0)),
    "Interpolate": call(
        "nn.functional.interpolate",
        named("size", None, alike),
        named("scale_factor", None),
        named("mode", "nearest"),
        _aligned,
    ),
    "Cast": _cast,
    "StopGradient": method("detach"),
    "Concatenate": _joined("cat"),
    "Stack": _joined("stack"),
    "Split": _parts("split", "sizes"),
    "Chunk": _parts("chunk", "chunks"),
    "Slice": _cut,
    "Select": _selected,
    "SelectEach": _selected_each,
    "Index": _indexed,
    "IndexSelect": _picked("index_select"),
    "Gather": _picked("gather"),
    "OneHot": call("nn.functional.one_hot", said("num_classes")),
}
