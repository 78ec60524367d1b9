"""Work that was not saved when the program ended: kept as it happens, offered at the next start."""

import os
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.ui.hands import Hands

from netloom import templates
from netloom.graph import file, recovery
from netloom.graph.journal_folder import BASE, STEPS
from netloom.runs import home
from netloom.ui import app, rescue
from netloom.ui.main_window import MainWindow
from netloom.ui.program_log import ProgramLog


@pytest.fixture
def kept(qtbot: QtBot, window: MainWindow) -> list[Path]:
    """The journals of two documents of the same name that were open when the program ended, the older one first."""
    hands = Hands(qtbot, window)
    for kind in ("ReLU", "Tanh"):
        window.editor.new(None, "digits")
        hands.add_by_search(kind)
    assert window.leave_journals() == [("digits", True), ("digits", True)]
    places = sorted(home.journals_folder().iterdir(), key=lambda place: b"tanh" in (place / STEPS).read_bytes())
    for place, when in zip(places, (7200, 300), strict=True):
        os.utime(place / STEPS, (time.time() - when,) * 2)
    return places


@pytest.fixture
def again(qtbot: QtBot, window: MainWindow, kept: list[Path]) -> Hands:
    """The hands of a person at the next start."""
    return Hands(qtbot, started(qtbot))


def started(qtbot: QtBot) -> MainWindow:
    made = app.make_window(ProgramLog())
    qtbot.addWidget(made, before_close_func=forget)
    made.resize(1600, 1000)
    with qtbot.waitSignal(made.painted, timeout=10_000):
        made.show()
    return made


def forget(window: MainWindow) -> None:
    for session in window.editor.sessions:
        session.history.mark_saved()
        session.is_apart = False


def names(window: MainWindow) -> list[str]:
    return [node.name for node in window.editor.document.graph.level()]


def test_an_ordinary_start_offers_nothing(window: MainWindow) -> None:
    assert window.rescue_offer.isHidden()


def test_a_window_that_closes_leaves_nothing(qtbot: QtBot, window: MainWindow) -> None:
    Hands(qtbot, window).add_by_search("ReLU")
    window.editor.session.journal.flush()
    assert list(home.journals_folder().iterdir())
    assert not rescue.found(), "a living window holds it"
    forget(window)
    window.close()
    assert not list(home.journals_folder().iterdir())


def test_a_tab_that_closes_leaves_nothing(qtbot: QtBot, window: MainWindow) -> None:
    Hands(qtbot, window).add_by_search("ReLU")
    window.editor.close(window.editor.session)
    assert not list(home.journals_folder().iterdir())


def test_a_second_window_does_not_offer_what_is_open_in_the_first(qtbot: QtBot, window: MainWindow) -> None:
    Hands(qtbot, window).add_by_search("ReLU")
    window.editor.session.journal.flush()
    assert started(qtbot).rescue_offer.isHidden()


def test_what_was_not_saved_opens_with_its_steps_and_as_not_saved(
    again: Hands, kept: list[Path], tmp_path: Path
) -> None:
    window = again.window
    label = window.rescue_offer.label
    assert label.text() == "digits was not saved when Netloom ended 5 min ago; 1 step is kept (1 more)."
    again.click(again.find("rescue-open"))
    assert names(window) == ["tanh"]
    assert (window.editor.name, window.editor.path, window.editor.is_dirty) == ("digits", None, True)
    assert label.text() == "digits was not saved when Netloom ended 2 h ago; 1 step is kept."
    assert [left.place for left in rescue.found()] == kept[:1]
    again.press("Ctrl+Z", window.views.canvas)
    assert names(window) == []
    again.press("Ctrl+Shift+Z", window.views.canvas)
    assert names(window) == ["tanh"]
    assert window.editor.save(tmp_path / "digits.loom")
    assert not window.editor.is_dirty


def test_what_was_opened_again_is_kept_again(qtbot: QtBot, again: Hands, kept: list[Path]) -> None:
    again.click(again.find("rescue-open"))
    again.add_by_search("ReLU")
    again.window.leave_journals()
    left = rescue.found()[0]
    assert (left.place, left.steps) == (kept[1], 2)


