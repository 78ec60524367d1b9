"""What a person does with runs that are kept: names, notes, tags, pins, deletion; and where their numbers come from."""

import contextlib
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests.runs.filled import fill

from netloom.errors import RunError
from netloom.graph import Document, History, edit, file
from netloom.runs import Store, UnknownRunError
from netloom.runs.database import connect
from netloom.runs.origin import data_print
from netloom.runs.record import DOCUMENT, fingerprint
from netloom.runs.recorder import Recorder
from netloom.templates import document
from netloom.training.events import Changed, RunStarted, Tuned


@pytest.fixture
def store(tmp_path: Path) -> Store:
    fill(tmp_path, 10)
    return Store(tmp_path)


def test_names_notes_tags_pins_and_hiding_are_kept(store: Store) -> None:
    one, two, *_ = (run.id for run in store.runs())
    store.change([one, two], tags=[" wide  net ", "", "paper", "paper"], pinned=True)
    store.change([one], name="best so far", notes="line 1\nline 2", hidden=True)
    first, second, third, *_ = Store(store.folder).runs()
    assert (first.name, first.notes, first.tags) == ("best so far", "line 1\nline 2", ("wide net", "paper"))
    assert (first.is_pinned, first.is_hidden, second.is_pinned, second.is_hidden) == (True, True, True, False)
    assert not third.is_pinned
    store.change([one], tags=[], hidden=False)
    assert store.run(one).tags == ()
    with pytest.raises(UnknownRunError):
        store.change([two, "nobody"], name="x")
    assert store.run(two).name != "x"


def test_several_are_deleted_and_brought_back_at_once(store: Store) -> None:
    ids = [run.id for run in store.runs()]
    assert store.delete(ids[:3]) == ids[:3]
    assert [run.id for run in store.runs()] == ids[3:]
    with pytest.raises(UnknownRunError):
        store.run(ids[0])
    store.restore(ids[:2])
    assert [run.id for run in store.runs()] == [*ids[:2], *ids[3:]]


