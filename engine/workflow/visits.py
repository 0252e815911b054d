"""How instances went: how often and how long tokens stayed at each element, which flows they took, which ways whole.

Read from the history of instances that began in a window, so that each is looked at from its beginning on: one pass
over their events. A called process is looked at in the instances that call it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.workflow import definitions
from engine.workflow.bpmn.model import ACTIVITIES, TIMED
from engine.workflow.models import Definition

WAYS = 10
"""How many of the whole ways are told, the most frequent ones."""


@dataclass(frozen=True)
class Window:
    """Instances begun from one moment until before another, but none of the streams `without`."""

    since: datetime
    until: datetime
    without: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Stay:
    """An element: how often tokens came and in how many instances, how many left or were cancelled, and how long.

    `again` is how often it was come to once more in the same instance.
    """

    element_id: str
    visits: int
    instances: int
    left: int
    cancelled: int
    median: timedelta | None
    p90: timedelta | None

    @property
    def again(self) -> int:
        """How often a token came back."""
        return self.visits - self.instances


@dataclass(frozen=True)
class Way:
    """Steps in the order in which they were left, how many instances went so, and the median from begin to end."""

    steps: Sequence[str]
    instances: int
    median: timedelta | None


@dataclass(frozen=True)
class Walked:
    """What came of the instances of a window: elements, flows by id, ways; how many there are and have ended.

    Of a process that is only called nothing begins or ends by itself: then these are none.
    """

    begun: int
    ended: int
    median: timedelta | None
    stays: Sequence[Stay]
    flows: Mapping[str, int]
    ways: Sequence[Way]


def walked(session: Session, versions: Sequence[Definition], window: Window) -> Walked:
    """How the instances of some versions of one process went."""
    processes = [definitions.process(session, one.id) for one in versions]
    elements = {element.id: element for process in processes for element in process.elements.values()}
    values = {
        "refs": [str(one.id) for one in versions],
        "ids": list(hosts(session, versions)),
        "since": window.since,
        "until": window.until,
        "without": list(window.without),
        "timed": [key for key, element in elements.items() if element.type in TIMED],
        "steps": [key for key, element in elements.items() if element.type in ACTIVITIES],
    }
    found = {kind: session.execute(text(query), values).all() for kind, query in QUERIES}
    begun, ended, median = found["all"][0]
    stays = [Stay(*row[:5], *map(_span, row[5] or (None, None))) for row in found["stays"]]
    return Walked(
        begun, ended, _span(median), stays,
        {row[0]: row[1] for row in found["flows"]},
        [Way(row[0].split(" "), row[1], _span(row[2])) for row in found["ways"]],
    )  # fmt: skip


def hosts(session: Session, versions: Sequence[Definition]) -> Iterable[UUID]:
    """The versions themselves, and every version of the processes that call theirs, however deep."""
    calls: dict[str, set[str]] = {}
    of_key: dict[str, list[UUID]] = {}
    for one in session.scalars(select(Definition).where(Definition.kind == definitions.PROCESS)):
        of_key.setdefault(one.key, []).append(one.id)
        for element in definitions.process(session, one.id).elements.values():
            if element.called_process:
                calls.setdefault(element.called_process, set()).add(one.key)
    waiting, callers = [versions[0].key], set[str]()
    while waiting:
        new = calls.get(waiting.pop(), set()) - callers
        callers |= new
        waiting += new
    return [*(one.id for one in versions), *(key for caller in sorted(callers) for key in of_key[caller])]


def _span(seconds: Any) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=float(seconds))


_COHORT = """
chosen AS (
  SELECT id, stream, started_at, ended_at FROM instance
  WHERE definition_id = ANY(:ids) AND started_at >= :since AND started_at < :until
    AND stream <> ALL(CAST(:without AS uuid[]))
),
entry AS (
  SELECT event.instance, event.id AS event, event.at, part.number, part.value->>0 AS kind, part.value->>1 AS element,
    part.value->2->>'token' AS token, extract(epoch FROM chosen.ended_at - chosen.started_at)::float8 AS whole
  FROM chosen JOIN event ON event.stream = chosen.stream AND event.instance = chosen.id,
    jsonb_array_elements(event.data->'path') WITH ORDINALITY AS part(value, number)
  WHERE coalesce(part.value->2->>'ref', event.data->>'definition') = ANY(:refs)
)"""

# A token is at one element at a time, so what it entered and what it left next belong together.
_STAYS = f"""
WITH {_COHORT}, visit AS (
  SELECT instance, min(element) AS element, min(at) FILTER (WHERE kind = 'element.entered') AS come,
    max(at) FILTER (WHERE kind <> 'element.entered') AS gone, bool_or(kind = 'element.cancelled') AS cancelled
  FROM entry WHERE element = ANY(:timed) AND kind LIKE 'element.%' AND token IS NOT NULL
  GROUP BY instance, token COLLATE "C", element COLLATE "C"
)
SELECT element, count(*), count(DISTINCT instance), count(gone), count(*) FILTER (WHERE cancelled),
  percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM gone - come)::float8)
    FILTER (WHERE gone IS NOT NULL AND NOT cancelled)
FROM visit GROUP BY element ORDER BY element"""  # noqa: S608 - made of constants
_FLOWS = f"WITH {_COHORT} SELECT element, count(*) FROM entry WHERE kind = 'flow.taken' GROUP BY element"  # noqa: S608
_WAYS = f"""
WITH {_COHORT}, way AS (
  SELECT string_agg(element, ' ' ORDER BY event, number) AS steps, min(whole) AS whole
  FROM entry WHERE kind = 'element.completed' AND element = ANY(:steps) AND whole IS NOT NULL GROUP BY instance
)
SELECT steps, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY whole) FROM way
GROUP BY steps ORDER BY count(*) DESC, steps LIMIT {WAYS}"""  # noqa: S608
_ALL = """
SELECT count(*), count(ended_at), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - started_at))
FROM instance WHERE definition_id = ANY(CAST(:refs AS uuid[])) AND started_at >= :since AND started_at < :until
  AND stream <> ALL(CAST(:without AS uuid[]))"""
QUERIES = (("all", _ALL), ("stays", _STAYS), ("flows", _FLOWS), ("ways", _WAYS))
