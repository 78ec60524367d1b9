"""How tensors that a network makes itself, and Fourier transforms, are written."""

from collections.abc import Mapping
from typing import cast

from netloom.compiler.calls.text import Constructor, Expression, Incoming, is_hole, literal
from netloom.compiler.calls.words import call, is_nothing, listed, named, said, source, spread
from netloom.graph.model import Value


def _parameter(arguments: Mapping[str, Value]) -> str:
    return f"nn.Parameter({_initial(arguments)})"


def _named(_: Mapping[str, Value], incoming: Incoming) -> str:
    return incoming["self"][0]


def _initial(arguments: Mapping[str, Value]) -> str:
    shape, std, value = spread(arguments["shape"]), arguments["std"], arguments["value"]
    if arguments["initial"] == "normal":
        return f"torch.randn({shape})" + ("" if std == 1 and not is_hole(std) else f" * {literal(std)}")
    if arguments["initial"] == "uniform":
        return f"torch.empty({shape}).uniform_(-{literal(std)}, {literal(std)})"
    if value in (0, 1) and not is_hole(value):
        return f"torch.{'ones' if value else 'zeros'}({shape})"
    number = f"float({literal(value)})" if is_hole(value) else literal(float(cast(float, value)))
    return f"torch.full({literal(arguments['shape'])}, {number})"


def _made(name: str, arguments: Mapping[str, Value], incoming: Incoming, *more: str) -> str:
    """A tensor like another: of its shape, or of its batch with other sizes."""
    like = incoming["like"][0]
    if is_nothing(arguments["shape"]):
        return f"torch.{name}_like({', '.join([like, *more])})"
    words = [f"{like}.shape[0]", spread(arguments["shape"]), *more, f"device={like}.device"]
    return f"torch.{name}({', '.join(words)})"


def _normal(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    mean, std = arguments["mean"], arguments["std"]
    text = _made("randn", arguments, incoming)
    if std != 1 or is_hole(std):
        text += f" * {literal(std)}"
    return text if mean == 0 and not is_hole(mean) else f"{text} + {literal(mean)}"


def _uniform(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    low, high = arguments["low"], arguments["high"]
    if (low, high) == (0, 1) and not is_hole(low) and not is_hole(high):
        return _made("rand", arguments, incoming)
    return f"{_made('empty', arguments, incoming)}.uniform_({literal(low)}, {literal(high)})"


def _constant(name: str) -> Expression:
    def expression(arguments: Mapping[str, Value], incoming: Incoming) -> str:
        dtype = arguments["dtype"]
        return _made(name, arguments, incoming, *([] if is_nothing(dtype) else [f"dtype=torch.{dtype}"]))

    return expression


def _arange(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    like = incoming["like"][0]
    return f"torch.arange({like}.shape[{literal(arguments['dim'])}], device={like}.device)"


def _stft(arguments: Mapping[str, Value], incoming: Incoming) -> str:
    name = source(incoming)
    length = arguments["n_fft"] if is_nothing(arguments["win_length"]) else arguments["win_length"]
    words = listed(arguments, [said("n_fft"), named("hop_length", None), named("win_length", None)])
    words.append(f"window=torch.{arguments['window']}_window({literal(length)}, device={name}.device)")
    words += listed(arguments, [named("center", unless=True), named("normalized", unless=False)])
    return f"torch.stft({', '.join([name, *words, 'return_complex=True'])})"


def _attribute(name: str) -> Expression:
    def expression(_: Mapping[str, Value], incoming: Incoming) -> str:
        return f"{source(incoming)}.{name}"

    return expression


TRANSFORMS = {"FFT": "fft", "InverseFFT": "ifft", "RFFT": "rfft", "InverseRFFT": "irfft"}
TRANSFORM = (named("n", None), named("dim", -1), named("norm", "backward"))

CONSTRUCTORS: Mapping[str, Constructor] = {"Parameter": _parameter}

EXPRESSIONS: Mapping[str, Expression] = {
    "Parameter": _named,
    "RandomNormal": _normal,
    "RandomUniform": _uniform,
    "Bernoulli": call("torch.bernoulli", said("p", unless=None)),
    "Zeros": _constant("zeros"),
    "Ones": _constant("ones"),
    "Arange": _arange,
    **{kind: call(f"torch.fft.{name}", *TRANSFORM) for kind, name in TRANSFORMS.items()},
    "STFT": _stft,
    "Real": _attribute("real"),
    "Imaginary": _attribute("imag"),
}
