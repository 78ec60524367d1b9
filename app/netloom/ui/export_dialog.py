"""The export dialog: what, with which weights, where to; and whether the file gives the same numbers."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from netloom.compiler.plan import Plan
from netloom.compiler.source import source
from netloom.graph import Document
from netloom.runs import RunLine, Store
from netloom.ui import dialogs, theme
from netloom.ui.choice_row import ChoiceRow
from netloom.ui.export_job import ExportJob
from netloom.ui.panels.code_colours import CodeColours
from netloom.ui.sheet import SHADOW, Sheet
from netloom.ui.widgets import Button, Hairline, set_tone, surface
from netloom.ui.words import best_score, counted, tiny

if TYPE_CHECKING:
    from netloom.exchange import ExportReport

SIZE = (820, 560)
UNTRAINED = "Untrained weights"


@dataclass(frozen=True, slots=True)
class Format:
    """One way to take a network away."""

    suffix: str
    title: str
    detail: str
    icon: str
    text: str


FORMATS = (
    Format(".py", "PyTorch code", "one .py and its weights, needs only torch", "file-code", ""),
    Format(
        ".onnx",
        "ONNX",
        "any runtime, batch stays free",
        "share-2",
        "One file that ONNX Runtime, TensorRT, OpenVINO, browsers and phones can run. The batch has no fixed size.",
    ),
    Format(
        ".pt2",
        "PyTorch program",
        ".pt2 for torch.export",
        "box",
        "The network as a program that torch.export.load opens, without this class and without Netloom.",
    ),
    Format(
        ".safetensors",
        "Weights only",
        "named tensors, no code",
        "hard-drive",
        "The tensors under the names of the PyTorch code, in a format that cannot run anything when it is opened.",
    ),
)


class ExportDialog(Sheet):
    """Exports one document. `exported` carries the report of each file that was written."""

    exported = Signal(object)

    def __init__(self, document: Document, plan: Plan, name: str, folder: Path, parent: QWidget) -> None:
        super().__init__(f"Export {name}", "export-dialog", parent)
        self._document = document
        self._plan = plan
        self._name = name
        self._folder = folder
        self._job: ExportJob | None = None
        self._leaving = False
        self._group = QButtonGroup(self)
        self.weights = self._weights_chooser()
        self.path = QLineEdit(self)
        self.outcome = QLabel(self)
        self.button = Button("Export file", primary=True, parent=self)
        self._copy = Button("Copy code", "copy", parent=self)
        self._change = Button("Change…", parent=self)
        self._pages = QStackedWidget(self)
        self.resize(SIZE[0] + 2 * SHADOW, SIZE[1] + 2 * SHADOW)
        self._fill()
        self._connect()
        self._group.buttons()[0].setChecked(True)
        self._group.buttons()[0].setFocus()
        self._show_format(0)
        self._refuse_errors()

    def _weights_chooser(self) -> QComboBox:
        chooser = QComboBox(self)
        chooser.setObjectName("export-weights")
        chooser.setAccessibleName("Weights")
        chooser.setMinimumWidth(240)
        for run in Store().trained(self._document):
            chooser.addItem(run_words(run), run.weights)
        chooser.addItem(UNTRAINED, None)
        self.corner.addWidget(chooser)
        return chooser

    def choose_weights(self, weights: Path) -> None:
        """Take these weights, where they are offered."""
        place = next((row for row in range(self.weights.count()) if self.weights.itemData(row) == weights), None)
        if place is not None:
            self.weights.setCurrentIndex(place)

    def _fill(self) -> None:
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(0)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addLayout(self._format_list())
        upper.addWidget(Hairline(Qt.Orientation.Vertical, self))
        upper.addLayout(self._right_side(), 1)
        self.body.addLayout(upper, 1)
        self.body.addWidget(Hairline(parent=self))
        self.body.addLayout(self._bottom())

    def _format_list(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(8, 12, 8, 12)
        column.setSpacing(2)
        for number, form in enumerate(FORMATS):
            row = ChoiceRow(form.icon, form.title, form.detail, self)
            row.setObjectName(f"format{form.suffix}")
            row.setFixedWidth(256)
            self._group.addButton(row, number)
            column.addWidget(row)
            self._pages.addWidget(self._code_page() if form.suffix == ".py" else self._text_page(form))
        column.addStretch(1)
        return column

    def _right_side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._pages, 1)
        self.outcome.setObjectName("export-result")
        self.outcome.setWordWrap(True)
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self.outcome.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.outcome.setContentsMargins(12, 8, 12, 8)
        self.outcome.setFont(theme.font("body"))
        self.outcome.hide()
        column.addWidget(self.outcome)
        return column

    def _code_page(self) -> QWidget:
        page = QPlainTextEdit(self)
        page.setObjectName("export-code")
        page.setAccessibleName("PyTorch code")
        page.setReadOnly(True)
        page.setFont(theme.font("code"))
        page.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        page.setTabChangesFocus(True)
        surface(page, "well")
        self._colours = CodeColours(page.document())
        text = source(self._plan).text
        self._colours.read(text)
        page.setPlainText(text)
        return page

    def _text_page(self, form: Format) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        words = QLabel(form.text, page)
        words.setWordWrap(True)
        words.setFont(theme.font("field"))
        column.addWidget(words)
        shapes = QLabel(self._boundary(), page)
        shapes.setFont(theme.font("code"))
        shapes.setContentsMargins(12, 8, 12, 8)
        surface(shapes, "well")
        column.addWidget(shapes)
        checked = QLabel("The file is compared with the model on held-out samples before it is put in place.", page)
        checked.setWordWrap(True)
        checked.setProperty("level", "2")
        column.addWidget(checked)
        column.addStretch(1)
        return page

    def _boundary(self) -> str:
        flows = [
            (word, name, flow)
            for word, part in (("in ", self._plan.inputs), ("out", self._plan.outputs))
            for name, flow in part.items()
        ]
        width = max((len(name) for _, name, _ in flows), default=0)
        return "\n".join(f"{word}  {name:<{width}}  {flow} {flow.dtype}" for word, name, flow in flows)

    def _bottom(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(8)
        self.path.setObjectName("export-path")
        self.path.setAccessibleName("File")
        self.path.setFont(theme.font("shape"))
        self.button.setObjectName("export-file")
        row.addWidget(self.path, 1)
        for button in (self._change, self._copy, self.button):
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        self._group.idClicked.connect(self._show_format)
        self._change.clicked.connect(self._change_path)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(source(self._plan).text))
        self.button.clicked.connect(self._press)
        self.path.returnPressed.connect(self._press)

    def _show_format(self, number: int) -> None:
        form = FORMATS[number]
        self._pages.setCurrentIndex(number)
        self._copy.setVisible(form.suffix == ".py")
        old = Path(self.path.text())
        stem = old.with_suffix("") if self.path.text() else self._folder / self._name
        self.path.setText(short_path(stem.with_name(stem.name + form.suffix)))
        self._hide_result()

    def _change_path(self) -> None:
        path = dialogs.ask_export(self, Path(self.path.text()).expanduser())
        if path:
            self.path.setText(short_path(path))

    def _refuse_errors(self) -> None:
        problem = next((problem for problem in self._plan.problems if problem.severity == "error"), None)
        if problem is not None:
            self.button.setEnabled(False)
            self._show_result(f"Not ready to export: {problem.message}", "error")

    def _press(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.button.setEnabled(False)
        elif self.button.isEnabled():
            self._begin()

    def _begin(self) -> None:
        job = ExportJob(self._document, Path(self.path.text()).expanduser(), self.weights.currentData())
        job.stage_changed.connect(lambda stage: self._show_result(f"{stage} …", None))
        job.done.connect(self._show_report)
        job.failed.connect(self._show_failure)
        self._job = job
        self.button.setText("Cancel")
        self._set_enabled(is_enabled=False)
        self._show_result("Loading PyTorch …", None)
        job.start()

    def _set_enabled(self, *, is_enabled: bool) -> None:
        for widget in (*self._group.buttons(), self.weights, self.path, self._change):
            widget.setEnabled(is_enabled)

    def _end(self) -> None:
        if self._job is not None:
            self._job.join(10)
        self._job = None
        self.button.setText("Export file")
        self.button.setEnabled(True)
        self._set_enabled(is_enabled=True)
        if self._leaving:
            super().reject()

    def _show_report(self, report: "ExportReport") -> None:
        self._end()
        self._show_result(report_words(report, is_trained=self.weights.currentData() is not None), "ok")
        self.exported.emit(report)

    def _show_failure(self, text: str) -> None:
        self._end()
        self._show_result(text or "Cancelled. Nothing was written.", "error" if text else None)

    def _show_result(self, text: str, tone: str | None) -> None:
        self.outcome.setText(text)
        set_tone(self.outcome, "tone", tone)
        set_tone(self.outcome, "soft", tone)
        self.outcome.show()

    def _hide_result(self) -> None:
        if self.button.isEnabled():
            self.outcome.hide()

    def reject(self) -> None:
        """Close; an export that goes on is cancelled first."""
        if self._job is None:
            super().reject()
        else:
            self._leaving = True
            self._job.cancel()


def run_words(run: RunLine) -> str:
    """A run in a list: when it was, how far it came, how well."""
    began = QDateTime.fromString(run.started, Qt.DateFormat.ISODateWithMs).toLocalTime()
    is_today = began.date() == QDate.currentDate()
    day = "today" if is_today else QLocale.c().toString(began.date(), "d MMM yyyy")
    score = best_score(run.metrics.get("val", {}))
    words = f"Run of {day} {began.toString('HH:mm')}, {counted(run.epochs, 'epoch')}"
    return f"{words}, {score}" if score else words


def short_path(path: Path) -> str:
    """A path as people write it, with ~ for their own folder."""
    home = Path.home()
    return str(Path("~") / path.relative_to(home)) if path.is_relative_to(home) else str(path)


def report_words(report: "ExportReport", *, is_trained: bool) -> str:
    """Whether the file gives the same numbers."""
    model = "trained" if is_trained else "untrained"
    if report.largest_difference is None:
        return report.message
    return (
        f"Same numbers as the {model} model, largest difference {tiny(report.largest_difference)} "
        f"on {report.samples:,} samples. Written to {report.path.name}."
    )
