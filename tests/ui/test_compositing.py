"""Popups on screens with and without a compositor."""

import ctypes.util

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from netloom.ui import compositing, theme
from netloom.ui.compositing import Menu, is_composited
from netloom.ui.sheet import SHADOW as MARGIN
from netloom.ui.sheet import Floating


@pytest.fixture
def popup(qtbot: QtBot, qapp: QApplication) -> Floating:
    theme.apply(qapp, "dark")
    window = QWidget()
    qtbot.addWidget(window)
    return Floating("Popup", "popup", window)


def test_a_screen_that_is_no_x_server_mixes_windows() -> None:
    assert is_composited()


def test_a_popup_keeps_its_shadow_where_windows_are_mixed(popup: Floating) -> None:
    popup.show()
    popup.resize(200, 120)
    assert popup.mask().isEmpty()
    picture = popup.grab().toImage()
    assert picture.pixelColor(0, 0).alpha() == 0
    assert 0 < picture.pixelColor(100, 120 - MARGIN + 2).alpha() < 255
    assert picture.pixelColor(100, 60) == theme.current().color("overlay")


def test_a_popup_is_cut_to_its_card_where_they_are_not(popup: Floating, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compositing, "is_composited", lambda: False)
    popup.show()
    popup.resize(200, 120)
    assert popup.mask().boundingRect() == popup.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
    assert not popup.mask().contains(QPoint(MARGIN, MARGIN))
    popup.resize(260, 120)
    assert popup.mask().contains(QPoint(225, 60))


def test_a_menu_has_round_corners_on_either(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    menu = Menu("File")
    qtbot.addWidget(menu)
    menu.addAction("Open")
    menu.resize(120, 60)
    assert menu.grab().toImage().pixelColor(0, 0).alpha() == 0
    monkeypatch.setattr(compositing, "is_composited", lambda: False)
    menu.grab()
    menu.resize(140, 60)
    menu.grab()
    assert not menu.mask().contains(QPoint(0, 0))


def test_a_library_that_is_not_there_is_no_reason_to_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes.util, "find_library", lambda _name: None)
    assert compositing._has_compositor(0)
