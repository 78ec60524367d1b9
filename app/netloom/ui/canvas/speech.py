"""What a screen reader says of a canvas: whatever is selected, in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from netloom.graph import Document, Graph
from netloom.ui.announcing import announce
from netloom.ui.canvas.facts import spoken
from netloom.ui.canvas.selection import Selection
from netloom.ui.words import counted

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


class Speech(QObject):
    """Describes a canvas by what is selected on it, else by where it is, and announces each change to who listens."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._level = (canvas.document, canvas.graph_scene.level)
        canvas.marks_changed.connect(self.follow)

    def follow(self) -> None:
        """Say what is selected now, and of another level first which it is."""
        canvas, here = self._canvas, (self._canvas.document, self._canvas.graph_scene.level)
        words = described(canvas.document, canvas.marked)
        if len(canvas.selection) == 1:
            words = ", ".join(part for part in (words, *self._more(next(iter(canvas.selection)))) if part)
        is_new, self._level = here != self._level, here
        announce(canvas, words or _place(canvas), _place(canvas) if words and is_new else "")

    def _more(self, key: str) -> Sequence[str]:
        """What stands on a card beside its name and kind."""
        facts = self._canvas.graph_scene.nodes[key].facts
        trouble = f"{facts.trouble.severity}: {facts.trouble.text}" if facts.trouble is not None else ""
        states = ("bypassed" if facts.bypassed else "", "frozen" if facts.frozen else "")
        return (*states, facts.comment and f"comment: {facts.comment}", trouble)


def _place(canvas: "Canvas") -> str:
    """Which level is shown, and how many nodes stand there; a block may be gone before its level is left."""
    scene, graph = canvas.graph_scene, canvas.document.graph
    where = f"inside block {graph.blocks[scene.level].name}" if scene.level in graph.blocks else "top level"
    return f"{where}, {counted(len(scene.nodes), 'node')}"


def described(document: Document, marked: Selection) -> str:
    """What is selected, in words."""
    if marked.nodes:
        return spoken(document.graph, marked.nodes)
    if marked.dots or marked.wires:
        return _wires(document.graph, marked)
    if len(marked.remarks) == 1:
        remark = document.remarks[next(iter(marked.remarks))]
        return f"{remark.kind.capitalize()}: {remark.text}"
    return f"{len(marked.remarks)} frames and notes selected" if marked.remarks else ""


def _wires(graph: Graph, marked: Selection) -> str:
    if marked.dots:
        dot = next(iter(marked.dots))
        return f"dot on the wire from {graph.node(dot.node).name}" if len(marked.dots) == 1 else "dots selected"
    if len(marked.wires) != 1:
        return f"{len(marked.wires)} wires selected"
    wire = graph.wires[next(iter(marked.wires))]
    return f"wire from {graph.node(wire.source).name} to {graph.node(wire.target).name}"
