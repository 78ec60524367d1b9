from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from netloom.layers import catalogue
from netloom.ui import theme
from netloom.ui.offers import Offers
from netloom.ui.panels import PalettePanel
from netloom.ui.panels.kind_drag import MIME, card, kind_drag
from netloom.ui.panels.palette_delegate import plus_rect
from netloom.ui.panels.palette_model import NOTHING, ROW_ROLE, spec_of


@pytest.fixture
def palette(shown: Callable[..., QWidget]) -> PalettePanel:
    return shown(PalettePanel(), 208, 720)  # type: ignore[return-value]


def texts(palette: PalettePanel) -> list[str]:
    rows = palette.tree.rows
    return [rows.index(row, 0).data() for row in range(rows.rowCount())]


def place(palette: PalettePanel, text: str) -> QPoint:
    """The middle of the row with this text, which must be in sight."""
    rows = palette.tree.rows
    found = rows.match(rows.index(0, 0), 0, text, 1, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
    rect = palette.tree.visualRect(found[0])
    assert rect.height() == 24
    return rect.center()


def click(palette: PalettePanel, text: str) -> None:
    QTest.mouseClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=place(palette, text))


def test_every_category_that_has_kinds_is_there_in_order(palette: PalettePanel) -> None:
    used = {spec.category for spec in catalogue.SPECS.values() if spec.role != "block"}
    assert texts(palette) == ["All nodes", *(title for name, title in catalogue.TITLES.items() if name in used)]


def test_a_category_opens_and_closes(palette: PalettePanel) -> None:
    click(palette, "Convolution")
    assert place(palette, "Conv2d")
    click(palette, "Convolution")
    rows = palette.tree.rows
    found = rows.match(rows.index(0, 0), 0, "Convolution", 1, Qt.MatchFlag.MatchExactly)
    assert not palette.tree.isExpanded(found[0])


def test_a_double_click_adds(palette: PalettePanel, qtbot: QtBot) -> None:
    click(palette, "Pooling")
    pos = place(palette, "MaxPool2d")
    with qtbot.waitSignal(palette.add_requested) as caught:
        QTest.mouseClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=pos)
        QTest.mouseDClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=pos)
    assert caught.args == ["MaxPool2d"]


def test_the_plus_sign_adds_with_one_click(palette: PalettePanel, qtbot: QtBot) -> None:
    click(palette, "Pooling")
    rect = palette.tree.visualRect(palette.tree.indexAt(place(palette, "AvgPool2d")))
    with qtbot.waitSignal(palette.add_requested) as caught:
        QTest.mouseClick(palette.tree.viewport(), Qt.MouseButton.LeftButton, pos=plus_rect(rect).center())
    assert caught.args == ["AvgPool2d"]


def test_search_ranks_as_the_catalogue_does(palette: PalettePanel) -> None:
    QTest.keyClicks(palette.search, "conv")
    found = catalogue.search("conv", Offers().ready)
    assert texts(palette) == [spec.kind for spec in found if spec.kind != "Block"]
    assert palette.tree.current_spec() == catalogue.search("conv")[0]


def test_arrows_move_and_enter_adds(palette: PalettePanel, qtbot: QtBot) -> None:
    palette.focus_search()
    QTest.keyClicks(palette.search, "conv")
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.add_requested) as caught:
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert caught.args == [catalogue.search("conv")[1].kind]
    assert palette.search.text() == "conv"
    assert palette.search.hasFocus()


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("residual", ["Add", "Residual block"]),
        ("dense", ["Linear", "Dense layer"]),
    ],
)
def test_blocks_with_the_words_in_their_title_come_before_blocks_that_have_to_do_with_them(
    words: str, titles: list[str]
) -> None:
    assert [each.kind for each in Offers().search(words)][:2] == titles


def test_after_enter_the_next_word_replaces_the_last_one(palette: PalettePanel) -> None:
    palette.focus_search()
    QTest.keyClicks(palette.search, "relu")
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    QTest.keyClicks(palette.search, "adam")
    assert palette.search.text() == "adam"


def test_escape_leads_back_to_the_categories(palette: PalettePanel) -> None:
    QTest.keyClicks(palette.search, "conv")
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert "All nodes" in texts(palette)


def test_an_empty_result_says_what_to_try(palette: PalettePanel, qtbot: QtBot) -> None:
    QTest.keyClicks(palette.search, "zzzz")
    assert texts(palette) == [NOTHING]
    with qtbot.assertNotEmitted(palette.add_requested):
        QTest.keyClick(palette.search, Qt.Key.Key_Return)


def test_blocks_are_not_offered_alone(palette: PalettePanel) -> None:
    QTest.keyClicks(palette.search, "block")
    assert "Block" not in texts(palette)


def test_the_tree_is_worked_by_keyboard(palette: PalettePanel, qtbot: QtBot) -> None:
    tree = palette.tree
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Down)
    assert tree.currentIndex().data() == "Data"
    QTest.keyClick(tree, Qt.Key.Key_Return)
    QTest.keyClick(tree, Qt.Key.Key_Down)
    assert tree.current_spec() == catalogue.spec("Dataset")
    with qtbot.waitSignal(palette.add_requested) as caught:
        QTest.keyClick(tree, Qt.Key.Key_Return)
    assert caught.args == ["Dataset"]


