"""New, open, save and their kin, for one window; nothing is ever lost without a question."""

from pathlib import Path

import msgspec
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from netloom.graph import Document, atomic
from netloom.ui import dialogs
from netloom.ui.editor import Editor
from netloom.ui.panels.code_panel import SCRIPT
from netloom.ui.session import Session
from netloom.ui.settings import Settings


class FileCommands(QObject):
    """`settings_changed` carries the Settings with the files that were used last."""

    settings_changed = Signal(object)

    def __init__(self, editor: Editor, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._editor = editor
        self._window = window
        self._settings = settings

    def set_settings(self, settings: Settings) -> None:
        """Know the settings as they are now."""
        self._settings = settings

    @property
    def folder(self) -> Path:
        """Where the person was last."""
        if self._editor.path:
            return self._editor.path.parent
        recent = self._settings.recent_files
        return Path(recent[0]).parent if recent and Path(recent[0]).parent.is_dir() else Path.home()

    def new(self) -> None:
        """Start with an empty canvas."""
        self._editor.new()

    def start_from(self, document: Document, name: str) -> None:
        """Start with a document that has no file yet."""
        self._editor.new(document, name)

    def open(self) -> None:
        """Ask for a file and open it."""
        path = dialogs.ask_open(self._window, self.folder)
        if path:
            self.open_path(path)

    def open_path(self, path: Path) -> bool:
        """Open a file; whether that worked."""
        if not self._editor.open(path):
            return False
        self._remember(path)
        return True

    def close(self, session: Session | None = None) -> bool:
        """Close a document, the one that is shown if none is given; whether it went."""
        closing = session or self._editor.session
        if not self._may_go(closing):
            return False
        self._editor.close(closing)
        return True

    def save(self) -> bool:
        """Write to the document's file, or ask for one; whether it is saved."""
        return self._write(self._editor.path) if self._editor.path else self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and write to it; whether it is saved."""
        proposal = self._editor.path or self.folder / f"{self._editor.name}{dialogs.SUFFIX}"
        path = dialogs.ask_save(self._window, proposal)
        return path is not None and self._write(path)

    def _write(self, path: Path) -> bool:
        """Write to a file; over what another program wrote into it only after a question."""
        others = (each.path for each in self._editor.sessions if each is not self._editor.session)
        if path.resolve() in {other.resolve() for other in others if other is not None}:
            self._editor.message_requested.emit(f"{path.name} is open in another tab. Choose another file.", "error")
            return False
        file = self._editor.session.file
        if file is not None and file.path == path and file.look() == "changed":
            answer = dialogs.ask_overwrite(self._window, path.name)
            if answer != "overwrite":
                self._editor.state_changed.emit()
                return answer == "save as" and self.save_as()
        if not self._editor.save(path):
            return False
        self._remember(path)
        return True

    def save_code(self, page: str, text: str) -> None:
        """Ask for a file of Python and write what a page of the code panel shows."""
        stem = f"train_{self._editor.name}" if page == SCRIPT else self._editor.name
        path = dialogs.ask_export(self._window, self.folder / f"{stem}.py")
        if path is None:
            return
        try:
            atomic.write(path, text.encode())
        except OSError as error:
            why = error.strerror or error
            self._editor.message_requested.emit(f"{path.name} cannot be written: {why}.", "error")
        else:
            self._editor.message_requested.emit(f"{path.name} is written.", "info")

    def may_leave(self) -> bool:
        """Whether all documents may go: each is saved, or the person said what to do with it."""
        return all(self._may_go(session) for session in self._editor.sessions)

    def _may_go(self, session: Session) -> bool:
        if not session.is_dirty:
            return True
        self._editor.show(session)
        answer = dialogs.ask_unsaved(self._window, session.name)
        return self.save() if answer == "save" else answer == "discard"

    def _remember(self, path: Path) -> None:
        self._settings = self._settings.with_recent(path)
        self.settings_changed.emit(self._settings)

    def forget_missing(self) -> None:
        """Drop files that are gone from the recent ones."""
        kept = tuple(name for name in self._settings.recent_files if Path(name).is_file())
        if kept != self._settings.recent_files:
            self._settings = msgspec.structs.replace(self._settings, recent_files=kept)
            self.settings_changed.emit(self._settings)

    def recent_actions(self, parent: QObject) -> list[QAction]:
        """An action for each recent file."""
        actions = []
        for name in self._settings.recent_files:
            path = Path(name)
            action = QAction(f"{path.stem}    {path.parent}", parent)
            action.triggered.connect(lambda _checked=False, path=path: self.open_path(path))
            actions.append(action)
        return actions
