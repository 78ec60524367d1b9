"""Graphs made by chance from the cases of the battery, and an interpreter that runs them node by node."""

import random
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import torch
from tests.compiler.battery import CASES
from tests.compiler.battery.case import Case, flat
from torch import Tensor, nn

from netloom.compiler import Flow, Plan, Planner
from netloom.graph import edit
from netloom.graph.document import Document
from netloom.graph.model import Change
from netloom.layers.authoring import Graph
from netloom.layers.catalogue import SPECS

Place: TypeAlias = tuple[str, str]
Flowing: TypeAlias = tuple[str, str, Flow]

BY_CHANCE = ("RandomNormal", "RandomUniform", "Bernoulli", "RReLU", "FractionalMaxPool2d", "FractionalMaxPool3d")
"""What draws random numbers even when it does not train."""

SHAPES: list[list[int]] = [[6, 9, 8], [7, 8], [12], [8], [4, 8, 8], [6, 8]]
DEEPEST = 2


def _usable(case: Case) -> bool:
    """Whether the interpreter can call it: torch's own class with its arguments, or a function of what flows in."""
    found = SPECS[case.kind]
    plainly_made = found.role == "module" and case.by_hand is None and not any(param.call for param in found.params)
    is_called = found.role == "function" and case.by_hand is not None
    in_order = not any(given.port for given in case.given)
    draws = case.kind in BY_CHANCE or case.params.get("dropout_p")
    return not draws and in_order and (plainly_made or is_called)


USABLE = [case for case in CASES if _usable(case)]


