"""A block given back to its level: its nodes move out, repeats become copies in a row."""

from collections.abc import Mapping
from typing import cast

import msgspec

from netloom.errors import GraphError
from netloom.graph.document import Document
from netloom.graph.draft import Draft, first_free, replace_updated
from netloom.graph.edit import drop_unused, family
from netloom.graph.model import Block, Node, Promoted, Value, Wire
from netloom.graph.patch import Patch
from netloom.layers import ports
from netloom.layers.blocks import places
from netloom.layers.blocks.carrying import carry_remarks, carry_view, free_remarks
from netloom.layers.blocks.making import End
from netloom.layers.blocks.sides import block_of
from netloom.layers.catalogue import spec
from netloom.layers.connect import flow_refusal

MOST = 500
"""The most nodes that one step puts on a level."""

Ids = dict[str, str]
"""From the nodes of a definition to those that stand for them outside."""


def unpack(document: Document, node: str, sizes: Mapping[str, Value] | None = None) -> Patch:
    """Replace a block by what it holds, once for each repeat, with the values that the block was given.

    `sizes` are those of its parameters that a wire decides, as the plan knows them.
    GraphError where it shares its weights, holds more than fits a canvas, or passes on what cannot be wired directly.
    """
    graph = document.graph
    found, block = block_of(graph, node)
    if found.share or graph.sharers(node):
        raise GraphError(f"{found.name} shares its weights with another block. Unpack one that shares none.", node=node)
    count = len(list(graph.level(block.id))) * _repeat(found)
    if count > MOST:
        raise GraphError(f"{found.name} holds {count:,} nodes; at most {MOST} can be unpacked at once.", node=node)
    return _Unpacking(document, found, block, {**(sizes or {}), **found.params}).patch()


def _repeat(node: Node) -> int:
    return cast(int, node.params.get("repeat") or 1)


