"""How one action of the window is declared."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

MenuName: TypeAlias = Literal[
    "File", "Edit", "Select", "Arrange", "Block", "View", "Run", "Runs", "Help", "Canvas", "Bookmarks"
]
Condition: TypeAlias = Literal[
    "undoable",
    "redoable",
    "selected",
    "several",
    "marked",
    "remarked",
    "filled",
    "block",
    "inside",
    "trainable",
    "active",
    "changed",
    "tabs",
    "picked",
    "kept",
    "compared",
    "waiting",
    "deleted",
]
"""What must hold for an action to be there; the window says which of these hold now."""

REASONS: Mapping[Condition, str] = {
    "undoable": "nothing to undo",
    "redoable": "nothing to redo",
    "selected": "select a node first",
    "several": "select several nodes first",
    "marked": "select something first",
    "remarked": "select a frame or note first",
    "filled": "the canvas is empty",
    "block": "select a block first",
    "inside": "only inside a block",
    "trainable": "the canvas is empty",
    "active": "nothing is being trained",
    "changed": "the run knows the network as it is",
    "tabs": "only one document is open",
    "picked": "select a run first",
    "kept": "select a run first",
    "compared": "select several runs first",
    "waiting": "select a run of the queue first",
    "deleted": "no run was deleted",
}
"""Why an action is off where its condition does not hold."""

MENUS: tuple[MenuName, ...] = ("File", "Edit", "Select", "Arrange", "Block", "View", "Run", "Help")
"""The menus that are shown; Runs is the menu of the Runs page, Canvas and Bookmarks stand in help and palette only."""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. `when` names what must hold for it to be enabled.

    `on_canvas`, `on_runs`: its keys work there only, on the canvas or in the table of runs.
    """

    id: str
    text: str
    menu: MenuName
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    when: Condition | None = None
    checkable: bool = False
    on_canvas: bool = False
    begins_group: bool = False
    on_runs: bool = False

    def meets(self, other: "ActionSpec") -> bool:
        """Whether the keys of both work at the same place, so that they must not be equal."""
        return not (self.on_canvas and other.on_runs) and not (self.on_runs and other.on_canvas)


def on_canvas(
    key: str,
    text: str,
    menu: MenuName,
    shortcuts: tuple[str, ...],
    tip: str,
    when: Condition | None = None,
    icon: str = "",
    *,
    begins_group: bool = False,
    checkable: bool = False,
) -> ActionSpec:
    """An action whose keys work on the canvas only."""
    return ActionSpec(key, text, menu, shortcuts, icon, tip, when, checkable, on_canvas=True, begins_group=begins_group)


def on_runs(
    key: str,
    text: str,
    shortcuts: tuple[str, ...],
    tip: str,
    when: Condition | None = None,
    icon: str = "",
    *,
    begins_group: bool = False,
) -> ActionSpec:
    """An action whose keys work in the table of runs only."""
    return ActionSpec(key, text, "Runs", shortcuts, icon, tip, when, begins_group=begins_group, on_runs=True)
