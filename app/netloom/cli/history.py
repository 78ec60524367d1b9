"""`netloom runs`: what was trained before."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from netloom.cli.documents import Json
from netloom.cli.output import WrongUsageError, complain, console, duration, say, score, show_json, table
from netloom.runs import RunLine, RunRecord, Store
from netloom.runs import compare as compared
from netloom.training.events import EpochEnded, Scores

app = typer.Typer(help="Show what was trained before.", no_args_is_help=True)
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", file_okay=False, help="The folder of the run store.")]
Key = Annotated[str, typer.Argument(metavar="RUN", help='A run\'s id, its beginning or end, or "latest".')]


@app.command("list")
def list_runs(out: Out = None, as_json: Json = False) -> int:
    """List all runs, oldest first."""
    store = Store(out)
    runs = store.runs()
    _warn(store)
    if as_json:
        show_json({"runs": [run.summary() for run in runs]})
    elif runs:
        numbers = ("epochs", "loss", "validation")
        console().print(table(("run", "name", "state", "started", *numbers), map(_row, runs), numbers))
    else:
        say(f"No runs yet in {store.folder}.")
    return 0


@app.command()
def show(key: Key, out: Out = None, as_json: Json = False) -> int:
    """Show one run with its epochs."""
    store = Store(out)
    run = store.run(key)
    _warn(store)
    if as_json:
        show_json(run.details() | {"history": [_epoch(epoch) for epoch in run.curves.epochs]})
    else:
        _show(run)
    return 0


@app.command()
def compare(
    keys: Annotated[list[str], typer.Argument(metavar="RUN RUN…", help="Two runs or more.")],
    out: Out = None,
    as_json: Json = False,
) -> int:
    """Show runs side by side, with the settings that differ."""
    if len(keys) < 2:
        raise WrongUsageError("a comparison needs two runs or more.")
    store = Store(out)
    found = compared([store.run(key) for key in keys])
    _warn(store)
    if as_json:
        show_json(found.summary())
        return 0
    screen = console()
    names = tuple(run.id for run in found.runs)
    screen.print(table(("", *names), [*_results(found.runs), *_differences(found.differences)], names))
    return 0


def _warn(store: Store) -> None:
    if store.warning:
        complain(store.warning)


def _row(run: RunLine) -> tuple[str, ...]:
    started = run.started[:16].replace("T", " ")
    return (run.id, run.name, run.state, started, str(run.epochs), _scores(run.losses), _scores(run.measured))


def _scores(scores: Scores) -> str:
    several = len(scores) > 1
    return ", ".join(f"{name} {score(value)}" if several else score(value) for name, value in scores.items())


def _epoch(epoch: EpochEnded) -> dict[str, object]:
    own = {"epoch": epoch.epoch, "step": epoch.step, "best": epoch.best}
    return {**own, "losses": dict(epoch.losses), "metrics": dict(epoch.metrics)}


def _show(run: RunRecord) -> None:
    screen = console()
    settings = "  ".join(f"{name} {value}" for name, value in run.settings.items())
    facts = [
        ("run", run.id),
        ("name", run.name),
        ("state", f"{run.state}  {run.message}".rstrip()),
        ("started", run.started),
        ("took", f"{run.epochs} epochs, {run.steps} steps, {duration(run.seconds)} on {run.device or 'no device yet'}"),
        ("settings", settings),
        *(("file", str(path)) for path in run.files),
    ]
    screen.print(table(("", ""), facts))
    if run.curves.epochs:
        columns = _columns(run.curves.epochs[-1])
        rows = [_cells(epoch, columns) for epoch in run.curves.epochs]
        screen.print(table(("epoch", *columns, ""), rows, ("epoch", *columns)))


def _columns(epoch: EpochEnded) -> tuple[str, ...]:
    return tuple(_flat(epoch))


def _flat(epoch: EpochEnded) -> dict[str, float]:
    tables = (epoch.losses, epoch.metrics)
    return {
        f"{split} {name}": value
        for found in tables
        for split, scores in found.items()
        for name, value in scores.items()
    }


def _cells(epoch: EpochEnded, columns: tuple[str, ...]) -> tuple[str, ...]:
    found = _flat(epoch)
    return (str(epoch.epoch), *(score(found.get(name)) for name in columns), "best" if epoch.best else "")


def _results(runs: tuple[RunRecord, ...]) -> list[tuple[str, ...]]:
    rows = [
        ("name", *(run.name for run in runs)),
        ("state", *(run.state for run in runs)),
        ("epochs", *(str(run.epochs) for run in runs)),
        ("time", *(duration(run.seconds) for run in runs)),
    ]
    for title, found in (("loss", [run.losses for run in runs]), ("validation", [run.measured for run in runs])):
        names = dict.fromkeys(name for scores in found for name in scores)
        rows += [
            (name if name == title else f"{title} {name}", *(score(scores.get(name)) for scores in found))
            for name in names
        ]
    return rows


def _differences(differences: Mapping[str, tuple[object, ...]]) -> list[tuple[str, ...]]:
    return [(name, *("–" if value is None else str(value) for value in values)) for name, values in differences.items()]
