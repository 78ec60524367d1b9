"""What the takers of pictures share: waiting, a document, a selection, hands at the window, the picture itself."""

import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import msgspec
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from netloom import templates
from netloom.graph import Document
from netloom.ui.gallery import Gallery
from netloom.ui.main_window import MainWindow

FOLDER = Path(__file__).parent.parent / "screenshots"
LONGEST = 60_000


def wait(milliseconds: int = 300) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(condition: Callable[[], bool]) -> None:
    for _ in range(LONGEST // 20):
        if condition():
            return
        wait(20)
    sys.exit("a picture could not be taken: what it waits for does not happen")


def document(name: str, epochs: int) -> Document:
    made = templates.document(name)
    training = msgspec.structs.replace(made.training, epochs=epochs)
    return Document(made.graph, training, made.positions)


def select(window: MainWindow, name: str) -> None:
    node = window.editor.document.graph.named(name)
    if node is not None:
        window.views.canvas.set_selection((node.id,))


def keep(window: MainWindow, name: str) -> None:
    """Write what is on the screen: the window, and over it the dialog or popup that is open."""
    wait()
    wait_until(lambda: not any(each.is_busy and each.isVisible() for each in window.findChildren(Gallery)))
    picture = window.grab()
    for over in (QApplication.activeModalWidget(), QApplication.activePopupWidget()):
        if over is not None:
            _lay_over(picture, over, window)
    picture.save(str(FOLDER / f"{name}.png"))
    print(FOLDER / f"{name}.png")


def _lay_over(picture: QPixmap, over: QWidget, window: MainWindow) -> None:
    with QPainter(picture) as painter:
        place = over.mapToGlobal(QPoint(0, 0)) - window.mapToGlobal(QPoint(0, 0))
        painter.drawPixmap(place, QPixmap(over.grab()))


def close_dialog() -> None:
    for over in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if over is not None:
            over.close()
    wait()


def press(window: MainWindow, keys: str) -> None:
    """Press keys on the canvas."""
    window.activateWindow()  # offscreen no window manager does so after a dialog
    window.views.canvas.setFocus()
    wait(50)
    QTest.keySequence(window.views.canvas, keys)
    wait(100)


def drag(
    window: MainWindow,
    places: Sequence[QPointF],
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
) -> Callable[[], None]:
    """Press at the first place of the scene and go through the others; what lets the button go."""
    canvas = window.views.canvas
    spots = [canvas.mapFromScene(place) for place in places]
    QTest.mousePress(canvas.viewport(), button, modifiers, spots[0])
    for start, end in pairwise(spots):
        for share in (0.3, 0.6, 1.0):
            QTest.mouseMove(canvas.viewport(), start + (end - start) * share)
    wait(100)
    return lambda: QTest.mouseRelease(canvas.viewport(), button, modifiers, spots[-1])


def corner(window: MainWindow, name: str) -> QPointF:
    """The top left corner of a card in the scene."""
    node = window.editor.document.graph.named(name, window.editor.level)
    assert node is not None
    return window.views.canvas.graph_scene.nodes[node.id].scene_card().topLeft()
