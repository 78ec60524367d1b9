"""Copy, cut, paste and duplicate, also between documents and windows: what is copied is text on the clipboard."""

from typing import TYPE_CHECKING
from uuid import uuid4
from weakref import WeakKeyDictionary

from PySide6.QtCore import QMimeData, QPointF, QRectF
from PySide6.QtGui import QCursor, QGuiApplication

from netloom.errors import DocumentError, GraphError
from netloom.graph import Document, Patch, Point, clip
from netloom.graph.clip import Clip
from netloom.layers.blocks import pasting
from netloom.layers.edit import check_document
from netloom.ui.canvas.adding import pinned
from netloom.ui.canvas.card import GRID, HEADER
from netloom.ui.canvas.placement import snapped

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

MIME = "application/x-netloom"
ASIDE = 3.0 * GRID
"""How far a copy stands from what it would cover."""
GAP = 5.0 * GRID
WIDTH = 160.0
"""About what a card takes up that is not here."""
NOTHING = "Nothing to paste. Select nodes and copy them first."

_origins: WeakKeyDictionary[Document, str] = WeakKeyDictionary()
"""A word for each open document, so that a clip knows its own again."""


def copy(canvas: "Canvas") -> None:
    """Put what is selected on the clipboard."""
    if canvas.selection or canvas.marked.remarks:
        text = clip.dumps(_taken(canvas))
        data = QMimeData()
        data.setData(MIME, text.encode())
        data.setText(text)
        QGuiApplication.clipboard().setMimeData(data)


def _taken(canvas: "Canvas") -> Clip:
    nodes, document = canvas.graph_scene.nodes, canvas.document
    places = {key: (nodes[key].x(), nodes[key].y()) for key in canvas.selection}
    return clip.take(document, canvas.selection, canvas.marked.remarks, places, _origin(document))


def _origin(document: Document) -> str:
    return _origins.setdefault(document, uuid4().hex)


def cut(canvas: "Canvas") -> None:
    """Put what is selected on the clipboard and remove it."""
    copy(canvas)
    canvas.ask(pasting.cut(canvas.document, canvas.selection, canvas.marked.remarks))


def cut_joined(canvas: "Canvas") -> None:
    """Put the selected nodes on the clipboard, remove them, and wire what fed them to what they fed."""
    copy(canvas)
    canvas.ask(pasting.cut_joined(canvas.document, canvas.selection, canvas.marked.remarks))


def paste(canvas: "Canvas") -> None:
    """Add what is on the clipboard at the cursor; it is selected then."""
    _paste(canvas, is_wired=False)


def paste_wired(canvas: "Canvas") -> None:
    """Add what is on the clipboard, fed by what fed it where it was copied, as far as that is here."""
    _paste(canvas, is_wired=True)


def duplicate(canvas: "Canvas") -> None:
    """Add a copy of what is selected beside it; it is selected then. The clipboard stays as it is."""
    if canvas.selection or canvas.marked.remarks:
        found = _taken(canvas)
        _add(canvas, found, _beside(canvas, found), "Duplicate", is_wired=False)


def _paste(canvas: "Canvas", *, is_wired: bool) -> None:
    found = _read()
    if found is None or not (found.document.graph.nodes or found.document.remarks):
        canvas.message_requested.emit(NOTHING)
        return
    _add(canvas, found, _at_cursor(canvas, found), "Paste", is_wired=is_wired)


def _read() -> Clip | None:
    """What is on the clipboard, if it can be pasted: any program may have put anything there."""
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    if data is None:  # nothing was ever copied, which the types of Qt do not know
        return None
    text = bytes(data.data(MIME).data()).decode("utf-8", "replace") if data.hasFormat(MIME) else data.text()
    if not text.lstrip().startswith("{"):
        return None
    try:
        found = clip.loads(text)
        check_document(found.document)
    except DocumentError:
        return None
    return found


def _add(canvas: "Canvas", found: Clip, shift: Point, word: str, *, is_wired: bool) -> None:
    """Ask for the nodes of a clip, and for the wires into them, as one step."""
    document, level, gesture = canvas.document, canvas.graph_scene.level, object()
    is_home = found.origin == _origin(document)
    try:
        made = pasting.paste(document, found, level, shift, is_home=is_home)
    except GraphError as error:
        canvas.message_requested.emit(str(error))
        return
    patch = pinned(canvas, made.patch)
    canvas.ask(Patch(patch.label.replace("Paste", word, 1), patch.changes), gesture)
    if is_wired and document.graph.nodes.keys() >= set(made.nodes.values()):
        canvas.ask(pasting.feed(document, found, made, level, is_home=is_home), gesture)
    canvas.set_selection(made.nodes.values(), remarks=made.remarks)


# Where the copies go


def _area(canvas: "Canvas", found: Clip) -> QRectF:
    """What the clip takes up where it was copied. Of each card that is the header: below it cards differ with what is
    known of them, and the hand holds a new card by its header too.
    """
    area = QRectF()
    for key, place in _places(found).items():
        item, remark = canvas.graph_scene.nodes.get(key), found.document.remarks.get(key)
        size = remark.size if remark is not None else (item.card.width if item is not None else WIDTH, float(HEADER))
        area = area.united(QRectF(*place, *size))
    return area


def _places(found: Clip) -> dict[str, Point]:
    """Where the nodes, frames and notes at the top of a clip stood."""
    known = found.document.positions
    places = {node.id: known[node.id] for node in found.document.graph.level() if node.id in known}
    return places | {key: each.place for key, each in found.document.remarks.items() if not each.parent}


def _at_cursor(canvas: "Canvas", found: Clip) -> Point:
    """The way to the cursor; where that is elsewhere, a step aside, or the middle of what is seen."""
    area = _area(canvas, found)
    at = canvas.viewport().mapFromGlobal(QCursor.pos())
    if canvas.viewport().rect().contains(at):
        return _clear(canvas, found, _way(area, canvas.mapToScene(at)))
    is_seen = canvas.seen().intersects(area)
    return _clear(canvas, found, (0.0, 0.0) if is_seen else _way(area, canvas.seen().center()))


def _way(area: QRectF, place: QPointF) -> Point:
    step = place - area.center()
    return snapped(step.x(), step.y())


def _clear(canvas: "Canvas", found: Clip, shift: Point) -> Point:
    """The shift, so much further that no card or frame stands exactly on one that is there."""
    scene, places = canvas.graph_scene, _places(found).values()
    taken = {(card.x(), card.y()) for card in scene.nodes.values()}
    taken |= {(item.x(), item.y()) for item in scene.remarks.values()}
    while any((x + shift[0], y + shift[1]) in taken for x, y in places):
        shift = (shift[0] + ASIDE, shift[1] + ASIDE)
    return shift


def _beside(canvas: "Canvas", found: Clip) -> Point:
    """The way to a free place below what is copied, right, above or left of it; if none is free, a step aside."""
    area = _area(canvas, found).united(canvas.graph_scene.content(canvas.selection))
    across, down = snapped(area.width() + GAP, area.height() + GAP)
    for x, y in ((0.0, down), (across, 0.0), (0.0, -down), (-across, 0.0)):
        if canvas.graph_scene.is_free(area.translated(x, y)):
            return (x, y)
    return _clear(canvas, found, (ASIDE, ASIDE))
