"""A monkey at the real window: thousands of random events of mouse and keyboard, each as Qt would deliver it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from tests.ui.canvas.sameness import differences

from netloom.graph import file
from netloom.ui.action_table import ACTIONS

if TYPE_CHECKING:
    from netloom.ui.main_window import MainWindow
    from netloom.ui.session import Session

Modifier = Qt.KeyboardModifier
Button = Qt.MouseButton
LEFT_ALONE = {"quit", "full_screen", "open", "save", "save_as", "train", "step", "stop", "keys", "export", "about"}
"""Actions that end the window, ask the system for a file, or train."""
TYPED = ("a", "conv", "Enter a text", "x1", "-1", "1e9", "  ", "relu", "64, 64", "class")
EXTRA = ("Escape", "Return", "Up", "Down", "Left", "Right", "Del", "Ctrl+Z", "Ctrl+A", "Space", "Backspace", "Tab")
MODIFIERS = (
    *(Modifier.NoModifier,) * 6,
    *(Modifier.ShiftModifier, Modifier.ControlModifier, Modifier.AltModifier),
    Modifier.ShiftModifier | Modifier.ControlModifier,
)
REMEMBERED = 60
PATIENCE = 300
"""Milliseconds in which an event has to be dealt with."""


class Monkey:
    """Plays at a window. `told` are its last events, `broken` grows by each exception in a slot."""

    def __init__(self, window: MainWindow, seed: int, broken: Sequence[object]) -> None:
        self.window, self.chance, self.broken = window, Random(seed), broken
        self.canvas, self.editor = window.views.canvas, window.editor
        self.told: deque[str] = deque(maxlen=REMEMBERED)
        self.keys = [key for spec in ACTIONS if spec.id not in LEFT_ALONE for key in spec.shortcuts]
        self.first: dict[Session, bytes] = {}
        self._held: tuple[QWidget, Button] | None = None
        self._last = QPoint(600, 400)
        self._popup: QWidget | None = None  # held, since what Python knows of the list of a combo box goes with it
        self._step = self._stuck = 0
        self._guard = QTimer(window, interval=PATIENCE)
        self._guard.timeout.connect(self._free)
        self._guard.start()

    def play(self, steps: int) -> None:
        """So many events; after some of them everything is looked at."""
        acts = (
            *(self.press,) * 8,
            *(self.move,) * 16,
            *(self.release,) * 8,
            *(self.click,) * 4,
            *(self.double,) * 3,
            *(self.key,) * 14,
            *(self.type,) * 2,
            *(self.wheel,) * 3,
            *(self.context, self.wait, self.resize, self.let_go, self.back),
        )
        self.note()
        for self._step in range(1, steps + 1):
            self.chance.choice(acts)()
            QApplication.processEvents()
            assert not self.broken
            self.close_dialogs()
            self.note()
            if self._step % 25 == 0:
                self.check()
        self._guard.stop()
        self.rest()

    def note(self) -> None:
        """Remember the bytes of each document at the moment it is opened."""
        for session in self.editor.sessions:
            if session not in self.first:
                assert not session.history.done
                self.first[session] = file.dumps(session.document)

    def check(self) -> None:
        """The canvas shows the document, unless something of it is in the hand."""
        is_still = self.canvas.pointer.gesture is None and not self.canvas._arranger._glide.state().value
        if is_still and not self.canvas.findChildren(QPlainTextEdit, "words-field"):
            found = differences(self.canvas.graph_scene, self.editor.shown_plan)
            assert found == [], found

    def rest(self) -> None:
        """Let everything go; then all steps back give the bytes of the beginning, all steps on those of the end."""
        self.release()
        for _ in range(8):
            self.close_dialogs()
            popup = QApplication.activePopupWidget()
            if popup is not None:
                popup.close()
            focus = QApplication.focusWidget()
            if isinstance(focus, QLineEdit | QPlainTextEdit):
                QTest.keyClick(focus, Qt.Key.Key_Escape)
        self.canvas.pointer.cancel()
        QTest.qWait(450)
        self.check()
        for session in self.editor.sessions:
            self.editor.show(session)
            last, done = file.dumps(session.document), session.history.done
            assert file.dumps(file.loads(last)) == last
            self.editor.go_back_to(0)
            self.check()
            assert file.dumps(session.document) == self.first[session]
            self.editor.go_back_to(done)
            self.check()
            assert file.dumps(session.document) == last

    def close_dialogs(self) -> None:
        """Dialogs are of no interest here."""
        dialog = QApplication.activeModalWidget()
        if dialog is not None:
            dialog.close()

    def _free(self) -> None:
        """Menus of buttons and some dialogs hold up whoever sent the event until they are closed."""
        if self._stuck == self._step:
            popup = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if popup is not None:
                popup.close()
        self._stuck = self._step

    # Where

    def place(self) -> QPoint:
        """A place of the window: mostly something on the canvas, or near the last place."""
        kind, port = self.chance.random(), self.canvas.viewport()
        spot = QPoint(self.chance.randrange(-20, port.width() + 20), self.chance.randrange(-20, port.height() + 20))
        scene = self.canvas.graph_scene
        if kind < 0.35 and scene.nodes:
            item = scene.nodes[self.chance.choice(sorted(scene.nodes))]
            area, ports = (
                item.scene_card(),
                [item.port_place(side, each.name) for side in ("input", "output") for each, _ in item.ports(side)],
            )
            inside = area.topLeft() + QPointF(
                self.chance.uniform(0, area.width()), self.chance.choice([8, 20, 44, area.height() - 4])
            )
            spot = self.canvas.mapFromScene(self.chance.choice([inside, inside, *ports]))
        elif kind < 0.45 and scene.wires:
            way = scene.wires[self.chance.choice(sorted(scene.wires))].way
            spot = self.canvas.mapFromScene(self.chance.choice(list(way.points)))
        elif kind < 0.55 and scene.remarks:
            area = scene.remarks[self.chance.choice(sorted(scene.remarks))].scene_area()
            spot = self.canvas.mapFromScene(
                self.chance.choice([area.topLeft(), area.center(), area.bottomRight(), area.topLeft() + QPointF(30, 9)])
            )
        elif kind < 0.7:
            spot = port.mapFrom(self.window, self._last) + QPoint(
                self.chance.randrange(-9, 10), self.chance.randrange(-9, 10)
            )
        elif kind < 0.76:
            return QPoint(self.chance.randrange(self.window.width()), self.chance.randrange(self.window.height()))
        if self._held is None and not port.rect().contains(spot):
            spot = QPoint(self.chance.randrange(port.width()), self.chance.randrange(port.height()))
        return port.mapTo(self.window, spot)

    def under(self, at: QPoint) -> QWidget:
        """Who hears of the mouse at a place of the window."""
        popup = self._popup = QApplication.activePopupWidget()
        found = (popup or self.window).childAt((popup or self.window).mapFromGlobal(self.window.mapToGlobal(at)))
        return next((each for each in (found, popup) if each is not None and shiboken6.isValid(each)), self.window)

    def focus(self) -> QWidget:
        """Who hears of the keyboard."""
        popup = QApplication.activePopupWidget()
        found = (popup.focusWidget(), popup) if popup is not None else (QApplication.focusWidget(),)
        return next((each for each in found if each is not None and shiboken6.isValid(each)), self.window)

    def mouse(self, kind: QEvent.Type, at: QPoint, button: Button, modifiers: Modifier) -> None:
        """Deliver one event to who holds the mouse, or lies under it."""
        self._drop_gone()
        target = self._held[0] if self._held else self.under(at)
        spot = QPointF(self.window.mapToGlobal(at))
        held = self._held[1] if self._held else Button.NoButton
        is_down = kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        buttons = button if is_down else Button.NoButton if kind == QEvent.Type.MouseButtonRelease else held
        self.told.append(f"{kind.name} {type(target).__name__} {at.toTuple()} {button.name} {modifiers}")
        self._last = at
        try:
            local = target.mapFromGlobal(spot)
        except RuntimeError:  # the list of a combo box went between finding it and here
            self._held = None
            return
        event = QMouseEvent(kind, local, spot, button, buttons, modifiers)
        QApplication.sendEvent(target, event)

    # What

    def press(self) -> None:
        at, modifiers = self.place(), self.chance.choice(MODIFIERS)
        button = self.chance.choice([*(Button.LeftButton,) * 8, Button.MiddleButton, Button.RightButton])
        self._down(QEvent.Type.MouseButtonPress, at, button, modifiers)

    def _down(self, kind: QEvent.Type, at: QPoint, button: Button, modifiers: Modifier) -> None:
        self._drop_gone()
        target = self._held[0] if self._held else self.under(at)
        self.mouse(kind, at, button, modifiers)
        if self._held is None:
            self._held = (target, button)
        if button == Button.RightButton and shiboken6.isValid(target):
            self._menu(target, at, modifiers)

    def _menu(self, target: QWidget, at: QPoint, modifiers: Modifier) -> None:
        spot = self.window.mapToGlobal(at)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, target.mapFromGlobal(spot), spot, modifiers)
        self.told.append(f"context menu {type(target).__name__}")
        QApplication.sendEvent(target, event)

    def move(self) -> None:
        self.mouse(QEvent.Type.MouseMove, self.place(), Button.NoButton, self.chance.choice(MODIFIERS))

    def _drop_gone(self) -> None:
        if self._held is not None and not shiboken6.isValid(self._held[0]):
            self._held = None

    def release(self) -> None:
        self._drop_gone()
        if self._held is not None:
            button = self._held[1]
            self.mouse(QEvent.Type.MouseButtonRelease, self.place(), button, self.chance.choice(MODIFIERS))
            self._held = None

    def click(self) -> None:
        at = self.place()
        self.release()
        self._down(QEvent.Type.MouseButtonPress, at, Button.LeftButton, self.chance.choice(MODIFIERS))
        if self._held is not None:
            self.mouse(QEvent.Type.MouseButtonRelease, at, Button.LeftButton, Modifier.NoModifier)
            self._held = None

    def double(self) -> None:
        self.click()
        self._down(QEvent.Type.MouseButtonDblClick, self._last, Button.LeftButton, Modifier.NoModifier)
        if self.chance.random() < 0.8:
            self.release()

    def key(self) -> None:
        """Mostly the canvas has the keyboard; keys repeat themselves at times."""
        keys = self.chance.choice([self.keys, self.keys, EXTRA])
        chosen = self.chance.choice(keys)
        if self.chance.random() < 0.5 and QApplication.activePopupWidget() is None:
            self.window.activateWindow()
            self.canvas.setFocus()
        for _ in range(self.chance.choice([1, 1, 1, 1, 4])):
            combined = QKeySequence(chosen)[0]
            self._stroke(combined.key(), combined.keyboardModifiers())

    def type(self) -> None:
        for letter in self.chance.choice(TYPED):
            self._stroke(Qt.Key(ord(letter.upper())), Modifier.NoModifier)

    def _stroke(self, key: Qt.Key, modifiers: Modifier) -> None:
        """Down and up: who has the keyboard may be another by then."""
        self.told.append(f"{key.name} {modifiers} {type(self.focus()).__name__}")
        for send in (QTest.keyPress, QTest.keyRelease):
            target = self.focus()
            if shiboken6.isValid(target):
                send(target, key, modifiers)

    def wheel(self) -> None:
        at = self.place()
        target, spot = self.under(at), QPointF(self.window.mapToGlobal(at))
        turn = QPoint(0, self.chance.choice([-120, 120, -120, 120, -960, 960]))
        self.told.append(f"wheel {turn.y()} {type(target).__name__}")
        event = QWheelEvent(
            *(target.mapFromGlobal(spot), spot, QPoint(), turn, Button.NoButton, self.chance.choice(MODIFIERS)),
            *(Qt.ScrollPhase.NoScrollPhase, False),
        )
        QApplication.sendEvent(target, event)

    def context(self) -> None:
        at = self.place()
        self._menu(self.under(at), at, Modifier.NoModifier)

    def wait(self) -> None:
        """Time for timers: of notes, menus, animations, the edge."""
        QTest.qWait(self.chance.choice([20, 60, 250]))

    def resize(self) -> None:
        if self.chance.random() < 0.3:
            self.told.append("resize")
            self.window.resize(self.chance.randrange(500, 1700), self.chance.randrange(400, 1100))

    def let_go(self) -> None:
        """Another program takes the keyboard."""
        self.told.append("focus goes")
        focus = QApplication.focusWidget()
        if focus is not None:
            focus.clearFocus()

    def back(self) -> None:
        """The document changes on its own, as by a run or by another program."""
        steps = self.chance.choice([-1, 1, -2, 0])
        self.told.append(f"history {steps}")
        done = self.editor.history.done
        self.editor.go_back_to(max(0, done + steps))
