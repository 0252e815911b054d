"""What administrators do to running processes: start, end, rest, mend. Each with a reason, each in the history.

They see where tokens are and why a step failed, never what a case is about.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine import feel
from engine.cases import blocklist
from engine.cases.models import Case
from engine.cases.permissions import CaseUnknown
from engine.casework.errors import AdministratorsOnly, Outdated, ReasonMissing
from engine.casework.reporting import home_of
from engine.people.actor import Actor
from engine.workflow import conditions, correlation, definitions, incidents, instances
from engine.workflow.incidents import IncidentUnknown
from engine.workflow.models import Incident, Instance


def require_admin(actor: Actor) -> None:
    """Raises AdministratorsOnly."""
    if not actor.has("admin"):
        raise AdministratorsOnly


def reasoned(reason: str) -> str:
    """A reason without the spaces around it, for a record that is never changed. Raises ReasonMissing, WordsBlocked."""
    if not reason.strip():
        raise ReasonMissing
    return blocklist.clean(reason)


def start(
    session: Session,
    actor: Actor,
    key: str,
    variables: Mapping[str, Any],
    *,
    version: int | None = None,
    version_tag: str | None = None,
    definition_id: UUID | None = None,
    case_id: UUID | None = None,
) -> Instance:
    """Start a process: its newest version, or the one of a number, tag or id; for a case, or by itself.

    Raises AdministratorsOnly, DefinitionUnknown, CaseUnknown.
    """
    require_admin(actor)
    found = definitions.version(
        session, definitions.PROCESS, key, number=version, tag=version_tag, definition_id=definition_id
    )
    case = session.get(Case, case_id) if case_id else None
    if case_id and case is None:
        raise CaseUnknown(case=case_id)
    home = home_of(case) if case else None
    given = feel.from_json(variables)
    return instances.start(session, key, given, actor=actor.id, home=home, definition_id=found.id)


def cancel(session: Session, actor: Actor, instance_id: UUID, reason: str, *, version: int | None = None) -> Instance:
    """End an instance at once.

    Raises AdministratorsOnly, InstanceUnknown, InstanceNotActive, Outdated, ReasonMissing.
    """
    found = seen(session, actor, instance_id, version)
    instances.cancel(session, instance_id, actor=actor.id, reason=reasoned(reason))
    return found


def suspend(session: Session, actor: Actor, instance_id: UUID, reason: str, *, version: int | None = None) -> Instance:
    """Let an instance rest. Raises as `cancel`."""
    found = seen(session, actor, instance_id, version)
    instances.suspend(session, instance_id, actor=actor.id, reason=reasoned(reason))
    return found


def resume(session: Session, actor: Actor, instance_id: UUID, reason: str, *, version: int | None = None) -> Instance:
    """Wake an instance that rests. Raises as `cancel`."""
    found = seen(session, actor, instance_id, version)
    instances.resume(session, instance_id, actor=actor.id, reason=reasoned(reason))
    return found


def set_variables(
    session: Session,
    actor: Actor,
    instance_id: UUID,
    variables: Mapping[str, Any],
    reason: str,
    *,
    scope: UUID | None = None,
    version: int | None = None,
) -> Instance:
    """Change variables of an instance, or those local to one of its tokens. Raises TokenUnknown besides `cancel`'s."""
    found = seen(session, actor, instance_id, version)
    instances.set_variables(
        session, instance_id, feel.from_json(variables), actor=actor.id, reason=reasoned(reason), scope=scope
    )
    return found


def move_timer(
    session: Session,
    actor: Actor,
    instance_id: UUID,
    token_id: UUID,
    due: datetime,
    reason: str,
    *,
    version: int | None = None,
) -> Instance:
    """Let a timer be due at another moment; one that is past fires now. Raises TokenUnknown, TimerOfLaw too."""
    found = seen(session, actor, instance_id, version)
    instances.move_timer(session, instance_id, token_id, due, actor=actor.id, reason=reasoned(reason))
    return found


def retry(session: Session, actor: Actor, incident_id: int, reason: str, *, of: UUID | None = None) -> Incident:
    """Try a failed step again, after its cause is mended; one `of` an instance. Raises IncidentUnknown too."""
    require_admin(actor)
    known = session.get(Incident, incident_id)
    if known is None or of not in (None, known.instance_id):
        raise IncidentUnknown(incident=incident_id)
    return incidents.retry(session, incident_id, actor=actor.id, reason=reasoned(reason))


def broadcast(session: Session, actor: Actor, name: str, variables: Mapping[str, Any], reason: str) -> int:
    """Let every instance that waits for a signal hear it. Returns how many did."""
    require_admin(actor)
    return correlation.broadcast(
        session, name, feel.from_json(variables), actor=actor.id, facts={"reason": reasoned(reason)}
    )


def tell(session: Session, actor: Actor, facts: Mapping[str, Any], reason: str) -> list[Instance]:
    """Tell facts of the world; whatever process starts by a condition that they make true begins."""
    require_admin(actor)
    return conditions.tell(session, feel.from_json(facts), actor=actor.id, said={"reason": reasoned(reason)})


def seen(session: Session, actor: Actor, instance_id: UUID, version: int | None) -> Instance:
    """An instance, locked for an administrator's command, as it was when they looked at it."""
    require_admin(actor)
    found = instances.locked(session, instance_id)
    if version is not None and version != found.version:
        raise Outdated(instance=instance_id)
    return found
