"""Functions on strings (DMN 1.5 §10.3.4.3); a character is a Unicode code point."""

from collections.abc import Sequence
from typing import Any

from engine.feel import regex
from engine.feel.functions.registry import Family, NoValue
from engine.feel.numbers import exact
from engine.feel.runtime import Evaluation
from engine.feel.values import kind

FUNCTIONS = Family()


def window(length: int, start: Any, count: Any) -> slice:
    """A part that begins at a position (from 1, negative ones from the end) of something so long. Raises ValueError."""
    begin = int(exact(start))
    if begin == 0 or abs(begin) > length:
        raise ValueError("position")
    first = begin - 1 if begin > 0 else length + begin
    if count is None:
        return slice(first, None)
    wanted = int(exact(count))
    if wanted < 0:
        raise ValueError("length")
    return slice(first, first + wanted)


@FUNCTIONS.declare("substring(string: string, start position: number, length?: number) -> string")
def _substring(evaluation: Evaluation, string: str, start: Any, length: Any = None) -> str:
    return string[window(len(string), start, length)]


@FUNCTIONS.declare("string length(string: string) -> number")
def _string_length(evaluation: Evaluation, string: str) -> int:
    return len(string)


@FUNCTIONS.declare("upper case(string: string) -> string")
def _upper_case(evaluation: Evaluation, string: str) -> str:
    return evaluation.text(string.upper())


@FUNCTIONS.declare("lower case(string: string) -> string")
def _lower_case(evaluation: Evaluation, string: str) -> str:
    return evaluation.text(string.lower())


@FUNCTIONS.declare("substring before(string: string, match: string) -> string")
def _substring_before(evaluation: Evaluation, string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@FUNCTIONS.declare("substring after(string: string, match: string) -> string")
def _substring_after(evaluation: Evaluation, string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@FUNCTIONS.declare("contains(string: string, match: string) -> boolean")
def _contains(evaluation: Evaluation, string: str, match: str) -> bool:
    return match in string


@FUNCTIONS.declare("starts with(string: string, match: string) -> boolean")
def _starts_with(evaluation: Evaluation, string: str, match: str) -> bool:
    return string.startswith(match)


@FUNCTIONS.declare("ends with(string: string, match: string) -> boolean")
def _ends_with(evaluation: Evaluation, string: str, match: str) -> bool:
    return string.endswith(match)


def _pattern(evaluation: Evaluation, pattern: str, flags: str | None) -> regex.Pattern:
    try:
        return regex.compiled(pattern, flags or "")
    except regex.FlagsUnknown:
        raise NoValue("bad-flags") from None
    except regex.PatternRefused as error:
        raise NoValue("bad-pattern", error) from None


@FUNCTIONS.declare("matches(input: string, pattern: string, flags?: string) -> boolean")
def _matches(evaluation: Evaluation, text: str, pattern: str, flags: str | None = None) -> bool:
    evaluation.characters(len(text))
    return _pattern(evaluation, pattern, flags).search(evaluation, text)


@FUNCTIONS.declare("replace(input: string, pattern: string, replacement: string, flags?: string) -> string")
def _replace(evaluation: Evaluation, text: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    compiled = _pattern(evaluation, pattern, flags)
    try:
        parts = compiled.replacement(replacement)
    except regex.PatternRefused as error:
        raise NoValue("bad-pattern", error) from None
    if compiled.search(evaluation, ""):
        raise NoValue("bad-pattern", "it matches the empty text")
    made: list[str] = []
    end = length = 0
    for match in compiled.matches(evaluation, text):
        piece = "".join(part if isinstance(part, str) else match.group(part) or "" for part in parts)
        made += [text[end : match.start()], piece]
        length += len(made[-2]) + len(piece)
        evaluation.characters(length)
        end = match.end()
    return evaluation.text("".join([*made, text[end:]]))


@FUNCTIONS.declare("split(string: string, delimiter: string) -> list")
def _split(evaluation: Evaluation, text: str, delimiter: str) -> list[str]:
    compiled = _pattern(evaluation, delimiter, None)
    made: list[str] = []
    end = 0
    for match in compiled.matches(evaluation, text):
        if match.end() == match.start() and match.start() in (0, len(text)):
            continue
        made.append(text[end : match.start()])
        end = match.end()
        evaluation.spend()
    made.append(text[end:])
    evaluation.items(len(made))
    return made


@FUNCTIONS.declare("string join(list: list, delimiter?: string, prefix?: string, suffix?: string) -> string")
def _string_join(
    evaluation: Evaluation, parts: Sequence[Any], delimiter: str | None = None, prefix: str | None = None,
    suffix: str | None = None,
) -> str:  # fmt: skip
    """The strings of a list with a delimiter between them; nulls are left out. Prefix and suffix are Camunda's."""
    given = [part for part in parts if part is not None]
    if any(kind(part) != "string" for part in given):
        raise ValueError("strings")
    between = delimiter or ""
    evaluation.characters(sum(map(len, given)) + len(between) * len(given))
    return (prefix or "") + between.join(given) + (suffix or "")
