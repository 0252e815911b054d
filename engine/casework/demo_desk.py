"""What the demo county has on its desks on the first start: a session with clauses, a remark, visitors."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.casework import commands, emergency, queries, receptions, reporting
from engine.people import absences
from engine.people import queries as people
from engine.sessions import room, sittings
from engine.sessions.room import Terms
from engine.supermarket import directory, queue

DRIPPING = {
    "what": "示例：隔壁新修的院墙滴水，滴到我家灶屋，说过两回没有结果。", "where": "民主村", "urgency": "ordinary",
    "kind": "dispute", "other_party": "示例乙",
}  # fmt: skip
DECIDED: tuple[dict[str, Any], ...] = (
    {"route_facts": ["dispute"], "subject": "neighbours", "people_count": "few"},
    {"route": "civil", "risk": "BLUE", "level": "village"},
)
"""What the officer on duty answers, step by step."""
VISITORS = (("示例来访人甲", "示例：果树过界，想请人评理"), ("示例来访人乙", "示例：借款没有还，问能不能调解"))


def load_dispute(session: Session) -> None:
    """A dispute that is decided on: the village's mediator asks both sides next."""
    grid, duty = (people.actor_by_login(session, login) for login in ("grid", "duty"))
    case = reporting.report(session, grid, DRIPPING).case
    for given in DECIDED:
        session.flush()
        [task] = queries.open_tasks(session, case.id)
        commands.complete_task(session, duty, task.id, given)
    hazards = people.actor_by_login(session, "hazard")
    emergency.open_case(session, hazards, case.number, "示例：院墙开裂，怕塌下来伤人，要马上知道谁住在那里")


def load_bookings(session: Session) -> None:
    """Who comes to whom: a petition booked into a reception, two visitors at the village's mediators."""
    petition = people.actor_by_login(session, "petition")
    soonest = receptions.coming(session, petition)[0].slot
    matter = select(Case.number).where(Case.kind == "petition", Case.closed_at.is_(None)).order_by(Case.id).limit(1)
    receptions.book(session, petition, soonest.id, session.scalars(matter).one())
    village = next(one for one in directory.bodies(session) if one.kind == directory.PEOPLES[0])
    for name, about in VISITORS:
        queue.book(session, village.id, name=name, phone="", matter=about)


def load(session: Session, debt: Case) -> None:
    """A session tomorrow about a debt, with one clause agreed and one open; all of it made up."""
    county, duty = (people.actor_by_login(session, login) for login in ("county", "duty"))
    tomorrow = clock.today() + timedelta(days=1)
    sittings.plan(
        session, county, debt.id, kind="session", minutes=60, place="示例：钟宝镇综治中心",
        starts_at=datetime.combine(tomorrow, time(9), tzinfo=clock.ZONE),
    )  # fmt: skip
    paid = Terms("分期还清八万元", "示例表哥", Decimal(80000), tomorrow + timedelta(days=30), 8)
    agreed = room.propose(session, county, debt.id, paid, by="mediator")
    for side in room.SIDES:
        room.answer(session, county, agreed.id, side=side, number=1, says="agreed")
    room.propose(session, county, debt.id, Terms("不再要利息"), by="respondent")
    commands.add_note(session, county, debt.id, f"示例：@{duty.name} 请先核对判决书。")
    cover = UUID(people.actor_by_login(session, "duty2").id)
    absences.announce(session, duty, cover, tomorrow + timedelta(days=7), tomorrow + timedelta(days=9))
