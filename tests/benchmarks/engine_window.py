"""Netloom's window in the engine's benchmark: `engine_window.py CASE`. A run in the real window, in turns.

Curves are shown, a layer is selected and looked into, cards show previews; between turns the run is paused. Each turn
tells the wall time of a step, the CPU time of the training thread for one, and from as long a stretch in which a timer
repaints the curves for each frame the times between its ticks.
"""

import itertools
import json
import os
import sys
import threading
import time
from typing import Any

from engine_cases import CASES
from engine_netloom import agreed, document, register

FRAME_MS = 16
FRAMES_SECONDS = 0.5
SETTLING_MS = 2000


def main(name: str) -> None:
    register(CASES[name])
    from PySide6.QtCore import QEventLoop

    drawn = document(name, autotune=False, threads=1)
    parameters = agreed(name, drawn.graph)
    window, loop = opened(drawn), QEventLoop()
    window.runs.train()
    window.views.dock.show_page("Live")
    while window.controller.progress is None or window.controller.progress.step < 3:
        wait(loop, 50)
    wait(loop, SETTLING_MS)
    pause(window, loop)
    print(json.dumps({"parameters": parameters, "threads": 1}), flush=True)
    for line in sys.stdin:
        print(json.dumps(turn(window, loop, float(line))), flush=True)
    window.shut_down()
    os._exit(0)


def opened(drawn: Any) -> Any:
    """Return the shown window with the document, its first layer with weights selected."""
    from PySide6.QtCore import QEventLoop

    from netloom.ui import app
    from netloom.ui.program_log import ProgramLog

    sys.setswitchinterval(app.SWITCH_SECONDS)
    app.application()
    window = app.make_window(ProgramLog())
    window.editor.new(drawn, "benchmark")
    loop = QEventLoop()
    window.painted.connect(loop.quit)
    window.show()
    loop.exec()
    kinds = ("Conv2d", "Linear")
    window.views.show_node(next(key for key, node in drawn.graph.nodes.items() if node.kind in kinds))
    return window


def turn(window: Any, loop: Any, seconds: float) -> dict[str, Any]:
    own = time.pthread_getcpuclockid(
        next(each.ident for each in threading.enumerate() if each.name == "netloom-training")
    )
    first, cpu, wall = window.controller.progress.step, time.clock_gettime(own), time.perf_counter()
    window.controller.resume()
    wait(loop, round(1000 * seconds))
    while window.controller.progress.step == first:
        wait(loop, FRAME_MS)
    pause(window, loop)
    steps = window.controller.progress.step - first
    times = {"cpu": (time.clock_gettime(own) - cpu) / steps, "wall": (time.perf_counter() - wall) / steps}
    return {**times, "frames": frames(window, loop)}


def frames(window: Any, loop: Any) -> list[float]:
    """Return the milliseconds between the ticks of a timer while the network trains."""
    from PySide6.QtCore import Qt, QTimer

    ticks: list[float] = []

    def tick() -> None:
        ticks.append(time.perf_counter())
        for card in window.views.live.cards():
            card.chart.viewport().update()

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    window.controller.resume()
    timer.start(FRAME_MS)
    wait(loop, round(1000 * FRAMES_SECONDS))
    timer.stop()
    pause(window, loop)
    return [1000 * (after - before) for before, after in itertools.pairwise(ticks)]


def pause(window: Any, loop: Any) -> None:
    """Let the step that is being made end."""
    window.controller.pause()
    while window.controller.progress.state != "paused":
        wait(loop, 2)


def wait(loop: Any, milliseconds: int) -> None:
    from PySide6.QtCore import QTimer

    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
