"""Stores that were damaged: what can be read comes back, and nothing goes without a word."""

import contextlib
import os
import time
from pathlib import Path

import pytest
from tests.runs.filled import fill

from netloom.errors import RunError
from netloom.runs import Store
from netloom.runs.database import FILE, WHOLE_BYTES, connect

RUNS = 300


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store of some hundred runs, all of it in the one file."""
    fill(tmp_path, RUNS)
    with contextlib.closing(connect(tmp_path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    return tmp_path


def spoil(folder: Path, first: float, last: float) -> None:
    """Write garbage over a part of the file, from one share of its length to another."""
    data = bytearray((folder / FILE).read_bytes())
    start, end = int(len(data) * first), int(len(data) * last)
    data[start:end] = os.urandom(end - start)
    (folder / FILE).write_bytes(data)


def test_garbage_in_the_middle_costs_only_what_it_covers(folder: Path) -> None:
    spoil(folder, 0.45, 0.5)
    store = Store(folder)
    found = store.runs()
    assert 0 < len(found) <= RUNS
    assert "was damaged" in store.warning
    assert f"{len(found)} runs were read from it" in store.warning
    assert len(list(folder.glob("runs.damaged-*.sqlite"))) == 1
    assert store.run(found[0].id).document.graph.nodes
    again = Store(folder)
    assert len(again.runs()) == len(found)
    assert not again.warning


def test_a_file_that_was_cut_off_is_set_aside(folder: Path) -> None:
    data = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(data[: len(data) // 2])
    store = Store(folder)
    store.runs()
    assert "was damaged" in store.warning
    [kept] = folder.glob("runs.damaged-*.sqlite")
    assert kept.stat().st_size >= len(data) // 2


def test_an_empty_file_is_a_new_store_whose_runs_are_found_by_their_folders(folder: Path) -> None:
    [first, *_] = Store(folder).runs()
    make_folder(folder, first.id, Store(folder).run(first.id).text)
    (folder / FILE).write_bytes(b"")
    store = Store(folder)
    assert store.runs() == []
    assert "1 run was missing" in store.check()
    assert [run.id for run in store.runs()] == [first.id]


def make_folder(store: Path, run: str, text: str) -> None:
    """The folder of a run of yesterday."""
    (store / run).mkdir()
    (store / run / "document.loom").write_text(text, "utf-8")
    os.utime(store / run, (time.time() - 86_400,) * 2)


def test_a_run_that_went_with_the_write_ahead_log_is_found_again_and_told(folder: Path) -> None:
    text = Store(folder).run("latest").text
    with contextlib.closing(connect(folder)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        with connection:
            connection.execute("DELETE FROM runs WHERE number > 290")
    lost = "20261130-101112-lost-abc"
    make_folder(folder, lost, text)
    for end in ("-wal", "-shm"):
        (folder / f"{FILE}{end}").unlink(missing_ok=True)
    store = Store(folder)
    said = store.check()
    assert "1 run was missing" in said
    assert said == store.warning
    assert store.run(lost).state == "interrupted"
    assert store.run(lost).document.graph.nodes
    assert store.check() == ""


def test_the_folder_of_a_run_that_just_begins_is_left_alone(folder: Path) -> None:
    make_folder(folder, "20261130-101112-new-abc", Store(folder).run("latest").text)
    os.utime(folder / "20261130-101112-new-abc")
    assert Store(folder).check() == ""


def test_damage_of_a_large_store_is_found_when_it_is_met(tmp_path: Path) -> None:
    """All of a large file is not read before its first use."""
    fill(tmp_path, 20, steps=300_000)
    with contextlib.closing(connect(tmp_path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    assert (tmp_path / FILE).stat().st_size > WHOLE_BYTES
    spoil(tmp_path, 0.5, 0.6)
    store = Store(tmp_path)
    runs = store.runs()
    assert len(runs) == 20
    assert not store.warning
    spoiled = [run.id for run in runs if not readable(store, run.id)]
    assert store.runs()
    assert "was damaged" in store.warning or "was damaged" in store.check()
    assert len(spoiled) < 20


def readable(store: Store, run: str) -> bool:
    try:
        store.run(run)
    except RunError:
        return False
    return True


def test_check_finds_what_nobody_met(tmp_path: Path) -> None:
    fill(tmp_path, 20, steps=300_000)
    with contextlib.closing(connect(tmp_path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    store = Store(tmp_path)
    assert store.check() == ""
    spoil(tmp_path, 0.5, 0.6)
    assert "was damaged" in store.check()
    assert len(store.runs()) == 20