def test_what_was_not_saved_can_be_discarded(again: Hands) -> None:
    for _ in range(2):
        again.click(again.find("rescue-discard"))
    assert again.window.rescue_offer.isHidden()
    assert not rescue.found()
    assert not list(home.journals_folder().iterdir())


def test_what_is_put_off_is_offered_at_the_next_start(again: Hands, kept: list[Path]) -> None:
    again.click(again.find("rescue-later"))
    assert again.window.rescue_offer.isHidden()
    assert {left.place for left in rescue.found()} == set(kept)


def test_a_damaged_journal_is_told_and_stays(again: Hands, kept: list[Path]) -> None:
    (kept[1] / BASE).write_text("{")
    again.click(again.find("rescue-open"))
    assert again.window.notice.label.text().startswith("digits cannot be brought back: ")
    assert {left.place for left in rescue.found()} == set(kept)
    assert again.window.rescue_offer.isVisible()


def test_what_no_document_may_hold_is_not_brought_back(again: Hands, kept: list[Path]) -> None:
    found = recovery.take(kept[1])
    found.folder.leave()
    (kept[1] / BASE).write_bytes(b"")
    again.click(again.find("rescue-open"))
    assert "cannot be brought back" in again.window.notice.label.text()


def test_a_journal_with_a_damaged_line_is_opened_up_to_it(again: Hands, kept: list[Path]) -> None:
    with (kept[1] / STEPS).open("ab") as steps:
        steps.write(b"00000000 rubbish\n")
    again.click(again.find("rescue-open"))
    assert names(again.window) == ["tanh"]
    assert "digits is not back as a whole. Line 3 of its journal is damaged" in again.window.notice.label.text()


def test_a_file_stays_as_the_user_saved_it_and_is_known_again(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "iris.loom"
    window.editor.new(templates.document("iris-mlp"), "iris")
    window.editor.save(path)
    saved = path.read_bytes()
    Hands(qtbot, window).add_by_search("ReLU")
    edited = file.dumps(window.editor.document)
    window.leave_journals()
    hands = Hands(qtbot, started(qtbot))
    hands.window.files.open_path(path)
    hands.click(hands.find("rescue-open"))
    editor = hands.window.editor
    assert (editor.path, editor.is_dirty, file.dumps(editor.document)) == (path, True, edited)
    assert len(editor.sessions) == 1, "the file itself was open, unchanged"
    assert path.read_bytes() == saved
    hands.press("Ctrl+S", hands.window)
    assert path.read_bytes() == edited
    assert not editor.is_dirty


def test_a_file_that_changed_meanwhile_is_told(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "iris.loom"
    window.editor.new(templates.document("iris-mlp"), "iris")
    window.editor.save(path)
    Hands(qtbot, window).add_by_search("ReLU")
    window.leave_journals()
    path.write_bytes(file.dumps(templates.document("moons-mlp")))
    hands = Hands(qtbot, started(qtbot))
    hands.click(hands.find("rescue-open"))
    qtbot.waitUntil(hands.window.change_offer.isVisible)
    assert hands.window.change_offer.label.text() == "iris.loom was changed by another program."


def test_where_nothing_can_be_kept_it_is_told_once_and_the_program_goes_on(qtbot: QtBot, window: MainWindow) -> None:
    home.journals_folder().parent.mkdir(parents=True, exist_ok=True)
    home.journals_folder().write_text("a file where the folder should be")
    hands = Hands(qtbot, window)
    hands.add_by_search("ReLU")
    qtbot.waitUntil(window.notice.isVisible)
    assert "Your steps cannot be written down" in window.notice.label.text()
    hands.click(hands.find("notice-close"))
    hands.add_by_search("Tanh")
    window.editor.session.journal.flush()
    assert window.notice.isHidden()
    assert names(window) == ["relu", "tanh"]
    assert window.leave_journals() == [("untitled", False)]
