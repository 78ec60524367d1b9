"""Paints the rows of the palette: glyph, name, count, and a plus sign where the mouse is."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from netloom.ui import icons, theme
from netloom.ui.panels.palette_model import CATEGORY_ROLE, COUNT_ROLE, ROW_ROLE, glyph_name, spec_of

ROW_HEIGHT = 24
TITLE_HEIGHT = 28
EMPTY_HEIGHT = 72
EDGE = 12
CHEVRON_LEFT = 8
GLYPH_LEFT = 28
TEXT_LEFT = 52
MEMBER_LEFT = 32
PLUS = 28

Index = QModelIndex | QPersistentModelIndex


def plus_rect(row: QRect) -> QRect:
    """Where the plus sign of a row is."""
    return QRect(row.right() - PLUS, row.top(), PLUS, row.height())


class PaletteDelegate(QStyledItemDelegate):
    """Rows of 24 pixels; the row under the mouse or the keyboard has a ground of its own."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Titles have room above them."""
        heights = {"title": TITLE_HEIGHT, "empty": EMPTY_HEIGHT}
        return QSize(0, heights.get(index.data(ROW_ROLE), ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row, rect = index.data(ROW_ROLE), option.rect
        if row in ("title", "empty"):
            _paint_words(painter, rect, index, is_title=row == "title")
        else:
            _paint_ground(painter, rect, option)
            if row == "category":
                self._paint_category(painter, rect, index)
            else:
                _paint_kind(painter, rect, index, option)
        painter.restore()

    def _paint_category(self, painter: QPainter, rect: QRect, index: Index) -> None:
        view = self.parent()
        is_open = isinstance(view, QTreeView) and view.isExpanded(index)
        look = theme.current()
        chevron = icons.pixmap("chevron-down" if is_open else "chevron-right", 14, "text-3")
        painter.drawPixmap(rect.left() + CHEVRON_LEFT, rect.top() + 5, chevron)
        painter.drawPixmap(rect.left() + GLYPH_LEFT, rect.top() + 4, icons.glyph(index.data(CATEGORY_ROLE), 16))
        font = theme.font("body")
        font.setWeight(QFont.Weight.Medium if is_open else QFont.Weight.Normal)
        count = str(index.data(COUNT_ROLE))
        painter.setFont(theme.font("shape"))
        painter.setPen(look.color("text-3"))
        room = rect.adjusted(TEXT_LEFT, 0, -EDGE, 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), count)
        room.setRight(room.right() - painter.fontMetrics().horizontalAdvance(count) - 8)
        painter.setFont(font)
        painter.setPen(look.color("text"))
        _draw_line(painter, room, index.data())


def _paint_words(painter: QPainter, rect: QRect, index: Index, *, is_title: bool) -> None:
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.current().color("text-3"))
    if is_title:
        room = rect.adjusted(EDGE, 0, -EDGE, -4)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), index.data())
    else:
        room = rect.adjusted(EDGE, 8, -EDGE, 0)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), index.data())


def _paint_ground(painter: QPainter, rect: QRect, option: QStyleOptionViewItem) -> None:
    state = option.state
    is_chosen = bool(state & QStyle.StateFlag.State_Selected)
    if is_chosen or state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("accent-soft" if is_chosen else "hover"))
        painter.drawRoundedRect(QRectF(rect.adjusted(4, 0, -4, 0)), 4, 4)


def _paint_kind(painter: QPainter, rect: QRect, index: Index, option: QStyleOptionViewItem) -> None:
    spec = spec_of(index)
    if spec is None:
        return
    state = option.state
    is_near = bool(state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected))
    is_member = index.data(ROW_ROLE) == "member"
    if not is_member:
        painter.drawPixmap(rect.left() + GLYPH_LEFT, rect.top() + 4, icons.glyph(glyph_name(spec), 16))
    painter.setFont(theme.font("body"))
    painter.setPen(theme.current().color("text" if is_near or not is_member else "text-2"))
    left = MEMBER_LEFT if is_member else TEXT_LEFT
    _draw_line(painter, rect.adjusted(left, 0, -(PLUS if is_near else EDGE), 0), spec.kind)
    if is_near:
        place = plus_rect(rect)
        painter.drawPixmap(place.left() + 3, place.top() + 5, icons.pixmap("plus", 14, "text-2"))


def _draw_line(painter: QPainter, room: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
