"""Undo and redo without limit; what is undone is a patch's inverse, so nothing is written by hand."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from netloom.graph.document import Document
from netloom.graph.patch import Patch

Way: TypeAlias = Literal["do", "join", "undo", "redo"]


@dataclass(frozen=True, slots=True)
class Deed:
    """What a history did: a new step, one more part of the last step (`join`), or a step taken back or made again.

    `patch` is what was applied.
    """

    way: Way
    patch: Patch


class History:
    """The steps made to one document, and how many of them are done; observers hear of each deed after it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.observers: list[Callable[[Deed], None]] = []
        self._steps: list[Patch] = []
        self._done = 0
        self._gesture: Hashable | None = None
        self._saved: int | None = 0

    def do(self, patch: Patch, *, gesture: Hashable | None = None) -> None:
        """Make a patch. Patches in a row with the same gesture are one step."""
        if not patch:
            return
        patch = self.document.apply(patch)
        joins = gesture is not None and gesture == self._gesture and self._done > 0 and not self.is_saved
        if self._saved is not None and self._saved > self._done:
            self._saved = None
        del self._steps[self._done :]
        if joins:
            merged = self._steps.pop().then(patch)
            self._steps += [merged] if merged else []
        else:
            self._steps.append(patch)
        # A step that came back to where it began is gone: what follows is not to join the one before it.
        self._gesture = gesture if len(self._steps) > self._done - joins else None
        self._done = len(self._steps)
        self._tell(Deed("join" if joins else "do", patch))

    def undo(self) -> Patch | None:
        """Take the last step back; what was applied, or None where nothing is left."""
        return self._move(-1) if self._done else None

    def redo(self) -> Patch | None:
        """Make the last undone step again; what was applied, or None where nothing is left."""
        return self._move(1) if self._done < len(self._steps) else None

    def _move(self, way: Literal[1, -1]) -> Patch:
        step = self._steps[self._done - 1].inverse() if way < 0 else self._steps[self._done]
        self.document.apply(step)
        self._done += way
        self._gesture = None
        self._tell(Deed("undo" if way < 0 else "redo", step))
        return step

    def _tell(self, deed: Deed) -> None:
        for observer in tuple(self.observers):
            observer(deed)

    @property
    def labels(self) -> Sequence[str]:
        """The names of all steps, the first one first; `done` of them are done, the others are undone."""
        return [step.label for step in self._steps]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return self._done

    @property
    def undo_label(self) -> str | None:
        """The name of the step that `undo` would take back."""
        return self._steps[self._done - 1].label if self._done else None

    @property
    def redo_label(self) -> str | None:
        """The name of the step that `redo` would make again."""
        return self._steps[self._done].label if self._done < len(self._steps) else None

    @property
    def is_saved(self) -> bool:
        """Whether the document is as it was at the last `mark_saved`."""
        return self._saved == self._done

    @property
    def saved(self) -> int | None:
        """How many steps were done at the last `mark_saved`, or None where that state cannot come back."""
        return self._saved

    def mark_saved(self) -> None:
        """Remember this state as the one on disk."""
        self._saved = self._done
        self._gesture = None
