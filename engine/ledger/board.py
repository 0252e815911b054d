"""The board of a division: what is open, late and at risk, by place and by level, and what came and went before.

Four statements, however many cases there are. Sealed cases and the house's own work are in no number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.cases.permissions import NotForYourRole, boards, sees_all
from engine.errors import N_
from engine.ledger.movements import PAST, counted, movements
from engine.ledger.queries import FilterInvalid
from engine.ledger.tallies import Counts, Tally, Told
from engine.people.actor import Actor
from engine.territory.models import Division
from engine.territory.queries import DivisionUnknown, is_within

RISKY = ("RED", "ORANGE")
UNDECIDED = ("reported", "triage")
LEVELS = ("village", "town", "county", "")
"""Where a case is handled; empty: nobody has decided yet."""

VILLAGE_DEPTH = 3
"""Parts of a village's path: places below it (grids) are counted with it."""

MEANINGS: Mapping[str, tuple[str, str]] = {
    "open": (N_("Open"), N_("Reported and not closed, now.")),
    "late": (N_("Overdue"), N_("Open cases whose next day is past, of all that are open.")),
    "risky": (N_("Red or orange"), N_("Open cases of red or orange risk, of all that are open.")),
    "waiting": (
        N_("Undecided overnight"),
        N_("Open cases reported before today for which nobody has decided who acts, of all that are open."),
    ),
    "reported": (N_("Reported"), N_("Cases reported in these days.")),
    "closed": (N_("Closed"), N_("Cases closed in these days, whatever the outcome.")),
    "due": (N_("Deadlines"), N_("Deadlines that fell due in these days and by now, met or not.")),
    "missed": (N_("Missed"), N_("Of these deadlines, those met after their day or still open after it.")),
}
"""Every number of a board: its name, and how it is counted."""

NOW = ("open", "late", "risky", "waiting")
PARTS = {"late": "open", "risky": "open", "waiting": "open", "missed": "due"}
PERIODS = {"week": 13, "month": 13}
"""How many weeks or months are looked back on, with the one that is running."""


@dataclass(frozen=True)
class Period:
    """One week or month: its days (both included), what may be told of it, and whether it is still running."""

    since: date
    until: date
    told: Told
    running: bool


@dataclass(frozen=True)
class Board:
    """What may be told of a division. `links`: the cases behind a number may be opened."""

    division: Division
    above: Division | None
    at: datetime
    now: Told
    places: Mapping[str, Told]
    levels: Mapping[str, Told]
    period: str
    past: tuple[Period, ...]
    links: bool
    names: Mapping[str, Division]

    def change(self, name: str, number: int) -> int | None:
        """By how much a period differs from the one before it; None where either is hidden or still running."""
        if number == 0 or self.past[number].running:
            return None
        here, before = self.past[number].told[name], self.past[number - 1].told[name]
        return None if here is None or before is None else here - before

    def filters(self, name: str, *, place: str = "", level: str | None = None) -> dict[str, str]:
        """The search of the ledger that lists the cases behind a number of now."""
        found = {"division": place or self.division.path, "open": "1", "own_work": "0"}
        found |= {
            "late": {"overdue": "1"},
            "risky": {"risk": ",".join(RISKY)},
            "waiting": {
                "stage": ",".join(UNDECIDED),
                "until": (self.at.astimezone(clock.ZONE).date() - timedelta(days=1)).isoformat(),
            },
        }.get(name, {})
        return found if level is None else {**found, "level": level or "none"}


def board(session: Session, actor: Actor, path: str = "", *, period: str = "week", public: bool = False) -> Board:
    """The board of a division, the actor's own where none is named; `public`: as anybody may see it on a wall.

    Raises NotForYourRole, DivisionUnknown, FilterInvalid.
    """
    if period not in PERIODS:
        raise FilterInvalid
    root = root_of(actor, path)
    path = _village(path or root)
    exact = sees_all(actor, path) and not public
    names = _around(session, path)
    if path not in names:
        raise DivisionUnknown(division=path)
    now, levels = _now(session, path if exact else root, path, exact=exact)
    told = now.told(path)
    above = names.get(path.rpartition("/")[0]) if path != root else None
    past = _past(session, path if exact else root, path, period, exact=exact)
    places = _places(now, path, names)
    return Board(names[path], above, clock.now(), told, places, now.split(told, levels), period, past, exact, names)


