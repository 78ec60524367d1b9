"""The welcome page: how it comes and goes, what it offers, and its drawings."""

import itertools
import os
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import msgspec
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.ui.hands import Hands

from netloom import templates
from netloom.graph import Document, file
from netloom.layers.authoring import Graph
from netloom.runs import home
from netloom.ui import dialogs, thumbnails
from netloom.ui.gallery import ChoiceCard, grid
from netloom.ui.main_window import MainWindow
from netloom.ui.welcome_page import WelcomePage, short_folder, when

TIMEOUT = 20_000


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


@pytest.fixture
def saved(tmp_path: Path, window: MainWindow) -> Path:
    """A network that was open before."""
    path = tmp_path / "before.loom"
    file.save(templates.document("iris-mlp"), path)
    window.settings = msgspec.structs.replace(window.settings, recent_files=(str(path),))
    return path


@pytest.fixture
def page(hands: Hands, window: MainWindow, saved: Path) -> WelcomePage:
    """The page in front, opened from the menu."""
    assert saved.is_file()
    window.actions_table["welcome"].trigger()
    QApplication.processEvents()
    shown = window.welcome.page
    assert shown is not None
    assert shown.isVisible()
    return shown


def names(page: WelcomePage) -> list[str]:
    return [card.choice.name for card in page.gallery.found]


def test_it_offers_recent_networks_then_all_templates(page: WelcomePage) -> None:
    assert names(page) == ["recent-0", *(f"template-{name}" for name in templates.TEMPLATES)]
    assert page.gallery.cards[0].text() == "before"


def test_it_stands_in_the_place_of_canvas_and_panels(page: WelcomePage, window: MainWindow) -> None:
    assert window.welcome.is_shown
    assert not window.views.canvas.isVisible()
    assert [tab.text() for tab in window.top_bar.tabs.tabs] == ["Welcome"]
    assert page.search.hasFocus()


def test_escape_leads_to_the_empty_canvas(page: WelcomePage, hands: Hands, window: MainWindow) -> None:
    hands.press("Escape")
    assert not window.welcome.is_shown
    assert window.views.canvas.hasFocus()
    assert [tab.text() for tab in window.top_bar.tabs.tabs] == ["untitled"]
    assert not page.isVisible()


def test_escape_clears_the_search_first(page: WelcomePage, hands: Hands, window: MainWindow) -> None:
    hands.type("vae")
    hands.press("Escape")
    assert page.search.text() == ""
    assert window.welcome.is_shown


def test_new_network_leads_to_the_empty_canvas(page: WelcomePage, hands: Hands, window: MainWindow) -> None:
    hands.click(hands.find("welcome-new"))
    assert not page.isVisible()
    assert window.editor.session.is_blank
    assert len(window.editor.sessions) == 1


def test_open_asks_for_a_file(page: WelcomePage, hands: Hands, window: MainWindow, saved: Path) -> None:
    with patch.object(dialogs, "ask_open", return_value=None):
        hands.click(hands.find("welcome-open"))
    assert page.isVisible()
    with patch.object(dialogs, "ask_open", return_value=saved):
        hands.click(hands.find("welcome-open"))
    assert window.editor.path == saved
    assert not page.isVisible()


def test_a_recent_network_is_opened_by_a_click(
    page: WelcomePage, hands: Hands, window: MainWindow, saved: Path
) -> None:
    hands.click(hands.find("recent-0"))
    assert window.editor.path == saved
    assert not page.isVisible()


def test_a_recent_network_that_is_open_already_is_shown(
    page: WelcomePage, hands: Hands, window: MainWindow, saved: Path
) -> None:
    hands.click(hands.find("recent-0"))
    window.actions_table["welcome"].trigger()
    assert page.isVisible()
    assert [tab.isChecked() for tab in window.top_bar.tabs.tabs] == [False]
    hands.click(hands.find("recent-0"))
    assert not page.isVisible()
    assert window.editor.path == saved


