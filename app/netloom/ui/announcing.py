"""Words for screen readers where the keyboard stays in one place while something else is chosen."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, words: str, before: str = "") -> None:
    """Describe a widget by what is chosen in it, and say so to who listens, after what else has to be said."""
    said = ". ".join(part for part in (before, words) if part)
    if said and (before or words != widget.accessibleDescription()) and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, said))
    widget.setAccessibleDescription(words)
