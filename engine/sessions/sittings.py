"""Sessions, hearings and visits: planned, moved, noted down, cancelled; a signed address for a phone's calendar."""

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import blocklist, permissions
from engine.cases.commands import require_open
from engine.cases.models import Case
from engine.cases.permissions import OPEN, scope
from engine.errors import N_, Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.keys import key
from engine.people.actor import Actor
from engine.people.models import Account
from engine.sessions.models import CalendarLink, Clause, ClauseVersion, QuickNote, Sitting

KINDS = ("session", "hearing", "visit")
SIDES = ("applicant", "respondent", "")
SHORTEST, LONGEST = 15, 480
"""Minutes."""
AHEAD, BEHIND = timedelta(days=366), timedelta(days=30)


class SittingUnknown(NotFound):
    """There is no such sitting, or its case is not for this person to see."""

    code = "sitting-unknown"
    message = N_("There is no such session, hearing or visit that you may see.")


class SittingUnfit(Invalid):
    """A sitting needs a time to come, a length and a place."""

    code = "sitting-unfit"
    message = N_("Say when (from now on, within a year), how long (15 to 480 minutes) and where.")


class SittingClash(Conflict):
    """Whoever leads it leads another one at that time."""

    code = "sitting-clash"
    message = N_("At that time whoever leads it has another one. Choose another time.")


class SittingOff(Conflict):
    """What is cancelled takes place at no other time either."""

    code = "sitting-off"
    message = N_("It is cancelled. Plan a new one.")


class QuickNoteEmpty(Invalid):
    """A quick note without words."""

    code = "quick-note-empty"
    message = N_("Write down what was said.")


@dataclass(frozen=True)
class Planned:
    """A sitting, its case, and the name of whoever leads it."""

    sitting: Sitting
    case: Case
    leader: str


def plan(
    session: Session, actor: Actor, case_id: UUID, *, kind: str, starts_at: datetime, minutes: int, place: str
) -> Sitting:
    """Plan a sitting that the actor leads.

    Raises CaseUnknown, NotForYourRole, CaseClosed, SittingUnfit, SittingClash, WordsBlocked.
    """
    case = permissions.require(session, actor, "sit", case_id)
    require_open(case)
    if kind not in KINDS:
        raise SittingUnfit
    made = Sitting(
        id=new_id(), case_id=case.id, kind=kind, starts_at=starts_at, minutes=minutes,
        place=blocklist.clean(place)[:200], led_by=UUID(actor.id), made_at=clock.now(),
    )  # fmt: skip
    _require_fit(session, made)
    session.add(made)
    events.record(
        session, "sitting.planned", case.id, actor=actor.id, sitting=str(made.id), sitting_kind=kind,
        starts_at=starts_at.isoformat(),
    )  # fmt: skip
    return made


def move(session: Session, actor: Actor, sitting_id: UUID, *, starts_at: datetime, place: str, reason: str) -> Sitting:
    """Move a sitting to another time or place; the reason stands with it.

    Raises SittingUnknown, NotForYourRole, CaseClosed, SittingOff, SittingUnfit, SittingClash, WordsBlocked.
    """
    planned = one(session, actor, sitting_id, to_change=True)
    require_open(planned.case)
    found = planned.sitting
    session.refresh(found, with_for_update=True)
    if found.cancelled_at is not None:
        raise SittingOff(sitting=sitting_id)
    before = found.starts_at
    found.starts_at, found.place = starts_at, blocklist.clean(place)[:200]
    with session.no_autoflush:
        _require_fit(session, found)
    found.moved_at, found.moved_because = clock.now(), blocklist.clean(reason)[:300]
    events.record(
        session, "sitting.moved", planned.case.id, actor=actor.id, sitting=str(found.id), sitting_kind=found.kind,
        was=before.isoformat(), starts_at=starts_at.isoformat(),
    )  # fmt: skip
    return found


def cancel(session: Session, actor: Actor, sitting_id: UUID) -> Sitting:
    """Cancel a sitting. Raises SittingUnknown, NotForYourRole."""
    planned = one(session, actor, sitting_id, to_change=True)
    if planned.sitting.cancelled_at is None:
        planned.sitting.cancelled_at = clock.now()
        events.record(session, "sitting.cancelled", planned.case.id, actor=actor.id, sitting=str(sitting_id))
    return planned.sitting


def note(session: Session, actor: Actor, sitting_id: UUID, *, side: str, words: str) -> QuickNote:
    """Write down what a side says; nobody is stopped for its words. Raises SittingUnknown, NotForYourRole,
    QuickNoteEmpty.
    """
    planned = one(session, actor, sitting_id, to_change=True)
    if not words.strip() or side not in SIDES:
        raise QuickNoteEmpty
    made = QuickNote(
        id=new_id(), sitting_id=planned.sitting.id, side=side, words=words.strip(), by=actor.id, at=clock.now()
    )
    session.add(made)
    blocklist.mark(session, planned.case.id, actor, words)
    return made


def notes(session: Session, sitting_id: UUID) -> list[QuickNote]:
    """What was written down, in its order."""
    return list(session.scalars(select(QuickNote).where(QuickNote.sitting_id == sitting_id).order_by(QuickNote.id)))


