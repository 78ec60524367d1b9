"""Edits of blocks. Each function returns the patch that makes it, one step of undo, and changes nothing itself."""

from netloom.layers.blocks.definitions import adopt, duplicate_definition, rename_block
from netloom.layers.blocks.making import make_block
from netloom.layers.blocks.sides import add_port, move_port, remove_port, rename_port, set_repeat
from netloom.layers.blocks.unpacking import unpack
from netloom.layers.promotion import demote, promote
from netloom.layers.sharing import share, unshare

__all__ = [
    "add_port",
    "adopt",
    "demote",
    "duplicate_definition",
    "make_block",
    "move_port",
    "promote",
    "remove_port",
    "rename_block",
    "rename_port",
    "set_repeat",
    "share",
    "unpack",
    "unshare",
]
