"""Trying things out before they are deployed: an expression, a decision table, a form. Nothing is stored."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import forms
from engine import dmn, feel
from engine.casework import formbook
from engine.feel import numbers
from engine.sentences import S_, where
from engine.studio.errors import ExampleInvalid
from engine.workflow.days import now

BUDGET = feel.Budget(seconds=1.0)
"""What one try may use: somebody waits for it."""


@dataclass(frozen=True)
class Tried:
    """The value of an expression as FEEL's JSON, or why there is none; why parts of it are null."""

    expression: str
    value: str | None
    problem: str | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Decided:
    """What a decision said: its value, the rules that held by table, the values on the way, why something is null."""

    value: str
    fired: dict[str, list[str]]
    values: dict[str, str]
    warnings: tuple[str, ...]


def expressions(sources: Sequence[str], example: str) -> list[Tried]:
    """The values of FEEL expressions for an example (a JSON object). Raises ExampleInvalid."""
    context = _context(example)
    return [_expression(source, context) for source in sources]


def decision(content: bytes, decision_id: str, example: str, beside: Mapping[str, bytes]) -> Decided:
    """What a decision of a model says for an example (a JSON object). Raises ExampleInvalid."""
    try:
        model = dmn.parse(content, imports=beside)
        result = model.decide(decision_id, _context(example), runtime=feel.Runtime(now=now, budget=BUDGET))
        values = {name: _written(value) for name, value in result.values.items()}
        return Decided(
            _written(result.value), result.fired_rules, values, tuple(one.message for one in result.warnings)
        )
    except (dmn.DmnError, feel.FeelError) as error:
        raise ExampleInvalid(error.args[0]) from None


def form(content: bytes, locale: forms.Locale, answers: Mapping[str, Any], example: str) -> str:
    """A form as people would see it. Raises ExampleInvalid, forms.FormInvalid."""
    loaded = forms.load(content, compile=feel.compile_expression)
    context = {**formbook.offers_of_nobody(), **_context(example)}
    return forms.render(loaded, answers, locale=locale, evaluate=formbook.evaluate, context=context)


def _expression(source: str, context: Mapping[str, Any]) -> Tried:
    runtime = feel.Runtime(now=now, budget=BUDGET)
    try:
        value = feel.json_text(feel.evaluate(source.removeprefix("="), context, runtime=runtime))
    except feel.FeelError as error:
        return Tried(source, None, error.args[0])
    return Tried(source, value, None, tuple(one.message for one in runtime.take_warnings()))


def _written(value: Any) -> str:
    try:
        return feel.json_text(value)
    except feel.FeelError as error:
        return S_("(%(problem)s)", problem=error)


def _context(example: str) -> dict[str, Any]:
    try:
        given = json.loads(example or "{}", parse_float=numbers.literal, parse_constant=numbers.literal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise ExampleInvalid(S_("The example is no JSON: %(problem)s.", problem=where(error))) from None
    if not isinstance(given, dict):
        raise ExampleInvalid
    context: dict[str, Any] = feel.from_json(given)
    return context
