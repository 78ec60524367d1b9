"""Frames and notes by mouse and keyboard: added, written, moved, resized, coloured, seen from near and far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QColor, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot
from tests.ui.canvas.conftest import Bench
from tests.ui.person import chain

from netloom import load
from netloom.graph import Change, Document, Patch, Remark
from netloom.ui import theme
from netloom.ui.canvas import remark_painter, remark_shape
from netloom.ui.canvas.minimap import DELAY
from netloom.ui.canvas.remark_item import RemarkItem
from netloom.ui.canvas.words_field import PAUSE, WordsField

if TYPE_CHECKING:
    from tests.ui.person import Person

NO, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


@pytest.fixture
def near(bench: Bench) -> Bench:
    """The canvas at 100 %."""
    bench.canvas.resize(1600, 900)
    bench.canvas.set_zoom(1.0)
    bench.canvas.look_at(QPointF(400, 200))
    bench.canvas.settle()
    return bench


def _put(bench: Bench, key: str, kind: str, place: tuple[float, float], size: tuple[float, float], **more: str) -> None:
    remark = Remark(key, kind, more.pop("text", "Stem"), place, size, **more)  # type: ignore[arg-type]
    bench.history.do(Patch("Put", (Change("remark", key, None, remark),)))


def _at(bench: Bench, x: float, y: float) -> QPoint:
    return bench.canvas.mapFromScene(QPointF(x, y))


def _item(bench: Bench, key: str) -> RemarkItem:
    return bench.canvas.graph_scene.remarks[key]


def _only(bench: Bench) -> Remark:
    [found] = bench.document.remarks.values()
    return found


def _field(bench: Bench) -> WordsField:
    [found] = [each for each in bench.canvas.findChildren(WordsField) if each.isVisible()]
    return found


def _fields(bench: Bench) -> int:
    return sum(each.isVisible() for each in bench.canvas.findChildren(WordsField))


def _point(bench: Bench, at: QPoint) -> None:
    """Let the canvas believe that the cursor is there."""
    bench.canvas.cursor_place = lambda: at  # type: ignore[method-assign]


def _menu(bench: Bench, qtbot: QtBot, at: QPoint) -> Mapping[str, QAction]:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, bench.canvas.viewport().mapToGlobal(at))
    QApplication.sendEvent(bench.canvas.viewport(), event)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    qtbot.addWidget(popup)
    inner = [menu for menu in (action.menu() for action in popup.actions()) if isinstance(menu, QMenu)]
    listed = [*popup.actions(), *(action for menu in inner for action in menu.actions())]
    return {action.text().partition("\t")[0]: action for action in listed}


def test_c_frames_the_selection_and_asks_for_a_title(near: Bench) -> None:
    keys = {near.id("conv"), near.id("relu")}
    near.canvas.set_selection(keys)
    near.key(Qt.Key.Key_C)
    QTest.keyClicks(_field(near), "Stem")
    QTest.keyClick(_field(near), Qt.Key.Key_Return)
    frame = _only(near)
    assert (frame.kind, frame.text) == ("frame", "Stem")
    room = _item(near, frame.id).scene_area()
    assert all(room.contains(near.canvas.graph_scene.nodes[key].scene_card()) for key in keys)
    assert not room.contains(near.canvas.graph_scene.nodes[near.id("image")].scene_card())
    assert all(value % 8 == 0 for value in (*frame.place, *frame.size))
    assert near.canvas.marked.remarks == {frame.id}
    assert near.canvas.hasFocus()
    near.history.undo()
    assert not near.document.remarks
    assert near.history.undo_label is None


def test_c_with_nothing_selected_frames_the_place_of_the_cursor(near: Bench) -> None:
    _point(near, _at(near, 803, 402))
    near.key(Qt.Key.Key_C)
    QTest.keyClick(_field(near), Qt.Key.Key_Return)
    assert (_only(near).place, _only(near).size, _only(near).text) == ((800, 400), (320, 200), "")


def test_n_writes_a_note_of_several_lines_in_one_step(near: Bench) -> None:
    _point(near, _at(near, 803, 402))
    near.key(Qt.Key.Key_N)
    field = _field(near)
    QTest.keyClicks(field, "Try a wider head")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClicks(field, "and more epochs")
    QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
    assert _only(near).text == "Try a wider head\nand more epochs"
    assert _only(near).place == (800, 400)
    assert _only(near).colour == "amber"
    assert near.history.labels == ["Add note"]
    near.history.undo()
    assert not near.document.remarks


def test_a_note_grows_with_its_text(near: Bench) -> None:
    near.key(Qt.Key.Key_N)
    QTest.keyClicks(_field(near), "word " * 60)
    QTest.keyClick(_field(near), Qt.Key.Key_Return, CTRL)
    wide, high = _only(near).size
    assert wide == 200
    assert high == remark_shape.note_height(_only(near).text, wide) > 150


@pytest.mark.parametrize("ending", [Qt.Key.Key_Escape, Qt.Key.Key_Tab])
def test_a_note_without_words_goes_again(near: Bench, ending: Qt.Key) -> None:
    near.key(Qt.Key.Key_N)
    assert near.document.remarks
    QTest.keyClicks(_field(near), "  ")
    QTest.keyClick(_field(near), ending)
    assert not near.document.remarks
    assert near.history.undo_label is None
    assert _fields(near) == 0


def test_what_is_typed_is_in_the_document_at_the_next_pause(near: Bench, qtbot: QtBot) -> None:
    near.key(Qt.Key.Key_N)
    QTest.keyClicks(_field(near), "half a thou")
    qtbot.waitUntil(lambda: _only(near).text == "half a thou", timeout=10 * PAUSE)
    QTest.keyClicks(_field(near), "ght")
    QTest.keyClick(_field(near), Qt.Key.Key_Return, CTRL)
    assert _only(near).text == "half a thought"
    assert near.history.labels == ["Add note"]


def test_escape_brings_the_old_text_back(near: Bench, qtbot: QtBot) -> None:
    _put(near, "r1", "note", (800, 400), (200, 48), text="old")
    QTest.mouseDClick(near.canvas.viewport(), Qt.MouseButton.LeftButton, NO, _at(near, 880, 424))
    QTest.keyClicks(_field(near), "new")
    qtbot.waitUntil(lambda: _only(near).text == "new", timeout=10 * PAUSE)
    QTest.keyClick(_field(near), Qt.Key.Key_Escape)
    assert _only(near).text == "old"
    assert near.history.labels == ["Put"]


def test_f2_writes_and_the_field_goes_with_the_view(near: Bench) -> None:
    _put(near, "r1", "frame", (800, 300), (240, 160))
    near.click(_at(near, 900, 316))
    near.key(Qt.Key.Key_F2)
    field = _field(near)
    before = field.pos()
    near.canvas.scroll_by(QPoint(30, 20))
    assert field.pos() == before + QPoint(30, 20)
    QTest.keyClicks(field, "Training")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert _only(near).text == "Training"
    assert near.history.undo_label == "Rename frame"


def test_the_text_is_kept_when_the_canvas_is_clicked(near: Bench) -> None:
    near.key(Qt.Key.Key_N)
    QTest.keyClicks(_field(near), "kept")
    near.click(_at(near, 200, 420))
    assert _only(near).text == "kept"
    assert _fields(near) == 0


def test_the_field_goes_where_its_document_is_no_longer_shown(near: Bench) -> None:
    _put(near, "r1", "note", (800, 400), (200, 48), text="old")
    near.click(_at(near, 880, 424))
    near.key(Qt.Key.Key_F2)
    field = _field(near)
    QTest.keyClicks(field, "new")
    near.asked.clear()
    near.canvas.set_document(Document(), "other")
    assert not field.isVisible()
    near.canvas.setFocus()
    assert not near.asked


def test_a_press_inside_a_frame_draws_a_box(near: Bench) -> None:
    _put(near, "r1", "frame", (-40, -60), (1000, 360))
    near.press(_at(near, 640, 280))
    near.move(_at(near, 900, 40))
    near.release(_at(near, 900, 40))
    assert near.canvas.selection == {near.id("relu")}
    assert not near.canvas.marked.remarks
    assert near.document.remarks["r1"].place == (-40.0, -60.0)


@pytest.mark.parametrize("place", [(300.0, -44.0), (-40.0, 200.0), (960.0, 200.0)])
def test_the_title_bar_and_the_border_select(near: Bench, place: tuple[float, float]) -> None:
    _put(near, "r1", "frame", (-40, -60), (1000, 360))
    near.click(_at(near, *place))
    assert near.canvas.marked.remarks == {"r1"}
    assert not near.canvas.selection
    near.click(_at(near, 300, 420))
    assert not near.canvas.marked.remarks


def test_a_frame_takes_along_what_lies_wholly_inside(near: Bench) -> None:
    _put(near, "r1", "frame", (400, -64), (480, 360))
    _put(near, "r2", "note", (420, 240), (120, 40), text="inside")
    _put(near, "r3", "note", (300, 240), (120, 40), text="across the edge")
    before = dict(near.document.positions)
    near.asked.clear()
    near.drag(_at(near, 600, -50), _at(near, 651, 30))
    moved = {key for key, place in near.document.positions.items() if place != before[key]}
    assert moved == {near.id("conv"), near.id("relu")}
    assert near.document.positions[near.id("conv")] == (440 + 48, 80)
    assert near.document.remarks["r1"].place == (448.0, 16.0)
    assert near.document.remarks["r2"].place == (468.0, 320.0)
    assert near.document.remarks["r3"].place == (300.0, 240.0)
    assert len(near.asked) == 1
    near.history.undo()
    assert near.document.positions == before
    assert _item(near, "r1").scene_area().topLeft() == QPointF(400, -64)


def test_escape_puts_a_frame_and_its_contents_back(near: Bench) -> None:
    _put(near, "r1", "frame", (400, -64), (480, 360))
    near.press(_at(near, 600, -50))
    near.move(_at(near, 640, 0))
    near.move(_at(near, 700, 60))
    card = near.canvas.graph_scene.nodes[near.id("conv")]
    assert card.pos() == QPointF(536, 112)
    near.key(Qt.Key.Key_Escape)
    assert card.pos() == QPointF(440, 0)
    assert _item(near, "r1").pos() == QPointF(400, -64)
    near.release(_at(near, 700, 60))
    assert near.document.remarks["r1"].place == (400.0, -64.0)


RESIZED = {
    "right": ((1080, 380), (1123, 380), (880, 320), (240, 120)),
    "left": ((880, 380), (837, 380), (840, 320), (240, 120)),
    "top": ((980, 320), (980, 297), (880, 296), (200, 144)),
    "bottom": ((980, 440), (980, 481), (880, 320), (200, 160)),
    "corner": ((1080, 440), (1121, 481), (880, 320), (240, 160)),
    "too small": ((1080, 440), (780, 200), (880, 320), (96, 64)),
    "left too far": ((880, 380), (1180, 380), (984, 320), (96, 120)),
}


@pytest.mark.parametrize("case", RESIZED)
def test_edges_and_corners_resize_over_the_grid(near: Bench, case: str) -> None:
    start, end, place, size = RESIZED[case]
    _put(near, "r1", "frame", (880, 320), (200, 120))
    near.asked.clear()
    near.drag(_at(near, *start), _at(near, *end))
    assert (_only(near).place, _only(near).size) == (place, size)
    assert [patch.label for patch in near.asked] == ["Resize frame"]
    near.history.undo()
    assert _item(near, "r1").scene_area().getRect() == (880, 320, 200, 120)


def test_a_note_is_never_smaller_than_its_text(near: Bench) -> None:
    text = "a word " * 20
    _put(near, "r1", "note", (800, 320), (240, 160), text=text)
    near.drag(_at(near, 1040, 480), _at(near, 820, 330))
    assert _only(near).size == (96, remark_shape.note_height(text, 96))


def test_the_cursor_says_how_an_edge_is_drawn(near: Bench) -> None:
    _put(near, "r1", "frame", (880, 320), (200, 120))
    shapes = {
        (1080, 380): Qt.CursorShape.SizeHorCursor,
        (980, 440): Qt.CursorShape.SizeVerCursor,
        (1080, 440): Qt.CursorShape.SizeFDiagCursor,
        (880, 440): Qt.CursorShape.SizeBDiagCursor,
    }
    for place, shape in shapes.items():
        near.move(_at(near, *place))
        assert near.canvas.viewport().cursor().shape() == shape
        assert _item(near, "r1").hovered
    near.move(_at(near, 980, 400))
    assert near.canvas.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor
    assert not _item(near, "r1").hovered


def test_shift_and_ctrl_choose_several(near: Bench) -> None:
    _put(near, "r1", "note", (880, 320), (120, 48), text="one")
    _put(near, "r2", "note", (880, 400), (120, 48), text="two")
    near.click(_at(near, 930, 344))
    near.click(_at(near, 930, 424), SHIFT)
    assert near.canvas.marked.remarks == {"r1", "r2"}
    near.click(_at(near, 930, 344), CTRL)
    assert near.canvas.marked.remarks == {"r2"}
    near.click(near.body("conv"), SHIFT)
    near.click(_at(near, 930, 344), SHIFT)
    assert near.canvas.selection == {near.id("conv")}


def test_delete_removes_a_frame_and_leaves_what_it_held(near: Bench) -> None:
    _put(near, "r1", "frame", (400, -64), (480, 360))
    near.click(_at(near, 600, -50))
    near.key(Qt.Key.Key_Delete)
    assert not near.document.remarks
    assert len(near.document.graph.nodes) == 6
    assert near.history.undo_label == "Delete frame"


def test_the_menu_of_a_frame_colours_it_in_one_step(near: Bench, qtbot: QtBot) -> None:
    _put(near, "r1", "frame", (880, 320), (200, 120))
    entries = _menu(near, qtbot, _at(near, 980, 330))
    assert near.canvas.marked.remarks == {"r1"}
    assert set(remark_painter.COLOURS.values()) | {"Edit title", "Fit to contents"} <= set(entries)
    assert entries["Grey"].isChecked()
    entries["Green"].trigger()
    assert _only(near).colour == "green"
    assert near.history.undo_label == "Change colour"
    entries["Edit title"].trigger()
    QTest.keyClicks(_field(near), "Green one")
    QTest.keyClick(_field(near), Qt.Key.Key_Return)
    assert _only(near).text == "Green one"


def test_the_menu_of_a_note_has_the_two_colours_of_notes(near: Bench, qtbot: QtBot) -> None:
    _put(near, "r1", "note", (880, 320), (120, 48), text="one", colour="amber")
    entries = _menu(near, qtbot, _at(near, 930, 344))
    assert {"Amber", "Grey", "Edit text"} <= set(entries)
    assert not {"Green", "Fit to contents"} & set(entries)


def test_a_frame_fits_its_contents(near: Bench, qtbot: QtBot) -> None:
    _put(near, "r1", "frame", (400, -160), (540, 480))
    _menu(near, qtbot, _at(near, 600, -150))["Fit to contents"].trigger()
    nodes = near.canvas.graph_scene.nodes
    held = nodes[near.id("conv")].scene_card().united(nodes[near.id("relu")].scene_card())
    room = _item(near, "r1").scene_area()
    assert room.contains(held)
    assert room.left() == 440 - 24
    assert 0 <= room.bottom() - held.bottom() - 24 < 8


def test_frames_and_notes_stay_at_their_level(near: Bench) -> None:
    _put(near, "r1", "note", (880, 320), (120, 48), text="top")
    graph = near.document.graph
    from netloom.graph import Block

    block = Block("b1", "Stage")
    near.history.do(Patch("Define", (Change("block", "b1", None, block),)))
    near.canvas.set_level("b1", near.plan, ["Stage"])
    assert not near.canvas.graph_scene.remarks
    near.key(Qt.Key.Key_N)
    QTest.keyClicks(_field(near), "inside")
    QTest.keyClick(_field(near), Qt.Key.Key_Return, CTRL)
    [inner] = [each for each in near.document.remarks.values() if each.text == "inside"]
    assert inner.parent == "b1"
    assert graph is near.document.graph
    near.canvas.set_level("", near.plan, [])
    assert set(near.canvas.graph_scene.remarks) == {"r1"}


def test_from_far_away_a_frame_is_taken_by_its_title(near: Bench) -> None:
    _put(near, "r1", "frame", (400, -64), (480, 360), text="A stem")
    near.canvas.set_zoom(0.2)
    near.canvas.settle()
    title = _item(near, "r1").title_area()
    assert title.bottom() == -64
    near.click(near.canvas.mapFromScene(title.center()))
    assert near.canvas.marked.remarks == {"r1"}
    near.click(_at(near, 640, 250))
    assert not near.canvas.marked.remarks


def test_a_smaller_frame_lies_over_a_larger_one(near: Bench) -> None:
    _put(near, "r1", "frame", (848, 320), (120, 80))
    _put(near, "r2", "frame", (840, 316), (320, 240))
    near.click(_at(near, 900, 330))
    assert near.canvas.marked.remarks == {"r1"}
    assert _item(near, "r1").zValue() > _item(near, "r2").zValue()


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(first: QColor, second: QColor) -> float:
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colour", remark_painter.COLOURS)
@pytest.mark.parametrize("name", ["dark", "light"])
def test_titles_can_be_read_on_their_fill_and_on_the_ground(name: theme.Name, colour: str) -> None:
    look = theme.load(name)
    ground = look.color("canvas")
    for kind in ("frame", "note"):
        fill = theme.mixed(ground, remark_painter.tint(look, colour), remark_painter.FILL[kind])
        words = remark_painter.title_color(look, colour) if kind == "frame" else look.color("text-2")
        assert _contrast(words, fill) >= 4.5
        assert _contrast(words, ground) >= 4.5


@pytest.mark.parametrize("zoom", [2.0, 1.0, 0.5, 0.33, 0.2])
def test_frames_are_drawn_behind_cards_at_every_zoom(near: Bench, zoom: float) -> None:
    _put(near, "r1", "frame", (400, -64), (520, 400), colour="green")
    canvas = near.canvas
    canvas.set_zoom(zoom)
    canvas.look_at(QPointF(640, 100))
    canvas.settle()
    picture = canvas.viewport().grab().toImage()
    look = canvas.look.look
    fill = theme.mixed(look.color("canvas"), remark_painter.tint(look, "green"), remark_painter.FILL["frame"])
    density = picture.devicePixelRatio()

    def seen(x: float, y: float) -> QColor:
        at = canvas.mapFromScene(QPointF(x, y))
        return picture.pixelColor(round(at.x() * density), round(at.y() * density))

    near_fill = seen(653, 250)
    assert all(
        abs(one - two) < 8
        for one, two in zip(near_fill.getRgb()[:3], fill.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    card = canvas.graph_scene.nodes[near.id("conv")].scene_card()
    inside = seen(card.center().x() + 30, card.bottom() - 3)
    assert inside != near_fill


def test_a_long_note_shows_as_many_whole_lines_as_there_is_room_for() -> None:
    text = "first line\n\n" + "word " * 50
    found = remark_shape.lines(text, 120.0, 12)
    assert found[:2] == ("first line", "")
    assert "".join(found).replace(" ", "") == text.replace("\n", "").replace(" ", "")
    assert remark_shape.lines("", 100.0, 12) == ("",)


def test_remarks_of_other_documents_leave_no_items(near: Bench, make_bench: Callable[[Document], Bench]) -> None:
    _put(near, "r1", "frame", (880, 320), (200, 120))
    near.canvas.set_document(Document(), "other")
    assert not near.canvas.graph_scene.remarks
    assert not near.canvas.graph_scene.remarks


def test_comma_goes_through_frames_and_notes_and_arrows_move_them(near: Bench) -> None:
    _put(near, "r1", "note", (2000, 320), (120, 48), text="far right")
    _put(near, "r2", "frame", (400, -64), (480, 360))
    near.key(Qt.Key.Key_Comma)
    assert near.canvas.marked.remarks == {"r2"}
    assert near.canvas.accessibleDescription() == "Frame: Stem"
    near.key(Qt.Key.Key_Comma)
    assert near.canvas.marked.remarks == {"r1"}
    assert near.canvas.seen().contains(_item(near, "r1").scene_area())
    near.key(Qt.Key.Key_Comma)
    assert near.canvas.marked.remarks == {"r2"}
    near.asked.clear()
    near.key(Qt.Key.Key_Right, CTRL)
    near.key(Qt.Key.Key_Right, CTRL)
    assert near.document.remarks["r2"].place == (416.0, -64.0)
    assert near.document.positions[near.id("conv")] == (456, 0)
    near.history.undo()
    assert near.document.remarks["r2"].place == (400.0, -64.0)


def test_in_the_window_a_key_of_an_action_finds_all_that_was_typed(person: Person, tmp_path: Path) -> None:
    person.window.editor.new(chain(), "chain")
    editor, canvas = person.window.editor, person.canvas
    editor.save(tmp_path / "chain.loom")
    person.pick("conv1", "relu")
    person.press("C")
    person.type("Stem")
    person.press("Ctrl+S")
    [frame] = load(tmp_path / "chain.loom").remarks.values()
    assert frame.text == "Stem"
    person.press("Return")
    person.press("N")
    person.type("C and N are letters here")
    person.press("Ctrl+Return")
    assert "C and N are letters here" in {each.text for each in editor.document.remarks.values()}
    assert canvas.hasFocus()
    person.press("Del")
    assert [each.kind for each in editor.document.remarks.values()] == ["frame"]
    person.press("Ctrl+Z")
    assert len(editor.document.remarks) == 2


def test_in_the_window_words_in_the_hand_do_not_go_to_another_document(person: Person) -> None:
    person.window.editor.new(chain(), "chain")
    first = person.window.editor.session
    person.press("N")
    person.type("for the first")
    person.press("Ctrl+N")
    assert person.window.editor.session is not first
    assert not person.window.editor.document.remarks
    assert [each.text for each in first.document.remarks.values()] == ["for the first"]
    assert not [each for each in person.canvas.findChildren(WordsField) if each.isVisible()]


def test_everything_and_the_selection_are_shown_with_frames_and_notes(near: Bench) -> None:
    _put(near, "r1", "note", (3000, 2000), (240, 48), text="far away")
    near.key(Qt.Key.Key_Home)
    assert near.canvas.seen().contains(_item(near, "r1").scene_area())
    near.canvas.set_selection((), remarks=("r1",))
    near.key(Qt.Key.Key_F)
    assert near.canvas.zoom == 1.0
    assert (near.canvas.seen().center() - _item(near, "r1").scene_area().center()).manhattanLength() < 40


def test_a_title_has_one_line(near: Bench) -> None:
    near.key(Qt.Key.Key_C)
    _field(near).insertPlainText("two\nlines ")
    QTest.keyClick(_field(near), Qt.Key.Key_Return)
    assert _only(near).text == "two lines"


def test_the_minimap_shows_frames(near: Bench) -> None:
    minimap = near.canvas._frame.minimap
    before = minimap.grab().toImage()
    _put(near, "r1", "frame", (100.0, 150.0), (300.0, 100.0))
    QTest.qWait(2 * DELAY)
    assert minimap.grab().toImage() != before
    near.history.undo()
    QTest.qWait(2 * DELAY)
    assert minimap.grab().toImage() == before
