"""From text to words: what names are, which bracket is which, and where types stand, is decided here.

A name may hold spaces, signs and keywords (DMN 1.5 §10.3.1.2, rules 25 to 29). Of the names that are known the longest
one that stands in the text wins; words with nothing between them are always one name.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from lark import Token
from lark.lexer import Lexer as LarkLexer

from engine.feel.errors import syntax_error
from engine.feel.numbers import literal
from engine.feel.words import COMPARATORS, INFIX, KEYWORDS, TYPES, Word, known_by_first, words
from engine.sentences import S_

SIGNS = {
    ",": "_COMMA", ":": "_COLON", ".": "_DOT", "..": "_DOTDOT", "+": "PLUS", "-": "MINUS", "*": "TIMES", "/": "OVER",
    "**": "POWER", "->": "ARROW", "{": "LBRACE", "}": "RBRACE", "(": "LPAR", ")": "RPAR",
}  # fmt: skip
VALUE_ENDS = {
    "NAME", "NUMBER", "STRING", "AT", "NULL", "TRUE", "FALSE", "RPAR", "RSQB", "RBRACE", "RANGE_END", "TYPE_CLOSE",
}  # fmt: skip
IN_NAMES = {".", "/", "-", "'", "’", "+", "*"}
ITERATES = ("for", "some", "every")
MAX_HEAD = 500
GENERIC = {"list": "TYPE_LIST", "range": "TYPE_RANGE", "context": "TYPE_CONTEXT", "function": "TYPE_FUNCTION"}


@dataclass(frozen=True)
class Text:
    """A source with the names that its caller knows; `unary` if it is a cell of a decision table."""

    source: str
    names: frozenset[str] = frozenset()
    unary: bool = False


class Lexer(LarkLexer):
    """How Lark asks for the words."""

    def __init__(self, conf: object) -> None:
        pass

    def lex(self, text: Text) -> Iterator[Token]:  # type: ignore[override]  # Lark's form for lexers without a state
        """The words of a text, one at a time."""
        return iter(_Reading(text).run())


@dataclass
class _Bracket:
    kind: str
    """`{`, `(`, `[`, `<` for types, `f` for the parameters of a function definition."""
    ranged: bool = False
    """Whether it has seen `..`, so that it is a range."""


class _Reading:
    """The state of one reading."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.words = words(text.source)
        self.at = 0
        self.found: list[Token] = []
        self.brackets: list[_Bracket] = []
        self.parameters_end = 0
        declared = frozenset(_declared(self.words, text.source))
        self.known = _known(text.names | declared, built_in=True)
        self.keys = _known(text.names | declared, built_in=False)

    # looking

    def ahead(self, count: int = 0) -> Word:
        """A word further on; the last one, an end, stands for all after it."""
        return self.words[min(self.at + count, len(self.words) - 1)]

    @property
    def before(self) -> str:
        """The type of the token before."""
        return self.found[-1].type if self.found else ""

    @property
    def after_value(self) -> bool:
        """Whether a value ends just before, so that an operator follows rather than an operand."""
        return self.before in VALUE_ENDS and not self.after_parameters

    @property
    def after_parameters(self) -> bool:
        """Whether the parameters of a function definition end just before, so that its body follows."""
        return len(self.found) == self.parameters_end

    @property
    def within(self) -> str:
        """The kind of the innermost bracket."""
        return self.brackets[-1].kind if self.brackets else ""

    def type_follows(self) -> bool:
        """Whether a type stands here."""
        if self.before in ("INSTANCE_OF", "ARROW", "TYPE_OPEN"):
            return self.before != "TYPE_OPEN" or self.within == "<"
        if self.within == "f":
            return self.before == "_COLON"
        if self.within == "<":
            return self.before in ("_COLON", "_COMMA", "_DOT")
        return self.before == "_DOT" and len(self.found) > 2 and self.found[-3].type in ("INSTANCE_OF", "ARROW")

    # taking

    def put(self, kind: str, count: int, value: str | None = None) -> None:
        """Add a token made of so many words."""
        first, last = self.words[self.at], self.words[self.at + max(count, 1) - 1]
        text = self.text.source[first.start : last.end] if value is None else value
        self.found.append(Token(kind, text, start_pos=first.start, end_pos=last.end))
        self.at += count

    def run(self) -> list[Token]:
        """All tokens."""
        if self.text.unary:
            self.begin_unary()
        while self.ahead().kind != "end":
            word = self.ahead()
            match word.kind:
                case "number":
                    self.number(word)
                case "string":
                    self.put("STRING", 1, word.text)
                case "at":
                    self.put("AT", 1, word.text)
                case "word":
                    self.word(word)
                case _:
                    self.sign(word)
        return self.found

    def number(self, word: Word) -> None:
        """A number, unless it is beyond what numbers can be."""
        try:
            literal(word.text)
        except (ArithmeticError, ValueError):
            raise syntax_error(self.text.source, word.start, S_("this number is too large")) from None
        self.put("NUMBER", 1)

    def begin_unary(self) -> None:
        """A lone `-` is any value; `not(…)` around everything negates the tests."""
        if self.ahead().text == "-" and self.ahead(1).kind == "end":
            self.put("ANY", 1)
        elif self.ahead().text == "not" and self.ahead(1).text == "(" and self._closes_last(1):
            self.put("NOT", 1)

    def _closes_last(self, opening: int) -> bool:
        depth = 0
        for position in range(opening, len(self.words) - 1):
            word = self.words[position]
            if word.kind == "sign":
                depth += (word.text in "([{") - (word.text in ")]}")
                if depth == 0:
                    return position == len(self.words) - 2
        return False

    # words

    def word(self, word: Word) -> None:
        """A keyword or a name."""
        if (count := self.key()) is not None:
            self.put("KEY", count, self.name_of(count))
        elif self.type_follows():
            self.type_name()
        elif self.before == "_DOT":
            self.put_name(self.longest(self.keys) or self.plain())
        elif self.after_value:
            self.infix(word)
        elif self.after_parameters and word.text == "external" and self.found:
            self.put("EXTERNAL", 1)
        elif (count := self.longest(self.known)) and (count > 1 or word.text not in KEYWORDS):
            self.put_name(self.plain(count))
        elif word.text in KEYWORDS:
            self.keyword(word)
        else:
            self.put_name(self.plain())

    def infix(self, word: Word) -> None:
        """A word where an operator may stand."""
        if word.text == "instance" and self.ahead(1).text == "of":
            self.put("INSTANCE_OF", 2)
        elif word.text in INFIX:
            self.put(INFIX[word.text], 1)
        elif word.text in KEYWORDS:
            self.keyword(word)
        else:
            self.put_name(self.plain())

    def keyword(self, word: Word) -> None:
        """A word of the language."""
        self.put(KEYWORDS[word.text], 1)
        if word.text in ("return", "satisfies") and self.brackets:
            self.brackets[-1].ranged = False  # the range was that of an iteration
        if word.text == "function" and self.ahead().text == "(":
            self.put("LPAR", 1)
            self.brackets.append(_Bracket("f"))

    def put_name(self, count: int) -> None:
        """A name of so many words."""
        self.put("NAME", count, self.name_of(count))

    def name_of(self, count: int) -> str:
        """The name that so many words make: runs of space are one."""
        first, last = self.words[self.at], self.words[self.at + count - 1]
        return " ".join(self.text.source[first.start : last.end].split())

    def longest(self, known: dict[str, list[tuple[str, int]]]) -> int:
        """How many words the longest known name here has; 0 if none stands here."""
        for name, count in known.get(self.ahead().text, ()):
            if self.at + count < len(self.words) and self.name_of(count) == name:
                return count
        return 0

    def plain(self, begun: int = 1) -> int:
        """How many words make a name by standing side by side, the first of them whatever they are."""
        count = begun
        while (word := self.ahead(count)).kind == "word" and word.text not in KEYWORDS and word.text not in INFIX:
            if word.text == "instance" and self.ahead(count + 1).text == "of":
                break
            count += 1
        return count

    def key(self) -> int | None:
        """How many words before a colon make the key of an entry, a named argument or a parameter; None if none do."""
        if self.before not in ("LBRACE", "_COMMA", "LPAR", "TYPE_OPEN") or self.within not in ("{", "(", "f", "<"):
            return None
        return _name_until(self.words, self.at, (":",))

    def type_name(self) -> None:
        """The name of a type."""
        word = self.ahead()
        if word.text in GENERIC and self.ahead(1).text == "<":
            self.put(GENERIC[word.text], 1)
            self.put("TYPE_OPEN", 1)
            self.brackets.append(_Bracket("<"))
            return
        self.put_name(self.longest(_types(self.text.names)) or self.plain())

    # signs

    def sign(self, word: Word) -> None:
        """A sign."""
        text = word.text
        if self.within == "<" and text == ">":
            self.put("TYPE_CLOSE", 1)
            self.brackets.pop()
        elif text in COMPARATORS:
            if text == "=" and self.ahead(1).text == "=" and self.ahead(1).start == word.end:
                raise syntax_error(self.text.source, word.start, S_("equality is written with one “=”"), found="==")
            self.put("COMPARATOR", 1)
        elif text == "[":
            self.opening_square()
        elif text == "]":
            self.closing_square()
        elif text in SIGNS:
            self.plain_sign(text)
        else:
            raise syntax_error(
                self.text.source, word.start, S_("“%(text)s” has no meaning here", text=text), found=text
            )

    def plain_sign(self, text: str) -> None:
        """A sign that means one thing only, apart from the brackets that it opens or closes."""
        self.put(SIGNS[text], 1)
        if text in "{(":
            self.brackets.append(_Bracket(text))
        elif text in "})" and self.brackets:
            if self.brackets.pop().kind == "f":
                self.parameters_end = len(self.found)
        elif text in ("..", ",") and self.brackets:
            self.brackets[-1].ranged = text == ".."

    def opening_square(self) -> None:
        """`[` opens a list, a range or a filter, or closes a range that does not include its end."""
        if not self.after_value:
            self.put("LSQB", 1)
            self.brackets.append(_Bracket("["))
        elif self.brackets and self.brackets[-1].ranged and not _begins_value(self.ahead(1)):
            self.put("RANGE_END", 1)
            self.brackets.pop()
        else:
            self.put("FILTER", 1)
            self.brackets.append(_Bracket("["))

    def closing_square(self) -> None:
        """`]` closes what is open, or opens a range that does not include its start."""
        closes = self.after_value or self.before == "_DOTDOT" or (
            self.before == "LSQB" and self.ahead(1).kind not in ("number", "string", "at")
        )  # fmt: skip
        if closes:
            self.put("RSQB", 1)
            if self.brackets:
                self.brackets.pop()
        else:
            self.put("RANGE_START", 1)
            self.brackets.append(_Bracket("["))


