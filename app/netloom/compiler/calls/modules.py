"""How modules that are not just called with all that flows in are called, and how their results are taken apart."""

from collections.abc import Callable, Mapping

from netloom.compiler.calls.text import Incoming


def module_call(name: str, incoming: Incoming, kind: str) -> str:
    """The call of a module in `forward`."""
    return f"self.{name}({CALL_ARGUMENTS.get(kind, _all_inputs)(incoming)})"


def _all_inputs(incoming: Incoming) -> str:
    return ", ".join(name for names in incoming.values() for name in names)


def _with_states(incoming: Incoming) -> str:
    states = [incoming[port][0] for port in ("hidden", "cell") if incoming.get(port)]
    sequence = incoming["input"][0]
    if not states:
        return sequence
    return f"{sequence}, {states[0]}" if len(states) == 1 else f"{sequence}, ({', '.join(states)})"


def _with_lengths(incoming: Incoming) -> str:
    """CTCLoss: where no lengths are wired, all steps and labels count."""
    scores, target = incoming["input"][0], incoming["target"][0]
    full = f"torch.full(({scores}.shape[1],), {{}}, dtype=torch.int64)"
    steps, labels = incoming.get("input_lengths"), incoming.get("target_lengths")
    steps_text = steps[0] if steps else full.format(f"{scores}.shape[0]")
    return f"{scores}, {target}, {steps_text}, {labels[0] if labels else full.format(f'{target}.shape[1]')}"


CALL_ARGUMENTS: Mapping[str, Callable[[Incoming], str]] = {
    "LSTM": _with_states,
    "GRU": _with_states,
    "CTCLoss": _with_lengths,
}

RESULTS: Mapping[str, str] = {
    "LSTM": "{output}, ({hidden}, {cell})",
    "GRU": "{output}, {hidden}",
    "MultiheadAttention": "{output}, {weights}",
    "AdaptiveLogSoftmaxWithLoss": "{output}, {loss}",
}
"""How the result of a call with several outputs is taken apart."""
