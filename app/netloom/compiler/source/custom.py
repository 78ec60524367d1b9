"""Code of the user's own in a module: each text stands in it once, each package is imported once."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from netloom.compiler import calls, naming
from netloom.compiler.plan import NodePlan, Part, Plan
from netloom.compiler.source.lines import IMPORTS, Line
from netloom.errors import GraphError
from netloom.graph.model import Value
from netloom.layers import custom
from netloom.layers.spec import Port

OWN_NAMES = frozenset(IMPORTS)
"""What the source imports itself where it is used."""


@dataclass(frozen=True, slots=True)
class Customs:
    """All custom code of a plan: what it is called by (by its text or target), its imports, and its text."""

    names: Mapping[str, str] = field(default_factory=dict)
    reserved: frozenset[str] = frozenset()
    imports: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


def customs(plan: Plan, part: Part | None = None) -> Customs:
    """The custom code of a plan, or of one part of it, and of all blocks in it."""
    names: dict[str, str] = {}
    imports: dict[str, None] = {}
    lines: list[Line] = []
    reserved: set[str] = set()
    for item in _nodes(plan, set(), part):
        text = text_of(item.arguments)
        if text in names:
            continue
        found = custom.definition(item.node.kind, item.arguments)
        names[text] = found.name
        if item.node.kind == "Package":
            names[text] = _numbered(found.name, reserved)
            imports[_import(found.module, found.name, names[text])] = None
        else:
            before, rest = _taken_apart(text)
            imports |= dict.fromkeys(before)
            lines += [Line(""), Line(""), *(Line(line, item.node.id, as_is=True) for line in rest)]
        reserved |= {names[text], *found.names}
    return Customs(names, frozenset(reserved), tuple(imports), tuple(lines))


def clash(plan: Plan) -> tuple[str, str] | None:
    """Why the codes of a plan cannot stand in one file, and the node to blame; None where they can."""
    owners: dict[str, NodePlan] = {}
    for item in _nodes(plan, set()):
        for name in custom.definition(item.node.kind, item.arguments).names if item.node.kind == "Python" else ():
            other = owners.setdefault(name, item)
            if text_of(other.arguments) != text_of(item.arguments) and not _is_imported(name, other, item):
                text = f"{item.node.name} and {other.node.name} both define {name}, each in its own way; rename one."
                return text, item.node.id
    return None


def is_custom(item: NodePlan) -> bool:
    """Whether a node is code of the user's own."""
    return item.node.kind in custom.KINDS


def has_module(item: NodePlan) -> bool:
    """Whether a node's code is a class, whose weights the module keeps."""
    return custom.definition(item.node.kind, item.arguments).is_class


def text_of(arguments: Mapping[str, Value]) -> str:
    """What tells custom code from other: its text, or the dotted name of what is imported."""
    return str(arguments.get("code") or arguments.get("target"))


def settings(arguments: Mapping[str, Value]) -> list[str]:
    """The keywords that a class is made with, or a function called with."""
    found = custom.keywords(str(arguments.get("arguments", "")))
    return [f"{name}={_written(value)}" for name, value in found.items()]


def call(function: str, item: NodePlan, incoming: calls.Incoming, more: Iterable[str] = ()) -> str:
    """The call in `forward`: what must come in by position, what may by name."""
    ports = custom.definition(item.node.kind, item.arguments).inputs
    words = [f"{_keyword(port)}{name}" for port in ports for name in incoming.get(port.name, ())]
    return f"{function}({', '.join([*words, *more])})"


def _keyword(port: Port) -> str:
    return f"{port.name}=" if port.optional else ""


def _written(value: object) -> str:
    if isinstance(value, str | float):
        return calls.literal(value)
    if isinstance(value, tuple):
        return calls.tuple_of([_written(item) for item in value])
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_written(key)}: {_written(item)}' for key, item in value.items())}}}"
    return repr(value)


def _nodes(plan: Plan, seen: set[int], part: Part | None = None) -> Iterator[NodePlan]:
    seen.add(id(plan))
    for key in plan.order:
        item = plan.nodes.get(key)
        if item is None or part not in (None, item.part):
            continue
        if is_custom(item) and bool(item.outputs) and _is_readable(item):
            yield item
        if item.block is not None and id(item.block) not in seen:
            yield from _nodes(item.block, seen)


def _is_readable(item: NodePlan) -> bool:
    try:
        custom.definition(item.node.kind, item.arguments)
    except GraphError:
        return False
    return True


def _is_imported(name: str, *items: NodePlan) -> bool:
    """Whether all of them import this name, and in the same way."""
    ways = {
        next((line for line in _taken_apart(text_of(each.arguments))[0] if _binds(line, name)), "") for each in items
    }
    return len(ways) == 1 and "" not in ways


def _binds(line: str, name: str) -> bool:
    return name in line.replace(",", " ").replace(".", " ").split()


def _numbered(name: str, taken: set[str]) -> str:
    number, found = 2, name
    while found in taken or found in naming.WORDS_IN_USE:
        found, number = f"{name}{number}", number + 1
    return found


def _import(module: str, name: str, local: str) -> str:
    return f"from {module} import {name}" + (f" as {local}" if local != name else "")


def _taken_apart(text: str) -> tuple[list[str], list[str]]:
    """The imports at the top of a text, without those that the source brings itself, and the lines that are left."""
    lines = [line.rstrip() for line in text.splitlines()]
    found: list[str] = []
    for node in ast.parse(text).body:
        end = node.end_lineno or node.lineno
        if isinstance(node, ast.Import | ast.ImportFrom) and _stands_alone(node, lines[node.lineno - 1 : end]):
            found += _imports(node)
            lines[node.lineno - 1 : end] = [""] * (end - node.lineno + 1)
    return found, "\n".join(lines).strip("\n").split("\n")


def _stands_alone(node: ast.stmt, lines: list[str]) -> bool:
    return node.col_offset == 0 and ";" not in lines[-1]


def _imports(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    for alias in node.names:
        bound = alias.asname or alias.name
        if bound not in OWN_NAMES:
            one = type(node)(**{**dict(ast.iter_fields(node)), "names": [alias]})
            yield ast.unparse(one)
