"""Layers that mix all features, and tables of vectors."""

from netloom.layers.declare import ANY_IN, ANY_OUT, module
from netloom.layers.spec import Derived, Port

KINDS = (
    module(
        "Linear",
        "linear",
        "Weighs all features and adds them up, once for each output.",
        keywords=("fully connected", "dense", "fc", "perceptron", "affine", "head"),
    ),
    module(
        "Bilinear",
        "linear",
        "Weighs every pair of features from two inputs, once for each output.",
        inputs=(Port("input1"), Port("input2")),
        keywords=("pairs", "interaction", "tensor", "two inputs"),
        tuned={
            "in1_features": {
                "derived": Derived("input1", -1),
                "minimum": 1,
                "positional": True,
                "help": "Numbers that come in for each sample at the first input.",
            },
            "in2_features": {
                "derived": Derived("input2", -1),
                "minimum": 1,
                "positional": True,
                "help": "Numbers that come in for each sample at the second input.",
            },
        },
    ),
    module(
        "Identity",
        "linear",
        "Passes on what comes in, unchanged.",
        inputs=ANY_IN,
        outputs=ANY_OUT,
        keywords=("nothing", "pass", "placeholder"),
    ),
)
