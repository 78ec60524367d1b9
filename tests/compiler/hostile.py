"""Documents as an enemy would write them: good ones of every sort, and what can be done to them."""

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, TypeAlias

from tests.compiler import test_metrics, test_objectives, test_schedules
from tests.compiler.battery import CASES

from netloom.errors import GraphError
from netloom.graph import Document, edit, file
from netloom.graph.model import name_problem
from netloom.layers import library
from netloom.layers.authoring import Graph
from netloom.layers.catalogue import SPECS
from netloom.layers.datasets import DATASETS
from netloom.layers.ports import inputs, outputs
from netloom.templates import TEMPLATES, document

Raw: TypeAlias = dict[str, Any]

TRAP = "tests.compiler.trap"
"""A module that nothing may ever import: code and packages of a document from elsewhere name it."""

TEXTS = [
    *("", '"', "'", "\\", "a\nb", "\x1b[31m", "\u202e", "\ud800", "ﬁ", "é", "x" * 10_000, "N", "L", "x", "train"),
    *("train_", "self", "torch", "nn", "F", "_", "__class__", "lambda", "None", "match", "forward", "same", "valid"),
    *("mean", "int64", "Model", "Objective", "super", "range", "open", "exec", "relu", "main", "rows", "model", "zip"),
    *("__import__('os').system('true')", 'a"); import os #', "x\n    import os", "{node}", "{", "nowhere", "b1"),
    *('"""', "#", "\u2028import os", "a\r\nimport os", "x: import os", "%s", "a.b", "[bold]x[/]", "-1", *DATASETS),
]
EQUATIONS = [
    *("ij,jk->ik", "bij,bjk->bik", "...i,...i->...", "ii->i", "bii->bi", "->", ",", "b,b->", "bcd->dcb", "bij->bijj"),
    *("i" * 200, "...", "b...->...b", "a->b", "bi , bj -> bij", "bij,bij", "abcdefghijklmnopqrstuvwxyz", "é,é->é"),
    *("bij,b jk->bi\nk", '"+exit()+"', "b->b->b", "....", ". ..", "bi,bi,bi,bi,bi,bi,bi,bi,bi,bi,bi,bi,bi->b"),
]
TARGETS = [
    *(
        f"{TRAP}.run",
        f"{TRAP}.Layer",
        "os.system",
        "a",
        ".",
        "a..b",
        "torch.nn.functional.relu",
        "é.b",
        "a.b;import os",
    ),
    *("builtins.exec", "torch.nn.Linear", "a.if", "nn.Module", "torch", "a.Model", "x.F", "self.forward", "a.\nb"),
]
CODES = [
    f"import {TRAP}\n\n\ndef f(x):\n    return x\n",
    f"import {TRAP} as torch\n\n\nclass Layer(nn.Module):\n    def forward(self, x, y=None):\n        return x, y\n",
    f"from {TRAP} import *\ndef f(a, b): return a, b, a, 1\n",
    "def f(x): return x\n'''\nclass Model:\n'''\n",
    'x = """a\nimport os\n"""; import sys\nimport os; y = 1\n\ndef f(x):\n    return x',
    "def f(*x, **y):\n    return\n",
    "def f(x, /, y, *, z):\n    yield x\n",
    "def f(x):\n\treturn x\n",
    "class f:\n  forward = lambda self, x: x\n",
    "async def f(x): return x",
    "def é(x): return x",
    "def forward(): return 1,",
    "def f(x): return (yield), x[0], *x",
    "def f(x): return 1\\\n",
    "def super(x): return x\n",
    "@" + "f(" * 90 + ")" * 90 + "\ndef g(x): return x\n",
    "def f(x): return " + "(" * 150 + "x" + ")" * 150,
    "def f(" + ", ".join(f"x{i}" for i in range(300)) + "): return x0\n",
    "if True:\n    def f(x): return x\n",
    "def _f(x): return x\n",
    "def f(x):\n    return x\nf = exec\nimport numpy as f\n",
    "from __future__ import annotations\ndef f(x): return x\n",
    "# coding: rot13\ndef f(x): return x\n",
    "def f(x, x): return x\n",
    "def f(x):\n    nonlocal y\n    return x\n",
    "return 1\ndef f(x): return x\n",
    "def f(x): return x\nbreak\n",
    "class Layer(nn.Module):\n    def forward(): return x\n",
    "class Layer:\n    def forward(self, x): return x\n    def forward(self, x, y): return x\n",
    "def f(self, forward, None_, lambda_): return self\n",
    "def f(x):\n    return x\n" * 400,
]
ARGUMENTS = [
    *(
        "a=1",
        "a=1, a=1",
        "a=__import__('os')",
        "1",
        "**{}",
        "*a",
        "a=[1, (2, 3)], b={'x': None}",
        "a=1)+exit(",
        "a=(1,",
    ),
    *(
        "a={1: {2: {3: []}}}",
        "a=1e999",
        "a=-1j",
        "a=b'x'",
        "a=...",
        "a={1}",
        "a='\\n'",
        "class_=1",
        "x=1",
        "a=1#",
        "é=1",
    ),
    *("a=" + "[" * 90 + "]" * 90, "a=" + "-" * 150 + "1", "a=1 if 1 else 2", "a=f'{x}'", "a=()", "a=(1,)", "a=10**9"),
]
NUMBERS = [
    *(0, 1, 2, 3, 4, 5, 7, 8, 10, 64, -1, -2, -64, 10**4, 10**6, 10**9, 2**31 - 1, 1 - 2**31, 2**31, 2**63, 10**30),
    *(-(10**30), 0.0, -0.0, 0.1, 0.5, 1.0, 1.5, -0.5, 1e-300, 5e-324, 1e308, -1e308, 1e999, -1e999, 1e999 - 1e999),
]
LISTS: list[Any] = [
    *([], [1], [0], [-1], [2], [3, 3], [0, 1], [1, 0], [0, 2, 1], [1, 1], [2, 2, 2], [1, 8, 8], [3, 2**31 - 1]),
    *(["L"], ["L", 4], ["a", "b"], ["N"], ["LL"], ["é"], ["L", "L"], [-1, "L"], ["L", -1, 2], [16, "H", "W"]),
    *([True], [None], [[1]], [[[[]]]], [1, [2]], [{}], [""], [1.0], [0.5, 0.5], [2] * 16, [2] * 20, [1] * 16, {}),
    *({"a": 1}, {"": {}}, [10**9] * 3, [2**31 - 1] * 16, [1, -1, 1], [0] * 4, [float("nan")], ["n0", "n1"], ["x"]),
]
VALUES = [None, True, False, *NUMBERS, *LISTS, *TEXTS]
DTYPES = ["float32", "float64", "int64", "bool", "complex64", "float16", "int32", "uint8"]


