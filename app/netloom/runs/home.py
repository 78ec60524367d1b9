"""Where Netloom keeps what belongs to a user. `NETLOOM_HOME` moves all of it to one folder."""

import os
from pathlib import Path

import platformdirs


def _moved() -> Path | None:
    home = os.environ.get("NETLOOM_HOME")
    return Path(home).expanduser().absolute() if home else None


def data_folder() -> Path:
    """Runs, journals and personal blocks. The folder may not exist yet."""
    return _moved() or platformdirs.user_data_path("netloom", appauthor=False)


def settings_folder() -> Path:
    """Settings of the window. The folder may not exist yet."""
    home = _moved()
    return home / "settings" if home else platformdirs.user_config_path("netloom", appauthor=False)


def cache_folder() -> Path:
    """What can be made again. The folder may not exist yet."""
    home = _moved()
    return home / "cache" if home else platformdirs.user_cache_path("netloom", appauthor=False)


def runs_folder() -> Path:
    """The run store: its database, and a folder for each run."""
    return data_folder() / "runs"


def journals_folder() -> Path:
    """What was done to documents that are open, a folder for each. It may not exist yet."""
    return data_folder() / "journals"


def trust_file() -> Path:
    """Digests of the code that the user trusts."""
    return data_folder() / "trusted.json"


def blocks_folder() -> Path:
    """The user's own blocks."""
    return data_folder() / "blocks"


def log_folder() -> Path:
    """Reports of unexpected errors. The folder may not exist yet."""
    return data_folder() / "logs"
