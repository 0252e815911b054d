"""The only source of time, so that a scenario can move it and tests never wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
"""The county's time zone: instants are stored in UTC, days are counted here."""

_virtual: ContextVar["VirtualClock | None"] = ContextVar("virtual_clock", default=None)


def now() -> datetime:
    """The current instant, aware, in UTC."""
    clock = _virtual.get()
    return clock.instant if clock else datetime.now(UTC)


def today() -> date:
    """The current day in the county."""
    return now().astimezone(ZONE).date()


def midnight(day: date) -> datetime:
    """When a day begins in the county."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


def end_of(day: date) -> datetime:
    """When a day ends in the county; the calendar's last one, for which there is no day after it, as late as may be."""
    return midnight(day + timedelta(days=1)) if day < date.max else datetime.max.replace(tzinfo=ZONE)


class VirtualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        self.instant += by


@contextmanager
def virtual(instant: datetime) -> Iterator[VirtualClock]:
    """Let time stand still at `instant` (aware) within the block; the clock yielded can be moved."""
    clock = VirtualClock(instant)
    token = _virtual.set(clock)
    try:
        yield clock
    finally:
        _virtual.reset(token)