def root_of(actor: Actor, path: str) -> str:
    """The widest division that the actor answers for and a path lies in. Raises NotForYourRole, DivisionUnknown."""
    mine = boards(actor)
    if not mine:
        raise NotForYourRole
    if not path:
        return mine[0]
    for root in mine:
        if is_within(path, root):
            return root
    raise DivisionUnknown(division=path)


def _around(session: Session, path: str) -> dict[str, Division]:
    """A division, the one above it, and those right below it."""
    above, _, code = path.rpartition("/")
    query = select(Division).where(or_(Division.path.in_((path, above)), Division.parent == code))
    return {one.path: one for one in session.scalars(query.order_by(Division.path))}


def _places(now: Tally, path: str, names: Mapping[str, Division]) -> dict[str, Told]:
    """What may be told of each division right below one, those without cases too; a village is not divided further."""
    if len(path.split("/")) >= VILLAGE_DEPTH:
        return {}
    told, nothing = now.told_below(path), dict.fromkeys(NOW, 0)
    return {one: told.get(one, nothing) for one in names if one.startswith(path + "/") or one in told}


def _now(session: Session, root: str, path: str, *, exact: bool) -> tuple[Tally, dict[str, Counts]]:
    """The counts of now below a root by place, and those of a division by level."""
    today = datetime.combine(clock.today(), time(), tzinfo=clock.ZONE)
    waiting = and_(Case.stage.in_(UNDECIDED), Case.reported_at < today)
    measures = (Case.due_on < clock.today(), Case.risk.in_(RISKY), waiting)
    counts = [func.count(), *(func.count().filter(one) for one in measures)]
    query = select(Case.division, func.coalesce(Case.level, ""), *counts).where(
        *counted(root), Case.closed_at.is_(None)
    )
    rows = session.execute(query.group_by(Case.division, Case.level)).all()
    levels = _summed(NOW, ((level, found) for place, level, *found in rows if is_within(place, path)))
    places = _summed(NOW, ((_village(place), found) for place, _, *found in rows))
    return Tally(root, NOW, PARTS, places, exact), {level: levels.get(level, dict.fromkeys(NOW, 0)) for level in LEVELS}


def _past(session: Session, root: str, path: str, period: str, *, exact: bool) -> tuple[Period, ...]:
    """The last weeks or months, oldest first."""
    days = list(_days(period))
    start = datetime.combine(days[0][0], time(), tzinfo=clock.ZONE)
    found: dict[tuple[date, str], dict[str, int]] = {}
    for begin, place, *counts in movements(session, root, period, start):
        _add(found.setdefault((begin, _village(place)), dict.fromkeys(PAST, 0)), counts)
    periods = []
    for since, until in days:
        places = {place: cell for (begin, place), cell in found.items() if begin == since}
        told = Tally(root, PAST, PARTS, places, exact).told(path)
        periods.append(Period(since, until, told, until >= clock.today()))
    return tuple(periods)


def _days(period: str) -> Iterator[tuple[date, date]]:
    """First and last day of each of the last weeks or months, oldest first."""
    today = clock.today()
    months = today.year * 12 + today.month - 1
    for back in reversed(range(PERIODS[period])):
        if period == "week":
            first = today - timedelta(days=today.weekday() + 7 * back)
            yield first, first + timedelta(days=6)
        else:
            yield _first_of(months - back), _first_of(months - back + 1) - timedelta(days=1)


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _village(place: str) -> str:
    return "/".join(place.split("/")[:VILLAGE_DEPTH])


def _summed(names: Sequence[str], rows: Iterable[tuple[str, Sequence[int]]]) -> dict[str, Counts]:
    found: dict[str, dict[str, int]] = {}
    for key, counts in rows:
        _add(found.setdefault(key, dict.fromkeys(names, 0)), counts)
    return dict(found)


def _add(cell: dict[str, int], counts: Sequence[int]) -> None:
    for name, count in zip(cell, counts, strict=True):
        cell[name] += count
