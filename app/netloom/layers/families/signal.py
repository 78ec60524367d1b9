"""Fourier transforms and the parts of complex numbers."""

from netloom.layers.declare import ANY_IN, ANY_OUT, FLOAT_IN, Declaration
from netloom.layers.spec import Param, Port

COMPLEX_IN = (Port("input", "complex"),)
COMPLEX_OUT = (Port("output", "complex"),)
FLOAT_OUT = (Port("output"),)
TRANSFORM = (
    Param("n", "int", None, "Cut or fill with zeros to this length before. Empty: as it is.", optional=True, minimum=1),
    Param("dim", "int", -1, "The dimension. 0 is the batch, -1 the last."),
    Param(
        "norm",
        "choice",
        "backward",
        "What is divided by the length: the way back, both ways by its root, or the way there.",
        ("backward", "ortho", "forward"),
    ),
)
BACK = (
    Param("n", "int", None, "Length of the result. Empty: an even one that fits.", optional=True, minimum=1),
    *TRANSFORM[1:],
)


def _transform(
    kind: str, summary: str, target: str, outputs: tuple[Port, ...], own: tuple[Param, ...] = TRANSFORM
) -> Declaration:
    words = ("fourier", "frequencies", "spectrum")
    return Declaration(kind, "arithmetic", "function", summary, target, ANY_IN, outputs, keywords=words, own=own)


KINDS = (
    _transform("FFT", "Turns values along a dimension into their frequencies.", "fft.fft", COMPLEX_OUT),
    _transform("InverseFFT", "Turns frequencies back into values.", "fft.ifft", COMPLEX_OUT),
    _transform("RFFT", "Turns real values into the half of their frequencies that says all.", "fft.rfft", COMPLEX_OUT),
    _transform("InverseRFFT", "Turns the half of the frequencies back into real values.", "fft.irfft", FLOAT_OUT, BACK),
    Declaration(
        "STFT",
        "arithmetic",
        "function",
        "Turns a signal into frequencies window by window: a spectrogram, once Absolute follows.",
        "stft",
        FLOAT_IN,
        COMPLEX_OUT,
        keywords=("fourier", "spectrogram", "audio", "frequencies"),
        own=(
            Param("n_fft", "int", 400, "Length of a window, in values.", minimum=2, positional=True),
            Param(
                "hop_length",
                "int",
                None,
                "Values from one window to the next. Empty: a quarter of a window.",
                optional=True,
                minimum=1,
            ),
            Param("win_length", "int", None, "Values of a window that count. Empty: all.", optional=True, minimum=1),
            Param("window", "choice", "hann", "How a window fades at its ends.", ("hann", "hamming", "blackman")),
            Param("center", "bool", True, "Windows stand around their place, with mirrored values at both ends."),
            Param("normalized", "bool", False, "Divide by the root of the length of a window."),
        ),
    ),
    Declaration(
        "Real",
        "arithmetic",
        "function",
        "The real part of complex numbers.",
        ".real",
        ANY_IN,
        ANY_OUT,
        keywords=("complex", "part"),
    ),
    Declaration(
        "Imaginary",
        "arithmetic",
        "function",
        "The imaginary part of complex numbers.",
        ".imag",
        COMPLEX_IN,
        FLOAT_OUT,
        keywords=("complex", "part", "imag"),
    ),
)
