"""The window as a whole: files, undo, the run from its buttons, closing, themes, panels."""

import itertools
import threading
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QSpinBox, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.conftest import short
from tests.ui.hands import Hands

from netloom import templates
from netloom.graph import edit
from netloom.runs import Store
from netloom.ui import app, rescue, theme
from netloom.ui import settings as settings_file
from netloom.ui.dock import TABS
from netloom.ui.main_window import MainWindow
from netloom.ui.program_log import ProgramLog
from netloom.ui.widgets import Segmented

TIMEOUT = 60_000


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


def phase(hands: Hands, name: str) -> None:
    hands.qtbot.waitUntil(lambda: hands.window.controller.phase == name, timeout=TIMEOUT)


def long_run(hands: Hands) -> None:
    """Begin a run that does not end by itself."""
    hands.window.editor.new(short(templates.document("moons-mlp"), epochs=100_000), "moons")
    hands.click(hands.find("train"))
    phase(hands, "running")


def test_undo_and_redo_carry_names(hands: Hands, window: MainWindow) -> None:
    key = hands.add_by_search("ReLU")
    assert window.actions_table["undo"].text() == "Undo Add relu"
    hands.press("Ctrl+Z", window)
    assert key not in window.editor.document.graph.nodes
    assert window.actions_table["redo"].text() == "Redo Add relu"
    assert not window.actions_table["undo"].isEnabled()
    hands.press("Ctrl+Shift+Z", window)
    assert key in window.editor.document.graph.nodes


def test_delete_is_a_key_of_the_canvas(hands: Hands, window: MainWindow) -> None:
    hands.add_by_search("ReLU")
    hands.press("Del", window.views.palette.tree)
    assert len(window.editor.document.graph.nodes) == 1
    hands.press("Del", window.views.canvas)
    assert not window.editor.document.graph.nodes


def test_pause_step_continue_stop_from_the_buttons(hands: Hands, window: MainWindow) -> None:
    long_run(hands)
    assert window.top_bar.run.text() == "Pause"
    hands.click(hands.find("train"))
    phase(hands, "paused")
    assert window.top_bar.run.text() == "Continue"
    progress = window.controller.progress
    assert progress is not None
    at = progress.step
    hands.click(hands.find("top-step"))
    hands.qtbot.waitUntil(lambda: progress.step > at, timeout=TIMEOUT)
    phase(hands, "paused")
    assert progress.step == at + 1
    hands.click(hands.find("train"))
    phase(hands, "running")
    hands.qtbot.waitUntil(lambda: progress.step > at + 5, timeout=TIMEOUT)
    hands.click(hands.find("top-stop"))
    phase(hands, "ended")
    assert window.top_bar.run.text() == "Train"
    assert window.top_bar.progress.title.startswith("Stopped after")


def test_an_edit_does_not_disturb_the_run(hands: Hands, window: MainWindow) -> None:
    long_run(hands)
    graph = window.editor.document.graph
    linear = next(node.id for node in graph.level() if node.kind == "Linear")
    window.editor.do(edit.rename(graph, linear, "changed"))
    assert window.live_offer.isVisible()
    assert window.controller.is_active
    window.editor.undo()
    assert not window.live_offer.isVisible()
    hands.press("Shift+F5", window)
    phase(hands, "ended")


def test_a_run_goes_on_beside_another_document_and_is_left_with_its_own(hands: Hands, window: MainWindow) -> None:
    long_run(hands)
    home = window.editor.session
    hands.press("Ctrl+N", window)
    assert window.controller.is_active
    window.files.close(home)
    assert window.controller.phase == "idle"
    assert window.top_bar.run.text() == "Train"
    assert window.top_bar.progress.title == ""
    assert "stopped and kept" in window.status_bar.message
    assert window.views.live is not None
    assert not window.views.live.losses


