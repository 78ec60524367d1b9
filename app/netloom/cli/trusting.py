"""Which Python code of documents may run on this machine."""

from typing import Annotated

import typer

from netloom.cli import trusted
from netloom.cli.documents import File
from netloom.cli.output import say


def trust(
    file: File,
    yes: Annotated[bool, typer.Option("--yes", help="Trust it without being asked.")] = False,
) -> int:
    """Show the Python code that a document holds, and let it run from now on."""
    import netloom
    from netloom.compiler import trust as code

    trusted.begin()
    found = code.texts(netloom.load(file).graph)
    for text in found:
        say(text)
    if not found:
        say(f"{file} holds no code.")
        return 0
    if not yes:
        typer.confirm("Let this code run on this machine?", abort=True)
    code.extend(found)
    say("Trusted.")
    return 0