class _Unpacking:
    """The draft of one level while a block in it is unpacked."""

    def __init__(self, document: Document, node: Node, block: Block, values: Mapping[str, Value]) -> None:
        self.document, self.graph, self.draft = document, document.graph, Draft(document.graph)
        self.node, self.block, self.values = node, block, values
        level = list(self.graph.level(block.id))
        self.inner = [each for each in level if spec(each.kind).role not in ("input", "output")]
        self.given = ports.boundary(self.graph, block, "input")
        self.results = ports.boundary(self.graph, block, "output")
        self.moves = _repeat(node) == 1 and len(self.draft.uses(block.id)) == 1
        self.names = {each.name for each in self.graph.level(node.parent)} - {node.name}
        self.remarks = free_remarks(document)
        self.copies: list[Ids] = []

    def patch(self) -> Patch:
        feeds = {wire.input: (wire.source, wire.output) for wire in self.graph.into(self.node.id)}
        leaving = list(self.graph.out_of(self.node.id))
        self.draft.drop(*self.draft.wires(self.node.id), self.node)
        for index in range(_repeat(self.node)):
            ids = self._copy(index)
            ends = {each.name: self._source(each, ids, feeds) for each in self.results}
            self._wire(ids, feeds)
            feeds |= self._next(ends)
        for wire in leaving:
            if end := ends.get(wire.output):
                self.draft.put(msgspec.structs.replace(wire, source=end[0], output=end[1]))
        self._hand_through()
        replace_updated(self.draft, {self.node.id: [ids[each.id] for ids in self.copies for each in self.inner]})
        drop_unused(self.draft, [self.block.id])
        return self.draft.patch(f"Unpack {self.node.name}")

    def _next(self, ends: dict[str, End | None]) -> dict[str, End]:
        """What the copies after this one get: its outputs at their first inputs."""
        pairs = zip(self.given, self.results, strict=False)
        return {entry.name: end for entry, result in pairs if (end := ends[result.name])}

    def _copy(self, index: int) -> Ids:
        ids = {each.id: each.id if self.moves else self.draft.free_id() for each in self.inner}
        self.copies.append(ids)
        for each in self.inner:
            params = each.params | self._handed(each)
            name = first_free(each.name, self.names.__contains__)
            self.names.add(name)
            share = ids.get(each.share, "")
            kept = msgspec.structs.replace(
                each,
                id=ids[each.id],
                name=name,
                params=params,
                parent=self.node.parent,
                share=share,
                bypassed=each.bypassed or self.node.bypassed,
                frozen=each.frozen or self.node.frozen,
                rate=each.rate * self.node.rate,
            )
            self.draft.put(kept)
        self._place(ids, index)
        return ids

    def _handed(self, node: Node) -> dict[str, Value]:
        """What the outside sets at a node, or at the one of its kind whose weights it uses."""
        keys = {each.id for each in family(self.graph, node.id)}
        return {
            handed.param: self.values[handed.name]
            for handed in self.block.params
            if handed.node in keys and handed.name in self.values
        }

    def _place(self, ids: Ids, index: int) -> None:
        """Let what comes out be seen as it was inside, around the place of the block, copy beside copy."""
        found = places.of(self.document, self.inner)
        left, right, _ = places.columns(found)
        x, y = self.document.positions.get(self.node.id, (0.0, 0.0))
        start = places.middle(found.values())
        shift = (x + index * (right - left - places.COLUMN) - start[0], y - start[1])
        carry_view(self.draft, self.document, ids, shift, moves=self.moves)
        carry_remarks(self.draft, self.document, self.block.id, self.node.parent, self.remarks, shift)

    def _source(self, node: Node, ids: Ids, feeds: dict[str, End]) -> End | None:
        """Where a value inside comes from on the outside: through Inputs and Outputs to what they stand for."""
        role = spec(node.kind).role
        if role == "input":
            return feeds.get(node.name)
        wire = next(iter(self.graph.into(node.id)), None)
        return None if wire is None else self._end(wire, ids, feeds)

    def _end(self, wire: Wire, ids: Ids, feeds: dict[str, End]) -> End | None:
        if wire.source in ids:
            return (ids[wire.source], wire.output)
        return self._source(self.graph.nodes[wire.source], ids, feeds)

    def _wire(self, ids: Ids, feeds: dict[str, End]) -> None:
        for each in self.inner:
            for wire in self.graph.into(each.id):
                end = self._end(wire, ids, feeds)
                made = end and Wire(*end, ids[each.id], wire.input, wire.slot)
                if made:
                    self._expect_fitting(made)
                if made != wire:
                    self.draft.drop(*([wire] if self.moves else []))
                    self.draft.put(*([made] if made else []))
        if self.moves:
            for boundary in self.results:
                self.draft.drop(*self.graph.into(boundary.id))

    def _expect_fitting(self, wire: Wire) -> None:
        """What an Input or Output let pass is wired directly now, so the rule for wires must allow it."""
        source, target = self.draft.node(wire.source), self.draft.node(wire.target)
        output = ports.port(ports.outputs(self.graph, source), wire.output)
        slot = ports.port(ports.inputs(self.graph, target), wire.input)
        problem = flow_refusal(source, output, target, slot) if output and slot else None
        if problem:
            raise GraphError(f"{self.node.name} cannot be unpacked: {problem}", node=self.node.id)

    def _hand_through(self) -> None:
        """What an outer block hands out from this one comes from its nodes now."""
        if not self.node.parent:
            return
        outer = self.graph.blocks[self.node.parent]
        led: list[Promoted] = []
        for each in outer.params:
            led += self._inner_places(each) if each.node == self.node.id else [each]
        self.draft.put(msgspec.structs.replace(outer, params=tuple(led)))

    def _inner_places(self, promoted: Promoted) -> list[Promoted]:
        return [
            msgspec.structs.replace(promoted, node=ids[handed.node], param=handed.param)
            for ids in self.copies
            for handed in self.block.params
            if handed.name == promoted.param and handed.node in ids
        ]
