"""The procedures of the house, as the bundles in force describe them (`[start]` of bundle.toml): who may start which.

Adding a procedure is deploying a bundle: nothing here names one.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import permissions
from engine.cases import queries as cases
from engine.cases.commands import classify, require_open
from engine.cases.models import Case
from engine.casework import reporting
from engine.casework.errors import AlreadyRunning, NotForThisCase, ProcedureUnknown
from engine.people.actor import Actor
from engine.workflow import correlation, definitions, instances
from engine.workflow.models import Definition, Instance


@dataclass(frozen=True)
class Procedure:
    """How a procedure begins. `new_case` is the kind of case that it opens, `on_case` the kinds it may be started on.

    `risk` is that of a case which begins here, where no triage says one.
    `needs` names what a case must have: `confirmable_agreement` (民诉法解释 §355 says which are not).
    """

    key: str
    title: str
    title_en: str
    owner: str
    owner_en: str
    law: tuple[str, ...]
    message: str
    roles: frozenset[str]
    public: bool
    new_case: str | None
    on_case: frozenset[str]
    needs: str | None
    risk: str | None

    def may_be_started_by(self, actor: Actor) -> bool:
        """Whether one of the actor's roles starts this, or anybody may."""
        return self.public or any(actor.has(role) for role in self.roles)


_of_deployment: dict[UUID | None, Mapping[str, Procedure]] = {}


def procedures(session: Session) -> Mapping[str, Procedure]:
    """Every procedure that begins with a message, by key; known to the process until something is deployed."""
    deployed = definitions.deployed(session)
    if deployed not in _of_deployment:
        bundles = definitions.all_newest(session, definitions.BUNDLE)
        found = (_read(tomllib.loads(bundle.content.decode())) for bundle in bundles)
        _of_deployment.clear()
        _of_deployment[deployed] = {one.key: one for one in sorted(filter(None, found), key=lambda one: one.key)}
    return _of_deployment[deployed]


def one(session: Session, key: str) -> Procedure:
    """A procedure by its key. Raises ProcedureUnknown."""
    found = procedures(session).get(key)
    if found is None:
        raise ProcedureUnknown(key=key)
    return found


def startable(session: Session, actor: Actor) -> list[Procedure]:
    """The procedures that somebody may start with a new case."""
    return [one for one in procedures(session).values() if one.new_case and one.may_be_started_by(actor)]


def one_startable(session: Session, actor: Actor, key: str) -> Procedure:
    """A procedure that somebody may start with a new case. Raises ProcedureUnknown."""
    found = next((one for one in startable(session, actor) if one.key == key), None)
    if found is None:
        raise ProcedureUnknown(key=key)
    return found


def start(
    session: Session, actor: Actor, key: str, answers: Mapping[str, Any], *, owner: str = ""
) -> reporting.Reported:
    """Open a case and start a procedure on it, without triage. Raises ProcedureUnknown, AnswersInvalid."""
    procedure = one_startable(session, actor, key)
    at_the_window = bool(actor.id) and not actor.has("grid_worker")
    source = "window" if at_the_window else ""
    told = reporting.put_on_ledger(session, actor, answers, owner=owner, source=source, kind=procedure.new_case)
    if procedure.risk:
        classify(session, told.case, actor.id or None, risk=procedure.risk)
    begin(session, actor, procedure, told.case)
    return told


def startable_on(session: Session, actor: Actor, case: Case) -> list[Procedure]:
    """The procedures that somebody who sees a case may start on it now: none before triage has decided."""
    if case.closed_at is not None:
        return []
    running = _running(session, case.id)
    if reporting.INTAKE in running and case.stage != "guidance":
        return []
    return [
        one
        for one in procedures(session).values()
        if case.kind in one.on_case
        and one.key not in running
        and any(actor.holds(role, case.division) for role in one.roles)
        and _has(session, case, one.needs)
    ]


def start_on(session: Session, actor: Actor, case_id: UUID, key: str) -> Case:
    """Start a procedure on a case. Raises CaseUnknown, CaseClosed, AlreadyRunning, NotForThisCase."""
    permissions.visible(session, actor, case_id)
    case = cases.locked(session, case_id)
    require_open(case)
    if key in _running(session, case.id):
        raise AlreadyRunning(case=case_id, key=key)
    procedure = next((one for one in startable_on(session, actor, case) if one.key == key), None)
    if procedure is None:
        raise NotForThisCase(case=case_id, key=key)
    begin(session, actor, procedure, case)
    return case


def begin(session: Session, actor: Actor, procedure: Procedure, case: Case, **more: Any) -> None:
    """Start a procedure on a case, with `more` variables beside the usual ones; whoever calls has asked who may."""
    variables = {
        **more,
        "case_id": str(case.id),
        "level": case.level or reporting.level_of(session, case.division),
        "risk": case.risk,
        "category": case.category,
    }
    home = instances.Home(case.id, case.county, case.division)
    correlation.correlate(session, procedure.message, str(case.id), variables, actor=actor.id or None, home=home)


def _running(session: Session, case_id: UUID) -> set[str]:
    query = select(Definition.key).join(Instance, Instance.definition_id == Definition.id)
    return set(session.scalars(query.where(Instance.stream == case_id, Instance.ended_at.is_(None))))


def _has(session: Session, case: Case, needed: str | None) -> bool:
    match needed:
        case None:
            return True
        case "confirmable_agreement":
            return any(one.confirmable for one in cases.agreements(session, case.id))
    raise ValueError(f"nobody knows what {needed} is")


def _read(said: Mapping[str, Any]) -> Procedure | None:
    begin = said.get("start", {})
    if "message" not in begin:
        return None
    title, owner = said["title"], said.get("owner", "")
    return Procedure(
        key=said["main"].removesuffix(".bpmn"),
        title=title,
        title_en=said.get("title_en", title),
        owner=owner,
        owner_en=said.get("owner_en", owner),
        law=tuple(said.get("law", ())),
        message=begin["message"],
        roles=frozenset(begin.get("roles", ())),
        public=begin.get("public") is True,
        new_case=begin.get("new_case"),
        on_case=frozenset(begin.get("on_case", ())),
        needs=begin.get("needs"),
        risk=begin.get("risk"),
    )
