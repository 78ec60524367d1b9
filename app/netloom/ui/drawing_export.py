"""The sheet that exports the drawing: format, part, theme, ground and scale, then the file."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from netloom.graph import atomic
from netloom.ui import dialogs, theme
from netloom.ui.canvas.drawing import Drawing, Part
from netloom.ui.canvas.graph_scene import GraphScene
from netloom.ui.drawing_file import Choice, Format, produced, refusal, size_words
from netloom.ui.sheet import SHADOW, Sheet
from netloom.ui.widgets import Button, Caption, Segmented, set_tone

FORMATS = ("SVG", "PDF", "PNG")
WHOLE, SELECTION = "Whole level", "Selection"
LIGHT, DARK = "Light", "Dark"
FILLED, TRANSPARENT = "Filled", "Transparent"
SCALES = ("1×", "2×", "3×", "4×")
SLICE = 0.006
"""Seconds of drawing between two looks at what the person does."""
WIDTH = 320


class DrawingExport(Sheet):
    """Exports what a scene shows. `exported` carries the path of the file."""

    exported = Signal(object)

    def __init__(self, scene: GraphScene, selection: Part | None, name: str, folder: Path, parent: QWidget) -> None:
        super().__init__("Export drawing", "drawing-export", parent)
        self._drawings = {WHOLE: Drawing(scene)}
        if selection is not None:
            self._drawings[SELECTION] = Drawing(scene, selection)
        self._name, self._folder = name, folder
        self._steps: Iterator[bytes | None] | None = None
        self._done = self._expected = 0
        self._path = Path()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._draw_on)
        self.format = self._chooser("drawing-format", FORMATS)
        self.part = self._chooser("drawing-part", tuple(self._drawings))
        self.look = self._chooser("drawing-theme", (LIGHT, DARK), DARK if theme.current().is_dark else LIGHT)
        self.ground = self._chooser("drawing-ground", (FILLED, TRANSPARENT))
        self.scale = self._chooser("drawing-scale", SCALES, "2×")
        self.scale_label = QLabel(self)
        self.size_shown = Caption("", 2, self)
        self.outcome = QLabel(self)
        self.button = Button("Export…", primary=True, parent=self)
        self._fill()
        self.setFixedWidth(WIDTH + 40 + 2 * SHADOW)
        self._show_choice()
        self.button.setFocus()

    def _chooser(self, name: str, options: tuple[str, ...], value: str = "") -> Segmented:
        found = Segmented(options, value, self)
        found.setObjectName(name)
        found.chosen.connect(self._show_choice)
        return found

    def _fill(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(2, 1)
        rows = {"Format": self.format, "Theme": self.look, "Ground": self.ground, "Scale": self.scale}
        if len(self._drawings) > 1:
            rows = {"Format": self.format, "Part": self.part} | rows
        self.part.setVisible(len(self._drawings) > 1)
        for number, (word, chooser) in enumerate(rows.items()):
            label = self.scale_label if chooser is self.scale else QLabel(self)
            label.setText(word)
            chooser.setAccessibleName(word)
            grid.addWidget(label, number, 0)
            grid.addWidget(chooser, number, 1)
        for widget in (self.scale, self.scale_label):
            keeping = widget.sizePolicy()
            keeping.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(keeping)
        self.body.setSpacing(14)
        self.body.addLayout(grid)
        self.outcome.setObjectName("drawing-outcome")
        self.outcome.setWordWrap(True)
        self.outcome.setFixedWidth(WIDTH)
        self.outcome.setContentsMargins(12, 8, 12, 8)
        self.outcome.hide()
        self.body.addWidget(self.outcome)
        self.body.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.size_shown.setObjectName("drawing-size")
        self.button.setObjectName("drawing-write")
        self.button.setDefault(True)
        self.button.clicked.connect(self._press)
        row.addWidget(self.size_shown, 1)
        row.addWidget(self.button)
        return row

    @property
    def choice(self) -> Choice:
        """What is chosen now."""
        return Choice(
            format=cast(Format, self.format.value),
            look="dark" if self.look.value == DARK else "light",
            is_transparent=self.ground.value == TRANSPARENT,
            scale=int(self.scale.value[0]),
        )

    @property
    def _drawing(self) -> Drawing:
        return self._drawings[self.part.value]

    def _show_choice(self) -> None:
        """Say how large the file's drawing will be, or why there can be none."""
        choice, room = self.choice, self._drawing.room
        for widget in (self.scale, self.scale_label):
            widget.setVisible(choice.format == "PNG")
        self.size_shown.setText(size_words(room, choice) if not room.isEmpty() else "")
        reason = refusal(room, choice)
        self.button.setEnabled(not reason)
        self._say(reason, "error" if reason else None)

    def _say(self, text: str, tone: str | None) -> None:
        self.outcome.setText(text)
        set_tone(self.outcome, "tone", tone)
        set_tone(self.outcome, "soft", tone)
        self.outcome.setVisible(bool(text))
        self.adjustSize()

    def _press(self) -> None:
        if self._steps is not None:
            self._stop()
            self._say("Cancelled. Nothing was written.", None)
            return
        path = dialogs.ask_export(self, self._folder / f"{self._name}{self.choice.suffix}")
        if path is not None:
            self._begin(path if path.suffix else path.with_suffix(self.choice.suffix))

    def _begin(self, path: Path) -> None:
        self._path, self._done = path, 0
        self._expected = 2 * self._drawing.size + 1  # each thing is copied once and drawn once
        self._steps = produced(self._drawing, self.choice, self._name)
        self.button.setText("Cancel")
        self._set_enabled(is_enabled=False)
        self._timer.start(0)

    def _draw_on(self) -> None:
        """Draw for a few milliseconds; ten thousand cards take seconds, in which the person can cancel.

        Only the last step takes as long as it takes, up to a second for so many: there Qt packs the page or picture.
        """
        until = time.monotonic() + SLICE
        try:
            while self._steps is not None and time.monotonic() < until:
                content = next(self._steps)
                self._done += 1
                if content is not None:
                    self._write(content)
                    return
        except MemoryError:
            self._stop()
            self._say("There is not enough memory for a picture of this size. Lower the scale.", "error")
            return
        self._say(f"Drawing {min(self._done * 100 // self._expected, 99)} % …", None)

    def _write(self, content: bytes) -> None:
        self._stop()
        try:
            atomic.write(self._path, content)
        except OSError as error:
            self._say(f"{self._path.name} cannot be written: {error.strerror or error}.", "error")
        else:
            self.accept()
            self.exported.emit(self._path)

    def _stop(self) -> None:
        self._timer.stop()
        self._steps = None
        self.button.setText("Export…")
        self._set_enabled(is_enabled=True)

    def _set_enabled(self, *, is_enabled: bool) -> None:
        for chooser in (self.format, self.part, self.look, self.ground, self.scale):
            chooser.setEnabled(is_enabled)

    def reject(self) -> None:
        """Close; a drawing that goes on is given up, and nothing is written."""
        self._stop()
        super().reject()
