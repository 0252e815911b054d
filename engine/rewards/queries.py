"""Reading the ledger of rewards: line by line in the order of time. Nobody is ranked and no person's sum is shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from engine import events
from engine.cases.models import Case
from engine.cases.permissions import OPEN, scope
from engine.errors import N_, Forbidden
from engine.ids import new_id
from engine.ledger.export import sheet
from engine.people.actor import Actor
from engine.rewards.models import RewardEntry

SEEN_BY = ("duty_officer", "county_officer", "leader", "justice_officer")
"""Who reads a town's ledger; whoever was rewarded reads their own lines."""

EXPORTERS = ("duty_officer", "county_officer")

HEAD = (
    N_("Rewards"), N_("Recorded"), N_("Decided in"), N_("For the matter"), N_("For whom"), N_("Kind"), N_("Points"),
    N_("Rule"), N_("Version of the table"), N_("Why"),
)  # fmt: skip
"""The title of the exported ledger and the names of its columns."""


@dataclass(frozen=True)
class Line:
    """A line of the ledger with the numbers of the case that decided it and of the matter it is about.

    `readable` says whether the case that decided it may be opened.
    """

    entry: RewardEntry
    number: str
    about: str
    readable: bool


def ledger(session: Session, actor: Actor) -> list[Line]:
    """The lines that an actor may read, newest first; a sealed matter is in none."""
    matter = aliased(Case)
    query = (
        select(RewardEntry, Case.number, matter.number, func.coalesce(scope(actor), false()))
        .join(Case, Case.id == RewardEntry.case_id)
        .join(matter, matter.id == RewardEntry.about)
        .where(_seen(actor), OPEN, matter.sealed.is_(False))
        .order_by(RewardEntry.at.desc(), RewardEntry.id.desc())
        .limit(1000)
    )
    return [Line(*row) for row in session.execute(query).all()]


def of_case(session: Session, case_id: UUID) -> list[RewardEntry]:
    """The lines that a case decided, oldest first: what was given, and what was taken back."""
    found = select(RewardEntry).where(RewardEntry.case_id == case_id)
    return list(session.scalars(found.order_by(RewardEntry.at, RewardEntry.id)))


def export(session: Session, actor: Actor, names: Callable[[str, str], str], head: Sequence[str]) -> bytes:
    """The ledger as a sheet; each export is recorded (反形式主义规则 12). Raises Forbidden.

    `head` is its title and the names of its columns, `names` puts a code of a kind in words.
    """
    if not any(actor.has(role) for role in EXPORTERS):
        raise Forbidden
    lines = ledger(session, actor)
    rows = [
        (
            one.entry.at, one.number, one.about, one.entry.for_whom, names("kind", one.entry.what), one.entry.amount,
            one.entry.rule, one.entry.table_version, one.entry.reason,
        )
        for one in lines
    ]  # fmt: skip
    events.record(session, "rewards.exported", new_id(), actor=actor.id, rows=len(rows))
    return sheet(head[0], head[1:], rows)


def _seen(actor: Actor) -> ColumnElement[bool]:
    paths = {held.path for held in actor.memberships if held.role in SEEN_BY}
    parts = [or_(RewardEntry.path == path, RewardEntry.path.startswith(path + "/", autoescape=True)) for path in paths]
    if actor.id:
        parts.append(RewardEntry.person == actor.id)
    return or_(*parts) if parts else false()
