"""The command palette: every action with its key, found by a few letters, the last ones first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget
from tests.ui.person import Person, chain

from netloom.graph import Change, Patch
from netloom.ui.action_table import ACTIONS
from netloom.ui.command_entries import COMMANDS, LATELY, OFF
from netloom.ui.command_palette import ENTRY, CommandPalette, Entry


def opened(person: Person) -> CommandPalette:
    person.press("Ctrl+Shift+P", person.canvas)
    found = person.dialog("command-palette")
    assert isinstance(found, CommandPalette)
    return found


def entries(rows: QListWidget, section: str) -> list[Entry]:
    found = [rows.item(row).data(ENTRY) for row in range(rows.count())]
    return [entry for entry in found if entry is not None and entry.section == section]


@pytest.mark.parametrize("picks", [(), ("conv1", "relu")])
def test_every_action_is_there_with_its_key(person: Person, picks: tuple[str, ...]) -> None:
    person.editor.new(chain(), "chain")
    person.canvas.set_selection([person.node(name).id for name in picks])
    palette, table = opened(person), person.window.actions_table
    can, off = entries(palette.list, COMMANDS), entries(palette.list, OFF)
    wanted = {spec.id: table[spec.id].text().rstrip("…") for spec in ACTIONS if spec.id != "commands"}
    assert [entry.text for entry in can] == [text for name, text in wanted.items() if table[name].isEnabled()]
    assert [entry.text for entry in off] == [text for name, text in wanted.items() if not table[name].isEnabled()]
    hints = {entry.text: entry.hint for entry in (*can, *off)}
    assert all(hints[text].endswith(table.key_text(name)) for name, text in wanted.items())
    palette.reject()


def test_what_is_off_says_why_and_cannot_be_chosen(person: Person) -> None:
    person.editor.new(chain(), "chain")
    palette = opened(person)
    person.type("align left")
    [entry] = [each for each in entries(palette.list, OFF) if each.text == "Align left"]
    assert entry.hint == "select several nodes first   Alt+A"
    rows = [palette.list.item(row) for row in range(palette.list.count())]
    [row] = [item for item in rows if item.data(ENTRY) is entry]
    assert not row.flags() & Qt.ItemFlag.ItemIsSelectable
    for _ in rows:
        person.press("Down")
        assert palette.list.currentItem() is not row
    palette.reject()


@pytest.mark.parametrize(
    ("letters", "first"),
    [
        ("alft", "Align left"),
        ("alle", "Align left"),
        ("undo", "Undo"),
        ("bypass", "Bypass"),
        ("goto 3", "Go to bookmark 3"),
        ("dist down", "Distribute down"),
    ],
)
def test_a_few_letters_find_a_command(person: Person, letters: str, first: str) -> None:
    person.editor.new(chain(), "chain")
    person.editor.do(Patch("Comment", (Change("comment", person.node("relu").id, None, "x"),)))
    person.canvas.select_all()
    palette = opened(person)
    person.type(letters)
    found = [entry.text for section in (COMMANDS, OFF) for entry in entries(palette.list, section)]
    assert found[0].startswith(first)
    palette.reject()


def test_what_was_run_last_comes_first(person: Person) -> None:
    person.editor.new(chain(), "chain")
    palette = opened(person)
    assert not entries(palette.list, LATELY)
    palette.reject()
    for words in ("select all", "dark or light"):
        opened(person)
        person.type(words)
        person.press("Return")
    palette = opened(person)
    assert [entry.text for entry in entries(palette.list, LATELY)] == ["Dark or light", "Select all"]
    assert palette.list.currentItem().text() == "Dark or light"
    assert palette.field.accessibleDescription() == "Dark or light, Ctrl+Shift+L"
    person.press("Down")
    assert palette.field.accessibleDescription() == "Select all, Ctrl+A"
    palette.reject()
