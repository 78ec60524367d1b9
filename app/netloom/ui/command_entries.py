"""What the command palette and the search for nodes offer in one window."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from netloom.layers import catalogue
from netloom.layers.ranking import Terms, best_first, terms
from netloom.ui import icons, offers
from netloom.ui.action_spec import REASONS, ActionSpec
from netloom.ui.action_table import ACTIONS
from netloom.ui.command_palette import Entry

if TYPE_CHECKING:
    from netloom.ui.main_window import MainWindow

MOST_OF_A_SECTION = 8
MOST_FOUND = 100
"""Rows of a search for nodes: further down nobody scrolls."""
LATELY, COMMANDS, OFF = "Used lately", "Commands", "Not possible now"
NODES, TO_ADD = "In this document", "Nodes to add"


class CommandEntries:
    """Finds actions, nodes and what can be added."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window

    def found(self, text: str) -> Sequence[Entry]:
        """All sections for a text, the one with the best name first; every command where there is none."""
        commands, off = self._commands(text)
        if not text:
            return [*self._lately(), *commands, *off]
        nodes = self.nodes(text)[:MOST_OF_A_SECTION]
        kinds = list(islice(self._kinds(text), MOST_OF_A_SECTION))
        sections = (commands[:MOST_OF_A_SECTION], nodes, kinds)
        ranked = sorted(sections, key=lambda entries: not any(_begins(each, text) for each in entries))
        return [*(entry for entries in ranked for entry in entries), *off[:MOST_OF_A_SECTION]]

    def _commands(self, text: str) -> tuple[list[Entry], list[Entry]]:
        """The commands that fit, those that can be done apart from the others."""
        lately = self._window.settings.recent_commands
        uses = {name: len(lately) - place for place, name in enumerate(lately)}
        specs = [spec for spec in ACTIONS if spec.id != "commands"]
        if text:
            specs = best_first(specs, text, self._terms, lambda spec: uses.get(spec.id, 0))
        entries = [(self._can(spec), spec) for spec in specs]
        can = [self._entry(spec, COMMANDS) for is_on, spec in entries if is_on]
        return can, [self._entry(spec, OFF) for is_on, spec in entries if not is_on]

    def _lately(self) -> list[Entry]:
        known = {spec.id: spec for spec in ACTIONS}
        specs = [known[name] for name in self._window.settings.recent_commands if name in known]
        return [self._entry(spec, LATELY) for spec in specs if self._can(spec)]

    def _terms(self, spec: ActionSpec) -> Terms:
        return terms(self._words(spec), spec.menu, spec.tip)

    def _words(self, spec: ActionSpec) -> str:
        return self._window.actions_table[spec.id].text().rstrip("…")

    def _can(self, spec: ActionSpec) -> bool:
        return self._window.actions_table[spec.id].isEnabled()

    def _entry(self, spec: ActionSpec, section: str) -> Entry:
        table = self._window.actions_table
        why = REASONS[spec.when] if section == OFF and spec.when is not None else ""
        hint = "   ".join(text for text in (why, table.key_text(spec.id)) if text)
        return Entry(section, self._words(spec), hint, table[spec.id].icon(), partial(self._run, spec), can=not why)

    def _run(self, spec: ActionSpec) -> None:
        self._window.note_command(spec.id)
        self._window.actions_table[spec.id].trigger()

    def nodes(self, text: str) -> list[Entry]:
        """The nodes of the document, in all blocks, that hold all words in name, kind, block or comment.

        Letters in between are not left out here, as they may be in commands: of thousands of names too many would fit.
        """
        words = text.lower().split()
        found = [each for each in self._nodes() if all(word in f"{each.text} {each.also}".lower() for word in words)]
        found.sort(key=lambda entry: not _begins(entry, text))
        return found[:MOST_FOUND]

    def _nodes(self) -> Iterator[Entry]:
        document = self._window.editor.document
        graph = document.graph
        for node in graph.nodes.values():
            icon = icons.glyph_icon(catalogue.spec(node.kind).category)
            hint = f"{node.kind} in {graph.blocks[node.parent].name}" if node.parent else node.kind
            said = document.comments.get(node.id, "")
            show = partial(self._window.views.show_node, node.id)
            yield Entry(NODES, node.name, hint, icon, show, f"{hint} {said}")

    def _kinds(self, text: str) -> Iterator[Entry]:
        for spec in self._window.my_blocks.offers.search(text):
            icon = icons.glyph_icon(spec.category)
            yield Entry(TO_ADD, spec.kind, spec.category, icon, partial(self._window.views.add, offers.key(spec)))


def _begins(entry: Entry, text: str) -> bool:
    return entry.text.lower().startswith(text.lower())
