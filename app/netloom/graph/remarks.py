"""What a person puts on the canvas for other people: frames, notes and bookmarks. None of it changes the network."""

from typing import Literal, TypeAlias

import msgspec

Point: TypeAlias = tuple[float, float]
RemarkKind: TypeAlias = Literal["frame", "note"]
Direction: TypeAlias = Literal["right", "down"]


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