def _own_code() -> Iterator[Graph]:
    """Code and a package that were never trusted, and a class that everybody may run."""
    for kind, params in (
        ("Python", {"code": CODES[0]}),
        ("Python", {"code": CODES[1], "arguments": "a=[1]"}),
        ("Package", {"target": TARGETS[0], "inputs": "a, b", "outputs": "c, d"}),
        ("Python", {}),
    ):
        graph = Graph()
        node = graph.nodes[graph.add(kind, "it", **params)]
        for port in inputs(graph, node):
            graph.connect(graph.add("Input", f"in_{port.name}", shape=[4, 8]), "out", node.id, port.name)
        for port in outputs(graph, node):
            graph.connect(node.id, port.name, graph.add("Output", f"out_{port.name}"), "input")
        yield graph


def _ready() -> Iterator[Document]:
    """Every block of the library between inputs and outputs, twice in a row where that goes."""
    for name, ready in library.READY.items():
        made = Document(Graph())
        made.apply(library.insert(made, name, (0.0, 0.0)))
        graph = made.graph
        assert isinstance(graph, Graph)
        node = next(each for each in graph.level() if each.kind == "Block")
        for port in inputs(graph, node):
            shape = {"Images": [16, 12, 12], "Transformers": [6, 16], "Sequences": [16, 20]}[ready.category]
            given = {"memory": [9, 16], "image": [3, 16, 16]}.get(port.name, shape)
            entry = graph.add("Input", port.name, shape=[32, 6, 6] if (name, port.name) == ("unet_up", "x") else given)
            graph.connect(entry, "out", node.id, port.name)
        for port in outputs(graph, node):
            graph.connect(node.id, port.name, graph.add("Output", f"{port.name}_out"), "input")
        yield made


