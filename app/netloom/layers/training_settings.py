"""How a document is trained, each setting declared once: checks, inspector, command line and help follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

from netloom.errors import GraphError
from netloom.graph.document import Training
from netloom.graph.model import FASTEST, Value
from netloom.layers import values
from netloom.layers.spec import Param

Group: TypeAlias = Literal["Training", "Steps", "End", "Speed"]

LARGEST_EPOCHS = 1_000_000
LARGEST_BATCH = 1_000_000
DEVICES = ("auto", "cpu", "cuda", "mps")
WORDS: Mapping[str, str] = {"": "automatic", "auto": "automatic"}
"""Choices that are called otherwise where people read them."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting with its title for people and the group that it is shown in."""

    title: str
    group: Group
    param: Param

    @property
    def name(self) -> str:
        """What it is called in the file and on the command line."""
        return self.param.name


def _default(name: str) -> Value:
    return getattr(Training(), name)  # type: ignore[no-any-return]


def _int(name: str, help_: str, minimum: int, maximum: int) -> Param:
    return Param(name, "int", _default(name), help_, minimum=minimum, maximum=maximum)


def _choice(name: str, help_: str, *choices: str) -> Param:
    return Param(name, "choice", _default(name), help_, choices)


def _switch(name: str, help_: str) -> Param:
    return Param(name, "bool", _default(name), help_)


SETTINGS: tuple[Setting, ...] = (
    Setting("Epochs", "Training", _int("epochs", "How often the network sees every sample.", 1, LARGEST_EPOCHS)),
    Setting("Batch size", "Training", _int("batch_size", "How many samples make one step.", 1, LARGEST_BATCH)),
    Setting("Seed", "Training", _int("seed", "The same seed gives the same run.", 0, values.LARGEST_INT)),
    Setting("Device", "Training", _choice("device", "Where it trains. Automatic takes the fastest.", *DEVICES)),
    Setting(
        "Accumulate",
        "Steps",
        _int("accumulate", "Batches whose gradients are averaged before weights change. Saves memory.", 1, 65_536),
    ),
    Setting(
        "EMA decay",
        "Steps",
        Param(
            "ema_decay",
            "float",
            0.0,
            "Scores and keeps a running average of the weights, such as 0.999. 0: the weights themselves.",
            minimum=0.0,
            maximum=0.999_999,
        ),
    ),
    Setting(
        "Patience",
        "End",
        _int("patience", "Ends after so many epochs without a better score. 0: never.", 0, LARGEST_EPOCHS),
    ),
    Setting(
        "Best by",
        "End",
        Param(
            "best_by",
            "text",
            "",
            "The metric or loss by which the best weights are kept. Empty: accuracy where there is one, else the loss.",
        ),
    ),
    Setting("Autotune", "Speed", _switch("autotune", "Tries in the first seconds what is fastest here, and takes it.")),
    Setting(
        "Precision",
        "Speed",
        _choice(
            "precision",
            "Numbers of 16 bits are faster and less exact. Automatic takes bfloat16 where it is faster.",
            "float32",
            "auto",
            "bfloat16",
            "float16",
        ),
    ),
    Setting("Threads", "Speed", _int("threads", "Processor cores to compute with. 0: chosen for you.", 0, 1024)),
    Setting(
        "Kernel",
        "Speed",
        _choice("kernel", "How an optimizer changes many weights at once.", "auto", "fused", "foreach", "single"),
    ),
    Setting(
        "Memory format",
        "Speed",
        _choice("memory_format", "How images lie in memory.", "auto", "contiguous", "channels_last"),
    ),
    Setting(
        "Compile",
        "Speed",
        _choice(
            "compile", "Translates the model with torch.compile. Starts late; pays off on GPUs.", "auto", "on", "off"
        ),
    ),
    Setting(
        "Deterministic",
        "Speed",
        _switch("deterministic", "Repeats to the last bit also on a GPU. Slower, and not every layer can."),
    ),
)
FROZEN = Param("frozen", "bool", False, "Training leaves these weights as they are.")
RATE = Param(
    "rate", "float", 1.0, "The learning rate is multiplied by this, such as 0.1.", minimum=0.0, maximum=FASTEST
)
LIVE = ("epochs", "batch_size", "accumulate", "ema_decay", "patience", "best_by")
"""What can be changed while a network is trained; the rest a run keeps from its beginning to its end."""
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}


def title(choice: str) -> str:
    """A choice in words for people; the file keeps the choice itself."""
    return WORDS.get(choice, choice.replace("_", " "))


def refusal(name: str, value: Value) -> str | None:
    """What is wrong with a value of one setting, in a sentence that begins with its title, or None."""
    wrong = problem_of(name, value)
    return None if wrong is None else f"{BY_NAME[name].title} {wrong}"


def problem_of(name: str, value: Value) -> str | None:
    """What is wrong with a value of one setting, in words that follow its name, or None."""
    return problem(msgspec.structs.replace(Training(), **{name: value}), name)


def problem(training: Training, name: str) -> str | None:
    """What is wrong with one setting of a training, in words that follow its name, or None."""
    value = getattr(training, name)
    if name == "device":
        expected = None if _is_device(training.device) else ", ".join(DEVICES[:-1]) + f" or {DEVICES[-1]}"
    else:
        expected = values.expected(BY_NAME[name].param, value)
    return None if expected is None else f"expects {expected}; received {values.received(value)}."


def changed(training: Training, given: Mapping[str, Value]) -> Training:
    """The settings with some of them changed; GraphError names one that is unknown or does not suit."""
    for name in given:
        if name not in BY_NAME:
            raise GraphError(f"There is no training setting {name!r}. Known are {', '.join(BY_NAME)}.")
    found = msgspec.structs.replace(training, **given)
    for name in given:
        if wrong := problem(found, name):
            raise GraphError(f"{name} {wrong}")
    return found


def _is_device(value: object) -> bool:
    device, _, number = value.partition(":") if isinstance(value, str) else ("", "", "")
    return device in DEVICES and (not number or (number.isdecimal() and number.isascii()))
