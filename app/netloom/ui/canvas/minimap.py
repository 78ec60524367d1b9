"""The whole graph in 160 × 100, and a box around what is seen. A press or drag looks there, arrow keys move it."""

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from netloom.layers.spec import Category
from netloom.ui import theme
from netloom.ui.canvas.graph_scene import GraphScene

WIDTH, HEIGHT = 160, 100
MARGIN = 6.0
DELAY = 120
STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
SHARE = 0.25
"""How much of what is seen an arrow key moves on."""


class Minimap(QWidget):
    """Cards in their category's colour. `place_requested` carries the scene point that should be in the middle."""

    place_requested = Signal(QPointF)

    def __init__(self, scene: GraphScene, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("minimap")
        self.setAccessibleName("Map of the whole network")
        self.setAccessibleDescription("Arrow keys move what is seen")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(WIDTH, HEIGHT)
        self._scene = scene
        self._seen = QRectF()
        self._content = QRectF()
        self._picture: QPixmap | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._forget)
        for signal in (scene.drawing_changed, scene.cards_moved):
            signal.connect(lambda _changed: self._timer.start())

    def show_seen(self, area: QRectF) -> None:
        """Put the frame around another area of the scene."""
        if area != self._seen:
            self._seen = area
            self.update()

    def _forget(self) -> None:
        self._picture = None
        self.update()

    def restyle(self) -> None:
        """Draw anew in the colours of the theme."""
        self._forget()

    def _scale(self) -> tuple[float, QPointF]:
        """Pixels for a scene unit, and where the scene's origin lies."""
        area = self._content
        if area.isEmpty():
            return 1.0, QPointF()
        scale = min((WIDTH - 2 * MARGIN) / area.width(), (HEIGHT - 2 * MARGIN) / area.height(), 0.12)
        middle = QPointF(WIDTH / 2, HEIGHT / 2)
        return scale, middle - area.center() * scale

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Blit the cards and draw the frame."""
        if self._picture is None:
            self._picture = self._painted()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        scale, origin = self._scale()
        if not self._content.isEmpty():
            frame = QRectF(self._seen.topLeft() * scale + origin, self._seen.size() * scale)
            painter.setPen(theme.current().color("accent" if self.hasFocus() else "text-2"))
            room = QRectF(self.rect()).adjusted(1, 1, -2, -2)
            painter.drawRect(frame.intersected(room).toRect())
        if self.hasFocus():
            self._draw_focus(painter)

    def _draw_focus(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.current().color("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move what is seen by a part of it."""
        step = STEPS.get(Qt.Key(event.key()))
        if step is None or self._content.isEmpty():
            super().keyPressEvent(event)
            return
        seen = self._seen
        way = QPointF(step[0] * seen.width() * SHARE, step[1] * seen.height() * SHARE)
        self.place_requested.emit(seen.center() + way)

    def _painted(self) -> QPixmap:
        density, look = theme.current_density(), theme.current()
        self._content = self._scene.content()
        picture = QPixmap(round(WIDTH * density), round(HEIGHT * density))
        picture.setDevicePixelRatio(density)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.color("line-strong"))
        painter.setBrush(look.color("overlay"))
        painter.drawRoundedRect(QRectF(0.5, 0.5, WIDTH - 1, HEIGHT - 1), 6, 6)
        scale, origin = self._scale()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.translate(origin)
        painter.scale(scale, scale)
        painter.setPen(QPen(look.color("line-strong"), 0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRects(self._frames())
        painter.setPen(Qt.PenStyle.NoPen)
        for category, cards in self._cards().items():
            painter.setBrush(look.category(category))
            painter.drawRects(cards)
        painter.end()
        return picture

    def _frames(self) -> list[QRectF]:
        return [item.scene_area() for item in self._scene.remarks.values() if item.remark.kind == "frame"]

    def _cards(self) -> dict[Category, list[QRectF]]:
        found: dict[Category, list[QRectF]] = {}
        for item in self._scene.nodes.values():
            found.setdefault(item.facts.category, []).append(item.scene_card())
        return found

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look at the place under the cursor."""
        scale, origin = self._scale()
        if not self._content.isEmpty():
            self.place_requested.emit((event.position() - origin) / scale)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep the release from the canvas below."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Look along while the button is held."""
        self.mousePressEvent(event)
