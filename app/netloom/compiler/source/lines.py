"""Lines of generated code, and the text that they make."""

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from netloom.compiler.flow import TIMES, Flow
from netloom.compiler.source.layout import wrapped

Shape: TypeAlias = tuple[str, ...]
"""Dimensions as they are written in a comment."""

INDENT = "    "
QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""")
WORD = re.compile(r"(?<![\w.])[^\W\d]\w*")
STANDARD = "import math"
IMPORTS: Mapping[str, Sequence[str]] = {
    STANDARD: ("math",),
    "import torch": ("torch",),
    "from torch import {}": ("Tensor", "nn"),
    "from torch.nn import functional as F": ("F",),
}


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a module, and which node each line (from 1) speaks of."""

    text: str
    lines: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of code, the node that it speaks of, and the shapes that are said of it in a comment.

    Code of the user's own stands as it is.
    """

    text: str
    node: str | None = None
    shapes: tuple[Shape, ...] = ()
    as_is: bool = False

    @property
    def comment(self) -> str:
        """What stands behind the line."""
        return ", ".join(TIMES.join(shape) or "1" for shape in self.shapes)


def shape(flow: Flow) -> Shape:
    """A tensor's shape for a comment."""
    return tuple(str(dim) for dim in flow.shape)


def joined(lines: Iterable[Line]) -> Source:
    """The whole text, laid out as a formatter would."""
    texts: list[str] = []
    nodes: dict[int, str] = {}
    for line in lines:
        for text in [line.text] if line.as_is else wrapped(line.text, line.comment):
            texts.append(text)
            if line.node is not None:
                nodes[len(texts)] = line.node
    return Source("\n".join(texts) + "\n", nodes)


def imports(body: Iterable[Line], more: Iterable[str] = ()) -> list[Line]:
    """The lines that import what the body uses and nothing else, and then `more`."""
    lines = list(body)
    used = {word for line in lines if not line.as_is for word in WORD.findall(QUOTED.sub("", line.text))}
    used |= _names("\n".join(line.text for line in lines if line.as_is))
    found = [(text, [name for name in names if name in used]) for text, names in IMPORTS.items()]
    texts = [text.format(", ".join(names)) for text, names in found if names]
    if texts[:1] == [STANDARD] and len(texts) > 1:
        texts.insert(1, "")
    return [Line(text) for text in (*texts, *more)]


def _names(code: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
