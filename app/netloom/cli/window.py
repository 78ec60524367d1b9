"""`netloom [FILE]`: the window."""

import gc
from pathlib import Path
from typing import Annotated

import typer

from netloom.cli.launch import window_problem
from netloom.cli.output import complain


def window(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE.loom]", exists=True, dir_okay=False)] = None,
    train: Annotated[bool, typer.Option("--train", help="Start training at once.")] = False,
    template: Annotated[str | None, typer.Option(help="Open a template of the gallery.")] = None,
) -> int:
    """Open the window."""
    problem = window_problem()
    if problem is not None:
        complain(f"no window: {problem}. Or train in the terminal: netloom train FILE.loom")
        return 1
    gc.disable()  # loading makes no garbage; the window collects once torch is there
    from netloom.ui.app import main

    return main(None if file is None else str(file), start=train, template=template)
