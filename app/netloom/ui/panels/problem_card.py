"""One problem: an icon and a sentence, and a button for each thing that can be done about it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from netloom.compiler.plan import Fix, Problem
from netloom.ui import icons, theme, widgets
from netloom.ui.panels.texts import Words

ICONS = {"error": "circle-alert", "warning": "triangle-alert"}


class SeverityIcon(QLabel):
    """The icon of a severity, in its colour."""

    def __init__(self, severity: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._severity = severity
        self.setFixedSize(16, 16)
        self.setAccessibleName(severity)
        self._restyle()
        theme.signals.changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.setPixmap(icons.pixmap(ICONS[self._severity], 16, self._severity))


def fix_button(fix: Fix) -> widgets.Button:
    """The button that says what a fix will do."""
    button = widgets.Button(fix.label, "wand-sparkles")
    button.setObjectName(f"fix_{fix.label}")
    button.setToolTip(fix.patch.label)
    return button


class ProblemCard(QWidget):
    """A problem of the node that is shown, on its soft ground. `fix_requested` carries the Fix that was pressed."""

    fix_requested = Signal(object)

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = problem
        self.setProperty("soft", problem.severity)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(f"{problem.severity}: {problem.message}")
        sentence = Words(problem.message, role="body")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(SeverityIcon(problem.severity), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(sentence, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addLayout(line)
        self._add_fixes(column)

    def _add_fixes(self, column: QLayout) -> None:
        for fix in self.problem.fixes:
            button = fix_button(fix)
            button.clicked.connect(partial(self.fix_requested.emit, fix))
            column.addWidget(button)
