"""The panels beside the canvas: pure views that are told what to show and ask for what they want."""

from netloom.ui.panels.code_panel import CodePanel
from netloom.ui.panels.history_panel import HistoryPanel
from netloom.ui.panels.inspector_panel import InspectorPanel
from netloom.ui.panels.log_panel import LogPanel
from netloom.ui.panels.palette_panel import PalettePanel
from netloom.ui.panels.problems_panel import ProblemsPanel
from netloom.ui.panels.runs_panel import RunsPanel

__all__ = ["CodePanel", "HistoryPanel", "InspectorPanel", "LogPanel", "PalettePanel", "ProblemsPanel", "RunsPanel"]
