"""What administrators see of all that runs: counts by process, version and step; the list of instances; what waits.

Cases that are sealed show their instances' state and nothing else, so that what is stuck in them can still be freed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.cases.permissions import OPEN, scope
from engine.casework.administration import require_admin
from engine.people.actor import Actor
from engine.workflow import definitions
from engine.workflow.models import Definition, Incident, Instance, TokenPlace
from engine.workflow.selection import ALIVE, Selection, condition

ID = re.compile(r"[0-9a-f]{8,32}")
"""An instance's id, or enough of its beginning to mean something."""


@dataclass(frozen=True)
class Running:
    """A version of a process with how many of its instances are active and suspended, and how many incidents wait."""

    definition: Definition
    newest: bool
    active: int
    suspended: int
    incidents: int


@dataclass(frozen=True)
class Standing:
    """How many tokens are at an element, since when the oldest, and how many of them failed."""

    tokens: int
    since: datetime
    incidents: int


@dataclass(frozen=True)
class Listed:
    """An instance in a list: where its tokens are, how many steps failed; the case's number for whoever may see it."""

    instance: Instance
    definition: Definition
    places: Sequence[tuple[UUID, str]]
    incidents: int
    sealed: bool
    number: str | None


def running(session: Session, actor: Actor) -> list[Running]:
    """Every process with its newest version, and its older ones of which something runs. Raises AdministratorsOnly."""
    require_admin(actor)
    counted = (
        select(Instance.definition_id, Instance.status, func.count())
        .where(Instance.status.in_(ALIVE))
        .group_by(Instance.definition_id, Instance.status)
    )
    alive = {(definition, status): number for definition, status, number in session.execute(counted)}
    failed = _failed_by_version(session)
    newest = {one.id for one in definitions.all_newest(session, definitions.PROCESS)}
    wanted = newest | {definition for definition, _ in alive}
    query = select(Definition).where(Definition.id.in_(wanted)).order_by(Definition.key, Definition.version.desc())
    return [
        Running(
            one, one.id in newest, alive.get((one.id, "active"), 0), alive.get((one.id, "suspended"), 0),
            failed.get(one.id, 0),
        )
        for one in session.scalars(query)
    ]  # fmt: skip


def standing(session: Session, actor: Actor, *definition_ids: UUID) -> dict[str, Standing]:
    """Where tokens are in a version (or several), in instances of its own and of processes that call it."""
    require_admin(actor)
    for one in definition_ids:
        definitions.one(session, one)
    places = (
        select(TokenPlace.element_id, func.count(), func.min(TokenPlace.since))
        .where(TokenPlace.definition_id.in_(definition_ids))
        .group_by(TokenPlace.element_id)
    )
    failed = (
        select(Incident.element_id, func.count())
        .join(TokenPlace, TokenPlace.id == Incident.token_id)
        .where(TokenPlace.definition_id.in_(definition_ids), Incident.resolved_at.is_(None))
        .group_by(Incident.element_id)
    )
    broken = {row[0]: row[1] for row in session.execute(failed)}
    return {
        element: Standing(tokens, since, broken.get(element, 0)) for element, tokens, since in session.execute(places)
    }


def instances(
    session: Session, actor: Actor, selection: Selection, *, before: UUID | None = None, size: int = 25
) -> list[Listed]:
    """Instances that fit, the newest first, from the one after `before` on."""
    require_admin(actor)
    query = select(Instance, Definition, Case.sealed).join(Definition, Definition.id == Instance.definition_id)
    query = query.outerjoin(Case, Case.id == Instance.stream).where(condition(session, selection))
    if before is not None:
        query = query.where(Instance.id < before)
    rows = session.execute(query.order_by(Instance.id.desc()).limit(size)).all()
    return _listed(session, actor, rows)


def named(session: Session, actor: Actor, name: str) -> Selection:
    """The instances that somebody means by the number of a case or the beginning of an instance's id.

    A sealed case has no number here. At most a hundred, the newest.
    """
    require_admin(actor)
    digits = name.strip().lower().replace("-", "")
    if ID.fullmatch(digits):
        meant = Instance.id.between(UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f")))
    else:
        meant = Instance.stream.in_(select(Case.id).where(Case.number == name.strip().upper(), OPEN))
    found = session.scalars(select(Instance.id).where(meant).order_by(Instance.id.desc()).limit(100))
    return Selection(instances=tuple(found) or (UUID(int=0),))


def count(session: Session, actor: Actor, selection: Selection, *, most: int = 10_000) -> int:
    """How many instances fit; no further than `most`, so that the answer comes at once."""
    require_admin(actor)
    found = select(Instance.id).where(condition(session, selection)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def incident_groups(session: Session, actor: Actor, process: str = "") -> list[Row[str, str, str, int, datetime]]:
    """Open incidents by process, step and cause, most first: key, element, code, how many, the oldest."""
    require_admin(actor)
    query = (
        select(Definition.key, Incident.element_id, Incident.code, func.count(), func.min(Incident.at))
        .join(Instance, Instance.id == Incident.instance_id)
        .join(Definition, Definition.id == Instance.definition_id)
        .where(Incident.resolved_at.is_(None))
        .group_by(Definition.key, Incident.element_id, Incident.code)
        .order_by(func.count().desc(), Definition.key, Incident.element_id)
    )
    return list(session.execute(query.where(Definition.key == process) if process else query).all())


def numbers(session: Session, actor: Actor, streams: Sequence[UUID]) -> Mapping[UUID, str]:
    """The numbers of the cases among some streams that the actor may see anyway; sealed ones have none here."""
    query = select(Case.id, Case.number).where(Case.id.in_(streams), OPEN, scope(actor))
    return {row[0]: row[1] for row in session.execute(query)}


def sealed(session: Session, actor: Actor, streams: Sequence[UUID]) -> set[UUID]:
    """Which of some streams are sealed cases: nothing that failed or waits in them says anything."""
    require_admin(actor)
    return set(session.scalars(select(Case.id).where(Case.id.in_(streams), Case.sealed)))


def _failed_by_version(session: Session) -> dict[UUID, int]:
    query = (
        select(Instance.definition_id, func.count())
        .join(Incident, Incident.instance_id == Instance.id)
        .where(Incident.resolved_at.is_(None))
        .group_by(Instance.definition_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _listed(session: Session, actor: Actor, rows: Sequence[Row[Instance, Definition, bool]]) -> list[Listed]:
    ids = [instance.id for instance, _, _ in rows]
    places: dict[UUID, list[tuple[UUID, str]]] = {}
    where = select(TokenPlace.instance_id, TokenPlace.definition_id, TokenPlace.element_id)
    for instance, definition, element in session.execute(where.where(TokenPlace.instance_id.in_(ids))):
        places.setdefault(instance, []).append((definition, element))
    failed = select(Incident.instance_id, func.count()).where(
        Incident.instance_id.in_(ids), Incident.resolved_at.is_(None)
    )
    broken = {row[0]: row[1] for row in session.execute(failed.group_by(Incident.instance_id))}
    known = numbers(session, actor, [instance.stream for instance, _, sealed in rows if not sealed])
    return [
        Listed(
            instance, definition, places.get(instance.id, ()), broken.get(instance.id, 0), bool(sealed),
            known.get(instance.stream),
        )
        for instance, definition, sealed in rows
    ]  # fmt: skip
