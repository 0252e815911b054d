"""The library: what is deployed, in which versions, by whom and why, and what uses it."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from lxml import etree
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, undefer

from engine.people import queries as people
from engine.people.actor import Actor
from engine.studio.access import require
from engine.workflow import definitions
from engine.workflow.bpmn import Element, Process
from engine.workflow.errors import DefinitionUnknown
from engine.workflow.models import Definition, Deployment

SAFE = etree.XMLParser(resolve_entities=False, no_network=True)
KINDS = (definitions.PROCESS, definitions.DECISION, definitions.FORM)
CALLED: dict[str, Callable[[Element], str | None]] = {
    definitions.PROCESS: lambda element: element.called_process,
    definitions.DECISION: lambda element: element.called_decision,
    definitions.FORM: lambda element: element.form_key,
}


@dataclass(frozen=True)
class Entry:
    """One version: what it is called for the reader, who deployed it (None: the product itself), and why."""

    definition: Definition
    title: str
    by: str | None
    note: str


THROWN = ("sendTask", "intermediateThrowEvent", "endEvent")


@dataclass(frozen=True)
class Use:
    """A step of a process in force that uses something, or a table that asks another."""

    definition: Definition
    title: str
    element_id: str
    step: str


def entries(session: Session, actor: Actor, kind: str, *, words: str = "", locale: str = "zh") -> list[Entry]:
    """The newest version of each process, table or form whose name or key holds `words`. Raises AdministratorsOnly."""
    require(actor)
    newest = select(Definition.id).where(Definition.kind == kind).order_by(Definition.key, Definition.version.desc())
    found = _entries(
        session, select(Definition).where(Definition.id.in_(newest.ext(distinct_on(Definition.key)))), locale
    )
    wanted = words.strip().lower()
    return [one for one in found if wanted in one.title.lower() or wanted in one.definition.key.lower()]


def history(session: Session, actor: Actor, kind: str, key: str, *, locale: str = "zh") -> list[Entry]:
    """All versions of one thing, the newest first. Raises AdministratorsOnly, DefinitionUnknown."""
    require(actor)
    found = _entries(session, select(Definition).where(Definition.kind == kind, Definition.key == key), locale)
    if kind not in KINDS or not found:
        raise DefinitionUnknown(key=key)
    return sorted(found, key=lambda one: -one.definition.version)


def uses(session: Session, actor: Actor, kind: str, key: str, *, locale: str = "zh") -> list[Use]:
    """The steps of processes in force that call a process or begin it by a message, ask a table or show a form.

    Of a table also those tables that require it.
    """
    require(actor)
    english = definitions.labels(session) if locale == "en" else {}
    newest = definitions.all_newest(session, definitions.PROCESS)
    begins = {
        name
        for one in newest
        if (kind, key) == (definitions.PROCESS, one.key)
        for name in _begun_by(definitions.process(session, one.id))
    }
    steps = [
        Use(
            process,
            title_of(process, english, locale),
            element.id,
            english.get(process.key, {}).get(element.id) or element.name or element.id,
        )
        for process in newest
        for element in definitions.process(session, process.id).elements.values()
        if CALLED[kind](element) == key or _throws(element, begins)
    ]
    return [*steps, *(_tables(session, key) if kind == definitions.DECISION else ())]


def _begun_by(process: Process) -> Iterator[str]:
    """The names of the messages that begin a process."""
    for element in process.within[""]:
        if element.type == "startEvent" and element.event:
            yield from (one.name for one in element.event.each if one.kind == "message" and one.name)


def _throws(element: Element, messages: Collection[str]) -> bool:
    return bool(
        element.type in THROWN and element.event and any(one.name in messages for one in element.event.each if one.name)
    )


def _tables(session: Session, key: str) -> Iterator[Use]:
    """The decisions in force that require another, in their own model or an imported one."""
    for one in definitions.all_newest_with_content(session, definitions.DECISION):
        for required in etree.fromstring(one.content, SAFE).iterfind(".//{*}requiredDecision"):
            by = next((up for up in required.iterancestors("{*}decision")), None)
            if required.get("href", "").rpartition("#")[2] == key and by is not None and by.get("id") == one.key:
                yield Use(one, one.name, one.key, str(by.get("name") or one.key))


def _entries(session: Session, query: Select[Definition], locale: str) -> list[Entry]:
    joined = query.join(Deployment, Deployment.id == Definition.deployment_id).add_columns(Deployment)
    rows = session.execute(joined.options(undefer(Definition.content)).order_by(Definition.key)).all()
    names = people.names(session, {deployment.actor for _, deployment in rows})
    english = definitions.labels(session) if locale == "en" else {}
    return [
        Entry(definition, title_of(definition, english, locale), names.get(deployment.actor or ""), deployment.note)
        for definition, deployment in rows
    ]


def title_of(definition: Definition, english: definitions.Labels, locale: str) -> str:
    """What a definition is called in the reader's language."""
    if locale != "en":
        return definition.name
    if definition.kind == definitions.FORM:
        return str(json.loads(definition.content).get("title.en") or definition.name)
    return english.get(definition.key, {}).get(definition.key) or definition.name
