"""The datasets that work offline, and the columns that each brings. Loading is the business of `netloom.data`."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from netloom.errors import GraphError
from netloom.graph.model import Value

Meaning: TypeAlias = Literal["image", "features", "label", "number"]

DEFAULTS: Mapping[str, Value] = MappingProxyType(
    {"source": "digits", "validation": 0.2, "split_seed": 0, "standardize": True, "samples": 1000, "noise": 0.1}
)
"""What a Dataset node is where nothing is set, for its parameters and for whoever loads it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `shape` is that of one sample; `classes` names the values of a label."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    meaning: Meaning
    classes: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class DatasetInfo:
    """What is known of a dataset before it is loaded. `rows` of a toy set follow its parameter `samples`."""

    name: str
    title: str
    rows: int
    columns: tuple[Column, ...]
    summary: str
    license_note: str


def _features(count: int, help_text: str) -> Column:
    return Column("features", (count,), "float32", "features", help=help_text)


def _label(*classes: str, help_text: str) -> Column:
    return Column("label", (), "int64", "label", classes, help_text)


def _toy(name: str, title: str, summary: str, classes: int = 2) -> DatasetInfo:
    point = Column("point", (2,), "float32", "features", help="Two coordinates.")
    names = tuple(f"class {number}" for number in range(classes))
    return DatasetInfo(
        name, title, 1000, (point, _label(*names, help_text="Which group the point belongs to.")), summary, DRAWN
    )


UCI = "UCI Machine Learning Repository (CC BY 4.0), as distributed with scikit-learn (BSD-3-Clause)."
DRAWN = "Drawn by chance from the split seed; free of any licence."

_ALL = (
    DatasetInfo(
        "digits",
        "Handwritten digits",
        1797,
        (
            Column("image", (1, 8, 8), "float32", "image", help="One digit in 8×8 pixels, from 0 to 1."),
            _label(*"0123456789", help_text="The digit that was written."),
        ),
        "1,797 handwritten digits in 8×8 pixels.",
        UCI,
    ),
    DatasetInfo(
        "iris",
        "Iris flowers",
        150,
        (
            _features(4, "Length and width of sepal and petal."),
            _label("setosa", "versicolor", "virginica", help_text="The species."),
        ),
        "150 flowers of three species, four measurements each.",
        UCI,
    ),
    DatasetInfo(
        "wine",
        "Wines",
        178,
        (
            _features(13, "Thirteen chemical measurements."),
            _label("class 0", "class 1", "class 2", help_text="The grower."),
        ),
        "178 wines of three growers, thirteen measurements each.",
        UCI,
    ),
    DatasetInfo(
        "breast_cancer",
        "Breast cancer",
        569,
        (
            _features(30, "Thirty measurements of cell nuclei."),
            _label("malignant", "benign", help_text="The diagnosis."),
        ),
        "569 tumours, malignant or benign, thirty measurements each.",
        UCI,
    ),
    DatasetInfo(
        "diabetes",
        "Diabetes",
        442,
        (
            _features(10, "Age, sex, body mass index, blood pressure and six blood values."),
            Column(
                "target",
                (1,),
                "float32",
                "number",
                help="How the disease progressed within a year. Standardize covers this column too: "
                "mean 0 and deviation 1, measured on the training rows.",
            ),
        ),
        "442 patients: ten measurements and the course of the disease as a number.",
        "Efron, Hastie, Johnstone and Tibshirani (2004), as distributed with scikit-learn (BSD-3-Clause).",
    ),
    _toy("moons", "Two moons", "Two half circles that reach into each other."),
    _toy("circles", "Two circles", "A small circle inside a large one."),
    _toy("spirals", "Two spirals", "Two arms wound around each other: hard for a small network."),
    _toy("blobs", "Blobs", "Three round clouds of points.", classes=3),
)

DATASETS: Mapping[str, DatasetInfo] = MappingProxyType({info.name: info for info in _ALL})
TOYS = ("moons", "circles", "spirals", "blobs")
TABLES = ("iris", "wine", "breast_cancer", "diabetes")


def columns_for(params: Mapping[str, Value]) -> tuple[Column, ...]:
    """The columns of a Dataset node with these parameters; GraphError where the source is unknown."""
    source = params.get("source", DEFAULTS["source"])
    info = DATASETS.get(source) if isinstance(source, str) else None
    if info is None:
        raise GraphError(f"There is no dataset {source!r}; there are {', '.join(DATASETS)}.")
    return info.columns


def rows_for(arguments: Mapping[str, Value]) -> tuple[int, int]:
    """How many rows of a Dataset node train and how many are held out; none where its settings cannot be read."""
    info = DATASETS.get(str(arguments.get("source")))
    samples, share = arguments.get("samples"), arguments.get("validation")
    if info is None:
        return 0, 0
    rows = samples if info.name in TOYS and isinstance(samples, int) else info.rows
    held = min(rows - 1, max(1, round(rows * share))) if isinstance(share, float) and share else 0
    return rows - held, held
