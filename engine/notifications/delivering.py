"""The outbox: written with the fact, sent by jobs, tried again with growing rests, and given up in sight of people.

A job takes a message in one transaction, sends it in none, and reports in another. A worker that dies in between sends
it once more: the message carries the same id, by which mail servers and gateways can tell.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.errors import N_, Conflict, NotFound
from engine.ids import new_id
from engine.notifications import codes, kinds
from engine.notifications.channels import Message, SendingFailed, send
from engine.notifications.models import Delivery, Follower, PhoneCode, Preference
from engine.notifications.queries import resolved
from engine.people.models import Account
from engine.workflow import jobs

WAITING, SENT, FAILED, CANCELLED = "waiting", "sent", "failed", "cancelled"
RESTS = [timedelta(minutes=one) for one in (1, 5, 15, 60, 240, 720, 1440)]
"""Until the next attempt, after each that failed; after the last of them it is given up."""


class DeliveryUnknown(NotFound):
    """There is no such message in the outbox."""

    code = "delivery-unknown"
    message = N_("There is no such message in the outbox.")


class DeliveryOver(Conflict):
    """The message was sent, or does not wait any more."""

    code = "delivery-over"
    message = N_("This message was sent or given up in the meantime. Look at the outbox again.")


def put(
    session: Session,
    channel: str,
    kind: str,
    facts: Mapping[str, Any],
    due: datetime,
    *,
    case_id: UUID | None = None,
    account_id: UUID | None = None,
    follower_id: UUID | None = None,
    code_id: UUID | None = None,
) -> None:
    """Put a message into the outbox; a job sends it from `due` on, if this transaction commits."""
    made = Delivery(
        id=new_id(), channel=channel, kind=kind, facts=dict(facts), case_id=case_id, account_id=account_id,
        follower_id=follower_id, code_id=code_id, state=WAITING, attempts=0, at=clock.now(), due_at=due,
    )  # fmt: skip
    session.add(made)
    _have_sent(session, made)


@jobs.job
def deliver(session: Session, delivery: str) -> None:
    """Send one message within one transaction, as tests do; the worker does the parts one by one."""
    message = take(session, UUID(delivery))
    if message is not None:
        report(session, UUID(delivery), attempt(message))


def take(session: Session, delivery_id: UUID) -> Message | None:
    """A message that waits and is due, ready to be sent; None where there is nothing to send any more."""
    found = session.get(Delivery, delivery_id, with_for_update=True)
    if found is None or found.state != WAITING or found.due_at > clock.now():
        return None
    to, locale = _receiver(session, found)
    sealed = found.case_id and session.scalar(select(Case.sealed).where(Case.id == found.case_id))
    if not to or (sealed and found.channel == kinds.GATEWAY):
        found.state, found.problem = CANCELLED, "sealed" if sealed else "no address"
        return None
    found.attempts += 1
    kind = kinds.SEALED if sealed else found.kind
    [facts] = resolved(session, [found])
    if found.code_id:
        facts |= codes.told(found.code_id)
    return Message(str(found.id), found.channel, to, kind, kinds.text(kind, facts, locale), locale, clock.now())


def attempt(message: Message) -> SendingFailed | None:
    """Send a message; what went wrong, or None."""
    try:
        send(message)
    except SendingFailed as failure:
        return failure
    return None


def report(session: Session, delivery_id: UUID, failure: SendingFailed | None) -> None:
    """Write down what came of an attempt, and have the next one made where there is one."""
    found = session.get_one(Delivery, delivery_id, with_for_update=True)
    if failure is None:
        found.state, found.sent_at, found.problem = SENT, clock.now(), None
        return
    found.problem = str(failure)
    if failure.final or found.attempts > len(RESTS):
        found.state = FAILED
    else:
        found.due_at = clock.now() + RESTS[found.attempts - 1]
        _have_sent(session, found)


def again(session: Session, delivery_id: UUID) -> Delivery:
    """Try a message that was given up once more, from the first attempt on. Raises DeliveryUnknown, DeliveryOver."""
    found = _held(session, delivery_id)
    if found.state not in (FAILED, CANCELLED):
        raise DeliveryOver(delivery=delivery_id)
    found.state, found.attempts, found.due_at = WAITING, 0, clock.now()
    _have_sent(session, found)
    return found


def give_up(session: Session, delivery_id: UUID) -> Delivery:
    """Send a message no more. Raises DeliveryUnknown, DeliveryOver."""
    found = _held(session, delivery_id)
    if found.state != WAITING:
        raise DeliveryOver(delivery=delivery_id)
    found.state, found.problem = CANCELLED, "given up"
    return found


def _held(session: Session, delivery_id: UUID) -> Delivery:
    found = session.get(Delivery, delivery_id, with_for_update=True)
    if found is None:
        raise DeliveryUnknown(delivery=delivery_id)
    return found


def _have_sent(session: Session, made: Delivery) -> None:
    jobs.defer(session, "deliver", lock=f"deliver {made.id}", not_before=made.due_at, delivery=str(made.id))


def _receiver(session: Session, found: Delivery) -> tuple[str, str]:
    """The address as it is now, and the language; no address where consent was taken back, the account
    closed, or the code is over."""
    if found.code_id:
        code = session.get_one(PhoneCode, found.code_id)
        return (code.phone if codes.is_live(code) else ""), code.locale
    if found.follower_id:
        follower = session.get_one(Follower, found.follower_id)
        return ("" if follower.ended_at else follower.phone), follower.locale
    account = session.get(Account, found.account_id)
    preference = session.get(Preference, found.account_id)
    if account is None or preference is None or not account.active:
        return "", "zh"
    return (preference.email if found.channel == kinds.EMAIL else preference.phone), account.locale or "zh"
