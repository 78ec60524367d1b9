"""Pictures of how a training is set: the document's page, frozen nodes, an optimizer, and the terminal."""

import msgspec
from pictures import FOLDER, document, keep, select, wait, wait_until
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from rich.style import Style
from rich.text import Text

from netloom.cli import live, screen, setting
from netloom.cli.output import QUIET
from netloom.graph import edit
from netloom.runs import Store
from netloom.training.events import EpochEnded, Event
from netloom.training.progress import Progress
from netloom.ui import theme
from netloom.ui.main_window import MainWindow

COLUMNS, MARGIN, LINE = 92, 20, 20


def in_both_themes(window: MainWindow, name: str) -> None:
    keep(window, f"{name}-dark")
    window.set_theme("light")
    keep(window, f"{name}-light")
    window.set_theme("dark")


def take_settings(window: MainWindow) -> None:
    """All settings of a training, with some that are not as at the start."""
    window.editor.new(document("digits-cnn", 40), "digits")
    made = window.editor.document
    changed = msgspec.structs.replace(made.training, accumulate=4, ema_decay=0.999, patience=8, best_by="accuracy")
    window.editor.do(edit.set_training(made, changed))
    page = window.views.inspector.document_page
    for fold in page.folds.values():
        fold.set_open(True)
    page.rows["accumulate"].editor.setFocus()
    in_both_themes(window, "settings")
    page.rows["accumulate"].editor.clearFocus()


def take_frozen(window: MainWindow) -> None:
    """A frozen layer and one that learns slowly, while the others train."""
    window.editor.new(document("digits-cnn", 40), "fine-tuned")
    graph = window.editor.document.graph
    conv1, conv2 = graph.named("conv1"), graph.named("conv2")
    if conv1 is None or conv2 is None:
        return
    window.editor.do(edit.freeze(graph, [conv1.id], frozen=True))
    window.editor.do(edit.set_rate(graph, conv2.id, 0.1))
    select(window, "conv1")
    window.runs.train()
    wait_until(lambda: window.controller.progress is not None and len(window.controller.progress.epochs) >= 4)
    window.runs.train()
    wait_until(lambda: window.controller.phase in ("paused", "ended"))
    in_both_themes(window, "frozen")
    window.runs.stop()
    wait_until(lambda: not window.controller.is_active)


def take_optimizer(window: MainWindow) -> None:
    """What is done around the steps of an optimizer."""
    graph = window.editor.document.graph
    optimizer = graph.named("optimizer")
    if optimizer is None:
        return
    given = {"warmup_steps": 200, "clip_norm": 1.0, "spare_biases": True}
    window.editor.do(edit.set_params(graph, optimizer.id, given))
    select(window, "optimizer")
    window.views.canvas.ensure_seen(optimizer.id)
    keep(window, "optimizer")


def take_terminal(window: MainWindow) -> None:
    """A training on the command line."""
    lines = [Text("$ netloom train digits.loom --epochs 30 --set patience=8 --set optimizer.lr=0.01")]
    run, made = Progress(), document("digits-cnn", 30)
    setting.set_in(made, {"optimizer.lr": "0.01"})
    for event in Store().train(made, device="cpu", epochs=30, patience=8):
        run.feed(event)
        lines += _told(event, run)
        if isinstance(event, EpochEnded) and event.epoch == 12:
            break
    lines += Text("\n").join([screen.drawn(run, COLUMNS)]).split("\n")
    for name in ("dark", "light"):
        window.set_theme(name)
        wait()
        _painted(lines).save(str(FOLDER / f"terminal-{name}.png"))
    window.set_theme("dark")


def _told(event: Event, run: Progress) -> list[Text]:
    line = live.told(event, run) if isinstance(event, live.LINES) else None
    return [] if line is None else [line]


def _painted(lines: list[Text]) -> QImage:
    """Lines of a terminal in the colours of the theme."""
    look, font = theme.current(), theme.font("code")
    wide = QFontMetricsF(font).horizontalAdvance("0")
    picture = QImage(
        round(COLUMNS * wide) + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN, QImage.Format.Format_ARGB32_Premultiplied
    )
    picture.fill(look.color("well"))
    with QPainter(picture) as painter:
        painter.setFont(font)
        for row, line in enumerate(lines):
            for column, sign in enumerate(line.plain):
                painter.setPen(_colour(line, column))
                painter.drawText(QPointF(MARGIN + column * wide, MARGIN + row * LINE + 14), sign)
    return picture


def _colour(line: Text, column: int) -> QColor:
    styles = [str(span.style) for span in line.spans if span.start <= column < span.end] or [str(line.style)]
    look, style = theme.current(), Style.parse(styles[-1]) if styles[-1] else Style()
    name = style.color.name if style.color else ""
    return look.color({QUIET: "text-3", screen.COLOUR: "accent"}.get(name, "text"))


TAKES = (take_settings, take_frozen, take_optimizer, take_terminal)
