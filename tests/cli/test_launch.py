"""`make run` where a window can open, where none can, and where Qt lacks system libraries."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from netloom.cli import launch

SCRIPT = Path(__file__).parents[2] / "packaging" / "launch.py"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux can lack a display")


@pytest.fixture(autouse=True)
def no_display(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Make these the only programs on the path."""

    def make(*names):
        for name in names:
            (tmp_path / name).touch(mode=0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return make


@linux
def test_no_display_is_said():
    assert "no display" in launch.window_problem()


@linux
def test_offscreen_needs_no_display(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert launch.window_problem() is None


@linux
def test_display_that_nobody_serves_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("DISPLAY", ":987")
    assert ":987" in launch.window_problem()
    monkeypatch.delenv("DISPLAY")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert "wayland-9" in launch.window_problem()


@linux
def test_missing_libraries_are_found():
    assert launch.missing(["libc.so.6", "libnetloom-is-no-library.so.1"]) == ["libnetloom-is-no-library.so.1"]


@linux
def test_missing_library_is_named_with_the_command(monkeypatch, programs):
    programs("apt-get")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setitem(launch.PACKAGES, "libnone.so.1", ("libnone1", "none", "none"))
    monkeypatch.setattr(launch, "ALWAYS", (*launch.ALWAYS, "libnone.so.1"))
    assert launch.window_problem() == "Qt needs libnone.so.1; install with: sudo apt install libnone1"


@pytest.mark.parametrize(
    ("program", "command"),
    [
        ("apt-get", "sudo apt install libegl1 libgl1 libxcb-cursor0"),
        ("dnf", "sudo dnf install libglvnd-egl libglvnd-glx xcb-util-cursor"),
        ("pacman", "sudo pacman -S libglvnd xcb-util-cursor"),
    ],
)
def test_command_of_each_package_manager(programs, program, command):
    programs(program)
    assert launch.install_command(["libEGL.so.1", "libGL.so.1", "libxcb-cursor.so.0"]) == command


def test_without_a_package_manager_only_the_libraries_are_named(programs):
    programs()
    assert launch.install_command(["libGL.so.1"]) is None
    assert launch._library_problem(["libGL.so.1"]) == "Qt needs libGL.so.1"


@linux
def test_every_library_that_qt_asks_for_is_known():
    import PySide6

    qt = Path(PySide6.__file__).parent / "Qt"
    files = [*(qt / "lib" / f"libQt6{part}.so.6" for part in ("Core", "Gui", "Widgets", "XcbQpa", "DBus"))]
    linked = subprocess.run(["ldd", *files], capture_output=True, text=True, check=True, timeout=30).stdout
    unknown = {line.split()[0] for line in linked.splitlines() if "not found" in line} - set(launch.PACKAGES)
    assert unknown == set()


@linux
def test_without_a_display_the_example_trains_in_the_terminal(netloom_home):
    done = subprocess.run(
        [sys.executable, SCRIPT, "--template", "iris-mlp", "--epochs", "2"],
        capture_output=True, text=True, timeout=110, stdin=subprocess.DEVNULL, env=dict(os.environ), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("No window: there is no display here")
    weights = list(netloom_home.rglob("best.safetensors"))
    assert len(weights) == 1
    assert str(weights[0]) in done.stdout
