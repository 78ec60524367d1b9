"""Ground for several cards at once that no other card stands on."""

from collections.abc import Sequence
from functools import cache
from itertools import product

from PySide6.QtCore import QRectF

from netloom.ui.canvas.ground import Box, Ground

STEP, RINGS = 32, 60
CLEAR = 24.0


def nearest_shift(cards: Sequence[QRectF], others: Sequence[QRectF]) -> tuple[float, float]:
    """By how much these cards must move to keep clear of the others: as little as can be, together, and if at all."""
    ground: Ground[int] = Ground()
    for number, other in enumerate(others):
        ground.put(number, _around(other, (0.0, 0.0), 0.0))
    found = next((shift for shift in _shifts() if all(_is_free(ground, card, shift) for card in cards)), None)
    if found is not None:
        return found
    top, lowest = min(card.top() for card in cards), max(card.bottom() for card in others)
    return (0.0, -(-(lowest + CLEAR - top) // STEP) * STEP)


def _is_free(ground: Ground[int], card: QRectF, shift: tuple[float, float]) -> bool:
    return next(ground.touching(_around(card, shift, CLEAR)), None) is None


def _around(card: QRectF, shift: tuple[float, float], clear: float) -> Box:
    left, top = card.left() + shift[0], card.top() + shift[1]
    return (left - clear, top - clear, left + card.width() + clear, top + card.height() + clear)


@cache
def _shifts() -> Sequence[tuple[float, float]]:
    """Steps away from where the cards are, nearest first."""
    steps = range(-RINGS, RINGS + 1)
    found = sorted(product(steps, steps), key=lambda step: step[0] ** 2 + step[1] ** 2)
    return [(float(across * STEP), float(down * STEP)) for across, down in found]