def _sharing() -> Iterator[Graph]:
    """Weights used twice, by the same kind, by blocks, and by the head of a language model."""
    graph = Graph()
    x, first = graph.add("Input", "x", shape=[8]), graph.add("Linear", "first", out_features=8)
    second, y = graph.add("Linear", "second", share=first), graph.add("Output", "y")
    for source, target in ((x, first), (first, second), (second, y)):
        graph.connect(source, target)
    yield graph
    graph = Graph()
    x, table = graph.add("Input", "x", shape=["L"], dtype="int64"), graph.add("Embedding", "table")
    graph.apply(edit.set_params(graph, table, {"num_embeddings": 9, "embedding_dim": 4}).changes)
    head, y = graph.add("Linear", "head", share=table), graph.add("Output", "y")
    for source, target in ((x, table), (table, head), (head, y)):
        graph.connect(source, target)
    yield graph


def _trained() -> Iterator[Graph]:
    """Losses, metrics, optimizers and schedules."""
    chance = Random(0)
    yield from (case.graph() for case in test_objectives.LOSSES)
    for kind, task in test_metrics.TASKS:
        yield test_metrics.measuring(kind, test_metrics.SHAPES[task], "int64", {"task": task})
    for kind in test_metrics.AMOUNTS:
        yield test_metrics.measuring(kind, ([4], [4]), "float32", {})
    for kind in test_schedules.OPTIMIZERS:
        yield test_schedules.training(kind, test_schedules.drawn(kind, chance))
    for kind in test_schedules.SCHEDULES:
        more = [("StepLR", {})] * (2 if kind in test_schedules.COMBINING else 0)
        yield test_schedules.training("SGD", {}, (kind, test_schedules.drawn(kind, chance)), *more)


def _raw(made: Document | Graph) -> Raw:
    found: Raw = json.loads(file.dumps(made if isinstance(made, Document) else Document(made)))
    return found


GALLERY = [_raw(document(name)) for name in TEMPLATES]
WITH_DATA = [raw for raw in GALLERY if any(node["kind"] == "Dataset" for node in raw["graph"]["nodes"])]
BLOCKS = [_raw(made) for made in (*_ready(), *_sharing())]
OWN_CODE = [_raw(made) for made in _own_code()]
TRAINED = [_raw(made) for made in _trained()]
SINGLE = [_raw(case.graph()) for case in CASES]
SEEDS = [GALLERY, WITH_DATA, BLOCKS, OWN_CODE, TRAINED, SINGLE, SINGLE]
"""What is mutated, sort by sort; each sort is as likely as the others."""


def value(chance: Random) -> Any:
    return copy.deepcopy(chance.choice(chance.choice([VALUES, NUMBERS, LISTS, TEXTS])))


def _node(raw: Raw, chance: Random) -> Raw:
    found: Raw = chance.choice(raw["graph"]["nodes"])
    return found


