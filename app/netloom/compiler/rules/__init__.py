"""The rule of each kind of node: shapes, parameters and multiply-adds without torch."""

from collections.abc import Mapping

from netloom.compiler.rules import dense, joining, sequence, spatial
from netloom.compiler.rules.rule import Answer, Arguments, Inputs, Insert, Mismatch, Remedy, Rule, SetParam, Widen

RULES: Mapping[str, Rule] = {
    "Linear": dense.linear,
    "Conv1d": spatial.convolution(1),
    "Conv2d": spatial.convolution(2),
    "ConvTranspose2d": spatial.transposed(2),
    "MaxPool2d": spatial.pooling(2),
    "AvgPool2d": spatial.pooling(2),
    "AdaptiveAvgPool2d": spatial.adaptive(2),
    "BatchNorm1d": dense.batch_norm(2, 3),
    "BatchNorm2d": dense.batch_norm(4),
    "LayerNorm": dense.layer_norm,
    "Embedding": dense.embedding,
    "LSTM": sequence.recurrent(4, ("hidden", "cell")),
    "GRU": sequence.recurrent(3, ("hidden",)),
    "MultiheadAttention": sequence.attention,
    "TransformerEncoderLayer": sequence.encoder_layer,
    **dict.fromkeys(("Dropout", "ReLU", "GELU", "Sigmoid", "Tanh", "LeakyReLU"), dense.elementwise),
    "Softmax": dense.softmax,
    "Flatten": dense.flatten,
    "Reshape": dense.reshape,
    "Permute": dense.permute,
    "Mean": dense.reduction,
    "Add": joining.broadcast,
    "Multiply": joining.broadcast,
    "Concatenate": joining.concatenate,
    "CrossEntropyLoss": joining.cross_entropy,
    "MSELoss": joining.paired,
    "BCEWithLogitsLoss": joining.paired,
    "Accuracy": joining.accuracy,
    "SGD": joining.sgd,
    "Adam": joining.optimizer,
    "AdamW": joining.optimizer,
}

__all__ = ["RULES", "Answer", "Arguments", "Inputs", "Insert", "Mismatch", "Remedy", "Rule", "SetParam", "Widen"]
