"""An exception in a method that Qt calls is an exception, not the end of the process (see netloom.ui.overrides)."""

import subprocess
import sys

import pytest

SOURCE = """
import netloom.ui
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsObject, QGraphicsScene, QGraphicsView, QWidget

class Mixin:
    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        cls.mixed = True

class Widget(Mixin, QWidget):
    def paintEvent(self, event):
        1 / 0

class Bounded:
    def boundingRect(self):
        return QRectF(0, 0, 9, 9)

class Item(Bounded, QGraphicsItem):
    def paint(self, painter, option, widget=None):
        len(3)

class Object(QGraphicsObject):
    def boundingRect(self):
        return QRectF(0, 0, 9, 9)
    def paint(self, painter, option, widget=None):
        int("x")

application = QApplication([])
assert Widget.mixed
scene = QGraphicsScene()
{made}
try:
    view.grab()
except Exception as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize(
    ("made", "error"),
    [
        ("view = Widget()", "ZeroDivisionError"),
        ("scene.addItem(Item()); view = QGraphicsView(scene)", "TypeError"),
        ("scene.addItem(Object()); view = QGraphicsView(scene)", "ValueError"),
    ],
)
def test_exception_in_an_override_does_not_end_the_process(made, error):
    done = subprocess.run(
        [sys.executable, "-c", SOURCE.replace("{made}", made)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert error in done.stdout + done.stderr