def test_a_file_that_is_open_already_is_shown_by_the_open_button(
    page: WelcomePage, hands: Hands, window: MainWindow, saved: Path
) -> None:
    hands.click(hands.find("recent-0"))
    window.actions_table["welcome"].trigger()
    with patch.object(dialogs, "ask_open", return_value=saved):
        hands.press("Ctrl+O", window)
    assert not page.isVisible()


def test_a_tab_leads_back_to_its_document(page: WelcomePage, hands: Hands, window: MainWindow) -> None:
    hands.click(hands.find("template-unet"))
    window.actions_table["welcome"].trigger()
    hands.click(hands.find("document-tab"))
    assert not page.isVisible()
    assert window.editor.name == "unet"


def test_a_template_is_opened_by_a_click(page: WelcomePage, hands: Hands, window: MainWindow) -> None:
    hands.click(hands.find("template-moons-mlp"))
    assert window.editor.name == "moons-mlp"
    assert not page.isVisible()


def test_typing_finds_and_enter_opens(page: WelcomePage, hands: Hands, window: MainWindow) -> None:
    hands.type("digits conv")
    assert names(page) == ["template-digits-cnn"]
    hands.press("Return")
    assert window.editor.name == "digits-cnn"
    assert not page.isVisible()


def test_what_is_not_there_is_said(page: WelcomePage, hands: Hands) -> None:
    hands.type("zzz")
    assert names(page) == []
    assert any(
        label.isVisible() and "Nothing" in label.text()
        for label in page.gallery.findChildren(type(page.gallery._nothing))
    )


def test_arrows_go_through_the_cards(page: WelcomePage, hands: Hands, window: MainWindow) -> None:
    hands.press("Down")
    assert focused().choice.name == "recent-0"
    hands.press("Down")
    hands.press("Right")
    assert focused().choice.name == "template-digits-mlp"
    hands.press("Down")
    assert focused().y() > page.gallery.cards[2].y()
    assert not focused().visibleRegion().isEmpty()
    hands.press("Up")
    hands.press("Up")
    hands.press("Up")
    assert page.search.hasFocus()
    hands.press("Down")
    hands.press("Down")
    hands.press("Return")
    assert window.editor.name == "digits-cnn"


def test_a_letter_on_a_card_searches(page: WelcomePage, hands: Hands) -> None:
    hands.press("Down")
    hands.press("v")
    hands.type("ae")
    assert page.search.text() == "vae"


def focused() -> ChoiceCard:
    found = QApplication.focusWidget()
    assert isinstance(found, ChoiceCard)
    return found


def test_something_that_is_added_takes_it_away(page: WelcomePage, window: MainWindow) -> None:
    window.views.add("ReLU")
    assert not page.isVisible()
    assert window.views.canvas.isVisible()


@pytest.mark.parametrize("key", ["F7", "Ctrl+2"])
def test_a_panel_that_is_asked_for_takes_it_away(page: WelcomePage, hands: Hands, window: MainWindow, key: str) -> None:
    hands.press(key, window)
    assert not page.isVisible()


@pytest.mark.parametrize("width", [900, 1000, 1600, 3840])
def test_the_cards_fill_the_width(page: WelcomePage, hands: Hands, window: MainWindow, width: int) -> None:
    window.resize(width, 900)
    hands.qtbot.waitUntil(lambda: page.width() == width, timeout=TIMEOUT)
    cards = page.gallery.found
    assert all(card.x() >= 40 and card.geometry().right() <= width - 40 for card in cards)
    row = [card for card in cards if card.y() == cards[1].y()]
    assert len(row) == min(5, grid(width, 40).columns)
    assert page.new.x() == cards[0].x()
    for card, other in itertools.pairwise(row):
        assert card.geometry().right() < other.x()


def test_drawings_come_by_themselves(page: WelcomePage, hands: Hands) -> None:
    hands.qtbot.waitUntil(lambda: all(card._sketch is not None for card in page.gallery.cards), timeout=TIMEOUT)
    for card in page.gallery.cards[:3]:
        picture = card.grab().toImage()
        colours = {picture.pixel(x, y) for x in range(0, card.width(), 2) for y in range(10, 80, 2)}
        assert len(colours) > 4


