"""Every action of the table, by its key on a shown window: what it does is seen afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from tests.runs.filled import fill
from tests.ui.person import Person, chain, nested

from netloom.graph import Change, Patch, Remark, edit
from netloom.layers.catalogue import spec
from netloom.runs import RunLine, Store, home
from netloom.ui import dialogs, theme
from netloom.ui.action_spec import ActionSpec
from netloom.ui.action_table import ACTIONS
from netloom.ui.canvas.walk import STEPS
from netloom.ui.canvas_actions import DIGITS

if TYPE_CHECKING:
    from netloom.graph import Document

Act = Callable[[Person], object]
Check = Callable[[Person], bool]


@dataclass(frozen=True)
class Case:
    """Nodes to pick, what to do before, and what must hold afterwards; by a key, or where it has none by the menu."""

    check: Check
    picks: tuple[str, ...] = ()
    before: Act = lambda person: None
    document: Callable[[], Document] = chain


def has(*names: str) -> Check:
    return lambda person: set(names) <= {node.name for node in person.editor.document.graph.nodes.values()}


def lacks(*names: str) -> Check:
    return lambda person: not {node.name for node in person.editor.document.graph.nodes.values()} & set(names)


def chosen(*names: str) -> Check:
    return lambda person: person.canvas.selection == {person.node(name).id for name in names}


def wired(source: str, target: str) -> Check:
    def check(person: Person) -> bool:
        wires = person.editor.document.graph.into(person.node(target).id)
        return any(wire.source == person.node(source).id for wire in wires)

    return check


def said(name: str) -> Check:
    """A dialog of that name is open."""
    return lambda person: person.dialog(name) is not None


def page(name: str) -> Check:
    return lambda person: person.window.views.dock.page == name


def place(person: Person, name: str) -> tuple[float, float]:
    return person.editor.document.positions[person.node(name).id]


def moved(dx: float, dy: float) -> Check:
    return lambda person: place(person, "conv1") == (200.0 + dx, dy)


def resized(wide: float, high: float) -> Check:
    return lambda person: person.editor.document.remarks["r1"].size == (400.0 + wide, 304.0 + high)


def inside_of(panel: QWidget) -> bool:
    return panel.isAncestorOf(QApplication.focusWidget())


def level_edges(edge: Callable[[Person, str], float]) -> Check:
    return lambda person: len({round(edge(person, name), 1) for name in ("conv1", "relu", "conv2")}) == 1


def card(person: Person, name: str):
    return person.canvas.graph_scene.nodes[person.node(name).id].scene_card()


def scatter(person: Person) -> None:
    """Put three cards apart in both ways, with unequal gaps."""
    spots = {"conv1": (200.0, 96.0), "relu": (400.0, 304.0), "conv2": (1000.0, 904.0)}
    ids = {person.node(name).id: spot for name, spot in spots.items()}
    person.editor.do(edit.move(person.editor.document, ids))


def gaps_are_equal(person: Person, *, across: bool) -> bool:
    cards = [card(person, name) for name in ("conv1", "relu", "conv2")]
    if across:
        return abs((cards[1].left() - cards[0].right()) - (cards[2].left() - cards[1].right())) <= 8
    return abs((cards[1].top() - cards[0].bottom()) - (cards[2].top() - cards[1].bottom())) <= 8


def copied(*names: str) -> Act:
    def act(person: Person) -> None:
        person.pick(*names)
        person.press("Ctrl+C", person.canvas)

    return act


def zoomed(test: Callable[[float, float], bool]) -> Check:
    return lambda person: test(person.canvas.zoom, 0.5)


def at_half(person: Person) -> None:
    person.canvas.set_zoom(0.5)


def make_block(person: Person) -> None:
    person.pick("conv1", "relu")
    person.press("Ctrl+G", person.canvas)
    person.press("Escape")


def inside(person: Person) -> None:
    person.pick("stage")
    person.press("Return", person.canvas)


def renamed(person: Person) -> None:
    person.editor.do(edit.rename(person.editor.document.graph, person.node("relu").id, "act"))


def undone(person: Person) -> None:
    renamed(person)
    person.editor.undo()


def second(person: Person) -> None:
    person.editor.new(nested(), "second")
    person.canvas.setFocus()


def remark(kind: str) -> Check:
    return lambda person: [each.kind for each in person.editor.document.remarks.values()] == [kind]


def training(person: Person) -> None:
    from tests.ui.conftest import short

    from netloom import templates

    person.editor.new(short(templates.document("moons-mlp"), epochs=2), "moons")


def applied(person: Person) -> bool:
    """The run takes a change over after its step."""
    person.qtbot.waitUntil(lambda: bool(person.window.controller.progress.changes), timeout=30_000)
    return True


def another_rate(person: Person) -> None:
    """A rate that the run does not know."""
    running(person)
    graph = person.window.editor.document.graph
    (optimizer,) = [node for node in graph.level() if spec(node.kind).role == "optimizer"]
    person.editor.do(edit.set_params(graph, optimizer.id, {**optimizer.params, "lr": 0.0123}))


def running(person: Person) -> None:
    training(person)
    person.editor.document.apply(
        edit.set_training(person.editor.document, type(person.editor.document.training)(epochs=500, autotune=False))
    )
    person.press("F5", person.window)
    person.qtbot.waitUntil(lambda: person.window.controller.phase == "running", timeout=30_000)


def stroke(person: Person) -> None:
    """Draw over the wire from conv1 to relu."""
    start = card(person, "conv1").topRight() + card(person, "relu").topLeft()
    middle = person.place(start / 2)
    person.drag_on_canvas(middle - QPoint(0, 30), middle + QPoint(0, 70))


def circle(person: Person) -> None:
    """Draw round conv1 and relu."""
    box = card(person, "conv1").united(card(person, "relu")).adjusted(-30, -30, 20, 30)
    corners = [box.topLeft(), box.topRight(), box.bottomRight(), box.bottomLeft(), box.topLeft()]
    port, spots = person.canvas.viewport(), [person.place(corner) for corner in corners]
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=spots[0])
    for spot in spots[1:]:
        QTest.mouseMove(port, spot)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=spots[-1])
    QApplication.processEvents()


def afterwards(act: Act, check: Check) -> Check:
    """Something that the armed canvas waits for, and then what must hold."""

    def do(person: Person) -> bool:
        act(person)
        return check(person)

    return do


def typing(kind: type) -> Check:
    return lambda person: isinstance(QApplication.focusWidget(), kind)


def gap(person: Person) -> None:
    """Take the wire between conv1 and relu away."""
    graph = person.editor.document.graph
    [wire] = graph.into(person.node("relu").id)
    person.editor.do(edit.remove(person.editor.document, wires=[wire]))


def bent(person: Person) -> bool:
    return len(person.editor.document.bends) == 1


def with_wire(person: Person) -> None:
    person.pick("conv1")
    person.press(".", person.canvas)


def marked(person: Person) -> None:
    person.canvas.set_zoom(0.5)
    for digit in DIGITS:
        person.press(f"Ctrl+Shift+{digit}", person.canvas)
    person.canvas.set_zoom(1.5)


def runs(*rows: int, then: Act = lambda _person: None) -> Act:
    """Six runs in the store, and those in these rows selected."""

    def act(person: Person) -> None:
        panel = person.window.views.runs
        fill(home.runs_folder(), 6, steps=8, epochs=2)
        person.window.show_page("Runs")
        person.qtbot.waitUntil(lambda: panel._is_read and len(panel.model.rows) == 6, timeout=30_000)
        panel.table.select([panel.model.rows[row].id for row in rows])
        then(person)

    return act


def soon(check: Check) -> Check:
    """What the store's thread does takes a moment."""

    def wait(person: Person) -> bool:
        person.qtbot.waitUntil(lambda: check(person), timeout=30_000)
        return True

    return wait


