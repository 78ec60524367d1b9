"""Letters of an SVG as outlines, each drawn once and used again: they look the same where our fonts are not."""

import html
import re
from collections.abc import Iterator
from functools import cache

from PySide6.QtGui import QFont, QFontMetricsF, QPainterPath

TEXT = re.compile(r"<text ([^>]*)>([^<]*)</text>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
HEAD = "<defs>"
MANY = 200
"""Texts at a time."""


def outlined(text: str) -> Iterator[str | None]:
    """The SVG with outlines for texts, a few of them at each step; the last step gives it."""
    glyphs: dict[tuple[str, str, str, str], str] = {}
    parts, end = [], 0
    for number, found in enumerate(TEXT.finditer(text)):
        parts += [text[end : found.start()], _letters(glyphs, dict(ATTRIBUTE.findall(found[1])), found[2])]
        end = found.end()
        if number % MANY == 0:
            yield None
    drawn = "".join([*parts, text[end:]])
    yield drawn.replace(HEAD, HEAD + "".join(f"\n{glyph}" for glyph in glyphs.values()), 1)


def _letters(glyphs: dict[tuple[str, str, str, str], str], given: dict[str, str], text: str) -> str:
    """One text as its letters side by side."""
    family, size, weight = given["font-family"], given["font-size"], given["font-weight"]
    words = html.unescape(text)
    uses = []
    for place, letter in enumerate(words):
        key = (family, size, weight, letter)
        name = f"{family[0]}{size}-{weight}-{ord(letter)}".replace(".", "_")
        if key not in glyphs:
            glyphs[key] = f'<path id="{name}" d="{_outline(*key)}"/>'
        if not letter.isspace():
            across = _metrics(family, size, weight).horizontalAdvance(words[:place])
            uses.append(f'<use xlink:href="#{name}" x="{across:.4g}"/>')
    spot = f"translate({given['x']},{given['y']})"
    paint = f'fill="{given["fill"]}" fill-opacity="{given.get("fill-opacity", "1")}" stroke="none" fill-rule="nonzero"'
    return f'<g aria-label="{html.escape(words)}" transform="{spot}" {paint}>{"".join(uses)}</g>'


@cache
def _font(family: str, size: str, weight: str) -> QFont:
    found = QFont(family)
    found.setPixelSize(round(float(size)))
    found.setWeight(QFont.Weight(int(weight)))
    found.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    found.setFeature(QFont.Tag("tnum"), 1)
    return found


@cache
def _metrics(family: str, size: str, weight: str) -> QFontMetricsF:
    return QFontMetricsF(_font(family, size, weight))


@cache
def _outline(family: str, size: str, weight: str, letter: str) -> str:
    path = QPainterPath()
    path.addText(0, 0, _font(family, size, weight), letter)
    words, place = [], 0
    while place < path.elementCount():
        element = path.elementAt(place)
        curve = element.type == QPainterPath.ElementType.CurveToElement
        points = [path.elementAt(place + step) for step in range(3 if curve else 1)]
        sign = "C" if curve else "L" if element.type == QPainterPath.ElementType.LineToElement else "M"
        words.append(sign + " ".join(f"{each.x:.2f},{each.y:.2f}" for each in points))
        place += len(points)
    return "".join(words)
