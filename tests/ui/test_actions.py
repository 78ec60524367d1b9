from collections import Counter
from itertools import combinations
from typing import get_args

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from netloom.ui import icons
from netloom.ui.action_spec import MENUS, MenuName
from netloom.ui.action_table import ACTIONS
from netloom.ui.actions import Actions


@pytest.fixture
def widget(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_ids_and_keys_are_unique() -> None:
    assert [name for name, count in Counter(spec.id for spec in ACTIONS).items() if count > 1] == []
    keys = {spec.id: {QKeySequence(key).toString() for key in spec.shortcuts} for spec in ACTIONS}
    assert not any("" in found for found in keys.values())
    both = [(one.id, two.id) for one, two in combinations(ACTIONS, 2) if one.meets(two) and keys[one.id] & keys[two.id]]
    assert both == []


def test_every_action_has_words_and_an_icon_that_exists(qtbot: QtBot) -> None:
    for spec in ACTIONS:
        assert spec.menu in get_args(MenuName)
        assert spec.tip
        if spec.icon:
            assert not icons.icon(spec.icon).isNull()


def test_every_action_must_be_bound(widget: QWidget) -> None:
    with pytest.raises(ValueError, match="undo"):
        Actions(widget).bind({spec.id: print for spec in ACTIONS if spec.id != "undo"})


def test_a_bound_action_runs(widget: QWidget) -> None:
    actions = Actions(widget)
    done: list[str] = []
    actions.bind({spec.id: (lambda key=spec.id: done.append(key)) for spec in ACTIONS})
    actions["save"].trigger()
    assert done == ["save"]


def test_actions_are_enabled_by_what_holds(widget: QWidget) -> None:
    actions = Actions(widget)
    actions.enable(["undoable"])
    assert actions["undo"].isEnabled()
    assert not actions["redo"].isEnabled()
    assert actions["new"].isEnabled()


def test_menus_hold_the_actions_in_order(widget: QWidget) -> None:
    actions = Actions(widget)
    for name in MENUS:
        shown = [action.objectName() for action in actions.menu(name, widget).actions() if not action.isSeparator()]
        assert shown == [f"action-{spec.id}" for spec in ACTIONS if spec.menu == name]


def test_undo_carries_the_name_of_the_step(widget: QWidget) -> None:
    actions = Actions(widget)
    actions.rename("undo", "Set out_channels of conv1")
    assert actions["undo"].text() == "Undo Set out_channels of conv1"
    actions.rename("undo", "")
    assert actions["undo"].text() == "Undo"


def test_tips_name_the_key(widget: QWidget) -> None:
    actions = Actions(widget)
    assert actions.key_text("save") == "Ctrl+S"
    assert actions["save"].toolTip().endswith("(Ctrl+S)")


def test_keys_that_a_person_chose_take_the_place_of_those_of_the_table(widget: QWidget) -> None:
    actions = Actions(widget)
    actions.set_keys({"save": ["Ctrl+Alt+S"]})
    assert actions.key_text("save") == "Ctrl+Alt+S"
    assert actions.key_text("open") == "Ctrl+O"
    actions.set_keys({})
    assert actions["save"].toolTip().endswith("(Ctrl+S)")
