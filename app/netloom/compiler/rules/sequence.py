"""Recurrent layers and their cells. Parameter counts follow the weights that torch.nn creates."""

from collections.abc import Mapping, Sequence

from netloom.compiler.dims import Dim, is_fixed, product
from netloom.compiler.flow import Flow
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Insert,
    Mismatch,
    Remedy,
    Rule,
    SetParam,
    expect_float32,
    flag,
    number,
    one,
    optional,
)

RANK = 3


def expect_sequence(flow: Flow, port: str = "input") -> None:
    """Refuse what is not N×L×D, with the step that makes it so where there is one."""
    expect_float32(flow, port)
    if len(flow.shape) == RANK:
        return
    remedies: list[Remedy] = []
    if len(flow.shape) == RANK - 1:
        remedies.append(Insert("Insert Unsqueeze to one step", "Unsqueeze", {"dim": 1}))
    elif len(flow.shape) > RANK:
        remedies.append(Insert("Insert Flatten of what follows the steps", "Flatten", {"start_dim": 2}))
    raise Mismatch(f"{{node}} takes a sequence N×L×D, gets {flow}.", port, remedies)


def expect_width(flow: Flow, name: str, expected: int, port: str = "input") -> None:
    """Refuse another number of features, which often stand where the steps should."""
    found = flow.shape[-1]
    if found == expected:
        return
    remedies: list[Remedy] = []
    if len(flow.shape) == RANK and flow.shape[1] == expected:
        remedies.append(Insert("Insert Permute to put features last", "Permute", {"dims": [0, 2, 1]}))
    if is_fixed(found):
        remedies.append(SetParam(f"Use {found}", unset=(name,)))
    raise Mismatch(f"{{node}} expects {expected} features, gets {found}.", port, remedies)


def recurrent(gates: int, states: tuple[str, ...]) -> Rule:
    """RNN (1 gate), GRU (3) and LSTM (4) over a whole sequence."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        expect_sequence(flow)
        width, hidden = number(arguments, "input_size"), number(arguments, "hidden_size")
        expect_width(flow, "input_size", width)
        layers, ways = optional(arguments, "num_layers", 1), 1 + flag(arguments, "bidirectional")
        projected = optional(arguments, "proj_size", 0)
        if projected >= hidden:
            raise Mismatch(
                "proj_size of {node} must be smaller than its hidden_size.", None, [SetParam("Use 0", {"proj_size": 0})]
            )
        put_out = projected or hidden
        weights = _weights(arguments, gates, width, layers, ways)
        batch = flow.shape[0] if flag(arguments, "batch_first") else flow.shape[1]
        shapes: dict[str, tuple[Dim, ...]] = {
            "hidden": (layers * ways, batch, put_out),
            "cell": (layers * ways, batch, hidden),
        }
        _expect_states(inputs, states, shapes)
        outputs = {"output": Flow((*flow.shape[:2], put_out * ways))} | {name: Flow(shapes[name]) for name in states}
        biases = 2 * gates * hidden * ways * layers * flag(arguments, "bias")
        return Answer(outputs, weights + biases, product(flow.shape[:2]) * weights, advice=_advice(arguments))

    return rule


def _advice(arguments: Arguments) -> Mismatch | None:
    if not arguments.get("dropout") or optional(arguments, "num_layers", 1) > 1:
        return None
    text = "dropout of {node} acts between its layers, and it has one."
    return Mismatch(text, None, [SetParam("Use 0", unset=("dropout",)), SetParam("Use 2 layers", {"num_layers": 2})])


def _weights(arguments: Arguments, gates: int, width: int, layers: int, ways: int) -> int:
    hidden, projected = number(arguments, "hidden_size"), optional(arguments, "proj_size", 0)
    put_out = projected or hidden
    arriving = width + (layers - 1) * put_out * ways
    return ways * (gates * hidden * (arriving + layers * put_out) + layers * projected * hidden)


def _expect_states(inputs: Inputs, states: Sequence[str], shapes: Mapping[str, tuple[Dim, ...]]) -> None:
    wired = [name for name in states if inputs.get(name)]
    if wired and len(wired) < len(states):
        missing = next(name for name in states if name not in wired)
        raise Mismatch(f"{{node}} needs {missing} as well when {wired[0]} is wired.", missing)
    for name in wired:
        found = inputs[name][0]
        expect_float32(found, name)
        if found.shape != shapes[name]:
            raise Mismatch(f"{name} of {{node}} must be {Flow(shapes[name])}, gets {found}.", name)


def cell(gates: int, states: tuple[str, ...]) -> Rule:
    """RNNCell (1 gate), GRUCell (3) and LSTMCell (4): one step."""

    def rule(arguments: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        expect_float32(flow)
        width, hidden = number(arguments, "input_size"), number(arguments, "hidden_size")
        if len(flow.shape) != RANK - 1:
            remedies = [Insert("Insert Select of the last step", "Select", {"dim": 1, "index": -1})]
            fixes = remedies if len(flow.shape) == RANK else []
            raise Mismatch(f"{{node}} takes one step N×D, gets {flow}.", "input", fixes)
        expect_width(flow, "input_size", width)
        shape = (flow.shape[0], hidden)
        _expect_states(inputs, states, dict.fromkeys(states, shape))
        weights = gates * hidden * (width + hidden)
        outputs = {name: Flow(shape) for name in states}
        return Answer(outputs, weights + 2 * gates * hidden * flag(arguments, "bias"), flow.shape[0] * weights)

    return rule


RULES: Mapping[str, Rule] = {
    "RNN": recurrent(1, ("hidden",)),
    "LSTM": recurrent(4, ("hidden", "cell")),
    "GRU": recurrent(3, ("hidden",)),
    "RNNCell": cell(1, ("hidden",)),
    "LSTMCell": cell(4, ("hidden", "cell")),
    "GRUCell": cell(3, ("hidden",)),
}
