"""Writing the ledger of rewards: what a rule gives, never more than the town's cap; corrections beside it."""

from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.models import Case
from engine.errors import N_, Conflict
from engine.ids import new_id
from engine.rewards.models import RewardEntry


class RewardedAlready(Conflict):
    """A matter is rewarded once."""

    code = "rewarded-already"
    message = N_("This matter was rewarded already.")


def record(
    session: Session, case: Case, actor: str | None, *, about: Case, person: str, for_whom: str, what: str,
    points: int, cap: int, rule: str, table_version: int, reason: str,
) -> RewardEntry:  # fmt: skip
    """Write a reward down, cut to what is left of the year's cap in this town. Raises RewardedAlready."""
    # One reward of a town at a time: the sum below must not change meanwhile.
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:town))"), {"town": f"reward {town_of(case.division)}"})
    if is_rewarded(session, about.id):
        raise RewardedAlready(case=about.id)
    left = max(0, cap - given(session, person, town_of(case.division)))
    made = RewardEntry(
        id=new_id(), case_id=case.id, about=about.id, path=town_of(case.division), person=person,
        for_whom=for_whom, what=what,
        amount=min(points, left), rule=rule, table_version=table_version, reason=reason, by=actor, at=clock.now(),
    )  # fmt: skip
    session.add(made)
    _say(session, "reward.recorded", made, actor)
    return made


def reverse(session: Session, entry: RewardEntry, actor: str | None, *, reason: str) -> RewardEntry:
    """Take a reward back with a line of its own; the first one stays. Raises RewardedAlready if it was taken back."""
    if session.scalar(select(RewardEntry.id).where(RewardEntry.reverses == entry.id)):
        raise RewardedAlready(case=entry.about)
    made = RewardEntry(
        id=new_id(), case_id=entry.case_id, about=entry.about, path=entry.path, person=entry.person,
        for_whom=entry.for_whom,
        what=entry.what, amount=-entry.amount, rule=entry.rule, table_version=entry.table_version, reverses=entry.id,
        reason=reason, by=actor, at=clock.now(),
    )  # fmt: skip
    session.add(made)
    _say(session, "reward.reversed", made, actor)
    return made


def is_rewarded(session: Session, about: UUID) -> bool:
    """Whether a matter has a reward that was not taken back."""
    taken_back = select(RewardEntry.reverses).where(RewardEntry.reverses.is_not(None))
    known = select(RewardEntry.id).where(
        RewardEntry.about == about, RewardEntry.reverses.is_(None), RewardEntry.id.not_in(taken_back)
    )
    return session.scalar(known.limit(1)) is not None


def given(session: Session, person: str, town: str) -> int:
    """The points that somebody got in a town this year."""
    year = clock.today().year
    query = select(func.coalesce(func.sum(RewardEntry.amount), 0)).where(
        RewardEntry.person == person, RewardEntry.path == town, func.extract("year", RewardEntry.at) == year
    )
    return int(session.scalar(query) or 0)


def newest(session: Session, case_id: UUID) -> RewardEntry | None:
    """The last reward that a case decided, corrections apart."""
    query = select(RewardEntry).where(RewardEntry.case_id == case_id, RewardEntry.reverses.is_(None))
    return session.scalar(query.order_by(RewardEntry.at.desc()).limit(1))


def town_of(path: str) -> str:
    """The town that a division belongs to: whose rules count and whose money it is."""
    return "/".join(path.split("/")[:2])


def _say(session: Session, kind: str, entry: RewardEntry, actor: str | None) -> None:
    events.record(
        session, kind, entry.case_id, actor=actor, entry=str(entry.id), what=entry.what, points=entry.amount,
        rule=entry.rule, table_version=entry.table_version,
    )  # fmt: skip
