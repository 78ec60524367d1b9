"""The window: makes the parts, lays them out, and closes them cleanly."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from netloom.graph import Training
from netloom.graph.edit import set_training
from netloom.graph.recovery import Left
from netloom.layers import custom
from netloom.training.events import Logged, RunEnded
from netloom.training.progress import Progress
from netloom.ui import icons, rescue, tab_order, theme
from netloom.ui import settings as settings_file
from netloom.ui.action_spec import Condition
from netloom.ui.actions import Actions
from netloom.ui.canvas.block_commands import selected_block
from netloom.ui.dialogs import SUFFIX
from netloom.ui.editor import Editor
from netloom.ui.file_commands import FileCommands
from netloom.ui.file_watch import ChangeOffer, FileWatch
from netloom.ui.frame import Frame, Panel
from netloom.ui.live_changes import LiveChanges, LiveOffer
from netloom.ui.my_blocks import MyBlocks
from netloom.ui.notice import Notice
from netloom.ui.program_log import ProgramLog
from netloom.ui.remedy_offer import RemedyOffer
from netloom.ui.run_commands import RunCommands
from netloom.ui.run_controller import Phase, RunController
from netloom.ui.runs_desk import RunsDesk
from netloom.ui.session import Session
from netloom.ui.settings import Settings
from netloom.ui.status_bar import StatusBar
from netloom.ui.top_bar import TopBar
from netloom.ui.trust_offer import TrustOffer
from netloom.ui.views import Views
from netloom.ui.welcome import Welcome
from netloom.ui.widgets import Hairline, surface
from netloom.ui.window_actions import WindowActions
from netloom.ui.words import short_device

SIZE = (1600, 1000)
PANELS: tuple[Panel, ...] = ("palette", "dock", "inspector")


class MainWindow(QWidget):
    """The open documents, the run, and everything that shows them. `painted` is emitted after the first paint."""

    painted = Signal()

    def __init__(self, settings: Settings, settings_path: Path, log: ProgramLog) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setAcceptDrops(True)
        self.setWindowIcon(icons.app_icon())
        surface(self, "window")
        self.settings = settings
        self._settings_path = settings_path
        self._was_painted = False
        self._logged = 0
        self.log = log
        self.editor = Editor(self)
        self.controller = RunController(self)
        self.files = FileCommands(self.editor, settings, self)
        self.actions_table = Actions(self)
        self.status_bar = StatusBar()
        self.top_bar = TopBar(self.actions_table)
        self.notice = Notice()
        self.rescue_offer = rescue.RescueOffer()
        self.change_offer = ChangeOffer()
        self.file_watch = FileWatch(self.editor, self.change_offer, self)
        self.trust_offer = TrustOffer()
        self.live_offer = LiveOffer()
        self.remedy_offer = RemedyOffer()
        self.my_blocks = MyBlocks(self.editor, self)
        self.views = Views(self.editor, self.controller, self.status_bar, self.my_blocks.offers, self)
        self.runs = RunCommands(self.editor, self.controller, self.top_bar.progress, self.status_bar)
        self.changes = LiveChanges(self.editor, self.controller, self.live_offer)
        self.desk = RunsDesk(self.editor, self.controller, self.runs.queue, self.views.runs)
        self.desk.curves = lambda: self.views.compared
        self.frame = Frame(self.views.palette, self.views.canvas, self.views.dock, self.views.inspector)
        self.welcome = Welcome(self.frame, self.editor, self.files, self._recent_files, self)
        self._lay_out()
        self._connect()
        self.commands = WindowActions(self)
        self.views.canvas.template_requested.connect(self.commands.pick_template)
        self._restore()
        self.rescue_offer.offer(rescue.found())
        self.views.show_document()
        self._show_state()
        self.views.canvas.setFocus()

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.top_bar)
        rows.addWidget(Hairline())
        for strip in self.strips:
            rows.addWidget(strip)
        rows.addWidget(self.welcome.stack, 1)
        rows.addWidget(Hairline())
        rows.addWidget(self.status_bar)

    @property
    def strips(self) -> tuple[Notice, ...]:
        """What comes above the canvas where it has something to say, from top to bottom."""
        offers = (self.rescue_offer, self.change_offer, self.trust_offer, self.live_offer, self.remedy_offer)
        return self.notice, *offers

    def _connect(self) -> None:
        self.editor.message_requested.connect(self.say)
        self.runs.message_requested.connect(self.say)
        self.desk.message_requested.connect(self.say)
        self.changes.waiting_changed.connect(self._enable)
        self.changes.applied.connect(self.views.follow_change)
        self.desk.enabled_changed.connect(self._enable)
        self.editor.state_changed.connect(self._show_state)
        self.editor.document_changed.connect(self.notice.clear)
        self.editor.planned.connect(lambda _plan: self.trust_offer.offer(self.editor.untrusted))
        self.trust_offer.trusted.connect(lambda: self.editor.trust_code(self.editor.untrusted))
        self.editor.level_changed.connect(self._enable)
        self.editor.sessions_changed.connect(self._enable)
        self._connect_tabs()
        self.views.canvas.marks_changed.connect(self._enable)
        self.actions_table["downwards"].triggered.connect(self._enable)
        self.editor.settled.connect(self.notice.settle)
        self.runs.problems_requested.connect(lambda: self.show_page("Problems"))
        self.runs.failed.connect(self._show_failure)
        self.remedy_offer.accepted.connect(self.runs.go_on)
        self.controller.phase_changed.connect(self._show_phase)
        self.controller.progressed.connect(self._copy_log)
        self.views.selection_changed.connect(self._follow_selection)
        self.views.palette.recent_changed.connect(self._take_recent_kinds)
        self.my_blocks.offers.used.connect(self._count_use)
        for view in (self.views.canvas, self.views.inspector):
            view.message_requested.connect(lambda text: self.say(text, "warning"))
            view.save_block_requested.connect(self.my_blocks.save)
        self.views.canvas.told.connect(lambda text: self.say(text, "info"))
        self.views.values.message_requested.connect(lambda text: self.say(text, "warning"))
        self.my_blocks.message_requested.connect(self.say)
        self.views.palette.mine_menu_requested.connect(self.my_blocks.open_menu)
        self.views.palette.open_changed.connect(self._take_open_sections)
        self.files.settings_changed.connect(self._take_settings)
        self.views.code.save_requested.connect(self.files.save_code)
        self.status_bar.problems_requested.connect(lambda: self.show_page("Problems"))
        self.top_bar.device_requested.connect(self._set_device)
        self.top_bar.training_requested.connect(self._set_training)
        self.rescue_offer.open_requested.connect(self._open_rescued)
        self.frame.sizes_changed.connect(self._take_sizes)
        self.frame.covering_changed.connect(self.views.canvas.covered)
        self.log.written.connect(lambda _line: self.views.log.set_log(self.log.lines))
        theme.signals.changed.connect(self.actions_table.restyle)

    def _connect_tabs(self) -> None:
        tabs = self.top_bar.tabs
        tabs.show_requested.connect(self._show_session)
        tabs.close_requested.connect(self._close_session)
        tabs.close_others_requested.connect(self._close_others)
        tabs.move_requested.connect(self._move_session)
        self.editor.sessions_changed.connect(self._show_tabs)
        self.welcome.turned.connect(self._follow_welcome)
        self.painted.connect(self.welcome.fill)

    def _show_session(self, session: Session) -> None:
        self.welcome.leave()
        self.editor.show(session)

    def _close_session(self, session: Session) -> None:
        self.views.commit()
        self.files.close(session)

    def _close_others(self, kept: Session) -> None:
        self.views.commit()
        for session in self.editor.sessions:
            if session is not kept and not self.files.close(session):
                break
        self.editor.show(kept)

    def _move_session(self, session: Session, place: int) -> None:
        self.editor.move(session, place)
        self._show_tabs()

    def _show_tabs(self) -> None:
        editor = self.editor
        self.top_bar.tabs.set_sessions(editor.sessions, editor.session, has_welcome=self.welcome.is_shown)

    def _follow_welcome(self) -> None:
        self._show_tabs()
        if not self.welcome.is_shown:
            self.views.canvas.setFocus()

    def _recent_files(self) -> Sequence[Path]:
        return [Path(name) for name in self.settings.recent_files]

    def say(self, text: str, severity: str) -> None:
        """Tell something: in the status bar and the log; an error stays above the canvas until it is dismissed."""
        self.status_bar.say(text, severity)
        self.log.write(Logged(text, "error" if severity == "error" else "warning" if severity == "warning" else "info"))
        if severity == "error":
            self.notice.show_text(text, severity)

    def show_page(self, name: str) -> None:
        """Bring a page of the dock to the front, and the dock with it."""
        self.welcome.leave()
        self.set_panel("dock", is_shown=True)
        self.views.dock.show_page(name)

    def _follow_selection(self, nodes: frozenset[str]) -> None:
        self.frame.follow_selection(bool(nodes))
        if any(self.editor.document.graph.node(key).kind in custom.KINDS for key in nodes):
            self.trust_offer.remind()
        self._enable()

    def _show_failure(self, ended: RunEnded) -> None:
        if ended.remedies:
            self.remedy_offer.offer(ended)
        else:
            self.say(ended.message or "The run failed.", "error")
        self.views.show_failure(ended)

    def _show_state(self) -> None:
        editor = self.editor
        self._show_tabs()
        self._show_run()
        self.top_bar.set_training(editor.document.training)
        self.views.canvas.set_name(editor.name)
        self.setWindowTitle(f"{editor.name}{' •' if editor.is_dirty else ''} – Netloom")
        self.status_bar.set_saved(editor.session.saved_text)
        for key, label in (("undo", editor.history.undo_label), ("redo", editor.history.redo_label)):
            self.actions_table.rename(key, label or "")
        self._enable()

    def _show_phase(self, phase: Phase) -> None:
        if phase == "starting":
            self._logged = 0
            self.notice.clear()
            self.remedy_offer.clear()
            self.welcome.leave()
        self._show_run()
        self._enable()

    def _show_run(self) -> None:
        """Name the document of the run where another one is shown."""
        home = self.controller.home
        owner = home if isinstance(home, Session) and home is not self.editor.session else None
        self.top_bar.set_run(self.controller.phase, owner.name if owner else "")

    def _copy_log(self, progress: Progress) -> None:
        lines = progress.log[self._logged :]
        self._logged += len(lines)
        for line in lines:
            self.log.write(line)

    def _enable(self) -> None:
        graph = self.editor.document.graph
        holding: dict[Condition, bool] = {
            "undoable": self.editor.history.undo_label is not None,
            "redoable": self.editor.history.redo_label is not None,
            "selected": bool(self.views.selection),
            "several": len(self.views.selection) > 1,
            "marked": bool(self.views.canvas.marked),
            "remarked": bool(self.views.canvas.marked.remarks),
            "tabs": len(self.editor.sessions) > 1,
            "filled": bool(graph.nodes),
            "block": selected_block(self.views.canvas) is not None,
            "inside": bool(self.editor.way),
            "trainable": bool(graph.nodes) or self.controller.is_active,
            "active": self.controller.is_active,
            "changed": self.changes.is_waiting,
        }
        held = [name for name, holds in {**holding, **self.desk.holding}.items() if holds]
        self.actions_table.enable(held)
        self.actions_table["downwards"].setChecked(self.views.canvas.graph_scene.is_down)

    def _set_device(self, name: str) -> None:
        self._set_training(msgspec.structs.replace(self.editor.document.training, device=name))

    def _set_training(self, training: Training) -> None:
        self.editor.do(set_training(self.editor.document, training))

    def set_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        """Offer the devices of this machine; the first is what "auto" takes."""
        offered = [("auto", f"Auto: {short_device(devices[0][1])}" if devices else "Automatic"), *devices]
        self.top_bar.set_devices(offered, self.editor.document.training.device)
        self.views.inspector.set_devices(offered)
        self.views.first_look.set_ready()
        if devices:
            self.views.speed.know(devices[0][0])
        if devices and not self.controller.is_active:
            self.status_bar.set_device(short_device(devices[0][1]), devices[0][1])

    def set_panel(self, name: Panel, *, is_shown: bool) -> None:
        """Show or hide a panel, and remember that."""
        self.welcome.leave()
        self.frame.set_shown(name, is_shown)
        self.actions_table[name].setChecked(is_shown)
        hidden = tuple(panel for panel in PANELS if panel in self.frame.hidden)
        self._take_settings(msgspec.structs.replace(self.settings, hidden_panels=hidden))

    def set_keys(self, keys: Mapping[str, Sequence[str]]) -> None:
        """Let actions have the keys that the person chose, and remember them."""
        self.actions_table.set_keys(keys)
        chosen = {name: tuple(each) for name, each in keys.items()}
        self._take_settings(msgspec.structs.replace(self.settings, keys=chosen))

    def note_command(self, name: str) -> None:
        """Remember that an action was run by the command palette."""
        self._take_settings(self.settings.with_command(name))

    def set_theme(self, name: theme.Name) -> None:
        """Switch to the dark or the light theme, and remember that."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, name)
        self._take_settings(msgspec.structs.replace(self.settings, theme=name))

    def _take_sizes(self) -> None:
        sizes = self.frame.sizes
        self.settings = msgspec.structs.replace(
            self.settings,
            palette_width=sizes["palette"],
            inspector_width=sizes["inspector"],
            dock_height=sizes["dock"],
        )

    def _count_use(self, _offer: str) -> None:
        self._take_settings(msgspec.structs.replace(self.settings, kind_uses=dict(self.my_blocks.offers.uses)))

    def _take_recent_kinds(self, kinds: Sequence[str]) -> None:
        self._take_settings(msgspec.structs.replace(self.settings, recent_kinds=tuple(kinds)))

    def _take_open_sections(self, titles: Sequence[str]) -> None:
        self._take_settings(msgspec.structs.replace(self.settings, open_sections=tuple(titles)))

    def _take_settings(self, settings: Settings) -> None:
        self.settings = settings
        self.files.set_settings(settings)
        self.top_bar.set_recent(self.files.recent_actions(self.top_bar.recent_menu))
        self._keep_settings()

    def _keep_settings(self) -> None:
        complaint = settings_file.save(self.settings, self._settings_path)
        if complaint:
            self.log.write(Logged(complaint, "warning"))

    def _restore(self) -> None:
        found = self.settings
        screen = QGuiApplication.primaryScreen().availableSize()
        self.resize(min(SIZE[0], screen.width()), min(SIZE[1], screen.height()))
        if found.geometry:
            self.restoreGeometry(QByteArray.fromHex(found.geometry.encode("ascii", "ignore")))
        self.frame.set_sizes(
            {"palette": found.palette_width, "inspector": found.inspector_width, "dock": found.dock_height}
        )
        for name in PANELS:
            is_shown = name not in found.hidden_panels
            self.frame.set_shown(name, is_shown)
            self.actions_table[name].setChecked(is_shown)
        self.views.palette.set_open(found.open_sections)
        self.views.palette.set_recent(found.recent_kinds)
        self.my_blocks.offers.uses = dict(found.kind_uses)
        self.actions_table.set_keys(found.keys)
        self.files.forget_missing()
        self.top_bar.set_recent(self.files.recent_actions(self.top_bar.recent_menu))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab go through the window as it is seen."""
        return tab_order.step(self, forward=forward)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first paint, after which slower parts are made."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self._follow_first_paint)

    def _follow_first_paint(self) -> None:
        self.views.add_plots()
        self.my_blocks.read()
        self.views.palette.set_recent(self.settings.recent_kinds)
        self.painted.emit()

    def _open_rescued(self, left: Left) -> None:
        if self.editor.recover(left):
            self.rescue_offer.resolve(left)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept a network that is dragged here."""
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a network that is dropped here."""
        path = _dropped(event)
        if path:
            event.acceptProposedAction()
            self.files.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask what to do with unsaved changes, end the run with a checkpoint, keep the settings."""
        self.views.commit()
        if not self.files.may_leave():
            event.ignore()
            return
        self.editor.forget_journals()
        self.shut_down()
        event.accept()

    def shut_down(self) -> None:
        """End the run and keep the settings, without a question."""
        self.views.first_look.close()
        self.views.speed.close()
        self.views.writer.close()
        self.desk.close()
        self.editor.trials.stop()
        self.controller.close()
        geometry = bytes(self.saveGeometry().toHex().data()).decode("ascii")
        self.settings = msgspec.structs.replace(self.settings, geometry=geometry)
        self._keep_settings()

    def leave_journals(self) -> list[tuple[str, bool]]:
        """For an end without a question: names of documents that are not saved, and whether all of each is kept."""
        self.views.commit()
        return self.editor.leave_journals()


def _dropped(event: QDropEvent) -> Path | None:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return next((path for path in paths if path.suffix == SUFFIX), None)
