"""Notices what other programs do to the files of open documents, and asks what to do about it."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from netloom.ui.editor import Editor
from netloom.ui.notice import Notice
from netloom.ui.session import Session

PATIENCE = 150
"""Milliseconds until a file is looked at after something happened to it: who writes it may not be through."""


class ChangeOffer(Notice):
    """Says that a file was changed, and offers to load it or to keep what is shown."""

    load_requested = Signal()
    keep_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("change-offer")
        self.setAccessibleName("Changed file")
        self.add_button("Load it", "change-load").clicked.connect(self.load_requested)
        self.add_button("Keep mine", "change-keep").clicked.connect(self.keep_requested)
        self.close_button.setObjectName("change-later")
        self.close_button.setToolTip("Not now; ask before saving over it")


class FileWatch(QObject):
    """Looks at the files when the system tells of a change, and whenever the person comes back to the program."""

    def __init__(self, editor: Editor, offer: ChangeOffer, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._offer = offer
        self._files: list[Path] = []
        self._watcher = QFileSystemWatcher(self)
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE)
        self._timer.timeout.connect(self.look)
        self._watcher.fileChanged.connect(lambda _path: self._timer.start())
        self._watcher.directoryChanged.connect(lambda _path: self._timer.start())
        editor.state_changed.connect(self._follow)
        editor.sessions_changed.connect(self._follow)
        editor.document_changed.connect(self._ask)
        offer.load_requested.connect(self._load)
        offer.keep_requested.connect(self._keep)
        offer.close_button.clicked.connect(self._put_off)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._come_back)

    def _come_back(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.look()

    def _follow(self) -> None:
        """Look at the files that are open now, soon. Comes after each edit, and mostly finds nothing new."""
        files = [session.path for session in self._editor.sessions if session.path is not None]
        if files != self._files:
            self._files = files
            self._timer.start()
        self._ask()

    def _watch(self) -> None:
        """Watch files and their folders: a file that is replaced is another one, which the system does not follow."""
        paths = [path.absolute() for path in self._files]
        wanted = {str(each) for path in paths for each in (path, path.parent) if each.exists()}
        known = {*self._watcher.files(), *self._watcher.directories()}
        if known - wanted:
            self._watcher.removePaths(sorted(known - wanted))
        if wanted - known:
            self._watcher.addPaths(sorted(wanted - known))

    def look(self) -> None:
        """See whether the files still hold what they held."""
        for session in self._editor.sessions:
            if session.file is not None:
                before = session.file.state
                if session.file.look() == "gone" != before:
                    self._tell_gone(session)
        self._watch()
        self._ask()

    def _tell_gone(self, session: Session) -> None:
        session.part()
        text = f"Another program removed the file of {session.name}. It is still open here; save it to keep it."
        self._editor.message_requested.emit(text, "warning")
        self._editor.state_changed.emit()

    def _ask(self) -> None:
        """Ask about the document that is shown, until it is answered."""
        file = self._editor.session.file
        if file is None or file.state != "changed" or file.is_put_off:
            self._offer.clear()
            return
        text = f"{file.path.name} was changed by another program."
        if self._offer.isHidden() or self._offer.label.text() != text:
            self._offer.show_text(text, "warning")

    def _load(self) -> None:
        self._editor.load_changed()

    def _keep(self) -> None:
        session = self._editor.session
        if session.file is not None:
            session.file.accept()
            session.part()
            self._editor.state_changed.emit()

    def _put_off(self) -> None:
        file = self._editor.session.file
        if file is not None:
            file.is_put_off = True
