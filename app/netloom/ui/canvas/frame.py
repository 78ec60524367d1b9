"""Everything that lies over the canvas at its edges, kept in place and up to date."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Signal

from netloom.training.events import ProbeMode
from netloom.ui.canvas import key_words
from netloom.ui.canvas.breadcrumb import PAD, Breadcrumb
from netloom.ui.canvas.empty_state import KEYS, EmptyState
from netloom.ui.canvas.focus_ring import FocusRing
from netloom.ui.canvas.minimap import Minimap
from netloom.ui.canvas.overlays import EDGE, MODES, ZoomControl
from netloom.ui.widgets import Segmented

if TYPE_CHECKING:
    from netloom.ui.canvas.viewport import Viewport

LEAST_WIDTH, LEAST_HEIGHT = 560, 320
"""A canvas smaller than this shows no minimap."""


class Frame(QObject):
    """The overlays of one canvas.

    `mode_chosen` carries a mode of previews, `depth_chosen` how many blocks to stay in.
    """

    mode_chosen = Signal(str)
    depth_chosen = Signal(int)

    def __init__(self, canvas: "Viewport") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.name = "untitled"
        self.blocks: Sequence[str] = ()
        self.note = ""
        self.title = Breadcrumb(canvas)
        self.modes = Segmented(MODES, parent=canvas)
        self.modes.setAccessibleName("What previews show")
        self.zoom = ZoomControl(canvas)
        self.minimap = Minimap(canvas.graph_scene, canvas)
        self.empty = EmptyState(canvas)
        self._count = 0
        self._covered = 0
        FocusRing(canvas)
        self._connect()

    def _connect(self) -> None:
        self.modes.chosen.connect(lambda word: self.mode_chosen.emit(word.lower()))
        self.title.chosen.connect(self.depth_chosen)
        self.zoom.stepped.connect(self._canvas.zoom_step)
        self.zoom.reset_requested.connect(lambda: self._canvas.set_zoom(1.0))
        self.minimap.place_requested.connect(self._canvas.look_at)
        self._canvas.view_changed.connect(self._follow_view)

    def follow_keys(self) -> None:
        """Tell the keys of the actions that the canvas was given, whichever a person chooses."""
        for name, _text in KEYS:
            if (found := key_words.action(self._canvas, name)) is not None:
                self.empty.follow_key(name, found)
        for name in ("fit", "leave_block"):
            if (found := key_words.action(self._canvas, name)) is not None:
                found.changed.connect(self._tell_keys)
        self._tell_keys()

    def _tell_keys(self) -> None:
        fit, leave = (key_words.key_text(self._canvas, name) for name in ("fit", "leave_block"))
        self.zoom.fit.setToolTip(f"Show everything ({fit})" if fit else "Show everything")
        self.title.set_key(leave)

    def _follow_view(self) -> None:
        self.zoom.show_zoom(self._canvas.zoom)
        self.minimap.show_seen(self._canvas.seen())

    def show_count(self, count: int) -> None:
        """Say how many nodes there are; without any the canvas teaches how to begin."""
        self._count = count
        self.title.show_way((self.name, *self.blocks), count, self.note)
        self.arrange()

    def show_mode(self, mode: ProbeMode) -> None:
        """Choose the word of a mode."""
        self.modes.set_value(mode.capitalize())

    def corner(self) -> list[QRect]:
        """What minimap and zoom cover at the bottom right."""
        return [each.geometry() for each in (self.minimap, self.zoom) if each.isVisible()]

    def restyle(self) -> None:
        """Draw anew in the colours of the theme."""
        self.minimap.restyle()

    def set_covered(self, width: int) -> None:
        """Keep clear of what lies over the right edge of the canvas, in pixels."""
        self._covered = width
        self.arrange()

    def arrange(self) -> None:
        """Put everything where it belongs for this size; where it is narrow the modes stand under the name."""
        wide, high = self._canvas.width() - self._covered, self._canvas.height()
        filled = self._count > 0
        self.title.move(EDGE - PAD, EDGE)
        self.modes.adjustSize()
        left = wide - EDGE - self.modes.width()
        self.modes.move(left, EDGE if left > self.title.geometry().right() else self.title.geometry().bottom() + PAD)
        self.modes.setVisible(filled)
        self.minimap.move(wide - EDGE - self.minimap.width(), high - EDGE - self.minimap.height())
        self.minimap.setVisible(filled and wide >= LEAST_WIDTH and high >= LEAST_HEIGHT)
        self.zoom.adjustSize()
        taken = self.minimap.width() + 8 if self.minimap.isVisibleTo(self._canvas) else 0
        self.zoom.move(wide - EDGE - taken - self.zoom.width(), high - EDGE - self.zoom.height())
        self.zoom.setVisible(filled)
        self.empty.fit_into(wide, high)
        self.empty.setVisible(not filled and not self.blocks and not self._canvas.graph_scene.remarks)
        self._follow_view()
