"""The look as Qt needs it: colours, fonts and one style sheet, all made from the tokens."""

import json
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from netloom.ui import resources
from netloom.ui.style_icons import StyleIcons

Name: TypeAlias = Literal["dark", "light"]
FontRole: TypeAlias = Literal["caption", "body", "strong", "field", "title", "page", "code", "shape"]
ColorMap: TypeAlias = npt.NDArray[np.uint8]

_STYLE_ICONS = {
    "icon-up": ("chevron-up", "text-2"),
    "icon-down": ("chevron-down", "text-2"),
    "icon-right": ("chevron-right", "text-2"),
}
_STYLE_ICONS |= {"icon-check": ("check", "on-accent")}
_ROLES = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "field",
    QPalette.ColorRole.AlternateBase: "panel",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "field",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "text",
    QPalette.ColorRole.ToolTipBase: "overlay",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "text-3",
    QPalette.ColorRole.Highlight: "accent-fill",
    QPalette.ColorRole.HighlightedText: "on-accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Light: "hover",
    QPalette.ColorRole.Midlight: "line",
    QPalette.ColorRole.Mid: "line-strong",
    QPalette.ColorRole.Dark: "line-strong",
    QPalette.ColorRole.Shadow: "canvas",
}


@cache
def tokens() -> Mapping[str, Any]:
    """All tokens of the look as they stand in `tokens.json`."""
    found: dict[str, Any] = json.loads(resources.path("look", "tokens.json").read_text("utf-8"))
    return found


def size(name: str) -> int:
    """A length in pixels, such as that of `top_bar`."""
    return int(tokens()["size"][name])


def radius(name: str) -> float:
    """The radius of corners, such as that of a `card`."""
    return float(tokens()["radius"][name])


def stroke(name: str) -> float:
    """The width of a line, such as that of a `wire`."""
    return float(tokens()["stroke"][name])


def motion(name: str) -> int:
    """Milliseconds of a movement; 0 where the system asks for less motion."""
    reduced = QApplication.style().styleHint(QApplication.style().StyleHint.SH_Widget_Animation_Duration) == 0
    return 0 if reduced else int(tokens()["motion"][name])


@dataclass(frozen=True, eq=False)
class Theme:
    """One set of colours. `sequential`, `diverging` and `error` are maps: 256 rows of red, green, blue, alpha."""

    name: Name
    colors: Mapping[str, QColor]
    categories: Mapping[str, QColor]
    plots: tuple[QColor, ...]
    sequential: ColorMap
    diverging: ColorMap
    error: ColorMap

    @property
    def is_dark(self) -> bool:
        """Whether light stands on dark."""
        return self.name == "dark"

    def color(self, token: str, alpha: float = 1.0) -> QColor:
        """A colour of surface or text, such as `text-2`; `alpha` from 0 to 1."""
        found = QColor(self.colors[token])
        found.setAlphaF(alpha)
        return found

    def category(self, name: str) -> QColor:
        """The colour of a category of layers."""
        return QColor(self.categories[name])

    def tile(self, name: str) -> QColor:
        """The colour of a category at 16 % over a card: the tile behind its glyph."""
        return mixed(self.colors["card"], self.categories[name], 0.16)

    def plot(self, index: int) -> QColor:
        """The colour of the curve with this index; it begins anew after the eighth."""
        return QColor(self.plots[index % len(self.plots)])


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """The first colour with a share (0 to 1) of the second over it."""
    red, green, blue = (
        start + (end - start) * share
        for start, end in (
            (first.redF(), second.redF()),
            (first.greenF(), second.greenF()),
            (first.blueF(), second.blueF()),
        )
    )
    return QColor.fromRgbF(red, green, blue)


@cache
def load(name: Name) -> Theme:
    """The theme of that name."""
    part = tokens()[name]
    return Theme(
        name=name,
        colors={key: QColor(value) for key, value in part["surface_and_text"].items()},
        categories={key: QColor(value) for key, value in part["category"].items()},
        plots=tuple(QColor(value) for value in part["plot_categorical"]),
        sequential=_color_map(part["plot_sequential"]),
        diverging=_color_map(part["plot_diverging"]),
        error=_color_map(part["plot_error"]),
    )


def _color_map(stops: list[str]) -> ColorMap:
    known = np.array([QColor(stop).getRgb() for stop in stops], float)
    places = np.linspace(0, len(stops) - 1, 256)
    channels = [np.interp(places, np.arange(len(stops)), known[:, i]) for i in range(4)]
    found = np.stack(channels, axis=1).round().astype(np.uint8)
    found.setflags(write=False)
    return found


class _Signals(QObject):
    changed = Signal()


