"""What the documents in the root promise: examples that run, targets, files and templates that exist."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from netloom.ui.action_table import ACTIONS

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def example(language: str) -> str:
    """Return the block of the README that is marked as tested."""
    return re.search(rf"<!-- tested -->\n```{language}\n(.*?)```", read("README.md"), re.DOTALL)[1]


def run(*command: str, folder: Path) -> str:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = os.environ | {"PATH": path}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_commands_run(tmp_path):
    run("sh", "-e", "-c", example("bash"), folder=tmp_path)
    assert {"iris.loom", "iris.py", "model.onnx"} <= {path.name for path in tmp_path.iterdir()}


def test_python_runs_and_prints_what_it_says(tmp_path):
    printed = run(sys.executable, "-c", example("python"), folder=tmp_path).splitlines()
    assert printed[0] == re.search(r"parameters\) +# (\d+)", example("python"))[1]
    assert "class Model(nn.Module):" in printed
    assert printed[-1] == "torch.Size([5, 10])"


def test_templates_are_all_named():
    from netloom.templates import TEMPLATES

    told, _, _ = read("README.md").partition("## Command line")
    named = re.findall(r"^\| `([a-z0-9-]+)` \|", told, re.MULTILINE)
    assert named == list(TEMPLATES)


@pytest.mark.parametrize("page", PAGES)
def test_targets_exist(page):
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", read(page))) <= targets


@pytest.mark.parametrize("page", PAGES)
def test_files_exist(page):
    named = re.findall(r"(?:\]\(|`)((?:[\w.-]+/)+[\w.-]*)[`)]", read(page))
    made = ("build/",)
    places = (ROOT, ROOT / "app" / "netloom", ROOT / "app" / "netloom" / "ui")
    assert [name for name in named if not name.startswith(made) and not any((p / name).exists() for p in places)] == []


def test_constraints_meet_the_declared_ranges():
    from packaging.requirements import Requirement

    pins = {name.lower().replace("_", "-"): version for name, version in re.findall(r"^(\S+)==(\S+)$", read("packaging/constraints.txt"), re.MULTILINE)}  # fmt: skip  # noqa: E501
    project = tomllib.loads(read("pyproject.toml"))["project"]
    for text in (*project["dependencies"], *project["optional-dependencies"]["dev"]):
        wanted = Requirement(text)
        assert pins[wanted.name.lower()] in wanted.specifier, text


def test_the_keys_that_are_named_are_those_of_the_actions():
    known = {key for action in ACTIONS for key in action.shortcuts}
    lists = re.findall(r"^\| (`.*?) \|", read("README.md").split("| key |")[1].split("\n\n")[0], re.MULTILINE)
    named = {key for each in lists for key in re.findall(r"`([^`]+)`", each)}
    assert len(named) > 10
    assert named <= known
