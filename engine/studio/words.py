"""The words that a diagram may use in this house, for the editor's pickers and for completion."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine import dmn
from engine.deadlines.queries import catalogue
from engine.people.actor import Actor
from engine.people.roles import ROLES
from engine.studio import library
from engine.studio.models import Draft
from engine.workflow import definitions
from engine.workflow.bpmn import ModelRefused, Process, compile_model
from engine.workflow.operations import OPERATIONS

GIVEN = ("case_id", "level", "risk", "category")
"""What every process that begins on a case is started with (casework.procedures)."""


@dataclass(frozen=True)
class Word:
    """One word: its key, its name for the reader, what stands behind it, its parameters with what each means."""

    key: str
    title: str
    about: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """All words, by what they are; the answers of each form; the variables of each process of the draft."""

    forms: list[Word]
    decisions: list[Word]
    processes: list[Word]
    roles: list[Word]
    deadlines: list[Word]
    operations: list[Word]
    answers: dict[str, list[str]]
    variables: dict[str, list[str]]


def words(session: Session, actor: Actor, draft: Draft, locale: str = "zh") -> Words:
    """What a draft's diagrams may name: what is in force, and what the draft brings along."""
    known = {kind: _in_force(session, actor, kind, locale) for kind in library.KINDS}
    processes: dict[str, Process] = {}
    brought: dict[str, bytes] = {}
    for file in draft.files:
        kind = definitions.kind_of(file.name)
        if kind == definitions.PROCESS:
            processes |= _processes(file.content)
        elif kind in (definitions.DECISION, definitions.FORM):
            for word in _brought(kind, file.content):
                known[kind][word.key] = word
                brought[word.key] = file.content
    for key, process in processes.items():
        known[definitions.PROCESS].setdefault(key, Word(key, process.name or key))
    answers = _answers(session, brought)
    return Words(
        forms=_sorted(known[definitions.FORM]),
        decisions=_sorted(known[definitions.DECISION]),
        processes=_sorted(known[definitions.PROCESS]),
        roles=[Word(key, title) for key, title in ROLES.items()],
        deadlines=_deadlines(session, locale),
        operations=_operations(locale),
        answers=answers,
        variables={key: sorted(_variables(process)) for key, process in processes.items()},
    )


def _in_force(session: Session, actor: Actor, kind: str, locale: str) -> dict[str, Word]:
    return {
        one.definition.key: Word(one.definition.key, one.title)
        for one in library.entries(session, actor, kind, locale=locale)
    }


def _sorted(found: Mapping[str, Word]) -> list[Word]:
    return [found[key] for key in sorted(found)]


def _brought(kind: str, content: bytes) -> Iterator[Word]:
    try:
        if kind == definitions.FORM:
            form = json.loads(content)
            yield Word(str(form["id"]), str(form.get("title") or form["id"]))
        else:
            for decision in dmn.parse(content).decisions:
                yield Word(decision.id, decision.name)
    except (ValueError, KeyError, TypeError, RecursionError, dmn.DmnError):
        return


def _deadlines(session: Session, locale: str) -> list[Word]:
    """The catalogue as administrators keep it: of each deadline what is or will be in force last."""
    newest = {one.key: one for one in sorted(catalogue(session), key=lambda one: one.in_force_from)}
    return [
        Word(one.key, one.name_en if locale == "en" else one.name, f"{one.law} · {one.duration}")
        for one in newest.values()
    ]


def _operations(locale: str) -> list[Word]:
    return [
        Word(
            one.name,
            one.title if locale == "en" else one.title_zh,
            parameters={name: _half(text, locale) for name, text in one.parameters.items()},
        )
        for one in sorted(OPERATIONS.values(), key=lambda one: one.name)
    ]


def _half(text: str, locale: str) -> str:
    """Operations tell what a parameter means as “English; 中文”."""
    english, _, chinese = text.partition("; ")
    return english if locale == "en" or not chinese else chinese


def _processes(content: bytes) -> dict[str, Process]:
    try:
        return dict(compile_model(content).processes)
    except ModelRefused:
        return {}


def _answers(session: Session, brought: Mapping[str, bytes]) -> dict[str, list[str]]:
    """The keys of each form's answers."""
    found = {one.key: one.content for one in definitions.all_newest_with_content(session, definitions.FORM)}
    return {key: sorted(set(_keys(content))) for key, content in (found | dict(brought)).items()}


def _keys(content: bytes) -> Iterator[str]:
    try:
        waiting = [json.loads(content)]
    except (ValueError, RecursionError):
        return
    while waiting:
        component = waiting.pop()
        if not isinstance(component, dict):
            continue
        name = component.get("key") or component.get("path")
        if isinstance(name, str):
            yield name
        if component.get("type") != "dynamiclist" and isinstance(component.get("components"), list):
            waiting += component["components"]


def _variables(process: Process) -> Iterator[str]:
    """What may be among the variables of a process: what it is given, and what its steps write."""
    yield from GIVEN
    for element in process.elements.values():
        yield from (target for target, _ in element.outputs)
        yield from (one.target for one in element.data_outputs)
        if element.result_variable:
            yield element.result_variable
        if element.loop and element.loop.output_collection:
            yield element.loop.output_collection
