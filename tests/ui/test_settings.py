from pathlib import Path

import msgspec
import pytest

from netloom.ui import settings
from netloom.ui.settings import Settings


def test_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert settings.load(tmp_path / "none.json") == (Settings(), "")


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "window.json"
    wanted = Settings(theme="light", palette_width=300, recent_kinds=("ReLU",))
    assert settings.save(wanted, path) == ""
    assert settings.load(path) == (wanted, "")
    assert [file.name for file in path.parent.iterdir()] == ["window.json"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"theme": 3}', b"\xff\xfe", b'{"recent_files": "no"}'])
def test_damaged_file_gives_the_defaults_and_a_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(content)
    found, complaint = settings.load(path)
    assert found == Settings()
    assert "window.json" in complaint


def test_unknown_settings_of_a_newer_version_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(msgspec.json.encode({"theme": "light", "hologram": True}))
    assert settings.load(path)[0].theme == "light"


def test_failed_save_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "file"
    folder.write_text("in the way")
    assert "cannot be kept" in settings.save(Settings(), folder / "window.json")
    assert folder.read_text() == "in the way"


def test_recent_files_are_unique_and_few(tmp_path: Path) -> None:
    found = Settings()
    for number in [*range(15), 3]:
        found = found.with_recent(tmp_path / f"{number}.loom")
    assert len(found.recent_files) == settings.RECENT
    assert Path(found.recent_files[0]).name == "3.loom"
    assert len(set(found.recent_files)) == settings.RECENT


def test_settings_file_is_in_the_users_folder(netloom_home: Path) -> None:
    assert settings.default_file().is_relative_to(netloom_home)
