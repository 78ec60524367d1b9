"""A mad user at the real window: canvas, graph, plan, file and journal never disagree."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from tests.ui.canvas.sameness import differences

from netloom import templates
from netloom.compiler.planner import Planner
from netloom.errors import GraphError
from netloom.graph import edit, file, recovery
from netloom.ui.canvas import wiring
from netloom.ui.canvas.graph_scene import PortSpot

if TYPE_CHECKING:
    from netloom.ui.main_window import MainWindow

KINDS = (
    *("Input", "Output", "Dataset", "Linear", "Conv2d", "ReLU", "Flatten", "Add", "Concatenate", "BatchNorm2d"),
    *("Dropout", "CrossEntropyLoss", "Accuracy", "AdamW", "LSTM", "Reshape", "ready:residual_block"),
)
ACTIONS = (
    *("undo", "redo", "delete", "cut", "cut_joined", "copy", "paste", "paste_wired", "duplicate", "bypass", "collapse"),
    *("wire", "disconnect", "bend", "next_wire", "select_all", "invert", "select_sources", "select_targets", "arrange"),
    *("downwards", "align_left", "align_top", "align_middle", "distribute_across", "distribute_down", "make_block"),
    *("unpack", "enter_block", "leave_block", "make_unique", "fit", "fit_selection", "go_left", "go_right", "go_down"),
    *("extend_right", "nudge_left", "nudge_down", "let_go", "bookmark_1", "go_to_1", "frame", "note", "comment"),
    *("undo", "redo", "paste", "make_block", "enter_block", "unpack"),
)
SEEDS = st.integers(0, 2**16)


class MadUser(RuleBasedStateMachine):
    """What a person does without looking. `window` and `folder` are given by the test."""

    window: MainWindow
    folder: Path

    @initialize(name=st.sampled_from(["", "moons-mlp", "digits-cnn"]))
    def begin(self, name: str) -> None:
        self.editor, self.canvas = self.window.editor, self.window.views.canvas
        for session in self.editor.sessions:
            self.editor.close(session)
        self.editor.new(templates.document(name) if name else None, name or "untitled")
        self.first = file.dumps(self.editor.document)

    def _nodes(self) -> list[str]:
        return sorted(self.canvas.graph_scene.nodes)

    def _some(self, seed: int, most: int) -> list[str]:
        nodes = self._nodes()
        return random.Random(seed).sample(nodes, min(len(nodes), seed % most + 1))

    @rule(kind=st.sampled_from(KINDS), x=st.integers(-40, 1200), y=st.integers(-40, 900))
    def add(self, kind: str, x: int, y: int) -> None:
        self.canvas.add_node_at(kind, QPointF(x, y))

    @rule(kind=st.sampled_from(KINDS), seed=SEEDS)
    def put_into_a_wire(self, kind: str, seed: int) -> None:
        wires = list(self.canvas.graph_scene.wires.values())
        if wires:
            wire = wires[seed % len(wires)].wire
            if wiring.can_insert(self.editor.document.graph, wire, kind):
                self.canvas.add_node_at(kind, QPointF(seed % 900, 300), wire)

    @rule(seed=SEEDS)
    def draw_a_wire(self, seed: int) -> None:
        chance, scene = random.Random(seed), self.canvas.graph_scene
        if not scene.nodes:
            return
        ends = []
        for side in ("output", "input"):
            item = scene.nodes[chance.choice(self._nodes())]
            ports = item.ports(side)
            if not ports:
                return
            index = chance.randrange(len(ports))
            ends.append(PortSpot(item.key, side, ports[index][0].name, index))
        try:
            self.canvas.ask(wiring.connect_patch(self.editor.document, *ends))
        except GraphError:
            return

    @rule(seed=SEEDS)
    def select(self, seed: int) -> None:
        self.canvas.set_selection(self._some(seed, 5), remarks=list(self.canvas.graph_scene.remarks)[: seed % 2])

    @rule(seed=SEEDS, x=st.integers(-200, 200), y=st.integers(-200, 200))
    def drag(self, seed: int, x: int, y: int) -> None:
        """Press on a card that is seen, move and let go, sometimes on something else."""
        for key in self._some(seed, 1):
            self.canvas.ensure_seen(key)
            start = self.canvas.node_rect(key).center()
            port = self.canvas.viewport()
            QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
            for share in (0.5, 1.0):
                QTest.mouseMove(port, start + QPoint(round(x * share), round(y * share)))
            QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=start + QPoint(x, y))
            self._finish_typing()

    @rule(name=st.sampled_from(ACTIONS))
    def act(self, name: str) -> None:
        action = self.window.actions_table[name]
        if action.isEnabled():
            action.trigger()
            self._finish_typing()

    @rule(seed=SEEDS, value=st.integers(1, 9))
    def set_a_value(self, seed: int, value: int) -> None:
        graph = self.editor.document.graph
        for key in self._some(seed, 2):
            names = {"Linear": "out_features", "Conv2d": "out_channels", "Block": "repeat", "LSTM": "hidden_size"}
            name = names.get(graph.node(key).kind)
            if name:
                self.editor.do(edit.set_params(graph, key, {name: value}), ("value", key))

    @rule(seed=SEEDS, name=st.sampled_from(["a", "x1", "conv", "class", "head"]))
    def rename(self, seed: int, name: str) -> None:
        for key in self._some(seed, 1):
            self.editor.do(edit.rename(self.editor.document.graph, key, name))

    @rule(seed=SEEDS)
    def use_a_fix(self, seed: int) -> None:
        fixes = [fix for problem in self.editor.plan.problems for fix in problem.fixes]
        if fixes:
            self.editor.do(fixes[seed % len(fixes)].patch)

    @rule(share=st.floats(0, 1))
    def go_back(self, share: float) -> None:
        self.editor.go_back_to(round(share * len(self.editor.history.labels)))

    @rule(number=st.integers(0, 2))
    def save(self, number: int) -> None:
        path = self.folder / f"{number}.loom"
        if all(each.path != path or each is self.editor.session for each in self.editor.sessions):
            assert self.editor.save(path)
            assert file.dumps(file.load(path)) == file.dumps(self.editor.document)

    @rule(number=st.integers(0, 2))
    def load(self, number: int) -> None:
        path = self.folder / f"{number}.loom"
        if path.exists():
            assert self.editor.open(path)

    @rule()
    def switch(self) -> None:
        self.editor.step(1)

    @rule()
    def close(self) -> None:
        self.editor.close(self.editor.session)

    @rule()
    def kill_and_recover(self) -> None:
        """What the disk holds of this document is this document, as after a kill at this moment."""
        session = self.editor.session
        session.journal.flush()
        writer = session.journal._writer
        if writer is None or writer.folder is None:
            assert session.history.labels == [] or not session.history.done
            return
        copy = self.folder / "copy"
        shutil.copytree(writer.folder.place, copy)
        try:
            found = recovery.take(copy)
            assert file.dumps(found.history.document) == file.dumps(session.document)
            assert found.history.labels == session.history.labels
            assert found.history.done == session.history.done
        finally:
            shutil.rmtree(copy)

    def _finish_typing(self) -> None:
        """Leave fields, lists and animations that an action opened."""
        QApplication.processEvents()
        self.canvas._arranger.end()
        for _ in range(3):
            focus = QApplication.focusWidget()
            if isinstance(focus, (QLineEdit, QPlainTextEdit)) and self.canvas.isAncestorOf(focus):
                QTest.keyClick(focus, Qt.Key.Key_Escape)
        self.canvas.setFocus()

    @invariant()
    def the_canvas_shows_the_document(self) -> None:
        if hasattr(self, "canvas"):
            assert differences(self.canvas.graph_scene, self.editor.shown_plan) == []

    @invariant()
    def the_plan_is_that_of_the_graph(self) -> None:
        if hasattr(self, "canvas"):
            document = self.editor.document
            fresh = Planner(asks=self.editor.trials).plan(document.graph, document.training.batch_size)
            assert fresh == self.editor.plan

    @invariant()
    def the_file_holds_the_document(self) -> None:
        if hasattr(self, "canvas"):
            data = file.dumps(self.editor.document)
            assert file.dumps(file.loads(data)) == data

    def teardown(self) -> None:
        """All steps back are as at the beginning, all steps again as at the end."""
        if not hasattr(self, "canvas"):
            return
        for session in self.editor.sessions:
            self.editor.show(session)
            last, done = file.dumps(session.document), session.history.done
            self.editor.go_back_to(0)
            self.the_canvas_shows_the_document()
            self.editor.go_back_to(done)
            assert file.dumps(session.document) == last
            self.the_canvas_shows_the_document()


def played(window: MainWindow, folder: Path, sessions: int, steps: int) -> None:
    def machine() -> MadUser:
        made = MadUser()
        made.window, made.folder = window, folder
        return made

    health = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=sessions,
            stateful_step_count=steps,
            deadline=None,
            derandomize=False,
            phases=(Phase.explicit, Phase.generate),  # to shrink a session of hundreds of events takes half an hour
            suppress_health_check=health,
        ),
    )


def test_a_mad_user_for_a_while(window: MainWindow, tmp_path: Path) -> None:
    played(window, tmp_path, sessions=15, steps=25)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(20))
def test_a_mad_user_in_500_sessions(window: MainWindow, tmp_path: Path, part: int) -> None:
    """Twenty-five sessions in each part: a window is not used forever, and what hangs is found out early."""
    played(window, tmp_path, sessions=25, steps=30)
