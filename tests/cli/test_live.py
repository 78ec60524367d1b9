"""What a training shows in a terminal while it goes on, and that Ctrl+C is only a wish at first."""

import io
import os
import signal
import sys
import threading

import numpy as np
import pytest
from rich.console import Console

from netloom.cli import live, screen
from netloom.cli.interrupt import Interrupt
from netloom.cli.output import duration, score
from netloom.runs import Store
from netloom.templates import document
from netloom.training.events import Logged, RunStarted, Trying, Tuned
from netloom.training.progress import Progress


def shown(display: type, *, terminal: bool) -> str:
    """Everything that a small training writes to a display."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=120, color_system=None)
    run = Progress()
    with display(console) as screen:
        for event in Store().train(document("iris-mlp"), epochs=3, device="cpu"):
            run.feed(event)
            screen.show(event, run)
    return stream.getvalue()


def test_a_terminal_shows_a_bar_with_all_that_matters() -> None:
    text = shown(live.Bar, terminal=True)
    assert "starting" in text
    for words in (
        "epoch 3/3",
        "100%",
        "loss ",
        "▁",
        "rate 0.",
        "val accuracy 0.",
        "best in epoch",
        "samples/s",
        "left",
    ):
        assert words in text
    assert "Training on cpu" in text
    assert "120 train and 30 val samples" in text


def test_a_narrow_terminal_gets_more_and_shorter_lines() -> None:
    run = Progress()
    for event in Store().train(document("iris-mlp"), epochs=2, device="cpu"):
        run.feed(event)
    wide, narrow = (screen.drawn(run, width).plain.split("\n") for width in (100, 30))
    assert len(wide) == 3 < len(narrow)
    assert max(map(len, wide)) <= 100
    assert max(map(len, narrow)) <= 30
    assert all(any(word in line for line in narrow) for word in ("epoch 2/2", "loss ", "val accuracy", "samples/s"))


def test_a_terminal_that_knows_ascii_only_gets_plain_signs() -> None:
    run = Progress()
    for event in Store().train(document("iris-mlp"), epochs=1, device="cpu"):
        run.feed(event)
    assert screen.drawn(run, 80, screen.PLAIN_SIGNS).plain.isascii()


def test_a_curve_is_a_line_of_blocks() -> None:
    heights = screen.SIGNS.heights
    assert screen.spark(np.array([4, 3, 2, 1, 0], np.float32), 10, heights) == "█▆▅▃▁"
    assert screen.spark(np.array([1, np.nan, 1000], np.float32), 10, heights) == "▁█"
    assert screen.spark(np.ones(100, np.float32), 8, heights) == "▁" * 8
    assert screen.spark(np.array([np.inf], np.float32), 8, heights) == ""
    assert len(screen.spark(np.arange(1, 1000, dtype=np.float32), 24, heights)) == 24


def test_what_is_tried_and_chosen_is_told() -> None:
    run = Progress()
    run.feed(Trying(0.4))
    assert screen.drawn(run, 80).plain == "trying what is fastest here, 40%"
    event = Tuned({"threads": "2"}, 1.4, "2 threads: 1.4 times as fast")
    assert live.told(event, run).plain == event.text


def test_elsewhere_each_epoch_is_a_line() -> None:
    lines = shown(live.Lines, terminal=False).splitlines()
    assert "120 train and 30 val samples" in lines[0]
    assert [line.split("  ")[0] for line in lines if line.startswith("epoch")] == [
        "epoch 1/3",
        "epoch 2/3",
        "epoch 3/3",
    ]
    assert any(line.endswith("best") for line in lines)
    assert all("val loss " in line and "val accuracy 0." in line for line in lines if line.startswith("epoch"))


def test_silence_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    with live.Silent() as screen:
        screen.show(Logged("words"), Progress())
    assert capsys.readouterr() == ("", "")


def test_a_bar_says_what_is_logged_before_anything_has_started() -> None:
    stream = io.StringIO()
    with live.Bar(Console(file=stream, force_terminal=True, width=80, color_system=None)) as screen:
        screen.show(Logged("the disk is full [bold]", "warning"), Progress())
    assert "the disk is full [bold]" in stream.getvalue()


def test_a_resumed_run_says_from_where() -> None:
    event = RunStarted("r1", "cpu", "", 3, 8, ("loss",), (), {"train": 1200}, first_step=1016)
    assert live.told(event, Progress()).plain == "r1  1,200 train samples, going on after step 1,016"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent in another way there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_a_wish_and_the_second_ends(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with Interrupt() as interrupt:
        assert not interrupt.wanted
        os.kill(os.getpid(), number)
        assert interrupt.wanted
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before


def test_outside_the_main_thread_signals_are_left_alone() -> None:
    seen: list[bool] = []

    def enter() -> None:
        with Interrupt() as interrupt:
            seen.append(interrupt.wanted)

    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    assert seen == [False]
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (17.24, "17.2 s"),
        (185, "3 min 05 s"),
        (59.99, "60.0 s"),
        (7620, "2 h 07 min"),
        (3599.7, "1 h 00 min"),
    ],
)
def test_durations_read_well(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (float("nan"), "nan"), (0.12345, "0.1235"), (12345.6, "1.235e+04"), (-999.0, "-999.0000")],
)
def test_scores_read_well(value: float | None, text: str) -> None:
    assert score(value) == text
