"""Overdue petitions before the joint meeting of the petition work (信访工作联席会议): a view, no entry.

A petition is in it as long as what an office owes by law is past its day. Leaders see who answers for it and how late
it is, and no content; a sealed one is in it for nobody.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.models import Case, Submission
from engine.cases.permissions import OPEN, NotForYourRole, scope, within
from engine.casework.layouts import ruled
from engine.casework.naming import StepNames
from engine.deadlines.models import CatalogueEntry, Deadline
from engine.deadlines.queries import owed
from engine.errors import N_
from engine.ids import new_id
from engine.ledger.export import harmless
from engine.people.actor import Actor
from engine.territory import queries as territory
from engine.territory.models import Division
from engine.workflow.models import UserTask

WHO = ("petition_officer", "county_officer", "leader")
TITLE = N_("Overdue petitions for the joint meeting")
HEADS = (
    N_("No."), N_("Case"), N_("Place"), N_("Organ"), N_("Leader in charge"), N_("Deadline"), N_("Article"),
    N_("Last day"), N_("Days late"), N_("Step"),
)  # fmt: skip


@dataclass(frozen=True)
class Overdue:
    """A petition past its day. `days` are calendar days since then, `steps` what is open.

    `organ` and `leader` are those of the newest letter by which it was passed on, empty where there is none.
    `readable`: the reader may open it.
    """

    id: UUID
    number: str
    division: Division | None
    organ: str
    leader: str
    deadline: str
    law: str
    due_on: date
    days: int
    steps: tuple[str, ...]
    readable: bool


def may_see(actor: Actor) -> bool:
    """Whether an actor prepares the joint meeting or sits in it."""
    return not actor.roles.isdisjoint(WHO)


def overdue(session: Session, actor: Actor, locale: str) -> list[Overdue]:
    """The petitions of the actor's divisions that are past their day, the oldest day first. Raises NotForYourRole."""
    held = [within(one.path) for one in actor.memberships if one.role in WHO]
    if not held:
        raise NotForYourRole
    law = and_(CatalogueEntry.key == Deadline.key, CatalogueEntry.in_force_from == Deadline.law_of)
    late = (
        select(Case, Deadline, CatalogueEntry, scope(actor))
        .join(Deadline, Deadline.case_id == Case.id)
        .join(CatalogueEntry, law)
        .where(or_(*held), OPEN, Case.kind == "petition", Case.closed_at.is_(None))
        .where(Deadline.state == "running", Deadline.due_at < clock.now(), owed())
        .ext(distinct_on(Case.id))
        .order_by(Case.id, Deadline.due_at)
    )
    rows = sorted(session.execute(late).all(), key=lambda row: (row[1].due_at, row[0].id))
    cases = [row[0] for row in rows]
    places = territory.by_path(session, {one.division for one in cases})
    sent, steps = _sent(session, cases), _steps(session, cases, locale)
    return [
        Overdue(
            case.id, case.number, places.get(case.division), str(sent.get(case.id, {}).get("organ") or ""),
            str(sent.get(case.id, {}).get("leader") or ""), entry.name_en if locale == "en" else entry.name, entry.law,
            deadline.due_on, (clock.today() - deadline.due_on).days, tuple(steps.get(case.id, ())), bool(readable),
        )
        for case, deadline, entry, readable in rows
    ]  # fmt: skip


def workbook(session: Session, actor: Actor, locale: str, say: Callable[[str], str]) -> bytes:
    """The same as XLSX, ready to print; the export is an event. Raises NotForYourRole."""
    found = overdue(session, actor, locale)
    rows = [
        (
            number, one.number, one.division.label(locale) if one.division else "", harmless(one.organ),
            harmless(one.leader), one.deadline, one.law, one.due_on, one.days, "、".join(one.steps),
        )
        for number, one in enumerate(found, 1)
    ]  # fmt: skip
    events.record(session, "ledger.exported", new_id(), actor=actor.id, layout="joint-meeting", rows=len(rows))
    return ruled(say(TITLE), [say(head) for head in HEADS], rows)


def _sent(session: Session, cases: Sequence[Case]) -> dict[UUID, dict[str, Any]]:
    """What the newest letter says by which each was passed on to an organ."""
    letters = select(Submission).where(
        Submission.case_id.in_([one.id for one in cases]), Submission.form_key == "f-pet-send"
    )
    return {one.case_id: one.answers for one in session.scalars(letters.order_by(Submission.at))}


def _steps(session: Session, cases: Iterable[Case], locale: str) -> dict[UUID, list[str]]:
    names, found = StepNames(session, locale), dict[UUID, list[str]]()
    tasks = select(UserTask).where(UserTask.stream.in_([one.id for one in cases]), UserTask.state == "open")
    for task in session.scalars(tasks.order_by(UserTask.created_at)):
        found.setdefault(task.stream, []).append(names(task))
    return found
