"""The guards of conftest.py and of the pytest settings, tried out on tests that do wrong."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROJECT = HERE.parent / "pyproject.toml"


@pytest.fixture
def run(pytester: pytest.Pytester):
    """Run source as a test module of its own under this project's settings and guards."""

    def run_source(source: str) -> pytest.RunResult:
        pytester.makepyprojecttoml(PROJECT.read_text(encoding="utf-8"))
        tests = pytester.mkdir("tests")
        (tests / "conftest.py").write_text((HERE / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
        (tests / "test_it.py").write_text(source, encoding="utf-8")
        return pytester.runpytest_subprocess("-p", "no:cacheprovider")

    return run_source


def test_leaked_thread_is_named(run, monkeypatch):
    result = run("""
import threading, time
def test_leaks():
    threading.Thread(target=time.sleep, args=(3,), name="forgotten", daemon=True).start()
def test_next_is_not_blamed():
    pass
""")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*threads still running after the test: forgotten*"])


def test_thread_that_ends_soon_is_no_leak(run):
    run("""
import threading, time
def test_ends():
    threading.Thread(target=time.sleep, args=(0.2,)).start()
""").assert_outcomes(passed=1)


def test_exception_in_a_thread_fails(run):
    result = run("""
import threading
def test_raises():
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
""")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*ZeroDivisionError*"])


def test_leaked_widgets_are_named_once(run):
    result = run("""
from PySide6.QtWidgets import QMenu, QWidget
kept = []
def test_leaks(qapp):
    widget = QWidget()
    widget.setObjectName("left")
    QMenu(widget)
    kept.append(widget)
def test_next_is_not_blamed(qapp):
    pass
def test_cleaned_up_by_qtbot(qtbot):
    kept.append(QWidget())
    qtbot.addWidget(kept[-1])
def test_cycle_is_collected(qapp):
    widget = QWidget()
    widget.me = widget
""")
    result.assert_outcomes(passed=4, errors=1)
    result.stdout.fnmatch_lines(["*top-level widgets alive after the test: QWidget('left')*"])


@pytest.mark.parametrize(
    "body",
    [
        "button = QPushButton(); qtbot.addWidget(button); button.clicked.connect(lambda: 1 / 0); button.click()",
        "widget = Painted(); qtbot.addWidget(widget); widget.show(); qtbot.wait(50)",
        "timer = QTimer(); timer.timeout.connect(lambda: 1 / 0); timer.start(0); qtbot.wait(20)",
    ],
    ids=["slot", "paintEvent", "timer"],
)
def test_exception_called_by_qt_fails(run, body):
    result = run(f"""
import netloom.ui
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton, QWidget
class Painted(QWidget):
    def paintEvent(self, event):
        1 / 0
def test_raises(qtbot):
    {body}
""")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*ZeroDivisionError*"])


def test_qt_message_fails(run):
    run("""
from PySide6.QtCore import qWarning
def test_warns(qapp):
    qWarning("something is off")
""").assert_outcomes(failed=1)


def test_python_warning_fails(run):
    run("""
import warnings
def test_warns():
    warnings.warn("old")
""").assert_outcomes(failed=1)


def test_each_test_has_a_home_of_its_own(run):
    run("""
import os
homes = set()
def note(home):
    assert os.environ["NETLOOM_HOME"] == str(home) and not home.exists()
    homes.add(home)
def test_first(netloom_home):
    note(netloom_home)
def test_second(netloom_home):
    note(netloom_home)
    assert len(homes) == 2
""").assert_outcomes(passed=2)


def test_arithmetic_has_one_thread():
    torch = pytest.importorskip("torch")
    assert torch.get_num_threads() == 1
