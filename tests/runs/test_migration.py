"""A store that an earlier version wrote: tests/runs/data/version-1.sqlite holds two real runs."""

import contextlib
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from netloom.runs import Store, database, schema

OLD = Path(__file__).parent / "data" / "version-1.sqlite"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    shutil.copy(OLD, tmp_path / database.FILE)
    return Store(tmp_path)


def test_runs_of_version_1_are_all_there(store: Store) -> None:
    with contextlib.closing(sqlite3.connect(OLD)) as old:
        texts = [row[0] for row in old.execute("SELECT document FROM runs ORDER BY number")]
    iris, moons = store.runs()
    assert (iris.name, iris.epochs, iris.state, iris.device) == ("old iris-mlp", 2, "finished", "cpu")
    assert [store.run(run.id).text for run in (iris, moons)] == texts
    found = store.run(iris.id)
    assert len(found.curves.steps["loss"].y) == found.steps
    assert [epoch.epoch for epoch in found.curves.epochs] == [1, 2]
    assert "iris" in found.about.split()
    assert (found.notes, found.tags, found.is_pinned, found.versions, found.first_text) == ("", (), False, {}, None)
    assert found.document.graph.named("hidden1") is not None
    assert not store.warning


def test_numbers_go_on_where_they_were(store: Store) -> None:
    numbers = [run.number for run in store.runs()]
    with contextlib.closing(database.connect(store.folder)) as connection, connection:
        connection.execute("DELETE FROM runs")
        values = "'a', 'a', 'failed', '', '{}', ''"
        connection.execute(f"INSERT INTO runs (id, name, state, started, settings, fingerprint) VALUES ({values})")
    assert store.runs()[0].number == max(numbers) + 1


def test_many_open_an_old_store_at_once(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: len(Store(store.folder).runs()), range(8)))
    assert found == [2] * 8
    with contextlib.closing(database.connect(store.folder)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION


def test_a_migration_that_fails_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    begin, second = schema.STEPS

    def fail(connection: sqlite3.Connection) -> None:
        second(connection)
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(schema, "STEPS", (begin, fail))
    with pytest.raises(sqlite3.OperationalError):
        database.connect(store.folder)
    monkeypatch.undo()
    assert len(store.runs()) == 2


def test_texts_that_are_no_documents_do_not_stop_a_migration(store: Store) -> None:
    with contextlib.closing(sqlite3.connect(store.folder / database.FILE)) as old, old:
        old.execute("UPDATE runs SET document = '[1, 2' WHERE number = 1")
        old.execute("UPDATE runs SET document = '[1, 2]' WHERE number = 2")
    assert [run.about for run in store.runs()] == ["", ""]
