"""Telling people, and what they say about being told."""

from collections.abc import Collection, Iterable, Mapping
from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.models import Case
from engine.errors import N_, Invalid, NotFound
from engine.ids import new_id
from engine.notifications import channels, delivering, kinds, quiet
from engine.notifications.models import Delivery, Follower, Notification, Preference
from engine.people.actor import Actor
from engine.people.models import Account

SHORTEST_PHONE, LONGEST_PHONE = 7, 15
LONGEST_ADDRESS = 254


class NotificationUnknown(NotFound):
    """There is no such notification for this person."""

    code = "notification-unknown"
    message = N_("This notification is not yours, or is gone.")


class AddressUnfit(Invalid):
    """An e-mail address or a phone number cannot be one."""

    code = "address-unfit"
    message = N_("Look at the e-mail address and the phone number again: one of them cannot be right.")


class PhoneNeeded(Invalid):
    """Messages need a number to go to."""

    code = "phone-needed"
    message = N_("To be told by message, give the number that the messages shall go to.")


def tell(session: Session, receivers: Iterable[str], kind: str, case_id: UUID | None = None, **facts: Any) -> None:
    """Tell accounts (ids as text; others are passed over) something, each as they chose; it stands with this commit.

    `kind` is one of kinds.toml, `facts` what its sentence needs besides the case's number: ids, codes, ISO days, names
    as ``{"zh": …, "en": …}``; an account under `by`. Of a sealed case nothing is said but that there is one.
    """
    wanted = {UUID(one) for one in receivers if one and one != Actor.SYSTEM.id}
    if not wanted:
        return
    sealed = bool(case_id and session.scalar(select(Case.sealed).where(Case.id == case_id)))
    said, what = (kinds.SEALED, {}) if sealed else (kind, facts)
    query = select(Account.id, Preference).outerjoin(Preference, Preference.account_id == Account.id)
    for account, preference in session.execute(query.where(Account.active, Account.id.in_(wanted))).all():
        chosen = chosen_channels(said, preference)
        if kinds.PRODUCT in chosen:
            session.add(
                Notification(id=new_id(), account_id=account, case_id=case_id, kind=said, facts=what, at=clock.now())
            )
        for channel in channels.that_reach(preference, chosen):
            due = quiet.next_moment(preference, urgent=kinds.kinds()[kind].urgent)
            delivering.put(session, channel, said, what, due, case_id=case_id, account_id=account)


def gather(session: Session, account: str, kind: str, count: int, **facts: Any) -> None:
    """Tell an account of so many things at once: an unread notification of the kind grows, and sends nothing again."""
    unread = select(Notification).where(
        Notification.account_id == UUID(account), Notification.kind == kind, Notification.read_at.is_(None)
    )
    known = session.scalar(unread.order_by(Notification.id.desc()).limit(1).with_for_update())
    if known is None:
        tell(session, [account], kind, count=count, **facts)
    else:
        known.facts = {**known.facts, **facts, "count": known.facts.get("count", 0) + count}
        known.at = clock.now()


def tell_followers(session: Session, case_id: UUID, kind: str, **facts: Any) -> None:
    """Tell the phones that agreed to be told of a case; of a sealed one nothing leaves the house."""
    query = select(Follower).join(Case, Case.id == Follower.case_id)
    open_ones = query.where(Follower.case_id == case_id, Follower.ended_at.is_(None), Case.sealed.is_(False))
    for follower in session.scalars(open_ones).all():
        tell_follower(session, follower, kind, **facts)


def tell_follower(session: Session, follower: Follower, kind: str, **facts: Any) -> None:
    """Tell one phone; the caller has looked that the case is not sealed, the sending looks again."""
    if channels.gateway_is_set():
        due = quiet.next_moment(None, urgent=False)
        delivering.put(
            session, kinds.GATEWAY, kind, facts, due, case_id=follower.case_id, follower_id=follower.id
        )  # fmt: skip


def hush(session: Session, case: Case) -> None:
    """A case was sealed: what was told of it before says no more than that there is one."""
    for kind in (Notification, Delivery):
        told = update(kind).where(kind.case_id == case.id)
        session.execute(told.values(kind=kinds.SEALED, facts={}))


