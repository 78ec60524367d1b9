"""The run store with real small trainings."""

import contextlib
import itertools
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
import pytest

from netloom.errors import DocumentError, RunError, TrainingError
from netloom.graph import Document, History, edit, file, lock
from netloom.runs import RunRecord, Store, UnknownRunError
from netloom.runs.database import FILE, connect
from netloom.templates import document
from netloom.training.events import EpochEnded, LossesRead, RunEnded, RunStarted, Stepped, Stop


def iris(**training: object) -> Document:
    found = document("iris-mlp")
    return Document(found.graph, msgspec.structs.replace(found.training, **{"epochs": 3, **training}), found.positions)


def trained(store: Store, what: Document, **options: object) -> RunRecord:
    ended = list(store.train(what, **options))[-1]
    assert isinstance(ended, RunEnded)
    return store.run(ended.run)


def test_a_run_is_kept_with_everything_that_was_measured(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    events = list(store.train(iris(), name="My iris!", seed=7))
    ended = events[-1]
    run = store.run(ended.run)
    assert (run.state, run.epochs, run.steps, run.name) == ("finished", 3, ended.steps, "My iris!")
    assert run.losses == pytest.approx(ended.losses)
    assert run.metrics == ended.metrics
    assert run.settings.items() >= {"epochs": 3, "batch_size": 8, "seed": 7, "device": "auto"}.items()
    assert run.device == "cpu"
    assert run.seconds == pytest.approx(ended.seconds)
    assert file.dumps(run.document) == file.dumps(iris())
    measured = np.concatenate([event.losses["loss"] for event in events if isinstance(event, LossesRead)])
    assert np.array_equal(run.curves.steps["loss"].y, measured)
    assert run.curves.steps["loss"].x.tolist() == list(range(1, run.steps + 1))
    seen = [event for event in events if isinstance(event, EpochEnded)]
    assert [(epoch.epoch, epoch.losses, epoch.best) for epoch in run.curves.epochs] == [
        (epoch.epoch, epoch.losses, epoch.best) for epoch in seen
    ]
    assert np.array_equal(run.curves.epochs[-1].confusion, seen[-1].confusion)
    assert {path.name for path in run.files} >= {"document.loom", "best.safetensors", "last.safetensors"}
    assert run.weights == run.folder / "best.safetensors"


def test_ids_sort_by_time_and_never_collide(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for _ in range(3):
        events = store.train(iris(epochs=1), name="a b/../c")
        next(events)
        events.close()
    ids = [run.id for run in store.runs()]
    assert len(set(ids)) == 3
    assert [key[:15] for key in ids] == sorted(key[:15] for key in ids)
    assert all(key[15:].startswith("-a-b----c-") for key in ids)
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == set(ids)


def test_a_consumer_that_goes_away_leaves_an_interrupted_run_that_goes_on_exactly(tmp_path: Path) -> None:
    whole = trained(Store(tmp_path / "whole"), iris(), seed=1)
    store = Store(tmp_path / "parts")
    events = store.train(iris(), seed=1)
    started = next(events)
    assert isinstance(started, RunStarted)
    assert store.run(started.run).state == "running"
    while not (isinstance(event := next(events), Stepped) and event.step == 20):
        pass
    events.close()
    half = store.run(started.run)
    assert (half.state, half.steps, half.epochs) == ("interrupted", 20, 1)
    assert half.weights is not None
    list(store.train(iris(), resume=started.run))
    run = store.run(started.run)
    assert (run.state, run.epochs, run.steps) == ("finished", 3, whole.steps)
    assert run.losses == whole.losses
    assert np.array_equal(run.curves.steps["loss"].y, whole.curves.steps["loss"].y)
    assert [epoch.losses for epoch in run.curves.epochs] == [epoch.losses for epoch in whole.curves.epochs]
    assert len(store.runs()) == 1


def test_ctrl_c_at_the_consumer_saves_and_is_passed_on(tmp_path: Path) -> None:
    store = Store(tmp_path)
    events = store.train(iris())
    started = next(events)
    with pytest.raises(KeyboardInterrupt):
        events.throw(KeyboardInterrupt())
    run = store.run(started.run)
    assert run.state == "interrupted"
    assert run.weights is not None


def test_commands_are_forwarded(tmp_path: Path) -> None:
    store = Store(tmp_path)
    events = store.train(iris(epochs=1000))
    while not isinstance(next(events), Stepped):
        pass
    ended = [events.send(Stop()), *events][-1]
    assert (ended.state, ended.steps) == ("stopped", 1)
    assert store.run(ended.run).state == "stopped"


def test_a_finished_run_goes_on_with_more_epochs(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = trained(store, iris(epochs=1))
    more = trained(store, iris(epochs=1), resume=first.id, epochs=2)
    assert (more.id, more.epochs, more.settings["epochs"]) == (first.id, 2, 2)
    assert [epoch.epoch for epoch in more.curves.epochs] == [1, 2]


def test_a_changed_graph_cannot_take_over_a_run(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run = trained(store, iris(epochs=1))
    changed = iris()
    hidden = changed.graph.named("hidden1")
    History(changed).do(edit.set_params(changed.graph, hidden.id, {"out_features": 3}))
    with pytest.raises(RunError, match="graph has changed"):
        next(store.train(changed, resume=run.id))
    assert store.run(run.id).state == "finished"
    assert store.latest(changed) is None


def test_latest_does_not_care_where_nodes_stand(tmp_path: Path) -> None:
    store = Store(tmp_path)
    trained(store, iris(epochs=1))
    second = trained(store, iris(epochs=1))
    assert store.latest(Document(iris().graph)).id == second.id
    assert store.latest(Document()) is None


def test_what_cannot_begin_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(TrainingError, match="no device"):
        next(store.train(iris(), device="abacus"))
    with pytest.raises(DocumentError, match="abacus"):
        next(store.train(iris(device="abacus")))
    assert store.runs() == []
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_a_resume_that_cannot_begin_leaves_the_run_as_it_was(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run = trained(store, iris(epochs=1))
    (run.folder / "state.safetensors").write_bytes(b"garbage")
    with pytest.raises(TrainingError, match=r"state\.safetensors"):
        next(store.train(iris(), resume=run.id))
    assert store.run(run.id).state == "finished"


def test_a_run_in_progress_is_protected(tmp_path: Path) -> None:
    store = Store(tmp_path)
    events = store.train(iris())
    key = next(events).run
    for refused in (lambda: store.delete([key]), lambda: next(Store(tmp_path).train(iris(), resume=key))):
        with pytest.raises(RunError, match="still going on"):
            refused()
    assert [run.state for run in Store(tmp_path).runs()] == ["running"]
    events.close()
    assert not lock.is_held(tmp_path / key)


def test_what_is_refused_does_not_change_the_settings_of_a_run(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run = trained(store, iris(epochs=1))
    with pytest.raises(TrainingError, match="no device"):
        next(store.train(iris(), resume=run.id, device="abacus", epochs=9))
    assert store.run(run.id).settings == run.settings
    events = store.train(iris(epochs=1000))
    busy = store.run(next(events).run)
    with pytest.raises(RunError, match="still going on"):
        next(store.train(iris(), resume=busy.id, seed=5))
    assert store.run(busy.id).settings == busy.settings
    events.close()


def test_a_run_goes_on_with_its_own_settings_whatever_the_document_says_now(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run = trained(store, iris(epochs=1, batch_size=16))
    again = list(store.train(iris(epochs=1, batch_size=60), resume=run.id, epochs=2))
    assert next(event for event in again if isinstance(event, RunStarted)).steps_per_epoch == run.steps
    assert store.run(run.id).settings == {**run.settings, "epochs": 2}


def test_asking_often_whether_a_run_lives_keeps_nobody_from_going_on(tmp_path: Path) -> None:
    done = threading.Event()

    def ask() -> None:
        while not done.wait(0.002):
            lock.is_held(tmp_path)

    with ThreadPoolExecutor(2) as pool:
        for _ in range(2):
            pool.submit(ask)
        try:
            for _ in range(50):
                handle = lock.hold(tmp_path)
                assert handle is not None
                assert lock.is_held(tmp_path)
                lock.release(handle)
        finally:
            done.set()
    assert not lock.is_held(tmp_path)


def test_two_trainings_at_once_write_into_one_store(tmp_path: Path) -> None:
    store = Store(tmp_path)
    one, two = store.train(iris(), seed=1), Store(tmp_path).train(iris(), seed=2)
    pairs = list(itertools.zip_longest(one, two))  # losses are read by the clock, so one may say more than the other
    ended = [[event.run for event in side if isinstance(event, RunEnded)] for side in zip(*pairs, strict=True)]
    runs = store.runs()
    assert [[run.id] for run in runs] == ended
    assert [(run.state, run.epochs, run.settings["seed"]) for run in runs] == [("finished", 3, 1), ("finished", 3, 2)]
    for run in runs:
        assert len(store.run(run.id).curves.steps["loss"].y) == run.steps


def test_a_run_is_found_by_what_is_unmistakable(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = trained(store, iris(epochs=1), name="one")
    second = trained(store, iris(epochs=1), name="two")
    assert store.run("latest").id == second.id
    assert store.run(first.id[-3:]).id == first.id
    assert store.run(second.id[:-3]).id == second.id
    with pytest.raises(UnknownRunError, match="could be any of 2 runs"):
        store.run(first.id[:6])
    for wrong in ("nothing", "", "%", "'; DROP TABLE runs; --"):
        with pytest.raises(UnknownRunError, match="There is no run"):
            store.run(wrong)


def test_rename_and_delete(tmp_path: Path) -> None:
    store = Store(tmp_path)
    run = trained(store, iris(epochs=1))
    store.rename(run.id, "  better  ")
    assert store.run(run.id).name == "better"
    assert store.delete([run.id]) == [run.id]
    assert store.runs() == []
    store.restore([run.id])
    assert store.run(run.id).name == "better"
    store.delete(["latest"])
    store.purge([run.id])
    store.restore([run.id])
    assert store.runs() == []
    assert not run.folder.exists()


def test_a_damaged_database_is_set_aside_and_runs_are_found_again(tmp_path: Path) -> None:
    kept = trained(Store(tmp_path), iris(epochs=1), name="kept")
    (tmp_path / FILE).write_bytes(b"this is no database" * 100)
    for end in ("-wal", "-shm"):
        (tmp_path / f"{FILE}{end}").unlink(missing_ok=True)
    store = Store(tmp_path)
    found = store.runs()
    assert [(run.id, run.name, run.state) for run in found] == [(kept.id, "kept", "interrupted")]
    assert found[0].started[:19] == kept.started[:19]
    assert found[0].about == kept.about
    assert store.latest(iris()).weights == kept.weights
    assert "was damaged" in store.warning
    assert "1 run was found again" in store.warning
    assert "0 runs were read" in store.warning
    (aside,) = tmp_path.glob("runs.damaged-*.sqlite")
    assert aside.read_bytes().startswith(b"this is no database")
    assert Store(tmp_path).runs()[0].id == kept.id


def test_a_store_of_a_newer_version_is_refused_by_name(tmp_path: Path) -> None:
    connection = connect(tmp_path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(RunError, match="format 99"):
        Store(tmp_path).runs()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(RunError, match=r"taken.*--out"):
        Store(tmp_path / "taken").runs()


def test_several_threads_begin_with_an_empty_folder(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: Store(tmp_path).runs(), range(8)))
    assert found == [[]] * 8


def test_details_are_json(tmp_path: Path) -> None:
    run = trained(Store(tmp_path), iris(epochs=1))
    found = json.loads(json.dumps(run.details()))
    assert found["best"]["epoch"] == 1
    assert found["files"] == [str(path) for path in run.files]


def test_a_hostile_database_is_refused_and_leads_out_of_no_store(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    key = trained(store, iris(epochs=1)).id
    with contextlib.closing(connect(store.folder)) as connection, connection:
        connection.execute("UPDATE runs SET id = '../..'")
    assert store.runs()[0].folder.parent == store.folder
    with contextlib.closing(connect(store.folder)) as connection, connection:
        connection.execute("UPDATE runs SET id = ?, losses = '{half'", (key,))
    with pytest.raises(RunError, match="cannot be used"):
        store.runs()


def test_a_run_that_was_killed_while_it_was_changed_goes_on_with_what_its_state_holds(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = iris(epochs=2)
    told = store.train(first)
    run = next(event.run for event in told if isinstance(event, RunStarted))
    for event in told:
        if isinstance(event, Stepped) and event.step == 3:
            break
    told.close()
    other = Document(first.graph, first.training, first.positions)
    graph = file.loads(file.dumps(other))
    node = next(node for node in graph.graph.nodes.values() if node.kind == "Linear")
    graph.apply(edit.set_params(graph.graph, node.id, {**node.params, "out_features": 99}))
    with contextlib.closing(connect(tmp_path)) as connection, connection:
        connection.execute("UPDATE documents SET text = ?", (file.dumps(graph).decode(),))
        connection.execute("UPDATE runs SET fingerprint = 'another'")
    rest = list(store.train(first, resume=run))
    assert rest[-1].state == "finished"
    assert file.dumps(Document(store.run(run).document.graph)) == file.dumps(Document(first.graph))
