"""The rules between the parts, and the promises about what is loaded when."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = ROOT / "app" / "netloom"
LONGEST_FILE, LONGEST_FUNCTION = 450, 60
HEAVY = ("torch", "sklearn", "networkx", "pyqtgraph", "onnx", "torchmetrics")
QT = ("PySide6", "shiboken6")


def loaded_by(statement: str, names: tuple[str, ...]) -> list[str]:
    """Return which of the modules are loaded in a new Python after the statement."""
    code = f"{statement}\nimport sys\nprint([name for name in {names!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return eval(done.stdout)


def test_parts_import_only_what_they_may():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "module",
    [
        "netloom",
        "netloom.graph",
        "netloom.layers.catalogue",
        "netloom.templates",
        "netloom.compiler.planner",
        "netloom.compiler.source",
        "netloom.training.session",
        "netloom.runs",
        "netloom.cli",
    ],
)
def test_import_loads_neither_torch_nor_qt(module):
    assert loaded_by(f"import {module}", HEAVY + QT) == []


def test_window_loads_nothing_heavy():
    assert loaded_by("import netloom.ui.app, netloom.ui.main_window", HEAVY) == []


def test_planning_a_template_loads_no_qt():
    statement = "import netloom, netloom.templates as t; netloom.plan(t.document('digits-mlp').graph)"
    assert loaded_by(statement, QT) == []


@pytest.mark.parametrize("singleton", [None, True], ids=["None", "True"])
def test_qt_calls_keep_their_references(qapp, singleton):
    """PySide6 6.12.0 loses a reference to None with each call of a Qt method that returns nothing, and one to True
    with each emission of a signal, until the process aborts; the versions that are allowed must not.
    """
    from PySide6.QtCore import QObject, Signal

    class Sender(QObject):
        sent = Signal()

    sender = Sender()
    before = sys.getrefcount(singleton)
    for _ in range(1000):
        sender.setObjectName("name")
        sender.sent.emit()
    # From 3.12 on the count is a constant, and nothing can be lost.
    assert abs(sys.getrefcount(singleton) - before) < 100


@pytest.mark.parametrize("file", sorted(CODE.rglob("*.py")), ids=lambda file: str(file.relative_to(CODE)))
def test_files_and_functions_stay_small(file):
    text = file.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    long = {node.name: node.end_lineno - node.lineno + 1 for node in functions}
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}
    assert text.count("\n") <= LONGEST_FILE
    assert file.stem not in ("utils", "util", "helpers", "misc")
