"""The command line."""

from netloom.cli.app import main

__all__ = ["main"]
