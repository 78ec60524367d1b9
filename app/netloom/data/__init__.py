"""Dataset sources, columns and splits."""

from netloom.data.dataset import Dataset, load

__all__ = ["Dataset", "load"]
