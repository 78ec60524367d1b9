"""Code that a person writes into a node: what its text says of names and ports. The text is read, never run."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import TypeAlias

from netloom.errors import GraphError
from netloom.graph.model import Value, name_problem
from netloom.layers.spec import Port

KINDS = ("Python", "Package")
LONGEST_TARGET = 200
TAKEN = frozenset({"torch", "nn", "Tensor", "F", "Model", "Objective", "self", "see"})
"""Names that the generated source has a use for itself."""

Function: TypeAlias = ast.FunctionDef


@dataclass(frozen=True, slots=True)
class Definition:
    """What a node's code defines: the class or function that the node is, and its ports."""

    name: str
    is_class: bool
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    names: tuple[str, ...]
    """Every name that the text defines at its top."""
    module: str = ""
    """The module to import, for what an installed package defines."""


def definition(kind: str, params: Mapping[str, Value]) -> Definition:
    """What a Python or Package node defines; GraphError says in words why its text cannot be read."""
    if kind == "Python":
        return _of_code(str(params.get("code", "")))
    return _of_package(str(params.get("target", "")), str(params.get("inputs", "")), str(params.get("outputs", "")))


def inputs_of(kind: str, params: Mapping[str, Value]) -> tuple[Port, ...]:
    """The input ports; none where the text cannot be read."""
    try:
        return definition(kind, params).inputs
    except GraphError:
        return ()


def outputs_of(kind: str, params: Mapping[str, Value]) -> tuple[Port, ...]:
    """The output ports; none where the text cannot be read."""
    try:
        return definition(kind, params).outputs
    except GraphError:
        return ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text cannot be a node, as a sentence, and the line from 1, or 0 where no single one is to blame."""

    text: str
    line: int = 0


def fault(code: str) -> Fault | None:
    """What keeps a text from being a node's code, or None."""
    try:
        _of_code(code)
    except GraphError as error:
        text = str(error)
        return Fault(f"{text[0].upper()}{text[1:]}.", _broken_line(code))
    return None


def _broken_line(code: str) -> int:
    """The line at which Python stops reading, or 0."""
    try:
        ast.parse(code)
    except SyntaxError as error:
        return min(error.lineno or 0, code.count("\n") + 1)
    except (ValueError, MemoryError, RecursionError):
        return 0
    return 0


def missing_package(target: str) -> str:
    """The package of a dotted name if it is not installed here, or nothing. It is looked for and never imported."""
    package = target.partition(".")[0]
    try:
        return "" if not package.isidentifier() or find_spec(package) is not None else package
    except (ImportError, ValueError):
        return package


def code_problem(value: Value) -> str | None:
    """What a code should be, in words that follow "expects", or None where it can be read."""
    try:
        _of_code(str(value))
    except GraphError as error:
        return f"Python that can be read: {error}"
    return None


def target_problem(value: Value) -> str | None:
    """What a dotted name should be, in words that follow "expects", or None."""
    parts = str(value).split(".")
    fits = len(parts) >= 2 and len(str(value)) <= LONGEST_TARGET and not any(map(_is_bad, parts))
    return None if fits else "a dotted name such as torchvision.ops.SqueezeExcitation"


def _is_bad(part: str) -> bool:
    return name_problem(part) is not None or not part.isascii()


def ports_problem(value: Value) -> str | None:
    """What a list of port names should be, in words that follow "expects", or None."""
    names = _split(str(value))
    fits = names and len(set(names)) == len(names) and not any(map(_is_bad, names))
    return None if fits else "names with commas between them, each once"


def arguments_problem(value: Value) -> str | None:
    """What settings should be, in words that follow "expects", or None."""
    try:
        keywords(str(value))
    except GraphError as error:
        return str(error)
    return None


def keywords(text: str) -> dict[str, object]:
    """Settings such as `channels=8, mode="fast"` as values; GraphError where they are no plain values."""
    wanted = 'settings such as channels=8, mode="fast", with plain values'
    call = _parsed(f"f({text})", "eval", wanted)
    body = call.body if isinstance(call, ast.Expression) else None
    if not isinstance(body, ast.Call) or body.args or not isinstance(body.func, ast.Name):
        raise GraphError(wanted)
    try:
        found = {each.arg: ast.literal_eval(each.value) for each in body.keywords if each.arg}
    except (ValueError, TypeError, MemoryError, RecursionError) as error:
        raise GraphError(wanted) from error
    if len(found) != len(body.keywords) or not all(map(_is_plain, found.values())):
        raise GraphError(wanted)
    return found


