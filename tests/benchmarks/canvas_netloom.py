"""What Netloom's own main window takes for one case: `canvas_netloom.py write|open|hands SIZE FILE` prints figures."""

import gc
import json
import statistics
import sys
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).parents[2])

import psutil  # noqa: E402
from tests.benchmarks import canvas_case  # noqa: E402

WIRES = 9
SPOT = 40
"""How far below its upper edge a card is taken hold of."""


def resident() -> float:
    """Return the megabytes of memory that this process holds."""
    return psutil.Process().memory_info().rss / 2**20


def shown_window() -> Any:
    """Return the window, painted and empty, as large as the case asks for."""
    from tests.benchmarks.canvas_mouse import Hand

    from netloom.ui import app

    app.application()
    from netloom.ui.collector import Collector
    from netloom.ui.program_log import ProgramLog

    window = app.make_window(ProgramLog())
    window.resize(canvas_case.WIDE, canvas_case.HIGH)
    window.show()
    Hand(window.views.canvas).settle(20)
    gc.collect()
    gc.freeze()  # this and the collector as in the program when torch is loaded
    Collector(window)
    return window


def opened(window: Any, path: Path) -> None:
    """Open a file and paint it."""
    from tests.benchmarks.canvas_mouse import Hand

    hand = Hand(window.views.canvas)
    if not window.files.open_path(path) or not hand.until_painted():
        raise RuntimeError("the case was not opened")


def opening(_size: int, path: Path) -> dict[str, float]:
    """Return the milliseconds from a file to the first paint, and the megabytes that this adds."""
    from tests.benchmarks.canvas_mouse import cost

    window = shown_window()
    before = resident()
    taken = cost(lambda: opened(window, path))
    gc.collect()
    return {"open": taken, "memory": resident() - before}


def hands(size: int, path: Path) -> dict[str, float]:
    """Return what painting, dragging, panning, deleting, undoing and wiring take."""
    from tests.benchmarks.canvas_mouse import Hand

    window = shown_window()
    opened(window, path)
    canvas = window.views.canvas
    hand = Hand(canvas)
    hand.settle(60)
    found = {"repaint_whole": hand.repaint()}
    found |= {"drag_whole": hand.drag(_grip(canvas, f"n{size // 2}")), "pan_whole": _pan(hand)}
    canvas.set_zoom(1.0)
    canvas.look_at(canvas.graph_scene.nodes[f"n{size // 2}"].scene_card().center())
    canvas.settle()
    found |= {"repaint_near": hand.repaint()}
    found |= {"drag_near": hand.drag(_grip(canvas, f"n{size // 2}")), "pan_near": _pan(hand)}
    found |= {"connect": _connect(window, hand)}
    return found | _delete_and_undo(window, hand, size)


def _pan(hand: Any) -> float:
    from PySide6.QtCore import Qt

    return hand.drag(hand.ground(), Qt.MouseButton.MiddleButton)


def _grip(canvas: Any, key: str) -> Any:
    """Return where a card is taken hold of: below its ports."""
    from PySide6.QtCore import QPointF

    card = canvas.graph_scene.nodes[key].scene_card()
    return canvas.mapFromScene(QPointF(card.center().x(), card.top() + min(SPOT, card.height() / 2)))


def _connect(window: Any, hand: Any) -> float:
    """Return the median from letting go of a wire over an input until it is there, checked, planned and painted."""
    from tests.benchmarks.canvas_mouse import cost

    canvas, costs = window.views.canvas, []
    for source, target in _pairs(canvas)[:WIRES]:
        start, end = canvas.port_pos(source, "output"), canvas.port_pos(target, "inputs")
        hand.press(start)
        hand.move((start + end) / 2)
        hand.move(end)
        hand.settle()
        wires = len(canvas.document.graph.wires)
        costs.append(cost(lambda end=end: (hand.release(end), hand.until_painted())))
        if len(canvas.document.graph.wires) != wires + 1:
            raise RuntimeError(f"{source} was not wired to {target}")
        window.editor.undo()
        hand.settle()
    return statistics.median(costs)


def _pairs(canvas: Any) -> list[tuple[str, str]]:
    """Return pairs of a node and a later sum that both are seen and not wired to each other."""
    seen = [item for item in canvas.visible_nodes() if canvas.viewport().rect().contains(canvas.node_rect(item.key))]
    graph = canvas.document.graph
    sums = [item.key for item in seen if graph.node(item.key).kind == "Add"]
    return [
        (item.key, each)
        for each in sums
        for item in seen
        if int(item.key[1:]) < int(each[1:]) - 1 and all(wire.source != item.key for wire in graph.into(each))
    ]


def _delete_and_undo(window: Any, hand: Any, size: int) -> dict[str, float]:
    from tests.benchmarks.canvas_mouse import cost

    canvas = window.views.canvas
    canvas.fit()
    canvas.settle()
    hand.settle()
    taken: dict[str, list[float]] = {"delete": [], "undo": []}
    for _ in range(3):
        canvas.select_all()
        hand.settle()
        taken["delete"].append(cost(lambda: (canvas.delete_selection(), hand.until_painted())))
        if canvas.document.graph.nodes:
            raise RuntimeError("some nodes are left")
        taken["undo"].append(cost(lambda: (window.editor.undo(), hand.until_painted())))
        if len(canvas.graph_scene.nodes) != size:
            raise RuntimeError("some nodes did not come back")
        hand.settle()
    return {key: statistics.median(costs) for key, costs in taken.items()}


if __name__ == "__main__":
    what, count, place = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    if what == "write":
        canvas_case.write(count, place)
        print("{}")
    else:
        print(json.dumps({"open": opening, "hands": hands}[what](count, place)))