def _fitting(chance: Random, kind: str, name: str) -> Any:
    """A value that may well be taken."""
    param = SPECS[kind].param(name)
    if param is None:
        return value(chance)
    if param.choices and chance.random() < 0.7:
        return chance.choice(param.choices)
    small = [chance.choice([0, 1, 1, 2, 2, 3, 4, 5, 8, -1, -2]) for _ in range(param.dims or chance.randint(1, 4))]
    special = {"code": CODES, "equation": EQUATIONS, "target": TARGETS, "arguments": ARGUMENTS, "dtype": DTYPES}
    if name in special:
        return chance.choice(special[name])
    found: Any = {
        "int": small[0],
        "size": chance.choice([small, small[0]]),
        "ints": small,
        "shape": [chance.choice([each, each, "L", "H"]) for each in small],
        "float": chance.choice([0, 0.5, 1.0, 0.1, 2, -0.5]),
        "floats": [each / 4 for each in small],
        "bool": chance.random() < 0.5,
    }.get(param.type)
    return found


def rename(raw: Raw, chance: Random) -> None:
    _node(raw, chance)["name"] = chance.choice([*TEXTS, raw["graph"]["nodes"][0]["name"]])


def rename_well(raw: Raw, chance: Random) -> None:
    """A name that may be given, and means something to Python, to PyTorch or to what is generated."""
    _node(raw, chance)["name"] = chance.choice([text for text in TEXTS if name_problem(text) is None])
    for block in raw["graph"]["blocks"]:
        if chance.random() < 0.3:
            block["name"] = chance.choice([text for text in TEXTS if name_problem(text) is None])


def change_kind(raw: Raw, chance: Random) -> None:
    _node(raw, chance)["kind"] = chance.choice([*SPECS, "__import__", 5])


def change_to_like(raw: Raw, chance: Random) -> None:
    """Another kind of the same role, without what was set."""
    node = _node(raw, chance)
    role = SPECS[node["kind"]].role
    node["kind"] = chance.choice([kind for kind, found in SPECS.items() if found.role == role])
    if chance.random() < 0.7 and role != "block":
        node["params"] = {}


def set_param(raw: Raw, chance: Random) -> None:
    node = _node(raw, chance)
    names = [param.name for param in SPECS[node["kind"]].params]
    names += [each["name"] for block in raw["graph"]["blocks"] for each in block.get("params", [])]
    node.setdefault("params", {})[chance.choice(names or TEXTS)] = value(chance)


def fit_param(raw: Raw, chance: Random) -> None:
    node = _node(raw, chance)
    name = chance.choice([param.name for param in SPECS[node["kind"]].params])
    node.setdefault("params", {})[name] = _fitting(chance, node["kind"], name)


def unset_param(raw: Raw, chance: Random) -> None:
    params = _node(raw, chance)["params"]
    del params[chance.choice(list(params))]


def reshape(raw: Raw, chance: Random) -> None:
    """What comes in has another size, letter, length or type."""
    node = chance.choice([each for each in raw["graph"]["nodes"] if each["kind"] == "Input" and "params" in each])
    shape = node["params"].setdefault("shape", [4])
    if chance.random() < 0.3:
        node["params"]["dtype"] = chance.choice(DTYPES)
    elif chance.random() < 0.3 or not shape:
        shape.insert(chance.randint(0, len(shape)), chance.choice([1, 2, "L", 0]))
    elif chance.random() < 0.2:
        del shape[chance.randrange(len(shape))]
    else:
        shape[chance.randrange(len(shape))] = chance.choice([0, 1, 2, 3, 5, 16, "L", "H", "L", "N", -1, 2**31 - 1, 1.5])


def remove(raw: Raw, chance: Random) -> None:
    graph = raw["graph"]
    if chance.random() < 0.5:
        del graph["wires"][chance.randrange(len(graph["wires"]))]
        return
    lost = graph["nodes"].pop(chance.randrange(len(graph["nodes"])))["id"]
    if chance.random() < 0.8:
        graph["wires"] = [each for each in graph["wires"] if lost not in (each["source"], each["target"])]


