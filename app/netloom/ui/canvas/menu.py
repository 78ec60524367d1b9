"""The context menu: what can be done with what is under the cursor. Its entries are the actions of the window."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from netloom.ui import icons
from netloom.ui.canvas import remark_menu
from netloom.ui.canvas.block_commands import selected_block, unshare
from netloom.ui.canvas.node_item import NodeItem
from netloom.ui.canvas.remarks import found_at
from netloom.ui.canvas.wire_item import WireItem
from netloom.ui.compositing import Menu
from netloom.ui.levels import count_uses

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas

ALIGNING = (
    *("align_left", "align_centre", "align_right", "align_top", "align_middle", "align_bottom"),
    *("distribute_across", "distribute_down"),
)


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
    elif (found := found_at(canvas, at)) is not None:
        remark_menu.fill(menu, canvas, found[0])
        add_actions(menu, canvas, ("cut", "copy", "duplicate", "", "delete"))
    else:
        _fill_for_ground(menu, canvas)
    return menu


def add_entry(menu: QMenu, text: str, icon: str, slot: Callable[[], object]) -> None:
    """Add an entry that is no action of the window."""
    action = menu.addAction(icons.icon(icon), text)
    action.triggered.connect(lambda _checked=False: slot())


def add_actions(menu: QMenu, canvas: "Canvas", names: Iterable[str]) -> None:
    """Add actions of the window by name; "" is a line between them."""
    known = {action.objectName(): action for action in canvas.actions()}
    for name in names:
        if not name:
            menu.addSeparator()
        elif f"action-{name}" in known:
            menu.addAction(known[f"action-{name}"])


def _fill_for_node(menu: QMenu, canvas: "Canvas", item: NodeItem) -> None:
    if item.key not in canvas.selection:
        canvas.set_selection((item.key,))
    for problem in canvas.graph_scene.problems(item.key):
        for fix in problem.fixes:
            add_entry(menu, fix.label, "wand-sparkles", lambda patch=fix.patch: canvas.ask(patch))  # type: ignore[misc]
    if not menu.isEmpty():
        menu.addSeparator()
    if selected_block(canvas) is not None:
        _fill_for_block(menu, canvas)
    is_one = len(canvas.selection) == 1
    add_actions(menu, canvas, ("values", "rename", "comment") if is_one else ())
    if any(canvas.document.graph.node(key).share for key in canvas.selection):
        add_entry(menu, "Give it weights of its own", "unlink", lambda: unshare(canvas))
    add_actions(menu, canvas, ("bypass", "freeze", "collapse", "", "wire", "disconnect", "", "make_block", "frame"))
    if not is_one:
        _fill_for_several(menu, canvas)
    add_actions(menu, canvas, ("", "cut", "cut_joined", "copy", "duplicate", "", "fit_selection", "delete"))


def _fill_for_several(menu: QMenu, canvas: "Canvas") -> None:
    aligning = Menu("Align", menu)
    aligning.setIcon(icons.icon("align-start-vertical"))
    add_actions(aligning, canvas, ALIGNING)
    menu.addMenu(aligning)
    add_actions(menu, canvas, ("arrange",))


def _fill_for_block(menu: QMenu, canvas: "Canvas") -> None:
    node = selected_block(canvas)
    add_actions(menu, canvas, ("enter_block", "unpack"))
    if node is not None and count_uses(canvas.document.graph).get(str(node.params["block"]), 0) > 1:
        add_actions(menu, canvas, ("make_unique",))
    add_actions(menu, canvas, ("save_block", ""))


def _fill_for_wire(menu: QMenu, canvas: "Canvas", item: WireItem, at: QPoint) -> None:
    canvas.select_wires({item.wire.key})
    add_entry(menu, "Insert a node…", "plus", lambda: canvas.open_search(at, into=item.wire))
    add_actions(menu, canvas, ("bend", "", "delete"))


def _fill_for_ground(menu: QMenu, canvas: "Canvas") -> None:
    add_actions(menu, canvas, ("add", "frame", "note", "", "paste", "paste_wired", "", "leave_block"))
    if canvas.graph_scene.nodes:
        add_actions(menu, canvas, ("", "select_all", "arrange", "downwards", "", "fit"))
    add_actions(menu, canvas, ("actual_size",))