signals = _Signals()
"""`signals.changed` is emitted after the theme has changed; whoever keeps icons or painted pictures makes them anew."""
_applied: list[Name] = ["dark"]
_paper: list[Name] = []


def current() -> Theme:
    """The theme in use; dark before any is applied."""
    return load((_paper or _applied)[-1])


@contextmanager
def on_paper(name: Name) -> Iterator[Theme]:
    """While it lasts, what is drawn goes to a file: in this theme, in scene units, icons as lines."""
    _paper.append(name)
    try:
        yield load(name)
    finally:
        _paper.pop()


def is_on_paper() -> bool:
    """Whether what is drawn now goes to a file."""
    return bool(_paper)


def apply(app: QApplication, name: Name) -> None:
    """Give the whole application this theme: style, palette, fonts, style sheet. Nothing happens where it has it."""
    load_fonts()
    _applied[0] = name
    sheet = style_sheet(current())
    if app.styleSheet() == sheet:
        return
    if app.style().objectName() != "fusion" and not app.styleSheet():
        app.setStyle("Fusion")
    app.setPalette(palette(current()))
    app.setFont(font("body"))
    app.setStyleSheet(sheet)
    signals.changed.emit()


@contextmanager
def styled_at_once(app: QApplication) -> Iterator[None]:
    """Widgets made inside get the style sheet at the end.

    Where there is one, a widget that gets a parent is styled anew with all that it holds: most of a window's making.
    """
    sheet = app.styleSheet()
    app.setStyleSheet("")
    try:
        yield
    finally:
        app.setStyleSheet(sheet)


def palette(theme: Theme) -> QPalette:
    """The colours that Qt itself asks for."""
    found = QPalette()
    for role, token in _ROLES.items():
        found.setColor(role, theme.color(token))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        found.setColor(QPalette.ColorGroup.Disabled, role, theme.color("text-off"))
    return found


_style_icons = StyleIcons()


def style_sheet(theme: Theme) -> str:
    """The style sheet of all standard widgets: the template `style.qss` with this theme's colours."""
    names = {key: color.name() for key, color in theme.colors.items()}
    for key, (icon, token) in _STYLE_ICONS.items():
        names[key] = _style_icons.path(icon, names[token])
    return _Template(resources.path("look", "style.qss").read_text("utf-8")).substitute(names)


class _Template(string.Template):
    idpattern = r"[a-z][a-z0-9-]*[a-z0-9]"


@cache
def load_fonts() -> tuple[str, ...]:
    """Make the shipped fonts known to Qt; the names of their families."""
    found: set[str] = set()
    for file in sorted(resources.path("fonts").glob("*.[ot]tf")):
        found |= set(QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file))))
    return tuple(sorted(found))


def font(role: FontRole) -> QFont:
    """The font of a role, with figures of equal width and, in code, no ligatures."""
    return QFont(_font(role, current_density()))


@cache
def _font(role: FontRole, density: float) -> QFont:
    scale = tokens()["type"]["scale"][role]
    mono = scale.get("font") == "mono"
    found = QFont(tokens()["type"]["mono" if mono else "ui"])
    found.setPixelSize(scale["px"])
    found.setWeight(QFont.Weight(scale.get("weight", 400)))
    found.setStyleHint(QFont.StyleHint.Monospace if mono else QFont.StyleHint.SansSerif)
    crisp = density > 1
    found.setHintingPreference(
        QFont.HintingPreference.PreferNoHinting if crisp else QFont.HintingPreference.PreferVerticalHinting
    )
    found.setFeature(QFont.Tag("tnum"), 1)
    for ligature in ("liga", "calt") if mono else ():
        found.setFeature(QFont.Tag(ligature), 0)
    return found


def current_density() -> float:
    """How many device pixels make one pixel of the look on the densest screen."""
    if _paper:
        return 1.0
    app = QApplication.instance()
    return float(app.devicePixelRatio()) if isinstance(app, QApplication) else 1.0


def draw_shadow(painter: QPainter, rect: QRectF, corner: float, kind: Literal["card", "card_dragged", "popup"]) -> None:
    """Draw a shadow under a rectangle: one or more rounded rectangles, moved down and without blur."""
    painter.save()
    theme = current()
    for layer in reversed(tokens()["shadow"][kind]):
        grow = layer["grow"]
        color = QColor(0, 0, 0)
        color.setAlphaF(layer["alpha_dark" if theme.is_dark else "alpha_light"])
        painter.setPen(QColor(0, 0, 0, 0))
        painter.setBrush(color)
        painter.drawRoundedRect(
            rect.adjusted(-grow, layer["dy"] - grow, grow, layer["dy"] + grow), corner + grow, corner + grow
        )
    painter.restore()
