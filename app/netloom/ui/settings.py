"""What the window remembers between two starts, in one JSON file under the user's folder."""

from pathlib import Path

import msgspec

from netloom.graph import atomic
from netloom.runs import home

RECENT, RECENT_COMMANDS = 10, 5


class Settings(msgspec.Struct, frozen=True):
    """Every setting with its default; sizes are in pixels, `geometry` is Qt's, as hexadecimal.

    `kind_uses` counts how often each kind was added, `keys` holds keys that the person chose for actions,
    `recent_commands` the actions that were run by the command palette, the last one first.
    """

    theme: str = "dark"
    geometry: str = ""
    palette_width: int = 208
    inspector_width: int = 288
    dock_height: int = 256
    hidden_panels: tuple[str, ...] = ()
    recent_files: tuple[str, ...] = ()
    recent_kinds: tuple[str, ...] = ()
    kind_uses: dict[str, int] = {}
    keys: dict[str, tuple[str, ...]] = {}
    open_sections: tuple[str, ...] = ()
    recent_commands: tuple[str, ...] = ()

    def with_recent(self, path: Path) -> "Settings":
        """The same, with this file as the most recent one."""
        text = str(path.resolve())
        kept = (text, *(name for name in self.recent_files if name != text))
        return msgspec.structs.replace(self, recent_files=kept[:RECENT])

    def with_command(self, name: str) -> "Settings":
        """The same, with this action as the one that was run last."""
        kept = (name, *(each for each in self.recent_commands if each != name))
        return msgspec.structs.replace(self, recent_commands=kept[:RECENT_COMMANDS])


def default_file() -> Path:
    """Where the settings of this user are."""
    return home.settings_folder() / "window.json"


def load(path: Path) -> tuple[Settings, str]:
    """The settings of a file, and what is to be said where it cannot be read; a missing one gives the defaults."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings), ""
    except FileNotFoundError:
        return Settings(), ""
    except (OSError, ValueError, msgspec.MsgspecError) as error:
        return Settings(), f"{path}: the settings cannot be read ({error}). Netloom starts with the defaults."


def save(settings: Settings, path: Path) -> str:
    """Write the settings beside the file and rename; what is to be said where that fails, else nothing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write(path, msgspec.json.format(msgspec.json.encode(settings)))
    except OSError as error:
        return f"{path}: the settings cannot be kept ({error.strerror or error})."
    return ""
