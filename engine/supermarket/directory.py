"""Who mediates in the county: bodies with type, legal basis and fee; mediators with what they know and have to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.cases.models import Case
from engine.people.models import Account, Mediator, Unit

PEOPLES = ("village_committee", "town_committee", "supermarket", "industry_committee")
"""Bodies of people's mediation: free of charge (人民调解法 §4), and alone able to issue its agreements."""

COMMERCIAL = "commercial"
"""Bodies of commercial mediation (商事调解条例 2026): they may charge, and issue no agreement of people's mediation."""


@dataclass(frozen=True)
class Listed:
    """A mediator with their body, and how many open cases they have now. No score, no rank."""

    account: Account
    mediator: Mediator
    unit: Unit
    open_cases: int


def bodies(session: Session, within: str = "") -> list[Unit]:
    """The mediation bodies of a division and below, from the county down."""
    query = select(Unit).where(Unit.kind.in_((*PEOPLES, COMMERCIAL)), Unit.path.startswith(within))
    return list(session.scalars(query.order_by(Unit.kind == COMMERCIAL, func.length(Unit.path), Unit.path, Unit.name)))


def mediators(
    session: Session, *, above: str = "", speciality: str = "", language: str = "", unit: UUID | None = None
) -> list[Listed]:
    """Mediators by body and name: those of a case's village, town and county (`above`), or all."""
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
    rows = session.execute(query.order_by(Unit.path.desc(), Unit.name, Account.name)).all()
    load = workload(session, [str(account.id) for account, *_ in rows])
    return [Listed(account, mediator, body, load.get(str(account.id), 0)) for account, mediator, body in rows]


def workload(session: Session, ids: Sequence[str]) -> dict[str, int]:
    """How many open cases some mediators have."""
    query = select(Case.mediator, func.count()).where(Case.mediator.in_(ids), Case.closed_at.is_(None))
    return {str(name): count for name, count in session.execute(query.group_by(Case.mediator))}


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
    query = select(Unit).where(Unit.id == unit_id, or_(Unit.kind.in_(PEOPLES), Unit.kind == COMMERCIAL))
    return session.scalar(query)
