"""Takes the pictures in `screenshots/` from the running program, with real trainings: `make screenshots`."""

import os
import tempfile

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["NETLOOM_HOME"] = tempfile.mkdtemp(prefix="netloom-screenshots-")

import canvas_pictures
import pictures
import runs_pictures
import setting_pictures
from pictures import close_dialog, document, keep, select, wait, wait_until

from netloom import templates
from netloom.graph import edit
from netloom.training import devices
from netloom.ui import app, theme
from netloom.ui.main_window import MainWindow
from netloom.ui.program_log import ProgramLog

SIZE = (1600, 1000)


def train(window: MainWindow, epochs: int) -> None:
    """Train until so many epochs are over, then pause."""
    window.runs.train()
    wait_until(lambda: window.controller.progress is not None and len(window.controller.progress.epochs) >= epochs)
    window.runs.train()
    wait_until(lambda: window.controller.phase in ("paused", "ended"))


def finish(window: MainWindow) -> None:
    window.runs.stop()
    wait_until(lambda: not window.controller.is_active)


def take_training(window: MainWindow) -> None:
    window.editor.new(document("digits-cnn", 40), "digits")
    window.show_page("Live")
    wait()
    select(window, "conv1")
    window.runs.train()
    wait_until(lambda: window.controller.progress is not None and len(window.controller.progress.epochs) >= 14)
    keep(window, "main-dark")
    window.runs.train()
    wait_until(lambda: window.controller.phase == "paused")
    window.set_theme("light")
    keep(window, "main-light")
    window.set_theme("dark")


def take_code_and_export(window: MainWindow) -> None:
    finish(window)
    window.show_page("Code")
    keep(window, "code")
    window.commands.export()
    keep(window, "export")
    close_dialog()


def take_problems(window: MainWindow) -> None:
    graph = window.editor.document.graph
    head = graph.named("head")
    if head is not None:
        window.editor.do(edit.set_params(graph, head.id, {"in_features": 256}))
    flatten = graph.named("flatten")
    window.show_page("Problems")
    if flatten is not None and head is not None:
        window.views.show_node(head.id)
    keep(window, "problems")
    window.editor.history.mark_saved()


def take_boundary(window: MainWindow) -> None:
    window.editor.new(document("moons-mlp", 800), "moons")
    window.show_page("Live")
    wait()
    train(window, 450)
    keep(window, "boundary")
    finish(window)


def take_blocks(window: MainWindow) -> None:
    """A network of blocks with repeats, a look inside one, and the palette while it is searched."""
    canvas, palette = window.views.canvas, window.views.palette
    window.editor.new(templates.document("resnet50"), "resnet50")
    window.show_page("Code")
    select(window, "layer2")
    keep(window, "blocks")
    canvas.enter_selected()
    inside = next(node for node in window.editor.document.graph.level(window.editor.level) if node.kind == "Block")
    window.editor.enter(inside.id)
    keep(window, "inside-block")
    window.set_theme("light")
    keep(window, "inside-block-light")
    window.set_theme("dark")
    palette.focus_search()
    palette.search.setText("transformer")
    keep(window, "palette-search")
    palette.search.clear()
    window.editor.history.mark_saved()


def take_beginnings(window: MainWindow) -> None:
    window.editor.new()
    keep(window, "empty")
    window.set_theme("light")
    keep(window, "empty-light")
    window.set_theme("dark")
    window.commands.pick_template()
    keep(window, "templates")
    close_dialog()
    window.commands.open_palette()
    keep(window, "commands")
    close_dialog()
    window.actions_table["keys"].trigger()
    keep(window, "keys")
    close_dialog()


def main() -> None:
    pictures.FOLDER.mkdir(exist_ok=True)
    app.application()
    window = app.make_window(ProgramLog())
    window.resize(*SIZE)
    window.show()
    wait()
    window.set_devices(devices.available())
    theme.apply(app.application(), "dark")
    beside = (take_beginnings, take_blocks, take_training, take_code_and_export, take_problems, take_boundary)
    others = (*canvas_pictures.TAKES, *setting_pictures.TAKES, *runs_pictures.TAKES)
    for take in (runs_pictures.take_empty, *beside, *others):
        take(window)
    for session in window.editor.sessions:
        session.history.mark_saved()
    window.close()


if __name__ == "__main__":
    main()