def kept(test: Callable[[list[RunLine]], bool]) -> Check:
    return soon(lambda person: test(Store().runs()))


def queue_of_two(person: Person) -> None:
    """A run goes on and two wait; the second of them is selected."""
    running(person)
    for name in ("one", "two"):
        person.editor.session.name = name
        person.window.runs.enqueue()
    person.window.show_page("Runs")
    table = person.window.views.runs.table
    person.qtbot.waitUntil(lambda: len(table.runs.rows) >= 2, timeout=30_000)


def pick_queued(row: int) -> Act:
    def act(person: Person) -> None:
        queue_of_two(person)
        person.window.views.runs.table.select([person.window.runs.queue.waiting[row].key])

    return act


def queue_is(*names: str) -> Check:
    return lambda person: [each.name for each in person.window.runs.queue.waiting] == list(names)


def deleted(person: Person) -> None:
    person.window.desk.delete()
    person.qtbot.waitUntil(lambda: person.window.desk.holding["deleted"], timeout=30_000)


def told(text: str) -> Check:
    return soon(lambda person: any(text in line.text for line in person.window.log.lines))


def order(column: int, *, falls: bool) -> Check:
    def check(person: Person) -> bool:
        shelf = person.window.views.runs.model.shelf
        return (shelf.column, shelf.falls) == (column, falls)

    return check