def test_a_file_that_is_gone_is_not_offered(hands: Hands, window: MainWindow, saved: Path) -> None:
    saved.unlink()
    window.actions_table["welcome"].trigger()
    assert window.welcome.page is not None
    assert names(window.welcome.page)[0] == "template-digits-cnn"


def test_every_control_has_a_name(page: WelcomePage) -> None:
    assert all(card.accessibleName() and card.accessibleDescription() for card in page.gallery.cards)
    assert page.search.accessibleName()


def test_the_gallery_of_templates_is_searched_by_typing(hands: Hands, window: MainWindow) -> None:
    hands.press("Ctrl+Shift+N", window)
    hands.dialog("template-picker")
    hands.press("v")
    hands.type("ae")
    hands.press("Return")
    assert window.editor.name == "vae"


# Drawings


def long_chain(count: int) -> Document:
    graph = Graph()
    keys = [graph.add("ReLU", name=f"relu{number}") for number in range(count)]
    return Document(graph, positions={key: (200.0 * (n % 40), 150.0 * (n // 40)) for n, key in enumerate(keys)})


def painted(drawn: thumbnails.Sketch) -> QImage:
    picture = QImage(240, 100, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    thumbnails.paint(painter, drawn, QRectF(0, 0, 240, 100))
    painter.end()
    return picture


@pytest.mark.parametrize("name", templates.TEMPLATES)
def test_a_sketch_holds_every_card_inside_its_size(name: str) -> None:
    document = templates.document(name)
    found = thumbnails.sketch(document)
    assert len(found.cards) == len(list(document.graph.level()))
    for _, (x, y, wide, high) in found.cards:
        assert 0 <= x <= x + wide <= found.size[0] + 0.01
        assert 0 <= y <= y + high <= found.size[1] + 0.01
    assert any(
        painted(found).pixelColor(x, y) != QColor(0, 0, 0, 0) for x in range(0, 240, 3) for y in range(0, 100, 3)
    )


def test_a_large_network_is_a_raster() -> None:
    found = thumbnails.sketch(long_chain(3_000))
    assert 0 < len(found.cards) <= thumbnails.COLUMNS * thumbnails.ROWS
    assert not found.wires


def test_an_empty_network_is_an_empty_drawing() -> None:
    assert painted(thumbnails.sketch(Document())).pixelColor(120, 50).alpha() == 0


def test_a_sketch_of_a_file_is_kept_by_what_the_file_says(tmp_path: Path) -> None:
    path = tmp_path / "a.loom"
    file.save(templates.document("iris-mlp"), path)
    found = thumbnails.file_sketch(path)
    [kept] = (home.cache_folder() / "sketches").iterdir()
    with patch.object(thumbnails, "sketch", side_effect=AssertionError("made again")):
        assert thumbnails.file_sketch(path) == found
    kept.write_text("damaged")
    assert thumbnails.file_sketch(path) == found
    file.save(templates.document("unet"), path)
    assert thumbnails.file_sketch(path) != found


def test_a_file_that_cannot_be_read_has_no_sketch(tmp_path: Path) -> None:
    path = tmp_path / "broken.loom"
    path.write_text("{")
    assert thumbnails.file_sketch(path) is None
    assert thumbnails.file_sketch(tmp_path / "gone.loom") is None


# Words


def at(*numbers: int) -> datetime:
    year, month, day, hour, minute = numbers
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (at(2026, 11, 20, 9, 5), "09:05"),
        (at(2026, 11, 19, 23, 0), "Yesterday"),
        (at(2026, 11, 16, 8, 0), "Monday"),
        (at(2026, 3, 2, 8, 0), "2 Mar"),
        (at(2024, 3, 2, 8, 0), "2 Mar 2024"),
    ],
)
def test_when_something_was(then: datetime, words: str) -> None:
    assert when(then, at(2026, 11, 20, 19, 0)) == words


def test_folders_are_written_short() -> None:
    ada = Path(os.sep) / "home" / "ada"
    assert short_folder(ada / "nets", lambda: ada) == "~/nets"
    assert short_folder(ada, lambda: ada) == "~"
    assert short_folder(Path(os.sep) / "data", lambda: ada) == str(Path(os.sep) / "data")
