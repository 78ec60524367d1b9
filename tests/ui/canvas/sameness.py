"""Whether a canvas that followed every edit shows what a canvas shows that loads the document anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netloom.ui.canvas.facts import Facts
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.canvas.node_item import Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netloom.compiler.plan import Plan

NEAR = 0.01
STEADY = ("well",)
"""Room for a picture is kept while nothing is known, so that nothing moves; so is that of an empty footer."""


def differences(scene: GraphScene, plan: Plan) -> list[str]:
    """Every way in which a scene is not what a fresh one is; nothing where they are the same."""
    fresh = GraphScene(Style(look=scene.style_.look))
    fresh.load(scene.document, scene.level, plan)
    return [*_keys(scene, fresh), *_nodes(scene, fresh), *_wires(scene, fresh), *_remarks(scene, fresh)]


def _keys(scene: GraphScene, fresh: GraphScene) -> Iterator[str]:
    for name in ("nodes", "wires", "remarks"):
        shown, there = getattr(scene, name).keys(), getattr(fresh, name).keys()
        if shown != there:
            yield f"{name}: too many {set(shown - there)}, missing {set(there - shown)}"


def _nodes(scene: GraphScene, fresh: GraphScene) -> Iterator[str]:
    placed = scene.document.positions
    for key in scene.nodes.keys() & fresh.nodes.keys():
        item, other = scene.nodes[key], fresh.nodes[key]
        for name in Facts.__dataclass_fields__:
            shown, wanted = getattr(item.facts, name), getattr(other.facts, name)
            if name not in STEADY and shown != wanted and (name != "footer" or str(shown).strip() != wanted):
                yield f"{name} of {key}: {shown} where it should be {wanted}"
        if key in placed and (item.pos() - other.pos()).manhattanLength() > NEAR:
            yield f"place of {key}: {item.pos()} where it should be {other.pos()}"
        if scene.node_at(item.scene_card().center()) is None:
            yield f"{key} is not found where it stands"


def _wires(scene: GraphScene, fresh: GraphScene) -> Iterator[str]:
    """Lanes may be others, since they are given out in the order in which wires come; the ends may not.

    A card that keeps room for a picture is higher than a fresh one, and what leaves it downwards begins lower.
    """
    placed = scene.document.positions
    for key in scene.wires.keys() & fresh.wires.keys():
        item, other = scene.wires[key], fresh.wires[key]
        if item.wire != other.wire or (item.carries, item.label) != (other.carries, other.label):
            yield f"wire {key}: {item.wire} {item.label} where it should be {other.wire} {other.label}"
        if {item.wire.source, item.wire.target} <= placed.keys():
            for end, node in ((0, item.wire.source), (-1, item.wire.target)):
                is_same = scene.nodes[node].card == fresh.nodes[node].card
                if is_same and (item.way.points[end] - other.way.points[end]).manhattanLength() > NEAR:
                    yield f"end {end} of wire {key}"


def _remarks(scene: GraphScene, fresh: GraphScene) -> Iterator[str]:
    for key in scene.remarks.keys() & fresh.remarks.keys():
        if scene.remarks[key].remark != fresh.remarks[key].remark:
            yield f"remark {key}"
