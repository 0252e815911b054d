"""Regular expressions of XPath 3.1 (functions and operators §5.6), carried out by RE2 in linear time.

What RE2 has no word for is written out: blocks, name characters, differences of classes. Patterns with back-references,
which cannot be had in linear time, go to backtracking.py, which counts its steps.
"""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

import re2

from engine.feel.backrefs import Refused, program
from engine.feel.backtracking import Machine, TooLong
from engine.feel.blocks import BLOCKS
from engine.feel.runtime import Evaluation
from engine.sentences import S_

FLAGS = frozenset("smixq")
SPACE = " \t\n\r"
MAX_PATTERN = 2_000
SINGLE = {"n": "\\n", "r": "\\r", "t": "\\t"}
LITERAL = set("\\|.?*+(){}-[]^$")
NAME_START = (
    r":A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}-\x{200D}"
    r"\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}"
)
NAME = NAME_START + r"\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}"
CLASSES = {"s": r"\t\n\r\x20", "d": r"\p{Nd}", "i": NAME_START, "c": NAME}
NO_WORD = r"\pP\pZ\pC"


class PatternRefused(Exception):
    """A pattern is no regular expression, or one that nobody here can carry out."""


class FlagsUnknown(Exception):
    """Flags other than s, m, i, x and q."""


class Pattern:
    """A compiled regular expression."""

    def __init__(self, compiled: Any, groups: int, literal: bool, machine: Machine | None = None) -> None:
        self._compiled = compiled
        self._machine = machine
        self._groups = groups
        self._literal = literal

    def search(self, evaluation: Evaluation, text: str) -> bool:
        """Whether it matches somewhere in a text."""
        if self._machine is not None:
            return self._machine.search(evaluation, text) is not None
        return self._compiled.search(text) is not None

    def matches(self, evaluation: Evaluation, text: str) -> Iterator[Any]:
        """All matches in a text that do not overlap, from the left."""
        evaluation.characters(len(text))
        found = self._machine.finditer(evaluation, text) if self._machine else self._compiled.finditer(text)
        for match in found:
            evaluation.spend()
            yield match

    def replacement(self, text: str) -> list[str | int]:
        """The parts of a replacement: texts, and the numbers of groups. Raises PatternRefused."""
        if self._literal:
            return [text]
        parts: list[str | int] = []
        at = 0
        while at < len(text):
            character, following = text[at], text[at + 1 : at + 2]
            if character == "\\":
                if following not in ("\\", "$") or not following:
                    raise PatternRefused(S_("a replacement has a \\ before something else than \\ or $"))
                parts.append(following)
                at += 2
            elif character == "$":
                number, at = self._group_number(text, at + 1)
                if number <= self._groups:
                    parts.append(number)
            else:
                parts.append(character)
                at += 1
        return parts

    def _group_number(self, text: str, at: int) -> tuple[int, int]:
        """The longest number of a group that is there."""
        end = at
        while end < len(text) and text[end].isascii() and text[end].isdigit():
            if end > at and int(text[at : end + 1]) > self._groups:
                break
            end += 1
        if end == at:
            raise PatternRefused(S_("a replacement has a $ without a number"))
        return int(text[at:end]), end


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: str) -> Pattern:
    """A pattern with its flags. Raises PatternRefused, FlagsUnknown."""
    if not set(flags) <= FLAGS:
        raise FlagsUnknown(flags)
    if len(pattern) > MAX_PATTERN:
        raise PatternRefused(S_("it is longer than %(max_pattern)s characters", max_pattern=MAX_PATTERN))
    if "q" in flags:
        made, groups = re2.escape(pattern), 0
    else:
        translation = _Translation(pattern, flags)
        try:
            made, groups = translation.whole(), translation.groups
        except _RefersBack:
            return _backtracking(pattern, flags)
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = "i" not in flags
    try:
        return Pattern(re2.compile(made, options), groups, "q" in flags)
    except re2.error as error:
        said = error.args[0] if error.args else ""
        raise PatternRefused(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)) from None


class _RefersBack(Exception):
    """A pattern has a back-reference."""


def _backtracking(pattern: str, flags: str) -> Pattern:
    """A pattern with back-references as the program of a machine. Raises PatternRefused."""
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = "i" not in flags

    def test(words: str) -> Callable[[str], bool]:
        one = re2.compile(words, options)
        return lambda character: one.fullmatch(character) is not None

    try:
        reading = _Translation(pattern, flags)
        machine = program(reading, test, Machine(multiline="m" in flags, ignore_case="i" in flags))
        return Pattern(None, reading.groups, literal=False, machine=machine)
    except (Refused, TooLong, ValueError, re2.error) as error:
        raise PatternRefused(*(error.args or (S_("it is too long"),))) from None


