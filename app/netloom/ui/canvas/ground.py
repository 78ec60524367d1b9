"""Which cards stand where: rectangles by key in cells of the plane, so that a look around stays short."""

from collections.abc import Iterable, Iterator
from itertools import product

CELL = 512.0
Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""


class Ground:
    """The places that are taken. Boxes that only share an edge do not touch."""

    def __init__(self) -> None:
        self._boxes: dict[str, Box] = {}
        self._cells: dict[tuple[int, int], dict[str, Box]] = {}
        self._extent: Box | None = None

    def put(self, key: str, box: Box) -> None:
        """Take a place, or another one than before."""
        old = self._boxes.get(key)
        if old == box:
            return
        if old is not None:
            self.drop(key)
        self._boxes[key] = box
        for cell in _cells(box):
            self._cells.setdefault(cell, {})[key] = box
        if self._extent is not None:
            self._extent = united((self._extent, box))

    def drop(self, key: str) -> None:
        """Give a place back."""
        box = self._boxes.pop(key, None)
        if box is None:
            return
        for cell in _cells(box):
            del self._cells[cell][key]
        if self._extent is not None and any(one == other for one, other in zip(box, self._extent, strict=True)):
            self._extent = None

    def touching(self, area: Box) -> Iterator[str]:
        """What touches an area, each once."""
        left, top, right, bottom = area
        seen: set[str] = set()
        for boxes in self._around(area):
            for key, box in boxes.items():
                if box[0] < right and left < box[2] and box[1] < bottom and top < box[3] and key not in seen:
                    seen.add(key)
                    yield key

    def _around(self, area: Box) -> Iterator[dict[str, Box]]:
        """What stands in the cells of an area; everything where that is less than the cells."""
        if (area[2] - area[0]) * (area[3] - area[1]) > CELL * CELL * len(self._boxes):
            yield self._boxes
            return
        for cell in _cells(area):
            if cell in self._cells:
                yield self._cells[cell]

    def box(self, key: str) -> Box:
        """Where something stands."""
        return self._boxes[key]

    def extent(self) -> Box | None:
        """The box around everything; None where there is nothing."""
        if self._extent is None:
            self._extent = united(self._boxes.values())
        return self._extent if self._boxes else None


def united(boxes: Iterable[Box]) -> Box | None:
    """The box around all of them; None where there are none."""
    edges = list(zip(*boxes, strict=True))
    return (min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3])) if edges else None


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    columns = range(int(box[0] // CELL), int(box[2] // CELL) + 1)
    return product(columns, range(int(box[1] // CELL), int(box[3] // CELL) + 1))
