"""When the welcome page comes and goes: in the place of canvas and panels, until there is something to work on."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from netloom.ui.editor import Editor
from netloom.ui.file_commands import FileCommands

if TYPE_CHECKING:
    from netloom.ui.welcome_page import WelcomePage


class Welcome(QObject):
    """Puts the page over the work area of a window and takes it away. `turned` says that it came or went."""

    turned = Signal()

    def __init__(
        self, work: QWidget, editor: Editor, files: FileCommands, recent: Callable[[], Sequence[Path]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.stack = QStackedWidget(parent)
        self.stack.addWidget(work)
        self.page: WelcomePage | None = None
        self._work = work
        self._files = files
        self._recent = recent
        self._may_fill = False
        editor.document_changed.connect(self.leave)
        editor.patched.connect(self.leave)
        files.settings_changed.connect(self.leave)  # a file was opened that may have been open before

    @property
    def is_shown(self) -> bool:
        """Whether the page is in front."""
        return self.page is not None and self.stack.currentWidget() is self.page

    def show(self) -> None:
        """Bring the page to the front; before the first paint without its cards, which are slower."""
        if self.page is None:
            self.page = self._made()
        self.stack.setCurrentWidget(self.page)
        if self._may_fill:
            self.fill()
        self.page.begin()
        self.turned.emit()

    def fill(self) -> None:
        """Show the cards now and from now on: the window is on the screen."""
        self._may_fill = True
        if self.page is not None and self.is_shown:
            self.page.fill(self._recent())

    def leave(self) -> None:
        """Show the work area."""
        if self.is_shown:
            self.stack.setCurrentWidget(self._work)
            self.turned.emit()

    def _made(self) -> "WelcomePage":
        from netloom.ui.welcome_page import WelcomePage

        page = WelcomePage(self.stack)
        self.stack.addWidget(page)
        page.left.connect(self.leave)
        page.new_requested.connect(self._files.new)
        page.new_requested.connect(self.leave)
        page.open_requested.connect(self._files.open)
        page.file_requested.connect(self._files.open_path)
        page.template_requested.connect(self._files.start_from)
        return page
