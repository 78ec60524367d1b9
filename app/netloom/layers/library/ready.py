"""What a ready block is."""

from collections.abc import Callable
from dataclasses import dataclass

from netloom.layers.authoring import Graph
from netloom.layers.drawing import Level


@dataclass(frozen=True, slots=True)
class ReadyBlock:
    """A block of the library. `build` draws its definition, with those that it holds, into a graph."""

    name: str
    title: str
    summary: str
    category: str
    keywords: tuple[str, ...]
    build: Callable[[Graph], Level]
