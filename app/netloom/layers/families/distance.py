"""How alike two inputs are."""

from netloom.layers.declare import module
from netloom.layers.spec import Port

PAIR = (Port("x1"), Port("x2"))

KINDS = (
    module(
        "CosineSimilarity",
        "arithmetic",
        "How much two vectors point the same way: 1 for the same direction, -1 for opposite ones.",
        stem="similarity",
        inputs=PAIR,
        keywords=("angle", "distance", "retrieval", "two tower"),
        tuned={"dim": {"help": "Dimension that holds the vectors. 1 is the one behind the batch."}},
    ),
    module(
        "PairwiseDistance",
        "arithmetic",
        "How far two vectors are apart.",
        stem="distance",
        inputs=PAIR,
        keywords=("euclidean", "norm", "metric", "siamese"),
        tuned={
            "p": {"minimum": None, "maximum": None, "help": "The power of the norm. 2 is the usual distance."},
            "keepdim": {"help": "Whether the last dimension stays, with size 1."},
        },
    ),
)
