"""Netloom: draw a neural network, watch it learn, take it away as plain PyTorch.

Everything here is imported when it is first used, so `import netloom` costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn

    from netloom.compiler.plan import Plan
    from netloom.exchange import ExportReport
    from netloom.graph import Document
    from netloom.graph import Graph as AnyGraph
    from netloom.layers.authoring import Graph
    from netloom.runs import RunRecord
    from netloom.training.events import Command, Event

__all__ = ["Document", "Graph", "build", "export", "load", "plan", "save", "source", "train", "trust"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "Graph":
        from netloom.layers.authoring import Graph

        return Graph
    if name == "Document":
        from netloom.graph import Document

        return Document
    raise AttributeError(f"module 'netloom' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load(path: Path | str) -> Document:
    """Read a document and check it against the catalogue; DocumentError says where in the file it is wrong."""
    from netloom.errors import DocumentError
    from netloom.graph.file import load
    from netloom.layers.edit import check_document

    document = load(path)
    try:
        check_document(document)
    except DocumentError as error:
        raise DocumentError(str(error), where=Path(path).name, node=error.node) from error
    return document


def save(document: Document, path: Path | str) -> None:
    """Write a document; DocumentError where the folder or the disk refuses, and the old file stays."""
    from netloom.graph.file import save

    save(document, path)


def plan(what: Document | AnyGraph) -> Plan:
    """Order, shapes, parameters, multiply-adds and problems of a graph."""
    from netloom.compiler import plan_graph
    from netloom.graph import Document

    return plan_graph(_graph(what), what.training.batch_size if isinstance(what, Document) else None)


def source(what: Document | AnyGraph, name: str = "Model") -> str:
    """The graph as readable Python that needs torch alone; BuildError names what is wrong with the graph."""
    from netloom.compiler.source import source
    from netloom.errors import BuildError

    found = plan(what)
    for problem in found.problems:
        if problem.severity == "error":
            raise BuildError(problem.message, node=problem.node)
    return source(found, name=name).text


def trust(what: Document | AnyGraph) -> None:
    """Let the Python code in a document run as long as this process lives. Read it first."""
    from netloom.compiler import trust

    trust.extend(trust.texts(_graph(what)))


def build(what: Document | AnyGraph) -> nn.Module:
    """The graph as a module in train mode, with fresh weights."""
    from netloom.compiler import build

    return build(_graph(what))


def train(
    document: Document,
    *,
    name: str = "",
    resume: str | None = None,
    **settings: Any,
) -> Generator[Event, Command | None, None]:
    """Train as a run of the user's store; the events as they happen.

    `settings` are those of the document's training that are to be others, such as `epochs=5` or `device="cpu"`.
    `resume` is the id of a run to go on with.
    BuildError, DataError, TrainingError or RunError says why no run can begin.
    """
    from netloom.layers.training_settings import BY_NAME
    from netloom.runs import Store

    if unknown := settings.keys() - BY_NAME.keys():
        raise TypeError(f"train() has no setting {min(unknown)!r}; there are {', '.join(BY_NAME)}")
    return Store().train(document, name=name, resume=resume, **settings)


def export(what: Document | RunRecord, path: Path | str, *, weights: Path | str | None = None) -> ExportReport:
    """Write a model as .py, .onnx, .pt2 or .safetensors; a document is exported with the weights of its latest run."""
    from netloom.errors import ExportError
    from netloom.exchange import export
    from netloom.runs import RunRecord, Store

    if isinstance(what, RunRecord):
        if not (weights or what.weights):
            raise ExportError(f"Run {what.id} has left no weights. Go on with it, or export the document.")
        return export(what.document, path, weights=weights or what.weights)
    latest = None if weights else Store().latest(what)
    return export(what, path, weights=weights or (latest.weights if latest else None))


def _graph(what: Document | AnyGraph) -> AnyGraph:
    from netloom.graph import Document

    return what.graph if isinstance(what, Document) else what
