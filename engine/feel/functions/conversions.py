"""Conversion functions (DMN 1.5 §10.3.4.1)."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine.feel import ast, conversion, temporal, texts
from engine.feel.errors import FeelSyntaxError
from engine.feel.functions.registry import Family
from engine.feel.numbers import exact, multiply, negated, rounded
from engine.feel.runtime import Evaluation
from engine.feel.temporal import YearsMonthsDuration
from engine.feel.values import Range, kind, order

FUNCTIONS = Family()
NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,5})?", re.ASCII)


def _whole(value: Any) -> int:
    number = exact(value)
    if number != int(number):
        raise ValueError("whole number")
    return int(number)


@FUNCTIONS.declare("date(from: string) -> date")
def _date(evaluation: Evaluation, text: str) -> Any:
    return texts.read_date(text)


@FUNCTIONS.declare("date(from: date|date and time) -> date")
def _date_of(evaluation: Evaluation, value: Any) -> Any:
    return temporal.date_of(value)


@FUNCTIONS.declare("date(year: number, month: number, day: number) -> date")
def _date_from_parts(evaluation: Evaluation, year: Any, month: Any, day: Any) -> Any:
    return temporal.make_date(_whole(year), _whole(month), _whole(day))


@FUNCTIONS.declare("time(from: string) -> time")
def _time(evaluation: Evaluation, text: str) -> Any:
    return texts.read_time(text)


@FUNCTIONS.declare("time(from: date) -> time")
def _time_of_day(evaluation: Evaluation, value: Any) -> Any:
    """A day has no time; nor is it taken for its midnight here, where times and moments are told apart."""
    raise ValueError("date")


@FUNCTIONS.declare("time(from: time|date and time) -> time")
def _time_of(evaluation: Evaluation, value: Any) -> Any:
    return temporal.time_of(value) if isinstance(value, temporal.MOMENTS) else value


@FUNCTIONS.declare("time(hour: number, minute: number, second: number, offset?: days and time duration) -> time")
def _time_from_parts(evaluation: Evaluation, hour: Any, minute: Any, second: Any, ahead: Any = None) -> Any:
    nanoseconds = int(multiply(exact(second), temporal.SECOND))
    zone = None if ahead is None else texts.fixed(timedelta(microseconds=temporal.in_nanoseconds(ahead) // 1000))
    seconds, fraction = divmod(nanoseconds, temporal.SECOND)
    return temporal.make_time(_whole(hour), _whole(minute), seconds, fraction, zone)


@FUNCTIONS.declare("date and time(date: date|date and time, time: time) -> date and time")
def _date_and_time_from_parts(evaluation: Evaluation, day: Any, clock: Any) -> Any:
    return temporal.make_moment(temporal.date_of(day), clock)


@FUNCTIONS.declare("date and time(from: string) -> date and time")
def _date_and_time(evaluation: Evaluation, text: str) -> Any:
    return texts.read_moment(text)


@FUNCTIONS.declare("date and time(from: date and time) -> date and time")
def _date_and_time_of(evaluation: Evaluation, value: Any) -> Any:
    return value


@FUNCTIONS.declare("duration(from: string) -> Any")
def _duration(evaluation: Evaluation, text: str) -> Any:
    return texts.read_duration(text)


@FUNCTIONS.declare("duration(from: days and time duration|years and months duration) -> Any")
def _duration_of(evaluation: Evaluation, value: Any) -> Any:
    return value


@FUNCTIONS.declare(
    "years and months duration(from: date|date and time, to: date|date and time) -> years and months duration"
)
def _years_and_months(evaluation: Evaluation, first: Any, last: Any) -> YearsMonthsDuration:
    return YearsMonthsDuration(temporal.months_between(first, last))


@FUNCTIONS.declare("number(from: string, grouping separator?: string, decimal separator?: string) -> number")
def _number(evaluation: Evaluation, text: str, grouping: str | None = None, point: str | None = None) -> Any:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (grouping and grouping == point):
        raise ValueError("separator")
    if grouping:
        text = text.replace(grouping, "")
    if point and point != ".":
        if "." in text:
            raise ValueError("separator")
        text = text.replace(point, ".")
    if len(text) > 10_000 or NUMBER.fullmatch(text) is None:
        raise ValueError("number")
    return rounded(Decimal(text) if any(sign in text for sign in ".eE") else int(text))


@FUNCTIONS.declare("number(from: number) -> number")
def _number_of(evaluation: Evaluation, value: Any) -> Any:
    return exact(value)


@FUNCTIONS.declare("string(from: Any) -> string")
def _string(evaluation: Evaluation, value: Any) -> str | None:
    return None if value is None else evaluation.text(conversion.text_of(value, evaluation))


@FUNCTIONS.declare("range(from: string) -> range")
def _range(evaluation: Evaluation, text: str) -> Range:
    """The range that a text writes; its ends may only be literals."""
    from engine.feel.parser import parse

    try:
        tree = parse(text)
    except FeelSyntaxError:
        raise ValueError("range") from None
    if not isinstance(tree, ast.RangeLiteral) or (tree.start is None and tree.end is None):
        raise ValueError("range")
    if (tree.start is None and tree.start_included) or (tree.end is None and tree.end_included):
        raise ValueError("range")
    start, end = _literal(evaluation, tree.start), _literal(evaluation, tree.end)
    if start is not None and end is not None and (kind(start) != kind(end) or (order(start, end) or 0) > 0):
        raise ValueError("range")
    return Range(start, end, tree.start_included, tree.end_included)


def _literal(evaluation: Evaluation, node: ast.Node | None) -> Any:
    match node:
        case None:
            return None
        case ast.Number(value=value) | ast.String(value=value):
            return value
        case ast.Negation(operand=ast.Number(value=value)):
            return negated(value)
        case ast.AtLiteral(text=text):
            return texts.read(text)
        case ast.Invocation(function=ast.Name(name=name), arguments=(ast.String(value=text),)):
            read = {
                "date": texts.read_date, "time": texts.read_time, "date and time": texts.read_moment,
                "duration": texts.read_duration,
            }.get(name)  # fmt: skip
            if read is not None:
                return read(text)
    raise ValueError("literal")
