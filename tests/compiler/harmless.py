"""What generated Python may consist of: anything else in it came out of a document, and would be an injection."""

import ast
import builtins
import contextlib
from collections.abc import Collection, Iterable, Iterator

from netloom.errors import GraphError
from netloom.graph import Graph
from netloom.layers import custom
from netloom.layers.families.custom import DEFAULTS

MODEL = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef, ast.Assign, ast.Return, ast.Expr, ast.For)
SCRIPT = (*MODEL, ast.If, ast.AugAssign, ast.Continue, ast.Break, ast.With)
EXPRESSIONS = (
    *(ast.Name, ast.Attribute, ast.Call, ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Subscript, ast.Slice),
    *(ast.UnaryOp, ast.BinOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Starred, ast.JoinedStr, ast.FormattedValue),
    *(ast.GeneratorExp, ast.ListComp, ast.DictComp),
)
USED = {
    "super",
    "range",
    "tuple",
    "len",
    "zip",
    "list",
    "enumerate",
    "int",
    "float",
    "str",
    "dict",
    "min",
    "max",
    "sum",
}
USED |= {"print", "round", "bool", "__name__"}
"""What generated code uses of Python's own names."""
DUNDER = {"__init__"}
IMPORTED = {"math", "torch", "torch.nn", "numpy", "torchmetrics", "sklearn.datasets", "safetensors.torch"}
METHODS = {"__init__", "forward"}


def expect_harmless(text: str, graph: Graph, *, script: bool = False) -> None:
    """AssertionError where a statement, an import or a name is not one that a generator writes."""
    tree = ast.parse(text)
    tree.body = list(_left(tree.body, list(_own(graph))))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.stmt) or isinstance(node, SCRIPT if script else MODEL), ast.unparse(node)
        assert not isinstance(node, ast.expr) or isinstance(node, EXPRESSIONS), ast.unparse(node)
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("__") or node.attr in DUNDER or set(node.attr) == {"_"}, node.attr
        if isinstance(node, ast.FunctionDef) and not script:
            assert node.name in METHODS
        if isinstance(node, ast.Expr) and not script:
            assert ast.unparse(node) == "super().__init__()"
    _expect_known(tree, {name for code in _codes(graph) for name in (code.name, *code.names)})


def _expect_known(tree: ast.Module, own: Collection[str]) -> None:
    """Every name is bound in the text, or one that generated code uses; nothing is imported but what it needs."""
    bound = {*USED, *own}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            bound.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {alias.asname or alias.name for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            assert node.id in bound, node.id
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id in bound - (set(dir(builtins)) - USED - set(own)), node.func.id


def _left(body: Iterable[ast.stmt], own: list[str]) -> Iterator[ast.stmt]:
    """The statements without those of the document's own code, each once, and without imports that are known."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [ast.unparse(each) for each in _single(node)]
            modules = {node.module} if isinstance(node, ast.ImportFrom) else {alias.name for alias in node.names}
            assert modules <= IMPORTED or set(names) <= set(own), names
            yield node
        elif ast.unparse(node) in own:
            own.remove(ast.unparse(node))
        else:
            yield node


def _codes(graph: Graph) -> Iterator[custom.Definition]:
    """The own code of a document that can be read."""
    for node in graph.nodes.values():
        if node.kind in custom.KINDS:
            with contextlib.suppress(GraphError):
                yield custom.definition(node.kind, {**DEFAULTS, **node.params})


def _own(graph: Graph) -> Iterator[str]:
    """The statements of the code in a document, and the imports of its packages."""
    for node in graph.nodes.values():
        if node.kind == "Python":
            for each in ast.parse(str(node.params.get("code", DEFAULTS["code"]))).body:
                yield from map(ast.unparse, _single(each))
    for found in _codes(graph):
        if found.module:
            yield from (f"from {found.module} import {found.name}{more}" for more in _renamed(found.name))


def _renamed(name: str) -> Iterator[str]:
    yield ""
    number, found = 2, name
    while number < 9:
        found, number = f"{name}{number}", number + 1
        yield f" as {found}"


def _single(node: ast.stmt) -> Iterator[ast.stmt]:
    """An import of several names as one for each."""
    if isinstance(node, ast.Import):
        yield from (ast.Import([alias]) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (ast.ImportFrom(node.module, [alias], node.level) for alias in node.names)
    else:
        yield node
