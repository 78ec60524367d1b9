"""Recurrent layers and their cells, and tables of vectors."""

from tests.compiler.battery.case import ROW, SEQUENCE, Case, Given, whole

LONG = [7, 12]
IDS = whole([7], 30)
TABLE = {"num_embeddings": 30, "embedding_dim": 5}


def _at(shape: list[int], port: str) -> Given:
    return Given(shape, port=port)


CASES = [
    Case("RNN", [SEQUENCE], {"hidden_size": 5, "batch_first": True}),
    Case("RNN", [SEQUENCE], {"hidden_size": 5, "num_layers": 2, "nonlinearity": "relu", "bidirectional": True}),
    Case("RNN", [LONG], {"hidden_size": 3, "bias": False, "num_layers": 2, "dropout": 0.5, "batch_first": True}),
    Case("LSTM", [SEQUENCE], {"hidden_size": 5, "batch_first": True}),
    Case("LSTM", [SEQUENCE], {"hidden_size": 5, "bias": False, "num_layers": 2, "dropout": 0.25}),
    Case(
        "LSTM",
        [SEQUENCE],
        {"hidden_size": 5, "num_layers": 3, "bidirectional": True, "proj_size": 2, "batch_first": True},
    ),
    Case("GRU", [SEQUENCE], {"hidden_size": 6, "num_layers": 2, "bias": False, "bidirectional": True}),
    Case("GRU", [SEQUENCE], {"hidden_size": 6, "batch_first": True}),
    Case("RNNCell", [ROW], {"hidden_size": 5}),
    Case("RNNCell", [ROW, [5]], {"hidden_size": 5, "nonlinearity": "relu", "bias": False}),
    Case("GRUCell", [ROW], {"hidden_size": 5}),
    Case("GRUCell", [ROW, [4]], {"hidden_size": 4, "bias": False}),
    Case("LSTMCell", [ROW], {"hidden_size": 5}),
    Case(
        "LSTMCell",
        [ROW, _at([4], "hidden"), _at([4], "cell")],
        {"hidden_size": 4, "bias": False},
        call=lambda cell, x, hidden, memory: cell(x, (hidden, memory)),
    ),
    Case("Embedding", [IDS], TABLE),
    Case("Embedding", [whole([2, 3], 30)], {**TABLE, "padding_idx": -1}),
    Case("Embedding", [Given([7], "int32", 0, 30)], {**TABLE, "max_norm": 1.0, "norm_type": 1.0}),
    Case("Embedding", [IDS], {**TABLE, "scale_grad_by_freq": True}),
    Case("EmbeddingBag", [IDS], TABLE),
    Case("EmbeddingBag", [IDS], {**TABLE, "mode": "max", "padding_idx": 0}),
    Case(
        "EmbeddingBag",
        [IDS, _at([7], "weights")],
        {**TABLE, "mode": "sum"},
        call=lambda bag, ids, weights: bag(ids, per_sample_weights=weights),
    ),
]
