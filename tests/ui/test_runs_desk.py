"""The Runs page in the real window, by mouse and keyboard, with real stores and real small trainings."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.runs.filled import fill
from tests.ui.conftest import short
from tests.ui.hands import Hands

from netloom import templates
from netloom.graph import edit
from netloom.runs import Store, home
from netloom.runs.database import FILE
from netloom.ui import dialogs
from netloom.ui.panels.run_cells import NAME, TAGS, cell

if TYPE_CHECKING:
    from netloom.ui.main_window import MainWindow
    from netloom.ui.panels import RunsPanel

WAIT = 60_000


class Desk(Hands):
    """Hands at the Runs page."""

    @property
    def panel(self) -> RunsPanel:
        return self.window.views.runs

    @property
    def names(self) -> list[str]:
        return [line.name for line in self.panel.model.rows]

    def until(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=WAIT)

    def show_runs(self, count: int) -> None:
        self.press("Ctrl+2", self.window)
        self.until(lambda: self.panel._is_read and len(self.panel.model.shelf) == count)

    def click_row(
        self, row: int, column: int = NAME, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        table = self.panel.table
        at = table.visualRect(self.panel.model.index(row, column)).center()
        self.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, keys, at)
        table.setFocus()
        QApplication.processEvents()

    def on_table(self, keys: str) -> None:
        self.press(keys, self.panel.table)

    def was_told(self, text: str) -> bool:
        return any(text in line.text for line in self.window.log.lines)

    def settle(self) -> None:
        """Wait until the store's thread has done all that it was asked for."""
        done: list[bool] = []
        self.window.desk.worker.ask(lambda _store: True, done.append)
        self.until(lambda: bool(done))

    def train(self, name: str, epochs: int = 2) -> None:
        self.window.editor.new(short(templates.document("moons-mlp"), epochs=epochs), name)
        self.window.runs.train()
        self.until(lambda: self.window.controller.phase == "ended")


