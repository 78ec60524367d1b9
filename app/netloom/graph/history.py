"""Undo and redo without limit; what is undone is a patch's inverse, so nothing is written by hand."""

from collections.abc import Hashable

from netloom.graph.document import Document
from netloom.graph.patch import Patch


class History:
    """The patches made to one document, and which of them are undone."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._done: list[Patch] = []
        self._undone: list[Patch] = []
        self._gesture: Hashable | None = None
        self._saved: int | None = 0

    def do(self, patch: Patch, *, gesture: Hashable | None = None) -> None:
        """Make a patch. Patches in a row with the same gesture are one step."""
        if not patch:
            return
        patch = self.document.apply(patch)
        if gesture is not None and gesture == self._gesture and self._done and not self.is_saved:
            merged = self._done.pop().then(patch)
            if merged:
                self._done.append(merged)
        else:
            if self._saved is not None and self._saved > len(self._done):
                self._saved = None
            self._done.append(patch)
        self._gesture = gesture
        self._undone.clear()

    def undo(self) -> Patch | None:
        """Take the last step back; what was applied, or None where nothing is left."""
        return self._move(self._done, self._undone)

    def redo(self) -> Patch | None:
        """Make the last undone step again; what was applied, or None where nothing is left."""
        return self._move(self._undone, self._done)

    def _move(self, start: list[Patch], end: list[Patch]) -> Patch | None:
        if not start:
            return None
        step = start.pop()
        applied = step.inverse() if end is self._undone else step
        self.document.apply(applied)
        end.append(step)
        self._gesture = None
        return applied

    @property
    def undo_label(self) -> str | None:
        """The name of the step that `undo` would take back."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> str | None:
        """The name of the step that `redo` would make again."""
        return self._undone[-1].label if self._undone else None

    @property
    def is_saved(self) -> bool:
        """Whether the document is as it was at the last `mark_saved`."""
        return self._saved == len(self._done)

    def mark_saved(self) -> None:
        """Remember this state as the one on disk."""
        self._saved = len(self._done)
        self._gesture = None
