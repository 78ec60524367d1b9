"""How long lines of code are broken: as a formatter would."""

import re
from collections.abc import Iterator

WIDTH = 88
INDENT = "    "
OPENING, CLOSING = "([{", ")]}"
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[()\[\]{},]')


def wrapped(text: str, comment: str = "") -> list[str]:
    """A line of code in as many lines as it needs, its comment behind the first."""
    note = f"  # {comment}" if comment else ""
    if len(text) <= WIDTH or "(" not in text:
        return [text + note]
    head, parts, tail = _split(text)
    indent = " " * (len(text) - len(text.lstrip())) + INDENT
    together = f"{indent}{', '.join(parts)}"
    inner = [together] if len(together) <= WIDTH else [f"{indent}{part}," for part in parts]
    return [head + note, *inner, indent[: -len(INDENT)] + tail]


def _split(text: str) -> tuple[str, list[str], str]:
    """A call as what stands before its arguments, the arguments, and what stands after them."""
    start = text.index("(") + 1
    parts = list(_arguments(text[start:]))
    end = start + sum(map(len, parts)) + len(parts) - 1
    return text[:start], [part.strip() for part in parts], text[end:]


def _arguments(text: str) -> Iterator[str]:
    depth, begin = 0, 0
    for match in TOKEN.finditer(text):
        sign = match[0]
        if sign in CLOSING and depth == 0:
            yield text[begin : match.start()]
            return
        if sign == "," and depth == 0:
            yield text[begin : match.start()]
            begin = match.end()
        depth += (sign in OPENING) - (sign in CLOSING)
