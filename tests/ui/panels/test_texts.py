from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from netloom.ui import theme
from netloom.ui.panels.cost_facts import Fact
from netloom.ui.panels.cost_row import CostRow
from netloom.ui.panels.node_header import NodeHeader
from netloom.ui.panels.texts import CORNER, Line, Words, place_in_corner

Show = Callable[..., QWidget]


def test_a_line_that_is_too_long_says_the_rest_in_its_tip(shown: Show) -> None:
    line = Line("TransformerEncoderLayer")
    holder = QWidget()
    QVBoxLayout(holder).addWidget(line)
    shown(holder, 80, 40)
    line.grab()
    assert line.toolTip() == "TransformerEncoderLayer"
    holder.resize(400, 40)
    line.grab()
    assert line.toolTip() == ""


def test_a_tip_of_its_own_stays(shown: Show) -> None:
    line = Line("lr")
    line.set_tip("lr: Learning rate")
    shown(line, 200, 20)
    line.grab()
    assert line.toolTip() == "lr: Learning rate"


def test_a_line_is_named_for_screen_readers(shown: Show) -> None:
    line = Line("before")
    shown(line, 100, 20)
    line.setText("after")
    assert (line.text(), line.accessibleName()) == ("after", "after")


def test_words_wrap_into_the_width_that_there_is(shown: Show) -> None:
    words = Words("Filters to learn. Each becomes one channel of the output.")
    shown(words, 400, 60)
    assert words.heightForWidth(90) > words.heightForWidth(400)
    assert words.minimumSizeHint().width() < 90


def test_words_take_the_colour_of_their_tone(shown: Show, qapp: QApplication) -> None:
    words = Words("Not a name.", "tone", "error")
    shown(words, 200, 30)
    for name in ("dark", "light"):
        theme.apply(qapp, name)  # type: ignore[arg-type]
        assert words.palette().color(words.foregroundRole()) == theme.current().color("error")


def test_a_button_lies_in_the_corner(shown: Show) -> None:
    holder = QWidget()
    label = QLabel("Copy", holder)
    shown(holder, 300, 100)
    place_in_corner(label)
    assert label.geometry().topRight() == QPoint(300 - CORNER - 1, CORNER)


def test_costs_change_in_place(shown: Show) -> None:
    row = CostRow()
    holder = QWidget()
    QVBoxLayout(holder).addWidget(row)
    shown(holder, 288, 120)
    row.show_facts((Fact("Parameters", "160", "1.3 % of all"), Fact("MACs", "9.2 k", ""), Fact("Memory", "–", "")))
    places = cells(row)
    row.show_facts((Fact("Parameters", "160,000", "99 % of all"), Fact("MACs", "9.2 M", ""), Fact("Memory", "–", "")))
    assert cells(row) == places
    assert row.findChild(QWidget, "fact_parameters").accessibleName() == "Parameters 160,000 99 % of all"
    row.show_facts(())
    assert not row.isVisible()


def cells(row: CostRow) -> list[QRect]:
    row.layout().activate()
    return [line.geometry() for line in row.findChildren(Line)]


def test_shapes_take_a_line_of_their_own_where_there_is_no_room(shown: Show) -> None:
    header = NodeHeader()
    shown(header, 288, 120)
    header.show_node("convolution", "conv1", "Conv2d", ("N×1×8×8", "N×16×8×8"), "Slides filters.")
    header.layout().activate()
    assert tops(header)[0] == tops(header)[1]
    header.show_node("attention", "encoder", "TransformerEncoderLayer", ("N×L×512", "N×L×512"), "Attends.")
    header.resize(256, 140)
    header.layout().activate()
    assert tops(header)[0] < tops(header)[1]


def tops(header: NodeHeader) -> tuple[int, int]:
    QApplication.processEvents()
    flow = header.flow
    return flow.kind.mapTo(header, QPoint()).y(), flow.after.mapTo(header, QPoint()).y()
