"""What an untrained network puts out: looked at on a thread after each change, while no run goes on."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from netloom.compiler.plan import Plan
from netloom.graph import Document, Graph, edit
from netloom.graph.patch import Change
from netloom.layers import connect
from netloom.layers.edit import new_node
from netloom.training.events import ProbeMode, Watch
from netloom.ui.editor import Editor
from netloom.ui.run_controller import Phase, RunController

DEBOUNCE_MS = 300
MOST_PARAMETERS = 5_000_000
MOST_MACS = 500_000_000
"""A larger network takes too long for a look by the way; it shows itself when it trains."""
_log = logging.getLogger(__name__)


class FirstLook(QObject):
    """`seen` carries the ProbesRead of the network as it stands, or None where the last run's previews hold again."""

    seen = Signal(object)
    _read = Signal(object, object, object)

    def __init__(self, editor: Editor, controller: RunController, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor
        self._controller = controller
        self._trained: Plan | None = None
        self._focus: str | None = None
        self._mode: ProbeMode = "activations"
        self._is_ready = False
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._look)
        self._read.connect(self._take)
        controller.before_run.append(self.wait)
        controller.phase_changed.connect(self._note_phase)
        editor.planned.connect(lambda _plan: self._ask())

    def set_ready(self) -> None:
        """Say that torch is loaded; nothing is looked at before."""
        self._is_ready = True
        self._ask()

    def watch(self, focus: str | None, mode: ProbeMode) -> None:
        """Look at `focus` in full and at all others in short from now on."""
        if (focus, mode) != (self._focus, self._mode):
            self._focus, self._mode = focus, mode
            self._ask()

    def wait(self) -> None:
        """Wait for a look that goes on: it and a run must not draw random numbers at the same time."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def close(self) -> None:
        """Look no more."""
        self._is_ready = False
        self._timer.stop()
        self.wait()

    def _ask(self) -> None:
        if self._is_ready and not self._controller.is_training:
            self._timer.start()

    def _note_phase(self, phase: Phase) -> None:
        if phase in ("idle", "starting"):
            self._trained = self._editor.plan if phase == "starting" else None
            self._timer.stop()
        if phase in ("idle", "ended"):
            self._ask()

    def _look(self) -> None:
        plan = self._editor.plan
        if self._controller.is_training or (self._thread is not None and self._thread.is_alive()):
            self._timer.start()
        elif self._holds_run(plan) or not plan.nodes:
            self.seen.emit(None)
        elif plan.parameters <= MOST_PARAMETERS and plan.macs <= MOST_MACS:
            document = Document(copied(self._editor.document.graph), self._editor.document.training)
            watch = Watch(tuple(plan.nodes), self._focus, self._mode)
            self._thread = threading.Thread(
                target=self._work, args=(document, plan, watch), name="netloom-look", daemon=True
            )
            self._thread.start()

    def _holds_run(self, plan: Plan) -> bool:
        """Whether the last run looked inside, and inside the network that is open."""
        progress = self._controller.progress
        is_here = self._controller.home is self._editor.session
        if progress is None or self._trained is None or not progress.previews or not is_here:
            return False
        return essence(plan) == essence(self._trained)

    def _work(self, document: Document, plan: Plan, watch: Watch) -> None:
        from netloom.training.probes import preview_once

        try:
            kept = make_sound(document, plan)
            with self._controller.beside_runs:
                read = preview_once(document, watch)
            previews = {key: preview for key, preview in read.previews.items() if key in kept}
            self._read.emit(replace(read, previews=previews), plan, watch)
        except Exception as error:  # noqa: BLE001  (a look is a gift: whatever hinders it must not disturb anybody)
            _log.info("No look at the untrained network: %s", error)
            self._read.emit(None, plan, watch)

    def _take(self, read: object, plan: Plan, watch: Watch) -> None:
        is_current = plan is self._editor.plan and (watch.focus, watch.mode) == (self._focus, self._mode)
        if is_current and not self._controller.is_training:
            self.seen.emit(read)


def essence(plan: Plan) -> Mapping[str, object]:
    """What decides a network's numbers: kinds, arguments and wires up to the outputs. Names and losses do not."""
    return {
        key: (item.node.kind, dict(item.arguments), item.wires, item.block and essence(item.block))
        for key, item in plan.nodes.items()
        if item.part != "objective"
    }


def make_sound(document: Document, plan: Plan) -> frozenset[str]:
    """Leave out what cannot be computed yet; the nodes that stay.

    A dataset that leads nowhere so far is given an input to be seen through, which is none of them.
    GraphError where the plan is not that of the document.
    """
    document.apply(edit.remove(document, broken(plan)))
    kept = frozenset(document.graph.nodes)
    graph = document.graph
    kinds = {node.kind: node for node in graph.level()}
    if "Dataset" in kinds and "Input" not in kinds:
        source, image = kinds["Dataset"], new_node(graph, "Input")
        document.apply(edit.add(image, "Look"))
        column = next(iter(plan.nodes[source.id].outputs))
        document.apply(connect.connect(graph, source.id, column, image.id, "data"))
    return kept


def broken(plan: Plan) -> set[str]:
    """The nodes with an error, inputs without data, and all that come after one of them."""
    found = {problem.node for problem in plan.problems if problem.severity == "error"}
    found |= {key for key, item in plan.nodes.items() if item.node.kind == "Input" and not item.wires}
    for key in plan.order:
        wires = plan.nodes[key].wires if key in plan.nodes else ()
        if any(wire.source in found for wire in wires):
            found.add(key)
    return found & plan.nodes.keys()


def copied(graph: Graph) -> Graph:
    """A graph that keeps its content while the other one is edited."""
    made = Graph()
    made.apply(
        [Change("block", key, None, block) for key, block in graph.blocks.items()]
        + [Change("node", key, None, node) for key, node in graph.nodes.items()]
        + [Change("wire", key, None, wire) for key, wire in graph.wires.items()]
    )
    return made
