"""`netloom train --set`: any setting of the training, and any parameter of a node."""

from pathlib import Path

import pytest

import netloom
from netloom.runs import Store


def test_settings_and_parameters_of_nodes_are_set_for_a_run(run, iris: Path) -> None:
    options = ("--set", "epochs=2", "--set", "patience = 5", "--set", "optimizer.lr=0.02", "--set", "autotune=false")
    done = run("train", iris, *options, "--json")
    assert done.code == 0
    record = Store().run(done.json["run"])
    assert (record.settings["epochs"], record.settings["patience"], record.settings["autotune"]) == (2, 5, False)
    assert record.document.graph.named("optimizer").params["lr"] == 0.02
    assert netloom.load(iris).graph.named("optimizer").params.get("lr") != 0.02


def test_an_option_of_its_own_goes_before(run, iris: Path) -> None:
    assert run("train", iris, "--set", "epochs=7", "--epochs", 1, "--json").json["epochs"] == 1


def test_a_node_is_frozen_and_gets_a_rate(run, iris: Path) -> None:
    done = run("train", iris, "--epochs", 1, "--set", "hidden1.frozen=true", "--set", "head.rate=0.5", "--json")
    graph = Store().run(done.json["run"]).document.graph
    assert graph.named("hidden1").frozen
    assert graph.named("head").rate == 0.5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("epochs", "--set takes key=value, such as epochs=5; received 'epochs'."),
        ("epoch=5", "--set knows no 'epoch'. Known are epochs, batch_size, seed, device,"),
        ("epochs=many", 'epochs takes a whole number, this is "many".'),
        ("epochs=0", "epochs expects a whole number from 1 to 1000000; received 0."),
        ("precision=half", "precision expects one of float32, auto, bfloat16, float16; received 'half'."),
        ("device=abacus", "device expects auto, cpu, cuda or mps; received 'abacus'."),
        ("adam.lr=1", "there is no node called 'adam'. There are"),
        ("optimizer.rl=1", "Optimizer has no parameter 'rl'. It has updates, lr,"),
        ("optimizer.lr=fast", 'lr takes a number, this is "fast".'),
        ("optimizer.lr=-1", "lr of optimizer expects a number"),
        ("head.rate=-1", "rate of head expects a number from 0 to 1000; received -1.0."),
        ("head.frozen=maybe", 'frozen takes true or false, this is "maybe".'),
    ],
)
def test_a_wrong_key_or_value_is_wrong_usage(run, iris: Path, text: str, words: str) -> None:
    refused = run("train", iris, "--set", text, "--json")
    assert refused.code == 2
    assert words in refused.json["error"]
    assert run("runs", "list", "--json").json == {"runs": []}


def test_a_run_that_goes_on_keeps_its_network(run, iris: Path) -> None:
    first = run("train", iris, "--epochs", 1, "--json").json
    refused = run("train", iris, "--resume", first["run"], "--set", "optimizer.lr=1")
    assert refused.code == 2
    assert "optimizer.lr cannot be set with --resume" in refused.err
    again = run("train", iris, "--resume", first["run"], "--set", "epochs=2", "--json")
    assert again.json["epochs"] == 2
