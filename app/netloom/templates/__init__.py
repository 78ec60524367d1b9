"""Documents to begin with: some train as they are, the others are networks as they were published."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType

from netloom.errors import DocumentError
from netloom.graph.document import Document
from netloom.templates import (
    alexnet,
    densenet121,
    diabetes_regression,
    digits_cnn,
    digits_mlp,
    googlenet,
    iris_mlp,
    lenet5,
    moons_mlp,
    resnet18,
    resnet50,
    vgg16,
)

GALLERY: Mapping[str, tuple[ModuleType, ...]] = MappingProxyType(
    {
        "Start here": (digits_cnn, digits_mlp, moons_mlp, iris_mlp, diabetes_regression),
        "Vision": (lenet5, alexnet, vgg16, googlenet, resnet18, resnet50, densenet121),
    }
)
"""The templates by group, in the order of the gallery."""

TRAINING = frozenset(GALLERY["Start here"])
"""Those that bring data and an optimizer."""


@dataclass(frozen=True, slots=True)
class Template:
    """One document of the gallery; `build` makes a new one at each call. One that `trains` can be run as it is."""

    name: str
    title: str
    summary: str
    group: str
    trains: bool
    build: Callable[[], Document]


def _templates() -> Iterator[Template]:
    for group, found in GALLERY.items():
        for made in found:
            name = made.__name__.rpartition(".")[2].replace("_", "-")
            yield Template(name, made.TITLE, made.SUMMARY, group, made in TRAINING, made.build)


TEMPLATES: Mapping[str, Template] = MappingProxyType({template.name: template for template in _templates()})


def document(name: str) -> Document:
    """A new document made from a template, with every node in its place; DocumentError where the name is unknown."""
    found = TEMPLATES.get(name)
    if found is None:
        raise DocumentError(f"There is no template called {name[:60]!r}; there are {', '.join(TEMPLATES)}.")
    return found.build()
