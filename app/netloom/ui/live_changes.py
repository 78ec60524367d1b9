"""What the person changed while a network is being trained: shown as a strip, applied to the run by one click."""

from typing import Any, TypeAlias

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from netloom.graph import Document
from netloom.layers.training_settings import LIVE
from netloom.training.events import Changed
from netloom.training.progress import Progress
from netloom.training.wording import described
from netloom.ui.editor import Editor
from netloom.ui.notice import Notice
from netloom.ui.run_controller import RunController

Content: TypeAlias = tuple[dict[str, Any], dict[Any, Any], dict[str, Any], dict[str, Any]]


class LiveOffer(Notice):
    """Says what the run does not know yet."""

    apply_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("live-offer")
        self.setAccessibleName("Changes that the run does not know")
        self.add_button("Apply to the run", "live-apply").clicked.connect(self.apply_requested)


class LiveChanges(QObject):
    """Compares the document with what is being trained; undo behind a change that was applied takes it back there too.

    `applied` is emitted when the run has taken a change over or gone back, `waiting_changed` when there is something to
    apply or no more.
    """

    applied = Signal()
    waiting_changed = Signal()

    def __init__(self, editor: Editor, controller: RunController, offer: LiveOffer) -> None:
        super().__init__(controller)
        self._editor, self._controller, self._offer = editor, controller, offer
        self._before: list[Content] = []
        self._asked: Content | None = None
        self._heard = self._refused = 0
        self.is_waiting = False
        editor.patched.connect(self._look)
        editor.document_changed.connect(self._look)
        controller.phase_changed.connect(self._follow_phase)
        controller.progressed.connect(self._follow)
        offer.apply_requested.connect(self.apply)

    def apply(self) -> None:
        """Let the run go on with the document as it is now."""
        if not self.is_waiting or self._asked is not None:
            return
        trained = self._controller.trained
        if trained is not None:
            self._before.append(_content(trained))
        self._asked = _content(self._editor.document)
        self._controller.apply(self._editor.document)
        self._look()

    def _look(self, _patch: object = None) -> None:
        """See whether the document says something that the run does not know."""
        trained = self._controller.trained
        is_here = self._controller.home is self._editor.session and self._controller.is_active
        now = _content(self._editor.document) if is_here else None
        if is_here and self._before and now == self._before[-1] and self._asked is None:
            self._asked = self._before.pop()
            self._controller.revert()
        differs = is_here and trained is not None and now not in (_content(trained), self._asked)
        self._show(trained if differs else None)

    def _show(self, trained: Document | None) -> None:
        was = self.is_waiting
        self.is_waiting = trained is not None
        if trained is not None:
            _, text = described(trained, self._editor.document)
            self._offer.show_text(f"{text} The run does not know that yet.", "info")
        else:
            self._offer.clear()
        if was != self.is_waiting:
            self.waiting_changed.emit()

    def _follow(self, progress: Progress) -> None:
        """Hear what the run has made of what it was told."""
        changes, refusals = progress.changes, progress.refusals
        if len(changes) > self._heard:
            self._heard = len(changes)
            self._take(changes[-1])
        if len(refusals) > self._refused:
            self._refused = len(refusals)
            self._asked = None
            self._before = self._before[:-1]
            self._look()
            if self.is_waiting:
                self._offer.show_text(refusals[-1].text, "warning")

    def _take(self, change: Changed) -> None:
        self._controller.trained = change.document
        self._asked = None
        self.applied.emit()
        self._look()

    def _follow_phase(self, phase: str) -> None:
        if phase == "starting":
            self._before, self._asked = [], None
            self._heard = self._refused = 0
        self._look()


def _content(document: Document) -> Content:
    """What of a document matters to a training, whatever it looks like on the canvas."""
    graph, training = document.graph, document.training
    live = {name: getattr(training, name) for name in LIVE}
    return dict(graph.nodes), dict(graph.wires), dict(graph.blocks), live
