"""Layers that put a border around maps."""

from netloom.layers.declare import ANY_IN, ANY_OUT, Declaration, Tuning, module

EDGES = {
    1: "left, right",
    2: "left, right, top, bottom",
    3: "left, right, top, bottom, front, back",
}
DIMS = (2, 1, 3)


def _edges(dims: int, *, cuts: bool) -> Tuning:
    note = " Negative numbers cut off." if cuts else ""
    return {
        "default": 1,
        "positional": True,
        "minimum": None if cuts else 0,
        "help": f"One number for all edges, or {EDGES[dims]}.{note}",
    }


def _pad(family: str, dims: int, summary: str, *keywords: str, cuts: bool = False) -> Declaration:
    tuned: dict[str, Tuning] = {"padding": _edges(dims, cuts=cuts)}
    if family == "Constant":
        tuned["value"] = {"type": "float", "default": 0.0, "positional": True, "help": "The value of the border."}
    words = ("padding", "border", "edge", *keywords)
    kind = f"{family}Pad{dims}d"
    return module(kind, "shape", summary, stem="pad", inputs=ANY_IN, outputs=ANY_OUT, keywords=words, tuned=tuned)


KINDS = (
    *(_pad("Zero", dims, "Puts a border of zeros around each map.", cuts=True) for dims in DIMS),
    *(_pad("Constant", dims, "Puts a border of one value around each map.", "value", cuts=True) for dims in DIMS),
    *(_pad("Reflection", dims, "Puts a border around each map that mirrors it.", "mirror", cuts=True) for dims in DIMS),
    *(
        _pad("Replication", dims, "Puts a border around each map that repeats its edge.", "repeat", cuts=True)
        for dims in DIMS
    ),
    *(
        _pad("Circular", dims, "Puts a border around each map, taken from its far side.", "wrap", "periodic", cuts=True)
        for dims in DIMS
    ),
)