def agree(session: Session, case: Case, phone: str, locale: str) -> None:
    """A phone agrees to be told of a case; said twice, it agrees once. Raises PhoneNeeded."""
    number = _phone(phone)
    if not number:
        raise PhoneNeeded
    row = {
        "id": new_id(), "case_id": case.id, "phone": number, "locale": locale, "told": case.stage,
        "agreed_at": clock.now(),
    }  # fmt: skip
    made = session.scalar(upsert(Follower).values(row).on_conflict_do_nothing().returning(Follower.id))
    if made:
        events.record(session, "consent.given", case.id, given_for="messages")


def disagree(session: Session, case: Case) -> None:
    """Whoever reported a case wants no more messages about it."""
    ended = update(Follower).where(Follower.case_id == case.id, Follower.ended_at.is_(None))
    if session.execute(ended.values(ended_at=clock.now()).returning(Follower.id)).first():
        events.record(session, "consent.withdrawn", case.id, given_for="messages")


def is_told(session: Session, case: Case) -> bool:
    """Whether a phone has agreed to be told of a case."""
    found = select(Follower.id).where(Follower.case_id == case.id, Follower.ended_at.is_(None))
    return session.scalar(found.limit(1)) is not None


def mark_read(session: Session, actor: Actor, ids: Collection[UUID] | None = None) -> None:
    """One's own notifications are read: these, or all of them."""
    read = update(Notification).where(Notification.account_id == UUID(actor.id), Notification.read_at.is_(None))
    if ids is not None:
        read = read.where(Notification.id.in_(ids))
    session.execute(read.values(read_at=clock.now()))


def preference(session: Session, actor: Actor) -> Preference:
    """How a person wants to be told; what is usual where they have not said."""
    return session.get(Preference, UUID(actor.id)) or Preference(
        account_id=UUID(actor.id), email="", phone="", quiet_from=quiet.FROM, quiet_to=quiet.TO, choices={}
    )


def prefer(
    session: Session,
    actor: Actor,
    *,
    email: str,
    phone: str,
    quiet_from: time,
    quiet_to: time,
    choices: Mapping[str, Collection[str]],
) -> Preference:
    """Say how one wants to be told; kinds that `choices` does not name stay usual. Raises AddressUnfit."""
    known = {one.key for one in kinds.choosable()}
    kept = {key: sorted(set(chosen) & set(kinds.CHANNELS)) for key, chosen in choices.items() if key in known}
    values = {
        "email": _address(email), "phone": _phone(phone), "quiet_from": quiet_from, "quiet_to": quiet_to,
        "choices": kept,
    }  # fmt: skip
    new = upsert(Preference).values(account_id=UUID(actor.id), **values)
    session.execute(new.on_conflict_do_update(index_elements=["account_id"], set_=values))
    return session.get_one(Preference, UUID(actor.id), populate_existing=True)


def chosen_channels(kind: str, preference: Preference | None) -> frozenset[str]:
    """By which channels a person is told of a kind: what is urgent or sealed stands in the product in any case."""
    found = kinds.kinds()[kind]
    chosen = preference.choices.get(kind) if preference else None
    channels = found.channels if chosen is None else frozenset(chosen)
    if kind == kinds.SEALED:
        channels -= {kinds.GATEWAY}
    return channels | {kinds.PRODUCT} if found.urgent or kind == kinds.SEALED else channels


def _address(text: str) -> str:
    given = text.strip()
    name, at, host = given.rpartition("@")
    plain = given.isascii() and given.isprintable() and " " not in given
    if given and not (at and name and "." in host and plain and len(given) <= LONGEST_ADDRESS and "," not in given):
        raise AddressUnfit
    return given


def _phone(text: str) -> str:
    given = "".join(char for char in text.strip() if char not in " -()")
    digits = given.removeprefix("+")
    if given and not (digits.isascii() and digits.isdigit() and SHORTEST_PHONE <= len(digits) <= LONGEST_PHONE):
        raise AddressUnfit
    return given
