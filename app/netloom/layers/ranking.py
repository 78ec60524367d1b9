"""How well a name fits what a person types: the whole of it, how it begins, its words, then letters in their order."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

WORST = 12
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Terms:
    """By what one thing is found, all but `about` in lower case.

    `names` are as good as its name, `keywords` speak of it, `group` is where it stands, `about` what is said of it.
    """

    name: str
    initials: str
    words: tuple[str, ...]
    names: Collection[str] = ()
    keywords: Collection[str] = ()
    group: str = ""
    about: str = ""


def terms(text: str, group: str = "", about: str = "") -> Terms:
    """The terms of a name that is written in words."""
    words = tuple(re.findall(r"\w+", text.lower()))
    return Terms(text.lower(), "".join(word[0] for word in words), words, group=group.lower(), about=about)


def best_first(
    items: Iterable[Found], text: str, terms_of: Callable[[Found], Terms], uses: Callable[[Found], int]
) -> list[Found]:
    """What fits a text, best first; of what fits alike comes that first which was used more."""
    words = text.lower().split()
    ranked = ((rank(terms_of(each), words), -uses(each), place, each) for place, each in enumerate(items))
    return [each for found, *_, each in sorted(ranked, key=lambda item: item[:3]) if found < WORST]


def rank(found: Terms, words: Sequence[str]) -> int:
    """How well something fits: the whole text against its names, or else its worst word; 0 is best."""
    whole = _word_rank(found, " ".join(words))
    return min(whole, max(_word_rank(found, word) for word in words) + 1) if len(words) > 1 else whole


def _word_rank(found: Terms, word: str) -> int:
    tests = (
        word == found.name,
        word in found.names,
        f" {word} " in f" {' '.join(found.words)} ",
        word in found.keywords,
        found.name.startswith(word),
        found.initials.startswith(word),
        any(part.startswith(word) for part in found.words),
        any(part.startswith(word) for part in _parts(found.keywords)),
        any(word in name for name in (found.name, found.group)),
        len(word) > 1 and _begins_words(word, found.words),
        len(word) > 1 and _is_subsequence(word, found.name),
        len(word) > 2 and any(part.startswith(word) for part in _parts([found.about])),
    )
    return next((place for place, fits in enumerate(tests) if fits), WORST)


def _parts(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield text.lower()
        yield from re.findall(r"\w+", text.lower())


def _begins_words(letters: str, words: Sequence[str]) -> bool:
    """Whether letters are beginnings of words in their order: "bano" of batch and norm."""
    if not letters or not words:
        return not letters
    first, *rest = words
    most = next((size for size, pair in enumerate(zip(letters, first, strict=False)) if pair[0] != pair[1]), None)
    longest = min(len(letters), len(first)) if most is None else most
    return any(_begins_words(letters[size:], rest) for size in range(longest, -1, -1))


def _is_subsequence(letters: str, name: str) -> bool:
    rest = iter(name)
    return all(letter in rest for letter in letters)
