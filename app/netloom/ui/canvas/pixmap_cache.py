"""Pictures of cards by facts, scale and theme, the least recently used thrown away first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

BUDGET = 32 * 2**20


class PixmapCache:
    """Painted cards, at most `budget` bytes of them."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._pictures: OrderedDict[Hashable, QPixmap] = OrderedDict()
        self._budget = budget
        self._used = 0

    def get(self, key: Hashable, area: QRectF, scale: float, paint: Callable[[QPainter], None]) -> QPixmap:
        """The picture of an area in scene units at device pixels a unit; painted when first asked for."""
        found = self._pictures.get(key)
        if found is None:
            found = _painted(area, scale, paint)
            self._keep(key, found)
        else:
            self._pictures.move_to_end(key)
        return found

    def clear(self) -> None:
        """Forget all pictures, as when the theme changes."""
        self._pictures.clear()
        self._used = 0

    def _keep(self, key: Hashable, picture: QPixmap) -> None:
        self._pictures[key] = picture
        self._used += _size(picture)
        while self._used > self._budget and len(self._pictures) > 1:
            self._used -= _size(self._pictures.popitem(last=False)[1])


def _size(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4


def _painted(area: QRectF, scale: float, paint: Callable[[QPainter], None]) -> QPixmap:
    picture = QPixmap(max(1, round(area.width() * scale)), max(1, round(area.height() * scale)))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(scale, scale)
    painter.translate(-area.topLeft())
    paint(painter)
    painter.end()
    return picture
