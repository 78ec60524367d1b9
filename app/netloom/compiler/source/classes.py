"""The classes of a module: one for each block definition, with what differs between its uses as arguments."""

from collections.abc import Iterable, Mapping, Sequence

from netloom.compiler import naming
from netloom.compiler.source.draft import Draft, Made, Use, draft
from netloom.compiler.source.interface import model_interface
from netloom.compiler.source.lines import INDENT, Line
from netloom.compiler.source.varying import Marks, Signature


class Classes:
    """`wholes` are the last classes by name, each that of a whole plan; the others are those of blocks."""

    def __init__(self, wholes: Mapping[str, Use]) -> None:
        self._wholes = wholes
        self._taken = {name for name, use in wholes.items() for name in (name, *use.interface.customs.reserved)}
        self._lines: list[Line] = []
        self._known: dict[tuple[str, ...], str] = {}
        self._made: dict[int, Made] = {}
        self._uses: dict[str, dict[int, Use]] = {}
        self._done: set[str] = set()

    def lines(self) -> list[Line]:
        """The lines of all classes, those that others need before these."""
        for use in self._wholes.values():
            self._collect(use)
        self._define_inner(self._wholes.values())
        last: list[Line] = []
        for name, use in self._wholes.items():
            found = draft(use, use.values(self._made), self._made)
            last += _class(name, found, Signature([use], [found], [], set()))
        return [*self._lines, *last]

    def _collect(self, use: Use) -> None:
        """Find the uses of each definition."""
        for key in use.interface.built:
            item = use.plan.nodes[key]
            if item.block is None:
                continue
            uses = self._uses.setdefault(item.block.definition, {})
            if id(item.block) not in uses:
                inner = uses[id(item.block)] = Use(item.block, model_interface(item.block, use.interface.customs), item)
                self._collect(inner)

    def _define_inner(self, uses: Iterable[Use]) -> None:
        for use in uses:
            for key in use.interface.built:
                item = use.plan.nodes[key]
                if item.block and item.block.definition not in self._done:
                    self._done.add(item.block.definition)
                    inner = list(self._uses[item.block.definition].values())
                    self._define_inner(inner)
                    self._define(inner)

    def _define(self, uses: Sequence[Use]) -> None:
        """One class for these uses, or several where their structure differs."""
        marks = Marks()
        values = marks.put(uses, [use.values(self._made) for use in uses])
        drafts: list[Draft] = []
        groups: dict[tuple[str, ...], list[Use]] = {}
        for number, (use, given) in enumerate(zip(uses, values, strict=True)):
            try:
                drafts.append(draft(use, given, self._made))
                key = tuple(line.text for line in drafts[-1].lines)
            except (TypeError, ValueError, KeyError, IndexError):  # what a kind writes depends on a marked value
                if len(uses) == 1:
                    raise
                key = (str(number),)
            groups.setdefault(key, []).append(use)
        if len(groups) == 1 and len(drafts) == len(uses):
            taken = {*self._taken, *self._known.values()}
            self._keep(uses, drafts, Signature(uses, drafts, marks.found, taken))
        else:
            for group in groups.values():
                self._define(group)

    def _keep(self, uses: Sequence[Use], drafts: Sequence[Draft], signature: Signature) -> None:
        found = signature.filled(drafts)
        key = (*signature.words, *(line.text for line in found.lines))
        if key not in self._known:
            name = naming.class_name(uses[0].plan.name, {*self._taken, *self._known.values()})
            self._known[key] = name
            self._lines += _class(name, found, signature)
        for index, use in enumerate(uses):
            self._made[id(use.plan)] = Made(self._known[key], signature.given(index))


def _class(name: str, found: Draft, signature: Signature) -> list[Line]:
    return [
        *[Line("")] * 2,
        Line(f"class {name}(nn.Module):"),
        *_constructor(found, signature),
        found.head,
        *found.body,
    ]


def _constructor(found: Draft, signature: Signature) -> list[Line]:
    """How a module is made; nothing where it keeps nothing."""
    if not found.made and not signature.arguments:
        return []
    return [
        Line(f"{INDENT}def __init__({', '.join(['self', *signature.words])}) -> None:"),
        Line(f"{INDENT * 2}super().__init__()"),
        *(Line(f"{INDENT * 2}self.{each.stored} = {each.name}") for each in signature.kept),
        *found.made,
        Line(""),
    ]
