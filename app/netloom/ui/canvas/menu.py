"""The context menu: what can be done with what is under the cursor."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from netloom.graph import edit
from netloom.ui import icons
from netloom.ui.canvas.block_commands import make_block, make_unique, selected_block, unpack, unshare
from netloom.ui.canvas.node_item import NodeItem
from netloom.ui.canvas.wire_item import WireItem
from netloom.ui.compositing import Menu
from netloom.ui.levels import count_uses

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def context_menu(canvas: "Canvas", at: QPoint) -> QMenu:
    """The menu for a place in the viewport; what is under it becomes the selection."""
    menu = Menu(parent=canvas)
    place = canvas.mapToScene(at)
    node = canvas.graph_scene.node_at(place)
    wire = None if node else canvas.graph_scene.wire_at(place, 4 / canvas.zoom)
    if node is not None:
        _fill_for_node(menu, canvas, node)
    elif wire is not None:
        _fill_for_wire(menu, canvas, wire, at)
    else:
        _fill_for_ground(menu, canvas, at)
    return menu


def _add(menu: QMenu, text: str, icon: str, slot: Callable[[], object], keys: str = "") -> None:
    action = menu.addAction(icons.icon(icon), f"{text}\t{keys}" if keys else text)
    action.triggered.connect(lambda _checked=False: slot())


def _fill_for_node(menu: QMenu, canvas: "Canvas", item: NodeItem) -> None:
    if item.key not in canvas.selection:
        canvas.set_selection((item.key,))
    for problem in canvas.graph_scene.problems(item.key):
        for fix in problem.fixes:
            _add(menu, fix.label, "wand-sparkles", lambda patch=fix.patch: canvas.ask(patch))  # type: ignore[misc]
    if not menu.isEmpty():
        menu.addSeparator()
    count = len(canvas.selection)
    graph = canvas.document.graph
    if selected_block(canvas) is not None:
        _fill_for_block(menu, canvas)
    if count == 1:
        _add(menu, "Rename", "text-cursor", canvas.rename_selected, "F2")
    if any(graph.node(key).share for key in canvas.selection):
        _add(menu, "Give it weights of its own", "unlink", lambda: unshare(canvas))
    _add(menu, "Make a block", "group", lambda: make_block(canvas), "Ctrl+G")
    wires = [wire for key in canvas.selection for wire in (*graph.into(key), *graph.out_of(key))]
    if wires:
        _add(menu, "Disconnect", "unlink", lambda: canvas.ask(edit.remove(canvas.document, wires=wires)))
    if count > 1:
        _add(menu, f"Arrange {count} nodes", "workflow", canvas.arrange, "Ctrl+L")
    _add(menu, "Show selection", "scan", canvas.fit_selection, "F")
    menu.addSeparator()
    what = graph.node(item.key).name if count == 1 else f"{count} nodes"
    _add(menu, f"Delete {what}", "trash-2", canvas.delete_selection, "Del")


def _fill_for_block(menu: QMenu, canvas: "Canvas") -> None:
    _add(menu, "Open block", "expand", canvas.enter_selected, "Enter")
    _add(menu, "Unpack block", "ungroup", lambda: unpack(canvas), "Ctrl+Shift+G")
    node = selected_block(canvas)
    if node is not None and count_uses(canvas.document.graph).get(str(node.params["block"]), 0) > 1:
        _add(menu, "Make unique", "copy", lambda: make_unique(canvas))
    _add(menu, "Save to my blocks…", "bookmark", lambda: canvas.save_block_requested.emit(next(iter(canvas.selection))))
    menu.addSeparator()


def _fill_for_wire(menu: QMenu, canvas: "Canvas", item: WireItem, at: QPoint) -> None:
    canvas.select_wires({item.wire.key})
    _add(menu, "Insert a node…", "plus", lambda: canvas.open_search(at, into=item.wire))
    menu.addSeparator()
    _add(menu, "Delete wire", "trash-2", canvas.delete_selection, "Del")


def _fill_for_ground(menu: QMenu, canvas: "Canvas", at: QPoint) -> None:
    _add(menu, "Add a node…", "plus", lambda: canvas.open_search(at), "Tab")
    if canvas.graph_scene.level:
        _add(menu, "Leave block", "log-out", canvas.leave_block, "Alt+Up")
    menu.addSeparator()
    if canvas.graph_scene.nodes:
        _add(menu, "Select all", "square-dashed", canvas.select_all, "Ctrl+A")
        _add(menu, "Arrange everything", "workflow", canvas.arrange, "Ctrl+L")
        _add(menu, "Show everything", "maximize", canvas.fit, "Home")
    _add(menu, "Actual size", "scan", lambda: canvas.set_zoom(1.0))
