"""Figures: each computed from the cases, with numerator, denominator and n; nothing can be typed, nobody is ranked.

What each counts stands in docs/figures.md and in `FIGURES`. A figure is about the cases reported (or closed, as it
says) in a window and a division, of those that the reader may count; sealed cases are in none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, not_, or_, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, aliased

from engine import clock
from engine.cases.models import Agreement, Callback, Case, Party, Submission
from engine.cases.permissions import OPEN, boards, counted, sees_all, within
from engine.deadlines import queries as deadlines
from engine.deadlines.models import Deadline
from engine.errors import N_
from engine.events import Event
from engine.ledger import incidents
from engine.ledger.counted import SOLVED, Counted, Figure
from engine.ledger.incidents import Incidents
from engine.ledger.queries import OWN_WORK, FilterInvalid
from engine.ledger.suppression import LEAST
from engine.people.actor import Actor
from engine.territory.queries import is_within

RESPONSE = timedelta(hours=24)
RESPONSE_RED = timedelta(minutes=10)
RECURRENCE = timedelta(days=180)
MARGIN = timedelta(days=366)
"""How far from the ends of the calendar a window stays, since what is counted looks at the days around it too."""
SIDES = ("applicant", "respondent")
"""Whose matter it is; who reported it, speaks for a party or heard of it is none of them."""
CALLBACKS = ("f14-callback", "f-rate")
"""What somebody else than the handler asked: after a mediation or a petition; f-rating is their own word."""
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
            _ = first - MARGIN, last + MARGIN
        except (ValueError, OverflowError):
            raise FilterInvalid from None
        if first > last:
            raise FilterInvalid
        return cls(first, last, division)

    def quarter(self) -> "Window":
        """The quarter of its last day, or the last one that has ended: windows that overlap could be subtracted."""
        last = min(self.until, _first_of_quarter(clock.today()) - timedelta(days=1))
        first = _first_of_quarter(last)
        return Window(first, _first_of_quarter(first + timedelta(days=95)) - timedelta(days=1), self.division)

    def holds(self, moment: Any) -> ColumnElement[bool]:
        """The condition that a moment lies in the window."""
        start = datetime.combine(self.since, time(), tzinfo=clock.ZONE)
        end = datetime.combine(self.until, time(), tzinfo=clock.ZONE) + timedelta(days=1)
        return and_(moment >= start, moment < end)


@dataclass(frozen=True)
class Table:
    """Counts of one total, by code; None where a count is too small to be shown."""

    key: str
    total: int | None
    cells: dict[str, int | None]

    @property
    def words(self) -> str:
        """The dictionary that its codes stand in."""
        return "level" if self.key == "solved" else self.key


@dataclass(frozen=True)
class Figures:
    """All of a window; None where a count is too small to be shown. `alone`: told to somebody who sees no case."""

    window: Window
    received: int | None
    closed: int | None
    median_days: float | None
    report_seconds: float | None
    rates: tuple[Figure, ...]
    tables: tuple[Table, ...]
    incidents: Incidents
    alone: bool = False


def _first_of_quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


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
        mine.role.in_(SIDES), theirs.role.in_(SIDES),
        func.left(again.category, 3) == func.left(Case.category, 3),
        again.reported_at > Case.closed_at, again.reported_at <= Case.closed_at + literal(RECURRENCE),
    )  # fmt: skip
    return and_(window.holds(Case.closed_at), Case.outcome.in_(SOLVED)), or_(recurred, Case.reopened > 0)


def _reopened(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return window.holds(Case.closed_at) | and_(window.holds(Case.reported_at), Case.reopened > 0), Case.reopened > 0


def _gaps(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    old = Case.reported_at < clock.now() - timedelta(days=1)
    nobody = ~exists().where(Party.case_id == Case.id, Party.role.in_(SIDES))
    missing = or_(Case.category.is_(None), Case.risk.is_(None), and_(Case.accepted_at.is_not(None), nobody))
    return and_(window.holds(Case.reported_at), old), missing


def _satisfied(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    said = type_coerce(Submission.answers, JSONB)["satisfied"].astext
    called = and_(Submission.case_id == Case.id, Submission.form_key.in_(CALLBACKS))
    asked = exists().where(called, said.in_(("yes", "middling", "partly", "no")))
    return and_(window.holds(Case.closed_at), asked), exists().where(called, said == "yes")


def _helped(window: Window) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What villagers said themselves with their codes (form f-rating); it helped where nobody of a case says less."""
    said = type_coerce(Submission.answers, JSONB)["solved"].astext
    rated = and_(Submission.case_id == Case.id, Submission.form_key == "f-rating")
    return and_(window.holds(Case.closed_at), exists().where(rated)), ~exists().where(rated, said != "yes")


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
        N_("Came back within 180 days"), N_("Same party and kind of matter again, of all solved"), _recurred,
    ),
    "reopened": (N_("Reopened"), N_("Opened again after closing, of all closed"), _reopened),
    "satisfied": (N_("Satisfied"), N_("Yes at the call-back by somebody else, of all who answered"), _satisfied),
    "confirmed": (
        N_("Confirmed by call-back"), N_("Solved, says who was asked by lot, of all who answered"), _confirmed,
    ),
    "helped": (
        N_("It helped"), N_("Settled, say villagers who rated with their code, of all who rated; in part is no yes"),
        _helped,
    ),
    "gap": (N_("Data gap"), N_("Category, risk or people missing after a day, of all reported"), _gaps),
}  # fmt: skip
"""Each rate: its name, what is divided by what, and how it is counted."""

