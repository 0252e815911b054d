"""Incidents: steps that failed by themselves. Mend the cause (variables, an operation, the diagram), then retry."""

from sqlalchemy.orm import Session

from engine.errors import N_, Conflict, NotFound
from engine.workflow import instances
from engine.workflow.execution import TokenGone
from engine.workflow.models import Incident


class IncidentUnknown(NotFound):
    """No incident has that number."""

    code = "incident-unknown"
    message = N_("This incident does not exist.")


class IncidentResolved(Conflict):
    """The incident was resolved in the meantime: retried, or its step is no longer there."""

    code = "incident-resolved"
    message = N_("This incident is resolved: the step was tried again, or is no longer needed.")


def retry(session: Session, incident_id: int, *, actor: str | None, reason: str = "") -> Incident:
    """Try the step again. Raises IncidentUnknown, IncidentResolved, InstanceNotActive.

    Should it fail again, that is a new incident.
    """
    found = session.get(Incident, incident_id)
    if found is None:
        raise IncidentUnknown(incident=incident_id)
    instances.locked(session, found.instance_id)
    session.refresh(found)
    if found.resolved_at is not None:
        raise IncidentResolved(incident=incident_id, at=found.resolved_at)
    try:
        instances.retry(session, found.instance_id, found.token_id, actor=actor, reason=reason)
    except TokenGone:
        raise IncidentResolved(incident=incident_id) from None
    return found