def test_only_what_was_deleted_long_ago_or_is_named_goes_for_good(store: Store) -> None:
    ids = [run.id for run in store.runs()]
    for run in ids[:3]:
        (store.folder / run).mkdir()
    store.delete(ids[:3])
    store.purge([ids[0], ids[5]])
    assert not (store.folder / ids[0]).exists()
    assert (store.folder / ids[1]).exists()
    store.purge(age=timedelta(0))
    assert not (store.folder / ids[1]).exists()
    store.restore(ids)
    assert [run.id for run in store.runs()] == ids[3:]
    with contextlib.closing(connect(store.folder)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM documents").fetchone()[0] == 7


def test_news_are_new_runs_and_those_that_are_asked_for(store: Store) -> None:
    numbers = [run.number for run in store.runs()]
    assert [run.number for run in store.news(numbers[-3])] == numbers[-2:]
    assert [run.number for run in store.news(numbers[-1], [numbers[0], 999])] == [numbers[0]]


def test_what_computed_a_run_and_on_which_data_is_kept(tmp_path: Path) -> None:
    store = Store(tmp_path)
    short = msgspec.structs.replace(document("moons-mlp").training, epochs=1)
    moons = Document(document("moons-mlp").graph, short)
    list(store.train(moons))
    run = store.run("latest")
    assert {"netloom", "torch", "python", "platform"} <= run.versions.keys()
    assert run.data == data_print(moons)
    assert {"moons", "Linear"} <= set(run.about.split())


def test_the_print_of_data_tells_other_data_and_other_settings_apart() -> None:
    moons = document("moons-mlp")
    dataset = next(node for node in moons.graph.level() if node.kind == "Dataset")
    before = data_print(moons)
    linear = next(node for node in moons.graph.level() if node.kind == "Linear")
    History(moons).do(edit.set_params(moons.graph, linear.id, {"out_features": 7}))
    assert data_print(moons) == before
    History(moons).do(edit.set_params(moons.graph, dataset.id, {"noise": 0.3}))
    assert data_print(moons) != before
    History(moons).do(edit.set_params(moons.graph, dataset.id, {"source": "nowhere"}))
    assert data_print(moons) == ""


STARTED = RunStarted("", "cpu", "cpu", 5, 4, ("loss",), (), {"train": 16})


def changed(number: int) -> Document:
    found = document("iris-mlp")
    hidden = found.graph.named("hidden1")
    History(found).do(edit.set_params(found.graph, hidden.id, {"out_features": number}))
    return found


def test_a_run_that_is_changed_keeps_what_it_began_with_and_marks(store: Store) -> None:
    run = store.run("latest")
    run.folder.mkdir()
    recorder = Recorder(store.folder, run.id, run.settings)
    recorder.record(RunStarted(run.id, "cpu", "cpu", 5, 4, ("loss",), ("accuracy",), {"train": 16}))
    recorder.record(Tuned({"threads": "4"}, 1.3, "Four threads: 1.3 × as fast."))
    recorder.record(Changed(7, "wider hidden1", "hidden1 has 9 features from step 8 on.", changed(9), STARTED))
    recorder.record(Changed(9, "wider hidden1", "hidden1 has 12 features from step 10 on.", changed(12), STARTED))
    recorder.close("stopped")
    found = store.run(run.id)
    assert [(mark.step, mark.title) for mark in found.curves.marks] == [(7, "wider hidden1"), (9, "wider hidden1")]
    assert found.document.graph.named("hidden1").params["out_features"] == 12
    assert found.first_text == run.text
    assert file.dumps(found.first_document) == run.text.encode()
    assert found.fingerprint == fingerprint(changed(12))
    assert found.settings["epochs"] == changed(12).training.epochs
    assert (found.folder / DOCUMENT).read_bytes() == found.text.encode()
    assert found.tuning == {"choices": {"threads": "4"}, "gain": 1.3, "text": "Four threads: 1.3 × as fast."}
    assert found.details()["marks"][0]["step"] == 7


def test_marks_after_a_last_checkpoint_go_with_the_steps(store: Store) -> None:
    run = store.run("latest")
    for first_step in (0, 8):
        recorder = Recorder(store.folder, run.id, run.settings)
        recorder.record(RunStarted(run.id, "cpu", "cpu", 5, 4, ("loss",), (), {"train": 16}, first_step))
        if not first_step:
            recorder.record(Changed(7, "one", "", changed(9), STARTED))
            recorder.record(Changed(9, "two", "", changed(12), STARTED))
        recorder.close("stopped")
    assert [mark.title for mark in store.run(run.id).curves.marks] == ["one"]


def test_a_list_touches_no_folder_and_no_text(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.closing(connect(store.folder)) as connection, connection:
        connection.execute("DROP TABLE documents")
        connection.execute("CREATE TABLE documents (run TEXT, version TEXT, text TEXT)")
    monkeypatch.setattr("netloom.runs.store.lock.is_held", lambda _folder: pytest.fail("a folder was looked at"))
    assert len(store.runs()) == 10


def test_runs_that_go_on_are_not_deleted(tmp_path: Path) -> None:
    store = Store(tmp_path)
    fill(tmp_path, 2)
    events = store.train(document("iris-mlp"))
    key = next(events).run
    with pytest.raises(RunError, match="still going on"):
        store.delete([store.runs()[0].id, key])
    assert len(store.runs()) == 3
    events.close()


WRITER = """
import sys
from netloom.runs import Store
store, number = Store(sys.argv[1]), int(sys.argv[2])
ids = sys.argv[3:]
for turn in range(40):
    key = ids[3 + (turn + number) % 7]  # the first three come and go
    store.change([key], tags=[f"writer {number}"], notes=str(turn))
    if turn % 10 == number:
        store.restore(store.delete([ids[number]]))
print(len(store.runs()))
"""


def test_several_programs_write_at_once(tmp_path: Path) -> None:
    fill(tmp_path, 10)
    ids = [run.id for run in Store(tmp_path).runs()]
    call = [sys.executable, "-c", WRITER, str(tmp_path)]
    programs = [subprocess.Popen([*call, str(number), *ids], stdout=subprocess.PIPE, text=True) for number in range(3)]
    told = [program.communicate(timeout=100)[0].strip() for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0]
    assert all(int(count) >= 7 for count in told)
    store = Store(tmp_path)
    assert len(store.runs()) == 10
    assert store.check() == ""
    assert all(run.tags for run in store.runs()[3:])
