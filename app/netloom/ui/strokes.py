"""How the curves of several runs are told apart: by colour and by dash."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from netloom.ui import theme

DASHES: Sequence[Sequence[float]] = ((), (4.0, 3.0), (1.0, 2.5), (5.0, 2.5, 1.0, 2.5))
"""Lengths of line and gap in widths of the pen; empty is a whole line."""
MOST_RUNS = 8
"""So many runs can be told apart."""


def run_pen(place: int, width: float = 1.5) -> QPen:
    """The pen of the run at this place among those that are compared."""
    pen = QPen(theme.current().plot(place), width)
    pen.setCosmetic(True)
    if dash := DASHES[place % len(DASHES)]:
        pen.setDashPattern(list(dash))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


def draw_sample(painter: QPainter, left: float, middle: float, length: float, place: int) -> None:
    """Draw a piece of that run's curve."""
    painter.setPen(run_pen(place, 2.0))
    painter.drawLine(QPointF(left, middle), QPointF(left + length, middle))
