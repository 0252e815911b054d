"""Quiet hours: nothing leaves the house at night but what cannot wait."""

from datetime import datetime, time, timedelta

from engine import clock
from engine.notifications.models import Preference

FROM, TO = time(21), time(8)
"""Quiet hours where a person has set no others, in the county's time; the same time twice means none."""


def next_moment(preference: Preference | None, *, urgent: bool) -> datetime:
    """The first moment from now on at which a person may be disturbed."""
    now = clock.now()
    begin, end = (preference.quiet_from, preference.quiet_to) if preference else (FROM, TO)
    here = now.astimezone(clock.ZONE)
    if urgent or not _within(here.time(), begin, end):
        return now
    day = here.date() if here.time() < end else here.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=clock.ZONE)


def _within(moment: time, begin: time, end: time) -> bool:
    if begin <= end:
        return begin <= moment < end
    return moment >= begin or moment < end
