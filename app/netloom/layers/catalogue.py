"""Every kind of node by name, and the search of the palette."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from types import MappingProxyType

from netloom.errors import GraphError
from netloom.layers.exclusions import EXCLUDED
from netloom.layers.families import DECLARATIONS
from netloom.layers.ranking import Terms, best_first
from netloom.layers.spec import Category, LayerSpec, Role
from netloom.layers.table import entries

SPECS: Mapping[str, LayerSpec] = MappingProxyType({each.kind: each.spec(entries()) for each in DECLARATIONS})

TITLES: Mapping[Category, str] = MappingProxyType(
    {
        "data": "Data",
        "io": "Input, output",
        "linear": "Linear",
        "convolution": "Convolution",
        "pooling": "Pooling",
        "normalisation": "Normalisation",
        "activation": "Activation",
        "recurrent": "Recurrent",
        "attention": "Attention",
        "shape": "Shape",
        "arithmetic": "Arithmetic",
        "block": "Blocks",
        "loss": "Losses",
        "metric": "Metrics",
        "optimizer": "Optimizers",
    }
)
"""The categories in the order of the palette, with their titles."""


def spec(kind: str) -> LayerSpec:
    """The spec of a kind; where there is none GraphError says why, or names the nearest kind."""
    found = SPECS.get(kind)
    if found is None:
        raise GraphError(f"There is no kind of node called {kind[:60]!r}.{_hint(kind[:60])}")
    return found


@cache
def kinds_of(*roles: Role) -> frozenset[str]:
    """The kinds with one of these roles."""
    return frozenset(kind for kind, found in SPECS.items() if found.role in roles)


def _hint(kind: str) -> str:
    """Why PyTorch's class of that name is no kind, or which kind may be meant."""
    left_out = {name.rpartition(".")[2]: reason for name, reason in EXCLUDED.items()}
    if kind in left_out:
        return f" {left_out[kind]}"
    by_lower = {known.lower(): known for known in SPECS}
    near = difflib.get_close_matches(kind.lower(), by_lower, 1, 0.7)
    return f" Is {by_lower[near[0]]} meant?" if near else ""


def search(
    text: str, more: Iterable[LayerSpec] = (), uses: Callable[[LayerSpec], int] = lambda _spec: 0
) -> list[LayerSpec]:
    """The kinds, and `more` beside them, that fit the words, best first; all in palette order for an empty text.

    Of those that fit alike come those first that were used more often.
    """
    known = (*SPECS.values(), *more)
    return best_first(known, text, _terms, uses) if text.split() else list(known)


def _terms(found: LayerSpec) -> Terms:
    name, initials, *words = _names(found.kind)
    names = found.keywords if found.role != "block" else ()
    return Terms(name, initials, tuple(words), names, found.keywords, TITLES[found.category].lower(), found.summary)


@cache
def _names(kind: str) -> tuple[str, ...]:
    """The kind, its initials, and its words in lower case: BatchNorm2d gives batchnorm2d, bn2d, batch, norm, 2d."""
    words = re.findall(r"\d+d?|[A-Z]+(?=[A-Z][a-z]|\d|$)|[A-Z]?[a-z]+", kind)
    initials = "".join(word if word[0].isdigit() else word[0] for word in words)
    return (kind.lower(), initials.lower(), *(word.lower() for word in words))
