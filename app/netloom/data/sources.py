"""The built-in sources: all offline, all small, each a function from its settings to raw columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from netloom.errors import DataError

Array: TypeAlias = npt.NDArray[Any]

SPIRAL_TURNS = 1.75


@dataclass(frozen=True, slots=True)
class Raw:
    """Columns of equal length as they come from the source; `scaled` names those that standardisation applies to."""

    columns: Mapping[str, Array]
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scaled: tuple[str, ...] = ()


def read(source: str, samples: int, noise: float, seed: int) -> Raw:
    """The raw columns of a source; `samples`, `noise` (standard deviation) and `seed` matter to toy sets only."""
    if source in _TABLES:
        return _table(source)
    if source not in _TOYS:
        known = ", ".join(names())
        raise DataError(f"There is no built-in dataset called {source!r}. Known are {known}.")
    if samples < 2:
        raise DataError(f"{source}: samples is {samples}, expected at least 2.")
    if not noise >= 0:
        raise DataError(f"{source}: noise is {noise}, expected 0 or more.")
    return _toy(source, samples, noise, seed)


def names() -> tuple[str, ...]:
    """The built-in sources."""
    return (*_TABLES, *_TOYS)


@cache
def _table(source: str) -> Raw:
    return _TABLES[source]()


@lru_cache(maxsize=8)
def _toy(source: str, samples: int, noise: float, seed: int) -> Raw:
    points, labels = _TOYS[source](samples, noise, seed)
    classes = tuple(f"class {number}" for number in range(int(labels.max()) + 1))
    columns: dict[str, Array] = {"point": points.astype(np.float32), "label": labels.astype(np.int64)}
    return Raw(MappingProxyType(columns), {"label": classes})


def _digits() -> Raw:
    from sklearn.datasets import load_digits

    found = load_digits()
    images = (found.images / 16).astype(np.float32)[:, None]
    columns = {"image": images, "label": found.target.astype(np.int64)}
    return Raw(MappingProxyType(columns), {"label": tuple(str(name) for name in found.target_names)})


def _classified(load: str) -> Raw:
    from sklearn import datasets

    found = getattr(datasets, load)()
    columns = {"features": found.data.astype(np.float32), "label": found.target.astype(np.int64)}
    classes = {"label": tuple(str(name).replace("_", " ") for name in found.target_names)}
    return Raw(MappingProxyType(columns), classes, scaled=("features",))


def _diabetes() -> Raw:
    from sklearn.datasets import load_diabetes

    found = load_diabetes(scaled=False)
    columns = {"features": found.data.astype(np.float32), "target": found.target.astype(np.float32)[:, None]}
    return Raw(MappingProxyType(columns), scaled=("features", "target"))


def _moons(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    from sklearn.datasets import make_moons

    points, labels = make_moons(samples, noise=noise, random_state=seed)
    return points, labels


def _circles(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    from sklearn.datasets import make_circles

    points, labels = make_circles(samples, noise=noise, factor=0.5, random_state=seed)
    return points, labels


def _spirals(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    labels = np.arange(samples) % 2
    along = np.sqrt(rng.uniform(0.01, 1, samples))
    angle = 2 * np.pi * SPIRAL_TURNS * along + np.pi * labels
    points = along[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return points + rng.normal(0, noise / 4, points.shape), labels


def _blobs(samples: int, noise: float, seed: int) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    labels = np.arange(samples) % 3
    angle = 2 * np.pi * labels / 3 + np.pi / 2
    centres = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return centres + rng.normal(0, 0.2 + noise, (samples, 2)), labels


_TABLES: Mapping[str, Callable[[], Raw]] = {
    "digits": _digits,
    "iris": lambda: _classified("load_iris"),
    "wine": lambda: _classified("load_wine"),
    "breast_cancer": lambda: _classified("load_breast_cancer"),
    "diabetes": _diabetes,
}
_TOYS: Mapping[str, Callable[[int, float, int], tuple[Array, Array]]] = {
    "moons": _moons,
    "circles": _circles,
    "spirals": _spirals,
    "blobs": _blobs,
}
