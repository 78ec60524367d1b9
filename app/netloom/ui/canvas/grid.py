"""The dots of the grid: every 16 units, every 64 below 50 %, none below 25 %."""

from functools import lru_cache
from itertools import product

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from netloom.ui.canvas.card_painter import line
from netloom.ui.theme import Theme

NEAR, FAR = 16, 64
FAR_BELOW, NONE_BELOW = 0.5, 0.25


def paint_grid(painter: QPainter, look: Theme, zoom: float, area: QRectF) -> None:
    """Dots over an area; `painter` draws in scene units."""
    if zoom < NONE_BELOW:
        return
    step = NEAR if zoom >= FAR_BELOW else FAR
    columns, rows = int(area.width() // step) + 2, int(area.height() // step) + 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(line(look.color("grid")))
    painter.translate(area.left() // step * step, area.top() // step * step)
    painter.drawPoints(_dots(columns, rows, step))
    painter.restore()


@lru_cache(maxsize=64)
def _dots(columns: int, rows: int, step: int) -> QPolygonF:
    return QPolygonF([QPointF(x * step, y * step) for x, y in product(range(columns), range(rows))])
