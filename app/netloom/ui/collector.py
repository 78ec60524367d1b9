"""Collects garbage on the thread of the window alone."""

import gc

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

BETWEEN = 1000
"""Milliseconds between two looks."""
GROWTH = 0.25
"""By what share the objects that stay have to grow until all are gone through; Python itself takes this one."""


class Collector(QObject):
    """Takes the place of Python's own collections, which come on whatever thread makes the next object.

    On a thread that writes a journal or trains they would end widgets and timers, and Qt crashes by that. Beside a
    document of 10,000 nodes a round over everything takes some 200 ms: it waits until no button of the mouse is held,
    so that nothing stands still in the hand. What was loaded before this was made is frozen and never looked at.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._staying = self._grown = 0
        timer = QTimer(self, interval=BETWEEN)
        timer.timeout.connect(self.look)
        timer.start()

    def look(self) -> None:
        """Collect what is young, if there is much of it; everything, if much of it stayed."""
        if gc.get_count()[0] <= gc.get_threshold()[0]:
            return
        young = sum(len(gc.get_objects(generation=generation)) for generation in (0, 1))
        self._grown += young - gc.collect(1)
        is_held = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if self._grown > GROWTH * self._staying and not is_held:
            gc.collect()
            self._grown, self._staying = 0, len(gc.get_objects(generation=2))
