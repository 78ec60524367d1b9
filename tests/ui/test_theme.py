"""The look: tokens, fonts, style sheet, icons, and the small kit of widgets."""

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QImage, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from netloom.ui import icons, resources, theme, widgets

NEEDED = (
    "play pause square step-forward undo-2 redo-2 search plus x minus chevron-down chevron-right chevron-up "
    "folder-open file-plus save download share-2 settings-2 sun moon triangle-alert circle-alert circle-check "
    "link unlink copy trash-2 wand-sparkles maximize cpu info rotate-ccw snowflake ellipsis arrow-right "
    "arrow-left database code list terminal eye eye-off grid-3x3 command keyboard history check monitor scissors "
    "workflow sliders-horizontal panel-left panel-right panel-bottom netloom "
)
UI = Path(theme.__file__).parent


@pytest.fixture(params=["dark", "light"])
def look(request: pytest.FixtureRequest, qapp: QApplication) -> theme.Theme:
    theme.apply(qapp, request.param)
    return theme.current()


def test_every_color_and_map_is_there(look: theme.Theme) -> None:
    assert look.is_dark == (look.name == "dark")
    assert len(look.categories) == 15
    assert len(look.plots) == 8
    assert look.plot(8) == look.plot(0)
    for table in (look.sequential, look.diverging, look.error):
        assert table.shape == (256, 4)
        assert table.dtype == np.uint8
        assert (table[:, 3] == 255).all()
        assert not table.flags.writeable


def test_maps_begin_and_end_with_their_tokens(look: theme.Theme) -> None:
    stops = theme.tokens()[look.name]["plot_sequential"]
    assert tuple(look.sequential[0]) == QColor(stops[0]).getRgb()
    assert tuple(look.sequential[255]) == QColor(stops[-1]).getRgb()


def test_the_three_levels_of_text_can_be_read(look: theme.Theme) -> None:
    for ground in ("window", "panel", "card", "field", "canvas", "hover"):
        for level in ("text", "text-2", "text-3"):
            assert _contrast(look.color(level), look.color(ground)) >= 4.5


def _contrast(first: QColor, second: QColor) -> float:
    lights = sorted(_luminance(color) for color in (first, second))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(color: QColor) -> float:
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_a_color_is_a_copy(look: theme.Theme) -> None:
    look.color("text").setRed(0)
    assert look.color("text") == QColor(theme.tokens()[look.name]["surface_and_text"]["text"])
    assert look.color("text", 0.5).alphaF() == pytest.approx(0.5, abs=0.01)


def test_the_style_sheet_names_only_known_tokens(look: theme.Theme) -> None:
    text = theme.style_sheet(look)
    assert "$" not in text
    paths = re.findall(r'url\("([^"]+)"\)', text)
    assert len(paths) == text.count("url(") > 0
    assert all(Path(path).is_file() for path in paths)


def test_applying_changes_style_palette_and_tells(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, "dark")
    with qtbot.assertNotEmitted(theme.signals.changed):
        theme.apply(qapp, "dark")
    with qtbot.waitSignal(theme.signals.changed):
        theme.apply(qapp, "light")
    assert qapp.palette().window().color() == theme.load("light").color("window")
    theme.apply(qapp, "dark")
    assert qapp.palette().window().color() == theme.load("dark").color("window")
    assert qapp.font().family() == "Inter"


@pytest.mark.parametrize(("role", "family", "weight"), [
    ("body", "Inter", 400), ("strong", "Inter", 600), ("code", "JetBrains Mono", 400), ("shape", "JetBrains Mono", 400),
])  # fmt: skip
def test_fonts_are_the_shipped_ones(look: theme.Theme, role: theme.FontRole, family: str, weight: int) -> None:
    del look
    font = theme.font(role)
    assert QFontInfo(font).family() == family
    assert font.weight() == weight
    assert font.pixelSize() == theme.tokens()["type"]["scale"][role]["px"]
    assert any(tag.toString() == b"tnum" for tag in font.featureTags())


def test_sizes_come_from_the_tokens() -> None:
    assert theme.size("top_bar") == 44
    assert theme.radius("card") == 8
    assert theme.stroke("wire") == 1.75


