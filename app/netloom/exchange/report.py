"""What an export has done."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class ExportReport:
    """The files that were written, and how far the answers of the written file are from the model's at most.

    `largest_difference` is absolute, over `samples` samples; `scale` is the largest answer of the model.
    """

    path: Path
    files: tuple[Path, ...]
    largest_difference: float | None
    samples: int
    message: str
    scale: float = 1.0

    def summary(self) -> dict[str, Any]:
        """The report as JSON."""
        return {
            "path": str(self.path),
            "files": [str(path) for path in self.files],
            "largest_difference": self.largest_difference,
            "samples": self.samples,
            "message": self.message,
        }
