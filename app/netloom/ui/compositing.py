"""Windows that are not rectangles: see-through edges where the screen can mix windows, cut edges where it cannot."""

import ctypes
import ctypes.util

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QNativeInterface, QPainter, QPainterPath, QRegion, QResizeEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from netloom.ui import theme

FRAMELESS = Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint


def is_composited() -> bool:
    """Whether windows may have see-through parts: everywhere but on an X server that runs no compositor."""
    app = QApplication.instance()
    if not isinstance(app, QApplication) or app.platformName() != "xcb":
        return True
    found = app.nativeInterface()
    return not isinstance(found, QNativeInterface.QX11Application) or _has_compositor(found.display())


def _has_compositor(display: int) -> bool:
    """Whether somebody owns the selection that the compositor of an X screen holds."""
    name = ctypes.util.find_library("X11")
    if name is None:
        return True
    x11, server = ctypes.CDLL(name), ctypes.c_void_p(display)
    x11.XInternAtom.restype = x11.XGetSelectionOwner.restype = ctypes.c_ulong
    atom = x11.XInternAtom(server, f"_NET_WM_CM_S{x11.XDefaultScreen(server)}".encode(), 0)
    return bool(x11.XGetSelectionOwner(server, ctypes.c_ulong(atom)))


def shape(popup: QWidget, margin: int = 0) -> None:
    """Cut a popup to its card with round corners where nothing mixes windows, its shadow's `margin` included.

    To be called whenever the popup gets another size.
    """
    if is_composited():
        popup.clearMask()
        return
    path = QPainterPath()
    corner = theme.radius("popup")
    path.addRoundedRect(QRectF(popup.rect()).adjusted(margin, margin, -margin, -margin), corner, corner)
    popup.setMask(QRegion(path.toFillPolygon().toPolygon()))


def draw_card(popup: QWidget, margin: int = 0) -> None:
    """Draw a popup's card with its border, and its shadow into the margin. Only for the popup's paint event."""
    painter = QPainter(popup)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    card = QRectF(popup.rect()).adjusted(margin, margin, -margin, -margin)
    corner = theme.radius("popup")
    if margin:
        theme.draw_shadow(painter, card, corner, "popup")
    painter.setPen(theme.current().color("line-strong"))
    painter.setBrush(theme.current().color("overlay"))
    painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)


class Menu(QMenu):
    """A menu with the round corners of all popups."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setWindowFlags(self.windowFlags() | FRAMELESS)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, is_composited())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the corners round."""
        super().resizeEvent(event)
        shape(self)
