"""train, export and runs, from a document to files."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

import netloom
from netloom.runs import Store

SUMMARY = {"run", "epochs", "steps", "seconds", "losses", "metrics", "files"}
LISTED = {"run", "name", "state", "started", "epochs", "losses", "metrics"}


def test_train_json_is_the_contract(run, iris: Path) -> None:
    done = run("train", iris, "--epochs", 2, "--seed", 3, "--device", "cpu", "--json")
    assert done.code == 0
    assert done.err == ""
    found = done.json
    assert set(found) == SUMMARY
    assert (found["epochs"], found["steps"]) == (2, 2 * 120 // 8)
    assert set(found["losses"]) == {"loss"}
    assert set(found["metrics"]) == {"train", "val"}
    assert 0 <= found["metrics"]["val"]["accuracy"] <= 1
    assert all(Path(path).is_file() for path in found["files"])
    assert {Path(path).name for path in found["files"]} >= {"best.safetensors", "last.safetensors"}
    record = Store().run(found["run"])
    assert (record.name, record.settings["seed"]) == ("iris", 3)


def test_the_same_seed_gives_the_same_run(run, iris: Path) -> None:
    first, second, other = (run("train", iris, "--epochs", 2, "--seed", seed, "--json").json for seed in (1, 1, 2))
    assert first["losses"] == second["losses"] != other["losses"]


def test_train_shows_epochs_and_where_the_files_are(run, iris: Path) -> None:
    done = run("train", iris, "--epochs", 2)
    assert done.code == 0
    assert "epoch 2/2" in done.err
    assert "finished after 2 epochs" in done.out
    assert "best.safetensors" in done.out
    assert "netloom export" in done.out


def test_out_is_the_folder_of_the_store(run, iris: Path, tmp_path: Path, netloom_home: Path) -> None:
    found = run("train", iris, "--epochs", 1, "--out", "store", "--json").json
    assert all(Path(path).is_relative_to(tmp_path / "store") for path in found["files"])
    assert not netloom_home.exists()
    assert [item["run"] for item in run("runs", "list", "--out", "store", "--json").json["runs"]] == [found["run"]]
    assert run("export", iris, "--out", "store", "-o", "iris.safetensors").code == 0
    assert "untrained" not in run("export", iris, "--out", "store", "-o", "iris.safetensors").err


def test_resume_goes_on_with_the_same_run(run, iris: Path) -> None:
    first = run("train", iris, "--epochs", 2, "--seed", 0, "--json").json
    again = run("train", iris, "--epochs", 4, "--resume", first["run"], "--json").json
    assert (again["run"], again["epochs"], again["steps"]) == (first["run"], 4, 2 * first["steps"])
    whole = run("train", iris, "--epochs", 4, "--seed", 0, "--json").json
    assert again["losses"] == whole["losses"]


def test_a_device_that_is_not_here_is_refused(run, iris: Path) -> None:
    refused = run("train", iris, "--device", "abacus", "--json")
    assert refused.code == 1
    assert "abacus" in refused.json["error"]
    assert run("runs", "list", "--json").json == {"runs": []}


def test_a_failed_training_is_told_with_its_node(run, tmp_path: Path) -> None:
    from netloom.graph import History, edit
    from netloom.templates import document

    wild = document("diabetes-regression")
    node = next(node for node in wild.graph.nodes.values() if node.kind in ("Adam", "AdamW", "SGD"))
    History(wild).do(edit.set_params(wild.graph, node.id, {"lr": 1e30}))
    netloom.save(wild, tmp_path / "wild.loom")
    failed = run("train", "wild.loom", "--json")
    assert failed.code == 1
    assert set(failed.json) == SUMMARY | {"error", "node", "remedies"}
    assert failed.err.startswith("netloom: the training failed")
    assert run("runs", "list", "--json").json["runs"][0]["state"] == "failed"


def test_runs_list_json_is_the_contract(run, iris: Path) -> None:
    ids = [run("train", iris, "--epochs", 1, "--seed", seed, "--json").json["run"] for seed in (0, 1)]
    runs = run("runs", "list", "--json").json["runs"]
    assert [item["run"] for item in runs] == ids
    assert all(set(item) >= LISTED for item in runs)
    assert all(datetime.fromisoformat(item["started"]).utcoffset().total_seconds() == 0 for item in runs)
    shown = run("runs", "list").out
    assert all(key in shown for key in ids)


def test_an_empty_store_says_so(run) -> None:
    assert "No runs yet" in run("runs", "list").out
    assert run("runs", "list", "--json").json == {"runs": []}


def test_runs_show_and_compare(run, iris: Path) -> None:
    ids = [run("train", iris, "--epochs", 2, "--seed", seed, "--json").json["run"] for seed in (0, 1)]
    found = run("runs", "show", ids[0], "--json").json
    assert set(found) > LISTED | {"settings", "files", "history"}
    assert [epoch["epoch"] for epoch in found["history"]] == [1, 2]
    shown = run("runs", "show", "latest").out
    assert ids[1] in shown
    assert "val accuracy" in shown
    compared = run("runs", "compare", *ids, "--json").json
    assert [item["run"] for item in compared["runs"]] == ids
    assert compared["differences"] == {"seed": dict(zip(ids, (0, 1), strict=True))}
    assert "seed" in run("runs", "compare", *ids).out


def test_a_damaged_store_is_told_and_used_on(run, iris: Path) -> None:
    run("train", iris, "--epochs", 1, "--out", "store")
    Path("store/runs.sqlite").write_bytes(b"no database at all" * 200)
    listed = run("runs", "list", "--out", "store", "--json")
    assert len(listed.json["runs"]) == 1
    assert "damaged" in listed.err


def test_export_takes_the_latest_run_of_the_document(run, iris: Path) -> None:
    import torch

    trained = run("train", iris, "--epochs", 1, "--json").json
    done = run("export", iris, "-o", "iris.safetensors", "--json")
    assert done.code == 0
    assert done.json["largest_difference"] == 0
    assert done.json["samples"] == 30
    found = netloom.exchange.read_weights("iris.safetensors")
    wanted = netloom.exchange.read_weights(Store().run(trained["run"]).weights)
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


def test_export_onnx_agrees(run, iris: Path) -> None:
    import onnxruntime
    import torch

    run("train", iris, "--epochs", 1)
    done = run("export", iris, "-o", "iris.onnx", "--json")
    assert done.code == 0
    assert done.json["largest_difference"] <= 1e-4
    assert done.err == ""
    model = netloom.build(netloom.load(iris))
    model.load_state_dict(netloom.exchange.read_weights(Store().run("latest").weights))
    points = torch.randn(9, 4)
    (given,) = onnxruntime.InferenceSession("iris.onnx").run(None, {"features": points.numpy()})
    assert np.abs(given - model.eval()(points).detach().numpy()).max() < 1e-4


def test_export_says_that_nothing_was_trained(run, iris: Path) -> None:
    done = run("export", iris, "-o", "iris.py")
    assert done.code == 0
    assert "untrained" in done.err
    assert "iris.safetensors" in done.out


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way there")
def test_an_interrupted_training_is_told_as_json(run, iris: Path) -> None:
    def interrupt() -> None:
        while not any(record.steps for record in Store().runs()):
            time.sleep(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    ended = run("train", iris, "--epochs", 100_000, "--json")
    thread.join()
    assert (ended.code, ended.err) == (130, "")
    assert set(ended.json) == SUMMARY
    assert 0 < ended.json["epochs"] < 100_000
    assert {Path(path).name for path in ended.json["files"]} >= {"last.safetensors", "state.safetensors"}
    assert run("runs", "list", "--json").json["runs"][0]["state"] == "interrupted"


@pytest.mark.parametrize("ending", ["py", "pt2", "safetensors"])
def test_export_json_names_the_file_first(run, iris: Path, ending: str) -> None:
    key = run("train", iris, "--epochs", 1, "--json").json["run"]
    done = run("export", iris, "--run", key, "-o", f"model.{ending}", "--json")
    assert (done.code, done.err) == (0, "")
    assert set(done.json) == {"path", "files", "largest_difference", "samples", "message"}
    assert done.json["files"][0] == done.json["path"] == str(Path(f"model.{ending}").absolute())
    assert all(Path(path).is_file() for path in done.json["files"])
    assert len(done.json["files"]) == (2 if ending == "py" else 1)
    assert done.json["largest_difference"] < 1e-5


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_run_that_is_ended_from_outside_goes_on_exactly(run, iris: Path, number: signal.Signals, code: int) -> None:
    command = [sys.executable, "-m", "netloom", "train", str(iris), "--epochs", "100000", "--seed", "0"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        while not process.stderr.readline().startswith("epoch 50/"):
            pass
        process.send_signal(number)
        process.communicate()
    assert process.returncode == code
    record = Store().run("latest")
    assert record.state == "interrupted"
    epochs = 130
    again = run("train", iris, "--epochs", epochs, "--resume", record.id, "--json")
    assert again.code == 0
    whole = run("train", iris, "--epochs", epochs, "--seed", 0, "--json")
    assert again.json["losses"] == whole.json["losses"]
    resumed, straight = Store().run(record.id), Store().run("latest")
    assert np.array_equal(resumed.curves.steps["loss"].y, straight.curves.steps["loss"].y)


def test_a_run_without_memory_says_how_it_can_go_on(run, iris: Path, monkeypatch) -> None:
    from netloom.training import engine

    step = engine.Engine.step

    def bounded(self: engine.Engine, batch: tuple) -> None:
        if len(batch[0]) > 5:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
        step(self, batch)

    monkeypatch.setattr(engine.Engine, "step", bounded)
    done = run("train", iris, "--epochs", 1)
    assert done.code == 1
    (line,) = [line for line in done.out.splitlines() if "accumulate=2" in line]
    words = line.partition("netloom ")[2].partition("   (")[0].split()
    assert run(*words).code == 0
