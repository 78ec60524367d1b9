"""Hostile documents: a mutated template is refused with a place, or plans and becomes harmless Python."""

import ast
import copy
import json
import random
from collections.abc import Callable
from typing import Any, TypeAlias

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from netloom import compiler
from netloom.errors import DocumentError
from netloom.graph import Document, file
from netloom.layers.catalogue import SPECS
from netloom.layers.datasets import DATASETS
from netloom.layers.edit import check_document
from netloom.templates import TEMPLATES, document

Raw: TypeAlias = dict[str, Any]

TEXTS = [
    *(
        "",
        '"',
        "'",
        "\\",
        "a\nb",
        "\x1b[31m",
        "\u202e",
        "\ud800",
        "ﬁ",
        "é",
        "x" * 10_000,
        "N",
        "L",
        "x",
        "train",
        "train_",
    ),
    *("self", "torch", "nn", "_", "__class__", "lambda", "None", "match", "forward", "same", "valid", "mean", "int64"),
    *("__import__('os').system('true')", 'a"); import os #', "x\n    import os", "{node}", "nowhere", "b1", *DATASETS),
]
NUMBERS = [
    0,
    1,
    2,
    3,
    4,
    8,
    10,
    64,
    -1,
    -2,
    10**9,
    2**31 - 1,
    2**31,
    10**30,
    -(10**30),
    0.0,
    0.5,
    1e308,
    1e999,
    1e999 - 1e999,
]
LISTS = [
    [],
    [1],
    [0],
    [-1],
    [3, 3],
    [0, 1],
    [0, 2, 1],
    [1, 8, 8],
    ["L"],
    ["L", 4],
    ["a"],
    [True],
    [[1]],
    [2] * 20,
    {},
    {"a": 1},
]
VALUES = [None, True, False, *NUMBERS, *LISTS, *TEXTS]
RAW: list[Raw] = [json.loads(file.dumps(document(name))) for name in TEMPLATES]

STATEMENTS = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef, ast.Assign, ast.Return, ast.Expr)
CALLED = {"super", "range", "tuple", "nn", "torch", "self"}


def value(chance: random.Random) -> Any:
    return copy.deepcopy(chance.choice(VALUES))


def rename(raw: Raw, chance: random.Random) -> None:
    chance.choice(raw["graph"]["nodes"])["name"] = chance.choice([*TEXTS, raw["graph"]["nodes"][0]["name"]])


def change_kind(raw: Raw, chance: random.Random) -> None:
    chance.choice(raw["graph"]["nodes"])["kind"] = chance.choice([*SPECS, "__import__", 5])


def set_param(raw: Raw, chance: random.Random) -> None:
    node = chance.choice(raw["graph"]["nodes"])
    names = [param.name for param in SPECS[node["kind"]].params] or TEXTS
    node.setdefault("params", {})[chance.choice(names)] = value(chance)


def unset_param(raw: Raw, chance: random.Random) -> None:
    params = chance.choice(raw["graph"]["nodes"])["params"]
    del params[chance.choice(list(params))]


def remove(raw: Raw, chance: random.Random) -> None:
    table = raw["graph"][chance.choice(["nodes", "wires"])]
    del table[chance.randrange(len(table))]


def add_wire(raw: Raw, chance: random.Random) -> None:
    start, end = chance.choice(raw["graph"]["nodes"]), chance.choice(raw["graph"]["nodes"])
    ports = [port.name for kind in SPECS.values() for port in kind.inputs_for({})]
    wire = {"source": start["id"], "output": chance.choice(["out", "output", "loss", "label"]), "target": end["id"]}
    raw["graph"]["wires"].append(wire | {"input": chance.choice(ports), "slot": chance.choice([0, 0, 1, -1])})


def insert(raw: Raw, chance: random.Random) -> None:
    """A new node on a wire; all its inputs get what the wire brought."""
    wire, kind = chance.choice(raw["graph"]["wires"]), chance.choice([each for each in SPECS.values() if each.outputs])
    key = f"m{len(raw['graph']['nodes'])}"
    params = {param.name: copy.deepcopy(param.start) for param in kind.params if param.start is not None}
    raw["graph"]["nodes"].append({"id": key, "kind": kind.kind, "name": key, "params": params})
    arriving = {"source": wire["source"], "output": wire["output"], "target": key}
    raw["graph"]["wires"] += [arriving | {"input": port.name} for port in kind.inputs_for({}) if not port.optional]
    wire["source"], wire["output"] = key, kind.outputs_for({})[0].name


