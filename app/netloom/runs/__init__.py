"""The store of runs: what was trained, how it went, and the files it left."""

from netloom.runs.record import Curves, RunRecord, Steps
from netloom.runs.store import Store

__all__ = ["Curves", "RunRecord", "Steps", "Store"]
