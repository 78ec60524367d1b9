"""The canvas with 1,000, 5,000 and 10,000 nodes beside NodeGraphQt: real mouse events on the real window, CPU medians.

Each size is a fresh process without a screen: `canvas_netloom.py` for the window with its model, undo and planning,
`peer_nodegraphqt.py` for the peer, which runs in an environment of its own under build/peer, made when it is missing.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BYTECODE = ROOT / "build" / "bytecode"
PEER = ROOT / "build" / "peer"
PEER_NEEDS = ("NodeGraphQt", "PySide6-Essentials<6.12", "Qt.py", "psutil", "setuptools")
PEER_SECONDS = {1_000: 300.0, 5_000: 600.0}
SIZES = (1_000, 5_000, 10_000)
OPENINGS = 3
MARKS: dict[str, tuple[str, str, tuple[float, float, float]]] = {
    "repaint_whole": ("repaint, whole graph", "ms", (5, 8, 12)),
    "repaint_near": ("repaint, 100 %", "ms", (12, 14, 16)),
    "drag_near": ("drag a node 10 px, 100 %", "ms", (1, 1.5, 2)),
    "drag_whole": ("drag a node 10 px, whole graph", "ms", (1, 1.5, 2)),
    "pan_near": ("pan step, 100 %", "ms", (3, 4, 5)),
    "pan_whole": ("pan step, whole graph", "ms", (3, 5, 8)),
    "open": ("open from a file, first paint", "ms", (300, 1_500, 3_000)),
    "delete": ("delete all", "ms", (50, 200, 400)),
    "undo": ("undo deleting all", "ms", (100, 400, 800)),
    "memory": ("memory added", "MB", (50, 120, 220)),
    "connect": ("connect one wire, checks included", "ms", (5, 10, 20)),
}

Figures: TypeAlias = dict[str, float]


def rows() -> list[dict[str, Any]]:
    """Return the figures for `make bench`."""
    peer = peer_python()
    return [row for place, size in enumerate(SIZES) for row in _rows_of(size, place, peer)]


def _rows_of(size: int, place: int, peer: Path | None) -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.loom"
        _netloom("write", size, path)
        openings = [_netloom("open", size, path) for _ in range(OPENINGS)]
        found = _netloom("hands", size, path)
    found |= {key: statistics.median(each[key] for each in openings) for key in ("open", "memory")}
    beside = peer_figures(peer, size)
    for key, (name, unit, marks) in MARKS.items():
        row = {"name": f"{size:,} nodes: {name}", "value": found[key], "unit": unit, "mark": marks[place]}
        yield {**row, "holds": found[key] <= marks[place], **beside_it(beside.get(key))}


def beside_it(value: float | None) -> dict[str, Any]:
    """Return the peer's part of a row."""
    return {} if value is None else {"peer": "NodeGraphQt", "peer_value": value}


def _netloom(what: str, size: int, path: Path) -> Figures:
    return _asked([sys.executable, str(HERE / "canvas_netloom.py"), what, str(size), str(path)])


def _asked(command: list[str], limit: float = 600.0) -> Figures:
    """Return what a program prints last, run with a user folder of its own."""
    with tempfile.TemporaryDirectory() as home:
        bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(BYTECODE)}  # as on any user's machine
        env = {**os.environ, **bytecode, "NETLOOM_HOME": home, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=limit)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[1:])} failed:\n{done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def peer_python() -> Path | None:
    """Return the interpreter of the peer's environment, which is made where it is missing; None where that fails."""
    python = PEER / "bin" / "python"
    done = PEER / ".installed"
    if done.exists():
        return python
    try:
        venv.create(PEER, with_pip=True, clear=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEER_NEEDS]
        subprocess.run(install, check=True, timeout=900)
    except (OSError, subprocess.SubprocessError) as error:
        sys.stderr.write(f"There is no peer to compare with, since it could not be installed: {error}\n")
        return None
    done.touch()
    return python


def peer_figures(python: Path | None, size: int) -> Figures:
    """Return what the peer takes; nothing for sizes that it needs too long for."""
    if python is None:
        return {}
    if size not in PEER_SECONDS:
        sys.stderr.write(f"NodeGraphQt is not measured with {size:,} nodes, which would take it an hour.\n")
        return {}
    try:
        return _asked([str(python), str(HERE / "peer_nodegraphqt.py"), str(size)], PEER_SECONDS[size])
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"NodeGraphQt with {size:,} nodes gave no figures: {str(error)[-400:]}\n")
        return {}
