"""What can be added to a network: the kinds of the catalogue, ready blocks, and a person's own blocks."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from netloom.errors import GraphError
from netloom.graph import Document, Patch, Point
from netloom.layers import catalogue
from netloom.layers.spec import LayerSpec

if TYPE_CHECKING:
    from netloom.layers.personal import PersonalBlock

READY, MINE = "ready:", "mine:"
OWN_SUMMARY = "A block of your own."


def key(spec: LayerSpec) -> str:
    """By what an offer is known: a kind by its name, a block by where it comes from."""
    return spec.target if spec.role == "block" else spec.kind


def is_block(offer: str) -> bool:
    """Whether this is the key of a block."""
    return offer.startswith((READY, MINE))


def is_mine(spec: LayerSpec) -> bool:
    """Whether this is a block of the person's own."""
    return spec.role == "block" and spec.target.startswith(MINE)


def _block(offer: str, title: str, summary: str, keywords: Iterable[str] = ()) -> LayerSpec:
    words = tuple(word.lower() for word in keywords)
    return LayerSpec(title, "block", "block", summary, target=offer, stem="block", keywords=words)


class Offers(QObject):
    """Blocks are offered as kinds are.

    `changed` says that there are other blocks of the person's own now, `used` carries the key of what was just added.
    """

    changed = Signal()
    used = Signal(str)

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._ready: tuple[LayerSpec, ...] | None = None
        self._mine: dict[str, PersonalBlock] = {}
        self.uses: dict[str, int] = {}

    @property
    def ready(self) -> Sequence[LayerSpec]:
        """The blocks of the library."""
        if self._ready is None:
            from netloom.layers import library

            self._ready = tuple(
                _block(f"{READY}{each.name}", each.title, each.summary, (*each.keywords, each.category))
                for each in library.READY.values()
            )
        return self._ready

    @property
    def mine(self) -> Sequence[LayerSpec]:
        """The person's own blocks, by name."""
        return [_block(f"{MINE}{name}", name, OWN_SUMMARY) for name in self._mine]

    def read_mine(self) -> str:
        """Look into the folder again; which files there are no blocks, in words, or nothing."""
        from netloom.layers.personal import personal

        found, damaged = personal(self.folder) if self.folder is not None else ([], [])
        self._mine = {each.name: each for each in found}
        self.changed.emit()
        return " ".join(f"{each.path}: {each.reason}" for each in damaged)

    def find(self, offer: str) -> LayerSpec | None:
        """The offer with this key, or None where there is none any more."""
        if not is_block(offer):
            return catalogue.SPECS.get(offer)
        return next((each for each in (*self.ready, *self.mine) if each.target == offer), None)

    def note_use(self, offer: str) -> None:
        """Count that something was added: what is used more often comes first."""
        self.uses[offer] = self.uses.get(offer, 0) + 1
        self.used.emit(offer)

    def search(self, text: str) -> list[LayerSpec]:
        """All that fits the words, best first, what is used often before the rest; everything for an empty text."""
        found = catalogue.search(text, (*self.ready, *self.mine), lambda spec: self.uses.get(key(spec), 0))
        offered = [each for each in found if each.role != "block" or each.target]
        return offered if text.split() else sorted(offered, key=lambda spec: -self.uses.get(key(spec), 0))

    def insertion(self, document: Document, offer: str, at: Point, level: str) -> Patch:
        """The patch that puts a block on a level; GraphError where it cannot stand there or is gone."""
        if offer.startswith(READY):
            from netloom.layers import library

            return library.insert(document, offer.removeprefix(READY), at, level)
        from netloom.layers.personal import insert_personal

        block = self._mine.get(offer.removeprefix(MINE))
        if block is None:
            raise GraphError(f"There is no block called {offer.removeprefix(MINE)} any more.")
        return insert_personal(document, block, at, level)
