"""What is different between runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netloom.graph import Graph, Node
from netloom.runs.record import RunRecord


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs side by side: each setting, node, parameter or wire that is not the same in all, with its value in each.

    Values stand in the runs' order; None is what a run does not have.
    """

    runs: tuple[RunRecord, ...]
    differences: Mapping[str, tuple[Any, ...]]

    @property
    def settings(self) -> Mapping[str, tuple[Any, ...]]:
        """What differs in how and where was trained."""
        names = {name for run in self.runs for name in _surroundings(run)}
        return {name: values for name, values in self.differences.items() if name in names}

    @property
    def network(self) -> Mapping[str, tuple[Any, ...]]:
        """What differs in the graph."""
        return {name: values for name, values in self.differences.items() if name not in self.settings}

    def summary(self) -> dict[str, Any]:
        """The comparison as JSON; values by run."""
        ids = [run.id for run in self.runs]
        return {
            "runs": [run.details() for run in self.runs],
            "differences": {name: dict(zip(ids, values, strict=True)) for name, values in self.differences.items()},
        }


def compare(runs: Sequence[RunRecord]) -> Comparison:
    """Put runs side by side."""
    graphs = [run.document.graph for run in runs]
    described = [_surroundings(run) | _nodes(graph) for run, graph in zip(runs, graphs, strict=True)]
    found = _differences(described) | _differences(_wires(graphs))
    return Comparison(tuple(runs), found)


def _differences(described: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Any, ...]]:
    names = dict.fromkeys(name for found in described for name in found)
    values = {name: tuple(found.get(name) for found in described) for name in names}
    return {name: found for name, found in values.items() if any(value != found[0] for value in found)}


def _surroundings(run: RunRecord) -> dict[str, Any]:
    versions = {f"version of {name}": version for name, version in run.versions.items()}
    return dict(run.settings) | {"device used": run.device, "data": run.data[:8]} | versions


def _nodes(graph: Graph) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in graph.nodes.values():
        name = _full_name(node, graph)
        found[name] = f"{node.kind}, bypassed" if node.bypassed else node.kind
        found |= {f"{name}.{key}": value for key, value in node.params.items()}
    return found


def _wires(graphs: Sequence[Graph]) -> list[dict[str, str]]:
    """What comes into each input by a wire. Of nodes that not all have it is clear that their wires are others."""
    names = [{_full_name(node, graph) for node in graph.nodes.values()} for graph in graphs]
    shared = set.intersection(*names) if names else set()
    return [_wires_between(graph, shared) for graph in graphs]


def _wires_between(graph: Graph, shared: set[str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for wire in graph.wires.values():
        source, target = (_full_name(graph.node(key), graph) for key in (wire.source, wire.target))
        if source in shared and target in shared:
            found.setdefault(f"wire into {target}.{wire.input}", []).append(f"{source}.{wire.output}")
    return {name: ", ".join(sorted(sources)) for name, sources in found.items()}


def _full_name(node: Node, graph: Graph) -> str:
    return f"{graph.blocks[node.parent].name}.{node.name}" if node.parent else node.name
