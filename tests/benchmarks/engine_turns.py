"""What every process of the engine's benchmark shares: it trains in turns, and says what a step took in each.

A process prints what it trains and with how many threads as soon as it has warmed up. Then it reads a line with
seconds, trains for so long, and prints the CPU and wall time of a step; it ends with its standard input.
"""

import json
import os
import sys
import time
from dataclasses import dataclass, field

import torch

WARM_UP_STEPS, WARM_UP_SECONDS = 5, 1.0


@dataclass
class Turns:
    """Told of each step by `stepped`, where it waits between turns. From `pause` to `resume` no time counts."""

    parameters: int
    steps: int = 0
    end: float | None = None
    began: tuple[float, float] = field(default_factory=lambda: clocks())
    paused: tuple[float, float] = (0.0, 0.0)

    def stepped(self) -> None:
        self.steps += 1
        cpu, wall = clocks()
        if self.end is None:
            if self.steps >= WARM_UP_STEPS and wall - self.began[1] >= WARM_UP_SECONDS:
                self._wait({"parameters": self.parameters, "threads": torch.get_num_threads()})
        elif wall >= self.end:
            before = self.began
            self._wait({"cpu": (cpu - before[0]) / self.steps, "wall": (wall - before[1]) / self.steps})

    def pause(self) -> None:
        self.paused = clocks()

    def resume(self) -> None:
        cpu, wall = clocks()
        self.began = (self.began[0] + cpu - self.paused[0], self.began[1] + wall - self.paused[1])

    def _wait(self, said: dict[str, float]) -> None:
        print(json.dumps(said), flush=True)
        line = sys.stdin.readline()
        if not line:
            sys.stdout.flush()
            os._exit(0)  # from within a framework's loop there is no other quick way out
        self.steps, self.began = 0, clocks()
        self.end = self.began[1] + float(line)


def clocks() -> tuple[float, float]:
    return time.process_time(), time.perf_counter()
