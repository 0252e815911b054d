"""Figures that others published about a county: kept with source and method, apart from all that the house counts.

None enters a computed figure but the number of residents, beside incidents, and each is of a whole county, so that
they compare neither people nor places (反形式主义规则 3、5). A line is never changed: a correction is a line of its
own that names what it replaces, and why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Numeric, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import clock, events
from engine.cases import blocklist
from engine.db import Base
from engine.errors import N_, Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.people.actor import Actor

KEEPERS = ("county_officer", "admin")
"""Who enters them."""

WORDS = {"metric": 60, "unit": 20, "method": 300, "source": 300}
"""What every line says in words, and how many letters it may take."""


class Published(Base):
    """A figure of `county` (a division's path) for a year, as its `source` states it.

    `value` is empty where the source does not tell it, `sample_size` (people asked, or what was counted) likewise.
    `replaces` is the line that this one corrects, `reason` why; the database refuses to change or delete a line.
    """

    __tablename__ = "published"
    __table_args__ = (
        Index("ix_published_first", "county", "metric", "year", unique=True, postgresql_where=text("replaces IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    county: Mapped[str]
    metric: Mapped[str]
    year: Mapped[int]
    value: Mapped[Decimal | None] = mapped_column(Numeric)
    unit: Mapped[str]
    method: Mapped[str]
    source: Mapped[str]
    sample_size: Mapped[int | None]
    replaces: Mapped[UUID | None] = mapped_column(unique=True)
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class PublishedUnfit(Invalid):
    """A published figure has a name, a year, a method and a source; its numbers are numbers, or left out."""

    code = "published-unfit"
    message = N_(
        "Say what was measured, the year, how, and in which document it stands. Leave the figure or the number of "
        "people asked empty where the document does not tell it; else write a number of 0 or more."
    )


class CorrectionUnfounded(Invalid):
    """A correction says why."""

    code = "correction-unfounded"
    message = N_("Say why the figure is corrected: the first line stays readable beside it.")


class PublishedAlready(Conflict):
    """The county has a line for this figure and year, or the line was corrected in the meantime."""

    code = "published-already"
    message = N_("This figure of this year stands there already. Correct the newest line instead.")


class PublishedUnknown(NotFound):
    """There is no such line in this person's county."""

    code = "published-unknown"
    message = N_("There is no such published figure in your county.")


@dataclass(frozen=True)
class Line:
    """A line in force and the lines that it replaced, the newest first."""

    entry: Published
    earlier: tuple[Published, ...]


def lines(session: Session, actor: Actor) -> list[Line]:
    """The published figures of the counties in which an actor has a role, by name and year, never by value."""
    counties = {held.path.partition("/")[0] for held in actor.memberships}
    order = (Published.county, Published.metric, Published.year.desc(), Published.at)
    found = session.scalars(select(Published).where(Published.county.in_(counties)).order_by(*order)).all()
    known = {one.id: one for one in found}
    replaced = {one.replaces for one in found}
    return [Line(one, _before(one, known)) for one in found if one.id not in replaced]


def may_keep(actor: Actor) -> bool:
    """Whether an actor enters published figures."""
    return bool(_kept(actor))


def record(session: Session, actor: Actor, given: Mapping[str, Any], *, replaces: UUID | None = None) -> Published:
    """Enter a figure, or correct a line with a new one.

    Raises Forbidden, PublishedUnfit, PublishedAlready, CorrectionUnfounded, PublishedUnknown,
    WordsBlocked.
    """
    county = _kept(actor)
    if county is None:
        raise Forbidden
    read = _read(given)
    # One entry of a county at a time: what stands below must not change meanwhile.
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:county))"), {"county": f"published {county}"})
    if replaces is None:
        _require_new(session, county, read)
    else:
        read |= _correcting(session, county, replaces, given)
    made = Published(id=new_id(), county=county, by=actor.id, at=clock.now(), **{"reason": "", **read})
    session.add(made)
    events.record(session, "published.corrected" if replaces else "published.entered", made.id, actor=actor.id)
    return made


def _before(one: Published, known: Mapping[UUID, Published]) -> tuple[Published, ...]:
    found = []
    while one.replaces is not None:
        one = known[one.replaces]
        found.append(one)
    return tuple(found)


def _kept(actor: Actor) -> str | None:
    return next((one.path for one in actor.memberships if one.role in KEEPERS and "/" not in one.path), None)


def _read(given: Mapping[str, Any]) -> dict[str, Any]:
    words = {name: str(given.get(name) or "").strip()[:most] for name, most in WORDS.items()}
    try:
        year = int(str(given.get("year") or ""))
        value = Decimal(str(given["value"])) if given.get("value") not in (None, "") else None
        asked = int(str(given["sample_size"])) if given.get("sample_size") not in (None, "") else None
    except (ValueError, InvalidOperation):
        raise PublishedUnfit from None
    for name in ("method", "source"):  # what was counted may name a group of people, these name nobody
        blocklist.clean(words[name])
    told = words["metric"] and words["method"] and words["source"] and 1949 <= year <= clock.today().year
    if not told or (value is not None and not 0 <= value < 10**12) or (asked is not None and not 0 < asked < 2**31):
        raise PublishedUnfit
    return {**words, "year": year, "value": value, "sample_size": asked}


def _require_new(session: Session, county: str, read: Mapping[str, Any]) -> None:
    same = select(Published.id).where(
        Published.county == county, Published.metric == read["metric"], Published.year == read["year"]
    )
    if session.scalar(same.limit(1)):
        raise PublishedAlready


def _correcting(session: Session, county: str, replaces: UUID, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a correction keeps of the line that it replaces: which figure it is, of which year."""
    old = session.get(Published, replaces)
    if old is None or old.county != county:
        raise PublishedUnknown(published=replaces)
    if session.scalar(select(Published.id).where(Published.replaces == replaces)):
        raise PublishedAlready(published=replaces)
    reason = blocklist.clean(str(given.get("reason") or ""))[:300]
    if not reason:
        raise CorrectionUnfounded
    return {"metric": old.metric, "year": old.year, "replaces": replaces, "reason": reason}
