"""The canvas: the graph as cards and wires, and every gesture of hand and keyboard on it."""

from netloom.ui.canvas.canvas import Canvas

__all__ = ["Canvas"]
