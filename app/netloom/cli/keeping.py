"""`netloom runs`: names, tags and notes of runs; what goes, what comes back, what is taken elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from netloom.cli.documents import Json
from netloom.cli.history import Key, Out, warn
from netloom.cli.output import WrongUsageError, say, show_json
from netloom.runs import Store

Keys = Annotated[list[str], typer.Argument(metavar="RUN…", help="Ids of runs, their beginnings or ends.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module to `netloom runs`."""
    for command in (name, tag, note, delete, restore, export, check):
        app.command()(command)


def name(key: Key, text: Annotated[str, typer.Argument(metavar="NAME")], out: Out = None, as_json: Json = False) -> int:
    """Give a run another name; its id stays."""
    store = Store(out)
    store.rename(key, text)
    return _tell(store, key, as_json=as_json)


def tag(
    key: Key,
    tags: Annotated[list[str], typer.Argument(metavar="TAG…", help="Words to find the run by.")],
    remove: Annotated[bool, typer.Option("--remove", help="Take these tags away instead.")] = False,
    out: Out = None,
    as_json: Json = False,
) -> int:
    """Add tags to a run, or take them away."""
    store = Store(out)
    had = store.run(key).tags
    store.change([key], tags=[each for each in had if each not in tags] if remove else [*had, *tags])
    return _tell(store, key, as_json=as_json)


def note(
    key: Key,
    text: Annotated[str, typer.Argument(metavar="TEXT", help='The new notes; "" takes them away.')],
    out: Out = None,
    as_json: Json = False,
) -> int:
    """Write notes to a run, in the place of those before."""
    store = Store(out)
    store.change([key], notes=text)
    return _tell(store, key, as_json=as_json)


def _tell(store: Store, key: str, *, as_json: bool) -> int:
    run = store.run(key)
    warn(store)
    if as_json:
        show_json(run.summary())
    else:
        say(run.id, "  ", run.name, quiet="  ".join(("", *run.tags)))
    return 0


def delete(
    keys: Keys,
    now: Annotated[bool, typer.Option("--now", help="For good, with their files, at once.")] = False,
    out: Out = None,
    as_json: Json = False,
) -> int:
    """Delete runs. For a day `netloom runs restore` brings them back."""
    store = Store(out)
    gone = store.delete(keys)
    store.purge(gone if now else ())
    warn(store)
    if as_json:
        show_json({"deleted": gone})
    else:
        words = "" if now else f"  For a day this brings it back: netloom runs restore {' '.join(gone)}"
        say(f"{_counted(len(gone))} deleted.", quiet=words)
    return 0


def restore(keys: Keys, out: Out = None, as_json: Json = False) -> int:
    """Bring deleted runs back, by their whole ids."""
    store = Store(out)
    back = store.restore(keys)
    warn(store)
    if as_json:
        show_json({"restored": back})
    else:
        say(f"{_counted(len(back))} brought back.")
    return 0


def export(
    keys: Keys,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE.csv", dir_okay=False, help="A table of every step and epoch.")
    ] = None,
    tensorboard: Annotated[
        Path | None, typer.Option("--tensorboard", metavar="DIR", file_okay=False, help="Event files for TensorBoard.")
    ] = None,
    out: Out = None,
    as_json: Json = False,
) -> int:
    """Write the curves of runs for other programs."""
    from netloom.runs.download import write_csv
    from netloom.runs.tensorboard import write_events

    if csv is None and tensorboard is None:
        raise WrongUsageError("say what to write: --csv FILE.csv or --tensorboard DIR.")
    store = Store(out)
    runs = [store.run(key) for key in keys]
    warn(store)
    files = [write_events(run, tensorboard) for run in runs] if tensorboard else []
    if csv is not None:
        write_csv(runs, csv)
        files.append(csv)
    if as_json:
        show_json({"files": [str(file) for file in files]})
    else:
        for file in files:
            say(str(file))
    return 0


def check(out: Out = None, as_json: Json = False) -> int:
    """Read all of the store, set it aside if it is damaged, and find runs that it has lost."""
    store = Store(out)
    found = store.check()
    if as_json:
        show_json({"found": found})
    else:
        say(found or f"Nothing is wrong with {store.folder}.")
    return 1 if found else 0


def _counted(number: int) -> str:
    return "1 run" if number == 1 else f"{number} runs"
