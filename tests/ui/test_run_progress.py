"""How far a run is, in the top bar."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from netloom.ui import app, theme
from netloom.ui.run_progress import RunProgress


def picture(made: RunProgress, time: str) -> QImage:
    made.show_progress("Epoch 4", "of 400    Step 3 of 45", time, 0.01)
    return made.grab().toImage()


@pytest.mark.parametrize(("width", "is_told"), [(110, False), (320, True)])
def test_the_epoch_goes_before_the_time_left(qtbot: QtBot, width: int, *, is_told: bool) -> None:
    theme.apply(app.application(), "dark")
    made = RunProgress()
    qtbot.addWidget(made)
    made.resize(width, 32)
    assert (picture(made, "1 min 22 s left") != picture(made, "")) == is_told
    assert made.accessibleDescription() == "Epoch 4 of 400    Step 3 of 45"
    picture(made, "9 s left")
    assert made.accessibleDescription().endswith("9 s left")