@pytest.fixture
def desk(qtbot: QtBot, window: MainWindow) -> Desk:
    return Desk(qtbot, window)


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Twenty runs, the newest one at the top."""
    fill(home.runs_folder(), 20, steps=60, epochs=3)
    desk.show_runs(20)
    return desk


def test_an_empty_store_says_what_comes_here(desk: Desk) -> None:
    desk.show_runs(0)
    assert desk.panel._message.text() == "Each training is kept here."
    assert desk.panel._message.isVisible()


def test_runs_stand_newest_first_below_those_that_are_pinned(filled: Desk) -> None:
    assert filled.names == ["digits-cnn 0", *(run.name for run in reversed(Store().runs()) if not run.is_pinned)]
    assert filled.panel.count.text() == "20 runs"


def test_a_run_that_ends_stands_at_the_top(desk: Desk) -> None:
    desk.show_runs(0)
    desk.train("moons")
    desk.until(lambda: desk.names == ["moons"])
    [line] = desk.panel.model.rows
    desk.until(lambda: desk.panel.model.rows[0].state == "finished")
    assert cell(desk.panel.model.rows[0], 4) == "2"
    assert line.device


def test_search_finds_names_tags_notes_and_kinds(filled: Desk) -> None:
    for text, count in (
        ("iris", 5),
        ("baseline", 3),
        ("too high", 2),
        ("digits-cnn baseline", 1),
        ("Conv2d", 5),
        ("zz", 0),
    ):
        filled.press("F", filled.panel.table)
        assert filled.panel.search.hasFocus()
        filled.panel.search.clear()
        filled.type(text)
        assert len(filled.panel.model.rows) == count, text
    assert filled.panel._message.text() == "No run is called or tagged like that."
    filled.panel.search.clear()
    filled.type("iris")
    filled.press("Return")
    assert filled.panel.table.hasFocus()
    assert [run.name for run in filled.panel.selected] == [filled.names[0]]
    assert filled.panel.count.text() == "5 of 20"


def test_filters_by_state_pin_and_network(filled: Desk) -> None:
    panel = filled.panel
    panel.states.setFocus()
    filled.qtbot.keyClicks(panel.states, "F")
    QTest.keyClick(panel.states, Qt.Key.Key_Down)
    panel.states.setCurrentIndex(panel.states.findData("failed"))
    panel.states.activated.emit(panel.states.currentIndex())
    assert {line.state for line in panel.model.rows} == {"failed"}
    panel.states.setCurrentIndex(0)
    panel.states.activated.emit(0)
    filled.click(panel.pinned)
    assert filled.names == ["digits-cnn 0"]
    filled.click(panel.pinned)
    filled.window.editor.new(templates.document("iris-mlp"), "iris")
    filled.click(panel.here)
    assert [name.split()[0] for name in filled.names] == ["iris-mlp"] * 5
    graph = filled.window.editor.document.graph
    filled.window.editor.do(edit.set_params(graph, graph.named("hidden1").id, {"out_features": 9}))
    assert filled.names == []
    filled.click(panel.here)
    assert len(filled.names) == 20


def test_sorting_by_the_header_and_by_a_key(filled: Desk) -> None:
    header = filled.panel.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(3) + 20, header.height() // 2)
    for falls in (False, True):
        filled.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        losses = [line.losses["loss"] for line in filled.panel.model.rows[1:]]
        assert losses == sorted(losses, reverse=falls)
    filled.on_table("S")
    assert filled.panel.model.shelf.column != 3
    filled.panel.table.sort_by(NAME)
    before = filled.names[1:]
    filled.on_table("Shift+S")
    assert filled.names[1:] != before


def test_a_run_is_renamed_in_place(filled: Desk) -> None:
    filled.click_row(1)
    key = filled.panel.selected[0].id
    filled.on_table("F2")
    line = filled.find("run-name-line")
    filled.press("Ctrl+A", line)
    filled.qtbot.keyClicks(line, "best so far")
    filled.press("Return", line)
    filled.until(lambda: "best so far" in filled.names)
    assert Store().run(key).name == "best so far"
    assert [run.id for run in filled.panel.selected] == [key]


def test_news_do_not_take_away_what_is_being_typed(filled: Desk) -> None:
    filled.click_row(1)
    filled.on_table("F2")
    line = filled.find("run-name-line")
    Store().change([filled.panel.model.rows[5].id], name="from elsewhere")
    fill_one_more()
    filled.window.desk._news([filled.panel.model.rows[5].number])
    filled.settle()
    assert line.isVisible()
    assert "from elsewhere" not in filled.names
    filled.press("Escape", line)
    filled.until(lambda: "from elsewhere" in filled.names)


def fill_one_more() -> None:
    import contextlib

    from tests.runs.filled import values

    from netloom.runs import rows
    from netloom.runs.database import connect

    with contextlib.closing(connect(home.runs_folder())) as connection, connection:
        rows.insert(connection, values(30) | {"document": Store().run("latest").text, "fingerprint": ""})


def test_tags_and_notes_are_kept(filled: Desk) -> None:
    filled.click_row(2)
    key = filled.panel.selected[0].id
    filled.on_table("T")
    line = filled.find("run-tags-line")
    filled.press("Ctrl+A", line)
    filled.qtbot.keyClicks(line, "wide, paper ,, wide")
    filled.press("Return", line)
    filled.until(lambda: Store().run(key).tags == ("wide", "paper"))
    filled.on_table("N")
    assert filled.panel.details.notes.hasFocus()
    filled.type("a quieter optimizer")
    filled.click_row(3)
    filled.until(lambda: Store().run(key).notes == "a quieter optimizer")
    filled.click_row(2)
    assert filled.panel.details.notes.toPlainText() == "a quieter optimizer"
    filled.press("F", filled.panel.table)
    filled.type("quieter")
    assert [line.id for line in filled.panel.model.rows] == [key]


def test_pinned_runs_go_to_the_top_and_hidden_ones_away(filled: Desk) -> None:
    filled.click_row(4)
    filled.click_row(5, keys=Qt.KeyboardModifier.ControlModifier)
    chosen = {run.id for run in filled.panel.selected}
    assert len(chosen) == 2
    filled.on_table("P")
    filled.until(lambda: {line.id for line in filled.panel.model.rows[:3]} >= chosen)
    filled.on_table("H")
    filled.until(lambda: len(filled.names) == 18)
    filled.click(filled.panel.hidden)
    assert {line.id for line in filled.panel.model.rows} == chosen
    filled.panel.table.select(chosen)
    filled.on_table("H")
    filled.until(lambda: filled.names == [])
    filled.click(filled.panel.hidden)
    assert len(filled.names) == 20


def test_deleted_runs_can_be_brought_back_until_the_window_closes(filled: Desk) -> None:
    filled.click_row(1)
    filled.click_row(3, keys=Qt.KeyboardModifier.ShiftModifier)
    keys = [run.id for run in filled.panel.selected]
    filled.on_table("Del")
    filled.until(lambda: len(filled.names) == 17)
    assert "3 runs deleted" in filled.panel.undo.label.text()
    assert len(filled.panel.selected) == 1
    filled.click(filled.panel.undo_button)
    filled.until(lambda: len(filled.names) == 20)
    assert [run.id for run in filled.panel.selected] == keys
    assert not filled.panel.undo.isVisible()
    filled.on_table("Del")
    filled.until(lambda: len(filled.names) == 17)
    filled.on_table("U")
    filled.until(lambda: len(filled.names) == 20)
    filled.on_table("Backspace")
    filled.until(lambda: len(filled.names) == 17)
    filled.window.desk.close()
    Store().restore(keys)
    assert len(Store().runs()) == 17


def test_the_network_of_a_run_comes_back_in_a_tab(filled: Desk) -> None:
    filled.click_row(2)
    run = filled.panel.selected[0]
    before = len(filled.window.editor.sessions)
    filled.on_table("Return")
    filled.until(lambda: filled.window.editor.name == run.name)
    assert len(filled.window.editor.sessions) in (before, before + 1)
    assert filled.window.editor.document.graph.nodes == Store().run(run.id).document.graph.nodes
    filled.click_row(4)
    other = filled.panel.selected[0]
    at = filled.panel.table.visualRect(filled.panel.model.index(4, NAME)).center()
    filled.qtbot.mouseDClick(filled.panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    filled.until(lambda: filled.window.editor.name == other.name)


def test_several_runs_are_compared(filled: Desk) -> None:
    filled.click_row(1)
    filled.click_row(2, keys=Qt.KeyboardModifier.ControlModifier)
    card = filled.window.views.compared
    filled.until(lambda: len(card.drawn) == 2)
    assert set(card.drawn) == {run.id for run in filled.panel.selected}
    assert filled.panel.model.strokes == {run.id: place for place, run in enumerate(filled.panel.selected)}
    card.choose("Accuracy, validation")
    assert all(series.is_share for series in card.drawn.values())
    filled.on_table("C")
    facts = filled.panel.details.facts
    words = [facts.item(row, 0).text() for row in range(facts.rowCount())]
    assert "seed" in words
    assert "Network" in words
    assert facts.columnCount() == 3


def test_one_run_shows_its_facts(filled: Desk) -> None:
    filled.click_row(1)
    filled.click(filled.panel.details.pages._buttons["Details"])
    filled.until(lambda: filled.panel.details.facts.rowCount() > 5)
    facts = filled.panel.details.facts
    words = {facts.item(row, 0).text(): facts.item(row, 1).text() for row in range(facts.rowCount())}
    assert words["batch size"] == "32"
    assert words["state"] == filled.panel.selected[0].state


def test_curves_are_downloaded(filled: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dialogs, "ask_export", lambda *_: tmp_path / "out.csv")
    filled.click_row(1)
    filled.click_row(2, keys=Qt.KeyboardModifier.ControlModifier)
    filled.on_table("D")
    filled.until((tmp_path / "out.csv").is_file)
    with (tmp_path / "out.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["run"] for line in lines} == {run.id for run in filled.panel.selected}
    assert len(lines) == 2 * 60
    assert lines[19]["val loss"]
    filled.until(lambda: filled.was_told("out.csv is written, with 2 runs."))


def test_what_cannot_be_written_is_told(filled: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dialogs, "ask_export", lambda *_: tmp_path / "nowhere" / "out.csv")
    filled.click_row(1)
    filled.on_table("D")
    filled.until(lambda: filled.was_told("cannot be written"))


def test_an_unfinished_run_goes_on(desk: Desk) -> None:
    desk.show_runs(0)
    desk.window.editor.new(short(templates.document("moons-mlp"), epochs=400), "moons")
    desk.window.runs.train()
    desk.until(lambda: desk.window.controller.progress is not None and len(desk.window.controller.progress.epochs) > 2)
    desk.window.runs.stop()
    desk.until(lambda: desk.window.controller.phase == "ended")
    desk.until(lambda: [line.state for line in desk.panel.model.rows] == ["stopped"])
    epochs = desk.panel.model.rows[0].epochs
    desk.click_row(0)
    desk.on_table("R")
    desk.until(lambda: desk.window.controller.phase == "running")
    assert desk.window.controller.home is desk.window.editor.session
    desk.until(lambda: len(desk.window.controller.progress.epochs) > 1)
    desk.window.runs.stop()
    desk.until(lambda: desk.window.controller.phase == "ended")
    desk.until(lambda: desk.panel.model.rows[0].epochs > epochs)
    assert len(Store().runs()) == 1


def test_a_finished_run_is_told_to_be_finished(filled: Desk) -> None:
    filled.panel.table.select([next(line.id for line in filled.panel.model.rows if line.state == "finished")])
    filled.on_table("R")
    filled.until(lambda: filled.was_told("has finished all of its 20 epochs"))


def test_a_model_is_exported_with_the_weights_of_its_run(desk: Desk) -> None:
    desk.train("moons")
    desk.train("moons")
    desk.show_runs(2)
    first = desk.panel.model.rows[1]
    desk.panel.table.select([first.id])
    desk.on_table("E")
    desk.until(lambda: QApplication.activeModalWidget() is not None)
    dialog = QApplication.activeModalWidget()
    assert dialog.weights.currentData() == first.weights
    dialog.reject()


def test_a_run_without_weights_is_not_exported(filled: Desk) -> None:
    filled.click_row(1)
    filled.on_table("E")
    filled.until(lambda: filled.was_told("has left no weights"))


def test_the_menu_holds_what_can_be_done(filled: Desk) -> None:
    filled.click_row(1)
    at = filled.panel.table.visualRect(filled.panel.model.index(1, NAME)).center()
    from PySide6.QtGui import QContextMenuEvent

    place = filled.panel.table.viewport().mapToGlobal(at)
    QApplication.sendEvent(filled.panel.table.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, place))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    found = {action.text(): action.isEnabled() for action in menu.actions() if not action.isSeparator()}
    assert found["Rename"]
    assert not found["Compare"]
    menu.close()


def test_a_store_that_is_damaged_is_told(desk: Desk) -> None:
    fill(home.runs_folder(), 3)
    (home.runs_folder() / FILE).write_bytes(b"garbage" * 1000)
    for end in ("-wal", "-shm"):
        (home.runs_folder() / f"{FILE}{end}").unlink(missing_ok=True)
    desk.press("Ctrl+2", desk.window)
    desk.until(lambda: "was damaged" in desk.window.notice.label.text())
    assert desk.window.notice.isVisible()


def test_tags_column_is_shown_where_it_is_edited(filled: Desk) -> None:
    filled.window.resize(1000, 800)
    filled.click_row(1)
    filled.on_table("T")
    assert not filled.panel.table.isColumnHidden(TAGS)
    filled.press("Escape", filled.find("run-tags-line"))


def test_a_mouse_over_a_row_is_followed(filled: Desk) -> None:
    at = QPointF(filled.panel.table.visualRect(filled.panel.model.index(3, NAME)).center())
    QTest.mouseMove(filled.panel.table.viewport(), at.toPoint())
    filled.until(lambda: filled.panel.table.painter_of_rows.hovered == 3)
