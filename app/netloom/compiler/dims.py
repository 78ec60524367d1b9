"""Dimensions that may be symbolic: integer polynomials in letters and floor divisions, kept in one normal form."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, TypeGuard, Union

Dim: TypeAlias = Union[int, "Sym"]

BATCH = "N"


@dataclass(frozen=True, slots=True)
class Quotient:
    """A floor division that does not come out even for every value."""

    top: Sym
    bottom: Dim

    def __str__(self) -> str:
        return f"{_wrapped(self.top)}//{_wrapped(self.bottom)}"


Atom: TypeAlias = str | Quotient
Monomial: TypeAlias = tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Sym:
    """A dimension that is known only when data comes: a sum of terms, each a product of atoms with a factor."""

    terms: tuple[tuple[Monomial, int], ...]

    def __str__(self) -> str:
        parts: list[str] = []
        for atoms, factor in sorted(self.terms, key=lambda term: (not term[0], str(term[0]))):
            sign = "-" if factor < 0 else "+" if parts else ""
            parts.append(sign + _product(atoms, abs(factor)))
        return "".join(parts)

    def __add__(self, other: Dim) -> Dim:
        return _normal([*self.terms, *_terms(other)])

    __radd__ = __add__

    def __mul__(self, other: Dim) -> Dim:
        return _normal((tuple(sorted(a + b, key=str)), x * y) for a, x in self.terms for b, y in _terms(other))

    __rmul__ = __mul__

    def __neg__(self) -> Dim:
        return self * -1

    def __sub__(self, other: Dim) -> Dim:
        return self + -other

    def __rsub__(self, other: Dim) -> Dim:
        return -self + other

    def __floordiv__(self, other: Dim) -> Dim:
        exact = _exact(self, other)
        return _normal([((Quotient(self, other),), 1)]) if exact is None else exact

    def value(self, values: Mapping[str, int]) -> int:
        """The number that this is where each letter has a value."""
        return sum(factor * math.prod(_atom_value(atom, values) for atom in atoms) for atoms, factor in self.terms)

    def letters(self) -> set[str]:
        """The letters that occur in it."""
        found: set[str] = set()
        for atoms, _ in self.terms:
            for atom in atoms:
                found |= {atom} if isinstance(atom, str) else letters((atom.top, atom.bottom))
        return found


def symbol(letter: str) -> Sym:
    """The dimension that a letter stands for."""
    return Sym((((letter,), 1),))


def is_fixed(dim: Dim) -> TypeGuard[int]:
    """Whether a dimension is a plain number."""
    return isinstance(dim, int)


def product(dims: Iterable[Dim]) -> Dim:
    """The number of elements of a shape."""
    total: Dim = 1
    for dim in dims:
        total = total * dim
    return total


def value(dim: Dim, values: Mapping[str, int]) -> int:
    """The number that a dimension is where each letter has a value."""
    return dim if isinstance(dim, int) else dim.value(values)


def letters(dims: Iterable[Dim]) -> set[str]:
    """The letters that occur in a shape."""
    return {letter for dim in dims if not isinstance(dim, int) for letter in dim.letters()}


def _terms(dim: Dim) -> tuple[tuple[Monomial, int], ...]:
    return (((), dim),) if isinstance(dim, int) else dim.terms


def _normal(terms: Iterable[tuple[Monomial, int]]) -> Dim:
    sums: dict[Monomial, int] = {}
    for atoms, factor in terms:
        sums[atoms] = sums.get(atoms, 0) + factor
    kept = tuple(sorted(((atoms, factor) for atoms, factor in sums.items() if factor), key=str))
    if not kept:
        return 0
    return kept[0][1] if len(kept) == 1 and not kept[0][0] else Sym(kept)


def _exact(top: Sym, bottom: Dim) -> Dim | None:
    divisors = _terms(bottom)
    if len(divisors) != 1 or not divisors[0][1]:
        return None
    atoms, factor = divisors[0]
    results = []
    for monomial, number in top.terms:
        rest = list(monomial)
        for atom in atoms:
            if atom not in rest:
                return None
            rest.remove(atom)
        if number % factor:
            return None
        results.append((tuple(rest), number // factor))
    return _normal(results)


def _atom_value(atom: Atom, values: Mapping[str, int]) -> int:
    if isinstance(atom, str):
        return values[atom]
    return atom.top.value(values) // value(atom.bottom, values)


def _product(atoms: Monomial, factor: int) -> str:
    alone = factor == 1 and len(atoms) == 1
    words = [str(atom) if alone or isinstance(atom, str) else f"({atom})" for atom in atoms]
    if not words:
        return str(factor)
    return (str(factor) if factor != 1 else "") + "·".join(words)


def _wrapped(dim: Dim) -> str:
    return str(dim) if isinstance(dim, int) or len(dim.terms) == 1 else f"({dim})"