RUNS: dict[str, Case] = {
    "run_open": Case(soon(lambda person: person.editor.name == "moons-mlp 5"), before=runs(1)),
    "run_resume": Case(told("has finished"), before=runs(0)),
    "run_export": Case(told("has left no weights"), before=runs(1)),
    "run_rename": Case(typing(QLineEdit), before=runs(1)),
    "run_tags": Case(typing(QLineEdit), before=runs(1)),
    "run_notes": Case(typing(QPlainTextEdit), before=runs(1)),
    "run_pin": Case(kept(lambda found: sum(run.is_pinned for run in found) == 3), before=runs(1, 2)),
    "run_hide": Case(kept(lambda found: sum(run.is_hidden for run in found) == 2), before=runs(1, 2)),
    "run_compare": Case(lambda person: person.window.views.runs.details.page == "Details", before=runs(1, 2)),
    "run_csv": Case(told("mine.csv is written"), before=runs(1)),
    "run_tensorboard": Case(told("tensorboard"), before=runs(1)),
    "run_up": Case(queue_is("two", "one"), before=pick_queued(1)),
    "run_down": Case(queue_is("two", "one"), before=pick_queued(0)),
    "run_find": Case(lambda person: person.window.views.runs.search.hasFocus(), before=runs()),
    "run_sort": Case(order(8, falls=False), before=runs()),
    "run_turn": Case(order(7, falls=False), before=runs()),
    "run_delete": Case(kept(lambda found: len(found) == 4), before=runs(1, 2)),
    "run_undelete": Case(kept(lambda found: len(found) == 6), before=runs(1, then=deleted)),
}
CASES: dict[str, Case] = {
    **RUNS,
    "new": Case(lambda person: len(person.editor.sessions) == 2 and not person.editor.document.graph.nodes),
    "template": Case(said("template-picker")),
    "open": Case(lambda person: person.editor.name == "other"),
    "welcome": Case(lambda person: person.window.welcome.page.isVisible()),
    "save": Case(lambda person: person.editor.path is not None and person.editor.path.is_file()),
    "save_as": Case(lambda person: person.editor.path is not None and person.editor.path.is_file()),
    "export": Case(said("export-dialog")),
    "export_drawing": Case(said("drawing-export")),
    "next_tab": Case(lambda person: person.editor.name == "chain", before=second),
    "previous_tab": Case(lambda person: person.editor.name == "chain", before=second),
    "close_tab": Case(lambda person: len(person.editor.sessions) == 1, before=second),
    "quit": Case(lambda person: not person.window.isVisible()),
    "undo": Case(has("relu"), before=renamed),
    "redo": Case(has("act"), before=undone),
    "cut": Case(lacks("relu"), ("relu",)),
    "cut_joined": Case(lambda person: lacks("relu")(person) and wired("conv1", "conv2")(person), ("relu",)),
    "copy": Case(lambda person: "relu" in QApplication.clipboard().text(), ("relu",)),
    "paste": Case(has("relu2"), before=copied("relu")),
    "paste_wired": Case(lambda person: wired("conv1", "relu2")(person), before=copied("relu")),
    "duplicate": Case(has("relu2"), ("relu",)),
    "delete": Case(lacks("relu"), ("relu",)),
    "add": Case(typing(QLineEdit)),
    "frame": Case(remark("frame"), ("conv1", "relu")),
    "note": Case(typing(QPlainTextEdit)),
    "rename": Case(typing(QLineEdit), ("relu",)),
    "values": Case(lambda person: person.window.views.values.isVisible(), ("conv1",)),
    "comment": Case(typing(QPlainTextEdit), ("relu",)),
    "bypass": Case(lambda person: person.node("relu").bypassed, ("relu",)),
    "freeze": Case(lambda person: person.node("conv1").frozen, ("conv1",)),
    "collapse": Case(lambda person: bool(person.editor.document.collapsed), ("relu",)),
    "wire": Case(wired("conv1", "relu"), ("conv1", "relu"), gap),
    "disconnect": Case(lambda person: not person.editor.document.graph.into(person.node("relu").id), ("relu",)),
    "cut_wires": Case(afterwards(stroke, lambda person: not wired("conv1", "relu")(person))),
    "bend": Case(bent, before=with_wire),
    "find": Case(lambda person: person.window.views.palette.search.hasFocus()),
    "find_node": Case(said("command-palette")),
    "commands": Case(said("command-palette")),
    "select_all": Case(chosen("image", "conv1", "relu", "conv2", "answer")),
    "invert": Case(chosen("image", "relu", "conv2", "answer"), ("conv1",)),
    "select_sources": Case(chosen("image", "conv1", "relu"), ("relu",)),
    "select_targets": Case(chosen("relu", "conv2", "answer"), ("relu",)),
    "next_wire": Case(lambda person: len(person.canvas.marked.wires) == 1, ("relu",)),
    "next_remark": Case(lambda person: len(person.canvas.marked.remarks) == 1, before=lambda person: framed(person)),
    "lasso": Case(afterwards(circle, chosen("conv1", "relu"))),
    "arrange": Case(lambda person: person.editor.history.undo_label == "Arrange", before=scatter),
    "downwards": Case(lambda person: person.editor.document.directions == {"": "down"}),
    "align_left": Case(level_edges(lambda person, name: card(person, name).left())),
    "align_right": Case(level_edges(lambda person, name: card(person, name).right())),
    "align_top": Case(level_edges(lambda person, name: card(person, name).top())),
    "align_bottom": Case(level_edges(lambda person, name: card(person, name).bottom())),
    "align_middle": Case(level_edges(lambda person, name: card(person, name).center().y())),
    "align_centre": Case(level_edges(lambda person, name: card(person, name).center().x())),
    "distribute_across": Case(lambda person: gaps_are_equal(person, across=True)),
    "distribute_down": Case(lambda person: gaps_are_equal(person, across=False)),
    "make_block": Case(lambda person: len(person.editor.document.graph.blocks) == 1, ("conv1", "relu")),
    "unpack": Case(lacks("stage"), ("stage",), document=nested),
    "enter_block": Case(lambda person: bool(person.editor.way), ("stage",), document=nested),
    "leave_block": Case(lambda person: not person.editor.way, before=inside, document=nested),
    "make_unique": Case(lambda person: len(person.editor.document.graph.blocks) == 3, ("last",), document=nested),
    "save_block": Case(said("name-sheet"), ("stage",), document=nested),
    "fit": Case(zoomed(lambda zoom, before: zoom > before), before=at_half),
    "fit_selection": Case(zoomed(lambda zoom, before: zoom > before), ("relu",), at_half),
    "actual_size": Case(zoomed(lambda zoom, _before: zoom == 1), before=at_half),
    "zoom_in": Case(zoomed(lambda zoom, before: zoom > before), before=at_half),
    "zoom_out": Case(zoomed(lambda zoom, before: zoom < before), before=at_half),
    "come_nearer": Case(zoomed(lambda zoom, before: zoom > before), before=at_half),
    "step_back": Case(zoomed(lambda zoom, before: zoom < before), before=at_half),
    "palette": Case(lambda person: person.window.views.palette.isHidden()),
    "dock": Case(lambda person: person.window.views.dock.isHidden()),
    "inspector": Case(lambda person: person.window.views.inspector.isHidden()),
    "next_panel": Case(lambda person: inside_of(person.window.views.inspector)),
    "previous_panel": Case(lambda person: inside_of(person.window.views.palette)),
    "show_live": Case(page("Live"), before=lambda person: person.window.show_page("Log")),
    "show_runs": Case(page("Runs")),
    "show_code": Case(page("Code")),
    "show_problems": Case(page("Problems"), before=lambda person: person.window.show_page("Log")),
    "show_log": Case(page("Log")),
    "show_history": Case(page("History")),
    "theme": Case(lambda person: not theme.current().is_dark),
    "full_screen": Case(lambda person: person.window.isFullScreen()),
    "train": Case(lambda person: person.window.controller.is_active or ended(person), before=training),
    "step": Case(lambda person: person.window.controller.is_active, before=training),
    "queue": Case(lambda person: person.window.controller.is_active or ended(person), before=training),
    "stop": Case(lambda person: ended(person), before=running),
    "apply_to_run": Case(applied, before=another_rate),
    "run_settings": Case(lambda person: person.window.top_bar._settings_popup.isVisible()),
    "keys": Case(said("key-sheet")),
    "about": Case(said("about")),
    "let_go": Case(lambda person: not person.canvas.selection, ("relu",)),
    "go_left": Case(chosen("conv1"), ("relu",)),
    "go_right": Case(chosen("conv2"), ("relu",)),
    "go_up": Case(chosen("conv1"), ("relu",), scatter),
    "go_down": Case(chosen("conv2"), ("relu",), scatter),
    "extend_left": Case(chosen("conv1", "relu"), ("relu",)),
    "extend_right": Case(chosen("conv2", "relu"), ("relu",)),
    "extend_up": Case(chosen("conv1", "relu"), ("relu",), scatter),
    "extend_down": Case(chosen("conv2", "relu"), ("relu",), scatter),
    "nudge_left": Case(moved(-8, 0), ("conv1",)),
    "nudge_right": Case(moved(8, 0), ("conv1",)),
    "nudge_up": Case(moved(0, -8), ("conv1",)),
    "nudge_down": Case(moved(0, 8), ("conv1",)),
    "resize_left": Case(resized(-8, 0), before=lambda person: frame_selected(person)),
    "resize_right": Case(resized(8, 0), before=lambda person: frame_selected(person)),
    "resize_up": Case(resized(0, -8), before=lambda person: frame_selected(person)),
    "resize_down": Case(resized(0, 8), before=lambda person: frame_selected(person)),
    **{
        f"bookmark_{digit}": Case(lambda person, digit=digit: digit in person.editor.document.bookmarks)
        for digit in DIGITS
    },
    **{f"go_to_{digit}": Case(lambda person: person.canvas.zoom == 0.5, before=marked) for digit in DIGITS},
}
THREE = ("align_", "distribute_")


