"""Wrong usage, unexpected errors, and the entry to the window."""

import subprocess
import sys
from pathlib import Path

import pytest

import netloom
from netloom.runs import home


@pytest.mark.parametrize(
    "arguments",
    [
        ["train"],
        ["train", "missing.loom"],
        ["check", "--sideways", "iris.loom"],
        ["train", "iris.loom", "--epochs", "0"],
        ["train", "iris.loom", "--epochs", "many"],
        ["train", "iris.loom", "--resume", "nothing"],
        ["export", "iris.loom", "-o", "model.h5"],
        ["export", "iris.loom", "-o", "model.onnx", "--run", "nothing"],
        ["runs", "show", "nothing"],
        ["runs", "compare", "one"],
        ["runs", "destroy"],
        ["missing.loom"],
        ["--sideways"],
        ["iris.loom", "other.loom"],
    ],
)
def test_wrong_usage_is_one_line_and_two(run, iris: Path, arguments: list[str]) -> None:
    refused = run(*arguments)
    assert refused.code == 2
    assert refused.out == ""
    assert refused.err.count("\n") == 1
    assert refused.err.startswith("netloom: ")


def test_a_mistyped_command_is_guessed(run) -> None:
    assert run("trian", "a.loom").err == "netloom: there is no file and no command 'trian'. Did you mean train?\n"


def test_help_and_version(run) -> None:
    assert run("--version").out == f"netloom {netloom.__version__}\n"
    shown = run("--help")
    assert shown.code == 0
    for command in ("templates", "new", "check", "code", "train", "export", "runs"):
        assert command in shown.out
        assert run(command, "--help").code == 0
    assert "window" not in [line.split()[1] for line in shown.out.splitlines() if line.startswith("│ ")]


def test_an_unexpected_error_is_kept_in_a_file(run, iris: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netloom, "plan", lambda _: 1 / 0)
    refused = run("check", iris, "--json")
    assert refused.code == 1
    assert "ZeroDivisionError" in refused.json["error"]
    (report,) = home.log_folder().iterdir()
    assert "1 / 0" in report.read_text()
    assert str(report) in refused.err


def test_ctrl_c_ends_with_130(run, iris: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(netloom, "plan", interrupted)
    assert run("check", iris).code == 130


def test_without_a_display_the_window_is_refused_in_one_line(run, iris: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    for arguments in ((), (iris,)):
        refused = run(*arguments)
        assert refused.code == 1
        assert refused.err.count("\n") == 1
        assert "netloom train" in refused.err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], (None, False, None)),
        (["iris.loom"], ("iris.loom", False, None)),
        (["iris.loom", "--train"], ("iris.loom", True, None)),
        (["--template", "digits-cnn", "--train"], (None, True, "digits-cnn")),
    ],
)
def test_anything_else_opens_the_window(run, iris: Path, monkeypatch, arguments: list[str], expected: tuple) -> None:
    asked = []
    app = pytest.importorskip("netloom.ui.app")
    monkeypatch.setattr("netloom.cli.window.window_problem", lambda: None)
    monkeypatch.setattr(app, "main", lambda path, *, start, template: asked.append((path, start, template)) or 0)
    assert run(*arguments).code == 0
    assert asked == [expected]


def test_brackets_in_paths_are_no_markup(run, iris: Path) -> None:
    folder = iris.parent / "["
    folder.mkdir()
    odd = Path("[") / "bold].loom"
    made = run("new", "iris-mlp", "-o", odd)
    assert (made.code, made.out.split()[0]) == (0, str(odd))
    assert run("code", odd, "-o", "[/x].py").out.strip() == "[/x].py"
    assert f"netloom export {odd} --run" in run("train", odd, "--epochs", 1).out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("stream", [">/dev/full", ">&-"])
def test_an_output_that_takes_nothing_is_one_line(iris: Path, stream: str) -> None:
    command = f'"{sys.executable}" -m netloom check iris.loom --json {stream}'
    ended = subprocess.run(command, shell=True, cwd=iris.parent, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr.count("\n")) == ((1, 1) if "full" in stream else (0, 0)), ended.stderr
