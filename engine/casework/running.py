"""The process instances of a case: which run, which have ended, where their tokens are. Never their variables."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import queries as cases
from engine.casework import cockpit
from engine.errors import NotFound
from engine.people.actor import Actor
from engine.workflow import definitions, instances
from engine.workflow.bpmn import Element
from engine.workflow.errors import InstanceUnknown
from engine.workflow.models import Definition, Incident, Instance


@dataclass(frozen=True)
class TokenAt:
    """A token, and the step it is at, in the instance's own diagram or in one that it called."""

    id: UUID
    element: Element
    definition_id: UUID


@dataclass(frozen=True)
class Running:
    """An instance with its tokens, and the steps that failed and wait for somebody to try again.

    `sealed`: whoever looks may know its state, but not why a step failed.
    """

    instance: Instance
    definition: Definition
    tokens: Sequence[TokenAt]
    incidents: Sequence[Incident]
    sealed: bool = False


def instances_of_case(session: Session, actor: Actor, case_id: UUID) -> list[Running]:
    """The instances of a case, oldest first. Raises CaseUnknown; a look into a sealed case is recorded."""
    case = cases.case(session, actor, case_id)
    found = select(Instance).where(Instance.stream == case.id).order_by(Instance.started_at, Instance.id)
    return [_running(session, one) for one in session.scalars(found)]


def one_instance(session: Session, actor: Actor, instance_id: UUID) -> Running:
    """An instance of a case that the actor may see; administrators see every one, and nothing of its case.

    Raises InstanceUnknown.
    """
    found = session.get(Instance, instance_id)
    if found is None or not _may_see(session, actor, found):
        raise InstanceUnknown(instance=instance_id)
    sealed = actor.has("admin") and found.stream in cockpit.sealed(session, actor, [found.stream])
    return replace(_running(session, found), sealed=sealed)


def _may_see(session: Session, actor: Actor, instance: Instance) -> bool:
    if actor.has("admin"):
        return True
    try:
        cases.case(session, actor, instance.stream)
    except NotFound:
        return False
    return True


def _running(session: Session, instance: Instance) -> Running:
    tokens = []
    for place in instances.restore(session, instance).places():
        definition_id = UUID(place.process_ref)
        element = definitions.process(session, definition_id).elements[place.element_id]
        tokens.append(TokenAt(place.token_id, element, definition_id))
    failed = select(Incident).where(Incident.instance_id == instance.id, Incident.resolved_at.is_(None))
    return Running(
        instance,
        session.get_one(Definition, instance.definition_id),
        tokens,
        session.scalars(failed.order_by(Incident.id)).all(),
    )
