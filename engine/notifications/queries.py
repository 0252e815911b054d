"""One's own notifications, and how many are unread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from engine import statements
from engine.cases.models import Case
from engine.notifications import kinds
from engine.notifications.models import Delivery, Notification
from engine.people import queries as people
from engine.people.actor import Actor
from engine.territory import queries as territory

MOST = 99
"""How many unread ones are counted."""

_SOME = select(Notification.id).where(
    Notification.account_id == bindparam("account"), Notification.read_at.is_(None)
)  # fmt: skip
_UNREAD = statements.Statement(select(func.count()).select_from(_SOME.limit(MOST + 1).subquery()))


@dataclass(frozen=True)
class Told:
    """A notification with its sentence in the reader's language."""

    notification: Notification
    kind: str
    text: str


def unread(session: Session, actor: Actor) -> int:
    """How many notifications of one's own are unread; up to a hundred are counted."""
    [(count,)] = statements.rows(session, _UNREAD, {"account": UUID(actor.id)})
    return int(count)


def page(
    session: Session, actor: Actor, locale: str, *, after: UUID | None = None, size: int = 25, unread_only: bool = False
) -> tuple[list[Told], UUID | None]:
    """One's own notifications, newest first, after one of them; and after which the next page begins.

    What has been sealed since says no more than that.
    """
    query = select(Notification).where(Notification.account_id == UUID(actor.id))
    if after is not None:
        query = query.where(Notification.id < after)
    if unread_only:
        query = query.where(Notification.read_at.is_(None))
    found = session.scalars(query.order_by(Notification.id.desc()).limit(size + 1)).all()
    shown = found[:size]
    told = []
    for one, facts in zip(shown, resolved(session, shown), strict=True):
        kind = kinds.SEALED if facts.get("sealed") else one.kind
        told.append(Told(one, kind, kinds.text(kind, facts, locale)))
    return told, shown[-1].id if len(found) > size else None


def resolved(session: Session, found: Sequence[Notification | Delivery]) -> list[dict[str, Any]]:
    """The facts of notifications with what is looked up now: the case's number, whether it is sealed, names, places."""
    cases = _cases(session, {one.case_id for one in found if one.case_id})
    names = people.names(session, {one.facts.get("by") for one in found} | {one.facts.get("mediator") for one in found})
    places = territory.by_path(session, {str(one.facts["division"]) for one in found if one.facts.get("division")})
    made = []
    for one in found:
        facts = {**one.facts}
        number, sealed = cases.get(one.case_id, (None, False)) if one.case_id else (None, False)
        facts |= {"number": number, "sealed": sealed}
        for key in ("by", "mediator"):
            if key in facts:
                facts[key] = names.get(str(facts[key]))
        if place := places.get(str(facts.get("division"))):
            facts["division"] = {"zh": place.label("zh"), "en": place.label("en")}
        made.append(facts)
    return made


def _cases(session: Session, ids: set[UUID]) -> Mapping[UUID, tuple[str, bool]]:
    if not ids:
        return {}
    rows = session.execute(select(Case.id, Case.number, Case.sealed).where(Case.id.in_(ids)))
    return {identity: (number, sealed) for identity, number, sealed in rows}
