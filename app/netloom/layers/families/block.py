"""A node that holds a graph."""

from netloom.layers.declare import Declaration
from netloom.layers.spec import Param

KINDS = (
    Declaration(
        "Block",
        "block",
        "block",
        "Holds a graph of its own, which can be opened and used several times.",
        stem="block",
        keywords=("group", "module", "subgraph", "residual", "repeat"),
        own=(
            Param("block", "text", "", "The definition that this block shows.", required=True),
            Param("repeat", "int", 1, "Copies in a row, each with its own weights.", minimum=1, maximum=1000),
        ),
    ),
)