def add_wire(raw: Raw, chance: Random) -> None:
    start, end = _node(raw, chance), _node(raw, chance)
    ports = [port.name for port in SPECS[end["kind"]].inputs_for(end.get("params", {}))] or ["input", "x"]
    try:
        given = [port.name for port in SPECS[start["kind"]].outputs_for(start.get("params", {}))]
    except GraphError:  # an earlier mutation named a dataset that is none
        given = []
    given = given or ["out", "output"]
    wire = {"source": start["id"], "output": chance.choice(given), "target": end["id"], "input": chance.choice(ports)}
    raw["graph"]["wires"].append(wire | {"slot": chance.choice([0, 0, 0, 1, 2, -1, 10**9])})


def rewire(raw: Raw, chance: Random) -> None:
    wire = chance.choice(raw["graph"]["wires"])
    field = chance.choice(["source", "target", "input", "output", "slot"])
    ends = [each["id"] for each in raw["graph"]["nodes"]]
    choices = {"source": ends, "target": ends, "slot": [1, 2, 3, -1, 2**63, 0.5, "0"]}.get(field, TEXTS)
    wire[field] = chance.choice(choices)


def insert(raw: Raw, chance: Random) -> None:
    """A new node on a wire; all its inputs get what the wire brought."""
    wire, kind = chance.choice(raw["graph"]["wires"]), chance.choice([each for each in SPECS.values() if each.outputs])
    key = f"m{len(raw['graph']['nodes'])}"
    params = {param.name: copy.deepcopy(param.start) for param in kind.params if param.start is not None}
    parent = next(node.get("parent", "") for node in raw["graph"]["nodes"] if node["id"] == wire["target"])
    raw["graph"]["nodes"].append({"id": key, "kind": kind.kind, "name": key, "params": params, "parent": parent})
    arriving = {"source": wire["source"], "output": wire["output"], "target": key}
    raw["graph"]["wires"] += [arriving | {"input": port.name} for port in kind.inputs_for({}) if not port.optional]
    wire["source"], wire["output"] = key, kind.outputs_for({})[0].name


def wrap(raw: Raw, chance: Random) -> None:
    """A node goes into a block of its own, or of another node's."""
    graph = raw["graph"]
    node = chance.choice([each for each in graph["nodes"] if len(SPECS[each["kind"]].inputs_for({})) == 1])
    found, key, outer = SPECS[node["kind"]], f"w{len(graph['nodes'])}", node.get("parent", "")
    others = [each for each in graph["nodes"] if each.get("share", node["id"]) == node["id"]]
    if "share" in node or others != [each for each in graph["nodes"] if "share" not in each]:
        raise ValueError("a node that shares its weights stays beside the other")
    promoted = [{"name": each.name, "node": node["id"], "param": each.name} for each in found.params if each.derived]
    graph["blocks"].append({"id": key, "name": chance.choice(["Stage", "Model", "torch", "x_y"]), "params": promoted})
    node["parent"], node["name"] = key, "inner"
    graph["nodes"] += [
        {"id": f"{key}i", "kind": "Input", "name": "x", "parent": key},
        {"id": f"{key}o", "kind": "Output", "name": "y", "parent": key},
        {
            "id": f"{key}n",
            "kind": "Block",
            "name": f"{key}n",
            "parent": outer,
            "params": {"block": key, "repeat": chance.choice([1, 1, 2])},
        },
    ]
    output = found.outputs_for({})[0].name
    for wire in graph["wires"]:
        if wire["target"] == node["id"]:
            wire["target"], wire["input"] = f"{key}n", "x"
        if wire["source"] == node["id"]:
            wire["source"], wire["output"] = f"{key}n", "y"
    graph["wires"] += [
        {"source": f"{key}i", "output": "out", "target": node["id"], "input": found.inputs_for({})[0].name},
        {"source": node["id"], "output": output, "target": f"{key}o", "input": "input"},
    ]


def reparent(raw: Raw, chance: Random) -> None:
    _node(raw, chance)["parent"] = chance.choice(
        ["", "b0", "b1", "nowhere", *(b["id"] for b in raw["graph"]["blocks"])]
    )


