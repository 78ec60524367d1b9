"""Write app/netloom/layers/torch_table.json from the installed torch: `python packaging/make_torch_table.py`.

The targets are those of the catalogue's declarations, so that a new layer needs one declaration and one run of this.
"""

import ast
import importlib
import inspect
import json
import re
import sys
import typing
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from netloom.layers.families import DECLARATIONS
from netloom.layers.table import PATH, Argument, Entry, Table

PACKAGES = ("torch", "torchmetrics")
SUMMARY_LONGEST = 220
HELP_LONGEST = 240

SECTION = re.compile(r"^\s*(Args|Arguments|Keyword args|Keyword arguments|Parameters)\s*:\s*$")
ARGUMENT = re.compile(r"^(\s*)\*{0,2}`{0,2}([A-Za-z_]\w*)`{0,2}\s*(\([^:]*\))?\s*:(?!\w)\s*(.*)$")
CALL = re.compile(r"^(?:\.\. function::)?\s*(?:\w+\.)*(\w+)\((.*)\)\s*->", re.MULTILINE)
SYMBOLS = {
    r"\\times": "×",
    r"\\cdot": "·",
    r"\\leq?\b": "≤",
    r"\\geq?\b": "≥",
    r"\\infty": "infinity",
    r"\\epsilon": "epsilon",
    r"\\gamma": "gamma",
    r"\\beta": "beta",
    r"\\alpha": "alpha",
    r"\\lambda": "lambda",
    r"\\mu": "mu",
    r"\\ldots": "…",
    r"\\dots": "…",
}
REWRITES = (
    (
        re.compile(r":[a-z]+(?::[a-z]+)?:`~?(?:torch\.)?([^`<]*?)\s*(?:<[^`>]*>)?`"),
        r"\1",
    ),  # :attr:`name`, :ref:`text <place>`
    (re.compile(r"`([^`<]+?)\s*<[^`>]*>`_{0,2}"), r"\1"),  # `text <address>`_
    (re.compile(r"``([^`]*)``"), r"\1"),
    (re.compile(r"`([^`]*)`_{0,2}"), r"\1"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"\1"),
    (re.compile(r"\\(?:text|textbf|mathrm|mathcal|mathbf|operatorname|bf|it)\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}"), r"\1/\2"),
    (re.compile(r"\\sqrt\{([^{}]*)\}"), r"√\1"),
    (re.compile(r"\\[a-zA-Z]+"), ""),
    (re.compile(r"\\(.)"), r"\1"),
    (re.compile(r"_\{([^{}]*)\}"), r"_\1"),
    (re.compile(r"(?<!\w)\{|\}(?!\w)"), ""),
    (re.compile(r"\s+"), " "),
    (re.compile(r"\s+([.,;)])"), r"\1"),
)
DEFAULT = re.compile(
    r"\s*\(?\b(?:The )?(?:[Dd]efault(?:s|ed)?)(?: value)?(?: is)?(?: to)?\s*[:=]?\s*"
    r"(?:\([^()]*\)|[^\s()]+?(?=[.,]?(?:\s|$|\))))(?:\s\([^()]*\))?\)?\.?"
)


def plain(text: str) -> str:
    """Sphinx and LaTeX markup as readable text on one line."""
    for pattern, symbol in SYMBOLS.items():
        text = re.sub(pattern, symbol, text)
    for expression, replacement in REWRITES:
        text = expression.sub(replacement, text)
    return text.strip()