def framed(person: Person) -> None:
    person.pick("conv1")
    person.press("C", person.canvas)
    person.press("Escape")
    person.canvas.set_selection(())


def frame_selected(person: Person) -> None:
    made = Remark("r1", "frame", "Stem", (96.0, -96.0), (400.0, 304.0))
    person.editor.do(Patch("Add frame", (Change("remark", "r1", None, made),)))
    person.canvas.set_selection((), remarks={"r1"})


def ended(person: Person) -> bool:
    person.qtbot.waitUntil(lambda: person.window.controller.phase == "ended", timeout=60_000)
    return True


def test_every_action_has_a_case() -> None:
    assert CASES.keys() == {spec.id for spec in ACTIONS}
    assert {f"go_{step}" for step in STEPS} <= CASES.keys()


@pytest.fixture
def chosen_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a person would choose in the system's own dialogs."""
    from netloom.graph import save

    other = tmp_path / "other.loom"
    save(nested(), other)
    monkeypatch.setattr(dialogs, "ask_open", lambda *_: other)
    monkeypatch.setattr(dialogs, "ask_save", lambda *_: tmp_path / "mine.loom")
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda *_: "discard")
    monkeypatch.setattr(dialogs, "ask_export", lambda *_: tmp_path / "mine.csv")
    monkeypatch.setattr(dialogs, "ask_folder", lambda *_: tmp_path)


