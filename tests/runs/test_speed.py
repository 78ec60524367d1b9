"""The speed of the machine, from one time to the next."""

import pytest

from netloom.compiler.forecast import Speed
from netloom.runs import speed
from netloom.runs.home import cache_folder

FOUND = Speed(1e10, 2e10, 1e9, 1e-5, 1e-4)


def test_what_was_measured_is_remembered():
    assert speed.remembered() is None
    speed.remember(FOUND)
    assert speed.remembered() == FOUND


@pytest.mark.parametrize("text", ["", "{}", "nonsense", '{"macs_per_second": "fast"}'])
def test_a_damaged_file_is_as_none(text):
    speed.remember(FOUND)
    (cache_folder() / "speed.json").write_text(text)
    assert speed.remembered() is None


def test_a_folder_that_refuses_is_no_harm(netloom_home):
    netloom_home.write_text("a file where the folder should be")
    speed.remember(FOUND)
    assert speed.remembered() is None
