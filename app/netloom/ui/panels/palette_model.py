"""The rows of the palette: recent kinds, the categories with their kinds, or what a search found."""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel

from netloom.layers import catalogue
from netloom.layers.spec import Category, LayerSpec
from netloom.ui.offers import Offers

Row: TypeAlias = Literal["title", "category", "member", "found", "empty"]
"""member is a kind in its category, found one that stands alone with its own glyph."""

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
SPEC_ROLE = ROW_ROLE + 1
CATEGORY_ROLE = ROW_ROLE + 2
COUNT_ROLE = ROW_ROLE + 3
MINE = "My blocks"
MOST = 60
"""Rows of one search: further down nobody scrolls, and each costs time at every key."""
NOTHING = "Nothing called that. Try what it does, such as blur, memory or classes."


def spec_of(index: object) -> LayerSpec | None:
    """The kind in a row, or None for titles and categories."""
    found = index.data(SPEC_ROLE)  # type: ignore[attr-defined]
    return found if isinstance(found, LayerSpec) else None


def glyph_name(spec: LayerSpec) -> str:
    """The glyph of a kind: that of its category, except for the output."""
    return "io-out" if spec.kind == "Output" else spec.category


def fill(model: QStandardItemModel, recent: Sequence[LayerSpec], offers: Offers) -> None:
    """Everything: what was used last, then every category that has any, and the person's own blocks."""
    model.clear()
    if recent:
        model.appendRow(_plain("Recent", "title"))
        for spec in recent:
            model.appendRow(_kind(spec, "found"))
    model.appendRow(_plain("All nodes", "title"))
    for category in catalogue.TITLES:
        kinds = [spec for spec in catalogue.SPECS.values() if spec.category == category and spec.role != "block"]
        members = [*offers.ready, *kinds] if category == "block" else kinds
        if members:
            model.appendRow(_category(catalogue.TITLES[category], category, members))
        if category == "block" and offers.mine:
            model.appendRow(_category(MINE, category, offers.mine))


def fill_found(model: QStandardItemModel, specs: Sequence[LayerSpec]) -> None:
    """What a search found, best first; where it found nothing, what to try."""
    model.clear()
    for spec in specs[:MOST]:
        model.appendRow(_kind(spec, "found"))
    if not specs:
        model.appendRow(_plain(NOTHING, "empty"))


def _plain(text: str, row: Row) -> QStandardItem:
    item = QStandardItem(text)
    item.setData(row, ROW_ROLE)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    return item


def _category(title: str, category: Category, members: Iterable[LayerSpec]) -> QStandardItem:
    item = QStandardItem(title)
    item.setData("category", ROW_ROLE)
    item.setData(category, CATEGORY_ROLE)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    for spec in members:
        item.appendRow(_kind(spec, "member"))
    item.setData(item.rowCount(), COUNT_ROLE)
    item.setData(f"{item.text()}, {item.rowCount()} kinds", int(Qt.ItemDataRole.AccessibleTextRole))
    return item


def _kind(spec: LayerSpec, row: Row) -> QStandardItem:
    item = QStandardItem(spec.kind)
    item.setData(row, ROW_ROLE)
    item.setData(spec, SPEC_ROLE)
    item.setData(spec.summary, int(Qt.ItemDataRole.AccessibleDescriptionRole))
    flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
    item.setFlags(flags)
    return item
