"""Pictures of the canvas in each of its states, taken in the running program by mouse and keys."""

from pathlib import Path
from tempfile import mkdtemp

from pictures import close_dialog, corner, document, drag, keep, press, select, wait
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from netloom import templates
from netloom.graph import Change, Document, Patch, Remark, edit, recovery
from netloom.layers.authoring import Graph
from netloom.runs import home
from netloom.ui.main_window import MainWindow

ALT, CONTROL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
RIGHT = Qt.MouseButton.RightButton


def take_welcome(window: MainWindow) -> None:
    window.welcome.show()
    wait(3000)
    keep(window, "welcome")
    window.set_theme("light")
    wait(500)
    keep(window, "welcome-light")
    window.set_theme("dark")
    window.welcome.leave()


def take_remarks(window: MainWindow) -> None:
    """Frames, a note, a comment, a bypassed and a collapsed card, a bent wire."""
    window.editor.new(document("digits-cnn", 20), "digits")
    window.set_panel("dock", is_shown=False)
    graph, places = window.editor.document.graph, window.editor.document.positions
    named = {node.name: node.id for node in graph.level()}
    left, top = places[named["conv1"]]
    remarks = (
        Remark("r1", "frame", "Feature maps", (left - 24, top - 56), (664, 336), "blue"),
        Remark(
            "r2",
            "note",
            "Two convolutions are enough\nfor pictures of 8×8.",
            (left + 680, top - 152),
            (200, 72),
            "amber",
        ),
    )
    changes = [Change("remark", each.id, None, each) for each in remarks]
    changes.append(Change("comment", named["optimizer"], None, "small steps: there are few rows"))
    window.editor.do(Patch("Say", tuple(changes)))
    for name, key in (("bn1", "M"), ("flatten", "H")):
        select(window, name)
        press(window, key)
    window.views.canvas.set_selection(())
    window.views.canvas.fit()
    wait(1500)
    for theme in ("dark", "light"):
        window.set_theme(theme)
        keep(window, f"remarks-{theme}")
    window.set_theme("dark")


def take_gestures(window: MainWindow) -> None:
    """Guides, a lasso, a stroke, a wire in the hand with what fits, the search where it is dropped."""
    canvas, scene = window.views.canvas, window.views.canvas.graph_scene
    canvas.set_zoom(1.0)
    canvas.look_at(scene.content().center())
    grip = QPointF(60, 14)
    over = QPointF(corner(window, "head").x() + 3, corner(window, "relu1").y() - 180)
    let_go = drag(window, [corner(window, "conv1") + grip, over + grip + QPointF(40, 0), over + grip])
    keep(window, "guides")
    press(window, "Esc")
    let_go()
    box = [corner(window, "conv1") + QPointF(x, y) for x, y in ((-40, -30), (380, -40), (400, 260), (-30, 270))]
    let_go = drag(window, [*box, box[0]], ALT)
    keep(window, "lasso")
    let_go()
    canvas.set_selection(())
    across = corner(window, "conv1") + QPointF(190, -40)
    let_go = drag(window, [across, across + QPointF(10, 140)], CONTROL, RIGHT)
    keep(window, "cut-wires")
    press(window, "Esc")
    let_go()
    port = scene.nodes[_id(window, "conv1")].port_place("output", "out")
    let_go = drag(window, [port, port + QPointF(40, 120), port + QPointF(60, 220)])
    keep(window, "wire-in-hand")
    let_go()
    keep(window, "search-at-wire")
    QTest.keyClick(QApplication.focusWidget() or canvas, Qt.Key.Key_Escape)
    press(window, "Esc")


def _id(window: MainWindow, name: str) -> str:
    node = window.editor.document.graph.named(name, window.editor.level)
    assert node is not None
    return node.id


def take_hands(window: MainWindow) -> None:
    """Values on the card, the list of what a node can be wired to, dots of a wire, finding a node."""
    canvas = window.views.canvas
    select(window, "conv1")
    press(window, "E")
    keep(window, "values")
    close_dialog()
    select(window, "conv1")
    press(window, "W")
    keep(window, "connect")
    press(window, "Esc")
    select(window, "conv2")
    press(window, ".")
    press(window, "R")
    keep(window, "bend")
    canvas.set_selection(())
    window.actions_table["find_node"].trigger()
    keep(window, "find")
    close_dialog()
    canvas.set_selection([_id(window, name) for name in ("conv1", "conv2")])
    window.actions_table["export_drawing"].trigger()
    keep(window, "export-drawing")
    close_dialog()


def take_history(window: MainWindow) -> None:
    window.set_panel("dock", is_shown=True)
    for _ in range(2):
        window.editor.undo()
    window.show_page("History")
    keep(window, "history")


def take_directions(window: MainWindow) -> None:
    """The same network from top to bottom, and the tabs of several documents."""
    window.set_panel("dock", is_shown=False)
    window.editor.new(templates.document("unet"), "unet")
    wait(500)
    press(window, "Ctrl+Alt+L")
    wait(600)
    window.views.canvas.fit()
    keep(window, "downwards")
    window.set_theme("light")
    keep(window, "downwards-light")
    window.set_theme("dark")


def take_distances(window: MainWindow) -> None:
    """A large network, from near to far away."""
    window.editor.new(_large(), "large")
    canvas = window.views.canvas
    press(window, "Ctrl+L")
    wait(2500)
    for percent in (50, 30):
        canvas.set_zoom(percent / 100)
        wait()
        keep(window, f"zoom-{percent}")
    canvas.fit()
    keep(window, "zoom-far")


def _large() -> Document:
    """Six hundred layers in a row, every fifth unit with a skip."""
    graph = Graph()
    last = graph.add("Input", name="x", shape=(16, 32, 32))
    skip = last
    for place in range(200):
        for kind in ("Conv2d", "BatchNorm2d", "ReLU"):
            params = {"out_channels": 16, "kernel_size": 3, "padding": 1, "bias": False} if kind == "Conv2d" else {}
            node = graph.add(kind, name=f"{kind.lower()}{place}", **params)
            graph.connect(last, node)
            last = node
        if place % 5 == 4:
            joined = graph.add("Add", name=f"add{place}")
            graph.connect(skip, joined)
            graph.connect(last, joined)
            skip = last = joined
    return Document(graph)


def take_rescue(window: MainWindow) -> None:
    """What is offered after an end without warning, and when another program wrote the file."""
    folder = Path(mkdtemp())
    window.editor.new(document("moons-mlp", 20), "moons")
    window.editor.do(edit.rename(window.editor.document.graph, _id(window, "hidden1"), "first"))
    window.editor.session.journal.leave()
    window.rescue_offer.offer(recovery.found(home.journals_folder()))
    keep(window, "rescue")
    window.rescue_offer.clear()
    assert window.editor.save(folder / "moons.loom")
    text = (folder / "moons.loom").read_text()
    (folder / "moons.loom").write_text(text.replace('"first"', '"deep"'))
    wait(1500)
    keep(window, "file-changed")


TAKES = (
    take_welcome,
    take_remarks,
    take_gestures,
    take_hands,
    take_history,
    take_directions,
    take_distances,
    take_rescue,
)