def _is_plain(value: object) -> bool:
    """Whether code can say a value as it was read: no bytes, set, ellipsis or complex number."""
    if isinstance(value, dict):
        return all(_is_plain(each) for pair in value.items() for each in pair)
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return isinstance(value, str | int | float | None)


def _split(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _of_package(target: str, inputs: str, outputs: str) -> Definition:
    if problem := target_problem(target):
        raise GraphError(f"{target[:60]!r} is not {problem}.")
    module, _, name = target.rpartition(".")
    entries = tuple(Port(each, "any") for each in _split(inputs))
    exits = tuple(Port(each, "any") for each in _split(outputs))
    return Definition(name, name[:1].isupper(), entries, exits, (), module)


def _parsed(text: str, mode: str, wanted: str = "") -> ast.AST:
    try:
        return ast.parse(text, mode=mode)
    except SyntaxError as error:
        raise GraphError(wanted or f"line {error.lineno}: {error.msg}") from error
    except (ValueError, MemoryError, RecursionError) as error:
        raise GraphError(wanted or "it is nested too deeply or holds what is no text") from error


@lru_cache(maxsize=256)
def _of_code(code: str) -> Definition:
    tree = _parsed(code, "exec")
    body = tree.body if isinstance(tree, ast.Module) else []
    defined = [each for each in body if isinstance(each, ast.ClassDef | ast.FunctionDef)]
    names = tuple(dict.fromkeys(name for each in body for name in _bound(each)))
    shown = [each for each in defined if not each.name.startswith("_")]
    if not shown:
        raise GraphError("it needs a function, or a class with a method forward")
    if taken := next((name for name in names if name in TAKEN), None):
        raise GraphError(f"the name {taken} is taken; choose another")
    if any(isinstance(each, ast.ImportFrom) and each.module == "__future__" for each in body):
        raise GraphError("leave out the import from __future__")
    main = shown[-1]
    called = _forward(main) if isinstance(main, ast.ClassDef) else main
    is_class = called is not main
    return Definition(main.name, is_class, _inputs(called, skip=is_class), _outputs(called), names)


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top defines, imports of torch's own names left out."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (target.id for target in node.targets if isinstance(target, ast.Name))
    elif isinstance(node, ast.Import | ast.ImportFrom):
        bound = (alias.asname or alias.name.partition(".")[0] for alias in node.names)
        yield from (name for name in bound if name not in TAKEN)


def _forward(found: ast.ClassDef) -> Function:
    method = next((each for each in found.body if isinstance(each, ast.FunctionDef) and each.name == "forward"), None)
    if method is None:
        raise GraphError(f"the class {found.name} needs a method forward")
    return method


def _inputs(found: Function, *, skip: bool) -> tuple[Port, ...]:
    """Arguments without a default are ports; those that may be None are ports that may stay empty."""
    arguments = [*found.args.posonlyargs, *found.args.args][1 if skip else 0 :]
    defaults = [None] * (len(arguments) - len(found.args.defaults)) + [*found.args.defaults]
    required = [Port(each.arg, "any") for each, default in zip(arguments, defaults, strict=True) if default is None]
    optional = [
        Port(each.arg, "any", optional=True)
        for each, default in zip(arguments, defaults, strict=True)
        if isinstance(default, ast.Constant) and default.value is None
    ]
    return (*required, *optional)


def _outputs(found: Function) -> tuple[Port, ...]:
    """What the last return names; a single result is called output."""
    returns = [each.value for each in ast.walk(found) if isinstance(each, ast.Return)]
    last = returns[-1] if returns else None
    if not isinstance(last, ast.Tuple) or len(last.elts) < 2:
        return (Port("output", "any"),)
    names = [each.id if isinstance(each, ast.Name) else f"output{index}" for index, each in enumerate(last.elts, 1)]
    unique = [name if names.index(name) == index else f"{name}{index + 1}" for index, name in enumerate(names)]
    return tuple(Port(name, "any") for name in unique)
