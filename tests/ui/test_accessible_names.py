"""Everything that can have the keyboard has a name for screen readers, in every state of the window and its dialogs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QWidget
from tests.runs.filled import fill
from tests.ui.conftest import short
from tests.ui.person import Person, chain, nested

from netloom import templates
from netloom.graph import Change, Patch, Remark, edit
from netloom.runs import home
from netloom.ui.action_table import ACTIONS
from netloom.ui.canvas.minimap import Minimap
from netloom.ui.document_tabs import DocumentTab
from netloom.ui.gallery import ChoiceCard

Name, Description = QAccessible.Text.Name, QAccessible.Text.Description
Act = Callable[[Person], object]


def spoken(widget: QWidget) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found


def seen() -> Iterator[QWidget]:
    """All widgets on the screen, in whatever window."""
    for top in QApplication.topLevelWidgets():
        if top.isVisible():
            yield top
            yield from (widget for widget in top.findChildren(QWidget) if widget.isVisible())


def rows(model: QAbstractItemModel, parent: QModelIndex | None = None) -> Iterator[QModelIndex]:
    parent = parent or QModelIndex()
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        yield index
        yield from rows(model, index)


def offenders() -> set[str]:
    """Widgets with the keyboard in reach, windows and rows that say nothing of what they are."""
    found = set()
    for widget in seen():
        takes_keys = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None
        is_window = widget.isWindow() and not isinstance(widget, QMenu)
        is_list = isinstance(widget, QAbstractItemView)
        label = f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        if (takes_keys or is_window or is_list) and not spoken(widget).text(Name).strip():
            found.add(label)
        if is_list:
            found |= {f"row {index.row()} of {label}" for index in rows(widget.model()) if not said(index)}
    return found


def said(index: QModelIndex) -> str:
    words = index.data(Qt.ItemDataRole.AccessibleTextRole) or index.data(Qt.ItemDataRole.DisplayRole)
    return str(words or "").strip()


def press(*keys: str) -> Act:
    def act(person: Person) -> None:
        for key in keys:
            person.press(key)

    return act


def picked(*names: str, then: Act = lambda _person: None) -> Act:
    def act(person: Person) -> None:
        person.canvas.set_selection([person.node(name).id for name in names])
        QApplication.processEvents()
        then(person)

    return act


def action(name: str) -> Act:
    return lambda person: person.window.actions_table[name].trigger()


def framed(person: Person) -> None:
    made = Remark("r1", "frame", "Stem", (96.0, -96.0), (400.0, 304.0))
    person.editor.do(Patch("Add frame", (Change("remark", "r1", None, made),)))
    person.canvas.set_selection((), remarks={"r1"})


def broken(person: Person) -> None:
    person.editor.do(
        edit.set_params(person.editor.document.graph, person.node("conv1").id, {"kernel_size": 99, "padding": 0}, ())
    )
    person.qtbot.waitUntil(lambda: bool(person.editor.plan.problems), timeout=10_000)
    person.window.show_page("Problems")


def trained(person: Person) -> None:
    person.editor.new(short(templates.document("moons-mlp"), epochs=1), "moons")
    person.press("F5")
    person.wait_for_end()
    person.window.show_page("Live")
    [first, *_] = person.editor.document.graph.nodes
    person.canvas.set_selection([first])


def kept_runs(person: Person, page: str = "Curves") -> None:
    panel = person.window.views.runs
    fill(home.runs_folder(), 4, steps=8, epochs=2)
    person.window.show_page("Runs")
    person.qtbot.waitUntil(lambda: panel._is_read and len(panel.model.rows) == 4, timeout=30_000)
    panel.table.select([panel.model.rows[1].id])
    panel.details.show_page(page)
    panel.offer_undo(2)
    person.qtbot.waitUntil(lambda: bool(person.window.views.compared.drawn), timeout=30_000)


def noticed(person: Person) -> None:
    person.window.say("The file cannot be opened.", "error")
    person.window.trust_offer.offer(("import os",))
    person.window.change_offer.show_text("chain.loom was changed outside.", "info")


def inside(person: Person) -> None:
    person.editor.new(nested(), "nested")
    person.canvas.set_selection([person.node("stage").id])
    person.press("Return", person.canvas)


def keeping(person: Person) -> None:
    inside(person)
    person.canvas.set_selection([person.node("first").id])
    action("save_block")(person)


STATES: dict[str, Act] = {
    "empty": action("new"),
    "filled": lambda _person: None,
    "welcome": action("welcome"),
    **{page: (lambda person, page=page: person.window.show_page(page)) for page in ("Code", "Log", "History")},
    "live": trained,
    "runs": kept_runs,
    "run details": lambda person: kept_runs(person, "Details"),
    "run notes": lambda person: kept_runs(person, "Notes"),
    "no runs": lambda person: person.window.show_page("Runs"),
    "problems": broken,
    "notices": noticed,
    "one node": picked("conv1"),
    "output": picked("answer"),
    "several nodes": picked("conv1", "relu"),
    "a block": inside,
    "frame": framed,
    "writing": picked(then=press("N")),
    "comment": picked("relu", then=press("Shift+C")),
    "rename": picked("relu", then=press("F2")),
    "values": picked("conv1", then=press("E")),
    "search": picked(then=press("Tab")),
    "connect": picked("image", then=press("W")),
    "commands": action("commands"),
    "find node": action("find_node"),
    "keys": action("keys"),
    "template": action("template"),
    "export": action("export"),
    "export drawing": action("export_drawing"),
    "run settings": action("run_settings"),
    "about": action("about"),
    "save block": keeping,
}


@pytest.mark.parametrize("state", STATES)
def test_everything_has_a_name(person: Person, state: str) -> None:
    person.editor.new(chain(), "chain")
    person.canvas.setFocus()
    STATES[state](person)
    QApplication.processEvents()
    try:
        assert offenders() == set()
    finally:
        for top in (QApplication.activeModalWidget(), QApplication.activePopupWidget()):
            if top is not None:
                top.close()


def test_what_is_painted_by_hand_says_what_it_is(person: Person) -> None:
    person.editor.new(chain(), "chain")
    [tab, *_] = person.window.findChildren(DocumentTab)
    minimap = person.window.findChild(Minimap)
    person.press("Ctrl+Shift+N")
    cards = person.dialog("template-picker").findChildren(ChoiceCard)
    for widget in (tab, minimap, *cards):
        assert spoken(widget).text(Name)
        assert spoken(widget).text(Description)
    assert spoken(cards[0]).role() == QAccessible.Role.Button
    QApplication.activeModalWidget().close()


def test_every_action_has_words(person: Person) -> None:
    table = person.window.actions_table
    assert all(table[spec.id].text() and table[spec.id].toolTip() for spec in ACTIONS)


def test_a_walk_is_told_with_neighbours_and_problems(person: Person) -> None:
    person.editor.new(chain(), "chain")
    person.canvas.setFocus()
    broken(person)
    heard = []
    for _ in range(3):
        person.press("Right", person.canvas)
        heard.append(person.canvas.accessibleDescription())
    assert heard[0] == "image, Input, to conv1"
    assert heard[1].startswith("conv1, Conv2d, from image, to relu, error: ")
    assert heard[2] == "relu, ReLU, from conv1, to conv2"


def test_a_level_is_told(person: Person) -> None:
    inside(person)
    assert person.canvas.accessibleDescription() == "inside block Stage, 4 nodes"
    person.press("Escape", person.canvas)
    assert person.canvas.accessibleDescription().startswith("stage, Block")
    person.press("Escape", person.canvas)
    assert person.canvas.accessibleDescription() == "top level, 4 nodes"


def test_the_row_of_a_search_is_told(person: Person) -> None:
    person.editor.new(chain(), "chain")
    person.press("Tab", person.canvas)
    field = QApplication.focusWidget()
    person.type("relu")
    assert field.accessibleDescription() == "ReLU, Activation"
    person.press("Down")
    assert field.accessibleDescription() not in ("", "ReLU, Activation")