def sentences(text: str, longest: int) -> str:
    """As many whole sentences, two at most, as fit; at least the first."""
    parts = re.split(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!vs\.)(?<!etc\.)\s+(?=[A-Z0-9(])", text)
    kept = parts[0]
    if len(parts) > 1 and len(kept) + len(parts[1]) < longest:
        kept = f"{kept} {parts[1]}"
    return kept


def finished(text: str) -> str:
    """A sentence with a capital and a full stop."""
    text = text.strip(" ,;:")
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def summary(doc: str) -> str:
    """The first sentences of a docstring."""
    lines = [
        line for line in inspect.cleandoc(doc).splitlines() if not CALL.match(line) and not line.startswith("__init__(")
    ]
    blocks = re.split(r"\n\s*\n", "\n".join(lines).strip())
    prose = next((block for block in blocks if not block.lstrip().startswith((".. ", ">>>"))), "")
    return finished(sentences(plain(prose), SUMMARY_LONGEST))


def help_texts(doc: str) -> dict[str, str]:
    """The help of each argument in the docstring's argument sections."""
    found: dict[str, list[str]] = {}
    for section in _sections(inspect.cleandoc(doc).splitlines()):
        for name, lines in _described(section):
            found.setdefault(name, lines)
    return {name: _help(lines) for name, lines in found.items()}


def _sections(lines: list[str]) -> Iterator[list[str]]:
    for start, line in enumerate(lines):
        if SECTION.match(line):
            depth = _depth(line)
            end = next((i for i, later in _after(lines, start) if later.strip() and _depth(later) <= depth), len(lines))
            yield lines[start + 1 : end]


def _after(lines: list[str], start: int) -> Iterable[tuple[int, str]]:
    return ((i, lines[i]) for i in range(start + 1, len(lines)))


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _described(section: list[str]) -> Iterator[tuple[str, list[str]]]:
    depth = min((_depth(line) for line in section if line.strip()), default=0)
    name, text = "", list[str]()
    for line in section:
        match = ARGUMENT.match(line)
        if match and len(match[1]) == depth:
            if name:
                yield name, text
            name, text = match[2], [match[4]]
        elif name:
            text.append(line.strip())
    if name:
        yield name, text


def _help(lines: list[str]) -> str:
    first = "\n".join(lines).strip().split("\n\n")[0]
    text = DEFAULT.sub(_without_default, plain(first)).strip()
    return finished(sentences(text, HELP_LONGEST))


def _without_default(match: re.Match[str]) -> str:
    """Nothing instead of "Default: 1.", a full stop instead of "(default: 1)."."""
    return "." if re.fullmatch(r"\s*\(.*\)\.", match[0]) else ""


def signature(target: str) -> inspect.Signature:
    """The signature as the target's author meant it: overloads and docstrings where Python sees only `*args`."""
    found = resolve(target)
    if not inspect.isclass(found):
        return _written_signature(target.rpartition(".")[2], found.__doc__ or "")
    constructor = found.__new__ if found.__init__ is object.__init__ or _is_factory(found) else found.__init__
    overloads = typing.get_overloads(constructor)
    signatures = [inspect.signature(each) for each in (*overloads, constructor)]
    return max(signatures, key=lambda each: len(list(_named(each))))


def _is_factory(found: type) -> bool:
    return "__new__" in vars(found) and "__init__" not in vars(found)


def _written_signature(name: str, doc: str) -> inspect.Signature:
    calls = [match[2] for match in CALL.finditer(doc) if match[1] == name]
    best = max(calls, key=lambda call: call.count(",") - 2 * call.count("out="))
    arguments = ast.parse(f"def {name}({best}): pass").body[0]
    scope: dict[str, Callable[..., object]] = {}
    exec(compile(ast.Module([arguments], []), "<signature>", "exec"), {}, scope)
    return inspect.signature(scope[name])


def _named(found: inspect.Signature) -> Iterator[inspect.Parameter]:
    for parameter in found.parameters.values():
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) and parameter.name not in (
            "self",
            "cls",
        ):
            yield parameter


def resolve(target: str) -> Any:
    """The object with this dotted name."""
    module, _, name = target.rpartition(".")
    return getattr(importlib.import_module(module), name)


def argument(parameter: inspect.Parameter, texts: dict[str, str]) -> Argument:
    """What the table says of one argument."""
    required = parameter.default is parameter.empty
    default = None if required else _json(parameter.default)
    return Argument(parameter.name, _annotation(parameter), required, default, texts.get(parameter.name, ""))


def _json(default: Any) -> Any:
    if isinstance(default, tuple):
        return [_json(each) for each in default]
    return default.__name__ if callable(default) else default


def _annotation(parameter: inspect.Parameter) -> str:
    if parameter.annotation is parameter.empty:
        return ""
    text = inspect.formatannotation(parameter.annotation)
    return re.sub(r"\b(?:typing|torch|collections\.abc)\.(?=[A-Z])", "", text).replace("NoneType", "None")


def entry(target: str) -> Entry:
    """What the table says of one target."""
    found = resolve(target)
    doc = found.__doc__ or ""
    texts = (help_texts(found.__init__.__doc__ or "") if inspect.isclass(found) else {}) | help_texts(doc)
    return Entry(summary(doc), tuple(argument(each, texts) for each in _named(signature(target))))


def made() -> Table:
    """The table as it should be for the installed releases."""
    targets = sorted({each.target for each in DECLARATIONS if each.target.startswith(PACKAGES)})
    releases = {name: importlib.import_module(name).__version__.partition("+")[0] for name in PACKAGES}
    return Table(releases, {target: entry(target) for target in targets})


def written(table: Table) -> bytes:
    """The file's bytes: one argument a line, so that a difference between releases reads well."""
    lines = ["{", f'"releases": {_text(table.releases)},', '"targets": {']
    for target, found in table.targets.items():
        arguments = [f"  {_text(msgspec.to_builtins(each))}," for each in found.arguments]
        if arguments:
            arguments[-1] = arguments[-1][:-1]
        lines += [f'{_text(target)}: {{"summary": {_text(found.summary)}, "arguments": [', *arguments, "]},"]
    lines[-1] = lines[-1][:-1]
    return "\n".join([*lines, "}", "}", ""]).encode()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> int:
    """Write the file; say how many targets it has."""
    table = made()
    PATH.write_bytes(written(table))
    print(f"{len(table.targets)} targets in {PATH.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
