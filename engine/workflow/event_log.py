"""The history of instances as an event log for process mining: rows for CSV, traces for XES (IEEE 1849).

It holds ids and codes: the instance, the element, what happened and when. Nobody's name, no variable, no case number.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID
from xml.sax.saxutils import quoteattr

from sqlalchemy import text
from sqlalchemy.orm import Session

from engine.workflow import definitions
from engine.workflow.models import Definition
from engine.workflow.visits import Window, hosts

LIFECYCLE = {"element.entered": "start", "element.completed": "complete", "element.cancelled": "ate_abort"}
"""What happened, in the words of XES's lifecycle extension."""
COLUMNS = ("case_id", "activity", "activity_name", "activity_type", "lifecycle", "timestamp", "visit", "version")
AT_ONCE = 1000


class Row(NamedTuple):
    """One thing that happened: in which instance and version, at which element, what, when, in which visit of it."""

    instance: UUID
    version: int
    element: str
    kind: str
    at: datetime
    token: str | None


def rows(session: Session, versions: Sequence[Definition], window: Window) -> Iterator[Row]:
    """What happened in the instances of some versions, or of those that call them, each in its order.

    They are fetched as they are read.
    """
    numbers = {str(one.id): one.version for one in versions}
    values = {
        "refs": list(numbers), "ids": list(hosts(session, versions)), "since": window.since, "until": window.until,
        "without": list(window.without),
    }  # fmt: skip
    found = session.execute(text(_ROWS), values, execution_options={"yield_per": AT_ONCE})
    for instance, ref, element, kind, at, token in found:
        yield Row(instance, numbers[ref], element, kind, at, token)


def as_csv(session: Session, versions: Sequence[Definition], window: Window) -> Iterator[str]:
    """The log as CSV, piece by piece."""
    known = _elements(session, versions)
    yield _line(COLUMNS)
    for row in rows(session, versions, window):
        name, kind = known.get(row.element, ("", ""))
        at = row.at.isoformat()
        yield _line(
            (row.instance, row.element, name, kind, LIFECYCLE[row.kind], at, row.token or "", row.version)
        )  # fmt: skip


def as_xes(session: Session, versions: Sequence[Definition], window: Window) -> Iterator[str]:
    """The log as XES, a trace an instance, piece by piece."""
    known = _elements(session, versions)
    yield _HEAD
    for instance, events in groupby(rows(session, versions, window), key=lambda row: row.instance):
        yield f"<trace>{_string('concept:name', instance)}\n"
        for row in events:
            name, kind = known.get(row.element, ("", ""))
            yield (
                f"<event>{_string('concept:name', row.element)}"
                f"{_string('hejie:name', name)}{_string('hejie:type', kind)}"
                f"{_string('lifecycle:transition', LIFECYCLE[row.kind])}"
                f'<date key="time:timestamp" value="{row.at.isoformat()}"/>'
                f"{_string('concept:instance', row.token or '')}{_string('hejie:version', row.version)}</event>\n"
            )
        yield "</trace>\n"
    yield "</log>\n"


def _elements(session: Session, versions: Sequence[Definition]) -> dict[str, tuple[str, str]]:
    processes = [definitions.process(session, one.id) for one in reversed(versions)]
    return {one.id: (one.name, one.type) for process in processes for one in process.elements.values()}


def _line(values: Sequence[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


def _string(key: str, value: Any) -> str:
    return f'<string key="{key}" value={quoteattr(str(value))}/>'


_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<classifier name="Activity" keys="concept:name"/>
"""
_ROWS = """
SELECT event.instance, coalesce(part.value->2->>'ref', event.data->>'definition'), part.value->>1, part.value->>0,
  event.at, part.value->2->>'token'
FROM instance JOIN event ON event.stream = instance.stream AND event.instance = instance.id,
  jsonb_array_elements(event.data->'path') WITH ORDINALITY AS part(value, number)
WHERE instance.definition_id = ANY(:ids) AND instance.started_at >= :since AND instance.started_at < :until
  AND instance.stream <> ALL(CAST(:without AS uuid[]))
  AND part.value->>0 IN ('element.entered', 'element.completed', 'element.cancelled')
  AND coalesce(part.value->2->>'ref', event.data->>'definition') = ANY(:refs)
ORDER BY instance.id, event.position, part.number
"""
