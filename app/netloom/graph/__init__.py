"""The graph as plain data: nodes, wires, blocks, patches, history and the file format. Knows neither torch nor Qt."""

from netloom.graph.document import Document, Training, View
from netloom.graph.file import load, save
from netloom.graph.history import History
from netloom.graph.model import Block, Graph, Node, Slot, Value, Wire, id_order, name_problem
from netloom.graph.patch import Change, Patch
from netloom.graph.remarks import Bookmark, Direction, Point, Remark

__all__ = [
    "Block",
    "Bookmark",
    "Change",
    "Direction",
    "Document",
    "Graph",
    "History",
    "Node",
    "Patch",
    "Point",
    "Remark",
    "Slot",
    "Training",
    "Value",
    "View",
    "Wire",
    "id_order",
    "load",
    "name_problem",
    "save",
]
