"""What a node puts out, drawn into one small picture: maps as a mosaic, a grid, bars or a histogram."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from netloom.training.events import Preview, ProbeMode
from netloom.ui.theme import Theme, font

GAP = 4
CARD_MAPS = 16
LABELLED = 12
LABEL_HEIGHT = 14
BAR_HEIGHT = 44
MAX_HEIGHT = 144

Pixels = npt.NDArray[np.uint32]
Values = npt.NDArray[np.floating]


class Mosaic(NamedTuple):
    """How maps are laid out: columns, rows, and whole pixels for each value (or, below 1, values for each pixel)."""

    columns: int
    rows: int
    scale: int
    shrink: int


def image(
    preview: Preview,
    theme: Theme,
    width: int,
    height: int,
    dpr: float = 1.0,
    *,
    mode: ProbeMode = "activations",
    most: int = CARD_MAPS,
) -> QImage:
    """The picture of `preview`, `width` × `height` logical pixels, transparent where nothing is drawn.

    Weights and gradients take the diverging colours, centred on zero. At most `most` maps are shown.
    """
    across, down = max(1, round(width * dpr)), max(1, round(height * dpr))
    canvas: Pixels = np.zeros((down, across), np.uint32)
    if preview.data.size and preview.kind in ("maps", "grid"):
        pixels = _pixels(preview, theme, across, down, round(GAP * dpr), mode, most)
        top, left = (down - pixels.shape[0]) // 2, (across - pixels.shape[1]) // 2
        canvas[top : top + pixels.shape[0], left : left + pixels.shape[1]] = pixels
    picture = QImage(canvas.data, across, down, across * 4, QImage.Format.Format_ARGB32_Premultiplied).copy()
    picture.setDevicePixelRatio(dpr)
    if preview.data.size and preview.kind in ("vector", "histogram"):
        _paint_bars(picture, preview, theme, width, height)
    return picture


def height_for(preview: Preview, width: int) -> int:
    """The height in logical pixels at which `preview` looks best on a card `width` wide."""
    if preview.data.size == 0 or preview.kind == "histogram":
        return BAR_HEIGHT
    if preview.kind == "vector":
        return BAR_HEIGHT + (LABEL_HEIGHT if _has_labels(preview) else 0)
    if preview.kind == "grid":
        rows, columns = (int(side) for side in preview.data.shape)
        return min(max(36, rows * max(1, width // columns)), MAX_HEIGHT)
    shown, rows, columns = (int(side) for side in _shown(preview, CARD_MAPS).shape)
    across = math.ceil(math.sqrt(shown))
    scale = (width - GAP * (across - 1)) // (across * columns)
    across = min(shown, max(across, (width + GAP) // (columns * scale + GAP))) if scale else across
    down = -(-shown // across)
    side = rows * scale if scale else rows // -(-across * columns // width)
    return min(max(36, down * side + GAP * (down - 1)), MAX_HEIGHT)


def limits(preview: Preview, mode: ProbeMode = "activations") -> tuple[float, float]:
    """The values at the two ends of the colours: nearly all of the range, so that one outlier darkens nothing."""
    data = np.nan_to_num(preview.data, posinf=preview.high, neginf=preview.low).ravel()
    if data.size == 0:
        return preview.low, preview.high
    if mode in ("weights", "gradients"):
        end = _quantile(np.abs(data), 0.99) or float(np.abs(data).max())
        return -end, end
    low, high = _quantile(data, 0.005), _quantile(data, 0.995)
    return (low, high) if high > low else (float(data.min()), float(data.max()))


def mosaic(count: int, rows: int, columns: int, width: int, height: int, gap: int) -> Mosaic:
    """The layout of `count` maps of rows × columns values with the largest maps, then the fewest empty places."""
    fitting = []
    for across in range(1, count + 1):
        down = -(-count // across)
        room = max(1, (width - gap * (across - 1)) // across), max(1, (height - gap * (down - 1)) // down)
        scale = min(room[0] // columns, room[1] // rows)
        shrink = max(-(-columns // room[0]), -(-rows // room[1]))
        fitting.append((scale, -shrink, -(across * down - count), -abs(across - down), across, down))
    scale, shrink, _, _, across, down = max(fitting)
    return Mosaic(across, down, scale, -shrink)


def _pixels(preview: Preview, theme: Theme, width: int, height: int, gap: int, mode: ProbeMode, most: int) -> Pixels:
    """The coloured maps or grid, at most width × height physical pixels."""
    signed = mode in ("weights", "gradients")
    colours = _packed(theme.diverging if signed else theme.sequential)
    ends = limits(preview, mode)
    if preview.kind == "grid":
        return _fill(_coloured(_fit(preview.data, width, height), colours, ends), width, height)
    maps = _shown(preview, most)
    layout = mosaic(len(maps), maps.shape[1], maps.shape[2], width, height, gap)
    if layout.scale == 0:
        maps = _shrunk(maps, layout.shrink, layout.shrink)
    tiles = _coloured(maps, colours, ends)
    scale = max(1, layout.scale)
    if scale > 1:
        tiles = tiles.repeat(scale, axis=1).repeat(scale, axis=2)
    return _joined(tiles, layout, gap)[:height, :width]


def _joined(tiles: Pixels, layout: Mosaic, gap: int) -> Pixels:
    """Tiles (count, h, w) side by side in reading order, `gap` apart."""
    count, high, wide = tiles.shape
    sheet: Pixels = np.zeros((layout.rows * layout.columns, high + gap, wide + gap), np.uint32)
    sheet[:count, :high, :wide] = tiles
    lines = sheet.reshape(layout.rows, layout.columns, high + gap, wide + gap).swapaxes(1, 2)
    joined = lines.reshape(layout.rows * (high + gap), layout.columns * (wide + gap))
    without_edge: Pixels = joined[: joined.shape[0] - gap, : joined.shape[1] - gap]
    return without_edge


def _shown(preview: Preview, most: int) -> Values:
    """The most active maps, in the order of their channels so that none jumps about."""
    maps = preview.data
    if len(maps) <= most:
        return maps
    activity = np.nan_to_num(maps.std(axis=(1, 2)))
    most_active: Values = maps[np.sort(np.argsort(activity)[-most:])]
    return most_active


def _coloured(data: Values, colours: Pixels, ends: tuple[float, float]) -> Pixels:
    """Each value's colour; values beyond the ends take the colour of the end."""
    low, high = ends
    scaled = (np.nan_to_num(data, nan=low) - low) * (255.0 / (high - low) if high > low else 0.0)
    coloured: Pixels = colours[scaled.clip(0, 255).astype(np.uint8)]
    return coloured


