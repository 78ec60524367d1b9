"""Inside a node: what it puts out right now, how the values are spread, and how that changed over the run."""

import time
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from netloom.compiler.plan import Plan
from netloom.training.events import Preview, ProbeMode, ProbesRead
from netloom.training.progress import Progress
from netloom.ui import previews, theme
from netloom.ui.plots.numbers import TELL_EVERY, compact, short
from netloom.ui.plots.sparkline import Sparkline, fill_well
from netloom.ui.plots.title_row import Entry, TitleRow
from netloom.ui.plots.trace import Trace
from netloom.ui.widgets import surface
from netloom.ui.words import breakable

MOST_MAPS = 64
INSET = 6
LEAST_PICTURE = 56
MOST_PICTURE = 200
SPREAD_HEIGHT = 56
LEAST_LOOKS = 8
LOOK_SMOOTHING = 0.8
"""There are far fewer looks inside than steps."""
NO_NODE = "Select a node to see inside it."
NOT_TRAINED = "Nothing has gone through {name} yet. Press Train."
INSIDE_BLOCK = "{name} is inside a block. A run looks at blocks as a whole: select the block to see what it puts out."
NOTHING_TO_SHOW = "{name} puts out nothing to look at."
WORDS: dict[ProbeMode, str] = {
    "activations": "Activation",
    "gradients": "Gradient",
    "weights": "Weight",
    "off": "Activation",
}


@dataclass
class History:
    """How a node's values were spread and its gradient's norm, over the run."""

    std: Trace = field(default_factory=lambda: Trace(LOOK_SMOOTHING))
    norm: Trace = field(default_factory=lambda: Trace(LOOK_SMOOTHING))
    seen: Preview | None = None


class Picture(QWidget):
    """A preview in a well; as high as suits what is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview: Preview | None = None
        self._mode: ProbeMode = "activations"
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Preview")
        theme.signals.changed.connect(self.update)

    def set_preview(self, preview: Preview, mode: ProbeMode) -> None:
        """Show this preview."""
        changed = self._preview is None or (self._preview.kind, self._preview.data.shape) != (
            preview.kind,
            preview.data.shape,
        )
        self._preview, self._mode = preview, mode
        if changed:
            self.setFixedHeight(self.height_at(self.width()))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the proportions."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.setFixedHeight(self.height_at(self.width()))

    def height_at(self, width: int) -> int:
        """The height at which the preview is best seen."""
        if self._preview is None or width <= 4 * INSET:
            return LEAST_PICTURE
        inner = width - 2 * INSET
        shown = self._preview
        if shown.kind == "maps" and len(shown.data):
            count, rows, columns = min(len(shown.data), MOST_MAPS), int(shown.data.shape[1]), int(shown.data.shape[2])
            layout = previews.mosaic(count, rows, columns, inner, MOST_PICTURE, previews.GAP)
            side = rows * layout.scale if layout.scale else rows // layout.shrink
            wanted = layout.rows * side + previews.GAP * (layout.rows - 1)
        else:
            wanted = previews.height_for(shown, inner)
        return min(max(wanted, LEAST_PICTURE - 2 * INSET), MOST_PICTURE) + 2 * INSET

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The well, and the picture of the preview in it."""
        painter = QPainter(self)
        fill_well(painter, QRectF(self.rect()))
        room = self.rect().adjusted(INSET, INSET, -INSET, -INSET)
        if self._preview is not None and room.isValid():
            look, dpr = theme.current(), self.devicePixelRatioF()
            size = room.width(), room.height()
            picture = previews.image(self._preview, look, *size, dpr, mode=self._mode, most=MOST_MAPS)
            painter.drawImage(room.topLeft(), picture)
        painter.end()