def test_errors_of_the_graph_lead_to_the_problems(hands: Hands, window: MainWindow) -> None:
    hands.add_by_search("Linear")
    hands.add_by_search("Adam")
    assert not window.editor.plan.is_valid
    hands.click(hands.find("train"))
    assert window.views.dock.page == "Problems"
    assert not window.controller.is_active
    assert window.status_bar.message.startswith("Training waits")


def test_a_failed_run_names_marks_and_selects_the_node(hands: Hands, window: MainWindow) -> None:
    window.editor.new(short(templates.document("moons-mlp"), epochs=5), "moons")
    graph = window.editor.document.graph
    [optimizer] = [node for node in graph.level() if node.kind == "AdamW"]
    window.editor.do(edit.set_params(graph, optimizer.id, {"lr": 1e30}))
    hands.click(hands.find("train"))
    hands.wait_for_end()
    ended = window.controller.progress.ended
    assert ended is not None
    assert ended.node is not None
    assert window.views.selection == {ended.node}
    assert window.notice.label.text() == ended.message
    assert [line.text for line in window.log.lines].count(ended.message) == 1
    assert any(problem.message == ended.message for problem in window.views.canvas.graph_scene.problems(ended.node))
    window.editor.undo()
    assert not window.views.canvas.graph_scene.problems(ended.node)


def test_closing_while_training_leaves_a_checkpoint_and_no_thread(hands: Hands, window: MainWindow) -> None:
    long_run(hands)
    assert window.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "netloom-training"]
    [run] = Store().runs()
    assert run.state == "interrupted"
    assert (run.folder / "last.safetensors").is_file()


def test_an_end_without_a_question_keeps_the_changes(hands: Hands, window: MainWindow, netloom_home: Path) -> None:
    assert window.leave_journals() == []
    window.editor.new(None, "mine")
    hands.add_by_search("ReLU")
    assert window.leave_journals() == [("mine", True)]
    [left] = rescue.found()
    assert left.place.is_relative_to(netloom_home)
    window.editor.new()
    assert window.editor.recover(left)
    assert window.editor.document.graph.nodes


def test_themes_switch_and_are_kept(hands: Hands, window: MainWindow) -> None:
    before = theme.current().name
    hands.press("Ctrl+Shift+L", window)
    assert theme.current().name != before
    assert settings_file.load(settings_file.default_file())[0].theme == theme.current().name
    hands.press("Ctrl+Shift+L", window)
    assert theme.current().name == before


@pytest.mark.parametrize(("key", "name"), [("F7", "palette"), ("F8", "dock"), ("F9", "inspector")])
def test_each_panel_collapses_with_one_key(hands: Hands, window: MainWindow, key: str, name: str) -> None:
    panel = window.frame.panels[name]
    hands.press(key, window)
    assert panel.isHidden()
    assert name in settings_file.load(settings_file.default_file())[0].hidden_panels
    hands.press(key, window)
    assert panel.isVisible()


def test_panels_keep_their_ranges(window: MainWindow, qtbot: QtBot) -> None:
    window.frame.set_sizes({"palette": 10, "inspector": 5_000, "dock": 300})
    qtbot.waitUntil(lambda: window.views.palette.width() == 176)
    assert window.views.inspector.width() == 420
    assert window.views.dock.height() == 300


def test_a_narrow_window_lays_the_inspector_over_the_canvas(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1270, 800)
    qtbot.waitUntil(lambda: window.views.inspector.parentWidget() is window.frame)
    assert window.views.inspector.geometry().right() == window.frame.width() - 1
    assert window.views.canvas.width() > 1000
    window.resize(1090, 800)
    qtbot.waitUntil(lambda: window.top_bar.search.width() == 28)
    window.resize(1500, 800)
    qtbot.waitUntil(lambda: window.views.inspector.parentWidget() is not window.frame)
    assert window.views.inspector.isVisible()


