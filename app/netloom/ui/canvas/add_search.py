"""The search at the cursor: type a few letters, Enter adds the node there."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from netloom.layers.catalogue import TITLES, search
from netloom.layers.spec import LayerSpec
from netloom.ui import icons
from netloom.ui.canvas.choice_popup import Choice, ChoicePopup
from netloom.ui.offers import is_mine, key

Fits: TypeAlias = Callable[[LayerSpec], bool]
Find: TypeAlias = Callable[[str], Sequence[LayerSpec]]
OWN = "My blocks"
NOTHING = "Nothing called that."
OFFER = f"{NOTHING} Enter adds a note with these words."


class AddSearch(ChoicePopup):
    """A search field over a list of kinds and blocks. `chosen` carries a key, `worded` words that name none."""

    worded = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "Add a node", "Nodes to add", self._choices)
        self.setObjectName("add-search")
        self._fits: Fits = lambda _spec: True
        self._kept: dict[str, bool] = {}
        self._takes_words = False
        self.finder: Find = search

    def open(self, at: QPoint, fits: Fits | None = None, *, takes_words: bool = False) -> None:
        """Come up at a place of the parent. `fits` says which kinds suit the wire in the hand; the others go."""
        self._takes_words = takes_words
        self.empty.setText(OFFER if takes_words else NOTHING)
        self._fits = fits or (lambda _spec: True)
        self._kept.clear()
        self.show_at(at)

    def _choices(self, text: str) -> Iterator[Choice]:
        """What is found and suits the hand; each is asked once while the search is open."""
        for spec in self.finder(text):
            if key(spec) not in self._kept:
                self._kept[key(spec)] = self._fits(spec)
            if self._kept[key(spec)]:
                aside = OWN if is_mine(spec) else TITLES[spec.category]
                yield Choice(key(spec), spec.kind, aside, icons.glyph_icon(spec.category), spec.summary)

    def _miss(self) -> None:
        """Hand on words that name nothing."""
        words = self.field.text().strip()
        if self._takes_words and words:
            self.worded.emit(words)
            self.close_search()
