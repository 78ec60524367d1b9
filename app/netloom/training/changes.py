"""What a run was before each live change, so that the change can be undone."""

import shutil
from pathlib import Path

from netloom.graph import Document
from netloom.training import checkpoint
from netloom.training.checkpoint import Place
from netloom.training.engine import Engine

FOLDER = "before"


class Changes:
    """States on disk in a run's folder, the latest last; they go when the run ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._before: list[Document] = []

    def keep(self, engine: Engine, document: Document, place: Place) -> None:
        """Remember the run as it is now; OSError where the disk refuses."""
        checkpoint.save(self._of(len(self._before)), engine.state, {}, place)
        self._before.append(document)

    def last(self) -> Document | None:
        """The document before the last change that is not undone."""
        return self._before[-1] if self._before else None

    def undo(self, engine: Engine) -> None:
        """Put the state before the last change into an engine of the document of that time."""
        self._before.pop()
        folder = self._of(len(self._before))
        engine.restore(folder)
        shutil.rmtree(folder, ignore_errors=True)

    def forget(self) -> None:
        """Remove what was kept."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _of(self, index: int) -> Path:
        return self._folder / str(index)