def share(raw: Raw, chance: Random) -> None:
    node = _node(raw, chance)
    alike = [each["id"] for each in raw["graph"]["nodes"] if each["kind"] == node["kind"]]
    node["share"] = chance.choice([chance.choice(alike), chance.choice(alike), _node(raw, chance)["id"], value(chance)])


def share_copy(raw: Raw, chance: Random) -> None:
    """A second node after the first, with the weights of the first."""
    node, key = _node(raw, chance), f"s{len(raw['graph']['nodes'])}"
    wire = next(each for each in raw["graph"]["wires"] if each["source"] == node["id"])
    entry = next(each["input"] for each in raw["graph"]["wires"] if each["target"] == node["id"])
    copied = node | {"id": key, "name": key, "share": node.get("share", node["id"])}
    raw["graph"]["nodes"].append(copied | {"params": dict(node.get("params", {}))})
    raw["graph"]["wires"].append({"source": node["id"], "output": wire["output"], "target": key, "input": entry})
    wire["source"] = key


def repeat(raw: Raw, chance: Random) -> None:
    node = chance.choice([each for each in raw["graph"]["nodes"] if each["kind"] == "Block"])
    node["params"]["repeat"] = chance.choice([1, 2, 3, 12, 100, 10_000, 10**9, 0, "N", 2.0, None, [2]])


def change_block(raw: Raw, chance: Random) -> None:
    """The name, ports or a handed out parameter of a definition."""
    block = chance.choice(raw["graph"]["blocks"])
    keys = [each["id"] for each in raw["graph"]["nodes"]]
    if chance.random() < 0.3:
        block["name"] = chance.choice([*TEXTS, *(each["name"] for each in raw["graph"]["blocks"])])
    elif chance.random() < 0.3:
        ports = block.setdefault("ports", [])
        ports.insert(chance.randint(0, len(ports)), chance.choice([*keys, value(chance)]))
    elif chance.random() < 0.3:
        chance.shuffle(block["ports"])
    else:
        each = chance.choice(block["params"])
        choices = {"name": TEXTS, "node": keys, "source": keys, "dim": [0, 1, -1, 2, 9, -65, 2**40], "param": TEXTS}
        field = chance.choice(list(choices))
        each[field] = chance.choice([*choices[field], *(other.get(field, 0) for other in block["params"])])


def promote(raw: Raw, chance: Random) -> None:
    """Hand out a parameter, and set it outside."""
    graph = raw["graph"]
    block = chance.choice(graph["blocks"])
    node = chance.choice([each for each in graph["nodes"] if each.get("parent") == block["id"]])
    param = chance.choice(SPECS[node["kind"]].params).name
    found = {"name": chance.choice([param, param, "size", *TEXTS]), "node": node["id"], "param": param}
    if chance.random() < 0.4:
        found |= {"source": _node(raw, chance)["id"], "dim": chance.choice([0, 1, 1, -1, 3])}
    block.setdefault("params", []).append(found)
    use = chance.choice([each for each in graph["nodes"] if each.get("params", {}).get("block") == block["id"]])
    if chance.random() < 0.6:
        use["params"][found["name"]] = _fitting(chance, node["kind"], param)


def set_text(raw: Raw, chance: Random) -> None:
    """Code, targets, settings and equations."""
    texts = {"code": CODES, "target": TARGETS, "arguments": ARGUMENTS, "equation": EQUATIONS, "inputs": TEXTS}
    nodes = [each for each in raw["graph"]["nodes"] if any(SPECS[each["kind"]].param(name) for name in texts)]
    node = chance.choice(nodes)
    name = chance.choice([name for name in texts if SPECS[node["kind"]].param(name)])
    text = chance.choice([*texts[name], *TEXTS])
    if chance.random() < 0.3:
        old = str(node["params"].get(name, text))
        place = chance.randint(0, len(old))
        text = old[:place] + chance.choice([*TEXTS, "(", ")", ",", "\t", " ", "\n", "=", "->", ":"]) + old[place:]
    node["params"][name] = text


