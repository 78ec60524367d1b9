"""Documents to begin with, each of which trains well as it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from netloom.errors import DocumentError
from netloom.graph.document import Document
from netloom.templates import diabetes_regression, digits_cnn, digits_mlp, iris_mlp, moons_mlp


@dataclass(frozen=True, slots=True)
class Template:
    """One document of the gallery; `build` makes a new one at each call."""

    name: str
    title: str
    summary: str
    build: Callable[[], Document]


TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {
        name: Template(name, made.TITLE, made.SUMMARY, made.build)
        for name, made in (
            ("digits-cnn", digits_cnn),
            ("digits-mlp", digits_mlp),
            ("moons-mlp", moons_mlp),
            ("iris-mlp", iris_mlp),
            ("diabetes-regression", diabetes_regression),
        )
    }
)


def document(name: str) -> Document:
    """A new document made from a template, with every node in its place; DocumentError where the name is unknown."""
    found = TEMPLATES.get(name)
    if found is None:
        raise DocumentError(f"There is no template called {name[:60]!r}; there are {', '.join(TEMPLATES)}.")
    return found.build()
