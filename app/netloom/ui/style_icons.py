"""Icons that a style sheet can point to: it takes files only, so tinted copies lie in a temporary folder."""

from pathlib import Path

from PySide6.QtCore import QTemporaryDir

from netloom.ui import resources


class StyleIcons:
    """Tinted copies of the shipped icons, written when first asked for."""

    def __init__(self) -> None:
        self._folder: QTemporaryDir | None = None
        self._paths: dict[tuple[str, str], str] = {}

    def path(self, name: str, color: str) -> str:
        """The file of an icon in a colour (its name as Qt gives it), with forward slashes as style sheets want them."""
        if (name, color) not in self._paths:
            self._paths[name, color] = self._written(name, color)
        return self._paths[name, color]

    def _written(self, name: str, color: str) -> str:
        if self._folder is None:
            self._folder = QTemporaryDir()
        target = self._folder.filePath(f"{name}-{color.lstrip('#')}.svg")
        drawing = resources.path("icons", f"{name}.svg").read_text("utf-8").replace("currentColor", color)
        Path(target).write_text(drawing, encoding="utf-8")
        return target
