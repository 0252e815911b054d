"""How a process goes: where cases wait and loop, which ways they take, and whether they keep the time.

From the history of instances begun in a window; sealed cases are left out. For administrators: figures, no content.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypedDict
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.models import Case
from engine.casework.administration import require_admin
from engine.deadlines.models import Deadline
from engine.ids import new_id
from engine.people.actor import Actor
from engine.workflow import definitions, event_log, visits
from engine.workflow.errors import DefinitionUnknown
from engine.workflow.models import Definition, Instance, UserTask
from engine.workflow.visits import Walked, Window

USUAL = timedelta(days=90)
"""How far back one looks where nothing else is asked."""


Form = Literal["csv", "xes"]


class Asked(TypedDict):
    """Which instances: of a version, begun on days from `since` to `until`; None: of all, the usual window."""

    version: int | None
    since: date | None
    until: date | None


@dataclass(frozen=True)
class Kept:
    """How often a time was kept, passed, and still runs."""

    in_time: int
    late: int
    running: int


@dataclass(frozen=True)
class Insight:
    """How the instances of a window went; `due` by step (its own due date), `deadlines` by key (of the law)."""

    versions: Sequence[Definition]
    since: date
    until: date
    walked: Walked
    due: Mapping[str, Kept]
    deadlines: Mapping[str, Kept]


def insight(
    session: Session, actor: Actor, key: str, *, version: int | None = None, since: date | None = None,
    until: date | None = None,
) -> Insight:  # fmt: skip
    """How a process went, in all versions or one, in instances begun on days from `since` to `until`.

    Raises AdministratorsOnly, DefinitionUnknown.
    """
    require_admin(actor)
    versions = _versions(session, key, version)
    window, first, last = _window(session, since, until)
    ids = [one.id for one in versions]
    keys = {
        wanted
        for one in versions
        for element in definitions.process(session, one.id).elements.values()
        if (wanted := element.properties.get("hejie.deadline"))
    }
    return Insight(
        versions, first, last, visits.walked(session, versions, window), _due(session, ids, window),
        _deadlines(session, keys, ids, window) if keys else {},
    )  # fmt: skip


def export(
    session: Session, actor: Actor, key: str, form: Form, *, version: int | None = None,
    since: date | None = None, until: date | None = None,
) -> Callable[[Session], Iterator[str]]:  # fmt: skip
    """The event log of the same instances: what writes it, piece by piece, within a transaction of its own.

    Raises AdministratorsOnly, DefinitionUnknown.
    """
    require_admin(actor)
    versions = _versions(session, key, version)
    window, first, last = _window(session, since, until)
    events.record(
        session, "event_log.exported", new_id(), actor=actor.id, process=key, format=form, since=first.isoformat(),
        until=last.isoformat(),
    )  # fmt: skip
    write = event_log.as_csv if form == "csv" else event_log.as_xes
    return lambda later: write(later, versions, window)


def _versions(session: Session, key: str, version: int | None) -> list[Definition]:
    found = definitions.versions(session, definitions.PROCESS, key)
    found = [one for one in found if version in (None, one.version)]
    if not found:
        raise DefinitionUnknown(key=key, version=version)
    return found


def _window(session: Session, since: date | None, until: date | None) -> tuple[Window, date, date]:
    last = until or clock.today()
    first = since or max(last, date.min + USUAL) - USUAL
    sealed = tuple(session.scalars(select(Case.id).where(Case.sealed)))
    return Window(clock.midnight(first), clock.end_of(last), sealed), first, last


def _begun(window: Window) -> ColumnElement[bool]:
    sealed = select(Case.id).where(Case.sealed)
    return and_(Instance.started_at >= window.since, Instance.started_at < window.until, Instance.stream.not_in(sealed))


def _kept(ended: Any, due: Any, well: ColumnElement[bool]) -> tuple[Any, Any, Any]:
    """How often a time was kept, passed, and still runs; it was kept where what ended in time ended `well`."""
    now = clock.now()
    late = or_(and_(well, ended > due), and_(ended.is_(None), due < now))
    return (
        func.count().filter(well, ended <= due),
        func.count().filter(late),
        func.count().filter(ended.is_(None), due >= now),
    )


def _due(session: Session, ids: Sequence[UUID], window: Window) -> dict[str, Kept]:
    """Steps with a due date of their own."""
    query = (
        select(UserTask.element_id, *_kept(UserTask.closed_at, UserTask.due_at, true()))
        .join(Instance, Instance.id == UserTask.instance_id)
        .where(UserTask.definition_id.in_(ids), UserTask.due_at.is_not(None), UserTask.state != "cancelled")
        .where(_begun(window))
        .group_by(UserTask.element_id)
    )
    return {row[0]: Kept(*row[1:]) for row in session.execute(query)}


def _deadlines(session: Session, keys: set[str], ids: Sequence[UUID], window: Window) -> dict[str, Kept]:
    """Deadlines of the law that the diagram names, in the cases of these instances."""
    streams = select(Instance.stream).where(Instance.definition_id.in_(ids), _begun(window))
    query = (
        select(Deadline.key, *_kept(Deadline.ended_at, Deadline.due_at, Deadline.state == "met"))
        .where(Deadline.key.in_(keys), Deadline.state.not_in(("cancelled", "kept")), Deadline.case_id.in_(streams))
        .group_by(Deadline.key)
    )
    return {row[0]: Kept(*row[1:]) for row in session.execute(query)}
