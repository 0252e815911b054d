"""One change of one running instance by its name: what it would do, and then doing it.

Foreseeing does it for real in a savepoint, looks at what came of it, and takes it back: no second set of rules.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine import clock, events
from engine.casework import administration, bulk, cockpit, correcting, looking
from engine.people.actor import Actor
from engine.workflow import instances, trying
from engine.workflow.inspecting import LiveToken
from engine.workflow.models import Instance

Given = Mapping[str, Any]
FORESEEN = "foreseen"
"""The reason of what is taken back at once."""


@dataclass(frozen=True)
class Foreseen:
    """What a change would do: the tokens that go, come and stay, the steps done by themselves, what fails, and why.

    Of a sealed case tokens tell nothing that they know, and failures no reason.
    """

    status: str
    gone: Sequence[LiveToken]
    come: Sequence[LiveToken]
    stay: Sequence[LiveToken]
    steps: Sequence[str]
    failed: Mapping[str, str | None]


def do(
    session: Session, actor: Actor, instance_id: UUID, act: str, given: Given, reason: str, version: int | None
) -> Instance:
    """Change an instance. Raises what the act raises, AdministratorsOnly, Outdated, ReasonMissing among it."""
    return ACTS[act](session, actor, instance_id, given, reason, version)


def foresee(session: Session, actor: Actor, instance_id: UUID, act: str, given: Given, version: int | None) -> Foreseen:
    """What a change would do, or the refusal with which it would end; nothing is changed."""
    found = administration.seen(session, actor, instance_id, version)
    before = _tokens(session, found)
    with trying.taken_back(session):
        ACTS[act](session, actor, instance_id, given, FORESEEN, version)
        path = [entry for event in events.recorded(session, found.id) for entry in event["data"].get("path", ())]
        after, failed = _tokens(session, found), _failed(session, found)
        status = found.status
    if cockpit.sealed(session, actor, [found.stream]):
        before, after = [looking.bare(one) for one in before], [looking.bare(one) for one in after]
        failed = dict.fromkeys(failed)
    known, left = {one.id for one in before}, {one.id for one in after}
    return Foreseen(
        status,
        [one for one in before if one.id not in left],
        [one for one in after if one.id not in known],
        [one for one in after if one.id in known],
        [entry[1] for entry in path if entry[0] == "element.completed"],
        failed,
    )


def _tokens(session: Session, instance: Instance) -> list[LiveToken]:
    if instance.ended_at is not None:
        return []
    return [one for one in instances.restore(session, instance).tokens() if one.element_id]


def _failed(session: Session, instance: Instance) -> dict[str, str | None]:
    return {one.element_id: one.message for one in instances.restore(session, instance).incidents}


def _cancel(
    session: Session, actor: Actor, instance_id: UUID, given: Given, reason: str, version: int | None
) -> Instance:
    return administration.cancel(session, actor, instance_id, reason, version=version)


def _suspend(
    session: Session, actor: Actor, instance_id: UUID, given: Given, reason: str, version: int | None
) -> Instance:
    return administration.suspend(session, actor, instance_id, reason, version=version)


def _resume(
    session: Session, actor: Actor, instance_id: UUID, given: Given, reason: str, version: int | None
) -> Instance:
    return administration.resume(session, actor, instance_id, reason, version=version)


def _retry(
    session: Session, actor: Actor, instance_id: UUID, given: Given, reason: str, version: int | None
) -> Instance:
    found = administration.seen(session, actor, instance_id, version)
    administration.retry(session, actor, given["incident"], reason, of=instance_id)
    return found


def _variables(
    session: Session, actor: Actor, instance_id: UUID, given: Given, reason: str, version: int | None
) -> Instance:
    return administration.set_variables(
        session, actor, instance_id, given["variables"], reason, scope=given.get("scope"), version=version
    )


def _modify(
    session: Session, actor: Actor, instance_id: UUID, given: Given, reason: str, version: int | None
) -> Instance:
    return correcting.modify(
        session, actor, instance_id, take=given.get("take", ()), add=given.get("add", ()), move=given.get("move", ()),
        reason=reason, version=version,
    )  # fmt: skip


def _migrate(
    session: Session, actor: Actor, instance_id: UUID, given: Given, reason: str, version: int | None
) -> Instance:
    return bulk.migrate(
        session, actor, instance_id, given["definition"], given.get("mapping", {}), reason,
        restart_timers=given.get("restart_timers", False), version=version,
    )  # fmt: skip


def _return(
    session: Session, actor: Actor, instance_id: UUID, given: Given, reason: str, version: int | None
) -> Instance:
    return correcting.return_as_administrator(
        session, actor, instance_id, given["task"], given["to"], reason, version=version
    )


def _timer(
    session: Session, actor: Actor, instance_id: UUID, given: Given, reason: str, version: int | None
) -> Instance:
    due = given.get("due") or clock.now()
    return administration.move_timer(session, actor, instance_id, given["token"], due, reason, version=version)


ACTS: Mapping[str, Callable[[Session, Actor, UUID, Given, str, int | None], Instance]] = {
    "cancel": _cancel,
    "suspend": _suspend,
    "resume": _resume,
    "retry": _retry,
    "variables": _variables,
    "modify": _modify,
    "migrate": _migrate,
    "return": _return,
    "timer": _timer,
}
"""What can be done to one instance, each with what is `given` for it."""
