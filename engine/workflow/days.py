"""What expressions may ask of the house: the time, which days are worked, when a deadline of the catalogue is due.

The engine knows time alone; who knows the calendar and the catalogue says so here (casework does).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from engine import clock, feel
from engine.feel import WorkingDays


@dataclass
class Known:
    """How the house is asked: for its calendar of working days, and for the end of a deadline that begins then."""

    calendar: Callable[[Session], WorkingDays] | None = None
    deadline: Callable[[Session, str, date | datetime], date | datetime | None] | None = None


KNOWN = Known()


class _Calendar:
    """The house's calendar, read when it is first asked."""

    def __init__(self, session: Session, read: Callable[[Session], WorkingDays]) -> None:
        self._session = session
        self._read = read

    @cached_property
    def _days(self) -> WorkingDays:
        return self._read(self._session)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on a day."""
        return self._days.is_working_day(day)


def now() -> datetime:
    """The current instant as expressions see it: in the county's zone."""
    return clock.now().astimezone(clock.ZONE)


def runtime(session: Session) -> feel.Runtime:
    """What expressions may ask within one transaction."""
    calendar, deadline = KNOWN.calendar, KNOWN.deadline
    return feel.Runtime(
        now=now,
        calendar=_Calendar(session, calendar) if calendar else None,
        deadline=(lambda key, start: deadline(session, key, start)) if deadline else None,
    )
