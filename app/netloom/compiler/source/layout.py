"""How statements that are too long for a line are broken: as a formatter would."""

import ast
import unicodedata
from collections.abc import Iterable, Sequence

WIDTH = 88
STEP = "    "


def wrapped(text: str, comment: str = "") -> list[str]:
    """A statement in as many lines as it needs, its comment behind the last or, where that is too long, on its own."""
    note = f"  # {comment}" if comment else ""
    if fits(text + note):
        return [text + note]
    indent = text[: len(text) - len(text.lstrip())]
    if fits(text):
        return _noted(text, f"# {comment}", indent)
    lines = _Statement(text.strip(), indent).lines()
    place = 1 if len(lines) == 3 and lines[1].strip().isidentifier() else -1
    lines[place] += note
    return lines


def fits(line: str) -> bool:
    """Whether a line is not too long; wide letters count twice."""
    wide = 0 if line.isascii() else sum(unicodedata.east_asian_width(sign) in "WF" for sign in line)
    return len(line) + wide <= WIDTH


def _noted(text: str, comment: str, indent: str) -> list[str]:
    if text.endswith(":"):
        return [text, f"{indent}{STEP}{comment}"]
    return [f"{indent}{comment}", text]


class _Statement:
    """One statement, broken at its brackets from the outside inwards."""

    def __init__(self, text: str, indent: str) -> None:
        self._text = text
        self._indent = indent
        self._bytes = f"{text} pass".encode() if text.endswith(":") else text.encode()

    def lines(self) -> list[str]:
        """The lines of the statement; a single one where nothing can be broken."""
        try:
            [statement] = ast.parse(self._bytes).body
        except SyntaxError:  # part of a statement, or a comment
            return [self._indent + self._text]
        if isinstance(statement, ast.FunctionDef):
            return self._head(statement)
        if isinstance(statement, ast.Assign):
            return self._assignment(statement.targets[0], statement.value)
        if isinstance(statement, ast.Return) and statement.value is not None:
            return self._value("return ", statement.value)
        if isinstance(statement, ast.Expr):
            return self._value("", statement.value)
        return [self._indent + self._text]

    def _assignment(self, target: ast.expr, value: ast.expr) -> list[str]:
        before = self._bytes[: value.col_offset].decode()
        if isinstance(target, ast.Tuple) and not fits(f"{self._indent}{before}("):
            names = self._each(target.elts, self._indent + STEP)
            return [f"{self._indent}(", *names, *self._value(") = ", value)]
        return self._value(before, value)

    def _head(self, statement: ast.FunctionDef) -> list[str]:
        start, end = self._text.index("(") + 1, self._text.rindex(")")
        result = statement.returns
        if result is not None:
            end = self._text.rindex(")", 0, len(self._bytes[: result.col_offset].decode()))
        words = _parameters(self._text[start:end])
        return self._bracketed(self._indent + self._text[:start], words, self._text[end:], self._indent)

    def _bracketed(self, head: str, words: Sequence[str], tail: str, indent: str) -> list[str]:
        inner = indent + STEP
        together = inner + ", ".join(words)
        body = [together] if fits(together) else [f"{inner}{word}," for word in words]
        return [head, *body, indent + tail]

    def _flat(self, node: ast.expr) -> str:
        return self._bytes[node.col_offset : node.end_col_offset].decode()

    def _value(self, before: str, node: ast.expr) -> list[str]:
        """A whole right-hand side, which gets brackets where it has none of its own to break at."""
        start = self._indent + before
        if fits(start + self._flat(node)):
            return [start + self._flat(node)]
        if isinstance(node, ast.Tuple) and not self._flat(node).startswith("("):
            return [f"{start}(", *self._each(node.elts, self._indent + STEP), f"{self._indent})"]
        if _has_brackets(node) and not self._is_beyond(start, node):
            return self._expression(start, node, "", self._indent)
        inner = self._indent + STEP
        if isinstance(node, ast.Name | ast.Attribute | ast.Constant) and not fits(inner + self._flat(node)):
            return [start + self._flat(node)]
        return [f"{start}(", *self._expression(inner, node, "", inner), f"{self._indent})"]

    def _is_beyond(self, start: str, node: ast.expr) -> bool:
        """Whether the name of what is called is too far to the right already."""
        calls = _calls(node)
        return bool(calls) and not fits(f"{start}{self._flat(calls[-1].func)}(")

    def _expression(self, before: str, node: ast.expr, after: str, indent: str) -> list[str]:
        """The lines of an expression behind `before`, the last of them ending in `after`."""
        flat = before + self._flat(node) + after
        if fits(flat):
            return [flat]
        if isinstance(node, ast.Call) and _calls(node):
            return self._call(before, node, after, indent)
        if isinstance(node, ast.Subscript):
            inside = self._flat(node)[len(self._flat(node.value)) + 1 : -1]
            return [f"{before}{self._flat(node.value)}[", f"{indent}{STEP}{inside}", f"{indent}]{after}"]
        if _ends_in_call(node) and isinstance(node, ast.BinOp) and isinstance(node.right, ast.Call):
            left = self._flat(node)[: -len(self._flat(node.right))]
            if fits(f"{before}{left}{self._flat(node.right.func)}("):
                return self._call(before + left, node.right, after, indent)
        if isinstance(node, ast.Tuple | ast.List) and node.elts:
            opening, closing = self._flat(node)[0], self._flat(node)[-1]
            return [before + opening, *self._each(node.elts, indent + STEP), indent + closing + after]
        if isinstance(node, ast.GeneratorExp):
            return [f"{before}(", *self._generator(node, indent + STEP), f"{indent}){after}"]
        if isinstance(node, ast.Starred):
            return self._expression(f"{before}*", node.value, after, indent)
        if isinstance(node, ast.BinOp | ast.Compare):
            return self._operation(before, node, after, indent)
        return [flat]

    def _call(self, before: str, node: ast.Call, after: str, indent: str) -> list[str]:
        inner = indent + STEP
        called = next((each for each in _calls(node) if fits(f"{before}{self._flat(each.func)}(")), _calls(node)[-1])
        if called is not node:
            return self._call(before, called, self._flat(node)[len(self._flat(called)) :] + after, indent)
        head, tail = f"{before}{self._flat(node.func)}(", f"{indent}){after}"
        words = [("", each) for each in node.args]
        words += [(f"{each.arg}=" if each.arg else "**", each.value) for each in node.keywords]
        only = words[0][1] if len(words) == 1 else None
        if isinstance(only, ast.GeneratorExp):
            together = inner + self._flat(only).removeprefix("(").removesuffix(")")
            return [head, *([together] if fits(together) else self._generator(only, inner)), tail]
        together = inner + ", ".join(name + self._flat(value) for name, value in words)
        if fits(together):
            return [head, together, tail]
        lines = [line for name, value in words for line in self._expression(inner + name, value, ",", inner)]
        return [head, *lines, tail]

    def _each(self, nodes: Iterable[ast.expr], indent: str) -> list[str]:
        return [line for node in nodes for line in self._expression(indent, node, ",", indent)]

    def _generator(self, node: ast.GeneratorExp, indent: str) -> list[str]:
        [loop] = node.generators
        clause = f"{indent}for {self._flat(loop.target)} in {self._flat(loop.iter)}"
        return [*self._expression(indent, node.elt, "", indent), clause]

    def _operation(self, before: str, node: ast.BinOp | ast.Compare, after: str, indent: str) -> list[str]:
        """A sum, a product or a comparison, with a line for each operand."""
        operands, signs = _operands(node, type(node.op)) if isinstance(node, ast.BinOp) else _compared(node)
        lines = self._expression(before, operands[0], "", indent)
        for number, (sign, operand) in enumerate(zip(signs, operands[1:], strict=True), start=1):
            ending = after if number == len(signs) else ""
            lines += self._expression(f"{indent}{sign} ", operand, ending, indent)
        return lines


