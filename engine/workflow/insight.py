"""What happens at each step of a process: how many wait there now, how many were done, and how long it took.

Waiting are tokens; done are user tasks and service jobs. A called process is looked at by itself. All versions of a
process are taken together, by the ids of their elements.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Interval, Select, cast, func, literal, null, or_, select, true, union_all
from sqlalchemy.orm import Session

from engine.workflow.definitions import PROCESS
from engine.workflow.models import Definition, Instance, ServiceJob, TokenPlace, UserTask


@dataclass(frozen=True)
class Among:
    """Which instances are looked at: those of a division (a path) and below, but none of the streams `without`."""

    division: str = ""
    without: Select[Any] | None = None

    def holds(self, division: Any, stream: Any) -> ColumnElement[bool]:
        """The condition on the columns of a table that hold division and stream."""
        inside: ColumnElement[bool] = true()
        if self.division:
            inside = or_(division == self.division, division.startswith(self.division + "/", autoescape=True))
        return inside if self.without is None else inside & stream.not_in(self.without)


EVERYTHING = Among()


@dataclass(frozen=True)
class Step:
    """One element: how many wait at it, the longest since when; how many were done, and the median time of these."""

    element_id: str
    waiting: int
    since: datetime | None
    done: int
    median: timedelta | None


def steps(session: Session, key: str, *, done_since: datetime, among: Among = EVERYTHING) -> list[Step]:
    """The steps of a process at which something waits, or was done since an instant, by element."""
    versions = select(Definition.id).where(Definition.kind == PROCESS, Definition.key == key)
    found: dict[str, dict[str, Any]] = {}
    for element, waiting, since, done, median in session.execute(_steps(versions, done_since, among)):
        one = found.setdefault(element, {"waiting": 0, "since": None, "done": 0, "median": None})
        one["waiting"] += waiting
        one["since"] = min(filter(None, (one["since"], since)), default=None)
        one["done"] += done
        one["median"] = median or one["median"]
    return [Step(element, **facts) for element, facts in sorted(found.items())]


def waiting_by_process(session: Session, among: Among = EVERYTHING) -> Mapping[str, int]:
    """How many user tasks are open, by the key of their process."""
    query = select(Definition.key, func.count()).join(UserTask, UserTask.definition_id == Definition.id)
    query = query.where(UserTask.state == "open", among.holds(UserTask.division, UserTask.stream))
    return dict(iter(session.execute(query.group_by(Definition.key))))


def _steps(versions: Select[Any], done_since: datetime, among: Among) -> Any:
    """Rows of (element, waiting, since when the longest, done, median of those)."""
    waiting = select(
        TokenPlace.element_id, func.count(), func.min(TokenPlace.since), literal(0), cast(null(), Interval)
    ).where(
        TokenPlace.definition_id.in_(versions), TokenPlace.instance_id == Instance.id,
        among.holds(Instance.division, Instance.stream),
    )  # fmt: skip

    def done(table: Any, *conditions: ColumnElement[bool]) -> Select[Any]:
        took = func.percentile_cont(0.5).within_group(table.closed_at - table.created_at)
        query = select(table.element_id, literal(0), null(), func.count(), took)
        ended = table.definition_id.in_(versions), table.state == "completed", table.closed_at >= done_since
        return query.where(*ended, *conditions).group_by(table.element_id)

    of_task, of_instance = (
        among.holds(UserTask.division, UserTask.stream),
        among.holds(Instance.division, Instance.stream),
    )
    return union_all(
        waiting.group_by(TokenPlace.element_id),
        done(UserTask, of_task),
        done(ServiceJob, ServiceJob.instance_id == Instance.id, of_instance),
    )
