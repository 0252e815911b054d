"""Visits of a campaign to the households of the register (入户): done, not home, refused; counted, of nobody's doing.

Nothing about the people is written down again. The list ends with the campaign; what stays of it are counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, false, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine import events
from engine.cases.commands import CaseClosed
from engine.cases.models import Case
from engine.cases.permissions import OPEN, CaseUnknown
from engine.errors import N_, Invalid
from engine.ids import new_id
from engine.people.actor import Actor
from engine.registers.households import KEEPERS, kept, one
from engine.registers.models import Household, HouseholdVisit
from engine.territory.queries import is_within

STATES = ("done", "not_home", "refused")
"""What a visit came to; that somebody refuses has no consequence for them."""
CAMPAIGN = "campaign"


class VisitUnfit(Invalid):
    """A visit was done, nobody was home, or they did not want it."""

    code = "visit-unfit"
    message = N_("Say what the visit came to: done, nobody home, or not wanted.")


@dataclass(frozen=True)
class Checklist:
    """The households of a campaign that an actor keeps, what the visit to each came to, and how many of each there are.

    `counts` has every state and `open`. Of a campaign that has ended there are counts alone.
    """

    campaign: Case
    households: Sequence[Household]
    states: Mapping[UUID, str]
    counts: Mapping[str, int]


def running(session: Session, actor: Actor) -> list[Case]:
    """The campaigns that run where an actor keeps the register, the newest first."""
    query = select(Case).where(Case.kind == CAMPAIGN, OPEN, Case.closed_at.is_(None), _near(actor))
    return list(session.scalars(query.order_by(Case.id.desc()).limit(50)))


def checklist(session: Session, actor: Actor, case_id: UUID) -> Checklist:
    """The households to visit in a campaign. Raises CaseUnknown."""
    campaign = _campaign(session, actor, case_id)
    if campaign.closed_at is not None:
        counted = select(HouseholdVisit.state, func.count()).where(HouseholdVisit.case_id == campaign.id)
        rows = session.execute(counted.group_by(HouseholdVisit.state))
        return Checklist(campaign, (), {}, {**dict.fromkeys(STATES, 0), **{row[0]: row[1] for row in rows}})
    here = or_(Household.path == campaign.division, Household.path.startswith(campaign.division + "/"))
    query = select(Household).where(kept(actor), here)
    found = session.scalars(query.order_by(Household.path, Household.village_group, Household.address)).all()
    marks = select(HouseholdVisit.household_id, HouseholdVisit.state).where(HouseholdVisit.case_id == campaign.id)
    known = {household: state for household, state in session.execute(marks) if household}
    states = {household.id: known[household.id] for household in found if household.id in known}
    counts = {state: sum(mark == state for mark in states.values()) for state in STATES}
    return Checklist(campaign, found, states, {**counts, "open": len(found) - len(states)})


def mark(session: Session, actor: Actor, case_id: UUID, household_id: UUID, state: str) -> None:
    """Say what the visit to a household came to; an empty state takes it back.

    Raises CaseUnknown, CaseClosed, HouseholdUnknown, VisitUnfit.
    """
    campaign = _campaign(session, actor, case_id)
    if campaign.closed_at is not None:
        raise CaseClosed(case=case_id)
    if state not in (*STATES, ""):
        raise VisitUnfit
    household = one(session, actor, household_id)
    if not is_within(household.path, campaign.division):
        raise CaseUnknown(case=case_id)
    here = (HouseholdVisit.case_id == campaign.id) & (HouseholdVisit.household_id == household.id)
    if not state:
        session.execute(delete(HouseholdVisit).where(here))
    else:
        row = insert(HouseholdVisit).values(
            id=new_id(), case_id=campaign.id, household_id=household.id, state=state
        )  # fmt: skip
        session.execute(row.on_conflict_do_update(constraint="household_visited_once", set_={"state": state}))
    events.record(session, "campaign.household_visited", campaign.id, actor=actor.id, state=state or "open")


def forget(session: Session) -> int:
    """Of campaigns that have ended keep how many visits came to what, and no longer where; returns how many."""
    ended = exists().where(Case.id == HouseholdVisit.case_id, Case.closed_at.is_not(None))
    over = update(HouseholdVisit).where(HouseholdVisit.household_id.is_not(None), ended).values(household_id=None)
    return len(session.execute(over.returning(HouseholdVisit.id)).all())


def _campaign(session: Session, actor: Actor, case_id: UUID) -> Case:
    query = select(Case).where(Case.id == case_id, Case.kind == CAMPAIGN, OPEN, _near(actor))
    found = session.scalar(query)
    if found is None:
        raise CaseUnknown(case=case_id)
    return found


def _near(actor: Actor) -> ColumnElement[bool]:
    """The condition that a campaign is for a division that an actor keeps, for one above it, or for one below."""
    paths = {held.path for held in actor.memberships if held.role in KEEPERS}
    parts = [
        or_(Case.division == path, Case.division.startswith(path + "/"), literal(path).startswith(Case.division + "/"))
        for path in paths
    ]
    return or_(false(), *parts)
