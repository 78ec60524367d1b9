"""Layers that read a sequence step by step."""

from netloom.layers.declare import module
from netloom.layers.spec import Port

STEPS = Port("input", help="A sequence: N×L×features with batch_first.")
HIDDEN = Port("hidden", optional=True, help="State to begin with. Zeros where nothing is wired.")
CELL = Port("cell", optional=True, help="Memory to begin with. Zeros where nothing is wired.")
OUTPUT = Port("output", help="The answer at every step.")
LAST_HIDDEN = Port("hidden", help="The state after the last step.")
LAST_CELL = Port("cell", help="The memory after the last step.")

KINDS = (
    module(
        "LSTM",
        "recurrent",
        "Reads a sequence step by step and keeps a memory that it learns to write, read and forget.",
        inputs=(STEPS, HIDDEN, CELL),
        outputs=(OUTPUT, LAST_HIDDEN, LAST_CELL),
        keywords=("recurrent", "rnn", "sequence", "memory", "text", "series"),
    ),
    module(
        "GRU",
        "recurrent",
        "Reads a sequence step by step with a simpler memory than an LSTM has.",
        inputs=(STEPS, HIDDEN),
        outputs=(OUTPUT, LAST_HIDDEN),
        keywords=("recurrent", "rnn", "sequence", "memory", "gated", "text", "series"),
    ),
)