def set_training(raw: Raw, chance: Random) -> None:
    raw["training"][chance.choice(["epochs", "batch_size", "seed", "device"])] = value(chance)


def see(raw: Raw, chance: Random) -> None:
    """Something odd in a table of the view, or a node that is bypassed or not."""
    view, node, other = raw["view"], _node(raw, chance), _node(raw, chance)
    number = chance.choice([0.0, -1.0, 1e7, -1e7, 1e308, -1e30, 5e-324, "1", None, 10**400, 3])
    text, level = chance.choice(TEXTS), chance.choice(["", "b1", "nowhere", node["id"]])
    wire = chance.choice(raw["graph"]["wires"])
    remark = {"kind": chance.choice(["frame", "note", "__import__"]), "text": text, "place": [number, 0.0]}
    remark |= {"id": chance.choice(["r1", node["id"], ""]), "size": chance.choice([[9.0, 9.0], [number, number], []])}
    remark |= {"colour": chance.choice(["", "blue", text]), "parent": level}
    points = [[number, 1.0]] * chance.choice([0, 1, 2, 2000])
    given: Raw = {
        "positions": {node["id"]: [number, number]},
        "collapsed": [node["id"], other["id"]],
        "comments": {node["id"]: text},
        "bends": [{"target": wire["target"], "input": wire["input"], "slot": wire.get("slot", 0), "points": points}],
        "remarks": [remark, remark | {"id": chance.choice(["r1", "r2"])}],
        "bookmarks": {chance.choice(["1", "x", text]): {"middle": [0.0, number], "zoom": number, "way": [node["id"]]}},
        "directions": {level: chance.choice(["down", "right", "up"])},
    }
    table = chance.choice(list(given))
    if chance.random() < 0.3:
        node["bypassed"] = chance.choice([True, True, False, 1, "yes", None])
    elif chance.random() < 0.8 and isinstance(view.get(table), dict):
        view[table].update(given[table])
    else:
        view[table] = given[table]


def break_structure(raw: Raw, chance: Random) -> None:
    """Any value anywhere in the JSON."""
    place: Any = raw
    while True:
        step = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[step], dict | list) or not place[step] or chance.random() < 0.2:
            place[step] = value(chance)
            return
        place = place[step]


Mutation: TypeAlias = Callable[[Raw, Random], None]

GENTLE: list[Mutation] = [
    *(fit_param, fit_param, reshape, reshape, insert, insert, change_to_like, wrap, share_copy, repeat, promote),
    *(rename_well, set_text, remove, see),
]
"""What often gives a document that is right, or wrong only for a rule."""

HARSH: list[Mutation] = [
    *(*GENTLE, rename, change_kind, set_param, set_param, unset_param, add_wire, rewire, reparent, share, share),
    *(change_block, change_block, change_block, set_text, set_training, see, see, break_structure),
]


def mutated(chance: Random) -> bytes:
    """A good document with some mutations."""
    raw = copy.deepcopy(chance.choice(chance.choice(SEEDS)))
    mutations = chance.choice([GENTLE, GENTLE, HARSH])
    for _ in range(chance.choice([1, 1, 2, 3, 6])):
        for _ in range(9):
            try:
                chance.choice(mutations)(raw, chance)
            except (LookupError, TypeError, ValueError, AttributeError, StopIteration):
                continue  # there is nothing here that this one works on
            break
    data = json.dumps(raw).encode()
    return garbled(data, chance) if chance.random() < 0.02 else data


def garbled(data: bytes, chance: Random) -> bytes:
    """The bytes with a piece lost, doubled or replaced."""
    start = chance.randrange(len(data))
    end = min(len(data), start + chance.choice([0, 1, 8, 400]))
    return (
        data[:start] + chance.choice([b"", bytes([chance.randrange(256)]), data[start:end] * 2, b"[" * 9]) + data[end:]
    )
