"""`netloom runs` on runs that are kept: names, tags, notes, deletion, files for other programs, a check."""

import csv
import importlib.util
from pathlib import Path

import pytest
from tests.runs.filled import fill

from netloom.runs import Store
from netloom.runs.database import FILE


@pytest.fixture
def ids(netloom_home: Path) -> list[str]:
    fill(Store().folder, 3, steps=8, epochs=2)
    return [run.id for run in Store().runs()]


def test_a_run_is_named_tagged_and_noted(run, ids: list[str]) -> None:
    assert run("runs", "name", ids[0], "best so far", "--json").json["name"] == "best so far"
    assert run("runs", "tag", ids[1], "paper", "wide net", "--json").json["tags"] == ["paper", "wide net"]
    assert run("runs", "tag", ids[1], "paper", "--remove", "--json").json["tags"] == ["wide net"]
    assert run("runs", "note", ids[1], "two lines\nof notes", "--json").json["notes"] == "two lines\nof notes"
    shown = run("runs", "show", ids[1]).out
    assert "wide net" in shown
    assert "of notes" in shown
    listed = run("runs", "list", "--tag", "wide net", "--json").json["runs"]
    assert [item["run"] for item in listed] == [ids[1]]
    assert "best so far" in run("runs", "name", ids[0], "best so far").out
    assert run("runs", "name", "nobody", "x").code == 2


def test_deleted_runs_come_back_for_a_day(run, ids: list[str]) -> None:
    assert run("runs", "delete", *ids[:2], "--json").json == {"deleted": ids[:2]}
    assert len(run("runs", "list", "--json").json["runs"]) == 1
    assert run("runs", "restore", ids[0], "nobody", "--json").json == {"restored": [ids[0]]}
    told = run("runs", "delete", ids[0]).out
    assert f"netloom runs restore {ids[0]}" in told.replace("\n", " ")
    assert run("runs", "delete", ids[2], "--now").code == 0
    assert run("runs", "restore", ids[2], "--json").json == {"restored": []}
    assert run("runs", "list", "--json").json == {"runs": []}


def test_curves_are_written_as_a_table(run, ids: list[str]) -> None:
    assert run("runs", "export", *ids, "--csv", "all.csv", "--json").json == {"files": ["all.csv"]}
    with Path("all.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 3 * 8
    assert list(lines[0])[:5] == ["run", "name", "step", "epoch", "step loss"]
    assert float(lines[3]["step loss"]) == pytest.approx(0.5)
    assert (lines[7]["epoch"], float(lines[7]["val accuracy"])) == ("2", pytest.approx(0.7))
    assert run("runs", "export", ids[0], "--csv", "nowhere/all.csv").code == 1
    assert run("runs", "export", ids[0]).code == 2


@pytest.mark.skipif(importlib.util.find_spec("tensorboard") is not None, reason="tensorboard is installed")
def test_without_tensorboard_the_command_to_install_it_is_told(run, ids: list[str]) -> None:
    refused = run("runs", "export", ids[0], "--tensorboard", "board")
    assert refused.code == 1
    assert 'pip install "netloom[tracking]"' in refused.err


def test_event_files_hold_every_step(run, ids: list[str]) -> None:
    loaded = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    Store().change([ids[0]], notes="as it was")
    [folder] = run("runs", "export", ids[0], "--tensorboard", "board", "--json").json["files"]
    events = loaded.EventAccumulator(folder, {"scalars": 0})
    events.Reload()
    assert [event.step for event in events.Scalars("step/loss")] == list(range(1, 9))
    assert events.Scalars("step/loss")[3].value == pytest.approx(0.5)
    assert [event.step for event in events.Scalars("metric/val/accuracy")] == [4, 8]


def test_check_tells_what_is_wrong(run, ids: list[str]) -> None:
    whole = run("runs", "check", "--json")
    assert (whole.code, whole.json) == (0, {"found": ""})
    (Store().folder / FILE).write_bytes(b"garbage" * 2000)
    broken = run("runs", "check")
    assert broken.code == 1
    assert "was damaged" in broken.out
    assert run("runs", "check").code == 0
