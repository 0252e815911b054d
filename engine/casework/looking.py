"""One instance as an administrator looks at it: tokens, variables, what it waits for, why it went the way it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import events
from engine.cases.models import Case
from engine.casework import cockpit
from engine.casework.administration import require_admin
from engine.dmn import sheet
from engine.events import Event
from engine.people import queries as people
from engine.people.actor import Actor
from engine.workflow import definitions, instances
from engine.workflow.bpmn import Process
from engine.workflow.errors import DefinitionUnknown, InstanceUnknown
from engine.workflow.inspecting import LiveToken
from engine.workflow.models import Definition, Incident, Instance, ServiceJob, UserTask

SHOWN = 200
"""How many events of an instance's history are shown, the newest ones."""


@dataclass(frozen=True)
class Choice:
    """A flow that a gateway took, and the condition that held; none: it was the default, or needed none."""

    flow_id: str
    to: str
    condition: str | None
    default: bool


@dataclass(frozen=True)
class Rule:
    """A rule of a decision table that fired: its number or id, and what stands in its cells."""

    decision: str
    rule: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Stage:
    """Something on the way of tokens: what happened at which element, and what decided it."""

    kind: str
    element_id: str
    definition_id: UUID
    choices: Sequence[Choice] = ()
    decision: str = ""
    version: int | None = None
    rules: Sequence[Rule] = ()


@dataclass(frozen=True)
class Chapter:
    """An event of an instance: who or what moved it, why, and what came of it."""

    at: datetime
    kind: str
    by: str | None
    reason: str
    facts: Mapping[str, Any]
    stages: Sequence[Stage]


@dataclass(frozen=True)
class InstanceView:
    """All that an administrator may see of an instance; of a sealed case only its state."""

    instance: Instance
    definition: Definition
    sealed: bool
    number: str | None
    tokens: Sequence[LiveToken]
    tasks: Mapping[UUID, UserTask] = field(default_factory=dict)
    jobs: Sequence[ServiceJob] = ()
    incidents: Sequence[Incident] = ()
    history: Sequence[Chapter] = ()
    names: Mapping[str, str] = field(default_factory=dict)


def one(session: Session, actor: Actor, instance_id: UUID) -> InstanceView:
    """An instance. Raises AdministratorsOnly, InstanceUnknown."""
    require_admin(actor)
    found = session.get(Instance, instance_id)
    if found is None:
        raise InstanceUnknown(instance=instance_id)
    definition = definitions.one(session, found.definition_id)
    tokens = [] if found.ended_at else instances.restore(session, found).tokens()
    failed = select(Incident).where(Incident.instance_id == found.id, Incident.resolved_at.is_(None))
    incidents = session.scalars(failed.order_by(Incident.id)).all()
    if session.scalar(select(Case.sealed).where(Case.id == found.stream)):
        return InstanceView(found, definition, True, None, [bare(token) for token in tokens], incidents=incidents)
    open_tasks = select(UserTask).where(UserTask.instance_id == found.id, UserTask.state == "open")
    tasks = {task.id: task for task in session.scalars(open_tasks)}
    jobs = select(ServiceJob).where(ServiceJob.instance_id == found.id).order_by(ServiceJob.created_at.desc())
    history = _history(session, found)
    return InstanceView(
        instance=found,
        definition=definition,
        sealed=False,
        number=cockpit.numbers(session, actor, [found.stream]).get(found.stream),
        tokens=tokens,
        tasks=tasks,
        jobs=session.scalars(jobs.limit(SHOWN)).all(),
        incidents=incidents,
        history=history,
        names=people.names(session, {*(task.assignee for task in tasks.values()), *(one.by for one in history)}),
    )


def bare(token: LiveToken) -> LiveToken:
    """A token without anything that it knows, as one of a sealed case is shown."""
    return LiveToken(
        token.id, token.around, token.process_ref, token.element_id, token.waits_for, token.due, None, None,
        token.armed, {},
    )  # fmt: skip


def _history(session: Session, instance: Instance) -> list[Chapter]:
    events.write(session)
    happened = select(Event).where(Event.stream == instance.stream, Event.instance == instance.id)
    rows = session.scalars(happened.order_by(Event.position.desc()).limit(SHOWN)).all()
    rules = _Rules(session)
    return [
        Chapter(
            row.at, row.kind, row.actor, str(row.data.get("reason") or ""),
            {name: value for name, value in row.data.items() if name not in ("path", "reason", "definition")},
            _stages(session, UUID(row.data.get("definition") or str(instance.definition_id)), row.data, rules),
        )
        for row in rows
    ]  # fmt: skip


def _stages(session: Session, own: UUID, told: Mapping[str, Any], rules: "_Rules") -> list[Stage]:
    """What an event says of the way; `own` is the version that the instance ran under then."""
    found = []
    for kind, element, *more in told.get("path", ()):
        data = more[0] if more else {}
        definition_id = UUID(data["ref"]) if "ref" in data else own
        why = data.get("why") or {}
        found.append(
            Stage(
                kind, element, definition_id,
                choices=_choices(definitions.process(session, definition_id), element, data.get("flows", ())),
                decision=why.get("decision", ""),
                version=why.get("version"),
                rules=rules.of(why),
            )
        )  # fmt: skip
    return [one for one in found if one.kind != "flow.taken"]


def _choices(process: Process, element_id: str, flows: Sequence[str]) -> list[Choice]:
    element = process.elements.get(element_id)
    known = [process.flows[flow] for flow in flows if flow in process.flows]
    return [
        Choice(
            flow.id, flow.target, flow.condition.source if flow.condition else None,
            element is not None and element.default == flow.id,
        )
        for flow in known
    ]  # fmt: skip


class _Rules:
    """The rules of decision tables, each version read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: dict[tuple[str, int], Mapping[str, Sequence[tuple[str, Sequence[str]]]]] = {}

    def of(self, why: Mapping[str, Any]) -> list[Rule]:
        """The rules that an explanation names, with their cells where they can be found."""
        fired: Mapping[str, Sequence[Any]] = why.get("rules") or {}
        sheets = self._sheets(why["decision"], why["version"]) if fired else {}
        found = []
        for decision, names in fired.items():
            rows = sheets.get(decision, ())
            for name in names:
                cells = next((cells for key, cells in rows if key == str(name)), ())
                number = next(
                    (str(place) for place, (key, _) in enumerate(rows, start=1) if key == str(name)), str(name)
                )
                found.append(Rule(decision, number, cells))
        return found

    def _sheets(self, key: str, version: int) -> Mapping[str, Sequence[tuple[str, Sequence[str]]]]:
        if (key, version) not in self._read:
            self._read[key, version] = self._look(key, version)
        return self._read[key, version]

    def _look(self, key: str, version: int) -> Mapping[str, Sequence[tuple[str, Sequence[str]]]]:
        try:
            found = definitions.version(self._session, definitions.DECISION, key, number=version)
        except DefinitionUnknown:
            return {}
        rows = {}
        for one in sheet.sheets(found.content):
            rows[one.id] = rows[one.table] = [(str(row.id), row.cells) for row in one.rows]
        return rows
