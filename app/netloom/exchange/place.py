"""Files are made in a hidden folder beside their place and renamed when they are known to be right."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from netloom.errors import ExportError


class Staged:
    """A folder in which an export is made; `put` moves what is in it to its place."""

    def __init__(self, target: Path, folder: Path) -> None:
        self.target = target
        self.path = folder / target.name
        self._folder = folder

    def put(self) -> tuple[Path, ...]:
        """Move every file to its place, the one that was asked for last; their paths, that one first."""
        made = sorted(self._folder.iterdir(), key=lambda path: path.name == self.target.name)
        mode = self._usual_mode()
        for path in made:
            path.chmod(mode)
            path.replace(self.target.parent / path.name)
        return tuple(self.target.parent / path.name for path in reversed(made))

    def _usual_mode(self) -> int:
        """The permissions of any new file here; some libraries write for the owner alone."""
        sample = self._folder / ".mode"
        sample.touch()
        mode = sample.stat().st_mode & 0o777
        sample.unlink()
        return mode


@contextlib.contextmanager
def staged(target: Path) -> Iterator[Staged]:
    """A folder beside the target, which is gone afterwards; ExportError where the disk or the folder refuses."""
    if target.is_dir():
        raise ExportError(f"{target} is a folder. Give the name of a file.")
    try:
        with tempfile.TemporaryDirectory(
            prefix=f".{target.name}.", dir=target.parent, ignore_cleanup_errors=True
        ) as name:
            yield Staged(target, Path(name))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(
            f"{target.name} cannot be written to {target.parent}: {reason}. Choose another folder."
        ) from error


def write_text(path: Path, text: str) -> None:
    """Write a text file beside and rename it; ExportError where that fails."""
    with staged(path.absolute()) as stage:
        stage.path.write_text(text, "utf-8")
        stage.put()
