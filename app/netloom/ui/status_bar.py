"""The line at the bottom: problems and cost, what was last said, and on the right the run and the file."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from netloom.compiler.plan import Plan
from netloom.ui import icons, theme
from netloom.ui.panels import amounts
from netloom.ui.widgets import set_tone, surface
from netloom.ui.words import counted

HEIGHT = 24
MESSAGE_MS = 8_000


class StatusBar(QWidget):
    """Shows what is asked for; `problems_requested` says that the count of problems was pressed."""

    problems_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status-bar")
        self.setAccessibleName("Status")
        surface(self, "window")
        self.setFixedHeight(HEIGHT)
        self._severity = "ok"
        self._said = "info"
        self._problems = self._problem_button()
        self._parameters, self._macs = _label("parameters"), _label("macs")
        self._message = _label("message")
        self._message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._speed, self._device, self._saved = _label("speed"), _label("device"), _label("saved")
        self._lay_out()
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(MESSAGE_MS)
        self._forget.timeout.connect(self._message.clear)
        theme.signals.changed.connect(self.restyle)
        self.restyle()

    def _problem_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("status-problems")
        button.setAccessibleDescription("Shows the problems")
        button.setAutoRaise(True)
        button.setFont(theme.font("caption"))
        button.setIconSize(QSize(14, 14))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.clicked.connect(self.problems_requested)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 16, 0)
        row.setSpacing(20)
        for label in (self._problems, self._parameters, self._macs):
            row.addWidget(label)
        row.addWidget(self._message, 1)
        for label in (self._speed, self._device, self._saved):
            row.addWidget(label)

    def set_plan(self, plan: Plan) -> None:
        """Show how many problems there are and what the network costs."""
        errors = sum(problem.severity == "error" for problem in plan.problems)
        before, self._severity = self._severity, "error" if errors else "warning" if plan.problems else "ok"
        words = counted(len(plan.problems), "problem") if plan.problems else "No problems"
        self._problems.setText(f" {words}")
        self._problems.setAccessibleName(words)
        noun = "parameter" if plan.parameters == 1 else "parameters"
        self._parameters.setText(f"{amounts.exact(plan.parameters)} {noun}")
        self._macs.setText(f"{amounts.short(plan.macs)} MACs")
        if self._severity != before:
            self.restyle()

    def say(self, text: str, severity: str = "info") -> None:
        """Show a sentence for some seconds; an error stays until the next one."""
        self._message.setText(text)
        self._message.setToolTip(text)
        self._said = severity
        self.restyle()
        self._forget.stop()
        if severity != "error":
            self._forget.start()

    @property
    def message(self) -> str:
        """The sentence that is shown."""
        return self._message.text()

    def set_speed(self, samples_per_second: float | None) -> None:
        """Show how fast the run is, or nothing."""
        self._speed.setText(f"{samples_per_second:,.0f} samples/s" if samples_per_second else "")

    def set_device(self, text: str, tip: str = "") -> None:
        """Show where the run computes, and why there."""
        self._device.setText(text)
        self._device.setToolTip(tip)

    def set_saved(self, text: str) -> None:
        """Show how the file stands."""
        self._saved.setText(text)

    def restyle(self) -> None:
        """Take the colours of the theme."""
        name, colour = {
            "ok": ("circle-check", "text-2"),
            "warning": ("triangle-alert", "warning"),
            "error": ("circle-alert", "error"),
        }[self._severity]
        self._problems.setIcon(icons.icon(name, colour))
        set_tone(self._message, "tone", self._said if self._said in ("error", "warning") else None)


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(f"status-{name}")
    label.setFont(theme.font("caption"))
    label.setProperty("level", "2")
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
