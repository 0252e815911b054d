"""Checking raw answers: the form's marshmallow schema, and around it what depends on circumstances."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import ValidationError

from forms.answers import find
from forms.conditions import Asking, Evaluate, State, fixed, options, settle
from forms.definition import (
    Answer,
    Choice,
    Component,
    DateTime,
    DynamicList,
    Expression,
    FilePicker,
    Form,
    TextField,
)
from forms.identity import birth_date
from forms.messages import ERRORS, WORDS
from forms.places import ROOT, Scope, Steps, drop, get, html_id, html_name, items, pointer, put, walk
from forms.schema import Problem, schema
from forms.texts import Label, Locale
from forms.untouched import Kept, as_sent, without_untouched
from forms.uploads import Upload, judge_uploads
from forms.values import is_empty, is_no_answer, judge_choice
from forms.wrong import Fact, Wrong


@dataclass(frozen=True)
class FieldError:
    """One wrong answer: where (JSON pointer and HTML id), a stable code, and a sentence with its facts.

    `within` says which list items the field stands in, outermost first: ``((Label("当事人", "Party"), 2),)``.
    """

    pointer: str
    field_id: str
    code: str
    params: tuple[tuple[str, Fact], ...] = ()
    within: tuple[tuple[Label, int], ...] = ()

    @property
    def message(self) -> str:
        """The English template of the sentence, for `translate`."""
        return ERRORS[self.code].en

    def sentence(self, locale: Locale) -> str:
        """What is wrong and what to do, as it stands beside the field."""
        return ERRORS[self.code].filled(locale, dict(self.params))

    def summary(self, locale: Locale) -> str:
        """The sentence as it stands away from the field, saying which list item it is about."""
        sentence = self.sentence(locale)
        for item, number in reversed(self.within):
            sentence = WORDS["item"].filled(locale, {"item": item, "number": number, "sentence": sentence})
        return sentence


@dataclass(frozen=True)
class Result:
    """What came of checking. `values` is complete and clean only where there are no errors."""

    values: dict[str, Any]
    errors: tuple[FieldError, ...]

    @property
    def ok(self) -> bool:
        """Whether the answers can be stored."""
        return not self.errors


def validate(
    form: Form,
    raw: Mapping[str, Any],
    *,
    evaluate: Evaluate,
    today: date,
    context: Mapping[str, Any] | None = None,
    uploads: Iterable[Upload] = (),
) -> Result:
    """Check raw answers (of a browser, or JSON of another system).

    `evaluate` computes FEEL; `today` is the day in the county; `context` holds what expressions and options need;
    `uploads` are the files that this person may use here. Hidden answers and untouched rows of lists neither block nor
    appear in the values.
    """
    asking = Asking(evaluate, context or {})
    left, kept = without_untouched(form, raw)
    given = fixed(form, left, asking)
    state = settle(form, given, asking)
    data, errors = _load(form, _asked(form, given, state))
    known = {upload.id: upload for upload in uploads}
    values: dict[str, Any] = {}
    found: list[FieldError] = []
    for part, scope in walk(form.fields, state.values, state.hidden):
        if not isinstance(part, Answer | DynamicList | Expression) or _is_disabled(part):
            continue
        steps = (*scope.steps, *part.path)
        put(values, steps, _value(part, data, state, steps))
        problem = errors.pop(steps, None)
        if problem is None and isinstance(part, Answer):
            problem = _circumstances(part, get(data, steps), state, asking, scope, today, known)
        if problem is not None:
            found.append(_error(problem, steps, kept, scope))
    strange = [
        _error(problem, steps, kept) for steps, problem in errors.items() if find(form, html_name(steps))[0] is None
    ]
    return Result(values, (*found, *sorted(strange, key=lambda error: error.pointer)))


def _is_disabled(part: Component) -> bool:
    return isinstance(part, Answer) and part.access == "disabled"


def _asked(form: Form, given: dict[str, Any], state: State) -> dict[str, Any]:
    """The raw answers without those that are hidden, disabled or computed."""
    asked = {
        (*scope.steps, *part.path)
        for part, scope in walk(form.fields, state.values, state.hidden)
        if isinstance(part, Answer | DynamicList) and not _is_disabled(part)
    }
    for part, scope in list(walk(form.fields, given, frozenset())):
        if isinstance(part, Answer | DynamicList | Expression) and (*scope.steps, *part.path) not in asked:
            drop(given, (*scope.steps, *part.path))
    return given


def _load(form: Form, given: Mapping[str, Any]) -> tuple[Mapping[str, Any], dict[Steps, Problem]]:
    """What the schema makes of the answers: clean data, and the first problem of each place."""
    try:
        data: Mapping[str, Any] = schema(form).load(given)
    except ValidationError as error:
        valid = error.valid_data
        return valid if isinstance(valid, Mapping) else {}, dict(_flat(error.messages_dict, ()))
    return data, {}


def _flat(messages: Any, steps: Steps) -> Iterator[tuple[Steps, Problem]]:
    """Marshmallow's nested messages by place; what is said of a whole list or object stands under ``_schema``."""
    if isinstance(messages, Mapping):
        for step, inner in messages.items():
            yield from _flat(
                inner, steps if step == "_schema" else (*steps, step if isinstance(step, int) else str(step))
            )
    elif messages:
        yield steps, messages[0]


def _value(part: Component, data: Mapping[str, Any], state: State, steps: Steps) -> Any:
    if isinstance(part, DynamicList):
        return [{} for _ in range(items(state.values, steps))]  # filled as the walk goes on into the items
    return get(state.values if isinstance(part, Expression) else data, steps)


def _circumstances(
    answer: Answer,
    value: Any,
    state: State,
    asking: Asking,
    scope: Scope,
    today: date,
    known: Mapping[str, Upload],
) -> Problem | None:
    """What is wrong with a clean value here and today."""
    if is_empty(value) or is_no_answer(value):
        return None
    try:
        if isinstance(answer, Choice) and (answer.options_key or answer.options_expression or answer.withheld):
            judge_choice(answer, value, {option.value for option in options(answer, state.values, asking, scope)})
        if isinstance(answer, FilePicker):
            judge_uploads(answer, value, known)
        if isinstance(answer, TextField) and answer.check == "identity-number" and birth_date(value) > today:
            raise Wrong("identity-future", date=birth_date(value).isoformat())
        if isinstance(answer, DateTime) and answer.subtype != "time":
            _judge_day(answer, date.fromisoformat(value[:10]), today)
    except Wrong as wrong:
        return Problem(wrong.code, label=answer.label, **wrong.params)
    return None


def _judge_day(answer: DateTime, day: date, today: date) -> None:
    if answer.not_future and day > today:
        raise Wrong("future", today=today.isoformat())
    if answer.not_past and day < today:
        raise Wrong("past", today=today.isoformat())


def _error(problem: Problem, steps: Steps, kept: Kept, scope: Scope = ROOT) -> FieldError:
    params = (
        {**problem.params, "name": str(steps[-1]) if steps else ""}
        if problem.code == "unknown-field"
        else problem.params
    )
    sent = as_sent(steps, kept)
    rows = [step + 1 for step in sent[: len(scope.steps)] if isinstance(step, int)]
    within = tuple((item, row) for (item, _), row in zip(scope.numbered, rows, strict=True))
    return FieldError(pointer(sent), html_id(sent), problem.code, tuple(params.items()), within)
