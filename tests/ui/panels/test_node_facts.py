from dataclasses import replace

import pytest
from tests.ui.panels.conftest import digits

from netloom.compiler.plan import NodePlan, Plan
from netloom.compiler.planner import Planner
from netloom.graph import Document
from netloom.layers import catalogue
from netloom.layers.authoring import Graph
from netloom.ui.panels.node_facts import found, in_and_out, setting
from netloom.ui.panels.param_row import Setting


@pytest.fixture
def document() -> Document:
    return digits()


@pytest.fixture
def plan(document: Document) -> Plan:
    return Planner().plan(document.graph)


def item(plan: Plan, name: str) -> NodePlan:
    return next(item for item in plan.nodes.values() if item.node.name == name)


def fields(plan: Plan, name: str) -> dict[str, Setting]:
    known = item(plan, name)
    return {param.name: setting(param, known.node, known) for param in catalogue.spec(known.node.kind).params}


def test_a_setting_says_where_it_comes_from(plan: Plan) -> None:
    shown = fields(plan, "conv1")
    assert shown["in_channels"] == Setting(1, "wire")
    assert shown["out_channels"] == Setting(16, "typed")
    assert shown["stride"] == Setting(1, "default")


def test_without_a_plan_a_derived_size_is_unknown(plan: Plan) -> None:
    node = item(plan, "conv1").node
    param = catalogue.spec("Conv2d").param("in_channels")
    assert param is not None
    assert setting(param, node, None) == Setting(None, "wire")


def test_without_a_wire_a_derived_size_is_unknown() -> None:
    graph = Graph()
    graph.add("Linear", name="head")
    assert fields(Planner().plan(graph), "head")["in_features"] == Setting(None, "wire")


def test_shapes_go_in_and_come_out(plan: Plan) -> None:
    assert in_and_out(item(plan, "conv1")) == ("N×1×8×8", "N×16×8×8")
    assert in_and_out(item(plan, "digits")) == ("", "N×1×8×8, N")
    assert in_and_out(None) == ("", "")


def test_a_node_is_found_inside_a_block(plan: Plan) -> None:
    inner = item(plan, "conv1")
    outer = replace(item(plan, "relu1"), block=Plan(("k",), {"k": inner}, (), 0, 0))
    nested = replace(plan, nodes={"outer": outer})
    assert found(nested, "k") is inner
    assert found(nested, "missing") is None
    assert found(None, "k") is None