def test_left_leads_from_a_kind_to_its_category(palette: PalettePanel) -> None:
    tree = palette.tree
    tree.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(tree, key)
    assert tree.currentIndex().data() == "Data"
    assert tree.isExpanded(tree.currentIndex())
    QTest.keyClick(tree, Qt.Key.Key_Left)
    assert not tree.isExpanded(tree.currentIndex())


def test_what_was_used_last_comes_first(palette: PalettePanel, qtbot: QtBot) -> None:
    palette.add_requested.connect(palette._offers.note_use)  # as the canvas does when it adds
    for text in ("relu", "linear", "relu"):
        palette.search.clear()
        QTest.keyClicks(palette.search, text)
        with qtbot.waitSignal(palette.recent_changed):
            QTest.keyClick(palette.search, Qt.Key.Key_Return)
    palette.search.clear()
    assert palette.recent == ("ReLU", "Linear")
    assert texts(palette)[:4] == ["Recent", "ReLU", "Linear", "All nodes"]


def test_recent_kinds_are_at_most_four_and_known(palette: PalettePanel) -> None:
    palette.set_recent(["ReLU", "Nonsense", "Linear", "GELU", "Tanh", "Sigmoid"])
    assert palette.recent == ("ReLU", "Linear", "GELU", "Tanh")


def test_open_categories_stay_open_when_a_kind_is_used(palette: PalettePanel) -> None:
    click(palette, "Linear")
    palette._offers.note_use("ReLU")
    assert [index.data() for index in expanded(palette)] == ["Linear"]


def test_the_row_that_was_used_stays_where_it_is(palette: PalettePanel) -> None:
    palette.resize(208, 400)
    click(palette, "Linear")
    click(palette, "Embedding")
    palette.tree.verticalScrollBar().setValue(30)
    palette.tree.setFocus()
    before = place(palette, "Embedding")
    QTest.keyClick(palette.tree, Qt.Key.Key_Return)
    current = palette.tree.currentIndex()
    assert current.data() == "Embedding"
    assert current.parent().data() == "Linear"
    assert palette.tree.visualRect(current).center() == before


def expanded(palette: PalettePanel) -> list[object]:
    rows = palette.tree.rows
    indexes = [rows.index(row, 0) for row in range(rows.rowCount())]
    return [index for index in indexes if index.data(ROW_ROLE) == "category" and palette.tree.isExpanded(index)]


def test_the_card_explains_what_is_pointed_at(palette: PalettePanel) -> None:
    click(palette, "Convolution")
    QTest.mouseMove(palette.tree.viewport(), place(palette, "Conv1d"))
    QTest.mouseMove(palette.tree.viewport(), place(palette, "Conv2d"))
    assert palette.help.kind == "Conv2d"
    QTest.keyClicks(palette.search, "softmax")
    assert palette.help.kind == "Softmax"
    assert "Softmax" in palette.help.accessibleName()


def test_every_summary_fits_into_the_card_at_the_smallest_width(palette: PalettePanel) -> None:
    palette.resize(176, 640)
    for spec in catalogue.SPECS.values():
        palette.help.show_spec(spec)
        assert palette.help.layout().heightForWidth(palette.help.width()) <= palette.help.height(), spec.kind


def test_a_drag_carries_the_kind_and_a_card(palette: PalettePanel) -> None:
    drag = kind_drag(catalogue.spec("Conv2d"), palette)
    assert bytes(drag.mimeData().data(MIME).data()) == b"Conv2d"
    assert drag.pixmap().height() >= 32
    assert card(catalogue.spec("TransformerEncoderLayer")).width() > drag.pixmap().width()


def test_pulling_a_row_starts_a_drag(palette: PalettePanel, monkeypatch: pytest.MonkeyPatch) -> None:
    dragged: list[bytes] = []

    def note(drag: QDrag, _action: Qt.DropAction) -> Qt.DropAction:
        dragged.append(bytes(drag.mimeData().data(MIME).data()))
        return Qt.DropAction.IgnoreAction

    monkeypatch.setattr(QDrag, "exec", note)  # the native loop of a drag waits for a real mouse
    click(palette, "Activation")
    viewport, start = palette.tree.viewport(), place(palette, "GELU")
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(viewport, start + QPoint(40, 5))
    QTest.mouseMove(viewport, start + QPoint(80, 10))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(80, 10))
    assert dragged == [b"GELU"]


def test_titles_are_no_kinds(palette: PalettePanel) -> None:
    assert spec_of(palette.tree.rows.index(0, 0)) is None
    assert not palette.tree.rows.index(0, 0).flags() & Qt.ItemFlag.ItemIsSelectable


def test_the_theme_changes_in_place(palette: PalettePanel, qapp: QApplication) -> None:
    click(palette, "Linear")
    palette.grab()
    theme.apply(qapp, "light")
    assert palette.grab().toImage().pixelColor(2, 715) == theme.load("light").color("panel")
    assert len(expanded(palette)) == 1
