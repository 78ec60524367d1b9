"""Small drawings of networks: sketches made on a thread, kept by what they show, painted in the colours of the look."""

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue

import msgspec
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPen, QTransform

from netloom.errors import NetloomError
from netloom.graph import Document, Point, atomic, file
from netloom.graph.layout import layered
from netloom.layers import catalogue
from netloom.runs import home
from netloom.ui import theme

NODE = (160.0, 96.0)
HEADER = 32.0
PORT = 16.0
ROOM = (1600.0, 700.0)
"""What a network that nobody has placed is laid out for."""
LARGEST, SMALLEST = 0.3, 3.0
"""Pixels for a scene unit at most, and of a card at least."""
MOST = 600
COLUMNS, ROWS = 72, 32
"""A network of more cards is drawn as a raster of this many cells, without wires."""
OUT = 24.0
"""How far a wire that runs back leads out of a card before it turns."""
FAR, BOW = 8.0, 0.16
"""A wire along a row goes over other cards from so many times `OUT` on, and rises by this share of its length."""
KEPT = 60
TICK_MS = 20

Box = tuple[float, float, float, float]


class Sketch(msgspec.Struct, frozen=True, array_like=True):
    """Where cards, wires and frames of one level are; all from the corner of the whole, in scene units."""

    size: Point
    cards: tuple[tuple[str, Box], ...]
    wires: tuple[tuple[Point, Point], ...] = ()
    frames: tuple[Box, ...] = ()
    is_down: bool = False


def sketch(document: Document) -> Sketch:
    """What is seen of the top level of a document; nodes that nobody has placed are laid out."""
    boxes = _boxes(document)
    frames = {key: (*each.place, *each.size) for key, each in document.remarks.items() if not each.parent}
    everything = (*boxes.values(), *frames.values())
    if not everything:
        return Sketch((1.0, 1.0), ())
    left, top = min(box[0] for box in everything), min(box[1] for box in everything)
    size = (max(box[0] + box[2] for box in everything) - left, max(box[1] + box[3] for box in everything) - top)
    moved = {key: _moved(box, left, top) for key, box in boxes.items()}
    cards = tuple((catalogue.spec(document.graph.nodes[key].kind).category, box) for key, box in moved.items())
    if len(cards) > MOST:
        return Sketch(size, _raster(cards, size))
    around = tuple(_moved(box, left, top) for box in frames.values())
    return Sketch(size, cards, _ends(document, moved), around, document.directions.get("") == "down")


def _boxes(document: Document) -> dict[str, Box]:
    keys = [node.id for node in document.graph.level()]
    sizes = {key: (NODE[0], HEADER if key in document.collapsed else NODE[1]) for key in keys}
    places: Mapping[str, Point] = document.positions
    if any(key not in places for key in keys):
        places = layered(document.graph, sizes, (0.0, 0.0), ROOM, document.directions.get("", "right"))
    return {key: (*places[key], *sizes[key]) for key in keys}


def _moved(box: Box, left: float, top: float) -> Box:
    return (box[0] - left, box[1] - top, box[2], box[3])


def _ends(document: Document, boxes: Mapping[str, Box]) -> tuple[tuple[Point, Point], ...]:
    wires = (wire for wire in document.graph.wires.values() if wire.source in boxes and wire.target in boxes)
    pairs = ((boxes[wire.source], boxes[wire.target]) for wire in wires)
    if document.directions.get("") == "down":
        return tuple(((a[0] + a[2] / 2, a[1] + a[3]), (b[0] + b[2] / 2, b[1])) for a, b in pairs)
    return tuple(((a[0] + a[2], a[1] + PORT), (b[0], b[1] + PORT)) for a, b in pairs)


def _raster(cards: Iterable[tuple[str, Box]], size: Point) -> tuple[tuple[str, Box], ...]:
    wide, high = size[0] / COLUMNS, size[1] / ROWS
    cells = {(int((box[0] + box[2] / 2) / wide), int((box[1] + box[3] / 2) / high)): name for name, box in cards}
    return tuple(
        (name, (column * wide, row * high, wide * 0.8, high * 0.7)) for (column, row), name in sorted(cells.items())
    )


