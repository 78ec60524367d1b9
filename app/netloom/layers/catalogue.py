"""Every kind of node by name, and the search of the palette."""

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType

from netloom.errors import GraphError
from netloom.layers.exclusions import EXCLUDED
from netloom.layers.families import DECLARATIONS
from netloom.layers.spec import Category, LayerSpec
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

_WORST = 11


def spec(kind: str) -> LayerSpec:
    """The spec of a kind; where there is none GraphError says why, or names the nearest kind."""
    found = SPECS.get(kind)
    if found is None:
        raise GraphError(f"There is no kind of node called {kind[:60]!r}.{_hint(kind[:60])}")
    return found


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
    words, known = text.lower().split(), (*SPECS.values(), *more)
    if not words:
        return list(known)
    ranked = ((_rank(each, words), -uses(each), place, each) for place, each in enumerate(known))
    return [each for rank, *_, each in sorted(ranked, key=lambda item: item[:3]) if rank < _WORST]


def _rank(found: LayerSpec, words: list[str]) -> int:
    """How well a kind fits: the whole text against its names, or else its worst word; 0 is best."""
    whole = _word_rank(found, " ".join(words))
    return min(whole, max(_word_rank(found, word) for word in words) + 1) if len(words) > 1 else whole


def _word_rank(found: LayerSpec, word: str) -> int:
    names = _names(found.kind)
    tests = (
        word == names[0],
        word in found.keywords and found.role != "block",
        f" {word} " in f" {' '.join(names[2:])} ",
        word in found.keywords,
        names[0].startswith(word),
        names[1].startswith(word),
        any(part.startswith(word) for part in names[2:]),
        any(part.startswith(word) for part in _parts(found.keywords)),
        any(word in name for name in (names[0], TITLES[found.category].lower())),
        len(word) > 1 and _is_subsequence(word, names[0]),
        len(word) > 2 and any(part.startswith(word) for part in _parts([found.summary])),
    )
    return next((rank for rank, fits in enumerate(tests) if fits), _WORST)


@cache
def _names(kind: str) -> tuple[str, ...]:
    """The kind, its initials, and its words in lower case: BatchNorm2d gives batchnorm2d, bn2d, batch, norm, 2d."""
    words = re.findall(r"\d+d?|[A-Z]+(?=[A-Z][a-z]|\d|$)|[A-Z]?[a-z]+", kind)
    initials = "".join(word if word[0].isdigit() else word[0] for word in words)
    return (kind.lower(), initials.lower(), *(word.lower() for word in words))


def _parts(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield text.lower()
        yield from re.findall(r"\w+", text.lower())


def _is_subsequence(word: str, name: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in word)
