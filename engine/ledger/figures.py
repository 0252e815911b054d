"""Figures: each computed from the cases, with numerator, denominator and n; nothing can be typed, nobody is ranked.

What each counts stands in docs/figures.md and in `FIGURES`. A figure is about the cases reported (or closed, as it
says) in a window and a division, of those that the reader may count; sealed cases are in none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, aliased

from engine import clock
from engine.cases.models import Agreement, Callback, Case, Party, Submission
from engine.cases.permissions import OPEN, counted, within
from engine.deadlines.models import Deadline
from engine.errors import N_
from engine.events import Event
from engine.ledger.queries import OWN_WORK, FilterInvalid
from engine.ledger.suppression import LEAST, share, suppressed
from engine.people.actor import Actor

RESPONSE = timedelta(hours=24)
RESPONSE_RED = timedelta(minutes=10)
RECURRENCE = timedelta(days=180)
SOLVED = ("performed", "struck_off")
OUTCOMES_OUT = ("handed_over", "guided")


@dataclass(frozen=True)
class Window:
    """Which days (both included) and which division, as a path; an empty one is everything."""

    since: date
    until: date
    division: str = ""

    @classmethod
    def of(cls, since: str, until: str, division: str) -> "Window":
        """From an address; the last 365 days where nothing is said. Raises FilterInvalid."""
        try:
            last = date.fromisoformat(until) if until else clock.today()
            first = date.fromisoformat(since) if since else last - timedelta(days=364)
        except ValueError:
            raise FilterInvalid from None
        return cls(first, last, division)

    def holds(self, moment: Any) -> ColumnElement[bool]:
        """The condition that a moment lies in the window."""
        start = datetime.combine(self.since, time(), tzinfo=clock.ZONE)
        end = datetime.combine(self.until, time(), tzinfo=clock.ZONE) + timedelta(days=1)
        return and_(moment >= start, moment < end)


@dataclass(frozen=True)
class Figure:
    """One figure. `part` and `rate` are None where they could point to a person, or where there is nothing to count."""

    key: str
    name: str
    meaning: str
    part: int | None
    whole: int
    rate: float | None

    @property
    def hidden(self) -> bool:
        """Whether there was something to count and too little of it to be shown."""
        return self.whole > 0 and self.rate is None


@dataclass(frozen=True)
class Table:
    """Counts of one total, by code; None where a cell is too small to be shown."""

    key: str
    total: int
    cells: dict[str, int | None]


@dataclass(frozen=True)
class Figures:
    """All of a window."""

    window: Window
    received: int
    closed: int
    median_days: float | None
    report_seconds: float | None
    rates: tuple[Figure, ...]
    tables: tuple[Table, ...]


Count = Callable[[Window], tuple[ColumnElement[bool], ColumnElement[bool]]]
"""For a window: the cases that are counted, and those of them that fulfil what the figure asks."""


def _acted(hours: timedelta) -> ColumnElement[bool]:
    first = exists().where(
        Event.stream == Case.id, Event.kind == "task.completed", Event.actor.is_not(None),
        Event.at <= Case.reported_at + literal(hours),
    )  # fmt: skip
    return first


def _responded(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    within_limit = case((Case.risk == "RED", _acted(RESPONSE_RED)), else_=_acted(RESPONSE))
    return window.holds(Case.reported_at), within_limit


def _settled(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    performed = exists().where(Agreement.case_id == Case.id, Agreement.performed_on.is_not(None))
    return window.holds(Case.accepted_at), performed


def _performed(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    agreed = exists().where(Agreement.case_id == Case.id)
    performed = exists().where(Agreement.case_id == Case.id, Agreement.performed_on.is_not(None))
    return and_(window.holds(Case.accepted_at), agreed, Case.closed_at.is_not(None)), performed


def _upward(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return and_(window.holds(Case.closed_at), Case.level.is_not(None)), Case.level != "village"


def _recurred(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    again, mine, theirs = aliased(Case), aliased(Party), aliased(Party)
    same_person = or_(
        mine.identity_index == theirs.identity_index,
        and_(mine.name == theirs.name, mine.phone == theirs.phone, mine.phone != ""),
    )
    recurred = exists().where(
        mine.case_id == Case.id, theirs.case_id == again.id, again.id != Case.id, same_person,
        func.left(again.category, 3) == func.left(Case.category, 3),
        again.reported_at > Case.closed_at, again.reported_at <= Case.closed_at + literal(RECURRENCE),
    )  # fmt: skip
    return and_(window.holds(Case.closed_at), Case.outcome.in_(SOLVED)), or_(recurred, Case.reopened > 0)


def _reopened(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return window.holds(Case.closed_at) | and_(window.holds(Case.reported_at), Case.reopened > 0), Case.reopened > 0


def _gaps(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    old = Case.reported_at < clock.now() - timedelta(days=1)
    nobody = ~exists().where(Party.case_id == Case.id, Party.role.in_(("applicant", "respondent")))
    missing = or_(Case.category.is_(None), Case.risk.is_(None), and_(Case.accepted_at.is_not(None), nobody))
    return and_(window.holds(Case.reported_at), old), missing


def _satisfied(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    said = type_coerce(Submission.answers, JSONB)["satisfied"].astext
    asked = exists().where(Submission.case_id == Case.id, said.in_(("yes", "middling", "no")))
    return and_(window.holds(Case.closed_at), asked), exists().where(Submission.case_id == Case.id, said == "yes")


def _confirmed(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    asked = exists().where(Callback.case_id == Case.id, Callback.solved.in_(("yes", "no")))
    solved = exists().where(Callback.case_id == Case.id, Callback.solved == "yes")
    return and_(window.holds(Case.closed_at), asked), solved


FIGURES: dict[str, tuple[str, str, Count]] = {
    "response": (N_("Response"), N_("A person acted within 24 hours (red: 10 minutes), of all reported"), _responded),
    "settlement": (N_("Settlement"), N_("Agreement performed, of all accepted for mediation"), _settled),
    "performance": (N_("Performance"), N_("Agreement performed, of closed cases with an agreement"), _performed),
    "upward": (N_("Left the village"), N_("Handled by town or county, of all closed; information, no fault"), _upward),
    "recurrence": (
        N_("Came back within 180 days"), N_("Same person and kind of matter again, of all solved"), _recurred,
    ),
    "reopened": (N_("Reopened"), N_("Opened again after closing, of all closed"), _reopened),
    "satisfied": (N_("Satisfied"), N_("Yes at the call-back by somebody else, of all who answered"), _satisfied),
    "confirmed": (
        N_("Confirmed by call-back"), N_("Solved, says who was asked by lot, of all who answered"), _confirmed,
    ),
    "gap": (N_("Data gap"), N_("Category, risk or people missing after a day, of all reported"), _gaps),
}  # fmt: skip
"""Each rate: its name, what is divided by what, and how it is counted."""

ON_TIME = (N_("On time"), N_("Deadlines met by their day, of all that were met or fell due"))
TABLES = {"outcome": Case.outcome, "level": Case.level, "category": func.left(Case.category, 3), "kind": Case.kind}


def figures(session: Session, actor: Actor, window: Window) -> Figures:
    """The figures of a window, of what the actor may count. Whoever may count nothing gets zeros."""
    mine = _mine(actor, window)
    rates = [
        _rate(session, key, name, meaning, [*mine, among], fulfils)
        for key, (name, meaning, count) in FIGURES.items()
        for among, fulfils in [count(window)]
    ]
    rates.insert(3, _on_time(session, mine, window))
    tables = [_table(session, key, column, [*mine, window.holds(Case.closed_at)]) for key, column in TABLES.items()]
    received = _count(session, [*mine, window.holds(Case.reported_at)])
    closed = _count(session, [*mine, window.holds(Case.closed_at)])
    days = func.extract("epoch", Case.closed_at - Case.reported_at) / 86400
    median_days = _median(session, days, [*mine, window.holds(Case.closed_at)])
    seconds = _median(session, Case.report_seconds, [*mine, window.holds(Case.reported_at)])
    return Figures(window, received, closed, median_days, seconds, tuple(rates), tuple(tables))


def _mine(actor: Actor, window: Window) -> list[ColumnElement[bool]]:
    found = [counted(actor), OPEN, Case.kind.not_in(OWN_WORK)]
    if window.division:
        found.append(within(window.division))
    return found


def _count(session: Session, conditions: list[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0


def _rate(
    session: Session, key: str, name: str, meaning: str, among: list[ColumnElement[bool]], fulfils: ColumnElement[bool]
) -> Figure:
    counts = select(func.count(), func.count().filter(fulfils)).select_from(Case).where(*among)
    whole, part = session.execute(counts).one()
    shown, rate = share(part, whole)
    return Figure(key, name, meaning, shown, whole, rate)


def _on_time(session: Session, mine: list[ColumnElement[bool]], window: Window) -> Figure:
    ended = or_(Deadline.state == "met", and_(Deadline.state == "running", Deadline.due_at < clock.now()))
    met = and_(Deadline.state == "met", Deadline.ended_at <= Deadline.due_at)
    counts = select(func.count(), func.count().filter(met)).join(Case, Case.id == Deadline.case_id)
    whole, part = session.execute(counts.where(*mine, ended, window.holds(Deadline.due_at))).one()
    shown, rate = share(part, whole)
    return Figure("on_time", *ON_TIME, shown, whole, rate)


def _table(session: Session, key: str, column: Any, conditions: list[ColumnElement[bool]]) -> Table:
    code = func.coalesce(column, "")
    rows = session.execute(select(code, func.count()).where(*conditions).group_by(code).order_by(code))
    cells = {str(name): int(count) for name, count in rows}
    return Table(key, sum(cells.values()), suppressed(cells))


def _median(session: Session, value: Any, conditions: list[ColumnElement[bool]]) -> float | None:
    """The median of what is known; None where that is too little to be shown."""
    median = func.percentile_cont(0.5).within_group(value)
    known, found = session.execute(select(func.count(value), median).select_from(Case).where(*conditions)).one()
    return round(float(found), 1) if known >= LEAST else None
