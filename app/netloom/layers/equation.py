"""The equation of an einsum, such as `bij,bjk->bik`, read without torch."""

import re
from collections import Counter
from dataclasses import dataclass

ELLIPSIS = "..."
TOKEN = re.compile(r"\.\.\.|[A-Za-z]")
SPLIT_SIGN = re.compile(r"\. +\.|- +>")
LETTERS = re.compile(r"(?:\.\.\.|[A-Za-z])*")


@dataclass(frozen=True, slots=True)
class Equation:
    """What each operand's dimensions are called, and those of the result; `...` stands for any number."""

    operands: tuple[tuple[str, ...], ...]
    result: tuple[str, ...]


def fault(text: str) -> str | None:
    """What is wrong with an equation, in words that follow "expects", or None."""
    left, _, right = text.replace(" ", "").partition("->")
    parts = left.split(",")
    if SPLIT_SIGN.search(text) or not all(LETTERS.fullmatch(part) for part in (*parts, right)):
        return "letters for dimensions, a comma between tensors and -> before the result, such as bij,bjk->bik"
    if any(part.count(ELLIPSIS) > 1 for part in (*parts, right)):
        return "... at most once in each part"
    if len(set(right.replace(ELLIPSIS, ""))) < len(right.replace(ELLIPSIS, "")):
        return "each letter once in the result"
    unknown = sorted(set(right.replace(ELLIPSIS, "")) - set(left))
    return f"letters of the tensors in the result, which {', '.join(unknown)} is not" if unknown else None


def parsed(text: str) -> Equation:
    """An equation without faults as its parts. Without -> the letters that occur once are the result, in order."""
    left, arrow, right = text.replace(" ", "").partition("->")
    operands = tuple(tuple(TOKEN.findall(part)) for part in left.split(","))
    if arrow:
        return Equation(operands, tuple(TOKEN.findall(right)))
    counts = Counter(name for operand in operands for name in operand)
    once = sorted(name for name, count in counts.items() if count == 1 and name != ELLIPSIS)
    return Equation(operands, ((ELLIPSIS,) if ELLIPSIS in counts else ()) + tuple(once))
