"""Documents to begin with: some train as they are, the others are networks as they were published."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType

from netloom.errors import DocumentError
from netloom.graph.document import Document
from netloom.templates import (
    alexnet,
    bert_base,
    dcgan,
    densenet121,
    diabetes_regression,
    digits_cnn,
    digits_gan,
    digits_mlp,
    googlenet,
    gpt2_small,
    iris_mlp,
    lenet5,
    mobilenet_v2,
    moons_mlp,
    resnet18,
    resnet50,
    seq2seq_attention,
    tcn,
    two_tower,
    unet,
    vae,
    vgg16,
    vit_b16,
)

GALLERY: Mapping[str, tuple[ModuleType, ...]] = MappingProxyType(
    {
        "Start here": (digits_cnn, digits_mlp, moons_mlp, iris_mlp, diabetes_regression, digits_gan),
        "Vision": (lenet5, alexnet, vgg16, googlenet, resnet18, resnet50, densenet121, mobilenet_v2, unet, vit_b16),
        "Language": (gpt2_small, bert_base, seq2seq_attention),
        "Generative": (vae, dcgan),
        "Series and tables": (tcn, two_tower),
    }
)
"""The templates by group, in the order of the gallery."""

TRAINING = frozenset((*GALLERY["Start here"], vae))
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
