"""`make run`: the window on an example that trains at once; where none can open, the same training in the terminal."""

import argparse
import ctypes
import os
import shutil
import socket
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

# What the packages of Qt do not bring along: the library, and its package for apt, dnf and pacman.
PACKAGES = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    "libwayland-client.so.0": ("libwayland-client0", "libwayland-client", "wayland"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "libwayland-cursor", "wayland"),
}
INSTALLERS = (("apt-get", "sudo apt install"), ("dnf", "sudo dnf install"), ("pacman", "sudo pacman -S"))
WAYLAND = tuple(name for name in PACKAGES if name.startswith("libwayland"))
X11 = tuple(name for name in PACKAGES if name.startswith(("libxcb", "libX11-xcb", "libxkbcommon-x11")))
ALWAYS = tuple(name for name in PACKAGES if name not in WAYLAND + X11)


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, or train in the terminal; the exit code is that of the command line."""
    options = _options(arguments)
    problem = window_problem()
    if problem is None:
        from netloom.ui.app import main as open_window

        return open_window(None, start=True, template=options.template)
    print(f"No window: {problem}. Training {options.template} in the terminal instead.", flush=True)  # noqa: T201
    return train_in_terminal(options.template, options.epochs)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="launch.py", description=__doc__)
    parser.add_argument("--template", default="digits-cnn", help="the example to open")
    parser.add_argument("--epochs", type=int, help="end earlier or later than the example (in the terminal)")
    return parser.parse_args(arguments)


def train_in_terminal(template: str, epochs: int | None = None) -> int:
    """Train a template with the live display of `netloom train`, which ends with the places of the model files."""
    import netloom
    from netloom.cli.app import main as command
    from netloom.runs import home
    from netloom.templates import document

    path = home.cache_folder() / f"{template}.loom"
    path.parent.mkdir(parents=True, exist_ok=True)
    netloom.save(document(template), path)
    return command(["train", str(path), *(["--epochs", str(epochs)] if epochs else [])])


def window_problem() -> str | None:
    """Say in one line why no window can open here; None where one can. Qt itself would end the process."""
    if not sys.platform.startswith("linux"):
        return None
    if os.environ.get("QT_QPA_PLATFORM"):
        return _library_problem(missing(ALWAYS))
    displays = [name for name in ("WAYLAND_DISPLAY", "DISPLAY") if os.environ.get(name)]
    if not displays:
        return "there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    reached = [name for name in displays if (_reach_wayland if name.startswith("WAYLAND") else _reach_x11)()]
    if not reached:
        return f"the display {os.environ[displays[-1]]!r} cannot be reached"
    gaps = [missing(ALWAYS + (WAYLAND if name.startswith("WAYLAND") else X11)) for name in reached]
    return _library_problem(min(gaps, key=len))


def _reach_wayland() -> bool:
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/"), os.environ["WAYLAND_DISPLAY"])
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(path)) == 0


def _reach_x11() -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # the list of missing libraries then says more
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not failed


def missing(libraries: Iterable[str]) -> list[str]:
    """Return those of the system libraries that cannot be loaded."""
    return [name for name in libraries if not _loads(name)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _library_problem(libraries: Sequence[str]) -> str | None:
    if not libraries:
        return None
    command = install_command(libraries)
    return f"Qt needs {', '.join(libraries)}" + (f"; install with: {command}" if command else "")


def install_command(libraries: Iterable[str]) -> str | None:
    """Return the command that installs these libraries here; None without a package manager that is known."""
    for column, (program, command) in enumerate(INSTALLERS):
        if shutil.which(program):
            packages = dict.fromkeys(PACKAGES[name][column] for name in libraries)
            return " ".join((command, *packages))
    return None
