import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.panels.conftest import Desk, digits

from netloom.graph import Training, edit
from netloom.ui import theme
from netloom.ui.panels.texts import Line


def type_over(widget: QWidget, text: str) -> None:
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(widget, Qt.Key.Key_Delete)
    QTest.keyClicks(widget, text)


def lines(desk: Desk) -> list[str]:
    return [line.text() for line in desk.inspector.findChildren(Line) if line.isVisible()]


def test_shows_kind_name_shapes_and_costs(desk: Desk) -> None:
    desk.show("conv1")
    assert desk.part("node_name").text() == "conv1"
    assert {"Conv2d", "N×1×8×8", "N×16×8×8", "160", "9.2 k", "640 B"} <= set(lines(desk))


def test_a_whole_number_is_typed(desk: Desk) -> None:
    desk.show("conv1")
    field = desk.focus("param_out_channels")
    type_over(field, "32")
    assert desk.params("conv1")["out_channels"] == 16
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.params("conv1")["out_channels"] == 32
    assert "N×32×8×8" in lines(desk)
    assert field.hasFocus()


def test_leaving_a_field_reads_it(desk: Desk) -> None:
    desk.show("conv1")
    type_over(desk.focus("param_groups"), "1")
    type_over(desk.focus("param_kernel_size"), "5x3")
    desk.focus("param_groups")
    assert desk.params("conv1")["kernel_size"] == [5, 3]
    assert "groups" not in desk.params("conv1")
    assert desk.part("param_kernel_size").text() == "5 × 3"


def test_a_pause_reads_what_was_typed_and_leaves_the_text_alone(desk: Desk, qtbot: QtBot) -> None:
    desk.show("conv1")
    field = desk.focus("param_kernel_size")
    type_over(field, "5")
    qtbot.waitUntil(lambda: desk.params("conv1")["kernel_size"] == 5)
    assert field.text() == "5"
    assert field.cursorPosition() == 1


