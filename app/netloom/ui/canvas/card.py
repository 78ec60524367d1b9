"""Where everything stands on a card, in scene units from its top left corner."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from netloom.training.events import Preview
from netloom.ui import previews, theme
from netloom.ui.canvas.facts import SEPARATOR, Facts, PortFacts

GRID = 8
HEADER, LINE, ROW, FOOTER, INSET = 32, 20, 20, 22, 8
STRIP_LINE, STRIP_PAD, FIX = 16, 4, 22
NAME_LEFT = 36
PORT, PORT_HIT, PORT_Y = 8, 20, 16
CAPSULE = 28
MARGIN = 10  # what may be painted outside the card: ports, ring, the edges behind a block
WIDTHS = (120, 136, 144, 152, 160, 176)
FOOTER_LEFT, FOOTER_RIGHT = 8, 3
LEGIBLE = 13
"""Room is kept for texts of this size: at a zoom of 77 % they are drawn so large, to be 10 pixels on the screen."""
LARGEST = 14
"""So large texts are where they are seen at all: what a problem says must not be cut there."""
CURVE_WELL = 36
NAMES_TOP, TOP_NAMES, BOTTOM_NAMES, SLOT, SLOT_PAD = 6, 18, 20, 32, 14
"""Where wires go down: where the names of several ports begin, what they take up, and the least width of a port."""
BUBBLE, BUBBLE_GAP, BUBBLE_BESIDE = 20, 6, 10
"""The height of a comment, how far above its card it is, and how far left of a wire that comes from above."""
WIDTH = {
    "data": 144,
    "io": 120,
    "linear": 160,
    "convolution": 160,
    "pooling": 136,
    "normalisation": 136,
    "activation": 152,
    "recurrent": 160,
    "attention": 160,
    "shape": 120,
    "arithmetic": 120,
    "block": 144,
    "loss": 152,
    "metric": 152,
    "optimizer": 136,
}
Side = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class Card:
    """The parts of one card; what it lacks is None. Ports are the middles of their marks, on the card's edges.

    The header begins at `top`, under the names of ports that are at the upper edge.
    """

    width: float
    height: float
    inputs: tuple[QPointF, ...]
    outputs: tuple[QPointF, ...]
    kind: QRectF
    well: QRectF | None
    footer: QRectF | None
    strip: QRectF | None
    message: QRectF | None
    fix: QRectF | None
    bubble: QRectF | None = None
    top: float = 0.0
    input_names: tuple[QRectF, ...] = ()
    output_names: tuple[QRectF, ...] = ()

    def rect(self) -> QRectF:
        """The card itself."""
        return QRectF(0, 0, self.width, self.height)

    def outer(self) -> QRectF:
        """The card with all that may be painted around it."""
        room = self.rect().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
        return room if self.bubble is None else room.united(self.bubble.adjusted(-1, -1, 1, 1))


@lru_cache(maxsize=20_000)
def card(facts: Facts) -> Card:
    """The measures of a card with these facts."""
    width = _width(facts)
    bubble = _bubble(facts, width)
    if facts.collapsed:
        ports = _ports_across(facts, width, HEADER) if facts.down else _collapsed_ports(facts, width)
        return Card(width, HEADER, *ports, QRectF(), None, None, None, None, None, bubble)
    rows = max(len(facts.inputs), len(facts.outputs)) if facts.has_rows else 0
    above = _names(facts.inputs, width, NAMES_TOP) if facts.down else ()
    top = TOP_NAMES if above else 0.0
    y = top + HEADER
    kind = QRectF(INSET, y - 2, width - 2 * INSET, LINE - 4)
    y += LINE + rows * ROW
    well = None
    if facts.well is not None:
        well = QRectF(INSET, y, width - 2 * INSET, well_height(facts.well, width - 2 * INSET))
        y = well.bottom()
    footer = (
        QRectF(FOOTER_LEFT, y, width - FOOTER_LEFT - FOOTER_RIGHT, FOOTER) if facts.footer or facts.remark else None
    )
    y += FOOTER if footer else (INSET if well or rows else 4)
    strip, message, fix = _strip(facts, width, y)
    if strip:
        y = strip.bottom()
    below = _names(facts.outputs, width, y) if facts.down else ()
    y += BOTTOM_NAMES if below else 0
    ports = _ports_across(facts, width, y) if facts.down else _ports(facts, width)
    return Card(width, y, *ports, kind, well, footer, strip, message, fix, bubble, top, above, below)


def _width(facts: Facts) -> int:
    """One of the widths of the look; where wires go down more, if many ports want it."""
    return max(_words_width(facts), _ports_width(facts)) if facts.down else _words_width(facts)


def _words_width(facts: Facts) -> int:
    badge = (chip_width(facts.repeat) + 2 if facts.repeat else 0) + 18 * (facts.is_shared + facts.frozen)
    text = max(
        NAME_LEFT + _metrics("strong").horizontalAdvance(facts.name) + 10 + badge,
        INSET + _kind_width(facts.kind) + INSET,
        FOOTER_LEFT + _metrics("shape").horizontalAdvance(f"{facts.footer}  {facts.remark}".strip()) + FOOTER_RIGHT,
        _rows_width(facts) if facts.has_rows else 0,
    )
    wanted = max(float(WIDTH[facts.category]), min(text, float(WIDTHS[-1])))
    return next(width for width in WIDTHS if width >= wanted)


def chip_width(repeat: int) -> int:
    """What the chip takes up that says how often a block is repeated."""
    return 21 + 7 * len(str(repeat))


def _kind_width(kind: str) -> float:
    """What the kind wants, with its first two values as far as the widest card has room for them."""
    metrics = _metrics("shape")
    return metrics.horizontalAdvance(
        fitting(SEPARATOR.join(kind.split(SEPARATOR)[:2]), metrics, WIDTHS[-1] - 2 * INSET)
    )


def _rows_width(facts: Facts) -> float:
    metrics = _metrics("caption")
    sides = (
        max((metrics.horizontalAdvance(port.name) for port in side), default=0)
        for side in (facts.inputs, facts.outputs)
    )
    return 12 + sum(sides) + 16 + 12


def fitting(text: str, metrics: QFontMetricsF, room: float) -> str:
    """A line without the last values that have no room; one word that is left may still need an ellipsis."""
    while metrics.horizontalAdvance(text) > room and " " in text:
        text = text.rpartition(SEPARATOR if SEPARATOR in text else " ")[0]
    return text


@cache
def _metrics(role: theme.FontRole) -> QFontMetricsF:
    return QFontMetricsF(screen_font(role, max(theme.font(role).pixelSize(), LEGIBLE)))


def _ports(facts: Facts, width: float) -> tuple[tuple[QPointF, ...], tuple[QPointF, ...]]:
    def middle(index: int) -> float:
        return HEADER + LINE + ROW * index + ROW / 2 if facts.has_rows else PORT_Y

    left = tuple(QPointF(0, middle(index)) for index in range(len(facts.inputs)))
    right = tuple(QPointF(width, middle(index)) for index in range(len(facts.outputs)))
    return left, right


def _collapsed_ports(facts: Facts, width: float) -> tuple[tuple[QPointF, ...], tuple[QPointF, ...]]:
    """Ports one under another over the height of the header; where they would touch they meet in its middle."""

    def places(count: int, x: float) -> tuple[QPointF, ...]:
        if count == 1 or count * PORT > HEADER - PORT:
            return (QPointF(x, PORT_Y),) * count
        return tuple(QPointF(x, HEADER * (index + 1) / (count + 1)) for index in range(count))

    return places(len(facts.inputs), 0), places(len(facts.outputs), width)


def _ports_width(facts: Facts) -> int:
    """The width that the ports at the upper and the lower edge want, on the grid."""
    wanted = max(sum(_slots(side)) for side in (facts.inputs, facts.outputs))
    return 2 * GRID * math.ceil(wanted / (2 * GRID))


def _slots(ports: Sequence[PortFacts]) -> list[float]:
    """The least width that each port of an edge has, for its name."""
    metrics = _metrics("caption")
    return [max(float(SLOT), metrics.horizontalAdvance(port.name) + SLOT_PAD) for port in ports]


def _shares(ports: Sequence[PortFacts], width: float) -> list[tuple[float, float]]:
    """Which part of an edge each port has: where it begins, and how wide it is."""
    least = _slots(ports)
    spare = (width - sum(least)) / max(1, len(ports))
    wide = [each + spare for each in least]
    return list(zip(accumulate(wide, initial=0.0), wide, strict=False))


def _ports_across(facts: Facts, width: float, height: float) -> tuple[tuple[QPointF, ...], tuple[QPointF, ...]]:
    """Ports along the upper and the lower edge."""

    def places(ports: Sequence[PortFacts], y: float) -> tuple[QPointF, ...]:
        return tuple(QPointF(round(left + wide / 2), y) for left, wide in _shares(ports, width))

    return places(facts.inputs, 0), places(facts.outputs, height)


def _names(ports: Sequence[PortFacts], width: float, top: float) -> tuple[QRectF, ...]:
    """Where the names of several ports of an edge stand."""
    shares = _shares(ports, width) if len(ports) > 1 else []
    return tuple(QRectF(left, top, wide, LINE - 4) for left, wide in shares)


def _bubble(facts: Facts, width: float) -> QRectF | None:
    """Where a comment stands, no wider than twice its card."""
    if not facts.comment:
        return None
    wide = min(_metrics("caption").horizontalAdvance(one_line(facts.comment)) + 17, 2 * width)
    first = next(iter(_ports_across(facts, width, 0)[0]), None) if facts.down else None
    left = 0 if first is None else min(0, first.x() - BUBBLE_BESIDE - wide)
    return QRectF(left, -BUBBLE_GAP - BUBBLE, wide, BUBBLE)


def one_line(comment: str) -> str:
    """A comment in one line."""
    return " ".join(comment.split())


def port_row(index: int, width: float) -> QRectF:
    """The row in which the names of the ports with this index stand."""
    return QRectF(12, HEADER + LINE + ROW * index, width - 24, ROW)


def _strip(facts: Facts, width: float, top: float) -> tuple[QRectF | None, QRectF | None, QRectF | None]:
    if facts.trouble is None:
        return None, None, None
    room = QRectF(0, 0, width - 30 - INSET, 1000)
    wrap = Qt.TextFlag.TextWordWrap.value
    metrics = QFontMetricsF(screen_font("caption", LARGEST))
    lines = max(1, min(3, round(metrics.boundingRect(room, wrap, facts.trouble.text).height() / metrics.height())))
    message = QRectF(30, top + STRIP_PAD, room.width(), lines * STRIP_LINE)
    bottom = message.bottom() + STRIP_PAD
    fix = None
    if facts.trouble.fix:
        fix = QRectF(INSET, bottom, width - 2 * INSET, FIX)
        bottom = fix.bottom() + INSET
    return QRectF(0, top, width, bottom - top), message, fix


@lru_cache(maxsize=1000)
def well_height(shape: tuple[int | str, ...], width: float) -> float:
    """The room kept for what a node puts out, before the first picture comes, so that nothing moves then."""
    if not shape:
        return CURVE_WELL
    sizes = [item if isinstance(item, int) else 8 for item in shape]
    if len(sizes) == 3:
        sizes[0] = min(sizes[0], previews.CARD_MAPS)
        return float(previews.height_for(_stand_in("maps", sizes), int(width)))
    if len(sizes) == 2:
        return float(previews.height_for(_stand_in("grid", sizes), int(width)))
    return float(previews.height_for(_stand_in("vector", [max(1, sizes[0])]), int(width)))


def _stand_in(kind: Literal["maps", "grid", "vector"], sizes: list[int]) -> Preview:
    data = np.broadcast_to(np.float32(0), tuple(sizes))
    return Preview(kind, data, 0, 1, 0, 0, tuple(sizes))


def screen_font(role: theme.FontRole, pixels: float) -> QFont:
    """A font of a role with another size in scene units, for text that keeps its size on the screen."""
    found = theme.font(role)
    found.setPixelSize(max(1, round(pixels)))
    return found


def apart(place: QPointF, spot: QPointF, port: PortFacts) -> float:
    """The larger of the distances across and down from the mark of a port, which may be long along its card's edge."""
    across, down = abs(place.x() - spot.x()), abs(place.y() - spot.y())
    long = CAPSULE / 2 if port.many else 0
    return max(across - long, down) if port.down else max(across, down - long)
