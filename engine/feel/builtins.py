"""The built-in functions (DMN 1.5 §10.3.4), and our own `now` and `today` from the house's clock."""

import inspect
import statistics
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, DecimalException
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import re2

from engine.feel.arithmetic import add_months, conjunction, contains, disjunction
from engine.feel.errors import FeelBudgetExceeded
from engine.feel.values import (
    Function,
    Range,
    YearsMonthsDuration,
    equal,
    is_number,
    kind,
    order,
    parse_duration,
    text_of,
)

MAX_ITEMS = 100_000
FUNCTIONS: dict[str, Function] = {}
PARAMETERS = {"from_": "from", "list_": "list", "string_": "string", "match_": "match", "range_": "range"}


def builtin(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a Python function a built-in of these names; its parameters' names are FEEL's."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        parameters = inspect.signature(function).parameters.values()
        listed = tuple(
            PARAMETERS.get(one.name, one.name.replace("_", " "))
            for one in parameters
            if one.kind is not one.KEYWORD_ONLY
        )
        for name in names:
            FUNCTIONS[name] = Function(function, listed)
        return function

    return register


def call(function: Function, arguments: list[Any], runtime: Any) -> Any:
    """The value of a call; null where the arguments do not fit."""
    try:
        if function.call in (_now, _today):
            return function.call(runtime)
        return function.call(*arguments)
    except (TypeError, ValueError, AttributeError, OverflowError, DecimalException, IndexError, re2.error):
        return None


def member(value: Any, key: str) -> Any:
    """What `value.key` is: an entry of a context, or a property of a date, time, duration or range."""
    if isinstance(value, Mapping):
        return value.get(key)
    read = _PROPERTIES.get(key)
    return read(value) if read else None


def span(start: Any, end: Any) -> Any:
    """The numbers or days from start to end, both included, up or down."""
    if isinstance(start, date) and isinstance(end, date):
        count = (end - start).days
        return [
            start + timedelta(days=step)
            for step in range(0, count + (1 if count >= 0 else -1), 1 if count >= 0 else -1)
        ]
    if not (is_number(start) and is_number(end)):
        return None
    low, high = int(start), int(end)
    if abs(high - low) > MAX_ITEMS:
        raise FeelBudgetExceeded(f"a range of more than {MAX_ITEMS} items")
    return list(range(low, high + 1)) if low <= high else list(range(low, high - 1, -1))


def temporal(text: str) -> Any:
    """The value of `@"…"`: a date, time, date and time, or duration."""
    if text.lstrip("-").startswith("P"):
        return parse_duration(text)
    if "T" in text:
        return _date_and_time(text)
    return _date(text) if "-" in text[1:] else _time(text)


# conversion


@builtin("date")
def _date(from_: Any, month: Any = None, day: Any = None) -> date | None:
    if month is not None:
        return date(int(from_), int(month), int(day))
    if isinstance(from_, datetime):
        return from_.date()
    return from_ if isinstance(from_, date) else date.fromisoformat(from_)


@builtin("time")
def _time(from_: Any, minute: Any = None, second: Any = None, offset: Any = None) -> time | None:
    if minute is not None:
        from datetime import timezone

        return time(int(from_), int(minute), int(second or 0), tzinfo=timezone(offset) if offset is not None else None)
    if isinstance(from_, datetime):
        return from_.timetz()
    return from_ if isinstance(from_, time) else time.fromisoformat(from_)


@builtin("date and time")
def _date_and_time(from_: Any, time_: Any = None) -> datetime | None:
    if time_ is not None:
        return datetime.combine(from_, time_)
    if isinstance(from_, datetime):
        return from_
    if isinstance(from_, date):
        return datetime.combine(from_, time(tzinfo=UTC))
    text, _, zone = from_.partition("@")
    found = datetime.fromisoformat(text)
    try:
        return found.replace(tzinfo=ZoneInfo(zone)) if zone else found
    except ZoneInfoNotFoundError:
        return None


@builtin("duration")
def _duration(from_: str) -> Any:
    return parse_duration(from_)


@builtin("years and months duration")
def _years_and_months(from_: date, to: date) -> YearsMonthsDuration:
    months = (to.year - from_.year) * 12 + to.month - from_.month
    if months > 0 and to.day < from_.day:
        months -= 1
    if months < 0 and to.day > from_.day:
        months += 1
    return YearsMonthsDuration(months)


@builtin("number")
def _to_number(from_: Any, grouping_separator: Any = None, decimal_separator: Any = None) -> Any:
    if is_number(from_):
        return from_
    text = from_.replace(grouping_separator, "") if grouping_separator else from_
    found = Decimal(text.replace(decimal_separator, ".") if decimal_separator else text)
    return int(found) if found == found.to_integral_value() and "." not in text else found


@builtin("string")
def _to_string(from_: Any) -> str | None:
    if from_ is None:
        return None
    if isinstance(from_, list | tuple):
        return "[" + ", ".join(_inner(item) for item in from_) + "]"
    if isinstance(from_, Mapping):
        return "{" + ", ".join(f"{key}: {_inner(value)}" for key, value in from_.items()) + "}"
    return text_of(from_)


def _inner(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else (_to_string(value) or "null")


@builtin("not")
def _not(negand: Any) -> bool | None:
    return not negand if isinstance(negand, bool) else None


@builtin("is defined")
def _is_defined(value: Any) -> bool:
    return value is not None


@builtin("get or else")
def _get_or_else(value: Any, default: Any) -> Any:
    return default if value is None else value


# strings


@builtin("substring")
def _substring(string_: str, start_position: Any, length: Any = None) -> str | None:
    start = int(start_position)
    if start == 0 or abs(start) > len(string_):
        return None
    begin = start - 1 if start > 0 else len(string_) + start
    return string_[begin:] if length is None else string_[begin : begin + int(length)]


@builtin("string length")
def _string_length(string_: str) -> int | None:
    return len(string_) if isinstance(string_, str) else None


@builtin("upper case")
def _upper_case(string_: str) -> str:
    return string_.upper()


@builtin("lower case")
def _lower_case(string_: str) -> str:
    return string_.lower()


@builtin("trim")
def _trim(string_: str) -> str:
    return string_.strip()


@builtin("substring before")
def _substring_before(string_: str, match_: str) -> str:
    before, found, _ = string_.partition(match_) if match_ else ("", "", "")
    return before if found else ""


@builtin("substring after")
def _substring_after(string_: str, match_: str) -> str:
    return string_.partition(match_)[2] if match_ else string_


@builtin("contains")
def _contains(string_: str, match_: str) -> bool | None:
    return match_ in string_ if isinstance(string_, str) else None


@builtin("starts with")
def _starts_with(string_: str, match_: str) -> bool:
    return string_.startswith(match_)


@builtin("ends with")
def _ends_with(string_: str, match_: str) -> bool:
    return string_.endswith(match_)


@builtin("matches")
def _matches(input_: str, pattern: str, flags: str = "") -> bool:
    return re2.search(f"(?{flags}){pattern}" if flags else pattern, input_) is not None


@builtin("replace")
def _replace(input_: str, pattern: str, replacement: str, flags: str = "") -> str:
    import re

    compiled = re2.compile(f"(?{flags}){pattern}" if flags else pattern)
    return str(compiled.sub(re.sub(r"\$(\d)", r"\\\1", replacement), input_))


@builtin("split")
def _split(string_: str, delimiter: str) -> list[str]:
    return list(re2.split(delimiter, string_))


@builtin("string join")
def _string_join(list_: list[str], delimiter: Any = "") -> str:
    return (delimiter or "").join(item for item in list_ if item is not None)


# numbers


def _rounded(number: Any, scale: Any, mode: str) -> Any:
    found = Decimal(number).quantize(Decimal(1).scaleb(-int(scale)), rounding=mode)
    return int(found) if int(scale) <= 0 else found


@builtin("decimal")
def _decimal(n: Any, scale: Any) -> Any:
    return _rounded(n, scale, ROUND_HALF_EVEN)


@builtin("floor")
def _floor(n: Any, scale: Any = 0) -> Any:
    return _rounded(n, scale, ROUND_FLOOR)


@builtin("ceiling")
def _ceiling(n: Any, scale: Any = 0) -> Any:
    return _rounded(n, scale, ROUND_CEILING)


@builtin("abs")
def _abs(n: Any) -> Any:
    return YearsMonthsDuration(abs(n.months)) if isinstance(n, YearsMonthsDuration) else abs(n)


@builtin("modulo")
def _modulo(dividend: Any, divisor: Any) -> Any:
    if divisor == 0:
        return None
    return dividend - divisor * _floor(Decimal(dividend) / Decimal(divisor))


@builtin("sqrt")
def _sqrt(number: Any) -> Any:
    return Decimal(number).sqrt() if number >= 0 else None


@builtin("odd")
def _odd(number: Any) -> bool:
    return bool(number % 2 == 1)


@builtin("even")
def _even(number: Any) -> bool:
    return bool(number % 2 == 0)


# lists


def _items(first: Any, rest: tuple[Any, ...]) -> list[Any]:
    if rest:
        return [first, *rest]
    return list(first) if isinstance(first, list | tuple) else [first]


@builtin("list contains")
def _list_contains(list_: list[Any], element: Any) -> bool | None:
    return any(equal(item, element) is True for item in list_) if isinstance(list_, list | tuple) else None


@builtin("count")
def _count(list_: list[Any]) -> int | None:
    return len(list_) if isinstance(list_, list | tuple) else None


@builtin("min")
def _min(first: Any, *rest: Any) -> Any:
    found = _items(first, rest)
    return min(found) if found and all(order(found[0], item) is not None for item in found) else None


@builtin("max")
def _max(first: Any, *rest: Any) -> Any:
    found = _items(first, rest)
    return max(found) if found and all(order(found[0], item) is not None for item in found) else None


@builtin("sum")
def _sum(first: Any, *rest: Any) -> Any:
    found = _items(first, rest)
    return sum(found) if found and all(is_number(item) for item in found) else None


@builtin("mean")
def _mean(first: Any, *rest: Any) -> Any:
    found = _items(first, rest)
    return sum(map(Decimal, found)) / len(found) if found else None


@builtin("median")
def _median(first: Any, *rest: Any) -> Any:
    found = _items(first, rest)
    return statistics.median(map(Decimal, found)) if found else None


def _given(item: Any) -> Callable[[], Any]:
    return lambda: item


@builtin("all", "and")
def _all(first: Any = (), *rest: Any) -> bool | None:
    found: bool | None = True
    for item in _items(first, rest):
        found = conjunction(found, _given(item))
    return found


@builtin("any", "or")
def _any(first: Any = (), *rest: Any) -> bool | None:
    found: bool | None = False
    for item in _items(first, rest):
        found = disjunction(found, _given(item))
    return found


@builtin("sublist")
def _sublist(list_: list[Any], start_position: Any, length: Any = None) -> Any:
    start = int(start_position)
    if start == 0 or abs(start) > len(list_):
        return None
    begin = start - 1 if start > 0 else len(list_) + start
    return list_[begin:] if length is None else list_[begin : begin + int(length)]


@builtin("append")
def _append(list_: list[Any], *items: Any) -> list[Any]:
    return [*(list_ if isinstance(list_, list) else [list_]), *items]


@builtin("concatenate")
def _concatenate(*lists: Any) -> list[Any]:
    return [item for one in lists for item in (one if isinstance(one, list | tuple) else [one])]


@builtin("insert before")
def _insert_before(list_: list[Any], position: Any, new_item: Any) -> list[Any]:
    index = int(position) - 1 if position > 0 else len(list_) + int(position)
    return [*list_[:index], new_item, *list_[index:]]


@builtin("remove")
def _remove(list_: list[Any], position: Any) -> list[Any]:
    index = int(position) - 1 if position > 0 else len(list_) + int(position)
    return [*list_[:index], *list_[index + 1 :]]


@builtin("reverse")
def _reverse(list_: list[Any]) -> list[Any]:
    return list(reversed(list_))


@builtin("index of")
def _index_of(list_: list[Any], match_: Any) -> list[int]:
    return [index for index, item in enumerate(list_, start=1) if equal(item, match_) is True]


@builtin("distinct values")
def _distinct_values(list_: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in list_:
        if not any(equal(item, other) is True for other in found):
            found.append(item)
    return found


@builtin("union")
def _union(*lists: Any) -> Any:
    return _distinct_values(_concatenate(*lists))


@builtin("flatten")
def _flatten(list_: Any) -> list[Any]:
    return [inner for item in list_ for inner in (_flatten(item) if isinstance(item, list) else [item])]


@builtin("sort")
def _sort(list_: list[Any], precedes: Function | None = None) -> Any:
    from functools import cmp_to_key

    if precedes is None:
        return sorted(list_)
    return sorted(list_, key=cmp_to_key(lambda a, b: -1 if precedes.call(a, b) is True else 1))


# contexts


@builtin("get value")
def _get_value(m: Mapping[str, Any], key: str) -> Any:
    return m.get(key)


@builtin("get entries")
def _get_entries(m: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in m.items()]


@builtin("context put")
def _context_put(context: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**context, key: value}


@builtin("context merge")
def _context_merge(contexts: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {key: value for one in contexts for key, value in one.items()}


# time


@builtin("now")
def _now(runtime: Any) -> datetime:
    found: datetime = runtime.now()
    return found


@builtin("today")
def _today(runtime: Any) -> date:
    found: date = runtime.now().date()
    return found


@builtin("day of week")
def _day_of_week(date_: date) -> str:
    return ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[date_.weekday()]


@builtin("month of year")
def _month_of_year(date_: date) -> str:
    return date_.strftime("%B")


@builtin("day of year")
def _day_of_year(date_: date) -> int:
    return date_.timetuple().tm_yday


@builtin("week of year")
def _week_of_year(date_: date) -> int:
    return date_.isocalendar().week


@builtin("last day of month")
def _last_day_of_month(date_: date) -> int:
    return (add_months(date_.replace(day=1), 1) - timedelta(days=1)).day


# ranges


@builtin("before")
def _before(a: Any, b: Any) -> bool | None:
    found = order(_end(a), _start(b))
    return None if found is None else found < 0


@builtin("after")
def _after(a: Any, b: Any) -> Any:
    return _before(b, a)


@builtin("includes")
def _includes(range_: Range, point: Any) -> bool | None:
    return contains(range_, point)


@builtin("during")
def _during(point: Any, range_: Range) -> bool | None:
    return contains(range_, point)


def _start(value: Any) -> Any:
    return value.start if isinstance(value, Range) else value


def _end(value: Any) -> Any:
    return value.end if isinstance(value, Range) else value


def _part(name: str) -> Callable[[Any], Any]:
    return lambda value: getattr(value, name, None) if isinstance(value, date | time) else None


def _offset(value: Any) -> timedelta | None:
    return value.utcoffset() if isinstance(value, datetime | time) else None


def _duration_part(index: int) -> Callable[[Any], Any]:
    def read(value: Any) -> int | None:
        if not isinstance(value, timedelta):
            return None
        total = abs(value)
        return (total.days, total.seconds // 3600, total.seconds // 60 % 60, total.seconds % 60)[index] * (
            -1 if value < timedelta() else 1
        )

    return read


def _either(first: Callable[[Any], Any], second: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: found if (found := first(value)) is not None else second(value)


_PROPERTIES: dict[str, Callable[[Any], Any]] = {
    "year": _part("year"),
    "month": _part("month"),
    "day": _part("day"),
    "hour": _part("hour"),
    "minute": _part("minute"),
    "second": _part("second"),
    "weekday": lambda value: value.isoweekday() if isinstance(value, date) else None,
    "time offset": _offset,
    "days": _duration_part(0),
    "hours": _duration_part(1),
    "minutes": _duration_part(2),
    "seconds": _duration_part(3),
    "years": lambda value: int(value.months / 12) if kind(value) == "years and months duration" else None,
    "months": lambda value: value.months % 12 if kind(value) == "years and months duration" else None,
    "start": lambda value: value.start if isinstance(value, Range) else None,
    "end": lambda value: value.end if isinstance(value, Range) else None,
}
