"""The Runs page with 10,000 runs in the store: until it is painted, until a search is, and what reading holds up.

The measurement is a fresh process without a screen: this very file with `measure` as argument.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RUNS, STEPS, EPOCHS = 10_000, 900, 20
TEXTS = ("i", "iris", "baseline digits", "conv2d adamw", "learning rate", "nobody called it so")
ROUNDS = 5
OPEN_MARK_MS, SEARCH_MARK_MS, READ_MARK_MS, HOLD_MARK_MS = 300.0, 50.0, 1000.0, 50.0


def rows() -> list[dict[str, Any]]:
    """Return the figures for `make bench`."""
    found = measured()
    return [
        row("runs page, 10,000 runs, until first painted", found["open"], OPEN_MARK_MS),
        row("runs page, 10,000 runs, until all are there", found["read"], READ_MARK_MS),
        row("runs page, longest hold-up of the window meanwhile", found["hold"], HOLD_MARK_MS),
        row("search among 10,000 runs, slowest, painted", found["search"], SEARCH_MARK_MS),
        row("sort 10,000 runs by score, painted", found["sort"], SEARCH_MARK_MS),
    ]


def row(name: str, value: float, mark: float) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": "ms", "mark": mark, "holds": value <= mark}


def measured() -> dict[str, float]:
    """Return what this file prints when it is run with `measure`, in a process with a user folder of its own."""
    with tempfile.TemporaryDirectory() as home:
        env = {**os.environ, "NETLOOM_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(
            [sys.executable, __file__, "measure"], env=env, capture_output=True, text=True, timeout=300
        )
    if done.returncode:
        raise RuntimeError(f"the measurement of the runs page failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def measure() -> dict[str, float]:
    """Return milliseconds: medians of several rounds for opening, the slowest text for a search."""
    from tests.runs.filled import fill

    from netloom.runs import home

    fill(home.runs_folder(), RUNS, steps=STEPS, epochs=EPOCHS)
    window = shown_window()
    panel = window.views.runs
    opened = [opening(window) for _ in range(ROUNDS)]
    searches = [milliseconds(lambda text=text: panel.search.setText(text)) for text in TEXTS * ROUNDS]
    panel.search.clear()
    sorts = [milliseconds(lambda: panel.table.sort_by(2)) for _ in range(ROUNDS)]
    window.shut_down()
    medians = {name: statistics.median(each[name] for each in opened) for name in opened[0]}
    slowest = max(statistics.median(searches[place :: len(TEXTS)]) for place in range(len(TEXTS)))
    return {**medians, "search": slowest, "sort": statistics.median(sorts)}


def shown_window() -> Any:
    """Return the window after its first paint, and after what it does by itself at the beginning."""
    from netloom.ui import app
    from netloom.ui.collector import Collector
    from netloom.ui.program_log import ProgramLog

    sys.setswitchinterval(app.SWITCH_SECONDS)
    app.application()
    window = app.make_window(ProgramLog())
    Collector(window)
    window.resize(1600, 1000)
    window.show()
    spin(2.0)
    return window


def opening(window: Any) -> dict[str, float]:
    """Return the time until rows are painted, until all are there, and the longest time between two ticks meanwhile."""
    from netloom.ui.panels.runs_shelf import Shelf

    panel = window.views.runs
    window.show_page("Live")
    panel.model.set_shelf(Shelf())
    window.desk._is_read = False
    spin(0.3)
    painter, start = Painted(panel.table.viewport()), time.perf_counter()
    window.show_page("Runs")
    ticks = spin(20.0, lambda: painter.count > 0 and len(panel.model.rows) > 0)
    first = time.perf_counter() - start
    ticks += spin(20.0, lambda: len(panel.model.shelf) == RUNS)
    whole = time.perf_counter() - start
    spin(0.5)
    return {"open": 1000 * first, "read": 1000 * whole, "hold": 1000 * max(ticks)}


def spin(seconds: float, until: Callable[[], bool] = lambda: False) -> list[float]:
    """Let the window work until something holds, or the time is over; how long each turn took."""
    from PySide6.QtWidgets import QApplication

    turns, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end and not until():
        before = time.perf_counter()
        QApplication.processEvents()
        turns.append(time.perf_counter() - before)
        time.sleep(0.001)
    return turns


def Painted(widget: Any) -> Any:  # noqa: N802 (a class that waits for Qt to be imported)
    """Return an object that counts the paint events of a widget."""
    from PySide6.QtCore import QEvent, QObject

    class Counter(QObject):
        count = 0

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
            self.count += event.type() == QEvent.Type.Paint
            return False

    counter = Counter(widget)
    widget.installEventFilter(counter)
    return counter


def milliseconds(act: Callable[[], object]) -> float:
    """Return how long something takes until the table, or the words in its place, are painted."""
    from PySide6.QtWidgets import QApplication

    start = time.perf_counter()
    act()
    QApplication.processEvents()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    print(json.dumps(measure()))
