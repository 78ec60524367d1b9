"""What NodeGraphQt takes for one case: `peer_nodegraphqt.py SIZE` prints figures. It runs in an environment of its own.

Its check for loops is switched off, since it does not end with twenty residual branches; Netloom's stays on.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).parents[2])

import NodeGraphQt  # noqa: E402
import psutil  # noqa: E402
from PySide6.QtCore import QPointF, QRectF, Qt  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402
from tests.benchmarks import canvas_case  # noqa: E402
from tests.benchmarks.canvas_mouse import Hand, cost  # noqa: E402


class Layer(NodeGraphQt.BaseNode):
    """A node with an input and an output that take many wires."""

    __identifier__ = "peer"
    NODE_NAME = "Layer"

    def __init__(self) -> None:
        super().__init__()
        self.add_input("in", multi_input=True)
        self.add_output("out", multi_output=True)


def figures(size: int) -> dict[str, float]:
    """Return the peer's figures under the names of the rows."""
    application = QApplication.instance() or QApplication([])
    before = psutil.Process().memory_info().rss
    graph = NodeGraphQt.NodeGraph()
    graph.register_node(Layer)
    graph.set_acyclic(False)
    graph.widget.resize(canvas_case.WIDE, canvas_case.HIGH)
    graph.widget.show()
    application.processEvents()
    wires, places = canvas_case.chain(size)
    nodes = [graph.create_node("peer.Layer", name=f"n{i}", pos=at, push_undo=False) for i, at in enumerate(places)]
    for source, target in wires:
        nodes[source].output(0).connect_to(nodes[target].input(0), push_undo=False, emit_signal=False)
    application.processEvents()
    found = {"memory": (psutil.Process().memory_info().rss - before) / 2**20}
    return found | hands(graph, nodes, places)


def hands(graph: Any, nodes: list[Any], places: list[tuple[float, float]]) -> dict[str, float]:
    """Return what painting, dragging, panning, wiring, deleting, undoing and opening take."""
    view, node = graph.viewer(), nodes[len(nodes) // 2]
    hand, found = Hand(view), {}
    right, bottom = max(place[0] for place in places), max(place[1] for place in places)
    size = view.viewport().size()
    middle = QPointF(*places[len(nodes) // 2])
    areas = {
        "whole": QRectF(0, 0, right + canvas_case.CELL[0], bottom + canvas_case.CELL[1]),
        "near": QRectF(middle - QPointF(size.width() / 2, size.height() / 2), size),
    }
    for name, area in areas.items():
        look_at(view, area)
        found[f"repaint_{name}"] = hand.repaint()
        graph.clear_selection()
        grip = node.view.mapToScene(QPointF(node.view.boundingRect().center().x(), 8))
        found[f"drag_{name}"] = hand.drag(view.mapFromScene(grip))
        look_at(view, area)
        graph.clear_selection()
        found[f"pan_{name}"] = hand.drag(hand.ground(), Qt.MouseButton.MiddleButton)
    source, target = nodes[len(nodes) // 2], nodes[len(nodes) // 2 + 1 + canvas_case.FARTHEST]
    wire = (source.output(0), target.input(0))
    found["connect"] = cost(lambda: (wire[0].connect_to(wire[1]), hand.until_painted()))
    return found | steps(graph, hand)


def look_at(view: Any, area: QRectF) -> None:
    """Show an area of the scene; the peer has no public way to do so."""
    view._scene_range = QRectF(area)
    view._update_scene()
    QApplication.processEvents()


def steps(graph: Any, hand: Hand) -> dict[str, float]:
    """Return what deleting everything, taking that back, and opening a file take."""
    handle, path = tempfile.mkstemp(suffix=".json")
    os.close(handle)
    graph.save_session(path)
    graph.clear_undo_stack()
    found = {"delete": cost(lambda: (graph.delete_nodes(graph.all_nodes()), hand.settle(2)))}
    found["undo"] = cost(lambda: (graph.undo_stack().undo(), hand.settle(2)))
    graph.clear_session()
    found["open"] = cost(lambda: (graph.load_session(path), hand.settle(2)))
    Path(path).unlink()
    return found


if __name__ == "__main__":
    print(json.dumps(figures(int(sys.argv[1]))), flush=True)
    os._exit(0)  # the peer does not always end by itself
