"""Paints the rows of the table of runs."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from netloom.runs import RunLine
from netloom.ui import icons, strokes, theme
from netloom.ui.panels.run_cells import COLUMNS, NAME, STATE, TAGS, Line, QueueLine, cell, state
from netloom.ui.panels.runs_model import RunsModel

PADDING = 8
STROKE_LEFT, STROKE = 12, 16
ICON, PIN = 16, 14
CHIP_GAP, CHIP_PADDING, CHIP_HEIGHT = 4, 6, 16
BRIGHT = (NAME, 2, 3)
"""Columns in the first text level."""

Index = QModelIndex | QPersistentModelIndex


class RunsDelegate(QStyledItemDelegate):
    """State as an icon, the curve's dash before it, tags as chips; the ground says what is selected."""

    def __init__(self, model: RunsModel, view: QTableView) -> None:
        super().__init__(view)
        self._model, self._view = model, view
        self.hovered = -1

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One cell."""
        line, rect, column = self._model.rows[index.row()], option.rect, index.column()
        painter.save()
        self._draw_ground(painter, rect, index)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if column == STATE:
            self._draw_state(painter, rect, line)
        elif column == TAGS and isinstance(line, RunLine):
            _draw_tags(painter, rect, line)
        else:
            self._draw_words(painter, rect, line, column)
        painter.restore()

    def _draw_ground(self, painter: QPainter, rect: QRect, index: Index) -> None:
        look, row, has_keys = theme.current(), index.row(), self._view.hasFocus()
        if self._view.selectionModel().isRowSelected(row, QModelIndex()):
            painter.fillRect(rect, look.color("accent-soft" if has_keys else "hover"))
        elif row == self.hovered:
            painter.fillRect(rect, look.color("hover"))
        if has_keys and index.column() == STATE and row == self._view.currentIndex().row():
            painter.fillRect(QRect(rect.left(), rect.top(), 2, rect.height()), look.color("accent"))

    def _draw_state(self, painter: QPainter, rect: QRect, line: Line) -> None:
        found, middle = state(line), rect.center().y() + 1
        place = self._model.strokes.get(line.id)
        if place is not None:
            strokes.draw_sample(painter, rect.left() + STROKE_LEFT, middle, STROKE, place)
        left = rect.left() + STROKE_LEFT + STROKE + PADDING
        painter.drawPixmap(left, middle - ICON // 2, icons.pixmap(found.icon, ICON, found.color))

    def _draw_words(self, painter: QPainter, rect: QRect, line: Line, column: int) -> None:
        room = rect.adjusted(PADDING, 0, -PADDING, 0)
        if column == NAME and isinstance(line, RunLine) and line.is_pinned:
            place = room.right() - PIN, rect.center().y() - PIN // 2 + 1
            painter.drawPixmap(*place, icons.pixmap("pin", PIN, "text-3"))
            room = room.adjusted(0, 0, -PIN - PADDING, 0)
        quiet = "text-3" if isinstance(line, QueueLine) else "text-2"
        painter.setFont(theme.font("body"))
        painter.setPen(theme.current().color("text" if column in BRIGHT else quiet))
        words = painter.fontMetrics().elidedText(cell(line, column), Qt.TextElideMode.ElideRight, room.width())
        side = Qt.AlignmentFlag.AlignRight if COLUMNS[column].is_number else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, words)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line over the cell."""
        line = QLineEdit(parent)
        line.setObjectName("run-name-line" if index.column() == NAME else "run-tags-line")
        line.setAccessibleName("Name of the run" if index.column() == NAME else "Tags, divided by commas")
        line.setPlaceholderText("" if index.column() == NAME else "paper, baseline")
        line.setFont(theme.font("body"))
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with the words of the cell, all of them selected."""
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Ask for the new words."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """A line is a little higher than a row, and wide enough to type in."""
        rect = option.rect.adjusted(0, -2, 0, 2)
        editor.setGeometry(rect.x(), rect.y(), max(rect.width(), 160), rect.height())


def _draw_tags(painter: QPainter, rect: QRect, line: RunLine) -> None:
    """Chips, as many as there is room for; the last one may be cut short."""
    look, left, font = theme.current(), rect.left() + PADDING, theme.font("caption")
    painter.setFont(font)
    for tag in line.tags:
        room = rect.right() - PADDING - left - 2 * CHIP_PADDING
        if room < ICON:
            return
        words = QFontMetrics(font).elidedText(tag, Qt.TextElideMode.ElideRight, room)
        wide = QFontMetrics(font).horizontalAdvance(words) + 2 * CHIP_PADDING
        chip = QRectF(left, rect.center().y() - CHIP_HEIGHT / 2 + 1, wide, CHIP_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("pressed"))
        painter.drawRoundedRect(chip, theme.radius("field"), theme.radius("field"))
        painter.setPen(look.color("text-2"))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, words)
        left += wide + CHIP_GAP
