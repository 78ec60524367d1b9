"""Keeps canvas, panels and plots in step with the document, its plan, the selection and the run."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtWidgets import QWidget

from netloom.compiler.connection import shape_problem
from netloom.compiler.plan import Plan, Problem
from netloom.graph import Graph, Patch, Wire
from netloom.training.events import Preview, ProbeMode, ProbesRead, RunEnded
from netloom.training.progress import Progress
from netloom.ui import levels
from netloom.ui.canvas import Canvas
from netloom.ui.canvas.canvas import Outlook
from netloom.ui.canvas.node_item import COMPACT
from netloom.ui.code_writer import CodeWriter, Wish, Written
from netloom.ui.dock import TABS, Dock
from netloom.ui.editor import Editor
from netloom.ui.first_look import FirstLook
from netloom.ui.offers import Offers
from netloom.ui.panels import (
    CodePanel,
    HistoryPanel,
    InspectorPanel,
    LogPanel,
    PalettePanel,
    ProblemsPanel,
    RunsPanel,
)
from netloom.ui.run_commands import with_failure
from netloom.ui.run_controller import Phase, RunController
from netloom.ui.session import Session
from netloom.ui.speed_meter import SpeedMeter
from netloom.ui.status_bar import StatusBar
from netloom.ui.turns import Turns
from netloom.ui.values_popup import ValuesPopup

if TYPE_CHECKING:
    from netloom.ui.plots.compare_card import CompareCard
    from netloom.ui.plots.live_panel import LivePanel
    from netloom.ui.plots.node_view import NodeView


class Views(QObject):
    """All views of one document. They ask for changes, the editor makes them, and every view is told."""

    selection_changed = Signal(object)

    def __init__(
        self, editor: Editor, controller: RunController, status: StatusBar, offers: Offers, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._controller = controller
        self._status = status
        self.first_look = FirstLook(editor, controller, self)
        self.speed = SpeedMeter(controller, self)
        self.palette = PalettePanel(offers)
        self.canvas = Canvas()
        self.canvas.set_offers(offers)
        self.inspector = InspectorPanel()
        self.values = ValuesPopup(parent)
        self.problems = ProblemsPanel()
        self.code = CodePanel()
        self.writer = CodeWriter(self)
        self.log = LogPanel()
        self.history = HistoryPanel()
        self.runs = RunsPanel()
        self.dock = Dock()
        self.live: LivePanel | None = None
        self.inside: NodeView | None = None
        self.compared: CompareCard | None = None
        self.selection: frozenset[str] = frozenset()
        self.mode: ProbeMode = "activations"
        self._failure: tuple[RunEnded, Plan] | None = None
        self._trained: Plan | None = None
        self._look: ProbesRead | None = None
        self._turns = Turns(self)
        self._way: levels.Way = ()
        self._shown = editor.session
        self._outlooks: WeakKeyDictionary[Session, Outlook] = WeakKeyDictionary()
        self._fill_dock()
        self._connect_editor()
        self._connect_run()
        self._connect_views()

    def _fill_dock(self) -> None:
        pages = (self.runs, self.code, self.problems, self.log, self.history)
        for name, panel in zip(TABS[1:], pages, strict=True):
            self.dock.set_page(name, panel)
        self.dock.page_shown.connect(lambda _name: self._refresh_page())

    def _connect_editor(self) -> None:
        self._editor.document_changed.connect(self.show_document)
        self._editor.level_changed.connect(self._show_level)
        self._editor.patched.connect(self._apply)
        self._editor.planned.connect(self._show_new_plan)
        self._editor.leaving.connect(self.commit)
        self._editor.state_changed.connect(self._show_saved)
        self.history.step_requested.connect(self._editor.go_back_to)

    def _connect_run(self) -> None:
        self._controller.progressed.connect(self._show_progress)
        self._controller.previewed.connect(self._show_previews)
        self._controller.phase_changed.connect(self._show_phase)
        self.first_look.seen.connect(self._show_look)

    def _connect_views(self) -> None:
        for view in (self.canvas, self.inspector, self.problems, self.values):
            view.patch_requested.connect(self._editor.do)
        self.canvas.set_check(self._shape_problem)
        self.canvas.selection_changed.connect(self._follow_selection)
        self.canvas.add_requested.connect(self.add)
        self.canvas.values_requested.connect(self._open_values)
        self.canvas.preview_mode_requested.connect(self.set_mode)
        self.canvas.view_changed.connect(self.watch)
        self.canvas.enter_requested.connect(self._editor.enter)
        self.inspector.enter_requested.connect(self._editor.enter)
        self.canvas.way_requested.connect(self._go)
        self.canvas.depth_requested.connect(lambda depth: self._editor.go(self._editor.way[:depth]))
        self.palette.add_requested.connect(self.add)
        self.problems.node_requested.connect(self.show_node)
        self.code.node_requested.connect(self.show_node)
        self.code.page_chosen.connect(lambda _page: self._refresh_page())
        self.writer.written.connect(self._show_code)
        self.speed.known.connect(self.inspector.forecaster.set_speed)

    def commit(self) -> None:
        """Read what is still being typed before something is done with the document."""
        self.inspector.commit()
        self.canvas.commit()

    def _go(self, way: levels.Way) -> None:
        """Go through these blocks, if all of them are there still."""
        if levels.valid(self._editor.document.graph, way) == way:
            self._editor.go(way)

    def _shape_problem(self, graph: Graph, wire: Wire) -> Problem | None:
        return shape_problem(self._editor.planner, self._editor.plan, graph, wire)

    def add_plots(self) -> None:
        """Make the plots; they are slow to import, so this waits until the window is on the screen."""
        from netloom.ui.plots.compare_card import CompareCard
        from netloom.ui.plots.live_panel import LivePanel
        from netloom.ui.plots.node_view import NodeView

        self.live, self.inside = LivePanel(), NodeView()
        self.live.set_plan(self._trained or self._editor.plan)
        self.dock.set_page("Live", self.live)
        self.inspector.set_inside(self.inside)
        self.compared = CompareCard()
        self.runs.details.set_curves(self.compared, self.compared.chooser)
        self.live.set_progress(self._controller.progress)
        self._follow_home()
        self.inside.set_look(self._look)
        self._show_selection()

    def show_document(self) -> None:
        """Begin anew with the editor's document, as it was seen last."""
        editor = self._editor
        self._look = None
        self.selection = frozenset()
        self._way = editor.way
        names, note = levels.names(editor.document.graph, editor.way), levels.note(editor.document.graph, editor.way)
        self._outlooks[self._shown] = self.canvas.outlook
        self._shown = editor.session
        self.canvas.way = editor.way
        self.canvas.set_document(editor.document, editor.name, editor.level, names, note, editor.shown_plan)
        self.inspector.set_document(editor.document)
        self.inspector.set_level(editor.level)
        self.history.set_history(editor.history)
        self._follow_home()
        self._show_plan()
        if editor.session in self._outlooks:
            self.canvas.restore(self._outlooks[editor.session])
        else:
            self.canvas.fit()  # now that cards are as high as their shapes want
        self._bring_previews()
        self._show_selection()
        self.selection_changed.emit(self.selection)

    def _show_saved(self) -> None:
        self.history.set_saved(self._editor.history.saved if self._editor.path else None)

    def _follow_home(self) -> None:
        """Show what the run sees inside a node while its document is shown."""
        if self.inside is not None:
            self.inside.set_progress(self._controller.progress if self._is_home else None)

    def _show_level(self) -> None:
        """Show the level that was entered; after leaving a block, with that block selected."""
        editor, left = self._editor, self._way[len(self._editor.way) :]
        graph, self._way = editor.document.graph, editor.way
        names, note = levels.names(graph, editor.way), levels.note(graph, editor.way)
        self.canvas.way = editor.way
        self.canvas.set_level(editor.level, editor.shown_plan, names, note)
        self.inspector.set_level(editor.level)
        self._show_plan()
        self.canvas.set_selection(left[:1])
        self._show_selection()
        self._bring_previews()

    def _apply(self, patch: Patch) -> None:
        is_same = self._editor.level == self.canvas.graph_scene.level
        self.canvas.apply(patch, self._editor.shown_plan if is_same else None)
        self.inspector.apply(patch)

    def _show_new_plan(self, _plan: Plan) -> None:
        self._show_plan()
        self.watch()

    def show_failure(self, ended: RunEnded) -> None:
        """Mark the node at which a run failed, as long as its document stays as it is; go there, where it is shown."""
        home = self._controller.home
        if isinstance(home, Session):
            self._failure = (ended, home.plan)
        if self._is_home:
            self._show_plan()
            if ended.node:
                self.show_node(ended.node)

    def _show_plan(self) -> None:
        plan = self._editor.plan
        if self._failure is not None and self._failure[1] is plan:
            plan = with_failure(plan, self._failure[0])
        for view in (self.problems, self._status):
            view.set_plan(plan)
        self.values.show_plan(levels.inside(plan, self._editor.way))
        for shown in (self.canvas, self.inspector):
            shown.set_plan(levels.inside(plan, self._editor.way))
        self.canvas.set_note(levels.note(self._editor.document.graph, self._editor.way))
        is_error = any(problem.severity == "error" for problem in plan.problems)
        self.dock.set_badge(len(plan.problems), "error" if is_error else "warning")
        if self.inside is not None:
            self.inside.set_node(self._single, self._editor.shown_plan)
        self._refresh_page()

    def _refresh_page(self) -> None:
        """Bring the page in front up to date; the others follow when they are shown."""
        if self.dock.is_shown("Code"):
            self.writer.write(Wish(self.code.page, self._editor.plan, self._editor.document.training))

    def _show_code(self, found: Written) -> None:
        if found.refusal:
            self.code.refuse(found.refusal)
        else:
            self.code.set_source(found.source, found.colours)
            self.code.highlight_node(self._single)

    @property
    def _is_home(self) -> bool:
        """Whether the run is one of the document that is shown."""
        return self._controller.home is self._editor.session

    @property
    def _single(self) -> str | None:
        return next(iter(self.selection)) if len(self.selection) == 1 else None

    def show_node(self, node: str) -> None:
        """Select a node, in whatever block it stands, and bring it into the middle."""
        graph = self._editor.document.graph
        if node in graph.nodes and (way := levels.way_to(graph, graph.node(node).parent)) is not None:
            if graph.node(node).parent != self._editor.level:
                self._editor.go(way)
            self.canvas.set_selection((node,))
            self.canvas.centre_on(node)

    def _follow_selection(self, nodes: frozenset[str]) -> None:
        if nodes != self.selection:
            self.selection = nodes
            self._show_selection()
            self.selection_changed.emit(nodes)

    def _show_selection(self) -> None:
        self.inspector.show_nodes(self.selection)
        self.code.highlight_node(self._single)
        if self.inside is not None:
            self.inside.set_node(self._single, self._editor.shown_plan)
        self.watch()

    def _open_values(self, node: str) -> None:
        """Let a node's parameters be set under its card."""
        canvas, card = self.canvas, self.canvas.node_rect(node)
        place = QRect(canvas.viewport().mapToGlobal(card.topLeft()), card.size())
        self.values.open_for(self._editor.document, self._editor.shown_plan, node, place)

    def add(self, offer: str) -> None:
        """Add a node or a block after the selected one, or in the middle of what is seen."""
        self.canvas.add_beside(offer, self._single)

    def set_mode(self, mode: ProbeMode) -> None:
        """Show activations, gradients, weights, or nothing."""
        self.mode = mode
        self.canvas.set_preview_mode(mode)
        self.canvas.set_previews({})
        self.watch()

    def watch(self) -> None:
        """Ask the run to look inside the nodes that can be seen."""
        if self._is_home or not self._controller.is_active:
            self._controller.watch(self._watched(), self._single, self.mode)
        else:
            self._controller.watch((), None, self.mode)  # what it sees would be shown nowhere
        self.first_look.watch(self._single, self.mode)

    def _watched(self) -> Sequence[str]:
        return sorted(item.key for item in self.canvas.visible_nodes()) if self.canvas.zoom >= COMPACT else ()

    def _show_phase(self, phase: Phase) -> None:
        if phase in ("idle", "starting"):
            self._failure = self._look = None
            self._show_plan()
            if self.live is not None:
                self.live.set_progress(self._controller.progress)
            self._follow_home()
        if phase == "starting":
            self.follow_change()

    def follow_change(self) -> None:
        """The run trains the document as it is now."""
        self._trained = self._controller.plan or self._editor.plan
        if self.live is not None:
            self.live.set_plan(self._trained)
        self.watch()

    def _show_look(self, look: ProbesRead | None) -> None:
        """Show the network as it is before a run; None brings back what the last run saw."""
        self._look = look
        self._bring_previews()
        if self.inside is not None:
            self.inside.set_look(look)

    def _bring_previews(self) -> None:
        found = self._look or (self._controller.progress if self._is_home else None)
        self.canvas.set_previews(found.previews if found else {})
        self._show_curves()

    def _show_progress(self, progress: Progress) -> None:
        if self.live is not None and self.inside is not None:
            news = (*self.live.news(), self.inside.refresh, self._show_curves)
            self._turns.take(news, at_once=progress.state != "running")

    def _show_curves(self) -> None:
        """Draw the curves on the cards of losses, metrics and optimizers."""
        progress = self._controller.progress
        if progress is not None and self.live is not None and self._trained is not None and self._is_home:
            from netloom.ui.plots.curves import curves_for

            self.canvas.set_curves(curves_for(progress, self._trained))

    def _show_previews(self, previews: Mapping[str, Preview]) -> None:
        if self._is_home:
            self.canvas.set_previews(previews)
