"""Curves of several runs over each other."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from netloom.runs import Mark
from netloom.runs.record import Curves, Steps
from netloom.training.events import EpochEnded
from netloom.ui import strokes, theme
from netloom.ui.plots.compare_card import CompareCard
from netloom.ui.plots.run_series import RunCurves, Series, curves_of


def run(name: str, *values: float, marks: tuple[Mark, ...] = ()) -> RunCurves:
    x = np.arange(1.0, len(values) + 1) * 10
    y = np.array(values)
    return RunCurves(name, name, {"Loss, validation": Series(x, y), "Accuracy": Series(x, 1 - y, is_share=True)}, marks)


@pytest.fixture
def card(qtbot: QtBot, qapp: object) -> CompareCard:
    theme.apply(qapp, "dark")  # type: ignore[arg-type]
    made = CompareCard()
    qtbot.addWidget(made)
    qtbot.addWidget(made.chooser)
    made.resize(480, 200)
    made.show()
    return made


def test_each_run_has_a_curve_of_its_own_look(card: CompareCard) -> None:
    card.show_runs([run("one", 0.9, 0.5, 0.3), run("two", 0.8, 0.6, 0.4), run("three", 0.7, 0.7, 0.7)])
    pens = [line.pen for line in card._lines]
    assert len({pen.color().name() for pen in pens}) == 3
    assert len({tuple(pen.dashPattern()) for pen in pens}) == 3
    assert card.legend.text.split() == ["one", "0.300", "two", "0.400", "three", "0.700"]


def test_another_curve_is_chosen_and_stays_chosen(card: CompareCard) -> None:
    card.show_runs([run("one", 0.9, 0.5)])
    assert card.chooser.currentText() == "Loss, validation"
    card.choose("Accuracy")
    assert "50.0 %" in card.legend.text
    card.show_runs([run("two", 0.9, 0.25)])
    assert card.chooser.currentText() == "Accuracy"
    assert "75.0 %" in card.legend.text


def test_all_curves_are_read_at_one_step(card: CompareCard) -> None:
    card.show_runs([run("one", 0.9, 0.5, 0.3), run("two", 0.8)])
    card._show_step(22.0)
    assert card.legend.text.split() == ["step", "22", "one", "0.500", "two", "0.800"]
    card._show_step(3.0)
    assert card.legend.text.split() == ["step", "3", "one", "–", "two", "–"]


def test_changes_are_dotted_lines_with_words(card: CompareCard) -> None:
    card.show_runs([run("one", 0.9, 0.5, 0.3, marks=(Mark(12, "rate halved", ""),))])
    assert [(mark.step, mark.text) for mark in card.marks.shown] == [(12, "rate halved")]


def test_more_runs_than_can_be_told_apart_are_not_drawn(card: CompareCard) -> None:
    card.show_runs([run(f"run {number}", 0.5, 0.4) for number in range(20)])
    assert len(card.drawn) == strokes.MOST_RUNS


def test_nothing_measured_and_nothing_finite_harm_nothing(card: CompareCard) -> None:
    card.show_runs([RunCurves("a", "a", {}, ())])
    assert card._empty.isVisible()
    card.show_runs([run("a", float("nan"), float("inf"))])
    card.grab()
    theme.signals.changed.emit()
    assert card._lines


def test_the_curves_of_a_record_are_folded(qapp: object) -> None:
    from pathlib import Path

    from tests.runs.test_store import iris

    from netloom.graph.file import dumps
    from netloom.runs import RunRecord

    steps = {"loss": Steps(np.arange(1, 100_001), np.linspace(2, 0.1, 100_000, dtype=np.float32))}
    epochs = (EpochEnded(1, 50_000, {"val": {"loss": 1.0}}, {"val": {"accuracy": 0.5}}),)
    line = (1, "a", "", "finished", "", 1, 9, 1.0, {}, {}, {}, "cpu", "", None, "", "", (), False, False, "", Path())
    record = RunRecord(*line, text=dumps(iris()).decode(), curves=Curves(steps, epochs))
    found = curves_of(record).series
    assert list(found) == ["Loss, validation", "Accuracy, validation", "Loss, each step"]
    assert found["Loss, each step"].x.size <= 512
    assert found["Accuracy, validation"].is_share
