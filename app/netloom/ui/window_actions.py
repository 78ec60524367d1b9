"""What each action of the window does."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from netloom.ui import theme
from netloom.ui.areas import Areas
from netloom.ui.canvas import commands
from netloom.ui.command_entries import CommandEntries
from netloom.ui.command_palette import CommandPalette
from netloom.ui.frame import Panel
from netloom.ui.run_files import RunFiles

if TYPE_CHECKING:
    from netloom.ui.main_window import MainWindow

PAGES = {
    "show_live": "Live",
    "show_runs": "Runs",
    "show_code": "Code",
    "show_problems": "Problems",
    "show_log": "Log",
    "show_history": "History",
}
TOGGLED: tuple[Panel, ...] = ("palette", "dock", "inspector")


class WindowActions:
    """Binds the table of actions to one window."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._entries = CommandEntries(window)
        self._areas = Areas(window, self._panels, window.views.canvas)
        window.actions_table.bind(self._slots())
        window.actions_table.limit(window.views.canvas, window.views.runs.table)
        window.views.runs.menu_requested.connect(self._open_runs_menu)
        window.views.runs.opened.connect(window.desk.open)
        window.desk.enabled_changed.connect(self._name_run_actions)
        window.views.canvas.follow_keys()
        window.views.palette.search.follow_key(window.actions_table["find"])

    def _slots(self) -> Mapping[str, Callable[[], object]]:
        window = self._window
        files, editor, runs, canvas = window.files, window.editor, window.runs, window.views.canvas
        slots: dict[str, Callable[[], object]] = {
            "new": files.new,
            "template": self.pick_template,
            "open": files.open,
            "save": lambda: self._committed(files.save),
            "save_as": lambda: self._committed(files.save_as),
            "export": self.export,
            "quit": window.close,
            "undo": editor.undo,
            "redo": editor.redo,
            "find": self._find,
            "find_node": self._find_node,
            "commands": self.open_palette,
            "save_block": partial(self._with_selected, canvas.save_block_requested.emit),
            "welcome": self._show_welcome,
            "export_drawing": self._export_drawing,
            "next_tab": partial(window.editor.step, 1),
            "previous_tab": partial(window.editor.step, -1),
            "close_tab": lambda: self._committed(files.close),
            **commands.slots(canvas),
            "next_panel": partial(self._areas.step, 1),
            "previous_panel": partial(self._areas.step, -1),
            "theme": lambda: window.set_theme("light" if theme.current().is_dark else "dark"),
            "full_screen": self._toggle_full_screen,
            "train": lambda: self._committed(runs.train),
            "step": lambda: self._committed(runs.step),
            "stop": runs.stop,
            "apply_to_run": lambda: self._committed(window.changes.apply),
            "queue": lambda: self._committed(runs.enqueue),
            **self._run_slots(),
            "run_settings": window.top_bar.open_run_settings,
            "keys": self._show_keys,
            "about": self._show_about,
        }
        for name in TOGGLED:
            slots[name] = partial(self._toggle, name)
        for key, page in PAGES.items():
            slots[key] = partial(window.show_page, page)
        return slots

    def _run_slots(self) -> Mapping[str, Callable[[], object]]:
        """What is done with the runs that are kept."""
        desk, panel = self._window.desk, self._window.views.runs
        files = RunFiles(desk, self._window)
        return {
            "run_open": desk.open,
            "run_resume": desk.resume,
            "run_export": files.export,
            "run_rename": partial(self._on_runs, panel.rename),
            "run_tags": partial(self._on_runs, panel.edit_tags),
            "run_notes": partial(self._on_runs, panel.write_notes),
            "run_pin": desk.pin,
            "run_hide": desk.hide,
            "run_compare": partial(self._on_runs, panel.compare),
            "run_csv": files.csv,
            "run_tensorboard": files.tensorboard,
            "run_up": partial(desk.move, -1),
            "run_down": partial(desk.move, 1),
            "run_find": partial(self._on_runs, panel.search.setFocus),
            "run_sort": panel.table.sort_next,
            "run_turn": lambda: panel.table.sort_by(panel.model.shelf.column),
            "run_delete": desk.delete,
            "run_undelete": desk.restore,
        }

    def _on_runs(self, act: Callable[[], object]) -> None:
        """Bring the runs to the front before something is typed there."""
        self._window.show_page("Runs")
        act()

    def _name_run_actions(self) -> None:
        """Pinning and hiding are turned round where all of the selected runs are pinned or hidden."""
        runs, table = self._window.views.runs.selected, self._window.actions_table
        is_pinned, is_hidden = (all(getattr(run, name) for run in runs) for name in ("is_pinned", "is_hidden"))
        table["run_pin"].setText("Unpin" if runs and is_pinned else table.spec("run_pin").text)
        table["run_hide"].setText("Show again" if runs and is_hidden else table.spec("run_hide").text)

    def _open_runs_menu(self, at: QPoint) -> None:
        menu = self._window.actions_table.menu("Runs", self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _panels(self) -> Sequence[QWidget]:
        """What the keyboard goes through panel by panel, from top to bottom."""
        window, views, page = self._window, self._window.views, self._window.welcome.page
        work = (views.palette, views.canvas, views.inspector, views.dock)
        middle = (page,) if page is not None and window.welcome.is_shown else work
        return (window.top_bar, *window.strips, *middle, window.status_bar)

    def _with_selected(self, act: Callable[[str], object]) -> None:
        for key in self._window.views.selection:
            act(key)

    def _committed(self, act: Callable[[], object]) -> None:
        """Read what is still being typed before something is done with the document."""
        self._window.views.commit()
        act()

    def _find(self) -> None:
        self._window.set_panel("palette", is_shown=True)
        self._window.views.palette.focus_search()

    def _find_node(self) -> None:
        """Search the nodes of the network, in all blocks, by name, kind or what is written to them."""
        CommandPalette(self._entries.nodes, self._window, "Find a node by its name, kind or comment").open()

    def _show_welcome(self) -> None:
        """Show recent networks and the gallery."""
        self._window.welcome.show()

    def _export_drawing(self) -> None:
        """Ask for a file and draw into it what is on the canvas."""
        from netloom.ui.canvas.drawing import Part
        from netloom.ui.drawing_export import DrawingExport

        window, marked = self._window, self._window.views.canvas.marked
        part = Part(marked.nodes, marked.remarks) if marked.nodes or marked.remarks else None
        editor = window.editor
        sheet = DrawingExport(window.views.canvas.graph_scene, part, editor.name, window.files.folder, window)
        sheet.exported.connect(lambda path: editor.message_requested.emit(f"{path.name} is written.", "info"))
        sheet.open()

    def _toggle(self, name: Panel) -> None:
        self._window.set_panel(name, is_shown=self._window.frame.panels[name].isHidden())

    def _toggle_full_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def pick_template(self) -> None:
        """Show the gallery of templates."""
        from netloom.ui.template_picker import TemplatePicker

        picker = TemplatePicker(self._window)
        picker.chosen.connect(self._window.files.start_from)
        picker.open()

    def export(self) -> None:
        """Show the export dialog."""
        from netloom.ui.export_dialog import ExportDialog

        self._window.views.commit()
        editor = self._window.editor
        dialog = ExportDialog(editor.document, editor.plan, editor.name, self._window.files.folder, self._window)
        dialog.open()

    def _show_keys(self) -> None:
        from netloom.ui.key_sheet import KeySheet

        sheet = KeySheet(self._window.settings.keys, self._window)
        sheet.keys_changed.connect(self._window.set_keys)
        sheet.open()

    def _show_about(self) -> None:
        from netloom.ui.about import About

        About(self._window).open()

    def open_palette(self) -> None:
        """Open the field over everything that can be done."""
        CommandPalette(self._entries.found, self._window).open()
