"""No exception, no dead corner, no gap (无例外、无死角、无空档): three checks that list what falls short; no rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.cases.permissions import OPEN, WATCHERS, NotForYourRole, scope, within
from engine.ledger.queries import OWN_WORK
from engine.people import absences
from engine.people import queries as people
from engine.people.actor import Actor
from engine.registers import coverage as registers
from engine.territory import queries as territory
from engine.territory.models import Division
from engine.volunteers import queries as rosters
from engine.workflow.models import UserTask

WHO = WATCHERS
TRIAGE = timedelta(days=1)
QUIET = timedelta(days=90)
"""After so long without any report, somebody asks whether a village is looked after at all."""
AHEAD = 14
"""Days ahead that are looked at for duty and shifts."""
MOST = 200
VILLAGE_PATH = len("610927/610927103/610927103207")
"""How long the path of a village is: county, town and village by their codes."""
POSTS = {"village": ("grid_worker", "village_mediator"), "town": ("duty_officer", "town_mediator", "police")}
"""Who must be there in every village and every town (or above it)."""


@dataclass(frozen=True)
class Shortfall:
    """One thing that falls short: why, in which division, for which case or role, on which day, how many households or
    people it is about."""

    why: str
    division: Division | None
    case: Case | None = None
    role: str = ""
    count: int = 0
    day: date | None = None


@dataclass(frozen=True)
class Coverage:
    """What each of the three checks found."""

    no_exception: Sequence[Shortfall]
    no_dead_corner: Sequence[Shortfall]
    no_gap: Sequence[Shortfall]


def coverage(session: Session, actor: Actor) -> Coverage:
    """The three checks in the actor's divisions; leaders get no case named. Raises NotForYourRole."""
    held = {one.path for one in actor.memberships if one.role in WHO}
    paths = [one for one in sorted(held) if not held & set(territory.ancestors(one)[:-1])]
    if not paths:
        raise NotForYourRole
    villages = [one for path in paths for one in territory.villages(session, path)]
    towns = [one for one in territory.towns(session) if any(territory.is_within(one.path, path) for path in paths)]
    corners = [*_posts(session, villages, "village"), *_posts(session, towns, "town"), *_unplaced(session, actor)]
    corners += [*_unlooked(session, villages), *_silent(session, villages)]
    corners += [Shortfall(why, place, count=count) for why, place, count in registers.gaps(session, villages)]
    corners += [Shortfall("in-ended", place, count=count) for place, count in registers.left_behind(session, paths)]
    gaps = [*_tasks(session, actor, paths), *_duty(session, towns), *_shifts(session, actor)]
    return Coverage(list(_cases(session, actor)), corners, gaps)


def _cases(session: Session, actor: Actor) -> Iterator[Shortfall]:
    """Reports that nobody has looked at for a day, and open cases in which nobody has anything to do."""
    waiting = select(UserTask.id).where(UserTask.stream == Case.id, UserTask.state == "open").exists()
    query = select(Case).where(scope(actor), OPEN, Case.closed_at.is_(None)).order_by(Case.id).limit(MOST)
    old = query.where(Case.stage.in_(("reported", "triage")), Case.reported_at < clock.now() - TRIAGE)
    idle = query.where(~waiting, Case.reported_at < clock.now() - TRIAGE)
    late = query.where(Case.due_on < clock.today())
    for why, found in (("untriaged", old), ("idle", idle), ("late", late)):
        cases = session.scalars(found).all()
        places = territory.by_path(session, {one.division for one in cases})
        for one in cases:
            yield Shortfall(why, places.get(one.division), case=one)


def _unplaced(session: Session, actor: Actor) -> Iterator[Shortfall]:
    """Open cases of which nobody has said in which village they happened: no grid looks after them."""
    query = select(Case).where(scope(actor), OPEN, Case.closed_at.is_(None), Case.kind.not_in(OWN_WORK))
    found = session.scalars(query.where(func.length(Case.division) < VILLAGE_PATH).order_by(Case.id).limit(MOST)).all()
    places = territory.by_path(session, {one.division for one in found})
    for one in found:
        yield Shortfall("no-village", places.get(one.division), case=one)


