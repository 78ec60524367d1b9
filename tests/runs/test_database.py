"""The file of the run store, as several who open it at once see it."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from netloom.runs import database

OPENERS, ROUNDS = 8, 12


def test_many_may_begin_a_store_at_the_same_moment(tmp_path: Path) -> None:
    def version(folder: Path) -> int:
        together.wait()
        with contextlib.closing(database.connect(folder)) as connection:
            return connection.execute("PRAGMA user_version").fetchone()[0]

    with ThreadPoolExecutor(OPENERS) as pool:
        for number in range(ROUNDS):
            together = threading.Barrier(OPENERS)
            found = list(pool.map(version, [tmp_path / str(number)] * OPENERS))
            assert found == [database.VERSION] * OPENERS
