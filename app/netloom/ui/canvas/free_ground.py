"""Ground for several cards at once that no other card stands on."""

from collections.abc import Iterator, Sequence
from itertools import product

from PySide6.QtCore import QRectF

STEP, RINGS = 32, 60
CLEAR = 24.0
CELL = 256.0


def nearest_shift(cards: Sequence[QRectF], others: Sequence[QRectF]) -> tuple[float, float]:
    """By how much these cards must move to keep clear of the others: as little as can be, together, and if at all."""
    ground = _Ground(others)
    found = next((shift for shift in _shifts() if not any(ground.hits(card, shift) for card in cards)), None)
    if found is not None:
        return found
    top, lowest = min(card.top() for card in cards), max(card.bottom() for card in others)
    return (0.0, -(-(lowest + CLEAR - top) // STEP) * STEP)


def _shifts() -> Iterator[tuple[float, float]]:
    """Steps away from where the cards are, nearest first."""
    steps = range(-RINGS, RINGS + 1)
    for across, down in sorted(product(steps, steps), key=lambda step: step[0] ** 2 + step[1] ** 2):
        yield (float(across * STEP), float(down * STEP))


class _Ground:
    """Cards by cell, so that a look at one place is short."""

    def __init__(self, cards: Sequence[QRectF]) -> None:
        self._cells: dict[tuple[int, int], list[QRectF]] = {}
        for card in cards:
            for cell in _cells(card):
                self._cells.setdefault(cell, []).append(card)

    def hits(self, card: QRectF, shift: tuple[float, float]) -> bool:
        """Whether the card would stand on another, or too near to it."""
        moved = card.translated(*shift).adjusted(-CLEAR, -CLEAR, CLEAR, CLEAR)
        return any(moved.intersects(other) for cell in _cells(moved) for other in self._cells.get(cell, ()))


def _cells(card: QRectF) -> Iterator[tuple[int, int]]:
    across = range(int(card.left() // CELL), int(card.right() // CELL) + 1)
    return product(across, range(int(card.top() // CELL), int(card.bottom() // CELL) + 1))
