"""Whom a grid can ask for help (网格员+N): police, judges, lawyers, doctors, teachers, respected elders.

Being on this list gives no sight of any case: whoever handles one asks a partner in, case by case, and the case's own
rules say what they see then. There is no field for what somebody believes or belongs to (个人信息保护法 §28).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import clock, events
from engine.cases import blocklist
from engine.cases.dictionary import dictionary
from engine.db import Base
from engine.errors import N_, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.people import queries as people
from engine.people.actor import Actor
from engine.people.models import Account
from engine.people.roles import ROLES
from engine.territory.models import COMMUNITY, GRID, VILLAGE, Division
from engine.territory.queries import ancestors, is_within

KEEPERS = ("village_mediator", "duty_officer", "county_officer")
"""Who keeps the list, each in their division."""
READERS = (*KEEPERS, "grid_worker", "town_mediator", "county_mediator", "justice_officer")
"""Who asks partners in, and so reads whom there is."""
LENGTHS = {"name": 60, "phone": 30}


class Partner(Base):
    """Somebody whom a grid or village can ask: an account, or a name with a telephone that they agreed to have here.

    `kind` is one of the dictionary's; `from_day` and `to_day` (None: open) are the first and the last day.
    """

    __tablename__ = "grid_partner"
    __table_args__ = (
        CheckConstraint("consent_on IS NOT NULL OR phone = ''", name="partner_phone_with_consent"),
        Index("ix_grid_partner_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    division: Mapped[str] = mapped_column(ForeignKey("division.code"))
    path: Mapped[str]
    kind: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey(Account.id))
    name: Mapped[str]
    phone: Mapped[str]
    consent_on: Mapped[date | None]
    from_day: Mapped[date]
    to_day: Mapped[date | None]


class PartnerUnknown(NotFound):
    """There is no such partner in this person's division."""

    code = "partner-unknown"
    message = N_("There is no such person on the list of your division.")


class PartnerUnfit(Invalid):
    """A partner has a grid or village that one keeps, a kind, and an account or a name; a telephone needs consent."""

    code = "partner-unfit"
    message = N_(
        "Say the grid or village, what they are, and their account or name. A telephone needs the day on which they "
        "agreed to it, not later than today; the last day is not before the first."
    )


def kinds() -> list[str]:
    """What a partner may be, as the dictionary lists it."""
    return list(dictionary()["partner"])


def may_read(actor: Actor) -> bool:
    """Whether somebody reads the list somewhere."""
    return any(actor.has(role) for role in READERS)


def may_keep(actor: Actor, path: str) -> bool:
    """Whether somebody keeps the list of a division."""
    return any(actor.holds(role, path) for role in KEEPERS)


def listed(session: Session, actor: Actor) -> list[Partner]:
    """The partners of today in the actor's divisions and above them, by place and kind. Raises Forbidden."""
    paths = [held.path for held in actor.memberships if held.role in READERS]
    if not paths:
        raise Forbidden
    above = {path for one in paths for path in ancestors(one)}
    here = [Partner.path.in_(above), *(Partner.path.startswith(one + "/") for one in paths)]
    today = clock.today()
    query = select(Partner).where(or_(*here), Partner.from_day <= today)
    query = query.where(or_(Partner.to_day.is_(None), Partner.to_day >= today))
    return list(session.scalars(query.order_by(Partner.path, Partner.kind, Partner.name)))


def for_place(session: Session, actor: Actor, path: str) -> list[Partner]:
    """Whom somebody who handles a case of a place could ask in: those of its grids, its village, above; else nobody."""
    if not any(actor.holds(role, path) for role in READERS):
        return []
    return [one for one in listed(session, actor) if is_within(one.path, path) or is_within(path, one.path)]


def divisions(session: Session, actor: Actor) -> list[Division]:
    """The villages and grids whose list an actor keeps, village by village."""
    query = select(Division).where(Division.kind.in_((VILLAGE, COMMUNITY, GRID)), Division.last_day.is_(None))
    return [one for one in session.scalars(query.order_by(Division.path)) if may_keep(actor, one.path)]


def colleagues(session: Session, actor: Actor) -> dict[str, str]:
    """The names of the accounts that can be listed, by id: who holds a role in the actor's divisions or above them."""
    paths = [held.path for held in actor.memberships if held.role in KEEPERS]
    found = [*people.holders_within(session, ROLES.keys(), paths)] if paths else []
    found += [one for path in paths for one in people.holders(session, ROLES.keys(), path)]
    return {str(one.id): one.name for one in sorted(found, key=lambda one: one.name)}


def enter(session: Session, actor: Actor, given: Mapping[str, Any]) -> Partner:
    """Put somebody on the list, from today where no day is said. Raises Forbidden, PartnerUnfit, WordsBlocked."""
    if not any(actor.has(role) for role in KEEPERS):
        raise Forbidden
    place = next((one for one in divisions(session, actor) if one.code == str(given.get("division") or "")), None)
    account = str(given.get("account") or "")
    known = colleagues(session, actor)
    name = known.get(account, "") if account else blocklist.clean(str(given.get("name") or ""))
    phone = "" if account else str(given.get("phone") or "").strip()
    days = {one: _day(given.get(one)) for one in ("consent_on", "from_day", "to_day")}
    first, last = days["from_day"] or clock.today(), days["to_day"]
    fits = (
        given.get("kind") in kinds(), 0 < len(name) <= LENGTHS["name"], len(phone) <= LENGTHS["phone"],
        not phone or (days["consent_on"] or date.max) <= clock.today(), last is None or last >= first,
    )  # fmt: skip
    if place is None or not all(fits):
        raise PartnerUnfit
    made = Partner(
        id=new_id(), division=place.code, path=place.path, kind=str(given["kind"]), name=name, phone=phone,
        account_id=UUID(account) if account else None, consent_on=days["consent_on"] if phone else None,
        from_day=first, to_day=last,
    )  # fmt: skip
    session.add(made)
    events.record(session, "partner.entered", made.id, actor=actor.id, division=place.code, partner_kind=made.kind)
    return made


def remove(session: Session, actor: Actor, partner_id: UUID) -> None:
    """Take somebody off the list; name and telephone are deleted. Raises PartnerUnknown."""
    found = session.get(Partner, partner_id)
    if found is None or not may_keep(actor, found.path):
        raise PartnerUnknown(partner=partner_id)
    events.record(session, "partner.removed", found.id, actor=actor.id, division=found.division)
    session.delete(found)


def forget(session: Session) -> int:
    """Delete those whose last day is over; returns how many."""
    over = session.scalars(delete(Partner).where(Partner.to_day < clock.today()).returning(Partner.id)).all()
    return len(over)


def _day(given: Any) -> date | None:
    if isinstance(given, date) or not given:
        return given or None
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise PartnerUnfit from None