def _parameters(text: str) -> list[str]:
    """The parameters of a function, split at the commas outside of brackets."""
    words, depth = [""], 0
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            words.append("")
        else:
            words[-1] += sign
    return [word.strip() for word in words]


def _has_brackets(node: ast.expr) -> bool:
    """Whether an expression can be broken without brackets around the whole."""
    if isinstance(node, ast.Call | ast.BinOp):
        return bool(_calls(node)) or _ends_in_call(node)
    return isinstance(node, ast.Tuple | ast.List | ast.GeneratorExp | ast.Subscript | ast.UnaryOp)


def _calls(node: ast.expr) -> list[ast.Call]:
    """The calls of a chain such as `a(b).c(d)` that can be broken, the last one first."""
    found: list[ast.Call] = []
    while isinstance(node, ast.Call):
        found += [node] if node.args or node.keywords else []
        if not isinstance(node.func, ast.Attribute):
            break
        node = node.func.value
    return found


def _ends_in_call(node: ast.expr) -> bool:
    """Whether this is one operator with a name before and a call behind it, which is broken in the call."""
    is_single = isinstance(node, ast.BinOp) and isinstance(node.left, ast.Name | ast.Attribute | ast.Constant)
    return is_single and isinstance(node, ast.BinOp) and bool(_calls(node.right))


def _compared(node: ast.Compare) -> tuple[list[ast.expr], list[str]]:
    return [node.left, *node.comparators], [COMPARISONS[type(sign)] for sign in node.ops]


SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.MatMult: "@",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.Pow: "**",
}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
ALIKE = ({ast.Add, ast.Sub}, {ast.Mult, ast.Div, ast.MatMult, ast.FloorDiv, ast.Mod})


def _operands(node: ast.expr, kind: type[ast.operator]) -> tuple[list[ast.expr], list[str]]:
    """The operands of a chain of operators that bind alike."""
    alike = next((group for group in ALIKE if kind in group), {kind})
    if not isinstance(node, ast.BinOp) or type(node.op) not in alike:
        return [node], []
    operands, signs = _operands(node.left, kind)
    return [*operands, node.right], [*signs, SIGNS[type(node.op)]]
