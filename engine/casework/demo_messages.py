"""What the demo county has told people: notifications of the duty officer, an outbox with every state. All made up."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, notifications
from engine.cases.models import Case
from engine.ids import new_id
from engine.notifications import commands
from engine.notifications.delivering import CANCELLED, FAILED, SENT
from engine.notifications.models import Delivery, Follower
from engine.people import queries as people

PHONE = "0915-3300099"
"""No real phone: the demo house has no gateway, so that nothing is sent to it."""
OUTBOX = ((SENT, 1, None), (FAILED, 8, "HTTP 503"), (CANCELLED, 0, "sealed"))


def load(session: Session) -> None:
    """Tell the demo's people what they would have been told, as of today."""
    case = session.scalar(select(Case).where(Case.sealed.is_(False)).order_by(Case.id).limit(1))
    if case is None:
        return
    duty, other = people.actor_by_login(session, "duty"), people.actor_by_login(session, "duty2")
    notifications.tell(session, [duty.id], "mention", case.id, by=other.id)
    notifications.tell(session, [duty.id], "fact", case.id)
    commands.agree(session, case, PHONE, "zh")
    follower = session.scalars(select(Follower.id).where(Follower.case_id == case.id)).one()
    for age, (state, attempts, problem) in enumerate(OUTBOX, 1):
        at = clock.now() - timedelta(hours=age)
        session.add(
            Delivery(
                id=new_id(), channel="gateway", follower_id=follower, case_id=case.id, kind="villager_status",
                facts={"stage": "triage"}, state=state, attempts=attempts, problem=problem, at=at, due_at=at,
                sent_at=at if state == SENT else None,
            )
        )  # fmt: skip
