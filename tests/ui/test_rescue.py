"""Work that was not saved when the program ended: kept beside earlier work, offered at the next start."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.ui.hands import Hands

from netloom.ui import app, rescue
from netloom.ui.main_window import MainWindow
from netloom.ui.program_log import ProgramLog


@pytest.fixture
def kept(qtbot: QtBot, window: MainWindow) -> list[Path]:
    """Two documents of the same name that were rescued one after the other."""
    hands = Hands(qtbot, window)
    paths = []
    for kind in ("ReLU", "Tanh"):
        window.editor.new(None, "digits")
        hands.add_by_search(kind)
        path = window.rescue()
        assert path is not None
        paths.append(path)
    return paths


@pytest.fixture
def again(qtbot: QtBot, window: MainWindow, kept: list[Path]) -> Hands:
    """The hands of a person at the next start."""
    window.close()
    made = app.make_window(ProgramLog())
    qtbot.addWidget(made, before_close_func=lambda _: made.editor.new())
    made.resize(1600, 1000)
    with qtbot.waitSignal(made.painted, timeout=10_000):
        made.show()
    return Hands(qtbot, made)


def test_no_rescued_document_is_overwritten(kept: list[Path]) -> None:
    assert len(set(kept)) == 2
    assert {path.name for path in kept} == {"digits.loom"}
    assert set(rescue.found()) == set(kept)


def test_an_ordinary_start_offers_nothing(window: MainWindow) -> None:
    assert window.rescue_offer.isHidden()


def test_a_rescued_document_opens_as_not_saved(again: Hands, kept: list[Path], tmp_path: Path) -> None:
    window = again.window
    offer = window.rescue_offer
    assert offer.label.text() == "digits was not saved when Netloom ended (1 more)."
    again.click(again.find("rescue-open"))
    assert [node.name for node in window.editor.document.graph.level()] == ["tanh"]
    assert (window.editor.name, window.editor.path, window.editor.is_dirty) == ("digits", None, True)
    assert rescue.found() == kept[:1]
    assert offer.label.text() == "digits was not saved when Netloom ended."
    assert window.editor.save(tmp_path / "digits.loom")
    assert not window.editor.is_dirty


def test_a_rescued_document_can_be_discarded(again: Hands) -> None:
    for _ in range(2):
        again.click(again.find("rescue-discard"))
    assert again.window.rescue_offer.isHidden()
    assert not rescue.found()
    assert not list(rescue.folder().iterdir())


def test_what_is_put_off_is_offered_at_the_next_start(again: Hands, kept: list[Path]) -> None:
    again.click(again.find("rescue-later"))
    assert again.window.rescue_offer.isHidden()
    assert set(rescue.found()) == set(kept)


def test_a_damaged_rescued_document_is_told_and_stays(again: Hands, kept: list[Path]) -> None:
    kept[1].write_text("{")
    again.click(again.find("rescue-open"))
    assert "digits.loom" in again.window.notice.label.text()
    assert set(rescue.found()) == set(kept)
    assert again.window.rescue_offer.isVisible()


def test_where_nothing_can_be_kept_the_program_still_ends(qtbot: QtBot, window: MainWindow, netloom_home: Path) -> None:
    Hands(qtbot, window).add_by_search("ReLU")
    rescue.folder().parent.mkdir(parents=True, exist_ok=True)
    rescue.folder().write_text("a file where the folder should be")
    assert window.rescue() is None
    assert "could not be kept" in window.notice.label.text()
