"""Being away, and who covers: for some days a colleague sees and does what was taken on by whoever is away.

Nobody gets rights that they did not have: the cover holds a role of the absent in the same division or above it, and
does those tasks alone that this role may take.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.errors import N_, Invalid, NotFound
from engine.ids import new_id
from engine.people import queries
from engine.people.actor import Actor
from engine.people.models import Absence, Account, Membership

LONGEST = timedelta(days=366)


class AbsenceUnfit(Invalid):
    """The days of an absence cannot be so."""

    code = "absence-unfit"
    message = N_("Choose days from today on: the last not before the first, and at most a year.")


class CoverUnfit(Invalid):
    """The cover is no colleague with a role of the absent."""

    code = "cover-unfit"
    message = N_("Choose a colleague who holds one of your roles where you hold it.")


class AbsenceUnknown(NotFound):
    """There is no such absence of this person, or it is over."""

    code = "absence-unknown"
    message = N_("There is no such absence of yours that is not over.")


@dataclass(frozen=True)
class Listed:
    """An absence with the names of both."""

    absence: Absence
    absent: str
    cover: str


def announce(session: Session, actor: Actor, cover: UUID, from_day: date, to_day: date) -> Absence:
    """Be away from a day to another, both counted, with a colleague as cover. Raises AbsenceUnfit, CoverUnfit."""
    today = clock.today()
    if not today <= to_day or not from_day <= to_day or from_day < today or to_day - from_day > LONGEST:
        raise AbsenceUnfit
    if cover not in {one.id for one in possible_covers(session, actor)}:
        raise CoverUnfit
    made = Absence(
        id=new_id(), account_id=UUID(actor.id), cover_id=cover, from_day=from_day, to_day=to_day, made_at=clock.now()
    )
    session.add(made)
    events.record(
        session, "absence.announced", made.id, actor=actor.id, cover=str(cover), from_day=from_day.isoformat(),
        to_day=to_day.isoformat(),
    )  # fmt: skip
    return made


def end(session: Session, actor: Actor, absence_id: UUID) -> Absence:
    """Be back, or not go. Raises AbsenceUnknown."""
    found = session.get(Absence, absence_id, with_for_update=True)
    if found is None or str(found.account_id) != actor.id or found.ended_at is not None:
        raise AbsenceUnknown(absence=absence_id)
    found.ended_at = clock.now()
    events.record(session, "absence.ended", found.id, actor=actor.id)
    return found


def possible_covers(session: Session, actor: Actor) -> list[Account]:
    """Who can cover for somebody, by name."""
    found = {
        one.id: one for held in actor.memberships for one in queries.holders(session, [held.role], held.path)
    }  # fmt: skip
    found.pop(UUID(actor.id), None)
    return sorted(found.values(), key=lambda one: one.name)


def there(session: Session, role: str, first: date, last: date) -> dict[date, set[str]]:
    """In which divisions somebody who holds a role is there, or covered by somebody who is, on each of some days."""
    span = (Absence.from_day <= last, Absence.to_day >= first, Absence.ended_at.is_(None))
    away = session.scalars(select(Absence).where(*span)).all()
    held = select(Membership).join(Account, Account.id == Membership.account_id).where(Account.active)
    held = held.where(Membership.role == role, Membership.from_day <= last)
    posts = session.scalars(held.where(Membership.to_day.is_(None) | (Membership.to_day >= first))).all()
    open_accounts = queries.active(session, {str(one.cover_id) for one in away})
    found: dict[date, set[str]] = {}
    for day in (first + timedelta(days=ahead) for ahead in range((last - first).days + 1)):
        gone = {one.account_id: one.cover_id for one in away if one.from_day <= day <= one.to_day}
        acts = {one for one, cover in gone.items() if cover not in gone and str(cover) in open_accounts}
        found[day] = {
            one.path for one in posts
            if one.from_day <= day and (one.to_day is None or one.to_day >= day)
            and (one.account_id not in gone or one.account_id in acts)
        }  # fmt: skip
    return found


def of(session: Session, actor: Actor) -> Sequence[Listed]:
    """The absences of somebody and those that they cover, that are not over, the first one first."""
    own = UUID(actor.id)
    query = select(Absence).where(
        or_(Absence.account_id == own, Absence.cover_id == own),
        Absence.ended_at.is_(None),
        Absence.to_day >= clock.today(),
    )
    found = session.scalars(query.order_by(Absence.from_day)).all()
    names = queries.names(session, (str(key) for one in found for key in (one.account_id, one.cover_id)))
    return [Listed(one, names.get(str(one.account_id), ""), names.get(str(one.cover_id), "")) for one in found]
