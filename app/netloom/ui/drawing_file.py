"""The formats of an exported drawing: what each is made with, how large it may be, and its size in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Literal, TypeAlias

from PySide6.QtCore import QBuffer, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from netloom.ui import theme
from netloom.ui.canvas.drawing import Drawing
from netloom.ui.drawing_letters import outlined

Format: TypeAlias = Literal["SVG", "PDF", "PNG"]

DOTS = 96
"""Scene units to the inch on paper."""
LONGEST_PAGE = 14_400
"""Points; readers of PDF refuse more."""
LONGEST_SIDE, MOST_PIXELS = 30_000, 120_000_000
"""Of a picture: about half a gigabyte while it is drawn."""
MILLIMETRES = 25.4 / DOTS
BLEED = 2.0
"""Scene units that the ground goes over the edge: a page is a whole number of points."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a drawing is exported. `scale` is pixels for each scene unit and matters for PNG alone."""

    format: Format = "SVG"
    look: theme.Name = "dark"
    is_transparent: bool = False
    scale: int = 2

    @property
    def suffix(self) -> str:
        """The ending of the file."""
        return f".{self.format.lower()}"


def size_words(room: QRectF, choice: Choice) -> str:
    """How large the file's drawing will be."""
    if choice.format == "PDF":
        shrunk = _page_scale(room) * MILLIMETRES
        return f"{room.width() * shrunk:,.0f} × {room.height() * shrunk:,.0f} mm"
    scale = choice.scale if choice.format == "PNG" else 1
    return f"{room.width() * scale:,.0f} × {room.height() * scale:,.0f} pixels"


def refusal(room: QRectF, choice: Choice) -> str:
    """Why this cannot be drawn, as a sentence with a way out, or nothing."""
    if room.isEmpty():
        return "There is nothing to draw yet."
    if choice.format != "PNG":
        return ""
    wide, high = room.width() * choice.scale, room.height() * choice.scale
    if max(wide, high) <= LONGEST_SIDE and wide * high <= MOST_PIXELS:
        return ""
    return "Too large for a picture. Lower the scale, select a part, or use SVG or PDF."


def produced(drawing: Drawing, choice: Choice, title: str) -> Iterator[bytes | None]:
    """Draw step by step; the last step gives the content of the file. MemoryError where a picture has no room."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    device = _device(buffer, drawing.room, choice, title)
    painter = QPainter(device)
    try:
        _set_up(painter, drawing.room, choice)
        yield from drawing.steps(painter, choice.look)
    finally:
        painter.end()
    if isinstance(device, QImage):
        device.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know bytes only, Qt a text
    content = bytes(buffer.data().data())
    if choice.format == "SVG":
        for text in outlined(content.decode()):
            yield None if text is None else text.encode()
    else:
        yield content


def _device(buffer: QBuffer, room: QRectF, choice: Choice, title: str) -> QPaintDevice:
    if choice.format == "PNG":
        return _picture(room, choice.scale)
    return _page(buffer, room, title) if choice.format == "PDF" else _vectors(buffer, room, title)


def _picture(room: QRectF, scale: int) -> QImage:
    found = QImage(round(room.width() * scale), round(room.height() * scale), QImage.Format.Format_ARGB32_Premultiplied)
    if found.isNull():
        raise MemoryError
    found.fill(Qt.GlobalColor.transparent)
    found.setDevicePixelRatio(scale)
    found.setDotsPerMeterX(round(scale * DOTS / 0.0254))
    found.setDotsPerMeterY(round(scale * DOTS / 0.0254))
    return found


def _page(buffer: QBuffer, room: QRectF, title: str) -> QPdfWriter:
    found = QPdfWriter(buffer)
    points = _page_scale(room) * 72 / DOTS
    size = QSizeF(room.width() * points, room.height() * points)
    found.setPageSize(QPageSize(size, QPageSize.Unit.Point, title, QPageSize.SizeMatchPolicy.ExactMatch))
    found.setPageMargins(QMarginsF(0, 0, 0, 0))
    found.setResolution(ceil(DOTS / _page_scale(room)))
    found.setTitle(title)
    found.setCreator("Netloom")
    return found


def _page_scale(room: QRectF) -> float:
    """1, or less for what is longer than a page may be."""
    return min(1.0, LONGEST_PAGE * DOTS / 72 / max(room.width(), room.height(), 1.0))


def _vectors(buffer: QBuffer, room: QRectF, title: str) -> QSvgGenerator:
    found = QSvgGenerator()
    found.setOutputDevice(buffer)
    found.setResolution(DOTS)
    found.setSize(room.size().toSize())
    found.setViewBox(QRectF(0, 0, room.width(), room.height()))
    found.setTitle(title)
    found.setDescription("Drawn with Netloom")
    return found


def _set_up(painter: QPainter, room: QRectF, choice: Choice) -> None:
    """Let the painter draw in scene units; the device does the scaling, as frames go over to its pixels."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-room.topLeft())
    if not choice.is_transparent:
        painter.fillRect(room.adjusted(-BLEED, -BLEED, BLEED, BLEED), theme.load(choice.look).color("canvas"))
