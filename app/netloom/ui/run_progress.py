"""How far the run is: epoch and step in words, the time left, and a bar."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from netloom.ui import theme

BAR = 4
WIDTH = 320
GAP = 12
SPACE = 4


class RunProgress(QWidget):
    """Draws what `show_progress` or `show_summary` was told; empty before the first run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run-progress")
        self.setAccessibleName("Progress of the run")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.owner = ""
        self.title = ""
        self.detail = ""
        self.time = ""
        self.share: float | None = None
        theme.signals.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Wide enough for the longest value, so that nothing moves while numbers grow."""
        return QSize(WIDTH, 32)

    def minimumSizeHint(self) -> QSize:
        """Where the window is narrow the detail is elided first."""
        return QSize(120, 32)

    def show_progress(self, title: str, detail: str, time: str, share: float) -> None:
        """Show a run that goes on; `share` is 0…1."""
        self._set(title, detail, time, min(max(share, 0.0), 1.0))

    def show_summary(self, text: str) -> None:
        """Show one sentence without a bar."""
        self._set(text, "", "", None)

    def set_owner(self, name: str) -> None:
        """Name the document whose run this is, where another one is shown; else nothing."""
        if name != self.owner:
            self.owner = name
            self.update()

    @property
    def heading(self) -> str:
        """What stands first, with the name of the document where it needs one."""
        return f"{self.owner} · {self.title}" if self.owner and self.title else self.title

    def _set(self, title: str, detail: str, time: str, share: float | None) -> None:
        if (title, detail, time, share) == (self.title, self.detail, self.time, self.share):
            return
        self.title, self.detail, self.time, self.share = title, detail, time, share
        self.setAccessibleDescription(" ".join(part for part in (title, detail, time) if part))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint words above, the bar below; where there is little room, how far it is matters more than how long."""
        if not self.title:
            return
        painter = QPainter(self)
        words = self.rect().adjusted(0, 0, 0, -8 if self.share is not None else 0)
        strong, body = theme.font("strong"), theme.font("body")
        heading_width = QFontMetrics(strong).horizontalAdvance(self.heading)
        time_width = QFontMetrics(body).horizontalAdvance(self.time)
        if heading_width + GAP + time_width > words.width():
            time_width = 0
        self._draw_words(painter, words.adjusted(0, 0, -time_width - GAP if time_width else 0, 0), strong)
        if time_width:
            painter.setFont(body)
            painter.setPen(theme.current().color("text-2"))
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.time)
        if self.share is not None:
            self._draw_bar(painter, self.share)

    def _draw_words(self, painter: QPainter, room: QRect, strong: QFont) -> None:
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        metrics = QFontMetrics(strong)
        painter.setFont(strong)
        painter.setPen(theme.current().color("text"))
        painter.drawText(room, left, metrics.elidedText(self.heading, Qt.TextElideMode.ElideRight, room.width()))
        rest = room.adjusted(metrics.horizontalAdvance(self.heading) + SPACE, 0, 0, 0)
        if rest.width() > 0:
            body = theme.font("body")
            painter.setFont(body)
            painter.setPen(theme.current().color("text-2"))
            text = QFontMetrics(body).elidedText(self.detail, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, left, text)

    def _draw_bar(self, painter: QPainter, share: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(0, self.height() - BAR, self.width(), BAR)
        painter.setBrush(theme.current().color("line"))
        painter.drawRoundedRect(track, BAR / 2, BAR / 2)
        if share > 0:
            painter.setBrush(theme.current().color("accent"))
            track.setWidth(max(track.width() * share, BAR))
            painter.drawRoundedRect(track, BAR / 2, BAR / 2)
