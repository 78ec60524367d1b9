"""Live pictures and curves in the wells of cards, brought up to date a few at a time."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from netloom.training.events import Preview
from netloom.ui.canvas.node_item import Curve, NodeItem

if TYPE_CHECKING:
    from netloom.ui.canvas.graph_scene import GraphScene

FRAME = 16
WELLS_AT_ONCE = 3


class LivePictures:
    """What the wells of one scene are to show, and which of them do not yet."""

    def __init__(self, scene: "GraphScene") -> None:
        self._scene = scene
        self._previews: Mapping[str, Preview] = {}
        self._curves: Mapping[str, tuple[Curve, str]] = {}
        self._shown: set[str] = set()
        self._stale: OrderedDict[str, None] = OrderedDict()
        self._timer = QTimer(scene)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FRAME)
        self._timer.timeout.connect(self._show_some)

    def clear(self) -> None:
        """All cards are gone."""
        self._previews, self._curves = {}, {}
        self._shown.clear()
        self._stale.clear()

    def take(self, previews: Mapping[str, Preview], curves: Mapping[str, tuple[Curve, str]]) -> None:
        """Show these, a few at a time; those that are not named go."""
        self._previews, self._curves = previews, curves
        self._stale.update(dict.fromkeys(key for key in (*self._shown, *previews, *curves)))
        self._show_some()

    def _show_some(self) -> None:
        """Bring a few wells up to date: all at once would make one frame in ten late while a network trains."""
        shown = 0
        while self._stale and shown < WELLS_AT_ONCE:
            item = self._scene.nodes.get(self._stale.popitem(last=False)[0])
            shown += item is not None and self._show(item)
        if self._stale:
            self._timer.start()

    def _show(self, item: NodeItem) -> bool:
        """Show the latest in one well; whether that is something new."""
        preview = self._previews.get(item.key)
        values, text = self._curves.get(item.key, (None, ""))
        if preview is item.preview and values is item.curve and text == item.live_text:
            return False
        (self._shown.discard if preview is None and values is None else self._shown.add)(item.key)
        item.set_live(preview, values, text)
        return True
