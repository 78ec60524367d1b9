"""All settings of a training in the inspector: their groups, what they offer, and what happens to wrong values."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.ui.panels.conftest import Desk
from tests.ui.panels.test_inspector_panel import type_over

from netloom.graph import Document, Training, edit
from netloom.layers.training_settings import SETTINGS
from netloom.templates import document
from netloom.ui.run_settings import RunSettings

FOLDED = ("Steps", "End", "Speed")


@pytest.fixture
def trained(shown) -> Desk:  # type: ignore[no-untyped-def]
    made = Desk(document("iris-mlp"))
    shown(made.inspector)
    return made


def set_training(made: Document, **values: object) -> None:
    made.apply(edit.set_training(made, msgspec.structs.replace(made.training, **values)))


def test_every_setting_has_a_row_and_no_other(desk: Desk) -> None:
    page = desk.inspector.document_page
    for fold in page.folds.values():
        fold.set_open(True)
    assert list(page.rows) == [setting.name for setting in SETTINGS]
    assert list(Training.__struct_fields__) == [setting.name for setting in SETTINGS]


def test_groups_are_folded_until_something_in_them_is_set(desk: Desk) -> None:
    folds = desk.inspector.document_page.folds
    assert tuple(folds) == FOLDED
    assert not any(fold.is_open for fold in folds.values())
    set_training(desk.document, patience=5)
    assert [name for name, fold in folds.items() if fold.is_open] == ["End"]
    assert desk.part("training_patience").text() == "5"


def test_what_a_person_folds_stays_folded_and_says_what_it_holds(desk: Desk) -> None:
    set_training(desk.document, accumulate=4)
    title = desk.part("fold_steps")
    QTest.mouseClick(title, Qt.MouseButton.LeftButton)
    set_training(desk.document, epochs=3)
    assert not desk.inspector.document_page.folds["Steps"].is_open
    assert title.accessibleName() == "Steps, folded, 1 set"
    QTest.keyClick(title, Qt.Key.Key_Space)
    assert desk.part("training_accumulate").text() == "4"
    assert title.accessibleName() == "Steps, open, 1 set"


def test_a_device_that_is_not_here_stays_shown(desk: Desk) -> None:
    set_training(desk.document, device="cuda")
    desk.inspector.set_devices([("auto", "Auto: CPU"), ("cpu", "CPU")])
    assert desk.part("training_device").currentData() == "cuda"
    assert desk.document.training.device == "cuda"


def test_another_document_is_folded_as_it_needs(desk: Desk) -> None:
    set_training(desk.document, accumulate=4)
    other = Document(training=Training(autotune=False))
    desk.inspector.set_document(other)
    folds = desk.inspector.document_page.folds
    assert [name for name, fold in folds.items() if fold.is_open] == ["Speed"]


def test_choices_have_titles_and_the_document_keeps_the_words(desk: Desk) -> None:
    desk.part("fold_speed").setChecked(True)
    field = desk.focus("training_memory_format")
    assert [field.itemText(index) for index in range(field.count())] == ["automatic", "contiguous", "channels last"]
    QTest.keyClick(field, Qt.Key.Key_End)
    assert desk.document.training.memory_format == "channels_last"
    reset = desk.inspector.findChild(QWidget, "reset_memory_format")
    assert reset.toolTip() == "Set memory format back to automatic"


def test_each_change_is_a_step_of_undo_with_its_name(desk: Desk) -> None:
    for fold in desk.inspector.document_page.folds.values():
        fold.set_open(True)
    QTest.mouseClick(desk.part("training_deterministic"), Qt.MouseButton.LeftButton)
    assert desk.document.training.deterministic
    assert desk.history.undo_label == "Set deterministic"
    field = desk.focus("training_ema_decay")
    type_over(field, "0.99")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.document.training.ema_decay == 0.99
    assert desk.history.undo_label == "Set EMA decay"
    desk.history.undo()
    assert desk.document.training == Training(deterministic=True)


def test_a_wrong_value_is_told_and_stays_to_be_corrected(desk: Desk) -> None:
    desk.part("fold_steps").setChecked(True)
    field = desk.focus("training_ema_decay")
    type_over(field, "1.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.part("refusal_ema_decay").text() == "EMA decay expects a number from 0 to 0.999999; received 1.5."
    assert field.text() == "1.5"
    assert desk.document.training.ema_decay == 0


def test_best_by_offers_metrics_and_losses(trained: Desk) -> None:
    trained.part("fold_end").setChecked(True)
    field = trained.focus("training_best_by")
    assert [field.itemText(index) for index in range(field.count())] == ["automatic", "accuracy", "loss"]
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert trained.document.training.best_by == "loss"
    QTest.mouseClick(trained.part("reset_best_by"), Qt.MouseButton.LeftButton)
    assert trained.document.training.best_by == ""


def test_a_metric_that_is_gone_is_said(trained: Desk) -> None:
    set_training(trained.document, best_by="accuracy")
    assert not trained.inspector.findChild(QWidget, "taken_best_by").isVisible()
    trained.history.do(edit.rename(trained.document.graph, trained.id("accuracy"), "hits"))
    assert trained.part("taken_best_by").text() == "There is no metric or loss called accuracy."
    assert trained.part("training_best_by").currentText() == "accuracy"
    trained.history.undo()
    assert not trained.inspector.findChild(QWidget, "taken_best_by").isVisible()


def test_the_popup_shows_the_group_training(qtbot: QtBot) -> None:
    popup = RunSettings()
    qtbot.addWidget(popup)
    popup.set_devices([("auto", "Auto: CPU"), ("cpu", "CPU, 2 cores")])
    popup.set_training(Training(device="cuda:1"))
    assert list(popup.rows) == ["epochs", "batch_size", "seed", "device"]
    editor = popup.rows["device"].editor
    assert editor.currentText() == "cuda:1"  # type: ignore[union-attr]
    with qtbot.waitSignal(popup.training_requested) as asked:
        popup.rows["device"].changed.emit("device", "cpu")
    assert asked.args == [Training(device="cpu")]