@pytest.mark.parametrize("text", ["abc", "0", "1.5"])
def test_what_is_no_value_is_refused_in_place(desk: Desk, text: str) -> None:
    desk.show("conv1")
    field = desk.focus("param_out_channels")
    type_over(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.params("conv1")["out_channels"] == 16
    assert field.text() == text
    assert "out_channels" in desk.part("refusal_out_channels").text()
    desk.focus("param_groups")
    assert field.text() == text
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "16"
    assert not desk.inspector.findChild(QLabel, "refusal_out_channels").isVisible()


def test_arrow_keys_count_and_are_one_step_of_undo(desk: Desk) -> None:
    desk.show("conv1")
    field = desk.focus("param_out_channels")
    for _ in range(3):
        QTest.keyClick(field, Qt.Key.Key_Up)
    QTest.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert desk.params("conv1")["out_channels"] == 9
    assert len(set(desk.gestures)) == 1
    desk.history.undo()
    assert desk.params("conv1")["out_channels"] == 16
    assert field.text() == "16"


def test_each_visit_of_a_field_is_a_step_of_its_own(desk: Desk) -> None:
    desk.show("conv1")
    QTest.keyClick(desk.focus("param_out_channels"), Qt.Key.Key_Up)
    desk.focus("param_groups")
    QTest.keyClick(desk.focus("param_out_channels"), Qt.Key.Key_Up)
    assert len(set(desk.gestures)) == 2


def turn_wheel(widget: QWidget, delta: int) -> None:
    centre = QPointF(widget.rect().center())
    nothing = QPoint()
    buttons, modifiers = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        centre,
        QPointF(widget.mapToGlobal(centre.toPoint())),
        nothing,
        QPoint(0, delta),
        buttons,
        modifiers,
        phase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_the_wheel_counts_only_where_the_keyboard_is(desk: Desk) -> None:
    desk.show("conv1")
    field = desk.part("param_out_channels")
    desk.focus("param_groups")
    turn_wheel(field, 120)
    assert desk.params("conv1")["out_channels"] == 16
    field.setFocus()
    turn_wheel(field, 60)
    turn_wheel(field, 60)
    assert desk.params("conv1")["out_channels"] == 17
    turn_wheel(field, -240)
    assert desk.params("conv1")["out_channels"] == 15


def test_a_switch_is_pressed_by_mouse_and_by_key(desk: Desk) -> None:
    desk.show("conv1")
    switch = desk.part("param_bias")
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert desk.params("conv1")["bias"] is False
    switch.setFocus()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert desk.params("conv1")["bias"] is True


def test_a_choice_is_made_by_keyboard(desk: Desk) -> None:
    desk.show("conv1")
    field = desk.focus("param_padding_mode")
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert desk.params("conv1")["padding_mode"] == "reflect"


def test_a_size_can_be_a_word(desk: Desk) -> None:
    desk.show("conv1")
    field = desk.focus("param_padding")
    type_over(field, "valid")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.params("conv1")["padding"] == "valid"
    menu = desk.part("words_padding").menu()
    menu.actions()[0].trigger()
    assert desk.params("conv1")["padding"] == "same"
    assert field.text() == "same"


def test_the_way_back_to_the_default(desk: Desk) -> None:
    desk.show("conv1")
    desk.focus("param_kernel_size")
    type_over(desk.part("param_kernel_size"), "5")
    QTest.keyClick(desk.part("param_kernel_size"), Qt.Key.Key_Return)
    QTest.mouseClick(desk.part("reset_kernel_size"), Qt.MouseButton.LeftButton)
    assert "kernel_size" not in desk.params("conv1")
    assert desk.part("param_kernel_size").text() == "3 × 3"


def test_an_emptied_field_goes_back_to_its_default(desk: Desk) -> None:
    desk.show("conv1")
    field = desk.focus("param_kernel_size")
    type_over(field, "")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert "kernel_size" not in desk.params("conv1")
    assert field.text() == "3 × 3"


def test_optional_values_go_back_to_none(desk: Desk) -> None:
    desk.show("pool1")
    field = desk.focus("param_stride")
    assert field.text() == "none"
    type_over(field, "1")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.params("pool1")["stride"] == 1
    QTest.mouseClick(desk.part("reset_stride"), Qt.MouseButton.LeftButton)
    assert "stride" not in desk.params("pool1")
    assert field.text() == "none"


def test_an_optional_value_with_a_default_can_be_none(desk: Desk) -> None:
    norm = desk.document.graph
    node = edit.free_id(norm)
    from netloom.layers.edit import new_node

    desk.history.do(edit.add(new_node(norm, "BatchNorm2d", "bn1"), "Add bn1"))
    desk.inspector.show_node(node)
    desk.focus("param_momentum")
    QTest.mouseClick(desk.part("none_momentum"), Qt.MouseButton.LeftButton)
    assert desk.params("bn1") == {"momentum": None}
    QTest.mouseClick(desk.part("reset_momentum"), Qt.MouseButton.LeftButton)
    assert desk.params("bn1") == {}


def test_a_derived_size_is_set_by_hand_and_handed_back(desk: Desk) -> None:
    desk.show("head")
    wire = desk.part("derived_in_features")
    assert "256" in wire.accessibleName()
    QTest.mouseClick(wire, Qt.MouseButton.LeftButton)
    field = desk.part("param_in_features")
    assert field.hasFocus()
    type_over(field, "512")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.params("head")["in_features"] == 512
    QTest.mouseClick(desk.part("reset_in_features"), Qt.MouseButton.LeftButton)
    assert "in_features" not in desk.params("head")
    assert desk.part("derived_in_features").isVisible()


def test_a_derived_size_that_was_not_changed_stays_derived(desk: Desk) -> None:
    desk.show("head")
    wire = desk.focus("derived_in_features")
    QTest.keyClick(wire, Qt.Key.Key_Space)
    assert desk.part("param_in_features").hasFocus()
    desk.focus("param_out_features")
    assert desk.part("derived_in_features").isVisible()
    assert not desk.gestures


def test_help_stands_under_the_field_with_the_keyboard(desk: Desk) -> None:
    desk.show("conv1")
    desk.focus("param_out_channels")
    assert desk.part("help_out_channels").text().startswith("Filters to learn.")
    desk.focus("param_bias")
    assert not desk.inspector.findChild(QLabel, "help_out_channels").isVisible()
    assert desk.part("help_bias")


def test_problems_are_put_right_with_one_click(shown) -> None:  # type: ignore[no-untyped-def]
    desk = Desk(digits(in_features=512))
    shown(desk.inspector)
    desk.show("head")
    QTest.mouseClick(desk.part("fix_Use 256"), Qt.MouseButton.LeftButton)
    assert desk.params("head").get("in_features") != 512
    assert not [problem for problem in desk.plan.problems if problem.severity == "error"]


def test_a_node_is_renamed(desk: Desk) -> None:
    desk.show("conv1")
    name = desk.part("node_name")
    QTest.mouseClick(name, Qt.MouseButton.LeftButton)
    QTest.keyClick(name, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(name, "stem")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert desk.document.graph.named("stem")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("relu1", "There is already a node called relu1 here."), ("class", "Class is a word of the Python language.")],
)
def test_a_name_that_cannot_be_is_refused_in_place(desk: Desk, name: str, sentence: str) -> None:
    desk.show("conv1")
    field = desk.part("node_name")
    field.setFocus()
    type_over(field, name)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.part("refusal_name").text().lower() == sentence.lower()
    assert field.text() == name
    assert desk.document.graph.named("conv1")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "conv1"
    assert not desk.inspector.findChild(QLabel, "refusal_name").isVisible()


def test_an_edit_elsewhere_disturbs_nothing_that_is_being_typed(desk: Desk) -> None:
    desk.show("conv1")
    field = desk.focus("param_out_channels")
    type_over(field, "12")
    QTest.keyClick(field, Qt.Key.Key_Left)
    desk.history.do(edit.rename(desk.document.graph, desk.id("relu1"), "act"))
    assert (field.text(), field.cursorPosition(), field.hasFocus()) == ("12", 1, True)
    assert field is desk.part("param_out_channels")


