"""The measures of frames and notes: where they are taken hold of, and how large they are then. Knows nothing drawn."""

from functools import lru_cache
from typing import TypeAlias

import msgspec
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QTextLayout, QTextOption

from netloom.graph import Remark
from netloom.ui.canvas.card import LEGIBLE, screen_font

Grip: TypeAlias = tuple[int, int]
"""What is held: -1 the left or upper edge, 1 the right or lower one, 0 neither; (0, 0) is the whole."""
WHOLE: Grip = (0, 0)
GRIPS: tuple[Grip, ...] = ((-1, -1), (1, -1), (-1, 1), (1, 1), (0, -1), (0, 1), (-1, 0), (1, 0))
"""All edges and corners, the corners first."""
GRID = 8
TITLE = 32.0
PAD = 12.0
REACH = 5.0
"""Pixels of the screen from an edge within which it is taken hold of."""
LINE_SHARE = 4 / 3
LEAST_FRAME = (96.0, 64.0)
LEAST_NOTE = (96.0, 40.0)


def area(remark: Remark) -> QRectF:
    """What a frame or note takes up in the scene."""
    return QRectF(QPointF(*remark.place), QSizeF(*remark.size))


def spot(room: QRectF, grip: Grip) -> QPointF:
    """Where the handle of an edge or corner is."""
    middle = room.center()
    return QPointF(middle.x() + grip[0] * room.width() / 2, middle.y() + grip[1] * room.height() / 2)


def grip_at(room: QRectF, place: QPointF, reach: float) -> Grip | None:
    """The edge or corner within reach of a place; corners reach twice as far."""
    if not room.adjusted(-reach, -reach, reach, reach).contains(place):
        return None
    for reached in (reach, 2 * reach):
        across = _side(place.x(), room.left(), room.right(), reached)
        down = _side(place.y(), room.top(), room.bottom(), reached)
        if (across and down) or (reached == reach and not (across or down)):
            return (across, down) if across else None
    return (_side(place.x(), room.left(), room.right(), reach), _side(place.y(), room.top(), room.bottom(), reach))


def _side(at: float, low: float, high: float, reach: float) -> int:
    if abs(at - high) <= reach:
        return 1
    return -1 if abs(at - low) <= reach else 0


def resized(remark: Remark, grip: Grip, step: QPointF) -> Remark:
    """The frame or note after its edge was drawn that far: on the grid, and not too small for what it says."""
    room = area(remark)
    least_wide, least_high = LEAST_FRAME if remark.kind == "frame" else LEAST_NOTE
    left, right = _drawn(room.left(), room.right(), grip[0], step.x(), least_wide)
    if remark.kind == "note":
        least_high = note_height(remark.text, right - left)
    top, bottom = _drawn(room.top(), room.bottom(), grip[1], step.y(), least_high)
    return msgspec.structs.replace(remark, place=(left, top), size=(right - left, bottom - top))


def _drawn(low: float, high: float, side: int, step: float, least: float) -> tuple[float, float]:
    """A stretch whose end on a side was moved by a step; the other end stays."""
    if side < 0:
        return min(_on_grid(low + step), high - least), high
    return low, max(_on_grid(high + step) if side else high, low + least)


def _on_grid(value: float) -> float:
    return round(value / GRID) * float(GRID)


def written(remark: Remark, text: str) -> Remark:
    """The frame or note with another text; a note grows with its text, and never shrinks by itself."""
    if remark.kind == "frame":
        return msgspec.structs.replace(remark, text=" ".join(text.split()))
    wide, high = remark.size
    return msgspec.structs.replace(remark, text=text, size=(wide, max(high, note_height(text, wide))))


def note_height(text: str, width: float) -> float:
    """The height of a note in which all of its text can be read."""
    needed = 2 * PAD + len(lines(text, width - 2 * PAD, LEGIBLE)) * LEGIBLE * LINE_SHARE
    return max(LEAST_NOTE[1], -(-needed // GRID) * GRID)


@lru_cache(maxsize=500)
def lines(text: str, width: float, pixels: int) -> tuple[str, ...]:
    """A text in lines that are no wider than that, at a size of its letters."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    found: list[str] = []
    for paragraph in text.split("\n"):
        layout = QTextLayout(paragraph, screen_font("body", pixels))
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 1.0))
            found.append(paragraph[line.textStart() : line.textStart() + line.textLength()].rstrip())
        layout.endLayout()
    return tuple(found)


CURSORS = {
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
}


def cursor(grip: Grip) -> Qt.CursorShape | None:
    """The cursor that says how an edge or corner can be drawn."""
    return CURSORS.get(grip) or CURSORS.get((-grip[0], -grip[1]))
