"""The store of runs: what was trained, how it went, and the files it left."""

from netloom.runs.compare import Comparison, compare
from netloom.runs.record import Curves, Mark, RunLine, RunRecord, Steps
from netloom.runs.rows import UnknownRunError
from netloom.runs.store import Store

__all__ = ["Comparison", "Curves", "Mark", "RunLine", "RunRecord", "Steps", "Store", "UnknownRunError", "compare"]