class Spread(QWidget):
    """The histogram of a preview's values."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preview: Preview | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(SPREAD_HEIGHT)
        self.setAccessibleName("Histogram of values")
        theme.signals.changed.connect(self.update)

    def set_preview(self, preview: Preview) -> None:
        """Show this preview's counts."""
        self._preview = preview
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The well and the bars."""
        painter = QPainter(self)
        fill_well(painter, QRectF(self.rect()))
        if self._preview is not None and self._preview.counts.size:
            room: QRect = self.rect().adjusted(INSET, INSET, -INSET, -INSET)
            ends = self._preview.low, self._preview.high
            previews.paint_histogram(painter, self._preview.counts, ends, theme.current(), room)
        painter.end()


class NodeView(QWidget):
    """Shows the selected node. The window calls `refresh` on its timer; histories of all watched nodes are kept."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("node-view")
        self.setAccessibleName("Inside the node")
        surface(self, "panel")
        self._node: str | None = None
        self._plan: Plan | None = None
        self._progress: Progress | None = None
        self._look: ProbesRead | None = None
        self._histories: dict[str, History] = {}
        self._seen = -1
        self._shown: object = None
        self._told = 0.0
        self._told_node: str | None = None
        self._told_of: Preview | None = None
        self.title = TitleRow("Inside")
        self.empty = QLabel(NO_NODE)
        self.picture_title, self.picture = TitleRow("", "body"), Picture()
        self.spread_title, self.spread = TitleRow("", "body"), Spread()
        self.std_title, self.std = TitleRow("", "body"), Sparkline(0)
        self.norm_title, self.norm = TitleRow("Gradient, norm", "body"), Sparkline(2)
        self._stack = QStackedWidget()
        self._lay_out()

    def set_node(self, node: str | None, plan: Plan | None) -> None:
        """Show this node of this plan; None shows a hint."""
        if (node, plan) != (self._node, self._plan):
            self._node, self._plan = node, plan
            self._seen, self._shown, self._told_of = -1, None, None
            self.refresh()

    def set_progress(self, progress: Progress | None) -> None:
        """Follow this run; histories of an older one are forgotten."""
        if progress is not self._progress:
            self._progress, self._look, self._histories = progress, None, {}
            self._seen, self._shown, self._told_of = -1, None, None
            self.refresh()

    def set_look(self, look: ProbesRead | None) -> None:
        """Show what an untrained network puts out instead of what the run saw; None shows the run again."""
        self._look = look
        self._seen, self._shown, self._told_of = -1, None, None
        self.refresh()

    def refresh(self) -> None:
        """Note what is new, and show it where the view can be seen."""
        progress = self._progress
        if progress is not None and progress.version != self._seen:
            self._record(progress)
        if not self.isVisible() or (progress is not None and progress.version == self._seen):
            return
        self._seen = -1 if progress is None else progress.version
        source = self._look or progress
        preview = source.previews.get(self._node) if source is not None and self._node is not None else None
        if preview is None:
            self._show_empty()
        else:
            self._show_preview(preview)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while the view was hidden."""
        super().showEvent(event)
        self._seen, self._shown, self._told_of = -1, None, None
        self.refresh()

    def _lay_out(self) -> None:
        self.empty.setWordWrap(True)
        self.empty.setMinimumWidth(1)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.empty.setFont(theme.font("body"))
        self.empty.setProperty("level", "3")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in self._parts():
            column.addWidget(part)
        column.addStretch(1)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 12)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addWidget(self._stack, 1)

    def _parts(self) -> list[QWidget]:
        rows = ((self.picture_title, self.picture), (self.spread_title, self.spread))
        curves = ((self.std_title, self.std), (self.norm_title, self.norm))
        return [part for pair in (*rows, *curves) for part in pair]

    def _record(self, progress: Progress) -> None:
        """Add every new preview's std and gradient norm to its node's history."""
        step = np.array([float(progress.look_step)])
        norms = progress.gradient_norms
        for key, preview in progress.previews.items():
            history = self._histories.setdefault(key, History())
            if preview is not history.seen:
                history.seen = preview
                history.std.extend(step, np.array([preview.std]))
                if key in norms:
                    history.norm.extend(step, np.array([norms[key]]))

    def _show_empty(self) -> None:
        item = self._plan.nodes.get(self._node) if self._plan is not None and self._node is not None else None
        if item is None:
            text = NO_NODE
        else:
            wanted = NOTHING_TO_SHOW if item.part == "objective" else INSIDE_BLOCK if item.node.parent else NOT_TRAINED
            text = wanted.format(name=item.node.name)
        self.empty.setText(breakable(text))
        self.title.set_entries()
        self._stack.setCurrentIndex(0)

    @property
    def _mode(self) -> ProbeMode:
        if self._look is not None:
            return self._look.mode
        return self._progress.probe_mode if self._progress is not None else "activations"

    @property
    def _is_data(self) -> bool:
        item = self._plan.nodes.get(self._node) if self._plan is not None and self._node is not None else None
        return item is not None and item.part == "data"

    def _show_preview(self, preview: Preview) -> None:
        if preview is not self._shown:
            self._shown = preview
            self.picture.set_preview(preview, "activations" if self._is_data else self._mode)
            self.spread.set_preview(preview)
            self._stack.setCurrentIndex(1)
        now = time.monotonic()
        is_live = self._look is None and self._progress is not None and self._progress.state == "running"
        is_due = self._told_node != self._node or not is_live or now - self._told >= TELL_EVERY
        if preview is not self._told_of and is_due:
            self._told, self._told_node, self._told_of = now, self._node, preview
            self._tell(preview)

    def _tell(self, preview: Preview) -> None:
        """Words and curves, which nobody reads as fast as the pictures change."""
        step = 0 if self._look is not None or self._progress is None else self._progress.look_step
        self.title.set_entries(Entry(f"step {step:,}" if step else "not trained yet"))
        extent = _samples(preview) if self._is_data else _extent(preview)
        self.picture_title.set_title(f"{'Samples' if self._is_data else WORDS[self._mode] + 's'}, {extent}")
        self.picture_title.set_entries(Entry(_range(preview)))
        self.picture.setVisible(preview.kind != "histogram")  # its counts are what the spread below shows
        self.spread_title.set_title("Values")
        self.spread_title.set_entries(Entry("mean", compact(preview.mean)), Entry("std", compact(preview.std)))
        self._tell_history(preview)

    def _tell_history(self, preview: Preview) -> None:
        """How the run changed the values, once there are enough looks to tell a course from noise."""
        history = self._histories.get(self._node or "") if self._look is None and not self._is_data else None
        history = history or History()
        self.std_title.set_title(f"{WORDS[self._mode]}, std")
        self.std_title.set_entries(Entry("", compact(preview.std)))
        self.norm_title.set_entries(Entry("", short(history.norm.last) if history.norm.count else ""))
        curves = (self.std_title, self.std, history.std), (self.norm_title, self.norm, history.norm)
        for title, curve, trace in curves:
            curve.show_trace(trace)
            for part in (title, curve):
                part.setVisible(trace.count >= LEAST_LOOKS)


def _range(preview: Preview) -> str:
    return f"{compact(preview.low)} to {compact(preview.high)}"


def _samples(preview: Preview) -> str:
    """How many samples of a dataset are shown, and the shape of one: 25 of 8×8."""
    shape = "×".join(str(size) for size in preview.shape if size != 1) or "1"
    return f"{min(len(preview.data), MOST_MAPS)} of {shape}" if preview.kind == "maps" else shape


def _extent(preview: Preview) -> str:
    """What is shown of a sample: 16 maps of 8×8, 64 of 128 maps of 8×8, or its shape."""
    shape = "×".join(str(size) for size in preview.shape) or "1"
    if preview.kind != "maps" or len(preview.shape) != 3:
        return shape
    total, rows, columns = preview.shape
    shown = min(len(preview.data), MOST_MAPS)
    count = f"{total}" if shown == total else f"{shown} of {total}"
    return f"{count} {'map' if total == 1 else 'maps'} of {rows}×{columns}"