def _silent(session: Session, villages: Sequence[Division]) -> Iterator[Shortfall]:
    """Villages from which nothing has come for ninety days: a reason to go there, no fault of anybody."""
    since = clock.now() - QUIET
    heard = set(session.scalars(select(Case.division).where(Case.reported_at > since).distinct()))
    for village in villages:
        if not any(path == village.path or path.startswith(village.path + "/") for path in heard):
            yield Shortfall("silent", village)


def _posts(session: Session, divisions: Sequence[Division], kind: str) -> Iterator[Shortfall]:
    """Villages and towns where a post is held by nobody today, neither there, nor in a grid, nor above."""
    held = people.held_paths(session, POSTS[kind])
    for division in divisions:
        for role in POSTS[kind]:
            paths = held.get(role, set())
            above = set(territory.ancestors(division.path))
            if not paths & above and not any(path.startswith(division.path + "/") for path in paths):
                yield Shortfall("post-empty", division, role=role)


def _unlooked(session: Session, villages: Sequence[Division]) -> Iterator[Shortfall]:
    """Grids without a worker in villages that have some: neither the grid, nor its village, nor a division above."""
    held = people.held_paths(session, ("grid_worker",)).get("grid_worker", set())
    staffed = [one for one in villages if any(path.startswith(one.path + "/") for path in held)]
    for grid in territory.below(session, [one.path for one in staffed]):
        if not grid.last_day and not held & set(territory.ancestors(grid.path)):
            yield Shortfall("no-worker", grid, role="grid_worker")


def _duty(session: Session, towns: Sequence[Division]) -> Iterator[Shortfall]:
    """The first of the coming days on which nobody is on duty for a town that has somebody today: all of them, and
    those who cover for them, are away or no longer hold the post."""
    today = clock.today()
    days = [today + timedelta(days=ahead) for ahead in range(AHEAD)]
    there = absences.there(session, "duty_officer", days[0], days[-1])
    for town in towns:
        above = set(territory.ancestors(town.path))
        empty = [day for day in days if not there[day] & above]
        if empty and empty != days:
            yield Shortfall("no-duty", town, role="duty_officer", day=empty[0])


def _shifts(session: Session, actor: Actor) -> Iterator[Shortfall]:
    """Shifts of volunteers in the coming days that need more people than have put themselves down."""
    until = clock.now() + timedelta(days=AHEAD)
    short = [one for one in rosters.watches(session, actor) if one.missing and one.shift.starts_at < until]
    places = territory.by_path(session, {one.shift.path for one in short})
    for one in short:
        day = one.shift.starts_at.astimezone(clock.ZONE).date()
        yield Shortfall("shift-short", places.get(one.shift.path), count=one.missing, day=day)


def _tasks(session: Session, actor: Actor, paths: Sequence[str]) -> Iterator[Shortfall]:
    """Open tasks that nobody could take today, or that lie with somebody who is no longer here."""
    names_cases = any(actor.has(role) for role in ("county_officer", "duty_officer"))
    for path in paths:
        query = select(UserTask, Case).join(Case, Case.id == UserTask.stream)
        found = session.execute(query.where(UserTask.state == "open", OPEN, within(path)).limit(MOST * 10)).all()
        roles = {role for task, _ in found for role in task.groups}
        held = people.held_paths(session, roles)
        active = people.active(session, {task.assignee for task, _ in found if task.assignee})
        places = territory.by_path(session, {case.division for _, case in found})
        for task, case in found:
            above = set(territory.ancestors(task.division))
            if not any(held.get(role, set()) & above for role in task.groups):
                yield Shortfall("nobody", places.get(case.division), case if names_cases else None, task.groups[0])
            elif task.assignee and task.assignee not in active:
                yield Shortfall("gone", places.get(case.division), case if names_cases else None, task.groups[0])
