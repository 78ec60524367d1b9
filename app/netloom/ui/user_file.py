"""The file of a document, and whether it still holds what this program last read from it or wrote to it."""

import hashlib
from pathlib import Path
from typing import Literal, TypeAlias

State: TypeAlias = Literal["same", "changed", "gone"]
Stamp: TypeAlias = tuple[int, int, int]


def digest(data: bytes) -> str:
    """What tells two contents apart."""
    return hashlib.sha256(data).hexdigest()


def digest_of(path: Path) -> str:
    """The digest of a file, or "" where it cannot be read."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return ""


class UserFile:
    """A file whose content is known by its digest. `state` is how it was found when it was last looked at.

    `is_put_off` says that the person has heard of the change and does not want to be asked until there is another.
    """

    def __init__(self, path: Path, known: str) -> None:
        self.path = path
        self.digest = known
        self.state: State = "same"
        self.is_put_off = False
        self._stamp: Stamp | None = None

    def look(self) -> State:
        """Look again. A file that is there but cannot be read counts as the same: nothing is known of a change."""
        stamp = _stamp(self.path)
        if stamp is None:
            self.state, self._stamp = "gone", None
        elif stamp != self._stamp:
            # Reads the whole file on the window's thread, 10 ms for 10,000 nodes, but only after somebody wrote to it.
            found = digest_of(self.path)
            self.state = "changed" if found not in ("", self.digest) else "same"
            self._stamp, self.is_put_off = stamp, False
        return self.state

    def accept(self) -> None:
        """Know what is there now, whatever it is."""
        self._stamp = _stamp(self.path)
        self.digest = digest_of(self.path) or self.digest
        self.state = "same"


def _stamp(path: Path) -> Stamp | None:
    """What changes whenever a file is written or replaced, or None where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
