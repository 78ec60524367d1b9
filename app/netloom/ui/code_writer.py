"""Writes a network as code on a thread, always the newest one, so that a large network holds up nothing."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from netloom.compiler.plan import Plan
from netloom.compiler.source import Source, source
from netloom.errors import NetloomError
from netloom.graph import Training
from netloom.ui.panels.code_colours import Line, coloured
from netloom.ui.panels.code_panel import SCRIPT

_log = logging.getLogger(__name__)


class Wish(NamedTuple):
    """What to write: the page of the code panel, and what it is written from."""

    page: str
    plan: Plan
    training: Training


@dataclass(frozen=True, slots=True)
class Written:
    """A text with its colours, or why there is none."""

    page: str
    source: Source
    colours: Sequence[Line]
    refusal: str = ""


class CodeWriter(QObject):
    """`written` carries what became of the newest wish; older ones are never heard of."""

    written = Signal(object)
    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: Wish | None = None
        self._thread: threading.Thread | None = None
        self._done.connect(self._take)

    def write(self, wish: Wish) -> None:
        """Write this; what is written already, or just being written, is not written again."""
        if self._newest is not None and _is_same(wish, self._newest):
            return
        self._newest = wish
        if self._thread is None:
            self._start(wish)

    def close(self) -> None:
        """Wait for what is being written."""
        if self._thread is not None:
            self._thread.join()

    def _start(self, wish: Wish) -> None:
        self._thread = threading.Thread(target=self._work, args=(wish,), name="netloom-code", daemon=True)
        self._thread.start()

    def _work(self, wish: Wish) -> None:
        self._done.emit(wish, written(wish))

    def _take(self, wish: Wish, found: Written) -> None:
        self._thread = None
        if wish is self._newest:
            self.written.emit(found)
        elif self._newest is not None:
            self._start(self._newest)


def _is_same(one: Wish, other: Wish) -> bool:
    """Whether two wishes lead to the same text; how it is trained matters to the script alone."""
    same_training = one.page != SCRIPT or one.training == other.training
    return one.page == other.page and one.plan is other.plan and same_training


def written(wish: Wish) -> Written:
    """The code of a page, or the reason why it cannot be written yet."""
    from netloom.exchange.script import planned_script

    try:
        found = planned_script(wish.plan, wish.training) if wish.page == SCRIPT else source(wish.plan)
        return Written(wish.page, found, coloured(found.text))
    except NetloomError as error:
        return Written(wish.page, Source("", {}), (), str(error))
    except Exception as error:  # noqa: BLE001  (a text that cannot be written must not end the window)
        _log.exception("the code could not be written")
        return Written(wish.page, Source("", {}), (), f"The code could not be written: {error}")