def _packed(colours: npt.NDArray[np.uint8]) -> Pixels:
    """A table of red, green, blue, alpha as Qt's 0xAARRGGBB."""
    red, green, blue, alpha = colours.astype(np.uint32).T
    packed: Pixels = alpha << 24 | red << 16 | green << 8 | blue
    return packed


def _quantile(values: Values, fraction: float) -> float:
    place = round(fraction * (values.size - 1))
    return float(np.partition(values, place)[place])


def _fit(grid: Values, width: int, height: int) -> Values:
    """The grid with no more columns and rows than there are pixels."""
    rows, columns = grid.shape
    fitted: Values = _shrunk(grid[None], -(-rows // height), -(-columns // width))[0]
    return fitted


def _shrunk(maps: Values, down: int, across: int) -> Values:
    """Means over blocks of down × across values; what does not fill a block is left out."""
    if down == across == 1:
        return maps
    count, rows, columns = maps.shape
    rows, columns = rows // down, columns // across
    blocks = maps[:, : rows * down, : columns * across].reshape(count, rows, down, columns, across)
    means: Values = blocks.mean(axis=(2, 4))
    return means


def _fill(pixels: Pixels, width: int, height: int) -> Pixels:
    """Cells enlarged by a whole number in each direction."""
    rows, columns = pixels.shape
    return pixels.repeat(height // rows, axis=0).repeat(width // columns, axis=1)


def _has_labels(preview: Preview) -> bool:
    return preview.kind == "vector" and preview.data.size <= LABELLED


def _paint_bars(picture: QImage, preview: Preview, theme: Theme, width: int, height: int) -> None:
    painter = QPainter(picture)
    if preview.kind == "histogram":
        paint_histogram(painter, preview.data, (preview.low, preview.high), theme, QRect(0, 0, width, height))
    else:
        paint_vector(painter, preview.data.ravel(), theme, QRect(0, 0, width, height))
    painter.end()


def paint_histogram(painter: QPainter, counts: Values, ends: tuple[float, float], theme: Theme, room: QRect) -> None:
    """Bars one pixel apart, their height the count on a log scale, and a hairline where zero is."""
    heights = np.log1p(np.maximum(counts.ravel(), 0.0))
    low, high = ends
    if low < 0 < high:
        place = room.left() + round((room.width() - 1) * -low / (high - low))
        painter.fillRect(QRect(place, room.top(), 1, room.height()), theme.color("line-strong"))
    top = float(heights.max())
    slots = _slots(heights / top if top > 0 else heights, room)
    bars = [QRect(left, room.bottom() + 1 - height, right - left, height) for left, right, height in slots]
    _fill_bars(painter, bars, theme)


def paint_vector(painter: QPainter, values: Values, theme: Theme, room: QRect) -> None:
    """A bar for each value, up or down from zero; numbers below where there is room, that of the largest bright."""
    values = np.nan_to_num(values)
    if values.size <= LABELLED:
        _paint_numbers(painter, values, theme, room)
        room = room.adjusted(0, 0, 0, -LABEL_HEIGHT)
    values = _shrunk(values[None, None], 1, max(1, -(-values.size // room.width())))[0, 0]
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    zero = room.top() + round((room.height() - 1) * high / (high - low)) if high > low else room.bottom()
    painter.fillRect(QRect(room.left(), zero, room.width(), 1), theme.color("line-strong"))
    slots = zip(_slots(np.abs(values) / ((high - low) or 1.0), room), (values > 0).tolist(), strict=True)
    bars = [
        QRect(left, zero - height if is_up else zero, right - left, height) for (left, right, height), is_up in slots
    ]
    _fill_bars(painter, bars, theme)


def _fill_bars(painter: QPainter, bars: list[QRect], theme: Theme) -> None:
    """All at once: one by one the calls would take longer than the painting."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.plot(0))
    painter.drawRects(bars)


def _paint_numbers(painter: QPainter, values: Values, theme: Theme, room: QRect) -> None:
    tick = font("shape")
    tick.setPixelSize(10)
    painter.setFont(tick)
    largest = int(values.argmax())
    for place, (left, right, _) in enumerate(_slots(values, room)):
        painter.setPen(QColor(theme.color("text" if place == largest else "text-3")))
        box = QRect(left - 2, room.bottom() - LABEL_HEIGHT + 2, right - left + 4, LABEL_HEIGHT)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(place))


def _slots(shares: Values, room: QRect) -> list[tuple[int, int, int]]:
    """Left, right and height in pixels of bars that fill `room`, one pixel apart where they are wider than that."""
    edges = np.rint(np.linspace(room.left(), room.right() + 1, len(shares) + 1)).astype(int).tolist()
    heights = np.rint(shares * (room.height() - 1)).astype(int).tolist()
    gap = 1 if room.width() >= 2 * len(shares) else 0
    return [(left, right - gap, height) for left, right, height in zip(edges, edges[1:], heights, strict=False)]
