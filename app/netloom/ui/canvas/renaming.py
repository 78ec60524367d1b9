"""Renaming on the canvas: where the field comes up, and what becomes of the name that is typed into it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from netloom.graph import name_problem
from netloom.ui.canvas.block_commands import renamed
from netloom.ui.canvas.card import HEADER
from netloom.ui.canvas.rename_field import RenameField

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


class Renaming(QObject):
    """The field over the name of one card."""

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.field = RenameField(canvas)
        self.field.renamed.connect(self._rename)

    def open(self, key: str) -> None:
        """Come up over the name of a node."""
        self._canvas.ensure_seen(key)
        item = self._canvas.graph_scene.nodes[key]
        top = item.card.top
        room = item.scene_card().adjusted(28, top + 2, -6, top + HEADER - 2 - item.card.height)
        self.field.open(key, item.facts.name, self._canvas.mapFromScene(room).boundingRect())

    def _rename(self, key: str, name: str) -> None:
        graph = self._canvas.document.graph
        taken = graph.named(name, self._canvas.graph_scene.level)
        problem = name_problem(name)
        if taken is not None and taken.id != key:
            problem = f"there is already a node called {name} here"
        if problem and self.field.hasFocus():
            self.field.refuse(problem)
            return
        self.field.close_field()
        if not problem and key in graph.nodes:
            self._canvas.ask(renamed(graph, key, name))