def wrap(raw: Raw, chance: random.Random) -> None:
    """A node goes into a block of its own, or of another node's."""
    graph = raw["graph"]
    node = chance.choice([each for each in graph["nodes"] if len(SPECS[each["kind"]].inputs_for({})) == 1])
    found, key, outer = SPECS[node["kind"]], f"b{len(graph['blocks'])}", node.get("parent", "")
    graph["blocks"].append({"id": key, "name": chance.choice(["Stage", "Model", "torch", "x_y"])})
    node["parent"] = key
    graph["nodes"] += [
        {"id": f"{key}i", "kind": "Input", "name": "x", "parent": key},
        {"id": f"{key}o", "kind": "Output", "name": "y", "parent": key},
        {"id": f"{key}n", "kind": "Block", "name": f"{key}n", "parent": outer, "params": {"block": key, "repeat": 2}},
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


def reparent(raw: Raw, chance: random.Random) -> None:
    chance.choice(raw["graph"]["nodes"])["parent"] = chance.choice(["b0", "b1", "nowhere"])


def set_training(raw: Raw, chance: random.Random) -> None:
    raw["training"][chance.choice(["epochs", "batch_size", "seed", "device"])] = value(chance)


def break_structure(raw: Raw, chance: random.Random) -> None:
    """Any value anywhere in the JSON."""
    place: Any = raw
    while True:
        step = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[step], dict | list) or not place[step] or chance.random() < 0.2:
            place[step] = value(chance)
            return
        place = place[step]


MUTATIONS: list[Callable[[Raw, random.Random], None]] = [
    *(rename, change_kind, set_param, set_param, unset_param, remove, add_wire, insert, insert),
    *(wrap, reparent, set_training, break_structure),
]


def mutated(chance: random.Random) -> bytes:
    raw = copy.deepcopy(chance.choice(RAW))
    for _ in range(chance.choice([1, 1, 2, 3, 6])):
        try:
            chance.choice(MUTATIONS)(raw, chance)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError):
            break  # an earlier mutation took away what this one works on
    return json.dumps(raw).encode()


def opened(data: bytes) -> Document | None:
    """The document, or None where it is refused in words that can stand on a terminal."""
    try:
        made = file.loads(data)
        check_document(made)
    except DocumentError as error:
        expect_pointed(error)
        return None
    return made


def expect_pointed(error: DocumentError) -> None:
    """One line of a readable length, with the place; what is wrong with the file as a whole needs none."""
    text = str(error)
    assert text.isprintable()
    assert len(text) < 400, text
    assert error.where or any(word in text for word in ("format", "not a number", "half of a character")), text


def expect_harmless(text: str) -> None:
    """Only what the generator writes: classes with methods of assignments and returns, calls of torch and of itself."""
    tree = ast.parse(text)
    classes = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    assert [type(node) for node in tree.body if not isinstance(node, ast.ClassDef)] in (
        [ast.ImportFrom],
        [ast.Import, ast.ImportFrom],
    )
    for node in ast.walk(tree):
        assert not isinstance(node, ast.stmt) or isinstance(node, STATEMENTS)
        if isinstance(node, ast.Import | ast.ImportFrom):
            assert ast.unparse(node) in ("import torch", "from torch import Tensor, nn")
        if isinstance(node, ast.FunctionDef):
            assert node.name in ("__init__", "forward")
        if isinstance(node, ast.Expr):
            assert ast.unparse(node) == "super().__init__()"
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("__") or node.attr == "__init__" or set(node.attr) == {"_"}
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id in CALLED | classes


def check_attack(chance: random.Random) -> None:
    made = opened(mutated(chance))
    if made is None:
        return
    plan = compiler.plan_graph(made.graph)
    assert set(plan.order) <= set(made.graph.nodes)
    expect_harmless(compiler.source(plan).text)
    compiler.untrainable(plan)
    assert file.dumps(file.loads(file.dumps(made))) == file.dumps(made)


QUICK = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
WIDE = settings(QUICK, max_examples=20_000, database=None)


@QUICK
@given(st.randoms(use_true_random=False))
def test_a_mutated_template_is_refused_or_harmless(chance: random.Random) -> None:
    check_attack(chance)


@pytest.mark.slow
@pytest.mark.timeout(900)
@WIDE
@given(st.integers(0, 2**63))
def test_many_mutated_templates_are_refused_or_harmless(seed: int) -> None:
    check_attack(random.Random(seed))
