"""What a screen reader says of a canvas: whatever is selected, in words."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from netloom.graph import Document, Graph
from netloom.ui.canvas.facts import spoken
from netloom.ui.canvas.selection import Selection

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


class Speech(QObject):
    """Describes a canvas by what is selected on it, and announces each change to who listens."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        canvas.marks_changed.connect(self._follow)

    def _follow(self) -> None:
        words = described(self._canvas.document, self._canvas.marked)
        if words != self._canvas.accessibleDescription():
            self._canvas.setAccessibleDescription(words)
            if QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._canvas, words))


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
