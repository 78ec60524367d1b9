"""Layers that read a sequence step by step."""

from netloom.layers.declare import Tuning, module
from netloom.layers.spec import Port

STEPS = Port("input", help="A sequence: N×L×features with batch_first.")
STEP = Port("input", help="One step: N×features.")
HIDDEN = Port("hidden", optional=True, help="State to begin with. Zeros where nothing is wired.")
CELL = Port("cell", optional=True, help="Memory to begin with. Zeros where nothing is wired.")
OUTPUT = Port("output", help="The answer at every step.")
LAST_HIDDEN = Port("hidden", help="The state after the last step.")
LAST_CELL = Port("cell", help="The memory after the last step.")
NEXT_HIDDEN = Port("hidden", help="The state after this step.")
NEXT_CELL = Port("cell", help="The memory after this step.")

WORDS = ("recurrent", "rnn", "sequence", "memory", "text", "series")
CURVE: dict[str, Tuning] = {
    "nonlinearity": {"type": "choice", "choices": ("tanh", "relu"), "help": "The curve that each step goes through."}
}

KINDS = (
    module(
        "RNN",
        "recurrent",
        "Reads a sequence step by step and carries one state along. The simplest of its kind.",
        inputs=(STEPS, HIDDEN),
        outputs=(OUTPUT, LAST_HIDDEN),
        keywords=("elman", *WORDS),
        tuned=CURVE,
    ),
    module(
        "LSTM",
        "recurrent",
        "Reads a sequence step by step and keeps a memory that it learns to write, read and forget.",
        inputs=(STEPS, HIDDEN, CELL),
        outputs=(OUTPUT, LAST_HIDDEN, LAST_CELL),
        keywords=WORDS,
    ),
    module(
        "GRU",
        "recurrent",
        "Reads a sequence step by step with a simpler memory than an LSTM has.",
        inputs=(STEPS, HIDDEN),
        outputs=(OUTPUT, LAST_HIDDEN),
        keywords=("gated", *WORDS),
    ),
    module(
        "RNNCell",
        "recurrent",
        "One step of an RNN, for loops that you draw yourself.",
        inputs=(STEP, HIDDEN),
        outputs=(NEXT_HIDDEN,),
        stem="cell",
        keywords=("step", *WORDS),
        tuned=CURVE,
    ),
    module(
        "LSTMCell",
        "recurrent",
        "One step of an LSTM, for loops that you draw yourself.",
        inputs=(STEP, HIDDEN, CELL),
        outputs=(NEXT_HIDDEN, NEXT_CELL),
        stem="cell",
        keywords=("step", *WORDS),
    ),
    module(
        "GRUCell",
        "recurrent",
        "One step of a GRU, for loops that you draw yourself.",
        inputs=(STEP, HIDDEN),
        outputs=(NEXT_HIDDEN,),
        stem="cell",
        keywords=("step", "gated", *WORDS),
    ),
)
