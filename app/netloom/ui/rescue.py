"""Changes that an end without a question left behind: a folder for each, offered at the next start."""

import tempfile
import time
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from netloom.runs import home
from netloom.ui.dialogs import SUFFIX
from netloom.ui.notice import Notice


def folder() -> Path:
    """Where rescued documents lie. The folder may not exist yet."""
    return home.data_folder() / "unsaved"


def free_place(name: str) -> Path:
    """A file for a document of that name in a new folder, so that no earlier one is overwritten; may raise OSError."""
    folder().mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=time.strftime("%Y%m%d-%H%M%S-"), dir=folder())) / f"{name}{SUFFIX}"


def found() -> list[Path]:
    """The rescued documents, the latest first."""
    return sorted(folder().rglob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)


def drop(path: Path) -> None:
    """Remove a rescued document and its own folder; where that cannot be done it is offered again."""
    try:
        path.unlink(missing_ok=True)
        if path.parent != folder():
            path.parent.rmdir()
    except OSError:
        return


class RescueOffer(Notice):
    """Offers one rescued document after the other. `open_requested` carries the file; it stays until `resolve`."""

    open_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rescue-offer")
        self.setAccessibleName("Not saved")
        self._waiting: list[Path] = []
        self.add_button("Open it", "rescue-open").clicked.connect(self._open)
        self.add_button("Discard", "rescue-discard").clicked.connect(self._discard)
        self.close_button.setObjectName("rescue-later")
        self.close_button.setToolTip("Not now; ask again at the next start")

    def offer(self, paths: list[Path]) -> None:
        """Offer these documents, one at a time."""
        self._waiting = list(paths)
        self._show_next()

    def _show_next(self) -> None:
        if not self._waiting:
            self.clear()
            return
        more = f" ({len(self._waiting) - 1} more)" if len(self._waiting) > 1 else ""
        self.show_text(f"{self._waiting[0].stem} was not saved when Netloom ended{more}.", "info")

    def resolve(self, path: Path) -> None:
        """The document is open, or dropped: forget its file and offer the next."""
        drop(path)
        self._waiting = [each for each in self._waiting if each != path]
        self._show_next()

    def _open(self) -> None:
        self.open_requested.emit(self._waiting[0])

    def _discard(self) -> None:
        self.resolve(self._waiting[0])
