"""A real pseudo-terminal around the command line, and a small screen that understands what rich writes to it."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ESCAPE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])")
COLOURED = re.compile(r"\x1b\[[0-9;]*(3[0-7]|9[0-7]|38)[0-9;]*m")


def run(
    arguments: Sequence[object],
    columns: int,
    variables: Mapping[str, str] | None = None,
    heard: Callable[[str, int], None] | None = None,
) -> tuple[int, str]:
    """Run netloom in a terminal of so many columns; its exit code, and all that it wrote.

    `heard` is told what was written so far, and the process.
    """
    import pty

    end, inside = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": "30", **(variables or {})}
    command = [sys.executable, "-m", "netloom", *map(str, arguments)]
    with subprocess.Popen(
        command, stdin=inside, stdout=inside, stderr=inside, env=environment, start_new_session=True
    ) as process:
        os.close(inside)
        written = b""
        while piece := _piece(end):
            written += piece
            if heard is not None:
                heard(written.decode(errors="replace"), process.pid)
    os.close(end)
    return process.returncode, written.decode()


def _piece(end: int) -> bytes:
    try:
        return os.read(end, 65_536)
    except OSError:  # what Linux says where the other side has gone
        return b""


def screens(text: str) -> list[list[str]]:
    """The lines that stood on the screen, each time before some were wiped away, and at the end."""
    lines, row, found = [""], 0, []
    place = 0
    for match in (*ESCAPE.finditer(text), None):
        for sign in text[place : match.start() if match else None]:
            if sign == "\n":
                row += 1
                lines += [""] * (row + 1 - len(lines))
            elif sign != "\r":
                lines[row] += sign
        if match is None:
            break
        place = match.end()
        if match[2] == "A":
            row -= int(match[1] or 1)
        elif match[2] == "K":
            found.append(list(lines))
            lines[row] = ""
    return [*found, lines]


def loom(folder: Path, template: str = "iris-mlp") -> Path:
    """A document in a folder."""
    from netloom import save
    from netloom.templates import document

    path = folder / f"{template}.loom"
    save(document(template), path)
    return path
