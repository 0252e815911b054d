"""The outbox as administrators see it: what leaves the house by which channel, and how that went; never to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.casework.administration import require_admin
from engine.notifications import delivering
from engine.notifications.models import Delivery
from engine.people import queries as people
from engine.people.actor import Actor

STATES = (delivering.WAITING, delivering.FAILED, delivering.SENT, delivering.CANCELLED)


@dataclass(frozen=True)
class Outbox:
    """Part of the outbox, newest first; after which message the next part begins; how many there are of each state.

    `names` says which account a message is for; a villager's phone is shown to nobody.
    """

    deliveries: Sequence[Delivery]
    next: UUID | None
    counts: dict[str, int]
    names: dict[str, str]


def page(session: Session, actor: Actor, *, state: str = "", after: UUID | None = None, size: int = 25) -> Outbox:
    """Part of the outbox, of one state or of all. Raises AdministratorsOnly."""
    require_admin(actor)
    query = select(Delivery)
    if state:
        query = query.where(Delivery.state == state)
    if after is not None:
        query = query.where(Delivery.id < after)
    found = session.scalars(query.order_by(Delivery.id.desc()).limit(size + 1)).all()
    shown = found[:size]
    rows = session.execute(select(Delivery.state, func.count()).group_by(Delivery.state))
    counts = dict.fromkeys(STATES, 0) | {str(one): int(count) for one, count in rows}
    names = people.names(session, (str(one.account_id) for one in shown if one.account_id))
    return Outbox(shown, shown[-1].id if len(found) > size else None, counts, names)


def again(session: Session, actor: Actor, delivery_id: UUID) -> Delivery:
    """Try a message again. Raises AdministratorsOnly, DeliveryUnknown, DeliveryOver."""
    require_admin(actor)
    return delivering.again(session, delivery_id)


def give_up(session: Session, actor: Actor, delivery_id: UUID) -> Delivery:
    """Send a message no more. Raises AdministratorsOnly, DeliveryUnknown, DeliveryOver."""
    require_admin(actor)
    return delivering.give_up(session, delivery_id)
