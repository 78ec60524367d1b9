"""The window: how evenly its frames come while a network trains, and the CPU time until it is first painted.

Each measurement is a fresh process without a screen: this very file with the name of the measurement as argument.
"""

import itertools
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

BYTECODE = Path(__file__).parents[2] / "build" / "bytecode"
FRAME_MS = 16
WARM_UP_SECONDS = 3.0
SECONDS = 10.0
STARTS = 5
REPEATS = 3
MEDIAN_MARK_MS, SLOWEST_MARK_MS, START_MARK_S = 17.0, 25.0, 0.8


def rows() -> list[dict[str, Any]]:
    """Return the figures for `make bench`."""
    bare, frames = typical("bare"), typical("frames")
    starts = [measured("start") for _ in range(STARTS)]
    seconds = statistics.median(start["seconds"] for start in starts)
    without_torch = not any(start["torch"] for start in starts)
    return [
        row("window frame while training, median", frames["median"], "ms", MEDIAN_MARK_MS, bare["median"]),
        row("window frame while training, 99th percentile", frames["slowest"], "ms", SLOWEST_MARK_MS, bare["slowest"]),
        row("window start to first paint, CPU", seconds, "s", START_MARK_S, also=without_torch),
    ]


def typical(what: str) -> dict[str, float]:
    """Return the medians of several measurements: a neighbour on the machine spoils one, but not most of them."""
    found = [measured(what) for _ in range(REPEATS)]
    return {name: statistics.median(each[name] for each in found) for name in ("median", "slowest")}


def row(
    name: str, value: float, unit: str, mark: float, bare: float | None = None, *, also: bool = True
) -> dict[str, Any]:
    """Return a figure; `bare` is what the same timer gives in an empty process, which tells how busy the machine is."""
    peer = {} if bare is None else {"peer": "bare timer", "peer_value": bare}
    return {"name": name, "value": value, "unit": unit, "mark": mark, "holds": value <= mark and also, **peer}


def measured(what: str) -> dict[str, Any]:
    """Return what this file prints when it is run with `what`, in a process with a user folder of its own."""
    with tempfile.TemporaryDirectory() as home:
        bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(BYTECODE)}  # as on any user's machine
        env = {**os.environ, **bytecode, "NETLOOM_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run([sys.executable, __file__, what], env=env, capture_output=True, text=True, timeout=180)
    if done.returncode:
        raise RuntimeError(f"the measurement of {what} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def frames() -> dict[str, float]:
    """Return milliseconds between the ticks of a timer that repaints the live curves while digits-cnn trains.

    The window does everything that it does by itself meanwhile: previews on the cards, plots, the view inside a layer.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from PySide6.QtCore import QEventLoop

    from netloom.ui import app

    sys.setswitchinterval(app.SWITCH_SECONDS)
    window = training_window()
    loop = QEventLoop()

    def repaint() -> None:
        if window.views.live is not None:
            for card in window.views.live.cards():
                card.chart.viewport().update()

    window.runs.train()
    window.views.dock.show_page("Live")
    wait_for_steps(window, loop)
    found = intervals(loop, repaint)
    still_training, steps = window.controller.is_active, window.controller.progress.step
    window.shut_down()
    assert still_training, "the run ended before the measurement"
    return {**found, "steps": steps}


def bare() -> dict[str, float]:
    """Return the same figures for a timer that does nothing, in a process that does nothing else."""
    from PySide6.QtCore import QEventLoop

    from netloom.ui import app

    application = app.application()
    found = intervals(QEventLoop(), lambda: None)
    application.quit()
    return found


def intervals(loop: Any, work: Callable[[], None]) -> dict[str, float]:
    """Return median and 99th percentile of the milliseconds between the ticks of a timer that does `work`."""
    from PySide6.QtCore import Qt, QTimer

    ticks: list[float] = []

    def tick() -> None:
        ticks.append(time.perf_counter())
        work()

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(FRAME_MS)
    QTimer.singleShot(round(SECONDS * 1000), loop.quit)
    loop.exec()
    timer.stop()
    between = sorted(1000 * (after - before) for before, after in itertools.pairwise(ticks))
    return {"median": statistics.median(between), "slowest": between[int(0.99 * len(between))]}


def training_window() -> Any:
    """Return the shown window on digits-cnn, a convolution selected, with more epochs than there is time for."""
    import msgspec
    from PySide6.QtCore import QEventLoop

    from netloom import templates
    from netloom.ui import app
    from netloom.ui.program_log import ProgramLog

    app.application()
    window = app.make_window(ProgramLog())
    document = templates.document("digits-cnn")
    document.training = msgspec.structs.replace(document.training, epochs=10_000, device="cpu")
    window.editor.new(document, "digits")
    loop = QEventLoop()
    window.painted.connect(loop.quit)
    window.show()
    loop.exec()
    window.views.show_node(next(key for key, node in document.graph.nodes.items() if node.kind == "Conv2d"))
    return window


def wait_for_steps(window: Any, loop: Any) -> None:
    """Let torch load and the first steps pass."""
    from PySide6.QtCore import QTimer

    poll = QTimer()
    poll.timeout.connect(lambda: window.controller.progress.step > 0 and loop.quit())
    poll.start(50)
    loop.exec()
    poll.stop()
    QTimer.singleShot(round(WARM_UP_SECONDS * 1000), loop.quit)
    loop.exec()


def start() -> dict[str, Any]:
    """Return the CPU seconds of this process, command line and all, until its first window is painted."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    from netloom.ui import app

    class FirstPaint(QObject):
        """Waits for the main window's first paint event; what that event paints is done when the timer fires."""

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
            if event.type() == QEvent.Type.Paint and watched.objectName() == "main-window":
                application.removeEventFilter(self)
                QTimer.singleShot(0, report)
            return False

    def report() -> None:
        found = {"seconds": time.process_time(), "torch": "torch" in sys.modules}
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()
        os._exit(0)

    application = app.application()
    waiting = FirstPaint()
    application.installEventFilter(waiting)
    from netloom.cli import main

    sys.argv = ["netloom"]
    main()
    raise RuntimeError("no window was painted")


if __name__ == "__main__":
    sys.path.pop(0)
    print(json.dumps({"bare": bare, "frames": frames, "start": start}[sys.argv[1]]()))
