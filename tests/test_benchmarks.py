"""The runner of the benchmarks: filters, the file it writes, and what fails it."""

import json

import pytest
from tests.benchmarks.__main__ import main

KEYS = ["name", "value", "unit", "peer", "peer_value", "ratio", "mark", "holds"]
SLOW = """
def rows():
    return [
        {"name": "step", "value": 3.0, "unit": "ms", "peer": "loop", "peer_value": 2.0, "mark": 1.03, "holds": False},
        {"name": "window", "value": 0.5, "unit": "s", "mark": 0.8, "holds": True},
    ]
"""


@pytest.fixture
def run(tmp_path):
    """Run the benchmarks of a folder with these sources; return the exit status and the rows that were written."""

    def run_sources(word="", **sources):
        for name, source in sources.items():
            (tmp_path / f"bench_{name}.py").write_text(source, encoding="utf-8")
        report = tmp_path / "build" / "bench.json"
        return main(word, tmp_path, report), json.loads(report.read_text(encoding="utf-8"))

    return run_sources


def test_rows_are_written_whole_and_slowness_is_no_failure(run, capsys):
    status, (step, window) = run(infra=SLOW)
    assert status == 0
    assert list(step) == list(window) == KEYS
    assert step["ratio"] == 1.5
    assert (window["peer"], window["peer_value"], window["ratio"]) == (None, None, None)
    assert "loop" in capsys.readouterr().out


def test_word_picks_modules_then_rows(run):
    other = SLOW.replace("step", "canvas")
    assert {row["name"] for row in run("other", one=SLOW, other=other)[1]} == {"canvas", "window"}
    assert [row["name"] for row in run("canvas")[1]] == ["canvas"]
    assert run("nothing")[1] == []


def test_broken_benchmark_fails_after_the_others_ran(run, capsys):
    status, rows = run(a="def rows():\n    return 1 / 0\n", b=SLOW)
    assert status == 1
    assert len(rows) == 2
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_row_without_a_mark_is_refused(run):
    status, rows = run(a='def rows():\n    return [{"name": "x", "value": 1.0, "unit": "s", "holds": True}]\n')
    assert (status, rows) == (1, [])
