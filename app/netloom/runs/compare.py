"""What is different between runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netloom.graph import Node
from netloom.runs.record import RunRecord


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs side by side: each setting or parameter that is not the same in all, with its value in each run's order."""

    runs: tuple[RunRecord, ...]
    differences: Mapping[str, tuple[Any, ...]]

    def summary(self) -> dict[str, Any]:
        """The comparison as JSON; values by run."""
        ids = [run.id for run in self.runs]
        return {
            "runs": [run.details() for run in self.runs],
            "differences": {name: dict(zip(ids, values, strict=True)) for name, values in self.differences.items()},
        }


def compare(runs: Sequence[RunRecord]) -> Comparison:
    """Put runs side by side; what a run does not have is None."""
    described = [_described(run) for run in runs]
    names = dict.fromkeys(name for found in described for name in found)
    values = {name: tuple(found.get(name) for found in described) for name in names}
    return Comparison(tuple(runs), {name: found for name, found in values.items() if any(x != found[0] for x in found)})


def _described(run: RunRecord) -> dict[str, Any]:
    graph = run.document.graph
    found: dict[str, Any] = dict(run.settings) | {"device used": run.device}
    for node in graph.nodes.values():
        name = _full_name(node, {key: block.name for key, block in graph.blocks.items()})
        found[name] = f"{node.kind}, bypassed" if node.bypassed else node.kind
        found |= {f"{name}.{key}": value for key, value in node.params.items()}
    return found


def _full_name(node: Node, blocks: Mapping[str, str]) -> str:
    return f"{blocks[node.parent]}.{node.name}" if node.parent else node.name