def test_the_window_comes_back_as_it_was(qtbot: QtBot, window: MainWindow) -> None:
    window.frame.set_sizes({"palette": 250})
    window._take_sizes()
    window.my_blocks.offers.note_use("GELU")
    window.set_panel("dock", is_shown=False)
    assert window.close()
    again = app.make_window(ProgramLog())
    qtbot.addWidget(again)
    with qtbot.waitSignal(again.painted, timeout=TIMEOUT):
        again.show()
    assert again.views.dock.isHidden()
    assert again.views.palette.recent == ("GELU",)
    assert again.settings.palette_width == 250


def test_damaged_settings_give_the_defaults_and_a_line(qtbot: QtBot, netloom_home: Path) -> None:
    path = settings_file.default_file()
    path.parent.mkdir(parents=True)
    path.write_text("not json")
    app.application()
    log = ProgramLog()
    window = app.make_window(log)
    qtbot.addWidget(window)
    assert "cannot be read" in log.lines[0].text
    assert window.settings == settings_file.Settings() or window.settings.theme == "dark"


def test_a_device_that_is_not_here_is_told_as_the_document_names_it(window: MainWindow) -> None:
    editor = window.editor
    editor.do(edit.set_training(editor.document, msgspec.structs.replace(editor.document.training, device="cuda")))
    window.set_devices([("cpu", "CPU")])
    assert window.top_bar.device.currentData() == "cuda"
    assert editor.document.training.device == "cuda"


def test_run_settings_are_an_edit(hands: Hands, window: MainWindow) -> None:
    window.editor.new(templates.document("iris-mlp"), "iris")
    hands.press("Ctrl+R", window)
    hands.type("7")
    hands.press("Return")
    hands.press("Escape")
    assert window.editor.document.training.epochs == 7
    assert window.actions_table["undo"].text() == "Undo Set epochs"
    assert "7 epochs" in window.top_bar.settings.text()


@pytest.mark.parametrize("text", ["0", "1000001", "1.5", "many"])
def test_run_settings_refuse_in_place_and_cut_nothing(hands: Hands, window: MainWindow, text: str) -> None:
    window.editor.new(templates.document("iris-mlp"), "iris")
    before = window.editor.document.training
    hands.press("Ctrl+R", window)
    hands.type(text)
    hands.press("Return")
    assert hands.find("refusal_epochs").text().endswith(f"received {text}." if text.isdigit() else f'"{text}".')
    hands.press("Escape")
    hands.press("Escape")
    assert window.editor.document.training == before


def test_run_settings_reach_the_largest_number(hands: Hands, window: MainWindow) -> None:
    window.editor.new(templates.document("iris-mlp"), "iris")
    hands.press("Ctrl+R", window)
    hands.type("100000")
    hands.qtbot.waitUntil(lambda: window.editor.document.training.epochs == 100_000, timeout=TIMEOUT)


def test_the_device_is_chosen_in_the_top_bar(hands: Hands, window: MainWindow) -> None:
    window.set_devices([("cuda", "NVIDIA GeForce RTX 4070"), ("cpu", "CPU, 2 cores")])
    chooser = window.top_bar.device
    assert [chooser.itemText(row) for row in range(chooser.count())] == ["Auto: RTX 4070", "RTX 4070", "CPU"]
    chooser.setFocus()
    hands.press("End", chooser)
    assert window.editor.document.training.device == "cpu"
    hands.press("Ctrl+Z", window)
    assert chooser.currentData() == "auto"


def test_code_follows_every_edit(hands: Hands, window: MainWindow) -> None:
    window.editor.new(templates.document("iris-mlp"), "iris")
    hands.press("Ctrl+3", window)
    graph = window.editor.document.graph
    linear = next(node for node in graph.level() if node.kind == "Linear")
    window.editor.do(edit.rename(graph, linear.id, "brand_new"))
    code = window.views.code.view
    hands.qtbot.waitUntil(lambda: "self.brand_new = nn.Linear(" in code.toPlainText(), timeout=5_000)


def test_every_control_has_a_name_for_those_who_cannot_see(window: MainWindow) -> None:
    nameless = [
        widget.objectName() or type(widget).__name__
        for widget in window.top_bar.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not (widget.accessibleName() or is_inner(widget))
    ]
    assert nameless == []


