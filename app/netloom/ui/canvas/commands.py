"""The actions of the window that the canvas does, by their names in the table of actions."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from netloom.ui.canvas import (
    block_commands,
    bookmarks,
    clipboard,
    keys,
    node_commands,
    ordering,
    remarks,
    selecting,
    wire_commands,
)
from netloom.ui.canvas.walk import STEPS
from netloom.ui.canvas_actions import DIGITS

if TYPE_CHECKING:
    from netloom.ui.canvas.canvas import Canvas


def slots(canvas: "Canvas") -> Mapping[str, Callable[[], object]]:
    """What each of these actions does to a canvas."""
    found: dict[str, Callable[[], object]] = {
        "delete": canvas.delete_selection,
        "add": canvas.open_search,
        "rename": canvas.rename_selected,
        "values": canvas.request_values,
        "select_all": canvas.select_all,
        "arrange": canvas.arrange,
        "downwards": canvas.turn,
        "enter_block": canvas.enter_selected,
        "leave_block": canvas.leave_block,
        "fit": canvas.fit,
        "fit_selection": canvas.fit_selection,
        "actual_size": partial(canvas.set_zoom, 1.0),
        "zoom_in": partial(canvas.zoom_step, 1),
        "zoom_out": partial(canvas.zoom_step, -1),
        "come_nearer": partial(canvas.zoom_step, 1),
        "step_back": partial(canvas.zoom_step, -1),
        "let_go": canvas.escape,
    }
    found |= {name: partial(act, canvas) for name, act in _COMMANDS.items()}
    for step in STEPS:
        found[f"go_{step}"] = partial(keys.go, canvas, step)
        found[f"extend_{step}"] = partial(keys.go, canvas, step, adding=True)
        found[f"nudge_{step}"] = partial(keys.nudge, canvas, step)
        found[f"resize_{step}"] = partial(keys.resize, canvas, step)
    for digit in DIGITS:
        found[f"go_to_{digit}"] = partial(bookmarks.go, canvas, digit)
        found[f"bookmark_{digit}"] = partial(bookmarks.keep, canvas, digit)
    return found


_COMMANDS: Mapping[str, Callable[["Canvas"], object]] = {
    "cut": clipboard.cut,
    "cut_joined": clipboard.cut_joined,
    "copy": clipboard.copy,
    "paste": clipboard.paste,
    "paste_wired": clipboard.paste_wired,
    "duplicate": clipboard.duplicate,
    "frame": remarks.add_frame,
    "note": remarks.add_note,
    "next_remark": remarks.next_remark,
    "comment": node_commands.comment,
    "bypass": node_commands.bypass,
    "freeze": node_commands.freeze,
    "collapse": node_commands.collapse,
    "wire": wire_commands.wire_selected,
    "disconnect": wire_commands.disconnect,
    "cut_wires": wire_commands.cut_wires,
    "bend": wire_commands.bend,
    "next_wire": wire_commands.next_wire,
    "invert": selecting.invert,
    "select_sources": selecting.select_sources,
    "select_targets": selecting.select_targets,
    "lasso": selecting.lasso,
    "align_left": partial(ordering.align, edge="left"),
    "align_right": partial(ordering.align, edge="right"),
    "align_top": partial(ordering.align, edge="top"),
    "align_bottom": partial(ordering.align, edge="bottom"),
    "align_middle": partial(ordering.align, edge="middle"),
    "align_centre": partial(ordering.align, edge="centre"),
    "distribute_across": partial(ordering.distribute, axis="across"),
    "distribute_down": partial(ordering.distribute, axis="down"),
    "make_block": block_commands.make_block,
    "unpack": block_commands.unpack,
    "make_unique": block_commands.make_unique,
}
