"""The text of the source: what a formatter and a linter say to it, and code of the user's own in it."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tests.compiler.battery import CASES
from tests.compiler.test_source_blocks import chain, stages

from netloom import compiler
from netloom.compiler import Planner
from netloom.compiler.source import objective_source
from netloom.compiler.source.layout import WIDTH, fits, wrapped
from netloom.errors import BuildError
from netloom.graph import Change
from netloom.layers.authoring import Graph
from netloom.templates import TEMPLATES, document

WORDS = ("x", "out", "conv1", "attention_mask", "encoder_hidden_state", "w" * 40, "v" * 48)
VALUES = ("1", "(3, 3)", '"same"', "1e-05", "True", "None", "self.width")


def expect_liked(folder: Path) -> None:
    """Ruff has nothing to say to any file of a folder."""
    for command in (["format", "--check", "--diff"], ["check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (done.stdout + done.stderr)[:8000]


def test_ruff_likes_every_template_and_every_kind_and_texts_never_change(tmp_path: Path) -> None:
    for name in TEMPLATES:
        plan = compiler.plan_graph(document(name).graph)
        text = compiler.source(plan).text
        assert text == compiler.source(compiler.plan_graph(document(name).graph)).text
        (tmp_path / f"{name.replace('-', '_')}.py").write_text(text, "utf-8")
        (tmp_path / f"{name.replace('-', '_')}_goal.py").write_text(objective_source(plan).text, "utf-8")
    for number, case in enumerate(CASES):
        text = compiler.source(compiler.plan_graph(case.graph())).text
        (tmp_path / f"case{number}.py").write_text(text, "utf-8")
    expect_liked(tmp_path)


@pytest.mark.parametrize("length", [1, 12, 30, 48])
def test_ruff_likes_long_names(length: int, tmp_path: Path) -> None:
    graph = stages()
    names = iter("abcdefghijklmnopqrst")
    for node in [node for node in graph.nodes.values() if node.kind not in ("Input", "Output")]:
        new = type(node)(node.id, node.kind, next(names) * length, node.params, node.parent, node.share)
        graph.apply([Change("node", node.id, node, new)])
    (tmp_path / "model.py").write_text(compiler.source(compiler.plan_graph(graph)).text, "utf-8")
    expect_liked(tmp_path)
    assert compiler.build(graph)(torch.zeros(1, 3, 32, 32)).shape == (1, 64, 4, 4)


def _statement(draw: random.Random, depth: int = 2) -> str:
    def value(depth: int) -> str:
        form = draw.random()
        if depth == 0 or form < 0.4:
            return draw.choice((*WORDS, *VALUES))
        items = [value(depth - 1) for _ in range(draw.randint(2, 4))]
        if form < 0.5:
            return f"[{', '.join(items)}]"
        if form < 0.6:
            return f"({', '.join(items)})"
        return call(depth)

    def call(depth: int) -> str:
        named = [f"{word}{index}={value(depth - 1)}" for index, word in enumerate(draw.choices(WORDS[:5], k=2))]
        given = [value(depth - 1) for _ in range(draw.randint(1, 4))] + named[: draw.randint(0, 2)]
        return f"{draw.choice(('self.attend', 'torch.cat', 'nn.functional.linear'))}({', '.join(given)})"

    name = draw.choice(WORDS)
    sum_ = f" {draw.choice('+-*')} ".join(draw.choices(WORDS, k=draw.randint(2, 5)))
    copies = f"Block(width=64, {name}={draw.choice(VALUES)}, depth={name}) for _ in range(depth)"
    return draw.choice(
        (
            f"{name} = {call(depth)}",
            f"self.{name} = {call(depth)}",
            f"self.{name} = nn.Sequential(*({copies}))",
            f"self.{name} = nn.ModuleList({copies})",
            f"{name} = {sum_}",
            f"{name}, (_, {draw.choice(WORDS)}) = {call(1)}",
            f"{name} = {draw.choice(WORDS)}",
            f"return {', '.join(draw.choices(WORDS, k=draw.randint(1, 6)))}",
        )
    )


def test_long_statements_are_broken_as_ruff_breaks_them(tmp_path: Path) -> None:
    draw = random.Random(0)
    lines = ["class Model:"]
    for number in range(300):
        arguments = "".join(f", {word}{index}: Tensor" for index, word in enumerate(draw.choices(WORDS, k=4)))
        given = arguments if number % 2 else ""
        lines += wrapped(f"    def f{number}(self{given}) -> tuple[Tensor, Tensor]:", "N×3×4")
        lines += wrapped(f"        {_statement(draw)}", draw.choice(("", "N×64×112×112, N×16")))
        lines.append("")
    path = tmp_path / "statements.py"
    path.write_text("\n".join(lines[:-1]) + "\n", "utf-8")
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[:4000]
    assert not fits("x" * (WIDTH + 1))


CODE = """\
import math

