"""`netloom train`: a training in the terminal."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from netloom.cli import setting, trusted
from netloom.cli.documents import File, Json
from netloom.cli.output import WrongUsageError, complain, console, duration, say, score, show_json, table
from netloom.graph import Value
from netloom.runs import Store
from netloom.training.events import Command, Events, Remedy, RunEnded, Stop

EXIT_CODES = {"failed": 1, "interrupted": 130}


def train(
    file: File,
    epochs: Annotated[int | None, typer.Option(min=1, help="How often to go through the data.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda, mps.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="The seed of all random numbers.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", file_okay=False, help="The folder of the run store.")
    ] = None,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Go on with this run, exactly where it was.")
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Change a setting of the training, or a parameter of a node: patience=5, optimizer.lr=0.01.",
        ),
    ] = None,
    name: Annotated[str, typer.Option(help="What to call the run; else the file's name.")] = "",
    as_json: Json = False,
) -> int:
    """Train a document; Ctrl+C saves a checkpoint and ends."""
    import netloom

    trusted.begin()
    texts, in_nodes = setting.split(given or ())
    chosen = {**setting.settings_of(texts), **_said(device=device, epochs=epochs, seed=seed)}
    document = netloom.load(file)
    if resume and in_nodes:
        raise WrongUsageError(f"a run goes on with its own network, so {min(in_nodes)} cannot be set with --resume.")
    setting.set_in(document, in_nodes)
    store = Store(out)
    ended = _followed(store.train(document, name=name or file.stem, resume=resume, **chosen), as_json=as_json)
    if out is None:
        _measure_once()
    if store.warning:
        complain(store.warning)
    if as_json:
        show_json(_summary(ended))
    else:
        _show_end(ended, file)
    if ended.state == "failed":
        complain(f"the training failed: {ended.message}")
    return EXIT_CODES.get(ended.state, 0)


def _said(**options: Value) -> dict[str, Value]:
    return {name: value for name, value in options.items() if value is not None}


def _measure_once() -> None:
    """Find out how fast this machine trains, for the forecasts of `netloom check`."""
    from netloom.runs import speed
    from netloom.training.calibrate import measure

    if speed.remembered() is None:
        speed.remember(measure())


def _followed(events: Events, *, as_json: bool) -> RunEnded:
    """Drive the run to its end and show it meanwhile; the first Ctrl+C asks it to end after its step."""
    from netloom.cli.interrupt import Interrupt
    from netloom.cli.live import Bar, Display, Lines, Silent
    from netloom.training.progress import Progress

    screen = console(stderr=True)
    moves = screen.is_terminal and not screen.is_dumb_terminal
    display: Display = Silent() if as_json else Bar(screen) if moves else Lines(screen)
    run = Progress()
    with Interrupt() as interrupt, display:
        command: Command | None = None
        told = False
        while True:
            try:
                event = events.send(command)
            except StopIteration:
                break
            run.feed(event)
            display.show(event, run)
            command = Stop("interrupted") if interrupt.wanted and not told else None
            told = told or command is not None
    if run.ended is None:
        raise RuntimeError("The training ended without a word.")
    return run.ended


def _summary(ended: RunEnded) -> dict[str, Any]:
    found = {
        "run": ended.run,
        "epochs": ended.epochs,
        "steps": ended.steps,
        "seconds": ended.seconds,
        "losses": dict(ended.losses),
        "metrics": {split: dict(scores) for split, scores in ended.metrics.items()},
        "files": [str(path) for path in ended.files],
    }
    if ended.state == "failed":
        remedies = [{"text": remedy.text, "settings": dict(remedy.settings)} for remedy in ended.remedies]
        found |= {"error": ended.message, "node": ended.node, "remedies": remedies}
    return found


def _show_end(ended: RunEnded, file: Path) -> None:
    screen = console()
    screen.print(f"{ended.state} after {ended.epochs} epochs and {ended.steps} steps in {duration(ended.seconds)}")
    rows = [(name, "", score(value)) for name, value in ended.losses.items()]
    names = dict.fromkeys(name for scores in ended.metrics.values() for name in scores)
    for name in names:
        train_score, val_score = (ended.metrics.get(split, {}).get(name) for split in ("train", "val"))
        rows.append((name, score(train_score), score(val_score)))
    if rows:
        screen.print(table(("", "train", "validation"), rows, ("train", "validation")))
    for path in ended.files:
        say(str(path))
    for step in _next_steps(ended, file):
        say(quiet=step)
    sys.stdout.flush()


def _next_steps(ended: RunEnded, file: Path) -> list[str]:
    """What can be typed now."""
    again = f"go on: netloom train {file} --resume {ended.run}"
    if ended.state == "interrupted":
        return [again]
    if ended.remedies:
        return [f"{again} {_sets(remedy)}   ({remedy.text})" for remedy in ended.remedies]
    return [f"next: netloom export {file} --run {ended.run} -o {file.stem}.onnx"]


def _sets(remedy: Remedy) -> str:
    return " ".join(f"--set {name}={value}" for name, value in remedy.settings.items())
