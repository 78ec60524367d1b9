"""What differs between the uses of a class: marks while it is drafted, arguments of its constructor afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from netloom.compiler import calls, naming
from netloom.compiler.source.draft import MARK, Draft, Use, Values, marks_in
from netloom.compiler.source.lines import Line, Shape
from netloom.graph.model import Value, name_problem
from netloom.layers.catalogue import spec

OWN = ("block", "repeat")
"""What a block node sets beside the parameters that its definition hands out."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A value of a node that differs between the uses."""

    node: str
    param: str
    values: tuple[Value, ...]


@dataclass
class Marks:
    """All marks of a class."""

    found: list[Mark] = field(default_factory=list)

    def put(self, uses: Sequence[Use], values: Sequence[Values]) -> list[Values]:
        """The values of each use, where those that differ between the uses are written as marks."""
        if len(uses) == 1:
            return list(values)
        marked: list[dict[str, dict[str, Value]]] = [{} for _ in uses]
        for key, first in values[0].items():
            for param in first:
                each = [other.get(key, {}).get(param) for other in values]
                for table, value in zip(marked, self._marked(uses[0], key, param, each), strict=True):
                    table.setdefault(key, {})[param] = value
        return [
            {key: {**given[key], **table.get(key, {})} for key in given}
            for given, table in zip(values, marked, strict=True)
        ]

    def _marked(self, use: Use, key: str, param: str, values: list[Value]) -> list[Value]:
        written = [calls.literal(value) for value in values]
        if len(set(written)) == 1:
            return values
        lists = [value for value in values if isinstance(value, list)]
        declared = spec(use.plan.nodes[key].node.kind).param(param)
        is_size = declared is not None and declared.type == "size"
        if len(lists) == len(values) and len({len(each) for each in lists}) == 1 and not is_size:
            columns = [self._marked(use, key, param, list(column)) for column in zip(*lists, strict=True)]
            return [list(row) for row in zip(*columns, strict=True)]
        self.found.append(Mark(key, param, tuple(values)))
        return [calls.hole(value, f"⟦{len(self.found) - 1}⟧") for value in values]


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a constructor: its name, the attribute that keeps it for `forward`, its value in each use."""

    name: str
    stored: str
    values: tuple[Value, ...]

    @property
    def hint(self) -> str:
        """Its type."""
        return " | ".join(dict.fromkeys(_hints(self.values)))


def _hints(values: Sequence[Value]) -> list[str]:
    found = sorted(_hint(value) for value in values if value is not None)
    return [*found, *(["None"] if None in values else [])]


def _hint(value: Value) -> str:
    if not isinstance(value, list):
        return type(value).__name__
    return f"tuple[{', '.join(_hint(item) for item in value)}]"


def _written(values: Sequence[Value]) -> tuple[str, ...]:
    return tuple(calls.literal(value) for value in values)


class Signature:
    """The arguments of a class: values that differ alike are one, named as the block's own parameter if it is one."""

    def __init__(self, uses: Sequence[Use], drafts: Sequence[Draft], marks: Sequence[Mark], taken: set[str]) -> None:
        self._uses = uses
        self._attributes = {naming.attribute(item.node.name) for item in uses[0].plan.nodes.values()}
        self._taken = taken
        self._argument: dict[int, Argument] = {}
        self.arguments: list[Argument] = []
        self._promoted = self._own_parameters()
        alike: dict[tuple[str, ...], list[int]] = {}
        for number in marks_in(drafts[0].lines):
            alike.setdefault(_written(marks[number].values), []).append(number)
        for written, numbers in alike.items():
            self._add([marks[number] for number in numbers], written, numbers)
        self._by_values = {_written(each.values): each.name for each in self.arguments}
        self._kept = [self._argument[number] for number in marks_in(drafts[0].body)]

    def _own_parameters(self) -> dict[tuple[str, ...], str]:
        """What the block hands to the outside: its values in all uses, and its name."""
        callers = [use.caller.arguments for use in self._uses if use.caller is not None]
        names = [name for name in (callers[0] if callers else ()) if name not in OWN and name_problem(name) is None]
        return {_written([each.get(name) for each in callers]): name for name in reversed(names)}

    def _add(self, marks: Sequence[Mark], written: tuple[str, ...], numbers: Sequence[int]) -> None:
        first = marks[0]
        name = self._promoted.get(written, first.param)
        if name in self._taken or not name.isidentifier():
            name = f"{self._uses[0].plan.nodes[first.node].node.name}_{name}"
        name = naming.argument(name, self._taken)
        self._taken.add(name)
        stored = naming.attribute(name)
        while stored in self._attributes:
            stored += "_"
        self._attributes.add(stored)
        argument = Argument(name, stored, first.values)
        self.arguments.append(argument)
        self._argument |= dict.fromkeys(numbers, argument)

    @property
    def words(self) -> list[str]:
        """The arguments as they stand in the head of the constructor."""
        return [f"{each.name}: {each.hint}" for each in self.arguments]

    @property
    def kept(self) -> list[Argument]:
        """The arguments that `forward` reads."""
        return list(dict.fromkeys(self._kept))

    def given(self, index: int) -> Mapping[str, Value]:
        """What the use of this number gives to the constructor."""
        return {each.name: each.values[index] for each in self.arguments}

    def filled(self, drafts: Sequence[Draft]) -> Draft:
        """The draft of all uses, with arguments instead of marks."""
        first = drafts[0]
        made = [self._line([draft.made[i] for draft in drafts], "") for i in range(len(first.made))]
        head = self._line([draft.head for draft in drafts], "")
        body = [self._line([draft.body[i] for draft in drafts], "self.") for i in range(len(first.body))]
        return Draft(made, head, body)

    def _line(self, lines: Sequence[Line], owner: str) -> Line:
        first = lines[0]

        def name(number: str) -> str:
            argument = self._argument[int(number)]
            return f"{owner}{argument.stored}" if owner else argument.name

        text = MARK.sub(lambda match: name(match[1]), first.text)
        shapes = tuple(self._shape(each) for each in zip(*(line.shapes for line in lines), strict=True))
        return Line(text, first.node, shapes)

    def _shape(self, shapes: Sequence[Shape]) -> Shape:
        if len({len(shape) for shape in shapes}) > 1:
            return ("?",)
        columns = zip(*shapes, strict=True)
        return tuple(
            dims[0] if len(set(dims)) == 1 else self._by_values.get(tuple(map(str, dims)), "?") for dims in columns
        )
