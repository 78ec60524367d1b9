"""The drawing as a file: what is on the canvas, in any theme, as vectors or as a picture."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from netloom import templates
from netloom.graph import Change, Remark
from netloom.graph.patch import Patch
from netloom.training.events import Preview
from netloom.ui import dialogs, drawing_file, theme
from netloom.ui.canvas.drawing import Drawing, Part
from netloom.ui.drawing_export import DrawingExport
from netloom.ui.drawing_file import Choice

if TYPE_CHECKING:
    from tests.ui.person import Person

    from netloom.ui.main_window import MainWindow

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawn(window: MainWindow) -> MainWindow:
    """The window with a network, a frame and a note on it."""
    document = templates.document("digits-cnn")
    document.apply(
        Patch(
            "Note",
            (
                Change("remark", "r1", None, Remark("r1", "frame", "Features", (-20.0, -20.0), (900.0, 300.0), "blue")),
                Change("remark", "r2", None, Remark("r2", "note", "Trains in seconds", (0.0, 700.0), (200.0, 80.0))),
            ),
        )
    )
    window.editor.new(document, "digits")
    QApplication.processEvents()
    return window


def content(window: MainWindow, choice: Choice, part: Part | None = None) -> bytes:
    *_, last = drawing_file.produced(Drawing(window.views.canvas.graph_scene, part), choice, "digits")
    assert last is not None
    return last


def rendered(svg: bytes, scale: int) -> QImage:
    renderer = QSvgRenderer(QByteArray(svg))
    assert renderer.isValid()
    size = renderer.viewBoxF().size() * scale
    found = QImage(size.toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    found.fill(Qt.GlobalColor.transparent)
    painter = QPainter(found)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(found.rect()))
    painter.end()
    return found


def pixels(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.width(), 4).astype(int)


def open_sheet(person: Person) -> DrawingExport:
    person.press("Ctrl+Shift+E")
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, DrawingExport)
    return sheet


def choose(person: Person, chooser: QWidget, word: str) -> None:
    [button] = [each for each in chooser.findChildren(QWidget) if getattr(each, "text", str)() == word]
    person.click(button)


def answer(monkeypatch: pytest.MonkeyPatch, path: Path) -> list[Path]:
    proposed: list[Path] = []

    def ask(_parent: QWidget, proposal: Path) -> Path:
        proposed.append(proposal)
        return path

    monkeypatch.setattr(dialogs, "ask_export", ask)
    return proposed


@pytest.mark.parametrize("form", ["SVG", "PDF", "PNG"])
def test_a_key_exports_the_drawing(
    person: Person, drawn: MainWindow, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"drawing.{form.lower()}"
    proposed = answer(monkeypatch, path)
    said: list[str] = []
    drawn.editor.message_requested.connect(lambda text, _tone: said.append(text))
    sheet = open_sheet(person)
    choose(person, sheet.format, form)
    with person.qtbot.waitSignal(sheet.exported, timeout=20_000):
        person.click(sheet.button)
    assert proposed[0].name == f"digits.{form.lower()}"
    start = {"SVG": b"<?xml", "PDF": b"%PDF", "PNG": b"\x89PNG"}[form]
    assert path.read_bytes().startswith(start)
    assert said == [f"{path.name} is written."]
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["dark", "light"])
def test_the_vectors_are_the_picture(drawn: MainWindow, name: theme.Name) -> None:
    svg = content(drawn, Choice("SVG", name))
    picture = QImage.fromData(content(drawn, Choice("PNG", name, scale=2)))
    one, two = pixels(rendered(svg, 2)), pixels(picture)
    assert one.shape == two.shape
    apart = np.abs(one - two).max(axis=2)
    assert (apart > 64).mean() < 0.01
    assert np.abs(one - two).mean() < 2
    ground = theme.load(name).color("canvas")
    assert picture.pixelColor(3, 3).name() == ground.name()
    assert len({tuple(each) for each in two[::7, ::7, :3].reshape(-1, 3)}) > 20


def test_an_svg_holds_names_and_lines_and_no_pictures_of_cards(drawn: MainWindow) -> None:
    svg = content(drawn, Choice("SVG"))
    root = ET.fromstring(svg)
    told = {each.get("aria-label") for each in root.iter() if each.get("aria-label")}
    assert {node.name for node in drawn.editor.document.graph.nodes.values()} <= told
    assert {"Features", "Trains in seconds", "N×1×8×8"} <= told
    assert not list(root.iter(f"{SVG}image"))
    assert not list(root.iter(f"{SVG}text"))
    paths = list(root.iter(f"{SVG}path"))
    assert len(paths) > len(drawn.editor.document.graph.wires)
    ids = {each.get("id") for each in paths}
    links = {each.get("{http://www.w3.org/1999/xlink}href") for each in root.iter(f"{SVG}use")}
    assert {link.removeprefix("#") for link in links if link} <= ids


def test_a_pdf_is_one_page_of_the_right_size(drawn: MainWindow) -> None:
    pdf = content(drawn, Choice("PDF"))
    room = Drawing(drawn.views.canvas.graph_scene).room
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    box = re.search(rb"/MediaBox \[([-0-9. ]+)\]", pdf)
    assert box is not None
    left, low, right, high = map(float, box[1].split())
    assert abs((right - left) - room.width() * 0.75) <= 1
    assert abs((high - low) - room.height() * 0.75) <= 1
    assert b"/FontFile" in pdf


@pytest.mark.parametrize("scale", [1, 4])
def test_a_picture_has_the_size_that_was_asked_for(drawn: MainWindow, scale: int) -> None:
    room = Drawing(drawn.views.canvas.graph_scene).room
    image = QImage.fromData(content(drawn, Choice("PNG", scale=scale)))
    assert (image.width(), image.height()) == (room.width() * scale, room.height() * scale)


def test_a_transparent_ground_is_none(drawn: MainWindow) -> None:
    image = QImage.fromData(content(drawn, Choice("PNG", is_transparent=True)))
    assert image.pixelColor(3, 3).alpha() == 0
    assert (pixels(image)[:, :, 3] == 255).mean() > 0.1


def test_what_is_selected_or_under_the_cursor_leaves_no_trace(drawn: MainWindow) -> None:
    canvas = drawn.views.canvas
    before = content(drawn, Choice("SVG"))
    canvas.select_all()
    for item in (*canvas.graph_scene.nodes.values(), *canvas.graph_scene.wires.values()):
        item.set_state(hovered=True)
    assert content(drawn, Choice("SVG")) == before


def test_the_screen_stays_as_it_is(drawn: MainWindow) -> None:
    canvas = drawn.views.canvas
    before = pixels(canvas.grab().toImage())
    look = theme.current()
    content(drawn, Choice("PNG", "light" if look.is_dark else "dark"))
    assert theme.current() is look
    assert not theme.is_on_paper()
    assert (pixels(canvas.grab().toImage()) == before).all()


def test_the_selection_alone_is_drawn_where_it_is_asked_for(
    person: Person, drawn: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = drawn.editor.document.graph
    chosen = [node.id for node in graph.nodes.values() if node.name in ("conv1", "bn1")]
    drawn.views.canvas.set_selection(chosen)
    path = tmp_path / "part.svg"
    answer(monkeypatch, path)
    sheet = open_sheet(person)
    whole = sheet.size_shown.text()
    choose(person, sheet.part, "Selection")
    assert sheet.size_shown.text() != whole
    with person.qtbot.waitSignal(sheet.exported, timeout=20_000):
        person.click(sheet.button)
    told = {each.get("aria-label") for each in ET.fromstring(path.read_bytes()).iter()}
    assert {"conv1", "bn1", "N×16×8×8"} <= told
    assert not {"pool1", "loss", "Features"} & told


def test_the_sheet_says_how_large_the_file_will_be(person: Person, drawn: MainWindow) -> None:
    sheet = open_sheet(person)
    room = Drawing(drawn.views.canvas.graph_scene).room
    assert sheet.part.isHidden()
    assert sheet.scale.isHidden()
    assert sheet.size_shown.text() == f"{room.width():,.0f} × {room.height():,.0f} pixels"
    choose(person, sheet.format, "PNG")
    choose(person, sheet.scale, "3×")
    assert sheet.size_shown.text() == f"{3 * room.width():,.0f} × {3 * room.height():,.0f} pixels"
    choose(person, sheet.format, "PDF")
    assert sheet.size_shown.text().endswith(" mm")
    person.press("Escape", sheet)
    assert QApplication.activeModalWidget() is None


def test_a_folder_that_takes_nothing_is_told_and_nothing_is_left(
    person: Person, drawn: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, tmp_path / "gone" / "drawing.svg")
    sheet = open_sheet(person)
    person.click(sheet.button)
    person.qtbot.waitUntil(lambda: "cannot be written" in sheet.outcome.text(), timeout=20_000)
    assert sheet.outcome.text() == "drawing.svg cannot be written: No such file or directory."
    assert sheet.isVisible()
    assert sheet.button.text() == "Export…"
    assert not list(tmp_path.iterdir())


def test_a_picture_beyond_all_measure_is_refused_with_a_way_out(person: Person, drawn: MainWindow) -> None:
    assert not drawing_file.refusal(QRectF(0, 0, 7_000, 4_000), Choice("PNG", scale=2))
    assert "Lower the scale" in drawing_file.refusal(QRectF(0, 0, 70_000, 4_000), Choice("PNG", scale=2))
    assert not drawing_file.refusal(QRectF(0, 0, 70_000, 4_000), Choice("SVG"))
    item = next(iter(drawn.views.canvas.graph_scene.nodes.values()))
    item.setPos(90_000, 0)
    sheet = open_sheet(person)
    choose(person, sheet.format, "PNG")
    assert not sheet.button.isEnabled()
    assert "Too large" in sheet.outcome.text()
    choose(person, sheet.format, "PDF")
    assert sheet.button.isEnabled()
    box = re.search(rb"/MediaBox \[([-0-9. ]+)\]", content(drawn, Choice("PDF")))
    assert box is not None
    assert max(map(float, box[1].split())) <= drawing_file.LONGEST_PAGE


def test_an_export_can_be_cancelled_on_the_way(
    person: Person, drawn: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, tmp_path / "drawing.svg")
    sheet = open_sheet(person)
    monkeypatch.setattr("netloom.ui.drawing_export.SLICE", 0.0)
    sheet._press()
    assert sheet.button.text() == "Cancel"
    sheet._press()
    assert sheet.outcome.text() == "Cancelled. Nothing was written."
    QApplication.processEvents()
    assert not list(tmp_path.iterdir())


def test_live_pictures_and_curves_are_drawn_as_they_stand_on_the_cards(drawn: MainWindow) -> None:
    graph, scene = drawn.editor.document.graph, drawn.views.canvas.graph_scene
    keys = {node.name: node.id for node in graph.nodes.values()}
    maps = np.random.default_rng(0).random((16, 6, 6)).astype(np.float32)
    before = content(drawn, Choice("SVG"))
    scene.set_live({keys["conv1"]: Preview("maps", maps, 0, 1, 0.5, 0.3, (16, 6, 6))}, {})
    scene.nodes[keys["loss"]].set_live(None, np.linspace(2, 0.5, 50), "0.5123")
    root = ET.fromstring(content(drawn, Choice("SVG")))
    assert len(list(root.iter(f"{SVG}image"))) == 1
    assert len(list(root.iter(f"{SVG}polyline"))) > len(list(ET.fromstring(before).iter(f"{SVG}polyline")))
    assert "0.5123" in {each.get("aria-label") for each in root.iter()}
