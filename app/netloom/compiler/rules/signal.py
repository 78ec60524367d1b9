"""Fourier transforms and the parts of complex numbers."""

from collections.abc import Mapping

from netloom.compiler.dims import Dim, is_fixed
from netloom.compiler.flow import Flow
from netloom.compiler.rules.dense import axis
from netloom.compiler.rules.dtypes import Types, expect_full, group, refused
from netloom.compiler.rules.rule import (
    Answer,
    Arguments,
    Inputs,
    Insert,
    Mismatch,
    Rule,
    SetParam,
    number,
    one,
    optional,
)


def _spectrum(flow: Flow) -> str:
    return "complex128" if flow.dtype in ("float64", "complex128") else "complex64"


def _waves(flow: Flow) -> str:
    return "float64" if flow.dtype in ("float64", "complex128") else "float32"


def transform(arguments: Arguments, inputs: Inputs) -> Answer:
    """FFT, InverseFFT: as many frequencies as values, or n of them."""
    flow, dim, size = _transformed(arguments, inputs)
    return _along(flow, dim, size, _spectrum(flow))


def real_transform(arguments: Arguments, inputs: Inputs) -> Answer:
    """RFFT: the half of the frequencies that says all about real values."""
    flow, dim, size = _transformed(arguments, inputs)
    if group(flow.dtype) == "complex":
        raise refused(flow, "input")
    return _along(flow, dim, size // 2 + 1, _spectrum(flow))


def inverse_real_transform(arguments: Arguments, inputs: Inputs) -> Answer:
    """InverseRFFT: real values from half of their frequencies, n of them or an even number."""
    flow, dim, size = _transformed(arguments, inputs)
    length = size if arguments["n"] is not None else 2 * (size - 1)
    if length == 0:
        text = f"{{node}} makes nothing of the single frequency in dimension {dim} of {flow}. Set n to 1."
        raise Mismatch(text, "input", [SetParam("Set n to 1", {"n": 1})])
    return _along(flow, dim, length, _waves(flow))


def _transformed(arguments: Arguments, inputs: Inputs) -> tuple[Flow, int, Dim]:
    flow = one(inputs)
    expect_full(flow)
    dim = axis(flow, number(arguments, "dim"))
    given = arguments["n"]
    return flow, dim, flow.shape[dim] if given is None else number(arguments, "n")


def _along(flow: Flow, dim: int, size: Dim, dtype: str) -> Answer:
    return Answer({"output": Flow((*flow.shape[:dim], size, *flow.shape[dim + 1 :]), dtype)})


def stft(arguments: Arguments, inputs: Inputs) -> Answer:
    """STFT: N×T values to N×frequencies×windows."""
    flow = one(inputs)
    Types("", "", "same", "").of(flow)
    expect_full(flow)
    if len(flow.shape) not in (1, 2):
        flatten = [Insert("Insert Flatten", "Flatten")] if len(flow.shape) == 3 and flow.shape[1] == 1 else []
        raise Mismatch(f"{{node}} takes N×T values, gets {flow}.", remedies=flatten)
    window, step = number(arguments, "n_fft"), optional(arguments, "hop_length", number(arguments, "n_fft") // 4)
    if optional(arguments, "win_length", window) > window:
        raise Mismatch(
            f"win_length of {{node}} is larger than its n_fft {window}.",
            None,
            [SetParam(f"Use {window}", unset=("win_length",))],
        )
    if step < 1:
        raise Mismatch("{node} needs a hop_length of at least 1.", None, [SetParam("Use 1", {"hop_length": 1})])
    room = _expect_room(flow, window, centered=bool(arguments["center"]))
    return Answer({"output": Flow((*flow.shape[:-1], window // 2 + 1, room // step + 1), _spectrum(flow))})


def _expect_room(flow: Flow, window: int, *, centered: bool) -> Dim:
    """How far a window can move over the values, which are mirrored at both ends where it is centred."""
    size = flow.shape[-1]
    room = size + 2 * (window // 2) * centered - window
    if is_fixed(size) and ((centered and window // 2 >= size) or (is_fixed(room) and room < 0)):
        largest = size if not centered else 2 * size - 1
        text = f"{{node}} has windows of {window} values, too long for {flow}."
        raise Mismatch(text, remedies=[SetParam(f"Use {largest}", {"n_fft": largest})] if largest > 3 else [])
    return room


def part(types: Types) -> Rule:
    """Real, Imaginary: a part of each complex number."""

    def rule(_: Arguments, inputs: Inputs) -> Answer:
        flow = one(inputs)
        if not types.decimal and group(flow.dtype) != "complex":
            raise Mismatch(f"{{node}} takes complex numbers, gets {flow.dtype}.")
        return Answer({"output": Flow(flow.shape, types.of(flow))}, kept=0)

    return rule


RULES: Mapping[str, Rule] = {
    "FFT": transform,
    "InverseFFT": transform,
    "RFFT": real_transform,
    "InverseRFFT": inverse_real_transform,
    "STFT": stft,
    "Real": part(Types("same", "same", "same", "real")),
    "Imaginary": part(Types("", "", "", "real")),
}
