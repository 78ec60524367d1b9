"""Linear layers, embeddings, normalisations, activations, dropouts."""

from tests.compiler.battery.case import IMAGE, ROW, SEQUENCE, Case, whole

CASES = [
    Case("Linear", [ROW], {"out_features": 5}),
    Case("Linear", [SEQUENCE], {"out_features": 5, "bias": False}),
    Case("BatchNorm1d", [ROW]),
    Case("BatchNorm1d", [SEQUENCE], {"affine": False}),
    Case("BatchNorm2d", [IMAGE]),
    Case("LayerNorm", [SEQUENCE]),
    Case("LayerNorm", [IMAGE], {"normalized_shape": [9, 8], "bias": False}),
    Case("Dropout", [IMAGE], {"p": 0.25}),
    Case("Embedding", [whole([7], 30)], {"num_embeddings": 30, "embedding_dim": 5}),
    Case("ReLU", [IMAGE]),
    Case("GELU", [IMAGE], {"approximate": "tanh"}),
    Case("Sigmoid", [ROW]),
    Case("Tanh", [ROW]),
    Case("LeakyReLU", [ROW], {"negative_slope": 0.2}),
    Case("Softmax", [ROW], {"dim": 1}),
    Case("Flatten", [IMAGE]),
    Case("Flatten", [IMAGE], {"start_dim": 2, "end_dim": 3}),
]
