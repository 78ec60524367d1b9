"""The command `netloom`: its parts, and how every error becomes one line and an exit code."""

import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from netloom.cli import documents, exporting, history, keeping, training, trusting, window
from netloom.cli.output import WrongUsageError, complain, show_json
from netloom.errors import NetloomError
from netloom.runs import UnknownRunError, home

FAILED, USAGE, INTERRUPTED = 1, 2, 130
# Typer brings its own copy of click, whose base exception has no public name.
CommandError: Any = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")


class Group(TyperGroup):
    """Commands by name; anything else is a file for the window."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `window` in front of what begins with no command."""
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "--version")):
            if args and not args[0].startswith("-") and not Path(args[0]).is_file():
                raise WrongUsageError(self._unknown(args[0]))
            args = ["window", *args]
        return super().parse_args(ctx, args)

    def _unknown(self, word: str) -> str:
        alike = get_close_matches(word, self.commands, 1)
        advice = f"Did you mean {alike[0]}?" if alike else "See netloom --help."
        return f"there is no file and no command {word!r}. {advice}"


app = typer.Typer(
    cls=Group,
    add_completion=False,
    no_args_is_help=False,
    help="Draw a neural network, watch it learn, take it away as plain PyTorch. `netloom [FILE]` opens the window.",
)
app.command("templates")(documents.templates)
app.command("new")(documents.new)
app.command("check")(documents.check)
app.command("code")(documents.code)
app.command("train")(training.train)
app.command("export")(exporting.export)
app.command("trust")(trusting.trust)
keeping.add_to(history.app)
app.add_typer(history.app, name="runs")
app.command("window", hidden=True)(window.window)


def _show_version(wanted: bool) -> None:
    if wanted:
        from netloom import __version__

        typer.echo(f"netloom {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", help="Print the version.", callback=_show_version, is_eager=True),
) -> None:
    del version


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code: 0 done, 1 errors or a failed training, 2 wrong usage, 130 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _open_closed_streams()
    try:
        return int(app(args=given, prog_name="netloom", standalone_mode=False) or 0)
    except CommandError as error:
        return _ended(given, error.format_message(), error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except (WrongUsageError, UnknownRunError) as error:
        return _ended(given, str(error), USAGE)
    except NetloomError as error:
        return _ended(given, str(error), FAILED, error.node)
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except OSError as error:
        return _ended([], f"{error.filename or 'the output'} cannot be used: {error.strerror or error}.", FAILED)
    except Exception as error:  # noqa: BLE001  (the last line of defence: a person never sees a traceback)
        return _ended(given, _reported(error), FAILED)


def _open_closed_streams() -> None:
    """Whoever started us may have closed standard output or error; what goes there is then lost, as asked."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open to the end


def _ended(arguments: Sequence[str], message: str, code: int, node: str | None = None) -> int:
    if "--json" in arguments:
        show_json({"error": message} | ({"node": node} if node else {}))
    if message:
        complain(message)
    return code


def _reported(error: Exception) -> str:
    """Keep the traceback of an unexpected error in a file, and say where."""
    text = "".join(traceback.format_exception(error))
    path = home.log_folder() / f"error-{datetime.now(UTC):%Y%m%d-%H%M%S}.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError:
        return f"unexpected error: {type(error).__name__}: {error}"
    return f"unexpected error: {type(error).__name__}: {error} (details: {path})"
