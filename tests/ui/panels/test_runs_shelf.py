"""Runs in memory: found, ordered, and how they are written."""

import math
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest
from tests.runs.filled import fill

from netloom.runs import RunLine, Store
from netloom.ui.panels.run_cells import COLUMNS, QueueLine, cell, moment, number, share, spoken, state
from netloom.ui.panels.runs_shelf import Shelf, Wish


@pytest.fixture
def lines(tmp_path: Path) -> list[RunLine]:
    fill(tmp_path, 12)
    return Store(tmp_path).runs()


def changed(line: RunLine, **values: object) -> RunLine:
    return msgspec.structs.replace(line, **values)


def numbers(found: list[RunLine]) -> list[int]:
    return [line.number for line in found]


def test_the_newest_comes_first_after_live_and_pinned_ones(lines: list[RunLine]) -> None:
    shelf = Shelf(changed(line, is_pinned=line.number == 4) for line in lines)
    shelf.put([changed(lines[1], state="running")])
    assert numbers(shelf.found(Wish()))[:4] == [2, 4, 12, 11]
    assert shelf.live == [2]
    assert shelf.newest == 12


@pytest.mark.parametrize("column", range(len(COLUMNS)))
@pytest.mark.parametrize("falls", [True, False])
def test_every_column_gives_an_order(lines: list[RunLine], column: int, falls: bool) -> None:
    shelf = Shelf(changed(line, is_pinned=False) for line in lines)
    shelf.sort(column, falls=falls)
    found = shelf.found(Wish())
    assert len(found) == len(lines)
    keys = [COLUMNS[column].key(line) for line in found]
    assert keys == sorted(keys, reverse=falls)


def test_what_has_no_score_comes_last_among_the_best(lines: list[RunLine]) -> None:
    odd = [changed(lines[0], metrics={}, is_pinned=False), changed(lines[1], metrics={"val": {"accuracy": math.nan}})]
    shelf = Shelf([*odd, *lines[2:]])
    shelf.sort(2, falls=True)
    assert set(numbers(shelf.found(Wish()))[-2:]) == {1, 2}


def test_new_values_take_their_place_in_an_order_that_is_kept(lines: list[RunLine]) -> None:
    shelf = Shelf(changed(line, is_pinned=False) for line in lines)
    shelf.sort(3, falls=False)
    shelf.found(Wish())
    shelf.put([changed(lines[7], losses={"loss": 0.0001})])
    assert numbers(shelf.found(Wish()))[0] == 8
    shelf.drop([lines[7].id])
    assert 8 not in numbers(shelf.found(Wish()))
    assert shelf.get(lines[7].id) is None


def test_a_run_that_stays_where_it_is_is_replaced_there(lines: list[RunLine]) -> None:
    shelf = Shelf(lines)
    before = numbers(shelf.found(Wish()))
    shelf.put([changed(lines[5], epochs=19, notes="slower"), changed(lines[6], is_hidden=True)])
    assert numbers(shelf.found(Wish())) == [number for number in before if number != 7]
    shelf.put([changed(lines[5], epochs=20, notes="faster")])
    assert numbers(shelf.found(Wish())) == [number for number in before if number != 7]
    assert numbers(shelf.found(Wish("faster"))) == [6]
    assert numbers(shelf.found(Wish("slower"))) == []


def test_all_words_must_occur_in_whatever_case(lines: list[RunLine]) -> None:
    shelf = Shelf(lines)
    assert numbers(shelf.found(Wish("IRIS failed"))) == []
    assert {line.name.split()[0] for line in shelf.found(Wish("iris"))} == {"iris-mlp"}
    assert numbers(shelf.found(Wish("paper baseline"))) == [1]
    assert all(line.state == "failed" for line in shelf.found(Wish(state="failed")))


def test_hidden_runs_are_shown_alone(lines: list[RunLine]) -> None:
    shelf = Shelf(changed(line, is_hidden=line.number < 3) for line in lines)
    assert set(numbers(shelf.found(Wish(hidden=True)))) == {1, 2}
    assert not {1, 2} & set(numbers(shelf.found(Wish())))


def test_times_are_written_as_people_say_them() -> None:
    zone = timezone(timedelta(0))
    now = datetime(2026, 11, 12, 15, 0, tzinfo=zone).astimezone()
    assert moment(datetime(2026, 11, 12, 14, 2).astimezone().isoformat(), now) == "today 14:02"
    assert moment(datetime(2026, 3, 1, 9, 5).astimezone().isoformat(), now) == "1 Mar 09:05"
    assert moment(datetime(2025, 3, 1, 9, 5).astimezone().isoformat(), now) == "1 Mar 2025"
    assert moment("nonsense", now) == "–"


def test_numbers_stand_still() -> None:
    assert [number(value) for value in (0.5, -1.0, 12345.0, math.nan, None)] == [
        "0.5000",
        "−1.0000",
        "12,345",
        "–",
        "–",
    ]
    assert [share(value) for value in (0.978, 1.0, 7.25, None)] == ["97.8 %", "100.0 %", "7.2500", "–"]


def test_a_line_is_spoken_as_a_whole(lines: list[RunLine]) -> None:
    words = spoken(lines[0])
    assert words.startswith("digits-cnn 0, finished, pinned, Score 90.0 %")
    waiting = QueueLine("queue 1", "digits", "auto", 40)
    assert spoken(waiting) == "digits, queued"
    assert state(waiting).word == "queued"
    assert [cell(waiting, column) for column in (1, 4, 7)] == ["digits", "0 of 40", "queued"]


def test_epochs_that_are_missing_are_said(lines: list[RunLine]) -> None:
    assert cell(changed(lines[0], epochs=3), 4) == "3 of 20"
    assert cell(lines[0], 4) == "20"
