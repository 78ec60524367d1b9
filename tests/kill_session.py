"""The other side of `test_kill`: a process that is asked for edit sessions, each in a fork that will be killed.

Reads lines from stdin, `<home> <seed> <nodes>`, and answers each with the process id of a window in which somebody
edits without a pause. What is done is told in `<home>/told`, before the journal hears of it: `step`, `saving` or
`saved`, the time, and the digest of the document.
"""

import os
import random
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer

from netloom.graph import Document, Node, Wire, edit, file
from netloom.graph.history import Deed
from netloom.ui import app
from netloom.ui.main_window import MainWindow
from netloom.ui.program_log import ProgramLog
from netloom.ui.user_file import digest

LONGEST_PAUSE_MS = 20
OFTEN = ("add", "add", "add", "wire", "drag", "drag", "drag", "name", "remove", "undo", "redo", "all")
SAVES = 0.02


class Person:
    """Somebody who never rests."""

    def __init__(self, window: MainWindow, home: Path, seed: int) -> None:
        self.editor = window.editor
        self.file = home / "mine.loom"
        self.told = os.open(home / "told", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.random = random.Random(seed)
        self.editor.history.observers.insert(0, self.hear)
        self.number = 0

    def hear(self, _deed: Deed) -> None:
        self.tell("step")

    def tell(self, what: str) -> None:
        now = time.monotonic()
        os.write(self.told, f"{what} {now} {digest(file.dumps(self.editor.document))}\n".encode())

    def act(self) -> None:
        self.number += 1
        way = "save" if self.random.random() < SAVES else self.random.choice(OFTEN)
        if way == "save":
            self.tell("saving")
            self.editor.save(self.file)
            self.tell("saved")
        elif way in ("undo", "redo"):
            getattr(self.editor, way)()
        else:
            getattr(self, way)(self.editor.document)
        QTimer.singleShot(self.random.randint(0, LONGEST_PAUSE_MS), self.act)

    def node(self) -> str:
        return self.random.choice([*self.editor.document.graph.nodes, "none"])

    def add(self, document: Document) -> None:
        graph = document.graph
        node = Node(edit.free_id(graph), "ReLU", edit.free_name(graph, "relu"))
        self.editor.do(edit.add(node, "Add"))

    def wire(self, document: Document) -> None:
        one, two = sorted((self.node(), self.node()), key=lambda key: (len(key), key))
        wire = Wire(one, "output", two, "input")
        if "none" not in (one, two) and one != two and wire.key not in document.graph.wires:
            self.editor.do(edit.add(wire, "Wire"))

    def drag(self, document: Document) -> None:
        node = self.node()
        if node != "none":
            for step in range(self.random.randint(1, 8)):
                place = {node: (float(step), self.random.uniform(-9, 9))}
                self.editor.do(edit.move(document, place), gesture=(self.number, node))

    def name(self, document: Document) -> None:
        node = self.node()
        if node != "none":
            self.editor.do(edit.rename(document.graph, node, f"n{self.number}"))

    def remove(self, document: Document) -> None:
        node = self.node()
        if node != "none":
            self.editor.do(edit.remove(document, [node]))

    def all(self, document: Document) -> None:
        places = {key: (float(self.number), float(at)) for at, key in enumerate(document.graph.nodes)}
        self.editor.do(edit.move(document, places))


def document(nodes: int) -> Document:
    """A long row of nodes."""
    made = Document()
    for number in range(nodes):
        made.apply(edit.add(Node(f"n{number}", "ReLU", f"relu_{number}"), "Add"))
    return made


def session(home: Path, seed: int, nodes: int) -> None:
    """Edit until somebody kills this process."""
    os.environ["NETLOOM_HOME"] = str(home)
    qt = app.application()
    window = app.make_window(ProgramLog())
    window.editor.new(document(nodes), "mine")
    window.show()
    person = Person(window, home, seed)
    QTimer.singleShot(0, person.act)
    qt.exec()


def main() -> None:
    """Fork a session for each line."""
    for line in sys.stdin:
        home, seed, nodes = line.split()
        child = os.fork()
        if not child:
            session(Path(home), int(seed), int(nodes))
            os._exit(1)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)


if __name__ == "__main__":
    main()