ON_TIME = (N_("On time"), N_("Met by their day, of what offices owe by law and was met, fell due or was dropped late"))
TABLES = {"outcome": Case.outcome, "level": Case.level, "category": func.left(Case.category, 3), "kind": Case.kind}


def figures(session: Session, actor: Actor, window: Window) -> Figures:
    """The figures of a window, of what the actor may count. Whoever may count nothing gets zeros.

    Whoever sees figures alone gets whole quarters that have ended, of their division and those right below it; what
    could be had by subtracting one from another is hidden. Raises FilterInvalid for a division further below.
    """
    root = _root_of_figures_alone(actor, window.division)
    if root is None:
        of_all = window.division in ("", _county(actor)) and sees_all(actor, _county(actor))
        return _figures(session, _mine(actor, window), window, "", None, _people(session, actor, window, of_all))
    window = window.quarter()
    place = window.division if is_within(window.division, root) else root
    if place != root and place.rpartition("/")[0] != root:
        raise FilterInvalid
    mine = [OPEN, Case.kind.not_in(OWN_WORK), within(root)]
    return _figures(session, mine, window, place, root, _people(session, actor, window, place == _county(actor)))


def _county(actor: Actor) -> str:
    return next((one.path.partition("/")[0] for one in actor.memberships), "")


def _people(session: Session, actor: Actor, window: Window, of_all: bool) -> tuple[int, int, str] | None:
    """The residents that incidents are set against, where all of the county is counted."""
    return incidents.residents(session, actor, window.until.year) if of_all else None


def _root_of_figures_alone(actor: Actor, division: str) -> str | None:
    """The division of a leader who sees no case of it; None for whoever counts what they may open."""
    near = (one for one in boards(actor) if not division or is_within(division, one) or is_within(one, division))
    led = next(near, None)
    return None if led is None or sees_all(actor, led) else led


def _figures(
    session: Session,
    mine: list[ColumnElement[bool]],
    window: Window,
    place: str,
    root: str | None,
    people: tuple[int, int, str] | None,
) -> Figures:
    """Count by place, hide, and tell of one place; without a root everything is one place."""
    tally = Counted(session, root)
    for key, (_, _, count) in FIGURES.items():
        among, fulfils = count(window)
        tally.split(key, [*mine, among], fulfils)
    tally.split("on_time", [*mine, *_on_time(window)], MET, Deadline)
    for key, column in TABLES.items():
        tally.table(key, func.coalesce(column, ""), [*mine, window.holds(Case.closed_at)])
    solved, level = Case.outcome.in_(SOLVED), func.coalesce(Case.level, "")
    for key, condition in (("solved", solved), ("unsolved", or_(Case.outcome.is_(None), not_(solved)))):
        tally.table(key, level, [*mine, window.holds(Case.closed_at), condition])
    for key, kind in (("incidents", incidents.code()), ("hurt", incidents.hurt())):
        tally.table(key, kind, [*mine, window.holds(Case.reported_at), incidents.happened()])
    here = [*mine, within(place)] if place else mine
    days = func.extract("epoch", Case.closed_at - Case.reported_at) / 86400
    closed = tally.told("kind", place)
    median_days = _median(session, days, [*here, window.holds(Case.closed_at)]) if closed is not None else None
    seconds = _median(session, Case.report_seconds, [*here, window.holds(Case.reported_at)])
    names = {key: (name, meaning) for key, (name, meaning, _) in FIGURES.items()}
    order = [*list(names)[:3], "on_time", *list(names)[3:]]
    rates = tuple(tally.figure(key, *names.get(key, ON_TIME), place) for key in order)
    tables = tuple(Table(key, tally.told(key, place), tally.cells(key, place)) for key in (*TABLES, "solved"))
    shown = {**dict.fromkeys(incidents.KINDS, 0), **tally.cells("incidents", place)}
    shown |= {"all": tally.told("incidents", place), "hurt": tally.cells("hurt", place).get("yes", 0)}
    return Figures(
        window, tally.told("received", place), closed, median_days, seconds, rates, tables,
        incidents.set_against(shown, people), root is not None,
    )  # fmt: skip


def _mine(actor: Actor, window: Window) -> list[ColumnElement[bool]]:
    found = [counted(actor), OPEN, Case.kind.not_in(OWN_WORK)]
    if window.division:
        found.append(within(window.division))
    return found


def _on_time(window: Window) -> list[ColumnElement[bool]]:
    return [Deadline.case_id == Case.id, deadlines.was_due(), window.holds(Deadline.due_at)]


MET = and_(Deadline.state == "met", Deadline.ended_at <= Deadline.due_at)


def _median(session: Session, value: Any, conditions: list[ColumnElement[bool]]) -> float | None:
    """The median of what is known; None where that is too little to be shown."""
    median = func.percentile_cont(0.5).within_group(value)
    known, found = session.execute(select(func.count(value), median).select_from(Case).where(*conditions)).one()
    return round(float(found), 1) if known >= LEAST else None
