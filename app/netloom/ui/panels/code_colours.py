"""Python text as coloured pieces, line by line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from pygments.token import Token  # type: ignore[import-untyped]
from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from netloom.ui import theme


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line in one colour; counts characters."""

    start: int
    length: int
    token: str


Line: TypeAlias = tuple[Piece, ...]

COLOURS: tuple[tuple[Any, str], ...] = (
    (Token.Comment, "code-comment"),
    (Token.Literal.String, "code-string"),
    (Token.Literal.Number, "code-number"),
    (Token.Keyword, "code-keyword"),
    (Token.Operator.Word, "code-keyword"),
    (Token.Name.Function, "code-name"),
    (Token.Name.Class, "code-name"),
    (Token.Name.Decorator, "code-name"),
    (Token.Name.Builtin.Pseudo, "code-keyword"),
)
"""Colour tokens by kind of Python token, the first that contains it wins; everything else is plain text."""


def coloured(text: str) -> list[Line]:
    """The coloured pieces of each line."""
    lines: list[list[Piece]] = [[]]
    column = 0
    for kind, value in _lexed(text):
        for index, part in enumerate(value.split("\n")):
            if index:
                lines.append([])
                column = 0
            if kind and part:
                lines[-1].append(Piece(column, len(part), kind))
            column += len(part)
    return [tuple(line) for line in lines]


def _lexed(text: str) -> Iterator[tuple[str, str]]:
    # The lexer reads large tables; the window is shown before there is any code to colour.
    from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]

    for _, kind, value in PythonLexer().get_tokens_unprocessed(text):
        yield next((colour for token, colour in COLOURS if kind in token), ""), value


class CodeColours(QSyntaxHighlighter):
    """Paints the pieces of the last text that was read; only lines that changed are painted again."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._lines: Sequence[Line] = ()

    def read(self, text: str, lines: Sequence[Line] | None = None) -> None:
        """Know the colours of a text that the document is about to hold."""
        self._lines = coloured(text) if lines is None else lines

    def follow(self, text: str) -> None:
        """Colour anew what looks different in a text that a person has just changed."""
        old, self._lines = self._lines, coloured(text)
        if len(old) != len(self._lines):
            self.rehighlight()
            return
        for number, (before, after) in enumerate(zip(old, self._lines, strict=True)):
            if before != after:
                self.rehighlightBlock(self.document().findBlockByNumber(number))

    def highlightBlock(self, _text: str) -> None:
        """Colour one line, as Qt asks for it."""
        number = self.currentBlock().blockNumber()
        for piece in self._lines[number] if number < len(self._lines) else ():
            look = QTextCharFormat()
            look.setForeground(theme.current().color(piece.token))
            self.setFormat(piece.start, piece.length, look)
