"""The dock under the canvas: one row of tabs, one page at a time."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from netloom.ui import theme
from netloom.ui.widgets import Hairline, set_tone, surface

TABS = ("Live", "Runs", "Code", "Problems", "Log", "History")
TAB_HEIGHT = 32
BADGE_GAP = 8
"""Keeps the count nearer to its own tab than to the next."""
LEAST_WIDTH = 240
"""Its pages may want more; the window can be made narrow all the same."""


class Dock(QWidget):
    """Pages by name. `page_shown` carries the name of the one that came to the front."""

    page_shown = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(LEAST_WIDTH)
        self.setObjectName("dock")
        surface(self, "panel")
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("dock-tabs")
        self.tabs.setAccessibleName("Dock")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setFixedHeight(TAB_HEIGHT)
        self.tabs.setFont(theme.font("body"))
        self.note = QLabel(self)
        self.note.setObjectName("dock-note")
        self.note.setFont(theme.font("body"))
        self._stack = QStackedWidget(self)
        self._rooms: dict[str, QVBoxLayout] = {}
        self._told = (0, "")
        self._lay_out()
        self.badge = self._badge()
        self.tabs.currentChanged.connect(self._show_index)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 12, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        row.addWidget(self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(Hairline())
        column.addWidget(self._stack, 1)
        for name in TABS:
            self.tabs.addTab(name)
            holder = QWidget(self)
            self._rooms[name] = QVBoxLayout(holder)
            self._rooms[name].setContentsMargins(0, 0, 0, 0)
            self._stack.addWidget(holder)

    def _badge(self) -> QLabel:
        badge = QLabel(self)
        badge.setObjectName("problem-badge")
        badge.setFont(theme.font("caption"))
        badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        badge.setFixedHeight(18)
        badge.setStyleSheet(f"margin-right: {BADGE_GAP}px;")
        badge.hide()
        return badge

    def set_page(self, name: str, page: QWidget) -> None:
        """Put a page under its tab."""
        self._rooms[name].addWidget(page)

    def show_page(self, name: str) -> None:
        """Bring a page to the front."""
        self.tabs.setCurrentIndex(TABS.index(name))

    @property
    def page(self) -> str:
        """The name of the page in front."""
        return TABS[self.tabs.currentIndex()]

    def is_shown(self, name: str) -> bool:
        """Whether this page can be seen now."""
        return self.page == name and self.isVisible()

    def set_badge(self, count: int, severity: str) -> None:
        """Show a count at the Problems tab, or nothing for 0."""
        if (count, severity) == self._told:
            return  # else an edit would cost a layout of the whole bar
        self._told = (count, severity)
        self.badge.setText(str(count))
        set_tone(self.badge, "tone", severity)
        set_tone(self.badge, "soft", severity)
        wide = max(self.badge.fontMetrics().horizontalAdvance(str(count)) + 10, 18)
        self.badge.setFixedWidth(wide + BADGE_GAP)
        side = QTabBar.ButtonPosition.RightSide
        place = TABS.index("Problems")
        if bool(count) != (self.tabs.tabButton(place, side) is self.badge):
            self.tabs.setTabButton(place, side, self.badge if count else None)
        self.tabs.setTabText(place, "Problems")  # makes room for a badge that has become wider
        self.badge.setVisible(count > 0)

    def _show_index(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self.page_shown.emit(TABS[index])
