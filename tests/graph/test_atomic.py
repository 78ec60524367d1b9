"""Files are replaced as a whole."""

import os
import stat
import sys
from pathlib import Path

import pytest

from netloom.graph import atomic

posix = pytest.mark.skipif(sys.platform == "win32", reason="permissions and links are those of POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_made_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    for data in (b"old", b"", b"new \x00\r\n"):
        atomic.write(path, data)
        assert path.read_bytes() == data
    assert [each.name for each in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "a.bin"
    atomic.write(path, b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(OSError, match="No space left"):
        atomic.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.bin"]


@posix
def test_permissions_are_the_usual_ones_and_stay(tmp_path: Path) -> None:
    usual, path = tmp_path / "usual", tmp_path / "a.bin"
    usual.touch()
    atomic.write(path, b"first")
    assert mode(path) == mode(usual)
    path.chmod(0o600)
    atomic.write(path, b"second")
    assert mode(path) == 0o600


@posix
def test_a_link_leads_to_its_file_as_before(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "link.bin"
    link.symlink_to(tmp_path / "real" / "a.bin")
    atomic.write(link, b"data")
    assert link.is_symlink()
    assert (tmp_path / "real" / "a.bin").read_bytes() == b"data"


def test_a_folder_in_the_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    for path in (tmp_path / "taken", tmp_path / "nowhere" / "a.bin"):
        with pytest.raises(OSError, match="director"):
            atomic.write(path, b"data")
    assert [each.name for each in tmp_path.iterdir()] == ["taken"]
