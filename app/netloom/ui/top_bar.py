"""The bar at the top: documents, undo, device, the run and its progress, commands, export, theme."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QToolButton, QWidget

from netloom.graph import Training
from netloom.ui import icons, theme
from netloom.ui.action_spec import MENUS
from netloom.ui.actions import Actions
from netloom.ui.command_field import NARROW_WIDTH, CommandField
from netloom.ui.compositing import Menu
from netloom.ui.document_tabs import DocumentTabs
from netloom.ui.run_controller import Phase
from netloom.ui.run_progress import RunProgress
from netloom.ui.run_settings import RunSettings
from netloom.ui.widgets import Button, Hairline, IconButton, surface
from netloom.ui.words import counted, short_device

HEIGHT = 44
LEFT, RIGHT = 8, 12
LEAST = 800
PROGRESS_LEAST, FIELD_LEAST, TABS_LEAST = 160, 200, 360
ROOMY = 1240
NARROW = 1100
TIGHT = 960
DEVICE_WIDTH = 168
RUN_TEXTS: dict[Phase, tuple[str, str]] = {
    "idle": ("Train", "play"),
    "starting": ("Pause", "pause"),
    "running": ("Pause", "pause"),
    "paused": ("Continue", "play"),
    "ended": ("Train", "play"),
}


class MenuButton(QToolButton):
    """Opens the menu of everything. Qt would take the keys of its actions that belong to the canvas for its own."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions

    def event(self, event: QEvent) -> bool:
        """Leave keys of the canvas to the canvas: Tab goes on, Delete removes nothing."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_foreign(event):
            event.accept()
            return True
        return super().event(event)

    def _is_foreign(self, event: QKeyEvent) -> bool:
        return self._actions.is_of_canvas(QKeySequence(event.keyCombination()))


class TopBar(QWidget):
    """Buttons of the window's actions; `device_requested` and `training_requested` ask for other run settings."""

    device_requested = Signal(str)
    training_requested = Signal(object)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top-bar")
        surface(self, "window")
        self.setFixedHeight(HEIGHT)
        self._actions = actions
        self.buttons: dict[str, IconButton] = {}
        self._training = Training()
        self._row = QHBoxLayout(self)
        self.recent_menu = Menu("Open recent", self)
        self.recent_menu.setObjectName("menu-recent")
        self.mark = self._mark_button()
        self.tabs = DocumentTabs(self)
        self.device = self._device_chooser()
        self.settings = Button("", parent=self)
        self.run = Button("Train", "play", primary=True, parent=self)
        self.progress = RunProgress(self)
        self.search = CommandField("Run a command", actions["commands"], self)
        self._settings_popup = RunSettings(self)
        self._settings_popup.training_requested.connect(self.training_requested)
        self.tabs.grown.connect(self._share_out)
        self._prepare_buttons()
        self._lay_out()
        self.restyle()
        theme.signals.changed.connect(self.restyle)

    def _mark_button(self) -> QToolButton:
        button = MenuButton(self._actions, self)
        button.setObjectName("mark")
        button.setAccessibleName("Menu")
        button.setToolTip("Menu: all that can be done")
        button.setFixedHeight(28)
        button.setText(" Menu")
        button.setFont(theme.font("body"))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(20, 20))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setMenu(self._main_menu())
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _device_chooser(self) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName("device")
        combo.setProperty("framed", "true")
        combo.setAccessibleName("Device")
        combo.setAccessibleDescription("Device: where the network trains")
        combo.setToolTip("Where the network trains")
        combo.setFixedWidth(DEVICE_WIDTH)
        combo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        combo.addItem("Automatic", "auto")
        combo.activated.connect(lambda index: self.device_requested.emit(combo.itemData(index)))
        return combo

    def _prepare_buttons(self) -> None:
        self.settings.setObjectName("run-settings")
        self.settings.setToolTip("Epochs, batch size and seed")
        self.settings.clicked.connect(self.open_run_settings)
        self.run.setObjectName("train")
        self.run.setFixedWidth(100)
        self.run.clicked.connect(self._actions["train"].trigger)
        self._actions["train"].changed.connect(self._follow_train)

    def _main_menu(self) -> QMenu:
        menu = Menu(parent=self)
        menu.setObjectName("menu-main")
        for name in MENUS:
            menu.addMenu(self._file_menu() if name == "File" else self._actions.menu(name, self))
        return menu

    def _file_menu(self) -> QMenu:
        menu = self._actions.menu("File", self)
        menu.insertMenu(self._actions["save"], self.recent_menu)
        return menu

    def _lay_out(self) -> None:
        row = self._row
        row.setContentsMargins(LEFT, 0, RIGHT, 0)
        row.setSpacing(0)
        parts: Sequence[QWidget | int] = (
            self.mark, 8, self.tabs, 4, self._button("new"), self._button("open"), self._button("save"), 8,
            _rule(self), 8,
            self._button("undo"), self._button("redo"), 24, self.device, 8, self.settings, 8,
            self.run, 8, self._button("step"), 4, self._button("stop"), 24, self.progress,
        )  # fmt: skip
        for part in parts:
            if isinstance(part, int):
                row.addSpacing(part)
            else:
                row.addWidget(part)
        row.addStretch(1)
        row.addSpacing(16)
        row.addWidget(self.search)
        row.addSpacing(8)
        row.addWidget(self._button("export"))
        row.addWidget(self._button("theme"))

    def _button(self, action: str) -> IconButton:
        spec = self._actions.spec(action)
        button = IconButton(spec.icon, spec.text, framed=spec.menu == "Run", parent=self)
        button.setObjectName(f"top-{action}")
        button.setDefaultAction(self._actions[action])
        self.buttons[action] = button
        return button

    def set_training(self, training: Training) -> None:
        """Show how the document is trained."""
        self._settings_popup.set_training(training)
        self._training = training
        self._show_settings()
        self._show_device(training.device)

    def _show_device(self, name: str) -> None:
        """Show what the document names, whether this machine has it or not."""
        if self.device.findData(name) < 0:
            self.device.addItem(name, name)
        self.device.setCurrentIndex(self.device.findData(name))

    def _show_settings(self) -> None:
        shown = self._training
        roomy = f"{counted(shown.epochs, 'epoch')}, batch {shown.batch_size}"
        self.settings.setText(f"{shown.epochs} × {shown.batch_size}" if self.width() < TIGHT else roomy)

    def set_devices(self, devices: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer what this machine has, by name and title."""
        self.device.clear()
        for name, title in devices:
            self.device.addItem(icons.icon("cpu"), short_device(title), name)
            self.device.setItemData(self.device.count() - 1, title, Qt.ItemDataRole.ToolTipRole)
        self._show_device(chosen)
        self._settings_popup.set_devices(devices)

    def set_run(self, phase: Phase, owner: str = "") -> None:
        """Show what the main button does now; `owner` names the document of the run where another one is shown."""
        text, icon = RUN_TEXTS[phase]
        is_active = phase in ("starting", "running", "paused")
        self._actions["train"].setText(f"{text} {owner}" if owner and is_active else text)
        self.progress.set_owner(owner)
        self.run.setText(text)
        self.run.set_icon(icon)

    def set_recent(self, actions: Sequence[QAction]) -> None:
        """Fill the menu of recent files."""
        self.recent_menu.clear()
        self.recent_menu.addActions(list(actions))
        self.recent_menu.setEnabled(bool(actions))

    def open_run_settings(self) -> None:
        """Open the popup with epochs, batch size and seed under its button."""
        self._settings_popup.open_under(self.settings)

    def _follow_train(self) -> None:
        self.run.setEnabled(self._actions["train"].isEnabled())
        self.run.setToolTip(self._actions["train"].toolTip())

    def restyle(self) -> None:
        """Take the colours of the theme."""
        self.mark.setIcon(icons.app_icon())
        for index in range(self.device.count()):
            self.device.setItemIcon(index, icons.icon("cpu"))

    def minimumSizeHint(self) -> QSize:
        """Narrower than its parts together: `resizeEvent` takes away what the menus offer as well."""
        return QSize(LEAST, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the window is narrow, leave to the menus what they offer as well; the run keeps its place."""
        width = event.size().width()
        words, icon = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly
        self.mark.setToolButtonStyle(icon if width < NARROW else words)
        self.device.setFixedWidth(DEVICE_WIDTH if width >= NARROW else 96 if width >= TIGHT else 56)
        for least, names in ((ROOMY, ("open", "save")), (NARROW, ("new",)), (TIGHT, ("undo", "redo", "theme"))):
            for name in names:
                self.buttons[name].setVisible(width >= least)
        self._show_settings()
        self._share_out()
        super().resizeEvent(event)

    def _share_out(self) -> None:
        """Give the tabs what they want, as long as the progress keeps its least; the search is a field where it can."""
        sharing = (self.tabs, self.progress, self.search)
        items = [self._row.itemAt(place) for place in range(self._row.count())]
        fixed = sum(item.sizeHint().width() for item in items if item is not None and item.widget() not in sharing)
        room = self.width() - fixed - LEFT - RIGHT - PROGRESS_LEAST
        wanted = min(self.tabs.sizeHint().width(), TABS_LEAST)
        is_narrow = self.width() < NARROW or room - FIELD_LEAST < wanted
        self.search.set_narrow(is_narrow=is_narrow)
        self.search.setMinimumWidth(NARROW_WIDTH if is_narrow else FIELD_LEAST)
        self.tabs.set_room(room - (NARROW_WIDTH if is_narrow else FIELD_LEAST))
        self._row.activate()


def _rule(parent: QWidget) -> QWidget:
    rule = Hairline(Qt.Orientation.Vertical, parent)
    rule.setFixedHeight(20)
    return rule
