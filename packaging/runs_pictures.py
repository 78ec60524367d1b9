"""The pictures of the Runs page: several runs, one of them looked at, a comparison, the queue, an empty store."""

import msgspec
from pictures import document, keep, wait, wait_until

from netloom.graph import Document, edit
from netloom.runs import Store
from netloom.ui.main_window import MainWindow

TRAININGS = (("baseline", {}, 0), ("wider", {"conv1": {"out_channels": 32}}, 0), ("seed 7", {}, 7))


def take_empty(window: MainWindow) -> None:
    """To be taken before anything is trained."""
    window.show_page("Runs")
    wait(1000)
    keep(window, "runs-empty")
    window.set_theme("light")
    keep(window, "runs-empty-light")
    window.set_theme("dark")


def take_runs(window: MainWindow) -> None:
    window.show_page("Runs")
    for name, params, seed in TRAININGS:
        _train(window, name, _digits(params, seed))
    _train(window, "moons", document("moons-mlp", 30))
    _train(window, "too fast", _digits({"optimizer": {"lr": 0.3}}, 0))
    _note(window)
    panel = window.views.runs
    panel.table.setFocus()
    _select(window, "baseline")
    panel.details.show_page("Details")
    keep(window, "run-details")
    panel.details.show_page("Curves")
    _select(window, "baseline", "wider", "too fast")
    wait_until(lambda: window.views.compared is not None and len(window.views.compared.drawn) == 3)
    keep(window, "runs-compared")
    window.set_theme("light")
    keep(window, "runs-compared-light")
    window.set_theme("dark")
    panel.compare()
    keep(window, "runs-differences")
    panel.details.show_page("Curves")


def take_queue(window: MainWindow) -> None:
    window.editor.new(document("digits-cnn", 400), "digits")
    window.runs.train()
    wait_until(lambda: window.controller.phase == "running")
    for seed in (1, 2):
        training = msgspec.structs.replace(window.editor.document.training, seed=seed, epochs=40)
        window.editor.do(edit.set_training(window.editor.document, training))
        window.editor.session.name = f"digits, seed {seed}"
        window.runs.enqueue()
    wait(1500)
    panel = window.views.runs
    panel.table.select([window.runs.queue.waiting[1].key])
    keep(window, "queue")
    window.set_theme("light")
    keep(window, "queue-light")
    window.set_theme("dark")
    window.runs.queue.clear()
    window.runs.stop()
    wait_until(lambda: not window.controller.is_active)


def _digits(params: dict[str, dict[str, object]], seed: int) -> Document:
    made = document("digits-cnn", 12)
    for name, values in params.items():
        node = made.graph.named(name)
        if node is not None:
            made.apply(edit.set_params(made.graph, node.id, values))
    made.apply(edit.set_training(made, msgspec.structs.replace(made.training, seed=seed)))
    return made


def _train(window: MainWindow, name: str, made: Document) -> None:
    window.editor.new(made, name)
    window.runs.train()
    wait_until(lambda: window.controller.phase == "ended")
    window.editor.history.mark_saved()


def _note(window: MainWindow) -> None:
    store = Store()
    ids = {run.name: run.id for run in store.runs()}
    store.change([ids["baseline"]], pinned=True, tags=["baseline", "paper"])
    store.change([ids["wider"]], tags=["paper"], notes="Twice the filters: is it worth the time?")
    window.desk.refresh()
    wait(800)


def _select(window: MainWindow, *names: str) -> None:
    panel = window.views.runs
    panel.table.select([line.id for line in panel.model.rows if line.name in names])
    wait(600)


TAKES = (take_runs, take_queue)
