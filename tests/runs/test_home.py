"""Where the user's files are."""

import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from netloom.runs import Store, home


def test_one_variable_moves_everything(netloom_home: Path) -> None:
    folders = (home.data_folder(), home.settings_folder(), home.cache_folder(), home.runs_folder(), home.log_folder())
    assert all(folder.is_relative_to(netloom_home) for folder in folders)
    assert Store().folder == home.runs_folder()


def test_without_it_the_platform_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETLOOM_HOME")
    assert home.data_folder() == platformdirs.user_data_path("netloom", appauthor=False)
    assert home.settings_folder() == platformdirs.user_config_path("netloom", appauthor=False)


def test_the_store_needs_neither_torch_nor_qt() -> None:
    code = "import sys, netloom.runs; print(sorted({'torch', 'PySide6', 'sklearn'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
