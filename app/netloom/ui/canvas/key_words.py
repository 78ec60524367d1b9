"""The keys of the actions that a canvas was given, in words: a person may have chosen others."""

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


def action(canvas: QWidget, name: str) -> QAction | None:
    """One of the actions by its name in the table; None where the canvas stands alone."""
    return next((each for each in canvas.actions() if each.objectName() == f"action-{name}"), None)


def key_text(canvas: QWidget, name: str) -> str:
    """The first key of an action as the system writes it, or nothing."""
    found = action(canvas, name)
    return found.shortcut().toString(QKeySequence.SequenceFormat.NativeText) if found is not None else ""