class Grower:
    """A graph that grows by chance; whatever the plan refuses is taken back."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.graph = Graph()
        self.planner = Planner()
        self.cases: dict[str, Case] = {}
        self.uses: dict[str, str] = {}
        self.plan = self.planner.plan(self.graph)

    def grown(self, size: int) -> Graph:
        """A whole model: inputs, nodes, and an output for some of what leads nowhere."""
        for shape in self.chance.sample(SHAPES, self.chance.randint(1, 3)):
            self.graph.add("Input", shape=shape)
        self._replan()
        self._grow("", size)
        self._end("", most=4)
        self._replan()
        return self.graph

    def _replan(self) -> None:
        self.plan = self.planner.plan(self.graph)

    def _level(self, parent: str) -> Plan:
        if not parent:
            return self.plan
        use = self.uses[parent]
        found = self._level(self.graph.nodes[use].parent).nodes[use].block
        assert found is not None
        return found

    def _flows(self, parent: str) -> list[Flowing]:
        items = self._level(parent).nodes.values()
        found = [(i.node.id, port, flow) for i in items if i.node.kind != "Output" for port, flow in i.outputs.items()]
        return found[-12:]

    def _grow(self, parent: str, size: int) -> None:
        depth = 0 if not parent else 1 + (1 if self.graph.nodes[self.uses[parent]].parent else 0)
        for _ in range(size):
            draw = self.chance.random()
            if draw < 0.12 and depth < DEEPEST:
                self._add_block(parent)
            elif draw < 0.18 and self.uses:
                self._use_block(parent)
            elif draw < 0.28:
                self._share(parent)
            else:
                self._add_case(parent)

    def _try(self, node: str, wires: Iterable[tuple[Place, str]]) -> bool:
        """Wire a new node and keep it if the plan has no error there."""
        for (source, output), name in wires:
            self.graph.connect(source, output, node, name)
        self._replan()
        parent = self.graph.nodes[node].parent
        item = self._level(parent).nodes.get(node)
        if item is not None and item.outputs:
            return True
        self._drop(node)
        return False

    def _drop(self, node: str) -> None:
        self.graph.apply(edit.remove(Document(self.graph), [node]).changes)
        self._replan()

    def _add_case(self, parent: str) -> None:
        case = self.chance.choice(USABLE)
        wires: list[tuple[Place, str]] = []
        entries = SPECS[case.kind].inputs_for(case.params)
        for index, given in enumerate(case.given):
            same: list[int | str] | None = list(given.shape) if case.by_hand is not None else None
            fitting = [
                (n, p) for n, p, flow in self._flows(parent) if _suits(flow, len(given.shape), given.dtype, same)
            ]
            if not fitting:
                return
            wires.append((self.chance.choice(fitting), entries[min(index, len(entries) - 1)].name))
        node = self.graph.add(case.kind, parent=parent, **case.params)
        if self._try(node, wires):
            self.cases[node] = case

    def _add_block(self, parent: str) -> None:
        flows = self._flows(parent)
        taken = self.chance.sample(flows, min(len(flows), self.chance.randint(1, 2)))
        block = self.graph.define(f"part{len(self.graph.blocks) + 1}")
        names = [self.graph.nodes[self.graph.add("Input", parent=block)].name for _ in taken]
        node = self.graph.add("Block", parent=parent, block=block)
        self.uses[block] = node
        for (source, output, _), name in zip(taken, names, strict=True):
            self.graph.connect(source, output, node, name)
        self._replan()
        self._grow(block, self.chance.randint(2, 6))
        self._end(block, most=2)
        self._replan()
        if self._level(parent).nodes[node].outputs and self.chance.random() < 0.5:
            self._repeat(parent, node)

    def _repeat(self, parent: str, node: str) -> None:
        self.graph.apply(edit.set_params(self.graph, node, {"repeat": self.chance.randint(2, 3)}).changes)
        self._replan()
        if not self._level(parent).nodes[node].outputs:
            self.graph.apply(edit.set_params(self.graph, node, {}, ["repeat"]).changes)
            self._replan()

    def _use_block(self, parent: str) -> None:
        """Show a definition once more, with whatever fits its ports."""
        block = self.chance.choice(sorted(self.uses))
        if parent:
            return
        inputs = self._level(block).inputs
        flows = self._flows(parent)
        wires: list[tuple[Place, str]] = []
        for name, wanted in inputs.items():
            same = wanted.dims()[1:] if self._counts_on_sizes(block) else None
            fitting = [(n, p) for n, p, flow in flows if _suits(flow, len(wanted.shape) - 1, wanted.dtype, same)]
            if not fitting:
                return
            wires.append((self.chance.choice(fitting), name))
        self._try(self.graph.add("Block", parent=parent, block=block), wires)

    def _counts_on_sizes(self, block: str) -> bool:
        """Whether something in a definition is done by hand, for the sizes that it was given."""
        inner = list(self.graph.level(block))
        if any(node.id in self.cases and self.cases[node.id].by_hand is not None for node in inner):
            return True
        return any(self._counts_on_sizes(str(node.params["block"])) for node in inner if node.kind == "Block")

    def _share(self, parent: str) -> None:
        here = [n for n in self._level(parent).nodes.values() if _has_weights(n.node.kind) and not n.node.share]
        owners = [item for item in here if item.outputs and (item.node.id in self.cases or item.block)]
        if not owners:
            return
        owner = self.chance.choice(owners)
        wires: list[tuple[Place, str]] = []
        for name, wanted in owner.inputs.items():
            fitting = [(n, p) for n, p, flow in self._flows(parent) if wanted and flow == wanted[0]]
            if not fitting:
                return
            wires += [(self.chance.choice(fitting), name) for _ in wanted]
        shown = {"block": owner.node.params["block"]} if owner.block else {}
        node = self.graph.add(owner.node.kind, parent=parent, share=owner.node.id, **shown)
        if self._try(node, wires) and owner.node.id in self.cases:
            self.cases[node] = self.cases[owner.node.id]

    def _end(self, parent: str, most: int) -> None:
        items = [item for item in self._level(parent).nodes.values() if item.node.kind != "Output"]
        free = [item for item in items if item.outputs and not self.graph.out_of(item.node.id)]
        for item in self.chance.sample(free, min(len(free), most)) or items[-1:]:
            port = self.chance.choice(list(item.outputs))
            self.graph.connect(item.node.id, port, self.graph.add("Output", parent=parent), "input")

    def edit_by_chance(self) -> None:
        """Change, remove or rewire something, anywhere; the graph may become wrong."""
        node = self.chance.choice(sorted(self.graph.nodes))
        draw = self.chance.random()
        if draw < 0.2 and not self.graph.sharers(node):
            self.graph.apply(edit.remove(Document(self.graph), [node]).changes)
        elif draw < 0.4 and self.graph.into(node):
            wire = self.chance.choice(list(self.graph.into(node)))
            self.graph.apply([Change("wire", wire.key, wire, None)])
        elif draw < 0.5:
            self.graph.apply(edit.rename(self.graph, node, f"other{self.chance.randint(0, 10**6)}").changes)
        else:
            self._set_by_chance(node)

    def _set_by_chance(self, node: str) -> None:
        found = self.graph.nodes[node]
        params = [param for param in SPECS[found.kind].params if param.type == "int" and param.name != "block"]
        if found.kind != "Input" and params:
            param = self.chance.choice(params)
            self.graph.apply(edit.set_params(self.graph, node, {param.name: self.chance.randint(1, 3)}).changes)


def _has_weights(kind: str) -> bool:
    return SPECS[kind].role in ("module", "block")


def _suits(flow: Flow, rank: int, dtype: str, shape: list[int | str] | None = None) -> bool:
    """Whether it is like what a case is given: so many dimensions, the first of them the batch.

    What a case does by hand may count on the very sizes that it is given.
    """
    if shape is not None and flow.dims()[1:] != shape:
        return False
    return len(flow.shape) == rank + 1 and flow.dtype == dtype and flow.dims()[:1] == ["N"]


def interpreted(plan: Plan, model: nn.Module, given: Mapping[str, Tensor], cases: Mapping[str, Case]) -> list[Tensor]:
    """The outputs of a plan, each node called by hand with the weights that the model has."""
    known: dict[Place, Tensor] = {}

    def value(node: str, port: str) -> Tensor:
        if (node, port) not in known:
            known.update(zip(((node, name) for name in plan.nodes[node].outputs), answers(node), strict=True))
        return known[node, port]

    def answers(node: str) -> list[Tensor]:
        item = plan.nodes[node]
        if item.node.kind == "Input":
            return [given[item.node.name]]
        owner = plan.nodes[item.weights] if item.weights else item
        arriving = {name: [value(w.source, w.output) for w in item.wires if w.input == name] for name in item.inputs}
        if item.block is not None:
            return _block(item.block, getattr(model, owner.node.name), arriving, item.arguments["repeat"], cases)
        case = cases[node]
        tensors = [tensor for found in arriving.values() for tensor in found]
        if case.by_hand is not None:
            return list(flat(case.by_hand(*tensors)))
        return list(flat(_module(case.kind, owner.arguments, getattr(model, owner.node.name))(*tensors)))

    ends = [plan.nodes[key] for key in plan.order if plan.nodes[key].node.kind == "Output"]
    by_name = {item.node.name: value(item.wires[0].source, item.wires[0].output) for item in ends}
    return [by_name[name] for name in plan.outputs]


def _block(
    plan: Plan, module: nn.Module, arriving: Mapping[str, list[Tensor]], repeat: Any, cases: Mapping[str, Case]
) -> list[Tensor]:
    given = {name: found[0] for name, found in arriving.items()}
    found: list[Tensor] = []
    for index in range(repeat):
        inner = module if repeat == 1 else module.get_submodule(str(index))
        found = interpreted(plan, inner, given, cases)
        given |= dict(zip(plan.inputs, found, strict=False))
    return found


def _module(kind: str, arguments: Mapping[str, Any], source: nn.Module) -> nn.Module:
    made: nn.Module = getattr(torch.nn, kind)(**arguments)
    made.load_state_dict(source.state_dict())
    return made.eval()
