"""Starts the window: application, theme, window at once; plots and torch afterwards."""

import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, QSocketNotifier, Signal
from PySide6.QtWidgets import QApplication

from netloom.compiler import trust
from netloom.runs import home
from netloom.ui import settings as settings_file
from netloom.ui import theme
from netloom.ui.collector import Collector
from netloom.ui.main_window import MainWindow
from netloom.ui.program_log import ProgramLog, collected

SWITCH_SECONDS = 0.0005
"""How long a thread computes before another gets its turn; short, so that a training thread does not hold up frames."""
LOADER_WAIT = 10.0


class TorchLoader(QObject):
    """Imports torch on a thread. `loaded` carries the devices of this machine as pairs of name and title."""

    loaded = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = threading.Thread(target=self._load, name="netloom-torch", daemon=True)

    def start(self) -> None:
        """Begin to load."""
        self._thread.start()

    def join(self) -> None:
        """Wait until torch is there, if it was asked for."""
        if self._thread.ident is not None:
            self._thread.join(LOADER_WAIT)

    def _load(self) -> None:
        import networkx as nx  # noqa: F401  (the first layout would wait for it)

        from netloom.training import devices

        self.loaded.emit(devices.available())


def main(path: Path | str | None = None, *, start: bool = False, template: str | None = None) -> int:
    """Open the window on a file, a template, or an empty canvas; with `start` train at once. The exit code."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    sys.setswitchinterval(SWITCH_SECONDS)
    trust.use(trust.Trust(home.trust_file()))
    app = application()
    log = ProgramLog()
    with collected(log):
        window = make_window(log)
        _fill(window, path, template)
        loader = TorchLoader()
        loader.loaded.connect(lambda _devices: _collect(app))
        loader.loaded.connect(window.set_devices)
        window.painted.connect(loader.start)
        if start:
            window.painted.connect(window.runs.train)
        window.show()
        with _interruptible(window):
            code = app.exec()
        loader.join()
        window.deleteLater()
    return code


def _collect(app: QApplication) -> None:
    """Collect garbage from now on, but not in what is loaded: one round over all of torch takes 60 ms of a frame."""
    gc.freeze()
    Collector(app)


def application() -> QApplication:
    """The application object of this process, in the look."""
    app = cast("QApplication", QApplication.instance() or QApplication(sys.argv[:1]))
    app.setApplicationName("netloom")
    app.setApplicationDisplayName("Netloom")
    app.setDesktopFileName("netloom")
    return app


def make_window(log: ProgramLog) -> MainWindow:
    """A window with the person's settings and theme, not yet shown."""
    path = settings_file.default_file()
    settings, complaint = settings_file.load(path)
    app = application()
    theme.apply(app, "light" if settings.theme == "light" else "dark")
    with theme.styled_at_once(app):
        window = MainWindow(settings, path, log)
    if complaint:
        window.say(complaint, "warning")
    return window


def _fill(window: MainWindow, path: Path | str | None, template: str | None) -> None:
    if path:
        window.files.open_path(Path(path))
    elif template:
        from netloom import templates

        window.editor.new(templates.document(template), template)
    else:
        window.welcome.show()


@contextmanager
def _interruptible(window: MainWindow) -> Iterator[None]:
    """Let Ctrl+C, or the system's wish, end the program as closing the window would, but without a question."""
    reader, writer = socket.socketpair()
    for end in (reader, writer):
        end.setblocking(False)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda *_: _interrupted(window))
    old_handlers = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    old_wakeup = signal.set_wakeup_fd(writer.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(old_wakeup)
        for number, handler in old_handlers.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        reader.close()
        writer.close()


def _interrupted(window: MainWindow) -> None:
    for name, is_whole in window.leave_journals():
        how = "is kept: the next start offers it" if is_whole else "could not be kept as a whole"
        sys.stderr.write(f"{name} was not saved and {how}.\n")
    window.shut_down()
    QApplication.exit(130)
