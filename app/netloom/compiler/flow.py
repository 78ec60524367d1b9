"""What flows along a wire: a shape with symbolic dimensions, and a dtype."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from netloom.compiler.dims import BATCH, Dim, letters, value

TIMES = "×"
INTEGERS = ("int64", "int32", "int16", "int8", "uint8")
BYTES = {
    "bool": 1,
    "uint8": 1,
    "int8": 1,
    "int16": 2,
    "float16": 2,
    "bfloat16": 2,
    "int64": 8,
    "float64": 8,
    "complex64": 8,
}


@dataclass(frozen=True, slots=True)
class Flow:
    """A tensor's type. The first dimension of what comes from a dataset or an input is the batch, `N`.

    `classes` is the number of classes where the values are class labels that come straight from a dataset, else 0.
    """

    shape: tuple[Dim, ...]
    dtype: str = "float32"
    classes: int = 0

    def __str__(self) -> str:
        return TIMES.join(str(dim) for dim in self.shape) or "1"

    @property
    def is_integer(self) -> bool:
        """Whether the values are whole numbers."""
        return self.dtype in INTEGERS

    @property
    def item_size(self) -> int:
        """Bytes of one value."""
        return BYTES.get(self.dtype, 4)

    def size(self, batch: int = 1) -> int:
        """Bytes of a batch, where every other free size is 1."""
        return _values(self.shape, batch) * self.item_size

    def dims(self) -> list[int | str]:
        """The shape as JSON: a symbolic dimension is a string."""
        return [dim if isinstance(dim, int) else str(dim) for dim in self.shape]

    def with_values(self, values: Mapping[str, int]) -> tuple[int, ...]:
        """The shape where every symbol has a value."""
        return tuple(value(dim, values) for dim in self.shape)


@lru_cache(maxsize=4096)
def _values(shape: tuple[Dim, ...], batch: int) -> int:
    """How many values a batch has: a large network has few different shapes."""
    free = letters(dim for dim in shape if not isinstance(dim, int))
    sizes = {each: batch if each == BATCH else 1 for each in free}
    return math.prod(value(dim, sizes) for dim in shape)
