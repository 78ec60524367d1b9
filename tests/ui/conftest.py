"""The real window, shown, with its own user folder."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from netloom import templates
from netloom.graph import Document

if TYPE_CHECKING:
    from tests.ui.person import Person

    from netloom.ui.main_window import MainWindow


@pytest.fixture(scope="session")
def _frozen() -> None:
    """What is loaded is no garbage, as in the program: to go through it after each window takes a tenth of all time."""
    from netloom.ui import app  # noqa: F401  (this loads the window)

    gc.collect()
    gc.freeze()


@pytest.fixture
def window(qtbot: QtBot, _frozen: None) -> Iterator[MainWindow]:
    """An empty window after its first paint; at the end it closes without a question."""
    from netloom.ui import app
    from netloom.ui.collector import Collector
    from netloom.ui.program_log import ProgramLog

    app.application()
    made = app.make_window(ProgramLog())
    Collector(made)
    qtbot.addWidget(made, before_close_func=_forget_changes)
    made.resize(1600, 1000)
    with qtbot.waitSignal(made.painted, timeout=10_000):
        made.show()
    yield made
    made.shut_down()
    gc.enable()
    QGuiApplication.clipboard().clear()  # the offscreen platform would end what was copied after Python


def _forget_changes(window: QWidget) -> None:
    """Let the window close without a question: what is still being typed is a change as well."""
    window.views.commit()
    for session in window.editor.sessions:
        session.history.mark_saved()
        session.is_apart = False


@pytest.fixture
def moons(window: MainWindow) -> MainWindow:
    """The window with a small network on it that trains in a moment."""
    window.editor.new(short(templates.document("moons-mlp"), epochs=3), "moons")
    return window


def short(document: Document, epochs: int) -> Document:
    """The same document with fewer or more epochs."""
    return Document(
        document.graph, msgspec.structs.replace(document.training, epochs=epochs, autotune=False), document.positions
    )


@pytest.fixture
def person(qtbot: QtBot, window: MainWindow) -> Person:
    """Hands at the window, for networks of blocks."""
    from tests.ui.person import Person

    return Person(qtbot, window)


@pytest.fixture
def blocked(person: Person) -> Person:
    """The chain with conv1 and relu in a block."""
    from tests.ui.person import chain

    person.editor.new(chain(), "chain")
    person.pick("conv1", "relu")
    person.press("Ctrl+G", person.canvas)
    return person
