"""How modules that are not just called with all that flows in are called, and how their results are taken apart."""

from collections.abc import Callable, Mapping

from netloom.compiler.calls import attention
from netloom.compiler.calls.text import Incoming, all_inputs
from netloom.graph.model import Value


def module_call(name: str, incoming: Incoming, kind: str, arguments: Mapping[str, Value]) -> str:
    """The call of a module in `forward`."""
    if kind in attention.CALLS:
        return f"self.{name}({attention.CALLS[kind](arguments, incoming)})"
    return f"self.{name}({CALL_ARGUMENTS.get(kind, all_inputs)(incoming)})"


def _with_states(incoming: Incoming) -> str:
    states = [incoming[port][0] for port in ("hidden", "cell") if incoming.get(port)]
    sequence = incoming["input"][0]
    if not states:
        return sequence
    return f"{sequence}, {states[0]}" if len(states) == 1 else f"{sequence}, ({', '.join(states)})"


def _with_weights(incoming: Incoming) -> str:
    """EmbeddingBag: the weights are not its second argument."""
    weights = incoming.get("weights")
    return incoming["input"][0] + (f", per_sample_weights={weights[0]}" if weights else "")


def _with_lengths(incoming: Incoming) -> str:
    """CTCLoss: where no lengths are wired, all steps and labels count."""
    scores, target = incoming["input"][0], incoming["target"][0]
    full = f"torch.full(({scores}.shape[1],), {{}}, dtype=torch.int64)"
    steps, labels = incoming.get("input_lengths"), incoming.get("target_lengths")
    steps_text = steps[0] if steps else full.format(f"{scores}.shape[0]")
    return f"{scores}, {target}, {steps_text}, {labels[0] if labels else full.format(f'{target}.shape[1]')}"


CALL_ARGUMENTS: Mapping[str, Callable[[Incoming], str]] = {
    **dict.fromkeys(("LSTM", "LSTMCell"), _with_states),
    "EmbeddingBag": _with_weights,
    "CTCLoss": _with_lengths,
}

RESULTS: Mapping[str, str] = {
    "LSTM": "{output}, ({hidden}, {cell})",
    "MultiheadAttention": "{output}, {weights}",
}
"""How the result of a call is taken apart where it is not just a tensor for each output."""


def result(kind: str, taken: Mapping[str, str]) -> str:
    """The left side of an assignment, from the names for the outputs."""
    pattern = RESULTS.get(kind)
    return pattern.format(**{"weights": "_", **taken}) if pattern else ", ".join(taken.values())
