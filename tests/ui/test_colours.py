"""Colours that a colour-blind person can tell apart, and that never speak alone.

Dichromats are simulated after Viénot, Brettel and Mollon (1999); distances are in OKLab (Ottosson 2020) times 100, in
which about 2 is just noticeable.
"""

from itertools import combinations
from typing import get_args

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from netloom.layers.spec import Category
from netloom.ui import theme
from netloom.ui.canvas import card_painter
from netloom.ui.canvas.facts import PortFacts
from netloom.ui.resources import path

TO_LMS = np.array([[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]])
BLIND = {
    "protanopia": np.array([[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]]),
    "deuteranopia": np.array([[1, 0, 0], [0.494207, 0, 1.24827], [0, 0, 1]]),
    "none": np.eye(3),
}
LEAST = {"none": 7.0, "protanopia": 2.0, "deuteranopia": 2.0}
THEMES = ("dark", "light")


def linear(colour: QColor) -> np.ndarray:
    rgb = np.array(colour.getRgbF()[:3])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    to_cone = np.array(
        [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
         [0.0883024619, 0.2817188376, 0.6299787005]]
    )  # fmt: skip
    from_cone = np.array(
        [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
         [0.0259040371, 0.7827717662, -0.8086757660]]
    )  # fmt: skip
    return from_cone @ np.cbrt(to_cone @ np.clip(rgb, 0, None))


def seen(colour: QColor, eye: str) -> np.ndarray:
    return oklab(np.linalg.inv(TO_LMS) @ BLIND[eye] @ TO_LMS @ linear(colour))


def apart(first: QColor, second: QColor, eye: str) -> float:
    return float(np.linalg.norm(seen(first, eye) - seen(second, eye)) * 100)


@pytest.mark.parametrize("eye", BLIND)
@pytest.mark.parametrize("name", THEMES)
def test_categories_are_told_apart(name: theme.Name, eye: str) -> None:
    look = theme.load(name)
    pairs = combinations(get_args(Category), 2)
    assert min(apart(look.category(one), look.category(two), eye) for one, two in pairs) >= LEAST[eye]


@pytest.mark.parametrize("eye", BLIND)
@pytest.mark.parametrize("name", THEMES)
def test_the_first_four_curves_are_told_apart(name: theme.Name, eye: str) -> None:
    look = theme.load(name)
    assert min(apart(look.plot(one), look.plot(two), eye) for one, two in combinations(range(4), 2)) >= 7


@pytest.mark.parametrize("eye", BLIND)
@pytest.mark.parametrize("name", THEMES)
def test_states_are_told_apart(name: theme.Name, eye: str) -> None:
    look = theme.load(name)
    states = [look.color(token) for token in ("error", "warning", "accent")]
    assert min(apart(one, two, eye) for one, two in combinations(states, 2)) >= 3


def test_every_category_has_a_glyph_of_its_own() -> None:
    drawings = {path.stem: path.read_text() for path in path("glyphs").glob("*.svg")}
    assert len(set(drawings.values())) == len(drawings)
    assert {name for name in get_args(Category) if name != "io"} <= drawings.keys()


def test_what_flows_is_seen_by_the_shape_of_its_port_alone(qapp: QApplication) -> None:
    drawn = {}
    for carries in ("float", "integer", "boolean", "scalar"):
        image = QImage(24, 24, QImage.Format.Format_Grayscale8)
        image.fill(0)
        with QPainter(image) as painter:
            painter.setBrush(QColor("white"))
            painter.setPen(QColor("white"))
            card_painter._mark(painter, PortFacts("x", carries), QPointF(12, 12))
        drawn[carries] = bytes(image.constBits())
    assert len(set(drawn.values())) == len(drawn)