def _begins_value(word: Word) -> bool:
    if word.kind == "word":
        return word.text not in INFIX and (word.text not in KEYWORDS or word.text in ("null", "true", "false", "if"))
    return word.kind in ("number", "string", "at") or (word.kind == "sign" and word.text in "([{-")


def _name_until(found: list[Word], at: int, ends: tuple[str, ...]) -> int | None:
    """How many words from `at` on make a name that stands before one of the ends; None if they make none."""
    count = 0
    while found[at + count].kind in ("word", "number") or (count and found[at + count].text in IN_NAMES):
        if count and found[at + count].text in ends:
            break
        count += 1
    return count if count and found[at].kind == "word" and found[at + count].text in ends else None


def _declared(found: list[Word], source: str) -> Iterator[str]:
    """The names of more than one word that a source declares itself: keys, parameters and iteration variables."""
    for begin, count in _declarations(found):
        if count > 1:
            yield " ".join(source[found[begin].start : found[begin + count - 1].end].split())


def _declarations(found: list[Word]) -> Iterator[tuple[int, int]]:
    """Where names are declared, and how many words each has."""
    parameters = False
    for position, word in enumerate(found[:-1]):
        begins: list[int] = []
        ends: tuple[str, ...] = (":",)
        parameters = parameters and word.text != ")"
        if word.kind == "sign" and word.text in ("{", ",", "("):
            parameters = parameters or (word.text == "(" and position > 0 and found[position - 1].text == "function")
            begins, ends = [position + 1], (":", ",", ")") if parameters else (":",)
        elif word.kind == "word" and word.text in ITERATES:
            begins, ends = _iterations(found, position), ("in",)
        for begin in begins:
            count = _name_until(found, begin, ends)
            if count:
                yield begin, count


def _iterations(found: list[Word], at: int) -> list[int]:
    """Where the variables of `for`, `some` or `every` begin: after the word and after each comma up to its body."""
    begins, depth = [at + 1], 0
    for position in range(at + 1, min(at + MAX_HEAD, len(found) - 1)):
        word = found[position]
        depth += (word.text in ("(", "[", "{")) - (word.text in (")", "]", "}")) if word.kind == "sign" else 0
        if depth < 0 or (depth == 0 and word.text in (*ITERATES, "return", "satisfies")):
            break
        if depth == 0 and word.text == "," and word.kind == "sign":
            begins.append(position + 1)
    return begins


@lru_cache(maxsize=256)
def _known(names: frozenset[str], *, built_in: bool) -> dict[str, list[tuple[str, int]]]:
    from engine.feel.functions import NAMES

    return known_by_first([*names, *NAMES] if built_in else names)


@lru_cache(maxsize=64)
def _types(names: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
    return known_by_first([*names, *TYPES])
