"""Hostile documents: a mutated one is refused with a place, or plans and becomes harmless Python; nothing runs."""

import json
import random
import sys
import time
from collections.abc import Mapping
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from tests.compiler.harmless import expect_harmless
from tests.compiler.hostile import SEEDS, TRAP, VALUES, mutated

from netloom import compiler
from netloom.compiler.flow import Flow
from netloom.compiler.rules import Answer
from netloom.compiler.source import objective_source
from netloom.errors import DocumentError, GraphError, NetloomError
from netloom.exchange import script
from netloom.graph import Document, Graph, Node, file
from netloom.layers import custom
from netloom.layers.catalogue import SPECS
from netloom.layers.edit import check_document, value_problem

LONGEST = 5.0
"""Seconds of computing for one document: two orders above the usual, so that only what multiplies is caught."""


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
    expect_readable(error)
    whole = ("format", "not a number", "half of a character", "UTF-8", "JSON", "digits", "nested", "twice")
    assert error.where or any(word in str(error) for word in whole), str(error)


def expect_readable(error: NetloomError) -> None:
    text = str(error)
    assert text.isprintable(), ascii(text)
    assert 0 < len(text) < 600, text


def pretended(kind: str, arguments: Mapping[str, Any], inputs: Mapping[str, tuple[Flow, ...]]) -> Answer:
    """What code puts out, without running it."""
    flows = [flow for arriving in inputs.values() for flow in arriving]
    flow = flows[0] if flows else Flow((1,), "float32")
    return Answer({port.name: flow for port in custom.outputs_of(kind, arguments)}, 0)


def plans(graph: Graph) -> list[compiler.Plan]:
    """The plan of a document from elsewhere, and where it holds code the one after it was trusted."""
    found = [compiler.plan_graph(graph, 32)]
    if any(node.kind in custom.KINDS for node in graph.nodes.values()):
        found.append(compiler.Planner(trusts=lambda _: True, asks=pretended).plan(graph, 32))
    return found


def check_attack(chance: random.Random) -> None:
    made = opened(mutated(chance))
    if made is None:
        return
    before = time.process_time()
    for plan in plans(made.graph):
        assert set(plan.order) <= set(made.graph.nodes)
        for problem in plan.problems:
            assert problem.message.isprintable(), ascii(problem.message)
            assert len(problem.message) < 1000, problem.message
        expect_harmless(compiler.source(plan).text, made.graph)
        expect_harmless(objective_source(plan).text, made.graph)
        compiler.untrainable(plan)
    try:
        expect_harmless(script(made), made.graph, script=True)
    except NetloomError as error:
        expect_readable(error)
    assert time.process_time() - before < LONGEST
    assert file.dumps(file.loads(file.dumps(made))) == file.dumps(made)
    assert TRAP not in sys.modules


QUICK = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
PARTS = 10
WIDE = settings(QUICK, max_examples=20_000 // PARTS, database=None)


@pytest.mark.parametrize("number", range(len(SEEDS)))
def test_what_is_mutated_is_right_before(number: int) -> None:
    for raw in SEEDS[number]:
        assert opened(json.dumps(raw).encode()) is not None


@QUICK
@given(st.integers(0, 2**63))
def test_a_mutated_document_is_refused_or_harmless(seed: int) -> None:
    check_attack(random.Random(seed))


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
@WIDE
@given(st.integers(0, 2**63))
def test_many_mutated_documents_are_refused_or_harmless(part: int, seed: int) -> None:
    check_attack(random.Random(seed * PARTS + part))


@pytest.mark.parametrize("kind", SPECS)
def test_every_parameter_of_a_kind_takes_or_refuses_any_value(kind: str) -> None:
    found = SPECS[kind]
    node = Node("n1", kind, "it")
    for param in found.params:
        for value in VALUES:
            refused = value_problem(Graph(), node, param.name, value)
            if refused is None:
                ports = (*found.inputs_for({param.name: value}), *found.outputs_for({param.name: value}))
                assert all(port.name for port in ports)
            else:
                expect_readable(GraphError(refused))
