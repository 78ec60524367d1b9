"""What a run has said, line by line."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from netloom.training.events import Logged
from netloom.ui import icons, theme, widgets
from netloom.ui.panels.log_model import LINE_ROLE, LogLine, LogModel, local_time
from netloom.ui.panels.problem_card import ICONS
from netloom.ui.panels.texts import Words, place_in_corner

ROW_HEIGHT = 24
PADDING = 4
TIME_LEFT = 12
ICON_LEFT = 76
TEXT_LEFT = 100
RIGHT = 124
"""Room beside the words, in which the button lies over the list."""
WRAP = int(Qt.TextFlag.TextWordWrap)

Index = QModelIndex | QPersistentModelIndex


class LogDelegate(QStyledItemDelegate):
    """Time, icon and words of a line; long words wrap."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """As many lines of text as are needed."""
        room = QRect(0, 0, max(self._view.viewport().width() - TEXT_LEFT - RIGHT, 40), 1 << 20)
        line: LogLine = index.data(LINE_ROLE)
        height = QFontMetrics(theme.font("body")).boundingRect(room, WRAP, line.logged.text).height()
        return QSize(0, max(ROW_HEIGHT, height + 2 * PADDING))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One line."""
        look, rect, line = theme.current(), option.rect, index.data(LINE_ROLE)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.color("accent-soft"))
        room = rect.adjusted(TEXT_LEFT, PADDING, -RIGHT, 0)
        painter.setFont(theme.font("shape"))
        painter.setPen(look.color("text-3"))
        painter.drawText(
            QRect(TIME_LEFT, rect.top() + PADDING, ICON_LEFT, 16), Qt.AlignmentFlag.AlignVCenter, line.clock
        )
        severity = line.logged.severity
        if severity in ICONS:
            painter.drawPixmap(ICON_LEFT, rect.top() + PADDING, icons.pixmap(ICONS[severity], 16, severity))
        painter.setFont(theme.font("body"))
        painter.setPen(look.color("text-2" if severity == "info" else "text"))
        painter.drawText(room, WRAP, line.logged.text)
        painter.restore()


class LogView(QListView):
    """The lines. It stays at the end until somebody scrolls up; Ctrl+C copies what is selected."""

    def __init__(self, model: LogModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("log_lines")
        self.setAccessibleName("Log")
        self._lines = model
        self._is_at_end = True
        self.setModel(model)
        self.setItemDelegate(LogDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._note_place)
        bar.rangeChanged.connect(self._follow_end)
        theme.signals.changed.connect(self.viewport().update)

    def _note_place(self, value: int) -> None:
        self._is_at_end = value >= self.verticalScrollBar().maximum() - PADDING

    def _follow_end(self, _low: int, high: int) -> None:
        if self._is_at_end:
            self.verticalScrollBar().setValue(high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Long lines wrap anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def selected_text(self) -> str:
        """The selected lines, or all of them where none is."""
        rows = sorted(index.row() for index in self.selectedIndexes()) or range(len(self._lines.lines))
        return "\n".join(str(self._lines.lines[row]) for row in rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the selected lines."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self.selected_text())
        else:
            super().keyPressEvent(event)


class LogPanel(QWidget):
    """Shows the log of the run. `clock` tells the time at which a line is first seen."""

    def __init__(self, parent: QWidget | None = None, *, clock: Callable[[], datetime] = local_time) -> None:
        super().__init__(parent)
        self.setObjectName("log")
        self.setAccessibleName("Log")
        widgets.surface(self, "panel")
        self._model = LogModel(clock)
        self._model.setParent(self)
        self.view = LogView(self._model)
        self._empty = Words("What a run has to say stands here. Press Train.", role="body")
        self._empty.setContentsMargins(16, 12, 16, 12)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.copy_button = widgets.Button("Copy log", "copy", parent=self)
        self.copy_button.setObjectName("copy_log")
        self.copy_button.clicked.connect(lambda: QApplication.clipboard().setText(self.view.selected_text()))
        self._lay_out()
        self._synchronize()

    def _lay_out(self) -> None:
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button in its corner."""
        super().resizeEvent(event)
        place_in_corner(self.copy_button)

    def set_log(self, log: Sequence[Logged]) -> None:
        """Show a log; of one that has grown only what is new is taken over."""
        self._model.follow(log)
        self._synchronize()

    def _synchronize(self) -> None:
        count = len(self._model.lines)
        self._stack.setCurrentWidget(self.view if count else self._empty)
        self.copy_button.setVisible(count > 0)
        self.copy_button.raise_()
