import pytest

from netloom.ui.plots.title_row import Entry, TitleRow

STEP, TRAIN, VAL = Entry("step 300"), Entry("train", "0.048", 0), Entry("val", "0.106", 1)


@pytest.fixture
def row(qtbot) -> TitleRow:
    made = TitleRow("Loss")
    qtbot.addWidget(made)
    made.set_entries(STEP, TRAIN, VAL)
    return made


def test_the_row_is_read_out_in_words(row):
    assert row.accessibleName() == "Loss step 300 train 0.048 val 0.106"
    row.set_title("Accuracy")
    assert row.accessibleName().startswith("Accuracy step 300")


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (320, (STEP, TRAIN, VAL)),
        (220, (TRAIN, VAL)),
        (150, (TRAIN._replace(word=""), VAL._replace(word=""))),
    ],
)
def test_what_matters_least_goes_first_when_it_is_narrow(row, width, shown):
    row.resize(width, row.sizeHint().height())
    assert row.fitting() == shown


def test_equal_entries_repaint_nothing(row, qtbot):
    painted = []
    row.show()
    qtbot.waitExposed(row)
    qtbot.wait(50)
    paint = row.paintEvent
    row.paintEvent = lambda event: (painted.append(1), paint(event))[1]
    row.set_entries(STEP, TRAIN, VAL)
    qtbot.wait(30)
    assert not painted
    row.set_entries(TRAIN)
    qtbot.wait(30)
    assert painted
