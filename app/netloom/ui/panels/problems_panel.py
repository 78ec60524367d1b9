"""The list of what is wrong, each with the way to its node and the buttons that put it right."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from netloom.compiler.plan import Fix, Plan, Problem
from netloom.ui import theme, widgets
from netloom.ui.panels import amounts
from netloom.ui.panels.node_facts import found
from netloom.ui.panels.problem_card import SeverityIcon, fix_button
from netloom.ui.panels.texts import Line, Words

ROW_HEIGHT = 36
NAME_WIDTH = 112
MOST_ROWS = 200


class ProblemRow(QWidget):
    """One problem in one line. `opened` asks for its node, `fix_requested` carries the Fix that was pressed."""

    opened = Signal()
    fix_requested = Signal(object)
    moved = Signal(int)

    def __init__(self, problem: Problem, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem, self.name = problem, name
        self.setObjectName(f"problem_{name}")
        self.setAccessibleName(f"{problem.severity} in {name}: {problem.message}")
        self.setFixedHeight(ROW_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(SeverityIcon(problem.severity))
        title, message = Line(name, "strong"), Line(problem.message, "body", "text-2")
        title.setFixedWidth(NAME_WIDTH)
        row.addWidget(title)
        row.addWidget(message, 1)
        for fix in problem.fixes:
            row.addWidget(self._button(fix))

    def _button(self, fix: Fix) -> QWidget:
        button = fix_button(fix)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.clicked.connect(lambda: self.fix_requested.emit(fix))
        return button

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click leads to the node."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter leads to the node, arrows to the next problem."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        elif event.key() in steps:
            self.moved.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the ground."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the ground away."""
        super().leaveEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground under the mouse and the ring of the keyboard."""
        if not (self.underMouse() or self.hasFocus()):
            return
        look, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(look.color("hover") if self.underMouse() else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.color("accent"), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(4.5, 0.5, -4.5, -0.5), 4, 4)


class ProblemsPanel(QWidget):
    """Shows the problems of a plan. `node_requested` leads to a node, `patch_requested` carries a fix's Patch."""

    node_requested = Signal(str)
    patch_requested = Signal(object)
    count_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self.setAccessibleName("Problems")
        widgets.surface(self, "panel")
        self._shown: list[tuple[Problem, str]] = []
        self._rows: list[ProblemRow] = []
        self._empty = Words("No problems.", role="body")
        self._empty.setObjectName("problems_empty")
        self._empty.setContentsMargins(16, 12, 16, 12)
        self._more = widgets.Caption()
        self._more.setContentsMargins(16, 4, 16, 4)
        self._more.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        body = QWidget()
        self._list = QVBoxLayout(body)
        self._list.setContentsMargins(0, 4, 0, 4)
        self._list.setSpacing(0)
        for widget in (self._empty, self._more):
            self._list.addWidget(widget)
        self._list.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)

    @property
    def count(self) -> int:
        """How many problems there are."""
        return len(self._shown)

    @property
    def rows(self) -> Sequence[ProblemRow]:
        """The rows that are shown, errors first."""
        return self._rows

    def set_plan(self, plan: Plan) -> None:
        """Show the problems of a plan; where they are the same as before nothing moves."""
        problems = sorted(plan.problems, key=lambda problem: problem.severity != "error")
        shown = [(problem, _name(plan, problem)) for problem in problems]
        self._empty.setText(f"No problems. {amounts.totals(plan.parameters, plan.macs)}.")
        self._empty.setVisible(not shown)
        before, self._shown = len(self._shown), shown
        if self.isVisible():
            self._fill()
        if before != len(shown):
            self.count_changed.emit(len(shown))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while the panel was hidden."""
        super().showEvent(event)
        self._fill()

    def _fill(self) -> None:
        focused = next((index for index, row in enumerate(self._rows) if row.hasFocus()), None)
        old = list(self._rows)
        self._rows = [_kept(old, *entry) or self._row(*entry) for entry in self._shown[:MOST_ROWS]]
        for row in old:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for index, row in enumerate(self._rows):
            if self._list.indexOf(row) != index:
                self._list.removeWidget(row)
                self._list.insertWidget(index, row)
                row.show()
        self._tell_rest()
        if focused is not None and self._rows:
            self._rows[min(focused, len(self._rows) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell_rest(self) -> None:
        rest = len(self._shown) - len(self._rows)
        self._more.setText(f"And {rest:,} more.")
        self._more.setVisible(rest > 0)

    def _row(self, problem: Problem, name: str) -> ProblemRow:
        row = ProblemRow(problem, name)
        row.opened.connect(lambda: self.node_requested.emit(problem.node))
        row.fix_requested.connect(lambda fix: self.patch_requested.emit(fix.patch))
        row.moved.connect(lambda steps: self._move(row, steps))
        return row

    def _move(self, row: ProblemRow, steps: int) -> None:
        index = self._rows.index(row) + steps
        if 0 <= index < len(self._rows):
            self._rows[index].setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.ensureWidgetVisible(self._rows[index], 0, 0)


def _kept(rows: list[ProblemRow], problem: Problem, name: str) -> ProblemRow | None:
    """Take the row that shows this already out of those that are left."""
    for index, row in enumerate(rows):
        if row.name == name and row.problem == problem:
            return rows.pop(index)
    return None


def _name(plan: Plan, problem: Problem) -> str:
    item = found(plan, problem.node)
    return item.node.name if item else problem.node
