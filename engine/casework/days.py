"""The calendar and the catalogue of deadlines, for expressions to ask."""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from engine import clock
from engine.deadlines import counting, queries, rules
from engine.workflow.days import KNOWN


def due(session: Session, key: str, start: date | datetime) -> date | datetime | None:
    """When a deadline of the catalogue that begins then is due: its last day, or the instant for one in hours.

    None if the catalogue has none of this key in force on that day.
    """
    begin = start if isinstance(start, datetime) else datetime.combine(start, time())
    begin = begin if begin.tzinfo else begin.replace(tzinfo=clock.ZONE)
    try:
        entry = queries.entry(session, key, begin.astimezone(clock.ZONE).date())
    except queries.DeadlineUnknown:
        return None
    roll_forward = rules.read(entry.rule).roll_forward
    found = counting.due(entry.duration, begin, queries.calendar(session), roll_forward=roll_forward)
    return found.at if entry.duration.startswith("PT") else found.on


KNOWN.calendar, KNOWN.deadline = queries.calendar, due
