"""The person's own blocks: kept from a network, renamed and deleted."""

from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from netloom.errors import GraphError
from netloom.graph import name_problem
from netloom.layers import ports
from netloom.layers.spec import LayerSpec
from netloom.runs import home
from netloom.ui import dialogs, icons
from netloom.ui.compositing import Menu
from netloom.ui.editor import Editor
from netloom.ui.name_sheet import NameSheet
from netloom.ui.offers import Offers


class MyBlocks(QObject):
    """`message_requested` carries what happened or why it could not, and how grave that is."""

    message_requested = Signal(str, str)

    def __init__(self, editor: Editor, window: QWidget) -> None:
        super().__init__(window)
        self._editor = editor
        self._window = window
        self.folder = home.blocks_folder()
        self.offers = Offers(self.folder, self)

    def read(self) -> None:
        """Look into the folder, and tell which files there are no blocks."""
        damaged = self.offers.read_mine()
        if damaged:
            self.message_requested.emit(damaged, "warning")

    def save(self, node: str) -> None:
        """Ask under which name a block of the document is to be kept."""
        graph = self._editor.document.graph
        block = ports.definition(graph, graph.node(node))
        if block is None:
            return
        sheet = NameSheet("Save to my blocks", "Save block", self._free(block.name), self._problem, self._window)
        sheet.named.connect(partial(self._keep, block.id))
        sheet.open()

    def _free(self, name: str) -> str:
        taken = {spec.kind for spec in self.offers.mine}
        number = 2
        found = name
        while found in taken:
            found, number = f"{name}{number}", number + 1
        return found

    def _problem(self, name: str) -> str:
        problem = name_problem(name)
        if problem:
            return f"{problem[0].upper()}{problem[1:]}."
        taken = name in {spec.kind for spec in self.offers.mine}
        return f"You have a block called {name} already." if taken else ""

    def _keep(self, block: str, name: str) -> None:
        from netloom.layers.personal import keep

        try:
            keep(self._editor.document, block, self.folder, name)
        except GraphError as error:
            self.message_requested.emit(str(error), "error")
            return
        self.offers.read_mine()
        self.message_requested.emit(f"{name} is in the palette now, under My blocks.", "info")

    def open_menu(self, spec: LayerSpec, at: QPoint) -> None:
        """What can be done with one of the own blocks."""
        menu = Menu(parent=self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icons.icon("text-cursor"), "Rename…").triggered.connect(lambda: self.rename(spec.kind))
        menu.addAction(icons.icon("trash-2"), f"Delete {spec.kind}…").triggered.connect(lambda: self.delete(spec.kind))
        menu.popup(at)

    def rename(self, name: str) -> None:
        """Ask for another name."""
        sheet = NameSheet(f"Rename {name}", "Rename", name, self._problem, self._window)
        sheet.named.connect(partial(self._rename, name))
        sheet.open()

    def _rename(self, old: str, new: str) -> None:
        from netloom.layers.personal import rename

        try:
            rename(self.folder, old, new)
        except GraphError as error:
            self.message_requested.emit(str(error), "error")
        self.offers.read_mine()

    def delete(self, name: str) -> None:
        """Delete a block for good, once that is confirmed."""
        from netloom.layers.personal import delete

        if not dialogs.ask_delete(self._window, name):
            return
        try:
            delete(self.folder, name)
        except GraphError as error:
            self.message_requested.emit(str(error), "error")
        self.offers.read_mine()
