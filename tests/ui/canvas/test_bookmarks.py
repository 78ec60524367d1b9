"""Bookmarks by their keys at the window: kept in the document, on every level."""

import pytest
from PySide6.QtCore import QPointF
from tests.ui.person import Person, chain, nested

from netloom.graph import edit, file


@pytest.fixture
def hand(person: Person) -> Person:
    person.editor.new(nested(), "nested")
    return person


def test_a_bookmark_brings_back_what_was_seen(hand: Person) -> None:
    hand.canvas.set_zoom(0.8)
    hand.canvas.look_at(QPointF(1000, 400))
    hand.press("Ctrl+Shift+3", hand.canvas)
    assert hand.editor.history.undo_label == "Set bookmark 3"
    hand.canvas.fit()
    assert (hand.canvas.seen().center() - QPointF(1000, 400)).manhattanLength() > 100
    hand.press("Alt+3", hand.canvas)
    assert hand.canvas.zoom == pytest.approx(0.8)
    assert (hand.canvas.seen().center() - QPointF(1000, 400)).manhattanLength() < 4


def test_setting_one_again_replaces_it_and_can_be_undone(hand: Person) -> None:
    hand.press("Ctrl+Shift+1", hand.canvas)
    first = hand.editor.document.bookmarks["1"]
    hand.canvas.look_at(QPointF(2000, 0))
    hand.press("Ctrl+Shift+1", hand.canvas)
    assert hand.editor.document.bookmarks["1"] != first
    hand.press("Ctrl+Z", hand.window)
    assert hand.editor.document.bookmarks["1"] == first


def test_a_bookmark_leads_into_its_block_and_out_again(hand: Person) -> None:
    hand.press("Ctrl+Shift+1", hand.canvas)
    hand.double("stage")
    hand.double("first")
    way = hand.editor.way
    hand.press("Ctrl+Shift+2", hand.canvas)
    hand.press("Alt+1", hand.canvas)
    assert hand.editor.way == ()
    assert hand.crumbs() == ["nested"]
    hand.press("Alt+2", hand.canvas)
    assert hand.editor.way == way
    assert len(way) == 2


def test_where_there_is_none_the_key_to_set_it_is_told(hand: Person) -> None:
    heard: list[str] = []
    hand.canvas.message_requested.connect(heard.append)
    hand.press("Alt+4", hand.canvas)
    assert heard == ["No bookmark 4 yet. Ctrl+Shift+4 sets it."]


def test_a_bookmark_in_a_block_that_went_says_so_and_leads_nowhere(hand: Person) -> None:
    hand.double("stage")
    hand.press("Ctrl+Shift+5", hand.canvas)
    hand.canvas.leave_block()
    hand.editor.do(edit.remove(hand.editor.document, [hand.node("stage").id]))
    heard: list[str] = []
    hand.canvas.message_requested.connect(heard.append)
    before = hand.canvas.seen()
    hand.press("Alt+5", hand.canvas)
    assert heard == ["The block that bookmark 5 was set in is gone."]
    assert hand.canvas.seen() == before


def test_bookmarks_are_kept_in_the_file(hand: Person) -> None:
    hand.editor.new(chain(), "chain")
    hand.press("Ctrl+Shift+9", hand.canvas)
    document = hand.editor.document
    assert file.loads(file.dumps(document)).bookmarks == document.bookmarks
    assert list(document.bookmarks) == ["9"]
