"""What the torch release says about its own layers: summaries, parameters, defaults and help, from a generated file."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from netloom.graph.model import Value

PATH = Path(__file__).with_name("torch_table.json")


class Argument(msgspec.Struct, frozen=True, omit_defaults=True):
    """One argument of a target. A tuple's default is a list, a function's is its name."""

    name: str
    annotation: str = ""
    required: bool = False
    default: Value = None
    help: str = ""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of one target."""

    summary: str = ""
    arguments: tuple[Argument, ...] = ()


class Table(msgspec.Struct, frozen=True):
    """The whole file: the releases that it was made from, and the targets by dotted name."""

    releases: dict[str, str]
    targets: dict[str, Entry]


@cache
def table() -> Table:
    """The table, read once."""
    return msgspec.json.decode(PATH.read_bytes(), type=Table)


def entries() -> Mapping[str, Entry]:
    """The targets by dotted name."""
    return table().targets
