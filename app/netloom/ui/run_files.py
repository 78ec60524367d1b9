"""Takes runs out of the store: as a model, as a table, as event files."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from netloom.runs import RunRecord
from netloom.ui import dialogs
from netloom.ui.runs_desk import RunsDesk
from netloom.ui.words import counted

if TYPE_CHECKING:
    from netloom.ui.main_window import MainWindow


class RunFiles:
    """Asks where to, and lets it be written."""

    def __init__(self, desk: RunsDesk, window: "MainWindow") -> None:
        self._desk, self._window = desk, window

    def export(self) -> None:
        """Show the export dialog for the network of the selected run, with its weights."""
        self._desk.with_record(self._export)

    def _export(self, record: RunRecord) -> None:
        from netloom.compiler.planner import Planner
        from netloom.ui.export_dialog import ExportDialog

        document = record.document
        if record.weights is None:
            told = f"{record.name} has left no weights. Go on with it, or train its network anew."
            self._window.say(told, "warning")
            return
        plan = Planner().plan(document.graph, document.training.batch_size)
        dialog = ExportDialog(document, plan, record.name, self._window.files.folder, self._window)
        dialog.choose_weights(record.weights)
        dialog.open()

    def csv(self) -> None:
        """Ask for a file and write the curves of the selected runs into it."""
        path = dialogs.ask_export(self._window, self._folder / f"{self._name}.csv")
        if path is not None:
            self._desk.write(lambda runs: _csv(runs, path))

    def tensorboard(self) -> None:
        """Ask for a folder and write event files of the selected runs into it."""
        folder = dialogs.ask_folder(self._window, "Folder for TensorBoard files", self._folder)
        if folder is not None:
            self._desk.write(lambda runs: _events(runs, folder))

    @property
    def _folder(self) -> Path:
        return self._window.files.folder

    @property
    def _name(self) -> str:
        runs = self._desk.panel.selected
        return (runs[0].name or runs[0].id) if len(runs) == 1 else "runs"


def _csv(runs: Sequence[RunRecord], path: Path) -> str:
    from netloom.runs.download import write_csv

    write_csv(runs, path)
    return f"{path.name} is written, with {counted(len(runs), 'run')}."


def _events(runs: Sequence[RunRecord], folder: Path) -> str:
    from netloom.runs.tensorboard import write_events

    for run in runs:
        write_events(run, folder)
    return f"{counted(len(runs), 'run')} written. Look at them with: tensorboard --logdir {folder}"
