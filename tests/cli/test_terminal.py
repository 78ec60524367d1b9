"""`netloom train` in a real pseudo-terminal: wide, narrow, without colours, and interrupted."""

import os
import signal
import sys
from pathlib import Path

import pytest
from tests.cli import terminal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


def test_a_training_moves_in_place(tmp_path: Path) -> None:
    code, text = terminal.run(["train", terminal.loom(tmp_path), "--epochs", 4], 100)
    assert code == 0
    shown = terminal.screens(text)
    moving = [lines for lines in shown if any(line.startswith("epoch") and "━" in line for line in lines)]
    assert any("samples/s" in line and line.endswith("left") for lines in moving for line in lines)
    assert any(line.startswith("loss ") and "▁" in line and "rate " in line for lines in moving for line in lines)
    assert any("val accuracy" in line for lines in moving for line in lines)
    last = shown[-1]
    assert not any("samples/s" in line for line in last)
    assert any(line.startswith("finished after 4 epochs") for line in last)
    assert terminal.COLOURED.search(text)


def test_a_narrow_terminal_without_colours(tmp_path: Path) -> None:
    code, text = terminal.run(["train", terminal.loom(tmp_path), "--epochs", 3], 36, {"NO_COLOR": "1"})
    assert code == 0
    assert not terminal.COLOURED.search(text)
    moving = [line for lines in terminal.screens(text) for line in lines if line.startswith(("epoch", "loss", "val"))]
    assert moving
    assert max(map(len, moving)) <= 36


def test_a_dumb_terminal_gets_lines(tmp_path: Path) -> None:
    code, text = terminal.run(["train", terminal.loom(tmp_path), "--epochs", 2], 80, {"TERM": "dumb"})
    assert code == 0
    assert "\x1b[1A" not in text
    assert "epoch 2/2  val loss " in text


def test_ctrl_c_keeps_a_checkpoint_and_says_how_to_go_on(tmp_path: Path) -> None:
    sent: list[int] = []

    def interrupt(written: str, process: int) -> None:
        if "epoch 2/" in written and not sent:
            sent.append(process)
            os.kill(process, signal.SIGINT)

    code, text = terminal.run(["train", terminal.loom(tmp_path), "--epochs", 100_000], 100, heard=interrupt)
    assert code == 130
    last = "\n".join(terminal.screens(text)[-1])
    assert "interrupted after" in last
    assert "go on: netloom train" in last
    assert "--resume" in last
    assert "state.safetensors" in last
