"""Values from and to JSON, and as the text that `string()` makes (DMN 1.5 §10.3.4.1)."""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any

from engine.feel import numbers, texts
from engine.feel.errors import FeelBudgetExceeded, FeelError
from engine.feel.runtime import Evaluation
from engine.feel.values import Range, kind
from engine.sentences import S_

PLAIN_KEY = re.compile(r"[^\W\d]\w*(?: \w+)*")
MAX_PARTS = 1_000_000
MAX_DEPTH = 200
MAX_DIGITS = 4000
"""Python neither reads nor writes whole numbers of many more digits."""
PLAIN = frozenset((int, str, bool, type(None), Decimal))
"""The Python types of values that hold no others and are FEEL's as they come."""


def from_json(value: Any) -> Any:
    """FEEL's value of something that came as JSON; infinities and what is no number are null."""
    if type(value) in PLAIN:
        return value
    if isinstance(value, float):
        return numbers.rounded(value) if isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): from_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [from_json(inner) for inner in value]
    return value


def to_json(value: Any) -> Any:
    """A value as JSON has it: dates and durations as ISO text. Raises FeelError for functions and if it is huge."""
    return _to_json(value, _number, [MAX_PARTS], 0)


def json_text(value: Any) -> str:
    """The same as JSON text, in which numbers keep all their digits. Raises FeelError."""
    return _written(_to_json(value, numbers.exact, [MAX_PARTS], 0))


def _to_json(value: Any, number: Callable[[Any], Any], left: list[int], depth: int) -> Any:
    left[0] -= 1
    if left[0] < 0 or depth > MAX_DEPTH:
        raise FeelBudgetExceeded(S_("the value is too large to be written as JSON"))
    match kind(value):
        case "null" | "boolean" | "string":
            return value
        case "number":
            return number(value)
        case "context":
            return {str(key): _to_json(inner, number, left, depth + 1) for key, inner in value.items()}
        case "list":
            return [_to_json(inner, number, left, depth + 1) for inner in value]
        case "function":
            raise FeelError(S_("a function cannot be written as JSON"))
        case "date and time":
            return texts.write_moment(value, names=False)
        case "time":
            return texts.write_time(value, names=False)
        case "unknown":
            return str(value)
    return text_of(value)


def _number(value: Any) -> int | float:
    if isinstance(value, int):
        return value
    found = Decimal(value)
    if found.adjusted() > MAX_DIGITS:
        raise FeelBudgetExceeded(S_("the number has too many digits to be written as JSON"))
    return int(found) if found == found.to_integral_value() else float(value)


def _written(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_written(key)}: {_written(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, Decimal):
        return numbers.text(value) if abs(value.adjusted()) <= MAX_DIGITS else str(value.normalize(numbers.DECIMAL128))
    return json.dumps(value, ensure_ascii=False)


def text_of(value: Any, evaluation: Evaluation | None = None) -> str:
    """A value as FEEL's `string()` writes it."""
    match kind(value):
        case "string":
            return str(value)
        case "list" | "context":
            return "".join(_parts(value, evaluation or Evaluation("", None), 0))
    return _scalar(value)


def _scalar(value: Any) -> str:
    match kind(value):
        case "null":
            return "null"
        case "boolean":
            return "true" if value else "false"
        case "number":
            return numbers.text(numbers.exact(value))
        case "date":
            return texts.write_date(value)
        case "time":
            return texts.write_time(value)
        case "date and time":
            return texts.write_moment(value)
        case "days and time duration":
            return texts.write_span(value)
        case "range":
            return _range(value)
        case "function":
            return f"function({', '.join(value.parameters)})"
    return str(value)


def _range(value: Range) -> str:
    if value.test:
        return f"({value.test} {literal(value.start)})"
    opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
    ends = ["" if end is None else literal(end) for end in (value.start, value.end)]
    return f"{opening}{ends[0]}..{ends[1]}{closing}"


def literal(value: Any) -> str:
    """A single value as it stands within another: strings in quotes, dates and durations marked by @."""
    what = kind(value)
    if what == "string":
        return quoted(value)
    if what in ("date", "time", "date and time", "days and time duration", "years and months duration"):
        return f'@"{_scalar(value)}"'
    return _scalar(value)


def quoted(text: str) -> str:
    """A string as a literal."""
    made = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f'"{made}"'


def _parts(value: Any, evaluation: Evaluation, depth: int) -> list[str]:
    evaluation.spend()
    if depth > MAX_DEPTH:
        raise FeelBudgetExceeded(S_("the value is nested too deeply to be written"))
    match kind(value):
        case "list":
            inner = [_parts(item, evaluation, depth + 1) for item in value]
            parts = ["[", *_joined(inner), "]"]
        case "context":
            inner = [[_key(key), ": ", *_parts(item, evaluation, depth + 1)] for key, item in value.items()]
            parts = ["{", *_joined(inner), "}"]
        case "string":
            parts = [quoted(value)]
        case _:
            parts = [_scalar(value)]
    evaluation.characters(sum(map(len, parts)))
    return parts


def _joined(parts: list[list[str]]) -> list[str]:
    made: list[str] = []
    for index, one in enumerate(parts):
        if index:
            made.append(", ")
        made.extend(one)
    return made


def _key(key: str) -> str:
    return key if PLAIN_KEY.fullmatch(key) else quoted(key)


__all__ = ["from_json", "json_text", "literal", "quoted", "text_of", "to_json"]
