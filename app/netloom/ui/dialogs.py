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


def ask_unsaved(parent: QWidget, name: str) -> Answer:
    """What to do with changes that are not saved."""
    box = QMessageBox(parent)
    box.setObjectName("unsaved-question")
    box.setWindowTitle("Netloom")
    box.setText(f"{name} has changes that are not saved.")
    save = box.addButton("Save", QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton("Don't save", QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(cancel)
    box.exec()
    chosen = box.clickedButton()
    return "save" if chosen == save else "discard" if chosen == discard else "cancel"


def ask_overwrite(parent: QWidget, name: str) -> OverwriteAnswer:
    """What to do with a file that another program has changed since it was read."""
    box = QMessageBox(parent)
    box.setObjectName("overwrite-question")
    box.setWindowTitle("Netloom")
    box.setText(f"{name} was changed by another program. Saving here replaces what it wrote.")
    overwrite = box.addButton("Overwrite", QMessageBox.ButtonRole.DestructiveRole)
    save_as = box.addButton("Save as", QMessageBox.ButtonRole.AcceptRole)
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save_as)
    box.setEscapeButton(cancel)
    box.exec()
    chosen = box.clickedButton()
    return "overwrite" if chosen == overwrite else "save as" if chosen == save_as else "cancel"


def ask_delete(parent: QWidget, name: str) -> bool:
    """Whether a block of one's own is to be deleted; its file goes, which no undo brings back."""
    box = QMessageBox(parent)
    box.setObjectName("delete-question")
    box.setWindowTitle("Netloom")
    box.setText(f"Delete {name} from my blocks? Networks that use it keep their copy.")
    delete = box.addButton(f"Delete {name}", QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(cancel)
    box.setEscapeButton(cancel)
    box.exec()
    return box.clickedButton() == delete
