"""Reading the register and the rosters: who is there, how many of how many, who stands when, where nobody does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.cases.permissions import scope
from engine.people.actor import Actor
from engine.volunteers.commands import KEEPERS
from engine.volunteers.models import Shift, Stand, Volunteer

TARGETS = {"mediator": 100, "publicist": 1000, "red_armband": 10000}
"""“百千万”工程: what the county wants to reach."""

SEEN_BY = (*KEEPERS, "grid_worker", "police", "leader")
AHEAD = timedelta(days=28)


@dataclass(frozen=True)
class Strength:
    """A roster's people now: everybody once, whatever number of rosters name them; how many were trained."""

    kind: str
    active: int
    trained: int
    target: int


@dataclass(frozen=True)
class Standing:
    """Somebody in a shift."""

    stand: Stand
    volunteer: Volunteer


@dataclass(frozen=True)
class Watch:
    """A shift with who stands in it; `missing` is how many more it needs, `readable` whether its case may be opened."""

    shift: Shift
    number: str
    readable: bool
    people: Sequence[Standing]

    @property
    def missing(self) -> int:
        """How many people it still needs."""
        return max(0, self.shift.needed - sum(one.stand.state == "assigned" for one in self.people))


def strengths(session: Session, actor: Actor) -> list[Strength]:
    """How many there are of each roster in the actor's divisions; a name and phone twice are one person."""
    person = func.concat(Volunteer.name, " ", Volunteer.phone)
    counted = select(
        Volunteer.kind,
        func.count(func.distinct(person)),
        func.count(func.distinct(person)).filter(Volunteer.trained_on.is_not(None)),
    )
    rows = session.execute(
        counted.where(Volunteer.to_day.is_(None), _within(actor, Volunteer)).group_by(Volunteer.kind)
    )
    found: Mapping[str, tuple[int, int]] = {kind: (active, trained) for kind, active, trained in rows}
    return [Strength(kind, *found.get(kind, (0, 0)), target) for kind, target in TARGETS.items()]


def register(session: Session, actor: Actor, *, kind: str | None = None) -> list[Volunteer]:
    """The volunteers of the actor's divisions, by roster and name; those who left are not among them."""
    query = select(Volunteer).where(Volunteer.to_day.is_(None), _within(actor, Volunteer))
    if kind:
        query = query.where(Volunteer.kind == kind)
    return list(session.scalars(query.order_by(Volunteer.kind, Volunteer.name).limit(500)))


def watches(session: Session, actor: Actor, *, since: datetime | None = None) -> list[Watch]:
    """The shifts of the next four weeks in the actor's divisions, soonest first."""
    begin = since or clock.now()
    query = select(Shift, Case.number, func.coalesce(scope(actor), false())).join(Case, Case.id == Shift.case_id)
    query = query.where(Shift.ends_at > begin, Shift.starts_at < begin + AHEAD, Shift.ended_at.is_(None))
    rows = session.execute(query.where(_within(actor, Shift)).order_by(Shift.starts_at).limit(500)).all()
    people = _people(session, [shift.id for shift, _, _ in rows])
    return [Watch(shift, number, readable, people.get(shift.id, ())) for shift, number, readable in rows]


def of_case(session: Session, case_id: UUID) -> list[Watch]:
    """The shifts that a roster made, soonest first, for its papers: whoever asks reads the case already."""
    query = select(Shift, Case.number).join(Case, Case.id == Shift.case_id).where(Shift.case_id == case_id)
    rows = session.execute(query.order_by(Shift.starts_at, Shift.place)).all()
    people = _people(session, [shift.id for shift, _ in rows])
    return [Watch(shift, number, True, people.get(shift.id, ())) for shift, number in rows]


def _people(session: Session, shifts: Sequence[UUID]) -> Mapping[UUID, Sequence[Standing]]:
    people: dict[UUID, list[Standing]] = {}
    joined = select(Stand, Volunteer).join(Volunteer, Volunteer.id == Stand.volunteer_id)
    for stand, volunteer in session.execute(joined.where(Stand.shift_id.in_(shifts)).order_by(Volunteer.name)).all():
        people.setdefault(stand.shift_id, []).append(Standing(stand, volunteer))
    return people


def may_keep(actor: Actor) -> bool:
    """Whether somebody keeps a register and rosters somewhere."""
    return any(actor.has(role) for role in KEEPERS)


def _within(actor: Actor, model: type[Volunteer] | type[Shift]) -> ColumnElement[bool]:
    paths = {held.path for held in actor.memberships if held.role in SEEN_BY}
    parts = [or_(model.path == path, model.path.startswith(path + "/", autoescape=True)) for path in paths]
    return or_(*parts) if parts else false()