def file_sketch(path: Path) -> Sketch | None:
    """The sketch of a file, kept under the user's cache by what the file says; None where it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    kept = home.cache_folder() / "sketches" / f"{hashlib.sha256(data).hexdigest()[:32]}.json"
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode(kept.read_bytes(), type=Sketch)
    try:
        found = sketch(file.loads(data))
    except NetloomError:
        return None
    with suppress(OSError):
        _keep(found, kept)
    return found


def _keep(found: Sketch, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    atomic.write(path, msgspec.json.encode(found))
    for old in sorted(path.parent.iterdir(), key=lambda each: each.stat().st_mtime)[:-KEPT]:
        old.unlink()


def paint(painter: QPainter, drawn: Sketch, room: QRectF) -> None:
    """Paint a sketch into the middle of a room, as large as it fits."""
    scale = min(room.width() / drawn.size[0], room.height() / drawn.size[1], LARGEST)
    look = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(room.center() - QPointF(*drawn.size) * scale / 2)
    painter.setPen(QPen(look.color("line-strong"), 1))
    painter.setBrush(look.color("panel"))
    for box in drawn.frames:
        painter.drawRoundedRect(_scaled(box, scale), 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(look.color("wire", 0.8), 1))
    for start, end in drawn.wires:
        ends = (QPointF(*start) * scale, QPointF(*end) * scale)
        painter.drawPath(_way_down(*ends, OUT * scale) if drawn.is_down else _way(*ends, OUT * scale))
    painter.setPen(Qt.PenStyle.NoPen)
    for category, box in drawn.cards:
        painter.setBrush(look.category(category))
        painter.drawRoundedRect(_scaled(box, scale), 2, 2)
    painter.restore()


def _scaled(box: Box, scale: float) -> QRectF:
    wide, high = max(box[2] * scale, SMALLEST), max(box[3] * scale, SMALLEST)
    return QRectF(box[0] * scale, box[1] * scale, wide, high)


def _way_down(start: QPointF, end: QPointF, out: float) -> QPainterPath:
    """The same for wires that go down."""
    return QTransform(0, 1, 1, 0, 0, 0).map(_way(start.transposed(), end.transposed(), out))


def _way(start: QPointF, end: QPointF, out: float) -> QPainterPath:
    """A curve forward, in a bow over what stands between; back to the left along a lane in the middle."""
    path = QPainterPath(start)
    if end.x() >= start.x():
        across = end.x() - start.x()
        is_far = across > FAR * out and abs(end.y() - start.y()) < out
        pull = QPointF(across / 2, 0) if not is_far else QPointF(across / 4, 0)
        rise = QPointF(0, across * BOW if is_far else 0)
        path.cubicTo(start + pull - rise, end - pull - rise, end)
        return path
    lane = (start.y() + end.y()) / 2
    right, left = start.x() + out, end.x() - out
    for x, y in ((right, start.y()), (right, lane), (left, lane), (left, end.y())):
        path.lineTo(x, y)
    path.lineTo(end)
    return path


Wish = tuple[str, Callable[[], Sketch | None]]


class Sketcher(QObject):
    """Makes sketches on a thread, one after the other. `made` carries the name of a wish and its Sketch, or None."""

    made = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wishes: deque[Wish] = deque()
        self._found: SimpleQueue[tuple[str, Sketch | None]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tell)

    @property
    def is_busy(self) -> bool:
        """Whether some are still to be made, or told of."""
        return self._timer.isActive()

    def ask(self, wishes: Sequence[Wish]) -> None:
        """Make these as well."""
        self._wishes.extend(wishes)
        if self._wishes:
            self._begin()
            self._timer.start()

    def close(self) -> None:
        """Make no more."""
        self._wishes.clear()
        self._timer.stop()

    def _begin(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name="netloom-sketches", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        """Called on the thread; it ends when nothing is left to make."""
        with suppress(IndexError):
            while True:
                name, make = self._wishes.popleft()
                self._found.put((name, make()))

    def _tell(self) -> None:
        """One sketch at a time, so that no frame waits for the painting of many."""
        try:
            name, found = self._found.get_nowait()
        except Empty:
            self._go_on()
        else:
            self.made.emit(name, found)

    def _go_on(self) -> None:
        """Rest once the thread has ended; begin anew where a wish came while it did."""
        if self._thread is None or self._thread.is_alive() or not self._found.empty():
            return
        if self._wishes:
            self._begin()
        else:
            self._timer.stop()