def keys() -> list[tuple[ActionSpec, str]]:
    """Every action with each of its keys; without one it is triggered as from the menu."""
    return [(spec, key) for spec in ACTIONS for key in spec.shortcuts or ("",)]


@pytest.mark.usefixtures("chosen_files")
@pytest.mark.parametrize(("spec", "key"), keys(), ids=lambda value: value if isinstance(value, str) else value.id)
def test_an_action_does_what_it_says(person: Person, spec: ActionSpec, key: str) -> None:
    case = CASES[spec.id]
    person.editor.new(case.document(), "chain")
    person.canvas.set_zoom(0.9)
    person.canvas.look_at(person.canvas.graph_scene.content().center())
    case.before(person)
    picks = case.picks
    if spec.id.startswith(THREE):
        scatter(person)
        person.canvas.set_selection([person.node(name).id for name in ("conv1", "relu", "conv2")])
    if picks:
        person.canvas.set_selection([person.node(name).id for name in picks])
    place = person.window.views.runs.table if spec.on_runs else person.canvas
    place.setFocus()
    assert person.window.actions_table[spec.id].isEnabled()
    if key:
        person.press(key, place)
    else:
        person.window.actions_table[spec.id].trigger()
    QApplication.processEvents()
    try:
        assert case.check(person)
    finally:
        if modal := QApplication.activeModalWidget():
            modal.reject()  # type: ignore[attr-defined]
        if popup := QApplication.activePopupWidget():
            popup.close()
        person.window.controller.close()


def test_an_action_that_makes_no_sense_now_is_off(person: Person) -> None:
    person.editor.new(chain(), "chain")
    person.canvas.set_selection(())
    table = person.window.actions_table
    assert not any(table[name].isEnabled() for name in ("copy", "cut", "align_left", "unpack", "leave_block", "undo"))
    person.editor.do(Patch("Comment", (Change("comment", person.node("relu").id, None, "x"),)))
    assert table["undo"].isEnabled()
