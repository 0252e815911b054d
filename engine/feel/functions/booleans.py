"""Boolean functions (DMN 1.5 §10.3.4.2, §10.3.4.10)."""

from typing import Any

from engine.feel import temporal
from engine.feel.functions.registry import Family
from engine.feel.runtime import Evaluation
from engine.feel.values import equal, kind

FUNCTIONS = Family()


@FUNCTIONS.declare("not(negand: Any) -> boolean")
def _not(evaluation: Evaluation, negand: Any) -> bool | None:
    if isinstance(negand, list) and len(negand) == 1:
        negand = negand[0]
    return not negand if isinstance(negand, bool) else None


@FUNCTIONS.declare("is(value1: Any, value2: Any) -> boolean")
def _is(evaluation: Evaluation, value1: Any, value2: Any) -> bool:
    return _same(evaluation, value1, value2)


def _same(evaluation: Evaluation, one: Any, other: Any) -> bool:
    """Whether two values are the same element of the semantic domain: the offset from UTC counts."""
    what = kind(one)
    if what != kind(other):
        return False
    if what in ("time", "date and time"):
        return _written(what, one) == _written(what, other)
    if what == "list":
        evaluation.spend(len(one) + 1)
        return len(one) == len(other) and all(_same(evaluation, *pair) for pair in zip(one, other, strict=True))
    if what == "context":
        evaluation.spend(len(one) + 1)
        return bool(one.keys() == other.keys()) and all(_same(evaluation, one[key], other[key]) for key in one)
    return equal(one, other, evaluation) is True


def _written(what: str, value: Any) -> tuple[object, ...]:
    day = temporal.date_of(value) if what == "date and time" else None
    return (day, temporal.of_day(value), temporal.offset(value))
