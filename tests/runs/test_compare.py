"""What is different between runs."""

import json
from pathlib import Path

from netloom.graph import History, edit
from netloom.runs import Store, compare
from netloom.templates import document


def test_only_what_differs_is_listed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    plain, wide = document("iris-mlp"), document("iris-mlp")
    hidden = wide.graph.named("hidden1")
    History(wide).do(edit.set_params(wide.graph, hidden.id, {"out_features": 5}))
    History(wide).do(edit.rename(wide.graph, wide.graph.named("relu2").id, "bend"))
    for what, seed in ((plain, 0), (wide, 3)):
        list(store.train(what, epochs=1, seed=seed))
    runs = [store.run(run.id) for run in store.runs()]
    found = compare(runs)
    assert found.differences == {
        "seed": (0, 3),
        "hidden1.out_features": (16, 5),
        "relu2": ("ReLU", None),
        "bend": (None, "ReLU"),
    }
    summary = json.loads(json.dumps(found.summary()))
    assert summary["differences"]["seed"] == {runs[0].id: 0, runs[1].id: 3}
    assert [run["run"] for run in summary["runs"]] == [run.id for run in runs]


def test_equal_runs_have_no_differences(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for _ in range(2):
        list(store.train(document("iris-mlp"), epochs=1))
    assert compare([store.run(run.id) for run in store.runs()]).differences == {}
