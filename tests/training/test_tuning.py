"""What is fastest is found by trying, worth its time, and remembered."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import torch
from torch import nn

from netloom.graph import Training
from netloom.training import tuning
from netloom.training.choices import Choices
from netloom.training.tuning import Tried, Tuned, Way

CPU = torch.device("cpu")
KERNELS = Way("kernel", ("fused", "foreach", "single"))
MANY = 10**6


def working(seconds: Callable[[Choices], float], asked: Counter[Choices] | None = None) -> tuning.Prepare:
    """Steps that keep the processor busy for so long."""

    def prepare(choices: Choices) -> Callable[[], None]:
        def step() -> None:
            if asked is not None:
                asked[choices] += 1
            end = time.thread_time() + seconds(choices)
            while time.thread_time() < end:
                pass

        return step

    return prepare


def by_kernel(**seconds: float) -> Callable[[Choices], float]:
    return lambda choices: seconds[choices.kernel]


def test_the_fastest_is_chosen() -> None:
    times = by_kernel(fused=0.004, foreach=0.002, single=0.001)
    tuned = tuning.tune(working(times), Choices(), [KERNELS], MANY)
    assert tuned.choices == Choices(kernel="single")
    assert [tried.value for tried in tuned.tried] == ["foreach", "single"]
    assert tuned.gain == pytest.approx(2, rel=0.1)  # beside foreach, which torch takes by itself


def test_little_is_not_worth_it() -> None:
    times = by_kernel(fused=0.00202, foreach=0.002, single=0.002)
    assert tuning.tune(working(times), Choices(), [KERNELS], MANY).choices == Choices()


def test_gains_of_several_ways_add_up() -> None:
    def seconds(choices: Choices) -> float:
        return (
            0.002
            * (0.5 if choices.memory_format == "channels_last" else 1)
            * (0.5 if choices.kernel == "single" else 1)
        )

    ways = [Way("memory_format", ("contiguous", "channels_last")), KERNELS]
    tuned = tuning.tune(working(seconds), Choices(), ways, MANY)
    assert tuned.choices == Choices(memory_format="channels_last", kernel="single")
    assert tuned.gain == pytest.approx(4, rel=0.15)


def test_the_hopeless_is_hardly_looked_at() -> None:
    asked: Counter[Choices] = Counter()
    times = by_kernel(fused=0.001, foreach=0.05, single=0.05)
    tuned = tuning.tune(working(times, asked), Choices(), [Way("kernel", ("fused", "single"))], MANY)
    assert tuned.choices == Choices()
    assert asked[Choices(kernel="single")] <= 4


def test_what_fails_loses() -> None:
    def prepare(choices: Choices) -> Callable[[], None]:
        if choices.kernel == "single":
            raise RuntimeError("not here")
        return working(lambda _: 0.001)(choices)

    tuned = tuning.tune(prepare, Choices(), [Way("kernel", ("fused", "single"))], MANY)
    assert (tuned.choices, tuned.tried) == (Choices(), (Tried("kernel", "single", None),))


def test_a_short_run_is_not_delayed() -> None:
    asked: Counter[Choices] = Counter()
    tuned = tuning.tune(working(lambda _: 0.001, asked), Choices(), [KERNELS], 100)
    assert tuned == Tuned(Choices())
    assert set(asked) == {Choices()}


def test_trying_keeps_within_its_budget() -> None:
    began = time.perf_counter()
    tuning.tune(working(lambda _: 0.001), Choices(), [KERNELS], 10_000)
    assert time.perf_counter() - began < 3 * tuning.budget(0.001, 10_000)  # neighbours may take half of the machine


@pytest.mark.parametrize(
    ("step", "steps", "seconds"), [(0.001, 10_000, 0.5), (0.001, MANY, 3.0), (0.3, MANY, 12.0), (5.0, MANY, 20.0)]
)
def test_the_budget(step: float, steps: int, seconds: float) -> None:
    assert tuning.budget(step, steps) == pytest.approx(seconds)


def test_a_real_network() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(8, 16, 3), nn.ReLU(), nn.Flatten(), nn.Linear(16 * 36, 4))
    images, labels = torch.randn(32, 8, 8, 8), torch.randint(4, (32,))

    def prepare(choices: Choices) -> Callable[[], None]:
        flags = {"fused": choices.kernel == "fused", "foreach": choices.kernel == "foreach"}
        model.to(memory_format=getattr(torch, f"{choices.memory_format}".replace("contiguous", "contiguous_format")))
        optimizer = torch.optim.Adam(model.parameters(), **flags)

        def step() -> None:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(images), labels).backward()  # type: ignore[no-untyped-call]
            optimizer.step()

        return step

    ways = tuning.ways(Training(), CPU, 1, has_images=True, seconds=60.0)
    tuned = tuning.tune(prepare, Choices(), ways, 5_000)
    assert all(tried.gain is not None for tried in tuned.tried)
    assert tuned.gain > 0.5
    assert "thread" in tuned.words


def test_only_what_is_open_is_tried() -> None:
    def names(settings: Training, device: str = "cpu", seconds: float = 1e4, *, has_images: bool = True) -> list[str]:
        found = tuning.ways(settings, torch.device(device), 4, has_images=has_images, seconds=seconds)
        return [way.name for way in found]

    assert names(Training()) == ["threads", "memory_format", "kernel"]
    assert names(Training(), has_images=False) == ["threads", "kernel"]
    assert names(Training(kernel="single", threads=2)) == ["memory_format"]
    assert names(Training(), "cuda") == ["memory_format", "kernel", "compiled"]
    assert names(Training(compile="off"), "cuda") == names(Training(), "cuda", 60.0) == ["memory_format", "kernel"]


def test_precision_is_tried_where_it_is_allowed_and_real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "computes_in_half", lambda _: True)
    allowed = tuning.ways(Training(precision="auto"), CPU, 1, has_images=False, seconds=60.0)
    assert Way("precision", ("float32", "bfloat16")) in allowed
    assert "precision" not in [way.name for way in tuning.ways(Training(), CPU, 1, has_images=False, seconds=60.0)]


def test_threads_that_may_be_taken() -> None:
    found = [tuning.ways(Training(), CPU, most, has_images=False, seconds=60.0)[0].values for most in (1, 2, 8)]
    assert found == [(1,), (1, 2), (1, 4, 8)]


def test_answers_are_remembered(tmp_path: Path) -> None:
    tuned = Tuned(Choices(threads=2, memory_format="channels_last"), 1.42, (Tried("kernel", "single", None),))
    tuning.remember(tmp_path / "tuning", "key", tuned)
    assert tuning.recall(tmp_path / "tuning", "key") == tuned
    assert [path.name for path in (tmp_path / "tuning").iterdir()] == ["key.json"]


def test_what_cannot_be_read_or_written_is_as_nothing(tmp_path: Path) -> None:
    assert tuning.recall(tmp_path, "key") is None
    (tmp_path / "key.json").write_text('{"choices": {"kernel": "warp"}}')
    assert tuning.recall(tmp_path, "key") is None
    tuning.remember(tmp_path / "key.json" / "below", "key", Tuned(Choices()))


def test_the_key_follows_what_the_answer_depends_on() -> None:
    settings = Training()
    changed = [
        msgspec.structs.replace(settings, batch_size=64),
        msgspec.structs.replace(settings, kernel="single"),
        msgspec.structs.replace(settings, precision="auto"),
    ]
    keys = [tuning.key("text", each, CPU) for each in (settings, *changed)] + [tuning.key("other", settings, CPU)]
    assert len(set(keys)) == len(keys)
    assert keys[0] == tuning.key("text", msgspec.structs.replace(settings, epochs=99), CPU)


def test_words() -> None:
    tuned = Tuned(Choices(memory_format="channels_last"), 1.42)
    assert tuned.words == "channels-last, fused optimizer, 1 thread: 1.42 × as fast as the plain loop"
    assert (
        Tuned(Choices(threads=2, kernel="single")).words
        == "plain optimizer, 2 threads: about as fast as the plain loop"
    )
