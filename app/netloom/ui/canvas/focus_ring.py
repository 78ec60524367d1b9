"""A line around the canvas while it has the keyboard and got it from the keyboard."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QAbstractScrollArea, QWidget
from shiboken6 import isValid

from netloom.ui import theme

BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
WIDTH = 2


class FocusRing(QWidget):
    """Only its line is there: what lies inside it costs nothing and hears nothing."""

    def __init__(self, over: QAbstractScrollArea) -> None:
        super().__init__(over)
        self._over, self._port = over, over.viewport()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Come with the keyboard, go with it or with the first press of the mouse."""
        kind = event.type()
        if isinstance(event, QFocusEvent) and kind == QEvent.Type.FocusIn and event.reason() in BY_KEYS:
            self._come()
        elif kind in (QEvent.Type.FocusOut, QEvent.Type.MouseButtonPress) and not self.isHidden():
            self._go()
        elif kind == QEvent.Type.Resize and self.isVisible():
            self._surround()
        return super().eventFilter(watched, event)

    def _come(self) -> None:
        self._surround()
        self.show()
        self.raise_()
        self._port.installEventFilter(self)  # only now: it would cost time at every move of the mouse

    def _go(self) -> None:
        if isValid(self._port):  # the keyboard leaves a canvas also while Qt takes it apart
            self.hide()
            self._port.removeEventFilter(self)

    def _surround(self) -> None:
        room = self._over.rect()
        self.setGeometry(room)
        self.setMask(QRegion(room) - QRegion(room.adjusted(WIDTH, WIDTH, -WIDTH, -WIDTH)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        painter.setPen(QPen(theme.current().color("accent"), WIDTH))
        painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
