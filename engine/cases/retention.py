"""How long files are kept (个人信息保护法 §19): the table retention.toml, and what is due to be looked at."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.models import (
    Case,
    EmergencyLook,
    Hold,
    Note,
    Party,
    ReceptionBooking,
    Submission,
    Unsealing,
)
from engine.cases.permissions import NotForYourRole, scope
from engine.errors import N_, Conflict
from engine.people.actor import Actor

ERASED = "（保管期满，已删除）"
KEEPERS = ("county_officer", "justice_officer")


class Held(Conflict):
    """The file is held for a court, an inspection, or the person concerned."""

    code = "file-held"
    message = N_("This file is held, and nothing of it may be erased. Let it go first, with a reason.")


class NotDue(Conflict):
    """The file must still be kept."""

    code = "not-due"
    message = N_("This file must still be kept; nothing was erased.")


@dataclass(frozen=True)
class Rule:
    """One line of the table: which closed cases, and for how many years (0: for good)."""

    key: str
    zh: str
    en: str
    years: int
    outcomes: tuple[str, ...]
    kinds: tuple[str, ...]

    def in_words(self) -> str:
        """As the cover of a file says it: how long, and what kind of file."""
        return f"{self.years}年（{self.zh}）" if self.years else f"永久（{self.zh}）"

    def fits(self, case: Case) -> bool:
        """Whether it is about this case."""
        return (not self.outcomes or case.outcome in self.outcomes) and (not self.kinds or case.kind in self.kinds)


@dataclass(frozen=True)
class Due:
    """A closed case whose time is up, since when, and by which rule."""

    case: Case
    since: date
    rule: Rule


@cache
def rules() -> tuple[Rule, ...]:
    """The table, in order."""
    read = tomllib.loads(Path(__file__).with_name("retention.toml").read_text(encoding="utf-8"))
    return tuple(
        Rule(
            one["key"],
            one["name"][0],
            one["name"][1],
            one["years"],
            tuple(one.get("outcomes", ())),
            tuple(one.get("kinds", ())),
        )
        for one in read["rule"]
    )  # fmt: skip


def ends_on(case: Case) -> tuple[date | None, Rule | None]:
    """The day from which a closed file need not be kept, and the rule; None while it is open or kept for good."""
    rule = next((one for one in rules() if one.fits(case)), None)
    if case.closed_at is None or rule is None or not rule.years:
        return None, rule
    closed = case.closed_at.astimezone(clock.ZONE).date()
    day = 28 if (closed.month, closed.day) == (2, 29) else closed.day
    return date(closed.year + rule.years, closed.month, day), rule


def due(session: Session, actor: Actor) -> list[Due]:
    """The closed files whose time is up, of those that the actor keeps, oldest first. Raises NotForYourRole."""
    if not any(actor.has(role) for role in KEEPERS):
        raise NotForYourRole
    shortest = min(one.years for one in rules() if one.years)
    today = clock.today()
    before = clock.now().replace(year=today.year - shortest, day=min(today.day, 28))
    query = select(Case).where(scope(actor), Case.closed_at <= before, Case.words != ERASED).order_by(Case.closed_at)
    return list(_of(session.scalars(query), today))


def erase(session: Session, actor: Actor, case: Case) -> None:
    """Erase what a file says about people; number, kind, dates, outcome and history stay. Raises NotDue, Held."""
    if not any(actor.holds(role, case.division) for role in KEEPERS):
        raise NotForYourRole(case=case.id)
    day, rule = ends_on(case)
    if day is None or rule is None or day > clock.today():
        raise NotDue(case=case.id)
    if session.scalar(select(Hold.id).where(Hold.case_id == case.id, Hold.ended_at.is_(None))):
        raise Held(case=case.id)
    case.words = case.place = ERASED
    for party in session.scalars(select(Party).where(Party.case_id == case.id)):
        party.name, party.phone, party.identity, party.identity_index = ERASED, "", None, None
        party.sex = party.birth_date = party.ethnic_group = party.occupation = party.address = party.powers = None
    for submission in session.scalars(select(Submission).where(Submission.case_id == case.id)):
        submission.answers = {}
    for note in session.scalars(select(Note).where(Note.case_id == case.id)):
        note.words = ERASED
    session.execute(update(ReceptionBooking).where(ReceptionBooking.case_id == case.id).values(moved_because=""))
    # Why it was held, unsealed and opened may name people; that it was, by whom and when stays.
    held = update(Hold).where(Hold.case_id == case.id)  # none that still runs: see above
    session.execute(held.values(reason=ERASED, ended_because=ERASED))
    for kind in (Unsealing, EmergencyLook):
        session.execute(update(kind).where(kind.case_id == case.id).values(reason=ERASED))
    events.record(session, "case.erased", case.id, actor=actor.id, rule=rule.key, ended_on=day.isoformat())


def _of(cases: Iterable[Case], today: date) -> Iterable[Due]:
    for case in cases:
        day, rule = ends_on(case)
        if day is not None and rule is not None and day <= today:
            yield Due(case, day, rule)