def test_an_undo_reaches_the_field_with_the_keyboard(desk: Desk) -> None:
    desk.show("conv1")
    field = desk.focus("param_out_channels")
    type_over(field, "64")
    QTest.keyClick(field, Qt.Key.Key_Return)
    desk.history.undo()
    assert field.text() == "16"
    assert field.hasFocus()


def test_selecting_another_node_reads_the_field_first(desk: Desk) -> None:
    desk.show("conv1")
    type_over(desk.focus("param_out_channels"), "8")
    desk.show("relu1")
    assert desk.params("conv1")["out_channels"] == 8
    assert desk.params("relu1") == {}


def test_a_node_that_goes_leaves_the_training_settings(desk: Desk) -> None:
    desk.show("conv1")
    desk.history.do(edit.remove(desk.document, [desk.id("conv1")]))
    assert desk.part("training_epochs").text() == "20"


def test_parameters_that_do_not_matter_are_not_shown(desk: Desk) -> None:
    desk.show("digits")
    assert not desk.inspector.findChild(QWidget, "param_noise").isVisible()
    field = desk.focus("param_source")
    QTest.keyClicks(field, "moons")
    assert desk.params("digits")["source"] == "moons"
    assert desk.part("param_noise").isVisible()


def test_training_settings_are_changed(desk: Desk) -> None:
    desk.inspector.set_devices([("auto", "Automatic"), ("cpu", "CPU, 2 cores")])
    for name, text in (("epochs", "40"), ("batch_size", "64"), ("seed", "7")):
        field = desk.focus(f"training_{name}")
        type_over(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClick(desk.focus("training_device"), Qt.Key.Key_Down)
    assert desk.document.training == Training(40, 64, 7, "cpu")


def test_training_settings_have_a_range(desk: Desk) -> None:
    field = desk.focus("training_epochs")
    type_over(field, "0")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.document.training.epochs == 20
    assert desk.part("refusal_epochs").text() == "Epochs expects a whole number from 1 to 1000000; received 0."


def test_without_a_selection_the_totals_are_shown(desk: Desk) -> None:
    assert {"Network", "2,730", "11.8 k"} <= set(lines(desk))


def test_several_nodes_are_counted(desk: Desk) -> None:
    desk.inspector.show_nodes(frozenset({desk.id("conv1"), desk.id("relu1")}))
    assert desk.part("several_count").text() == "2 nodes"


def test_a_look_inside_has_its_place(desk: Desk) -> None:
    inside = QLabel("Inside")
    inside.setObjectName("inside")
    desk.inspector.set_inside(inside)
    desk.show("conv1")
    assert desk.part("inside") is inside
    desk.inspector.show_node(None)
    assert not inside.isVisible()


def test_undo_is_left_to_the_window_where_nothing_is_typed(desk: Desk) -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    desk.show("conv1")
    field = desk.focus("param_out_channels")

    def is_taken() -> bool:
        undo = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        undo.ignore()
        QApplication.sendEvent(field, undo)
        return undo.isAccepted()

    assert not is_taken()
    QTest.keyClicks(field, "1")
    assert is_taken()


@pytest.mark.slow
def test_every_kind_can_be_shown_at_the_smallest_width(desk: Desk) -> None:
    from netloom.layers import catalogue
    from netloom.layers.edit import new_node

    desk.inspector.resize(256, 720)
    for kind, spec in catalogue.SPECS.items():
        if spec.role == "block":
            continue
        node = new_node(desk.document.graph, kind)
        desk.history.do(edit.add(node, f"Add {kind}"))
        desk.inspector.show_node(node.id)
        body = desk.inspector.node_page.findChild(QWidget, "inspector_scroll").widget()
        assert body.minimumSizeHint().width() <= 256, kind
        for param in spec.params:
            editor = desk.inspector.findChild(QWidget, f"param_{param.name}")
            assert editor.accessibleName(), f"{kind}.{param.name}"


def test_object_names_are_there_once(desk: Desk) -> None:
    for name in ("conv1", "pool1", "conv1"):
        desk.show(name)
        assert len(desk.inspector.findChildren(QWidget, "param_kernel_size")) == 1
        assert desk.part("param_kernel_size").isVisible()


def test_the_fields_keep_their_width_when_a_scroll_bar_comes(desk: Desk, qtbot: QtBot) -> None:
    desk.show("conv1")
    width = desk.part("param_groups").width()
    desk.inspector.resize(288, 300)
    bar = desk.inspector.findChild(QScrollArea, "inspector_scroll").verticalScrollBar()
    qtbot.waitUntil(bar.isVisible)
    assert desk.part("param_groups").width() == width


def test_the_theme_changes_in_place(desk: Desk, qapp: QApplication) -> None:
    desk.show("conv1")
    field = desk.focus("param_out_channels")
    type_over(field, "3")
    dark = desk.inspector.grab().toImage().pixelColor(4, 4)
    theme.apply(qapp, "light")
    light = desk.inspector.grab().toImage().pixelColor(4, 4)
    assert (dark, light) == (theme.load("dark").color("panel"), theme.load("light").color("panel"))
    assert field.text() == "3"
    assert field.hasFocus()
