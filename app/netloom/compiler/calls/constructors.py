"""Modules that are made otherwise than by calling their target with their parameters."""

from collections.abc import Mapping

from netloom.compiler.calls import attention, creation
from netloom.compiler.calls.text import Constructor

CONSTRUCTORS: Mapping[str, Constructor] = {**creation.CONSTRUCTORS, **attention.CONSTRUCTORS}
"""How each such kind is made."""