def is_inner(widget: QWidget) -> bool:
    """Whether the widget has words, or is a part of one of Qt's own widgets."""
    has_text = isinstance(widget, QAbstractButton) and bool(widget.text())
    return has_text or isinstance(widget.parent(), QSpinBox) or isinstance(widget, QAbstractItemView)


def test_the_count_of_problems_has_room_in_its_tab(hands: Hands, window: MainWindow) -> None:
    for _ in range(11):
        hands.press("Escape", window.views.canvas)
        hands.add_by_search("Linear")
    dock = window.views.dock
    tab = dock.tabs.tabRect(TABS.index("Problems"))
    assert dock.badge.text() == "11"
    assert dock.badge.geometry().right() <= tab.right()
    assert dock.badge.x() - tab.x() >= dock.tabs.fontMetrics().horizontalAdvance("Problems")


def test_a_node_that_comes_back_is_looked_into_again(hands: Hands, window: MainWindow) -> None:
    long_run(hands)
    graph = window.editor.document.graph
    key = next(node.id for node in graph.level() if node.kind == "ReLU")
    hands.select(key)
    hands.press("Del", window.views.canvas)
    hands.press("Ctrl+Z", window)
    hands.press("Shift+F5", window)
    phase(hands, "ended")
    hands.click(hands.find("train"))
    progress = window.controller.progress
    hands.qtbot.waitUntil(lambda: key in (window.controller.progress or progress).previews, timeout=TIMEOUT)


def test_arrange_is_one_step_and_can_be_undone(hands: Hands, window: MainWindow) -> None:
    window.editor.new(templates.document("iris-mlp"), "iris")
    before = dict(window.editor.document.positions)
    key = next(iter(before))
    window.editor.do(edit.move(window.editor.document, {key: (2000.0, 2000.0)}))
    hands.press("Ctrl+L", window)
    assert window.editor.document.positions[key] != (2000.0, 2000.0)
    hands.press("Ctrl+Z", window)
    assert window.editor.document.positions[key] == (2000.0, 2000.0)


@pytest.mark.parametrize("width", [800, 1024, 1280])
def test_a_narrow_window_keeps_the_run_and_the_menus(width: int, hands: Hands, window: MainWindow) -> None:
    window.resize(width, 600)
    hands.qtbot.waitUntil(lambda: window.size().width() == width, timeout=TIMEOUT)
    bar = window.top_bar
    shown = (bar.mark, bar.tabs, bar.device, bar.settings, bar.run, bar.progress, bar.search)
    for left, right in itertools.pairwise(shown):
        assert left.isVisible()
        assert left.geometry().right() < right.geometry().left(), f"{left.objectName()} lies over {right.objectName()}"
    assert shown[-1].geometry().right() <= width
    assert bar.run.width() == 100


def test_over_a_narrow_canvas_the_inspector_is_there_for_a_selection_only(hands: Hands, window: MainWindow) -> None:
    window.editor.new(templates.document("iris-mlp"), "iris")
    window.resize(1024, 700)
    inspector, canvas = window.views.inspector, window.views.canvas
    hands.qtbot.waitUntil(lambda: not inspector.isVisible(), timeout=TIMEOUT)
    canvas.set_selection([next(iter(window.editor.document.graph.nodes))])
    assert inspector.isVisible()
    for control in (hands.find("zoom-control"), canvas.findChild(Segmented)):
        right = control.mapTo(window, control.rect().topRight()).x()
        assert right < inspector.mapTo(window, inspector.rect().topLeft()).x()
    canvas.set_selection([])
    assert not inspector.isVisible()
    assert "inspector" not in window.settings.hidden_panels
    window.resize(1600, 1000)
    hands.qtbot.waitUntil(lambda: inspector.isVisible(), timeout=TIMEOUT)
    hands.press("F9", window)
    canvas.select_all()
    assert not inspector.isVisible()
