"""The window's four areas: palette, canvas, dock, inspector; resizable in given ranges, each gone with one key."""

from typing import Literal, TypeAlias

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

Panel: TypeAlias = Literal["palette", "dock", "inspector"]

RANGES: dict[Panel, tuple[int, int]] = {"palette": (176, 320), "dock": (160, 480), "inspector": (256, 420)}
OVERLAY_BELOW = 1280


class Frame(QWidget):
    """Holds the areas. Where it is narrow the inspector lies over the canvas.

    `sizes_changed` follows the splitters; `covering_changed` carries the pixels of the canvas under the inspector.
    """

    sizes_changed = Signal()
    covering_changed = Signal(int)

    def __init__(self, palette: QWidget, canvas: QWidget, dock: QWidget, inspector: QWidget) -> None:
        super().__init__()
        self.panels: dict[Panel, QWidget] = {"palette": palette, "dock": dock, "inspector": inspector}
        self._sizes: dict[Panel, int] = {"palette": 208, "dock": 256, "inspector": 288}
        self._is_overlaid = False
        self._has_selection = False
        self._hidden: set[Panel] = set()
        self._middle = _splitter(Qt.Orientation.Vertical, canvas, dock)
        self._across = _splitter(Qt.Orientation.Horizontal, palette, self._middle, inspector)
        self._across.setStretchFactor(1, 1)
        self._middle.setStretchFactor(0, 1)
        for name, (low, high) in RANGES.items():
            _limit(self.panels[name], name, low, high)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._across)
        self._across.splitterMoved.connect(self._remember)
        self._middle.splitterMoved.connect(self._remember)

    def _remember(self) -> None:
        for name, panel in self.panels.items():
            if panel.isVisible():
                self._sizes[name] = panel.height() if name == "dock" else panel.width()
        self.sizes_changed.emit()

    @property
    def sizes(self) -> dict[Panel, int]:
        """How wide or high each panel is, or was when it was last seen."""
        return dict(self._sizes)

    def set_sizes(self, sizes: dict[Panel, int]) -> None:
        """Make the panels this wide or high, within their ranges."""
        for name, size in sizes.items():
            low, high = RANGES[name]
            self._sizes[name] = min(max(size, low), high)
        self._apply()

    def _apply(self) -> None:
        sizes = self._sizes
        side = 0 if self._is_overlaid else sizes["inspector"]
        self._across.setSizes([sizes["palette"], max(self.width() - sizes["palette"] - side, 1), side])
        self._middle.setSizes([max(self.height() - sizes["dock"], 1), sizes["dock"]])
        self._place_overlay()

    @property
    def hidden(self) -> frozenset[Panel]:
        """The panels that the person has hidden."""
        return frozenset(self._hidden)

    def follow_selection(self, has_selection: bool) -> None:
        """Where the inspector lies over the canvas, it is there only while something is selected."""
        self._has_selection = has_selection
        self.panels["inspector"].setVisible(self._shows_inspector)
        self._tell_covering()

    def _tell_covering(self) -> None:
        inspector = self.panels["inspector"]
        is_over = self._is_overlaid and not inspector.isHidden()
        self.covering_changed.emit(self._sizes["inspector"] if is_over else 0)

    @property
    def _shows_inspector(self) -> bool:
        return "inspector" not in self._hidden and (self._has_selection or not self._is_overlaid)

    def set_shown(self, name: Panel, is_shown: bool) -> None:
        """Show or hide a panel; the canvas takes its room."""
        (self._hidden.discard if is_shown else self._hidden.add)(name)
        self.panels[name].setVisible(is_shown)
        if is_shown:
            self._apply()
        self._tell_covering()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the inspector over the canvas, or put it beside it again."""
        super().resizeEvent(event)
        is_overlaid = self.width() < OVERLAY_BELOW
        if is_overlaid != self._is_overlaid:
            self._is_overlaid = is_overlaid
            self._move_inspector()
        self._place_overlay()

    def _move_inspector(self) -> None:
        inspector = self.panels["inspector"]
        if self._is_overlaid:
            inspector.setParent(self)
        else:
            self._across.addWidget(inspector)
        inspector.setVisible(self._shows_inspector)
        self._apply()
        self._tell_covering()

    def _place_overlay(self) -> None:
        if self._is_overlaid:
            width = self._sizes["inspector"]
            self.panels["inspector"].setGeometry(self.width() - width, 0, width, self.height())
            self.panels["inspector"].raise_()


def _splitter(orientation: Qt.Orientation, *widgets: QWidget) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(1)
    splitter.setChildrenCollapsible(False)
    for widget in widgets:
        splitter.addWidget(widget)
    return splitter


def _limit(panel: QWidget, name: Panel, low: int, high: int) -> None:
    if name == "dock":
        panel.setMinimumHeight(low)
        panel.setMaximumHeight(high)
    else:
        panel.setMinimumWidth(low)
        panel.setMaximumWidth(high)