def one(session: Session, actor: Actor, sitting_id: UUID, *, to_change: bool = False) -> Planned:
    """A sitting of a case that the actor may see (and sit in); a look into a sealed case is recorded.

    Raises SittingUnknown, NotForYourRole.
    """
    query = _query().where(Sitting.id == sitting_id, scope(actor))
    found = session.execute(query).one_or_none()
    if found is None:
        raise SittingUnknown(sitting=sitting_id)
    if to_change:
        permissions.require(session, actor, "sit", found[1].id)
    else:
        permissions.looked(session, actor, found[1])
    return Planned(*found)


def of_case(session: Session, case_id: UUID) -> list[Planned]:
    """The sittings of a case, the first one first."""
    rows = session.execute(_query().where(Sitting.case_id == case_id).order_by(Sitting.starts_at))
    return [Planned(*row) for row in rows]


def between(session: Session, actor: Actor, first: date, last: date, *, own: bool = False) -> list[Planned]:
    """The sittings from one day to another, both counted: one's own, and unless `own` those of all cases one sees."""
    begin, end = (datetime.combine(day, time(), tzinfo=clock.ZONE) for day in (first, last + timedelta(days=1)))
    mine = and_(Sitting.led_by == UUID(actor.id), scope(actor))
    seen = mine if own else or_(mine, and_(scope(actor), OPEN))
    query = _query().where(Sitting.starts_at >= begin, Sitting.starts_at < end, Sitting.cancelled_at.is_(None), seen)
    return [Planned(*row) for row in session.execute(query.order_by(Sitting.starts_at))]


def address(session: Session, actor: Actor, *, anew: bool = False) -> str:
    """The signed name of one's own calendar; made `anew`, the name before it is worthless."""
    account, now = UUID(actor.id), clock.now()
    new = insert(CalendarLink).values(account_id=account, salt=secrets.token_hex(8), made_at=now)
    changed = {"salt": new.excluded.salt, "made_at": now} if anew else {"account_id": account}
    salt = session.scalar(
        new.on_conflict_do_update(index_elements=["account_id"], set_=changed).returning(CalendarLink.salt)
    )
    return base64.urlsafe_b64encode(account.bytes + _seal(account, salt or "")).decode().rstrip("=")


def of_address(session: Session, name: str) -> list[tuple[Sitting, Case]]:
    """What stands in the calendar of a signed name: what its owner leads. Raises SittingUnknown."""
    try:
        raw = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4))
        account = UUID(bytes=raw[:16])
    except ValueError:
        raise SittingUnknown from None
    salt = session.scalar(
        select(CalendarLink.salt).join(Account, Account.id == CalendarLink.account_id)
        .where(CalendarLink.account_id == account, Account.active)
    )  # fmt: skip
    if salt is None or not hmac.compare_digest(raw[16:], _seal(account, salt)):
        raise SittingUnknown
    since = clock.now() - BEHIND
    query = select(Sitting, Case).join(Case, Case.id == Sitting.case_id)
    query = query.where(Sitting.led_by == account, Sitting.starts_at >= since)
    rows = session.execute(query.order_by(Sitting.starts_at))
    return [(sitting, case) for sitting, case in rows]


def erase(session: Session, case_id: UUID) -> None:
    """Erase what was noted and worded in a case whose time is up; that there was something stays."""
    held = select(Sitting.id).where(Sitting.case_id == case_id)
    session.execute(update(QuickNote).where(QuickNote.sitting_id.in_(held)).values(words="-"))
    session.execute(update(Sitting).where(Sitting.case_id == case_id).values(place="-", moved_because=""))
    clauses = select(Clause.id).where(Clause.case_id == case_id)
    session.execute(update(ClauseVersion).where(ClauseVersion.clause_id.in_(clauses)).values(words="-", who=""))


def _require_fit(session: Session, wanted: Sitting) -> None:
    """Raises SittingUnfit; SittingClash if whoever leads it leads another one then."""
    starts_at, now = wanted.starts_at, clock.now()
    if not now <= starts_at <= now + AHEAD or not SHORTEST <= wanted.minutes <= LONGEST or not wanted.place:
        raise SittingUnfit
    # Whoever leads it is locked, so that two plans of one person do not pass each other.
    session.get_one(Account, wanted.led_by, with_for_update=True)
    near = select(Sitting).where(
        Sitting.led_by == wanted.led_by, Sitting.cancelled_at.is_(None), Sitting.id != wanted.id,
        Sitting.starts_at < starts_at + timedelta(minutes=wanted.minutes),
        Sitting.starts_at > starts_at - timedelta(minutes=LONGEST),
    )  # fmt: skip
    if any(one.starts_at + timedelta(minutes=one.minutes) > starts_at for one in session.scalars(near)):
        raise SittingClash


def _query() -> Select[Sitting, Case, str]:
    return (
        select(Sitting, Case, Account.name)
        .join(Case, Case.id == Sitting.case_id)
        .join(Account, Account.id == Sitting.led_by)
    )


def _seal(account: UUID, salt: str) -> bytes:
    return hmac.digest(key("calendar"), account.bytes + salt.encode(), "sha256")[:16]