def test_no_color_is_written_anywhere_but_in_the_tokens() -> None:
    literal = re.compile(r"""["']#[0-9A-Fa-f]{3,8}["']""")
    found = [path.name for path in UI.rglob("*.py") if literal.search(path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize("name", NEEDED.split())
def test_every_icon_is_drawn_in_its_color(look: theme.Theme, name: str) -> None:
    assert _has_color(icons.pixmap(name, 20), look.color("text-2"))
    assert not icons.icon(name).isNull()


def _has_color(picture: QPixmap, color: QColor) -> bool:
    image = picture.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    solid = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    near = (abs(a - b) for pixel in solid if pixel.alpha() > 80 for a, b in [(pixel.lightness(), color.lightness())])
    return min(near, default=255) < 12


def test_every_category_has_a_glyph(look: theme.Theme) -> None:
    for category in (*look.categories, "io-out"):
        assert not icons.glyph(category, 16).isNull()
        tile = icons.tile(category).toImage()
        assert tile.pixelColor(tile.width() // 2, 1).alpha() > 0


def test_icons_are_crisp_on_dense_screens(look: theme.Theme) -> None:
    del look
    picture = icons.pixmap("play", 16, density=2.0)
    assert picture.width() == 32
    assert picture.devicePixelRatio() == 2.0
    assert icons.pixmap("play", 16, density=2.0).cacheKey() == picture.cacheKey()


def test_licences_are_shipped() -> None:
    for parts in (("fonts", "Inter-LICENSE.txt"), ("fonts", "JetBrainsMono-LICENSE.txt"), ("icons", "LICENSE")):
        assert resources.path(*parts).read_text("utf-8").strip()


def test_a_shadow_lies_below(look: theme.Theme) -> None:
    picture = QPixmap(60, 60)
    picture.fill(look.color("canvas"))
    painter = QPainter(picture)
    theme.draw_shadow(painter, QRectF(10, 10, 30, 30), 8, "popup")
    painter.end()
    image = picture.toImage()
    assert image.pixelColor(25, 45).lightness() < look.color("canvas").lightness()
    assert image.pixelColor(25, 1) == look.color("canvas")


def test_buttons_are_focused_by_keyboard_only(qtbot: QtBot, look: theme.Theme) -> None:
    del look
    holder = QWidget()
    qtbot.addWidget(holder)
    button = widgets.Button("Export file", "download", primary=True, parent=holder)
    field = QLineEdit(holder)
    field.move(0, 40)
    holder.show()
    field.setFocus()
    with qtbot.waitSignal(button.clicked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert holder.focusWidget() is field
    assert button.focusPolicy() == Qt.FocusPolicy.TabFocus
    assert not button.icon().isNull()


def test_an_icon_button_says_what_it_does(qtbot: QtBot) -> None:
    button = widgets.IconButton("undo-2", "Undo")
    qtbot.addWidget(button)
    assert button.accessibleName() == "Undo"
    assert button.size() == QSize(28, 28)


def test_segments_tell_what_was_chosen(qtbot: QtBot) -> None:
    segmented = widgets.Segmented(["One", "Two"])
    qtbot.addWidget(segmented)
    segmented.show()
    with qtbot.waitSignal(segmented.chosen) as heard:
        QTest.mouseClick(segmented._buttons["Two"], Qt.MouseButton.LeftButton)
    assert heard.args == ["Two"]
    with qtbot.assertNotEmitted(segmented.chosen):
        segmented.set_value("One")
    assert segmented.value == "One"
    segmented.grab()


def test_a_search_field_passes_arrows_on_and_clears_on_escape(qtbot: QtBot) -> None:
    field = widgets.SearchField("Find a node", "/")
    qtbot.addWidget(field)
    field.show()
    hint = field.findChild(widgets.KeyHint)
    assert hint is not None
    assert hint.isVisible()
    QTest.keyClicks(field, "conv")
    assert not hint.isVisible()
    with qtbot.waitSignal(field.moved) as heard:
        QTest.keyClick(field, Qt.Key.Key_Down)
    assert heard.args == [1]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_a_toggle_is_switched_by_space_and_click(qtbot: QtBot, look: theme.Theme) -> None:
    del look
    toggle = widgets.Toggle("bias")
    qtbot.addWidget(toggle)
    toggle.show()
    toggle.resize(toggle.sizeHint())
    off = toggle.grab().toImage()
    QTest.mouseClick(toggle, Qt.MouseButton.LeftButton)
    assert toggle.isChecked()
    assert toggle.grab().toImage() != off
    QTest.keyClick(toggle, Qt.Key.Key_Space)
    assert not toggle.isChecked()


def test_tones_and_surfaces_are_shown(qtbot: QtBot, look: theme.Theme) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    widgets.surface(panel, "panel")
    panel.resize(40, 40)
    assert panel.grab().toImage().pixelColor(20, 20) == look.color("panel")
    field = QLineEdit(panel)
    field.resize(40, 28)
    widgets.set_tone(field, "invalid", "true")
    assert field.grab().toImage().pixelColor(20, 0) == look.color("error")
    widgets.set_tone(field, "invalid", None)
    assert field.grab().toImage().pixelColor(20, 0) != look.color("error")


def test_a_primary_button_is_filled(qtbot: QtBot, look: theme.Theme) -> None:
    button: QPushButton = widgets.Button("Train", primary=True)
    qtbot.addWidget(button)
    button.resize(80, 28)
    assert button.grab().toImage().pixelColor(8, 14) == look.color("accent-fill")
