"""What a person puts on the canvas for other people: frames, notes and bookmarks. None of it changes the network."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

Point: TypeAlias = tuple[float, float]
RemarkKind: TypeAlias = Literal["frame", "note"]
Direction: TypeAlias = Literal["right", "down"]


FARTHEST = 1e7
"""Scene units from the middle within which everything stands: further out, places on the screen lose their digits."""
LONGEST_TEXT = 10_000
"""Letters of a note, the title of a frame or a comment."""
MOST_BENDS = 1000
"""Places that one wire may be led through."""

MOST_REMARKS = 1000
"""Frames and notes of one document: each is looked at whenever something is painted."""


class Remark(msgspec.Struct, frozen=True, omit_defaults=True):
    """A titled frame around nodes, or a note with text, on one level. `colour` names one of the look's; "" is grey.

    What lies wholly inside a frame moves with it.
    """

    id: str
    kind: RemarkKind
    text: str
    place: Point
    size: Point
    colour: str = ""
    parent: str = ""


class Bookmark(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place to come back to: the middle of what is seen, the zoom, and the block nodes on the way there."""

    middle: Point
    zoom: float
    way: tuple[str, ...] = ()


def too_many(remarks: int) -> str:
    """What is said where there are more frames and notes than there may be, or nothing."""
    return f"{remarks:,} frames and notes, of at most {MOST_REMARKS:,}" if remarks > MOST_REMARKS else ""


def out_of_bounds(record: object) -> str:
    """What of a record of the view is too much, or nothing."""
    if isinstance(record, str):
        return _unreadable(record)
    if isinstance(record, Remark):
        texts = (record.id, record.text, record.colour, record.parent)
        return _too_far((*record.place, *record.size)) or _flat(record.size) or _unreadable(*texts)
    if isinstance(record, Bookmark):
        return _too_far((*record.middle, record.zoom)) or _unreadable(*record.way)
    if not isinstance(record, tuple):
        return ""
    if record and isinstance(record[0], tuple):
        numbers = [number for place in record for number in place]
        return f"more than {MOST_BENDS} bends of a wire" if len(record) > MOST_BENDS else _too_far(numbers)
    return _too_far(record)


def _too_far(numbers: Iterable[float]) -> str:
    # The comparison is false for what is no number, too.
    return "" if all(-FARTHEST <= number <= FARTHEST for number in numbers) else "a place too far out"


def _flat(size: Point) -> str:
    return "a size below nothing" if min(size) < 0 else ""


def _unreadable(*texts: str) -> str:
    if any(len(text) > LONGEST_TEXT for text in texts):
        return f"a text of more than {LONGEST_TEXT:,} letters"
    return "a text with half of a character (a lone surrogate)" if any(map(_is_halved, texts)) else ""


def _is_halved(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
