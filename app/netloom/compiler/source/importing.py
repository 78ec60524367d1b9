"""Imports in the order in which a formatter puts them: the standard library first, plain ones before those of names."""

import ast
import sys
from collections.abc import Iterable


def sorted_imports(texts: Iterable[str]) -> list[str]:
    """Each import once, the names of one module on one line."""
    plain: set[str] = set()
    named: dict[str, set[str]] = {}
    for node in ast.parse("\n".join(texts)).body:
        if isinstance(node, ast.Import):
            plain |= {ast.unparse(alias) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            named.setdefault("." * node.level + (node.module or ""), set()).update(map(ast.unparse, node.names))
    lines = [(name.split()[0], f"import {name}") for name in sorted(plain)]
    lines += [(module, line) for module in sorted(named) for line in _from(module, named[module])]
    standard = [line for module, line in lines if _is_standard(module)]
    other = [line for module, line in lines if not _is_standard(module)]
    return [*standard, *([""] if standard and other else []), *other]


def _from(module: str, names: set[str]) -> list[str]:
    """One line for the names as they are, and one for each that is called otherwise."""
    together = sorted((name for name in names if " as " not in name), key=_member)
    apart = sorted(name for name in names if " as " in name)
    lines = [f"from {module} import {', '.join(together)}"] if together else []
    return [*lines, *(f"from {module} import {name}" for name in apart)]


def _member(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return (kind, name)


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names
