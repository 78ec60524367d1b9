"""How the program starts and ends, in a process of its own."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from netloom.graph import recovery

PAINTED = """
import json, sys
from PySide6.QtCore import QTimer
from netloom.ui import main_window
from netloom.ui.main_window import MainWindow

class Watched(MainWindow):
    def paintEvent(self, event):
        if not self._was_painted:
            heavy = [name for name in ("torch", "sklearn", "networkx", "pyqtgraph", "onnx") if name in sys.modules]
            print(json.dumps({"heavy": heavy}), flush=True)
            QTimer.singleShot(0, self.close)
        super().paintEvent(event)

from netloom.ui import app
app.MainWindow = Watched
sys.exit(app.main(template=sys.argv[1] if len(sys.argv) > 1 else None))
"""
TRAINING = """
import sys
from PySide6.QtCore import QTimer
from netloom.ui import app
from netloom.ui.main_window import MainWindow

class Watched(MainWindow):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.controller.progressed.connect(self.tell)

    def tell(self, progress):
        if progress.step:
            print(progress.step, flush=True)

app.MainWindow = Watched
sys.exit(app.main(sys.argv[1], start=True))
"""
FAILING = """
import sys
from PySide6.QtCore import QTimer
from netloom.ui import app

make = app.make_window

def fail():
    raise ValueError("a slot that fails")

def made(log):
    window = make(log)
    QTimer.singleShot(200, fail)
    QTimer.singleShot(600, lambda: print(log.lines[0].text, flush=True))
    QTimer.singleShot(700, window.close)
    return window

app.make_window = made
sys.exit(app.main())
"""


def started(code: str, home: Path, *arguments: str) -> subprocess.Popen[str]:
    env = {**os.environ, "NETLOOM_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("template", ["", "digits-cnn"])
def test_the_first_window_does_not_wait_for_torch(netloom_home: Path, template: str) -> None:
    process = started(PAINTED, netloom_home, *([template] if template else []))
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    found = json.loads(out.splitlines()[0])
    assert found["heavy"] == []  # how long it takes is measured by `make bench`


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_with_a_checkpoint(number: signal.Signals, netloom_home: Path, tmp_path: Path) -> None:
    from tests.ui.conftest import short

    from netloom import save, templates
    from netloom.runs import Store

    path = tmp_path / "long.loom"
    save(short(templates.document("moons-mlp"), epochs=100_000), path)
    process = started(TRAINING, netloom_home, str(path))
    assert process.stdout is not None
    assert process.stdout.readline().strip().isdigit()
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    [run] = Store().runs()
    assert run.state == "interrupted"
    assert run.weights is not None


def test_a_slot_that_fails_does_not_end_the_program(netloom_home: Path) -> None:
    process = started(FAILING, netloom_home)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "a slot that fails" in out
    assert "Traceback" in err


TRUSTING = """
import sys
from PySide6.QtCore import QTimer
from netloom.compiler import trust
from netloom.ui import app

make = app.make_window

def made(log):
    window = make(log)
    print(trust.current(sys.argv[1]), flush=True)
    trust.extend([sys.argv[1]])
    QTimer.singleShot(200, window.close)
    return window

app.make_window = made
sys.exit(app.main())
"""


def test_what_is_trusted_is_trusted_by_the_next_window() -> None:
    command = [sys.executable, "-c", TRUSTING, "def f(x):\n    return x\n"]
    said = [subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout for _ in range(2)]
    assert [text.strip() for text in said] == ["False", "True"]


EDITING = """
import sys
from PySide6.QtCore import QTimer
from netloom.graph import Node, edit
from netloom.ui import app

make = app.make_window

def change(window):
    window.editor.do(edit.add(Node("n99", "ReLU", "relu"), "Add"))
    print("changed", flush=True)

def made(log):
    window = make(log)
    QTimer.singleShot(200, lambda: change(window))
    return window

app.make_window = made
sys.exit(app.main(template="iris-mlp"))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_window_says_what_it_keeps(netloom_home: Path, number: int) -> None:
    process = started(EDITING, netloom_home)
    assert process.stdout is not None
    assert process.stdout.readline() == "changed\n"
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "iris-mlp was not saved and is kept: the next start offers it.\n" in err
    assert "Traceback" not in err
    [left] = recovery.found(netloom_home / "journals")
    assert (left.name, left.steps) == ("iris-mlp", 1)
