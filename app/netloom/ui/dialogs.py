"""The questions that need an answer before anything goes on. The file choosers are the system's own."""

from pathlib import Path
from typing import Literal, TypeAlias

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

Answer: TypeAlias = Literal["save", "discard", "cancel"]
OverwriteAnswer: TypeAlias = Literal["overwrite", "save as", "cancel"]

FILTER = "Netloom networks (*.loom);;All files (*)"
SUFFIX = ".loom"


def ask_open(parent: QWidget, folder: Path) -> Path | None:
    """The file to open, or None."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open network", str(folder), FILTER)
    return Path(name) if name else None


def ask_save(parent: QWidget, proposal: Path) -> Path | None:
    """The file to write, with its suffix, or None."""
    name, _ = QFileDialog.getSaveFileName(parent, "Save network", str(proposal), FILTER)
    if not name:
        return None
    path = Path(name)
    return path if path.suffix else path.with_suffix(SUFFIX)


def ask_export(parent: QWidget, proposal: Path) -> Path | None:
    """The file to export to, or None."""
    name, _ = QFileDialog.getSaveFileName(parent, "Export", str(proposal), f"*{proposal.suffix}")
    return Path(name) if name else None


def ask_folder(parent: QWidget, title: str, folder: Path) -> Path | None:
    """A folder to write into, or None."""
    name = QFileDialog.getExistingDirectory(parent, title, str(folder))
    return Path(name) if name else None


def ask_unsaved(parent: QWidget, name: str) -> Answer:
    """What to do with changes that are not saved."""
    box = _question(parent, "unsaved-question", f"{name} has changes that are not saved.")
    save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton("Don't save", QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(save)
    box.exec()
    chosen = box.clickedButton()
    return "save" if chosen == save else "discard" if chosen == discard else "cancel"


def ask_overwrite(parent: QWidget, name: str) -> OverwriteAnswer:
    """What to do with a file that another program has changed since it was read."""
    text = f"{name} was changed by another program. Saving here replaces what it wrote."
    box = _question(parent, "overwrite-question", text)
    overwrite = box.addButton("Overwrite", QMessageBox.ButtonRole.DestructiveRole)
    save_as = box.addButton("Save as", QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(save_as)
    box.exec()
    chosen = box.clickedButton()
    return "overwrite" if chosen == overwrite else "save as" if chosen == save_as else "cancel"


def ask_delete(parent: QWidget, name: str) -> bool:
    """Whether a block of one's own is to be deleted; its file goes, which no undo brings back."""
    text = f"Delete {name} from my blocks? Networks that use it keep their copy."
    box = _question(parent, "delete-question", text)
    delete = box.addButton(f"Delete {name}", QMessageBox.ButtonRole.DestructiveRole)
    box.exec()
    return box.clickedButton() == delete


def _question(parent: QWidget, name: str, text: str) -> QMessageBox:
    """A box with a question, so far with Cancel alone, which Escape means."""
    box = QMessageBox(parent)
    box.setObjectName(name)
    box.setWindowTitle("Netloom")
    box.setText(text)
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    return box
