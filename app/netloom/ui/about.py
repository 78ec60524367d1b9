"""Which Netloom this is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from netloom import __version__
from netloom.ui import icons, theme
from netloom.ui.sheet import Sheet

TEXT = "Draw a neural network, watch it learn, take it away as plain PyTorch."
PRIVACY = "Works offline. Nothing leaves this computer."


class About(Sheet):
    """Name, version, licence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("About Netloom", "about", parent)
        mark = QLabel(self)
        mark.setPixmap(icons.app_icon().pixmap(64, 64))
        name = QLabel(f"Netloom {__version__}", self)
        name.setFont(theme.font("page"))
        words = QLabel(f"{TEXT}\n{PRIVACY}\nMIT licence.", self)
        words.setFont(theme.font("body"))
        words.setProperty("level", "2")
        for label in (mark, name, words):
            self.body.addWidget(label, 0, Qt.AlignmentFlag.AlignLeft)
