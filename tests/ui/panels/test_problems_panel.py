from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.panels.conftest import digits

from netloom.compiler.plan import Plan, Problem
from netloom.compiler.planner import Planner
from netloom.graph import Document
from netloom.ui.panels import ProblemsPanel
from netloom.ui.panels.problems_panel import MOST_ROWS
from netloom.ui.widgets import Button


def planned(document: Document) -> Plan:
    return Planner().plan(document.graph)


@pytest.fixture
def panel(shown: Callable[..., QWidget]) -> ProblemsPanel:
    return shown(ProblemsPanel(), 700, 200)  # type: ignore[return-value]


@pytest.fixture
def wrong() -> Plan:
    """A plan with an error that has a fix, and a warning without one."""
    plan = planned(digits(in_features=512))
    warning = Problem(next(iter(plan.nodes)), None, "warning", "This is only a warning.")
    return replace(plan, problems=(warning, *plan.problems))


def test_an_empty_list_tells_what_the_network_costs(panel: ProblemsPanel) -> None:
    panel.set_plan(planned(digits()))
    assert panel.findChild(QLabel, "problems_empty").text() == "No problems. 2,730 parameters, 11.8 k MACs."
    assert panel.count == 0


def test_errors_come_first(panel: ProblemsPanel, wrong: Plan) -> None:
    panel.set_plan(wrong)
    assert [row.problem.severity for row in panel.rows] == ["error", "warning"]
    assert panel.rows[0].accessibleName() == "error in head: head expects 512 features, gets 256."
    assert not panel.findChild(QLabel, "problems_empty").isVisible()


def test_the_count_is_told_when_it_changes(panel: ProblemsPanel, wrong: Plan, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.count_changed) as caught:
        panel.set_plan(wrong)
    assert caught.args == [2]
    with qtbot.assertNotEmitted(panel.count_changed):
        panel.set_plan(wrong)


def test_a_click_leads_to_the_node(panel: ProblemsPanel, wrong: Plan, qtbot: QtBot) -> None:
    panel.set_plan(wrong)
    with qtbot.waitSignal(panel.node_requested) as caught:
        QTest.mouseClick(panel.rows[0], Qt.MouseButton.LeftButton)
    assert wrong.nodes[caught.args[0]].node.name == "head"


def test_a_fix_is_asked_for(panel: ProblemsPanel, qtbot: QtBot) -> None:
    document = digits(in_features=512)
    panel.set_plan(planned(document))
    button = panel.rows[0].findChild(Button)
    assert button.text() == "Use 256"
    with qtbot.waitSignal(panel.patch_requested) as caught:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    document.apply(caught.args[0])
    panel.set_plan(planned(document))
    assert panel.count == 0
    assert not panel.rows


def test_the_keyboard_walks_the_list(panel: ProblemsPanel, wrong: Plan, qtbot: QtBot) -> None:
    panel.set_plan(wrong)
    panel.rows[0].setFocus()
    QTest.keyClick(panel.rows[0], Qt.Key.Key_Down)
    assert panel.rows[1].hasFocus()
    QTest.keyClick(panel.rows[1], Qt.Key.Key_Down)
    assert panel.rows[1].hasFocus()
    with qtbot.waitSignal(panel.node_requested) as caught:
        QTest.keyClick(panel.rows[1], Qt.Key.Key_Return)
    assert caught.args == [wrong.problems[0].node]


def test_the_same_problems_keep_their_rows(panel: ProblemsPanel, wrong: Plan) -> None:
    panel.set_plan(wrong)
    rows = list(panel.rows)
    panel.set_plan(replace(wrong, parameters=1))
    assert list(panel.rows) == rows


def test_the_keyboard_stays_in_the_list_when_a_problem_goes(panel: ProblemsPanel, wrong: Plan) -> None:
    panel.set_plan(wrong)
    panel.rows[1].setFocus()
    panel.set_plan(replace(wrong, problems=wrong.problems[:1]))
    assert panel.rows[0].hasFocus()


def test_a_row_that_is_still_true_stays(panel: ProblemsPanel, wrong: Plan) -> None:
    panel.set_plan(wrong)
    error, warning = panel.rows
    panel.set_plan(replace(wrong, problems=(replace(wrong.problems[0], message="Another warning."), wrong.problems[1])))
    assert panel.rows[0] is error
    assert panel.rows[1] is not warning
    layout = error.parentWidget().layout()
    assert [layout.indexOf(row) for row in panel.rows] == [0, 1]


def test_a_hidden_list_catches_up_when_it_is_shown(panel: ProblemsPanel, wrong: Plan) -> None:
    panel.hide()
    panel.set_plan(wrong)
    assert panel.count == 2
    assert not panel.rows
    panel.show()
    assert len(panel.rows) == 2


def test_a_very_long_list_is_cut(panel: ProblemsPanel, wrong: Plan) -> None:
    panel.set_plan(replace(wrong, problems=wrong.problems[:1] * (MOST_ROWS + 31)))
    assert len(panel.rows) == MOST_ROWS
    assert panel.count == MOST_ROWS + 31
    assert "And 31 more." in [label.text() for label in panel.findChildren(QLabel) if not label.isHidden()]
