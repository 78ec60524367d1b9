"""Guards around every test: its own user folder, no leaked windows or threads, one thread for arithmetic.

Python warnings, Qt messages and exceptions in slots and event handlers are turned into failures by the settings in
`pyproject.toml`; what those cannot see is watched here. All of it is tried out in `test_guards.py`.
"""

import gc
import itertools
import os
import sys
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# torch, NumPy and Qt read these when they are first imported, which is later.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for _name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"

hypothesis.settings.register_profile("netloom", deadline=None)
hypothesis.settings.load_profile("netloom")

pytest_plugins = ["pytester"]

THREAD_GRACE = 2.0  # seconds that a thread gets to end after its test
_failed = pytest.StashKey[bool]()
_homes = itertools.count()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember a failure: its traceback keeps objects alive that are then no leak of their own."""
    report = yield
    if report.failed:
        item.stash[_failed] = True
    return report


@pytest.fixture(scope="session")
def _homes_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("homes")


@pytest.fixture(autouse=True)
def netloom_home(_homes_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test a user folder of its own, not yet made; the real one is never touched."""
    home = _homes_folder / str(next(_homes))
    monkeypatch.setenv("NETLOOM_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def _no_leaked_threads(request: pytest.FixtureRequest) -> Generator[None, None, None]:
    before = set(threading.enumerate())
    yield
    leaked = [thread.name for thread in _new_threads(before) if not _ended(thread)]
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
    if leaked and not request.node.stash.get(_failed, False):
        pytest.fail(f"threads still running after the test: {', '.join(leaked)}", pytrace=False)


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    # A dummy stands for a thread that Python did not start and cannot wait for.
    kinds = threading._DummyThread
    return [thread for thread in threading.enumerate() if thread not in before and not isinstance(thread, kinds)]


def _ended(thread: threading.Thread) -> bool:
    thread.join(THREAD_GRACE)
    return not thread.is_alive()


@pytest.fixture(autouse=True)
def _no_leaked_widgets(request: pytest.FixtureRequest) -> Generator[None, None, None]:
    before = {id(widget) for widget in _windows()}
    yield
    leaked = _windows_left(before)
    if leaked:
        names = ", ".join(f"{type(widget).__name__}({widget.objectName()!r})" for widget in leaked)
        _delete(leaked)
        if not request.node.stash.get(_failed, False):
            pytest.fail(f"top-level widgets alive after the test: {names}", pytrace=False)


def _windows() -> list[Any]:
    """Return the top-level widgets that have no parent; none where Qt is not in use."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    # Qt keeps one label for all tool tips and one frame for all rubber bands of drags.
    return [
        widget
        for widget in widgets.QApplication.topLevelWidgets()
        if widget.parent() is None and widget.metaObject().className() != "QTipLabel"
    ]


def _windows_left(before: set[int]) -> list[Any]:
    """Return the windows that outlive deferred deletion and a collection of garbage."""
    if not _new_windows(before):
        return []
    _run_deferred_deletes()
    if _new_windows(before):
        gc.collect()
        _run_deferred_deletes()
    return _new_windows(before)


def _new_windows(before: set[int]) -> list[Any]:
    return [widget for widget in _windows() if id(widget) not in before]


def _run_deferred_deletes() -> None:
    core = sys.modules["PySide6.QtCore"]
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)


def _delete(widgets: list[Any]) -> None:
    for widget in widgets:
        widget.hide()
        widget.deleteLater()
    _run_deferred_deletes()
