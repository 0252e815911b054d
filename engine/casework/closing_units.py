"""An organisation that ends or merges (撤销、合并): its last day, what it leaves open, and who takes that over.

Nothing is deleted: papers of its time keep its name and numbers, and its series of numbers ends with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, text, update
from sqlalchemy.orm import Session

from engine import clock, events, notifications
from engine.cases import blocklist
from engine.casework.units import REASON, SEVERAL, UnitUnfit, series_of, unfit, unit
from engine.documents.models import Document, DocumentCounter
from engine.people.actor import Actor
from engine.people.models import Account, Mediator, Unit
from engine.people.queries import there
from engine.supermarket import queue
from engine.supermarket.directory import COMMERCIAL, PEOPLES, workload
from engine.supermarket.models import Visit


@dataclass(frozen=True)
class Left:
    """What an organisation has open: who mediates for it with how many open cases, the visits that are agreed for a
    day to come, the series of its numbers with the last one of each year, and the day of the last."""

    mediators: list[Account]
    open_cases: int
    visits: int
    series: list[DocumentCounter]
    last_numbered: date | None


def left(session: Session, actor: Actor, unit_id: UUID) -> Left:
    """What an organisation would leave to its successor today. Raises AdministratorsOnly, UnitUnknown."""
    found = unit(session, actor, unit_id)
    listed = select(Account).join(Mediator, Mediator.account_id == Account.id).where(Mediator.unit_id == found.id)
    mediators = list(session.scalars(listed.order_by(Account.name)))
    load = workload(session, [str(one.id) for one in mediators])
    coming = select(func.count()).where(
        Visit.unit_id == found.id, Visit.day > clock.today(), Visit.state.in_(queue.NEXT)
    )  # fmt: skip
    names = series_of(session, found)
    counters = select(DocumentCounter).where(DocumentCounter.series.in_(names))
    counted = session.scalars(counters.order_by(DocumentCounter.year.desc(), DocumentCounter.series))
    return Left(
        mediators, sum(load.values()), session.scalar(coming) or 0, list(counted), _last_numbered(session, names)
    )


def heirs(session: Session, actor: Actor, unit_id: UUID) -> list[Unit]:
    """Who could take over: organisations of the same kind, or that mediate as well, within what the actor administers.

    Raises AdministratorsOnly, UnitUnknown.
    """
    found = unit(session, actor, unit_id)
    kinds = next((group for group in (PEOPLES, (COMMERCIAL,)) if found.kind in group), (found.kind,))
    query = select(Unit).where(Unit.kind.in_(kinds), Unit.id != found.id, there(clock.today()), Unit.last_day.is_(None))
    return [one for one in session.scalars(query.order_by(Unit.path, Unit.name)) if actor.holds("admin", one.path)]


def close(session: Session, actor: Actor, unit_id: UUID, given: Mapping[str, Any]) -> Unit:
    """Let an organisation end: `last_day` (today or before, not before its last number), `successor`, `reason`.

    Its mediators and the visits that are agreed go to the successor, and the mediators are told. Where something is
    open a successor is needed. Raises AdministratorsOnly, UnitUnknown, UnitUnfit, WordsBlocked.
    """
    session.execute(text("LOCK TABLE unit IN SHARE ROW EXCLUSIVE MODE"))
    found, open_now = unit(session, actor, unit_id), left(session, actor, unit_id)
    last_day, reason = _day(given.get("last_day")), blocklist.clean(str(given.get("reason") or ""))
    chosen = str(given.get("successor") or "")
    successor = next((one for one in heirs(session, actor, unit_id) if str(one.id) == chosen), None)
    earliest = open_now.last_numbered or date.min
    wrong: dict[str, dict[str, str]] = {}
    if found.last_day:
        wrong["ended"] = {"day": found.last_day.isoformat()}
    elif last_day is None or last_day > clock.today():
        wrong["last_day"] = {}
    elif last_day < earliest:
        wrong["numbered"] = {"day": earliest.isoformat()}
    if successor is None and (chosen or open_now.mediators or open_now.visits):
        wrong["successor"] = {"mediators": str(len(open_now.mediators)), "visits": str(open_now.visits)}
    if not 0 < len(reason) <= REASON:
        wrong["reason"] = {}
    if wrong or last_day is None:
        raise UnitUnfit(fields=unfit(wrong))
    found.last_day, found.successor_id = last_day, successor.id if successor else None
    if successor:
        _hand_over(session, actor, found, successor, reason, open_now.mediators)
    events.record(
        session, "unit.closed", found.id, actor=actor.id, last_day=last_day.isoformat(), reason=reason,
        visits=open_now.visits,
        successor=str(successor.id) if successor else None, mediators=[str(one.id) for one in open_now.mediators],
    )  # fmt: skip
    return found


def reopen(session: Session, actor: Actor, unit_id: UUID) -> Unit:
    """Take a closing back; what went to the successor stays there.

    Raises AdministratorsOnly, UnitUnknown, UnitUnfit.
    """
    session.execute(text("LOCK TABLE unit IN SHARE ROW EXCLUSIVE MODE"))
    found = unit(session, actor, unit_id)
    alike = select(Unit.name).where(Unit.kind == found.kind, Unit.division == found.division, Unit.last_day.is_(None))
    second = session.scalar(alike.where(Unit.id != found.id).limit(1)) if found.kind not in SEVERAL else None
    if second:
        raise UnitUnfit(fields=unfit({"second": {"other": second}}))
    if found.last_day:
        found.last_day = found.successor_id = None
        events.record(session, "unit.reopened", found.id, actor=actor.id)
    return found


def _hand_over(
    session: Session, actor: Actor, found: Unit, successor: Unit, reason: str, mediators: list[Account]
) -> None:  # fmt: skip
    session.execute(update(Mediator).where(Mediator.unit_id == found.id).values(unit_id=successor.id))
    queue.hand_over(session, found, successor, after=clock.today(), because=reason)
    told = [str(one.id) for one in mediators]
    notifications.tell(
        session, told, "body_closed", by=actor.id, unit={"zh": found.name, "en": found.name_en},
        to={"zh": successor.name, "en": successor.name_en},
    )  # fmt: skip


def _last_numbered(session: Session, names: list[str]) -> date | None:
    """The day on which the last number of some series was given, void ones included."""
    written = (Document.number.like(f"{name}〔%") | Document.number.like(f"（____）{name}字第%") for name in names)
    at = session.scalar(select(func.max(Document.issued_at)).where(or_(*written))) if names else None
    return at.astimezone(clock.ZONE).date() if at else None


def _day(given: Any) -> date | None:
    try:
        return date.fromisoformat(str(given or ""))
    except ValueError:
        return None
