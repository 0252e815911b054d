"""The words of an expression: numbers, strings, names, signs."""

import re
from dataclasses import dataclass

from engine.feel.errors import FeelSyntaxError

TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
      | "(?P<string>(?:[^"\\]|\\.)*)"
      | @"(?P<at>[^"]*)"
      | (?P<name>[^\W\d][\w]*|\?)
      | (?P<sign>\*\*|\.\.|->|<=|>=|!=|[-+*/=<>()\[\]{},.:])""",
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
SIMPLE = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}


@dataclass(frozen=True)
class Token:
    """One word: its kind (number, string, at, name, sign, end), its text, and where it begins."""

    kind: str
    text: str
    position: int


def tokens(source: str) -> list[Token]:
    """The words of a source, with an end. Raises FeelSyntaxError."""
    found: list[Token] = []
    position = 0
    while position < len(source):
        match = TOKEN.match(source, position)
        if match is None:
            raise error(source, position, f"“{source[position]}” has no meaning here")
        kind = match.lastgroup or ""
        if kind != "space":
            text = match.group(kind)
            found.append(Token(kind, _unescaped(text) if kind == "string" else text, position))
        position = match.end()
    return [*found, Token("end", "", len(source))]


def error(source: str, position: int, message: str) -> FeelSyntaxError:
    """A syntax error at a position of the source."""
    line = source.count("\n", 0, position) + 1
    column = position - source.rfind("\n", 0, position)
    return FeelSyntaxError(message, line, column)


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        code = match.group(1) or match.group(2)
        return chr(int(code, 16)) if code else SIMPLE.get(match.group(3), "\\" + match.group(3))

    return ESCAPE.sub(one, text)
