"""How a training script reads each built-in dataset: the same rows, columns and splits as in Netloom."""

from collections.abc import Mapping
from textwrap import dedent

from netloom.compiler import calls
from netloom.errors import ExportError
from netloom.graph.model import Value
from netloom.layers.datasets import DEFAULTS, TABLES, TOYS

CLASSIFIED = """
def read_{source}() -> dict[str, Tensor]:
    found = load_{source}()
    return {{
        "features": torch.tensor(found.data, dtype=torch.float32),
        "label": torch.tensor(found.target, dtype=torch.int64),
    }}
"""
DRAWN = """
    return {{
        "point": torch.tensor(points, dtype=torch.float32),
        "label": torch.tensor(labels, dtype=torch.int64),
    }}
"""
READERS: Mapping[str, str] = {
    "digits": """
        def read_digits() -> dict[str, Tensor]:
            found = load_digits()
            images = torch.tensor(found.images / 16, dtype=torch.float32)
            return {{
                "image": images[:, None],
                "label": torch.tensor(found.target, dtype=torch.int64),
            }}
        """,
    "diabetes": """
        def read_diabetes() -> dict[str, Tensor]:
            found = load_diabetes(scaled=False)
            target = torch.tensor(found.target, dtype=torch.float32)
            return {{
                "features": torch.tensor(found.data, dtype=torch.float32),
                "target": target[:, None],
            }}
        """,
    "moons": """
        def read_moons(samples: int, noise: float, seed: int) -> dict[str, Tensor]:
            points, labels = make_moons(samples, noise=noise, random_state=seed)
        """,
    "circles": """
        def read_circles(samples: int, noise: float, seed: int) -> dict[str, Tensor]:
            points, labels = make_circles(
                samples, noise=noise, factor=0.5, random_state=seed
            )
        """,
    "spirals": """
        def read_spirals(samples: int, noise: float, seed: int) -> dict[str, Tensor]:
            rng = np.random.default_rng(seed)
            labels = np.arange(samples) % 2
            along = np.sqrt(rng.uniform(0.01, 1, samples))
            angle = 2 * np.pi * 1.75 * along + np.pi * labels
            points = along[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
            points = points + rng.normal(0, noise / 4, points.shape)
        """,
    "blobs": """
        def read_blobs(samples: int, noise: float, seed: int) -> dict[str, Tensor]:
            rng = np.random.default_rng(seed)
            labels = np.arange(samples) % 3
            angle = 2 * np.pi * labels / 3 + np.pi / 2
            centres = np.stack([np.cos(angle), np.sin(angle)], axis=1)
            points = centres + rng.normal(0, 0.2 + noise, (samples, 2))
        """,
}
SCALED: Mapping[str, tuple[str, ...]] = {
    "diabetes": ("features", "target"),
    **{name: ("features",) for name in TABLES if name != "diabetes"},
}
"""The columns that standardisation applies to."""

SPLIT = '''
def split(
    rows: int, share: float, seed: int, labels: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """The numbers of the rows that train, and of those held out, alike in labels."""
    order = torch.randperm(rows, generator=torch.Generator().manual_seed(seed))
    held_out = min(rows - 1, max(1, round(rows * share))) if share else 0
    if labels is not None:
        mixed = labels[order]
        place = torch.empty(rows, dtype=torch.float64)
        for label in mixed.unique():
            mine = (mixed == label).nonzero().squeeze(1)
            steps = torch.arange(len(mine), dtype=torch.float64)
            place[mine] = (steps + 0.5) / len(mine)
        order = order[place.argsort(stable=True)]
    return order[held_out:].sort().values, order[:held_out].sort().values
'''
STANDARDISED = '''
def standardised(values: Tensor, train: Tensor) -> Tensor:
    """Values with mean 0 and deviation 1, measured on the rows that train."""
    seen = values[train].double()
    mean, std = seen.mean(0), seen.std(0, correction=0)
    return ((values - mean) / std.where(std > 0, 1)).float()
'''


def settings(arguments: Mapping[str, Value]) -> dict[str, Value]:
    """What a Dataset node says, with the defaults of what it leaves open; ExportError for a source of another kind."""
    found = {**DEFAULTS, **{name: value for name, value in arguments.items() if value is not None}}
    if found["source"] not in (*TABLES, *TOYS, "digits"):
        raise ExportError(f"A script cannot read the dataset {found['source']} yet.")
    return found


def reader(source: str) -> str:
    """The function that reads a dataset."""
    text = dedent(READERS[source]) if source in READERS else CLASSIFIED
    return text.rstrip("\n").format(source=source) + (DRAWN.format().rstrip("\n") if source in TOYS else "")


def reading(found: Mapping[str, Value]) -> str:
    """The call of that function."""
    source = str(found["source"])
    drawn = (f"{name}={calls.literal(found[key])}" for name, key in ARGUMENTS.items())
    return f"read_{source}({', '.join(drawn) if source in TOYS else ''})"


ARGUMENTS: Mapping[str, str] = {"samples": "samples", "noise": "noise", "seed": "split_seed"}


def splitting(name: str, found: Mapping[str, Value]) -> str:
    """The call that divides the rows of a dataset that is called `name`."""
    source = str(found["source"])
    first = {"digits": "image", **dict.fromkeys(TOYS, "point")}.get(source, "features")
    words = [f'len({name}["{first}"])', calls.literal(found["validation"]), calls.literal(found["split_seed"])]
    if source != "diabetes":
        words.append(f'{name}["label"]')
    return f"split({', '.join(words)})"
