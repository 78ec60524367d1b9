"""Lines of generated code, and the text that they make."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from netloom.compiler.flow import TIMES, Flow
from netloom.compiler.source.importing import sorted_imports
from netloom.compiler.source.layout import wrapped

Shape: TypeAlias = tuple[str, ...]
"""Dimensions as they are written in a comment."""

INDENT = "    "
IMPORTS: Mapping[str, str] = {
    "math": "import math",
    "torch": "import torch",
    "Tensor": "from torch import Tensor",
    "nn": "from torch import nn",
    "F": "from torch.nn import functional as F",
}
"""What is imported where its name is used."""


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
    """The lines that import what the body uses, and `more`, in the order in which a formatter puts them."""
    tree = ast.parse("\n".join(line.text for line in body))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    own = (text for name, text in IMPORTS.items() if name in used)
    return [Line(text) for text in sorted_imports([*own, *more])]