class _Translation:
    """From XPath's notation to RE2's."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.text = _without_space(pattern) if "x" in flags else pattern
        self.flags = flags
        self.at = 0
        self.groups = 0

    def whole(self) -> str:
        """The whole pattern."""
        parts: list[str] = ["(?m)"] if "m" in self.flags else []
        while self.at < len(self.text):
            parts.append(self.piece())
        return "".join(parts)

    def take(self) -> str:
        """The next character. Raises PatternRefused at the end."""
        if self.at >= len(self.text):
            raise PatternRefused(S_("it breaks off"))
        self.at += 1
        return self.text[self.at - 1]

    def piece(self) -> str:
        """One character, class, sign or bracket."""
        character = self.take()
        match character:
            case "\\":
                return self.escape(inside=False)
            case "[":
                return self.char_class()
            case ".":
                return r"(?s:.)" if "s" in self.flags else r"[^\n\r]"
            case "(":
                return self.group()
            case "{":
                return self.quantity()
            case "]" | "}":
                raise PatternRefused(S_("“%(character)s” stands alone", character=character))
        return character

    def group(self) -> str:
        if not self.text.startswith("?", self.at):
            self.groups += 1
            return "("
        if self.text.startswith("?:", self.at):
            self.at += 2
            return "(?:"
        raise PatternRefused(S_("“(?” is no XPath"))

    def quantity(self) -> str:
        end = self.text.find("}", self.at)
        inner = self.text[self.at : end]
        low, comma, high = inner.partition(",")
        if end < 0 or not low.isdecimal() or (high and not high.isdecimal()) or (high and int(high) < int(low)):
            raise PatternRefused(S_("“{” begins no quantity such as {2,5}"))
        self.at = end + 1
        return "{" + low + comma + high + "}"

    def escape(self, *, inside: bool) -> str:
        """What a backslash begins; `inside` a class it is part of one."""
        character = self.take()
        if character in SINGLE:
            return SINGLE[character]
        if character in LITERAL:
            return "\\" + character
        if character in "pP":
            return self.category(character)
        lower = character.lower()
        if lower in CLASSES or lower == "w":
            return self.shorthand(character, inside)
        if character.isdecimal() and character != "0" and not inside and not self._in_class:
            raise _RefersBack
        raise PatternRefused(S_("“\\%(character)s” has no meaning", character=character))

    def shorthand(self, character: str, inside: bool) -> str:
        lower = character.lower()
        negated = character.isupper() != (lower == "w")
        listed = NO_WORD if lower == "w" else CLASSES[lower]
        if not inside:
            return f"[{'^' if negated else ''}{listed}]"
        return _written(_negated(_ranges(f"[{listed}]"))) if negated else listed

    def category(self, letter: str) -> str:
        """`\\p{L}` or `\\p{IsBasicLatin}`."""
        end = self.text.find("}", self.at)
        if not self.text.startswith("{", self.at) or end < 0:
            raise PatternRefused(S_("\\p needs a category in braces"))
        name = self.text[self.at + 1 : end]
        self.at = end + 1
        if not name.startswith("Is"):
            if not name.isalpha() or len(name) > 2:
                raise PatternRefused(S_("there is no category %(name)s", name=name))
            return f"\\{letter}{{{name}}}"
        block = BLOCKS.get(name[2:])
        if block is None:
            raise PatternRefused(S_("there is no block %(block)s", block=name[2:]))
        first, last = block
        listed = [(first, last)] if letter == "p" else _negated(((first, last),))
        return _written(listed) if self._in_class else f"[{_written(listed)}]"

    _in_class = False

    def char_class(self) -> str:
        """A class in brackets, with what is taken from it."""
        outer, self._in_class = self._in_class, True
        negated = self.text.startswith("^", self.at)
        self.at += negated
        parts: list[str] = []
        without = None
        while not self.text.startswith("]", self.at) or not parts:
            if self.text.startswith("-[", self.at) and parts:
                self.at += 2
                without = self.char_class()
                if not self.text.startswith("]", self.at):
                    raise PatternRefused(S_("a difference must end its class"))
                break
            parts.append(self.class_part(first=not parts))
        self.take()
        self._in_class = outer
        made = f"[{'^' if negated else ''}{''.join(parts)}]"
        return made if without is None else f"[{_written(_difference(_ranges(made), _ranges(without)))}]"

    def class_part(self, *, first: bool) -> str:
        character = self.take()
        if character == "\\":
            return self.escape(inside=True)
        if character == "[":
            raise PatternRefused(S_("“[” within a class needs a backslash"))
        if character == "-" and not first and not self.text.startswith("]", self.at):
            return "-"
        if character in "-^&~|":
            return "\\" + character
        return character


def _without_space(pattern: str) -> str:
    """A pattern without its white space, except in classes."""
    made: list[str] = []
    depth = 0
    escaped = False
    for character in pattern:
        if character in SPACE and depth == 0:
            continue
        if not escaped:
            depth += (character == "[") - (character == "]" and depth > 0)
        escaped = character == "\\" and not escaped
        made.append(character)
    return "".join(made)


# classes as ranges of code points

Ranges = tuple[tuple[int, int], ...]


@cache
def _everything() -> str:
    return "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))


@lru_cache(maxsize=128)
def _ranges(char_class: str) -> Ranges:
    """The code points of a class of RE2."""
    options = re2.Options()
    options.log_errors = False
    try:
        found = re2.compile(f"{char_class}+", options).finditer(_everything())
        return tuple((ord(one.group()[0]), ord(one.group()[-1])) for one in found)
    except re2.error:
        raise PatternRefused(S_("a class cannot be read")) from None


def _negated(ranges: Ranges) -> Ranges:
    made, following = [], 0
    for first, last in ranges:
        if first > following:
            made.append((following, first - 1))
        following = last + 1
    return tuple([*made, (following, 0x10FFFF)] if following <= 0x10FFFF else made)


def _difference(ranges: Ranges, without: Ranges) -> Ranges:
    return tuple(
        (max(first, low), min(last, high))
        for first, last in ranges
        for low, high in _negated(without)
        if max(first, low) <= min(last, high)
    )


def _written(ranges: Any) -> str:
    return "".join(f"\\x{{{first:X}}}-\\x{{{last:X}}}" for first, last in ranges)
