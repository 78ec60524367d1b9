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

    def keep(self, engine: Engine, document: Document, place: Place, best: Path | None) -> None:
        """Remember the run as it is now, with the file of its best weights; OSError where the disk refuses."""
        folder = self._of(len(self._before))
        shutil.rmtree(folder, ignore_errors=True)
        checkpoint.save(folder, engine.state, {}, place)
        if best is not None:
            shutil.copyfile(best, folder / best.name)
        self._before.append(document)

    def last(self) -> Document | None:
        """The document before the last change that is not undone."""
        return self._before[-1] if self._before else None

    def undo(self, engine: Engine) -> tuple[Path | None, Place]:
        """Put the state before the last change into an engine of that time's document; its best weights and place."""
        folder = self._of(len(self._before) - 1)
        place, _ = engine.restore(folder)
        return next(folder.glob("best.*"), None), place

    def drop(self) -> None:
        """Let go of the state before the last change, which is undone."""
        self._before.pop()
        shutil.rmtree(self._of(len(self._before)), ignore_errors=True)

    def forget(self) -> None:
        """Remove what was kept."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _of(self, index: int) -> Path:
        return self._folder / str(index)
