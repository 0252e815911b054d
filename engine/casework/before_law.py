"""Days before a deadline's first law: refused where they are typed, so that none stops a case later."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

import forms
from engine.casework.errors import AnswersInvalid
from engine.casework.procedures import procedures
from engine.deadlines import queries as deadlines
from engine.workflow import definitions
from engine.workflow.bpmn.model import Element, Process
from engine.workflow.definitions import PROCESS
from engine.workflow.models import Instance

STARTS = "deadline.start"

Days = Mapping[str, tuple[str, date]]
"""Days by the variable that carries them: the question that asked for each, and the day."""


def require(
    session: Session, instance: Instance, element: Element, form: forms.Form, values: Mapping[str, Any]
) -> None:
    """Raises AnswersInvalid at days from which a deadline ahead would count, but for which the catalogue has no law.

    Every branch ahead is looked at: which of them is taken is not known yet, and a day so long ago is a slip of the
    pen on all of them, or a matter for which an administrator enters the law of its time first.
    """
    days = dict(_mapped(element.outputs, {key: (key, day) for key, day in forms.days(form, values).items()}))
    if not days:
        return
    process = definitions.process(session, instance.definition_id)
    wrong = {one.pointer: one for one in _wrong(session, process, [element], form, days, set())}
    if wrong:
        raise AnswersInvalid(list(wrong.values()))


def ahead(process: Process, waiting: Iterable[Element]) -> Iterator[Element]:
    """Where tokens stand now, and what can be reached from there along the flows, the nearest first."""
    queue, seen = list(waiting), set()
    for element in queue:
        if element.id in seen:
            continue
        seen.add(element.id)
        yield element
        queue += [process.elements[flow.target] for flow in process.outgoing.get(element.id, ())]


def _wrong(
    session: Session, process: Process, begin: list[Element], form: forms.Form, days: Days, seen: set[str]
) -> Iterator[forms.FieldError]:
    seen.add(process.key)
    for element in ahead(process, begin):
        given = dict(element.inputs)
        if element.operation == STARTS:
            name, key = _variable(given.get("since")), given.get("deadline")
            if name in days and isinstance(key, str):
                question, day = days[name]
                first = deadlines.first_law(session, key)
                if first is not None and day < first.in_force_from:
                    yield forms.before_law(
                        form, question, name=forms.Label(first.name, first.name_en), law=first.law,
                        since=first.in_force_from,
                    )  # fmt: skip
        elif element.event is not None and element.event.kind == "message":
            sent = dict(_mapped(element.inputs, days))
            found = next((one for one in procedures(session).values() if one.message == element.event.name), None)
            if sent and found is not None and found.key not in seen:
                other = definitions.process(session, definitions.latest(session, PROCESS, found.key).id)
                starts = [one for one in other.elements.values() if one.type == "startEvent"]
                yield from _wrong(session, other, starts, form, sent, seen)


def _mapped(mappings: Iterable[tuple[str, Any]], days: Days) -> Iterator[tuple[str, tuple[str, date]]]:
    """What mappings make of days that are handed on as they are."""
    for target, source in mappings:
        name = _variable(source)
        if name in days:
            yield target, days[name]


def _variable(source: Any) -> str:
    """The variable that an expression is, as it stands; no name where it is anything else."""
    return getattr(source, "source", "").strip().removeprefix("=").strip()
