"""Who mediates in the county: bodies with type, legal basis and fee; mediators with what they know and have to do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.cases.permissions import NOBODY
from engine.people.models import Account, Mediator, Unit
from engine.people.queries import away, there
from engine.territory.models import Division

PEOPLES = ("village_committee", "town_committee", "supermarket", "industry_committee")
"""Bodies of people's mediation: free of charge (人民调解法 §4), and alone able to issue its agreements."""

COMMERCIAL = "commercial"
"""Bodies of commercial mediation (商事调解条例 2026): they may charge, and issue no agreement of people's mediation."""


SHOWN = 100
"""Bodies or mediators of one page."""


@dataclass(frozen=True)
class Listed:
    """A mediator with their body, and how many open cases they have now. No score, no rank."""

    account: Account
    mediator: Mediator
    unit: Unit
    open_cases: int


def bodies(session: Session, *, paths: Collection[str] | None = None, words: str = "", start: int = 0) -> list[Unit]:
    """The mediation bodies that are there today, from the county down: SHOWN of them from the `start`th on; of some
    `paths` alone, or with `words` in their name or that of their village, town or county."""
    query = select(Unit).where(Unit.kind.in_((*PEOPLES, COMMERCIAL)), there(clock.today()), named(words))
    if paths is not None:
        query = query.where(Unit.path.in_(paths))
    query = query.order_by(Unit.kind == COMMERCIAL, func.length(Unit.path), Unit.path, Unit.name, Unit.id)
    return list(session.scalars(query.offset(start).limit(SHOWN)))


def named(words: str) -> ColumnElement[bool]:
    """The condition on organisations that words stand in their name or that of a place in which they lie."""
    words = words.strip()
    if not words:
        return true()
    place = select(Division.code).where(
        or_(Unit.path == Division.path, Unit.path.startswith(Division.path + "/")), _has(words, Division)
    )
    return or_(_has(words, Unit), place.exists())


def _has(words: str, table: type[Unit] | type[Division]) -> ColumnElement[bool]:
    return or_(*(field.icontains(words, autoescape=True) for field in (table.name, table.name_en)))


def mediators(
    session: Session, *, above: str = "", speciality: str = "", language: str = "", unit: UUID | None = None,
    words: str = "", start: int = 0,
) -> list[Listed]:  # fmt: skip
    """Mediators by body and name: those of a case's village, town and county (`above`), or with `words` in their name,
    that of their body or of its place; SHOWN of them from the `start`th on."""
    query = select(Account, Mediator, Unit).join(Mediator, Mediator.account_id == Account.id)
    query = query.join(Unit, Unit.id == Mediator.unit_id).where(Account.active)
    if above:
        parts = above.split("/")
        query = query.where(Unit.path.in_(["/".join(parts[:count]) for count in range(1, len(parts) + 1)]))
    if speciality:
        query = query.where(Mediator.specialities.contains([speciality]))
    if language:
        query = query.where(Mediator.languages.contains([language]))
    if unit:
        query = query.where(Unit.id == unit)
    if words.strip():
        query = query.where(
            or_(
                *(one.icontains(words.strip(), autoescape=True) for one in (Account.name, Mediator.skills)),
                named(words),
            )
        )
    query = query.order_by(Unit.path.desc(), Unit.name, Account.name, Account.id).offset(start).limit(SHOWN)
    rows = session.execute(query).all()
    load = workload(session, [str(account.id) for account, *_ in rows])
    return [Listed(account, mediator, body, load.get(str(account.id), 0)) for account, mediator, body in rows]


def at_work(session: Session, unit: UUID, day: date) -> list[Listed]:
    """The mediators of a body who are not away on a day."""
    listed = mediators(session, unit=unit)
    gone = away(session, [one.account.id for one in listed], day)
    return [one for one in listed if one.account.id not in gone]


def workload(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """How many open cases some mediators have, leading or joining (人民调解法 §19)."""
    theirs = or_(Case.mediator.in_(ids), and_(Case.joint != NOBODY, Case.joint.overlap(ids)))
    who = func.unnest(func.array_append(Case.joint, Case.mediator)).label("who")
    each = select(who).where(Case.closed_at.is_(None), theirs).subquery()
    counted = select(each.c.who, func.count()).where(each.c.who.in_(ids)).group_by(each.c.who)
    return {str(name): count for name, count in session.execute(counted)}


def choices(session: Session) -> tuple[list[str], list[str]]:
    """Every speciality and every language that some mediator has."""
    found = [
        sorted(set(session.scalars(select(func.unnest(column)))))
        for column in (Mediator.specialities, Mediator.languages)
    ]
    return found[0], found[1]


def is_peoples(session: Session, account_id: str) -> bool:
    """Whether somebody mediates for a body of people's mediation."""
    try:
        key = UUID(account_id)
    except ValueError:
        return False
    query = select(Unit.kind).join(Mediator, Mediator.unit_id == Unit.id).where(Mediator.account_id == key)
    return session.scalar(query) in PEOPLES


def body(session: Session, unit_id: UUID) -> Unit | None:
    """A mediation body."""
    query = select(Unit).where(Unit.id == unit_id, Unit.kind.in_((*PEOPLES, COMMERCIAL)), there(clock.today()))
    return session.scalar(query)
