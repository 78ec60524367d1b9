"""How one action of the window is declared."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

MenuName: TypeAlias = Literal[
    "File", "Edit", "Select", "Arrange", "Block", "View", "Run", "Help", "Canvas", "Bookmarks"
]
Condition: TypeAlias = Literal[
    "undoable",
    "redoable",
    "selected",
    "several",
    "marked",
    "filled",
    "block",
    "inside",
    "trainable",
    "running",
    "active",
    "tabs",
]
"""What must hold for an action to be there; the window says which of these hold now."""

MENUS: tuple[MenuName, ...] = ("File", "Edit", "Select", "Arrange", "Block", "View", "Run", "Help")
"""The menus that are shown; Canvas and Bookmarks stand in the help and the command palette only."""


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. `when` names what must hold for it to be enabled; `on_canvas`: its keys work there only."""

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
