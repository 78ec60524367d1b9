"""`netloom export`: a trained model as a file."""

from pathlib import Path
from typing import Annotated

import typer

from netloom.cli import trusted
from netloom.cli.documents import File, Json
from netloom.cli.output import WrongUsageError, complain, console, say, show_json
from netloom.runs import RunLine, Store

Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", file_okay=False, help="The folder of the run store.")]


def export(
    file: File,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help=".py, .onnx, .pt2 or .safetensors")],
    run: Annotated[
        str | None, typer.Option(metavar="RUN", help="Take the weights of this run, else the latest.")
    ] = None,
    out: Out = None,
    as_json: Json = False,
) -> int:
    """Write a trained model as a file, checked on held-out samples."""
    import netloom
    from netloom.exchange import FORMATS
    from netloom.exchange import export as write

    trusted.begin()
    if output.suffix.lower() not in FORMATS:
        raise WrongUsageError(f"{output.name}: Netloom writes {', '.join(FORMATS)}.")
    document = netloom.load(file)
    store = Store(out)
    record = store.run(run) if run else store.latest(document)
    if record is None:
        complain(f"no run of {file.name} has left weights, so they are untrained. Train it first: netloom train {file}")
    screen = console(stderr=True)
    with screen.status("Exporting", spinner="dots") as status:
        report = write(document, output, weights=_weights(record), progress=status.update)
    if as_json:
        show_json(report.summary())
    else:
        for path in report.files:
            say(str(path))
        say(quiet=report.message)
    return 0


def _weights(record: RunLine | None) -> Path | None:
    if record is not None and record.weights is None:
        raise WrongUsageError(f"run {record.id} has left no weights.")
    return record.weights if record else None