from torch import nn


def scaled(x: Tensor, other: Tensor, by: float = 1.0) -> Tensor:
    return (x + other) * by / math.sqrt(2)
"""
OWN = """\
import math

import torch
from torch import Tensor, nn
from torch.nn.functional import relu


class Scale(nn.Module):
    \"\"\"Learns one factor for all values.\"\"\"

    def __init__(self, start: float = 1.0) -> None:
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(start))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.factor


def scaled(x: Tensor, other: Tensor, by: float = 1.0) -> Tensor:
    return (x + other) * by / math.sqrt(2)


class Model(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = Scale(start=3.0)
        self.second = Scale()

    def forward(self, x: Tensor) -> Tensor:  # N×4
        out = self.first(x)  # N×4
        out = self.second(out)  # N×4
        x = scaled(out, x, by=2.0)  # N×4
        x = relu(x)  # N×4
        return x
"""


def with_code(code: str = CODE) -> Graph:
    graph = Graph()
    first = graph.add("Python", "first", arguments="start=3.0")
    second = graph.add("Python", "second")
    own = graph.add("Python", "own", code=code, arguments="by=2.0")
    entry = graph.add("Input", "x", shape=[4])
    chain(graph, entry, first, second)
    graph.connect(second, "output", own, "x")
    graph.connect(entry, "out", own, "other")
    chain(graph, own, graph.add("Package", "pack", target="torch.nn.functional.relu"), graph.add("Output", "y"))
    return graph


def test_code_of_the_user_stands_in_the_source_once(tmp_path: Path) -> None:
    plan = Planner(lambda _: True).plan(with_code())
    assert not plan.problems
    compiled = compiler.compile_plan(plan)
    (tmp_path / "model.py").write_text(compiled.source.text, "utf-8")
    expect_liked(tmp_path)
    sample = torch.randn(3, 4)
    wanted = torch.relu((sample * 3 + sample) * 2 / 2**0.5)
    torch.testing.assert_close(compiled.model(sample), wanted)
    assert torch.equal(compiled.watch((sample,), lambda *_: None), compiled.model(sample))
    assert compiled.source.text == OWN


def test_an_error_in_the_users_code_leads_to_its_node() -> None:
    code = CODE.replace(
        "return (x", "if x.device.type == 'cpu':\n        raise ValueError('no such scale')\n    return (x"
    )
    graph = with_code(code)
    compiled = compiler.compile_plan(Planner(lambda _: True).plan(graph))
    with pytest.raises(ValueError, match="no such scale") as caught:
        compiled.model(torch.zeros(2, 4))
    assert graph.nodes[compiled.node_at(caught.value.__traceback__)].name == "own"


def test_two_codes_of_one_name_are_refused() -> None:
    graph = with_code(CODE.replace("scaled", "Scale"))
    with pytest.raises(BuildError, match="both define Scale, each in its own way; rename one") as caught:
        compiler.compile_plan(Planner(lambda _: True).plan(graph))
    assert caught.value.node is not None
