"""Modules that are made otherwise than by calling their target with their parameters."""

from collections.abc import Mapping

from netloom.compiler.calls.text import Constructor

CONSTRUCTORS: Mapping[str, Constructor] = {}
"""How each such kind is made."""
