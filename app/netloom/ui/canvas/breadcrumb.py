"""The name of the document and the way into its blocks, at the top left of the canvas; each step leads back there."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QWidget

from netloom.ui import icons, theme
from netloom.ui.widgets import Caption

PAD = 8
HEIGHT = 26
LONGEST = 160


class Crumb(QAbstractButton):
    """One step of the way; the one that is shown is brighter and leads nowhere."""

    def __init__(self, text: str, *, is_last: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text if is_last else f"Back to {text}")
        self.setFont(theme.font("strong" if is_last else "body"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if is_last else Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, is_last)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if not is_last:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._is_last = is_last
        self._shown = QFontMetrics(self.font()).elidedText(text, Qt.TextElideMode.ElideMiddle, LONGEST)
        self.setFixedSize(QFontMetrics(self.font()).horizontalAdvance(self._shown) + 12, HEIGHT - 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The word, on a ground of its own where it can be pressed."""
        painter, look = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._is_last and (self.underMouse() or self.hasFocus()):
            painter.setPen(look.color("accent") if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(look.color("hover"))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 4, 4)
        is_bright = self._is_last or self.underMouse() or self.hasFocus()
        painter.setFont(self.font())
        painter.setPen(look.color("text" if is_bright else "text-2"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._shown)


class Breadcrumb(QWidget):
    """`chosen` carries how many blocks the wanted level lies inside: 0 is the document itself."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("Level")
        self._steps: tuple[str, ...] = ()
        self._key = ""
        self._count = Caption("", 2, self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(2, 2, PAD, 2)
        self._row.setSpacing(0)
        self._row.addWidget(self._count)
        self.crumbs: list[Crumb] = []
        self._arrows: list[QLabel] = []
        theme.signals.changed.connect(self._restyle)

    def show_way(self, steps: Sequence[str], nodes: int, note: str = "") -> None:
        """Write the document's name, the blocks that were entered, how many nodes there are, and a few words more."""
        if tuple(steps) != self._steps:
            self._steps = tuple(steps)
            self._rebuild()
        count = f"{nodes:,} node" if nodes == 1 else f"{nodes:,} nodes"
        self._count.setText(f"{count} · {note}" if note else count)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, len(steps) < 2)
        self.adjustSize()

    def _rebuild(self) -> None:
        for widget in (*self.crumbs, *self._arrows):
            widget.hide()
            widget.deleteLater()
        self.crumbs, self._arrows = [], []
        last = len(self._steps) - 1
        for depth, text in enumerate(self._steps):
            crumb = Crumb(text, is_last=depth == last, parent=self)
            crumb.setObjectName(f"crumb-{depth}")
            crumb.clicked.connect(lambda _checked=False, depth=depth: self.chosen.emit(depth))
            self._insert(crumb)
            self.crumbs.append(crumb)
            if depth != last:
                arrow = QLabel(self)
                self._arrows.append(arrow)
                self._insert(arrow)
        self.set_key(self._key)
        self._restyle()

    def set_key(self, key: str) -> None:
        """Say in the tips which key goes out of a block, if any does."""
        self._key = key
        more = f" ({key} goes out by one)" if key else ""
        for crumb in self.crumbs:
            crumb.setToolTip(crumb.text() if crumb is self.crumbs[-1] else f"Back to {crumb.text()}{more}")

    def _insert(self, widget: QWidget) -> None:
        self._row.insertWidget(self._row.count() - 1, widget)
        widget.show()

    def _restyle(self) -> None:
        for arrow in self._arrows:
            arrow.setPixmap(icons.pixmap("chevron-right", 14, "text-3"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a ground on which the words can be read when cards lie below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("canvas", 0.85))
        painter.drawRoundedRect(self.rect(), 6, 6)
