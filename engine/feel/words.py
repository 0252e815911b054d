"""The smallest pieces of a text: numbers, strings, words, signs; and the words that have a meaning of their own."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from engine.feel.errors import FeelSyntaxError, syntax_error
from engine.sentences import S_, Sentence

# rule 29: letters and what Unicode puts beside them; whatever Python calls a letter, a digit or a mark
PIECE = re.compile(
    r"""(?P<space>[\s\ufeff]+|//[^\n\r]*|/\*.*?\*/)
      | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
      | "(?P<string>(?:[^"\\]|\\.)*)"
      | @\s*"(?P<at>(?:[^"\\]|\\.)*)"
      | (?P<word>\?|[^\W\d][\w\u0300-\u036f\u200c\u200d]*|[\U0001f000-\U000effff]+)
      | (?P<sign>(?<=\w)['’](?=\w)|\*\*|\.\.|->|<=|>=|!=|[-+*/=<>()\[\]{},.:])""",
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
SIMPLE = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}

COMPARATORS = frozenset({"=", "!=", "<", "<=", ">", ">="})
KEYWORDS = {
    "null": "NULL", "true": "TRUE", "false": "FALSE", "if": "IF", "then": "THEN", "else": "ELSE", "for": "FOR",
    "in": "IN", "return": "RETURN", "some": "SOME", "every": "EVERY", "satisfies": "SATISFIES", "function": "FUNCTION",
    "and": "AND", "or": "OR", "between": "BETWEEN",
}  # fmt: skip
INFIX = {"and": "AND", "or": "OR", "in": "IN", "between": "BETWEEN"}
TYPES = frozenset({
    "Any", "Null", "number", "string", "boolean", "date", "time", "date and time", "days and time duration",
    "years and months duration", "list", "context", "range", "function",
})  # fmt: skip


class Word(NamedTuple):
    """One piece: its kind (number, string, at, word, sign, end), its text, and where it begins and ends."""

    kind: str
    text: str
    start: int
    end: int


def words(source: str) -> list[Word]:
    """The pieces of a source, without space and comments, with an end. Raises FeelSyntaxError."""
    found: list[Word] = []
    position = 0
    while position < len(source):
        match = PIECE.match(source, position)
        if match is None:
            raise syntax_error(source, position, _complaint(source, position), found=source[position])
        kind = match.lastgroup or ""
        if kind in ("string", "at"):
            found.append(Word(kind, _unescaped(match.group(kind)), match.start(), match.end()))
        elif kind != "space":
            found.append(Word(kind, match.group(kind), match.start(), match.end()))
        position = match.end()
    return [*found, Word("end", "", len(source), len(source))]


def _complaint(source: str, position: int) -> Sentence:
    character = source[position]
    if character in '"@':
        return S_("this text has no closing quotation mark")
    if character in "“”„«»'`‘’":
        text = S_("“%(text)s” has no meaning here; texts stand in straight double quotation marks", text=character)
        return text
    if character in "，。：；（）【】":
        return S_("“%(sign)s” is a Chinese sign; FEEL needs the Latin one", sign=character)
    return S_("“%(text)s” has no meaning here", text=character)


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        code = match.group(1) or match.group(2)
        if code:
            point = int(code, 16)
            return chr(point) if point <= 0x10FFFF else "\ufffd"
        return SIMPLE.get(match.group(3), "\\" + match.group(3))

    made = ESCAPE.sub(one, text) if "\\" in text else text
    if any("\ud800" <= character <= "\udfff" for character in made):  # two halves written apart are one character
        made = made.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return made


def known_by_first(names: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
    """Known names by their first word, with how many words each has, the longest first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for name in names:
        try:
            pieces = words(name)[:-1]
        except FeelSyntaxError:
            continue
        if pieces and pieces[0].kind == "word":
            found.setdefault(pieces[0].text, []).append((" ".join(name.split()), len(pieces)))
    for listed in found.values():
        listed.sort(key=lambda one: -one[1])
    return found
