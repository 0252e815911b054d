"""Each deadline of the catalogue is warned of at half, at four fifths, a day before and when it is over, by hand."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.casework import telling
from engine.casework.warnings import warnings_for
from engine.deadlines import commands, shipped
from engine.notifications.models import Notification
from engine.people.models import Account
from tests.factories import actor, open_task

MONDAY = datetime(2026, 11, 23, 16, 20, tzinfo=clock.ZONE)
ACTING = {"mediator"}
ABOVE = {"duty", "duty2", "county", "county2", "petition", "petition2", "leader"}

DAYS = {
    # by length: the days on which half, four fifths, the day before and the last day come; 2027's holidays are unknown
    "P5D": ("11-26", "", "11-27", "11-28"),  # four fifths are the day before
    "P7D": ("11-27", "", "11-29", "11-30"),
    "P15D": ("12-01", "12-05", "12-07", "12-08"),
    "P30D": ("12-08", "12-17", "12-22", "12-23"),
    "P45D": ("12-16", "12-29", "2027-01-06", "2027-01-07"),
    "P60D": ("12-23", "2027-01-10", "2027-01-21", "2027-01-22"),
    "P1Y": ("2027-05-25", "2027-09-11", "2027-11-22", "2027-11-23"),
    "P2Y": ("2027-11-24", "2028-06-30", "2028-11-22", "2028-11-23"),
    "P3Y": ("2028-05-24", "2029-04-18", "2029-11-22", "2029-11-23"),
    "WD3": ("", "11-26", "11-25", "11-26"),  # half is the day before
    "WD5": ("11-26", "", "11-27", "11-30"),  # the day before Monday is Friday, and four fifths as well
    "WD7": ("11-27", "", "12-01", "12-02"),
    "WD10": ("11-30", "12-03", "12-04", "12-07"),
    "WD30": ("12-14", "12-25", "2027-01-01", "2027-01-04"),
    "WD60": ("2027-01-04", "2027-01-28", "2027-02-12", "2027-02-15"),
}
HOURS = {
    "PT12H": ("11-23 22:20", "11-24 01:56", "", "11-24 04:20"),  # no day before is left
    "PT24H": ("11-24 04:20", "11-24 11:32", "", "11-24 16:20"),
    "PT72H": ("11-25 04:20", "11-26 01:56", "11-25 16:20", "11-26 16:20"),
}
MARKS = ("half", "eighty", "day_before", "overdue")


def expected(duration: str) -> list[tuple[datetime, str, bool]]:
    """When each mark is told, and whether to those above too: from the day before on, else from four fifths."""
    last = " 23:59:59"
    by_day = [day and day + (last if nth == 3 else " 00:00:00") for nth, day in enumerate(DAYS.get(duration, ()))]
    written = by_day or [moment and moment + ":00" for moment in HOURS[duration]]
    told = [(_moment(text), mark) for text, mark in zip(written, MARKS, strict=True) if text]
    first_upwards = "eighty" if duration in ("PT12H", "PT24H") else "day_before"
    upwards = next(at for at, mark in told if mark == first_upwards)
    return [(at, mark, at >= upwards) for at, mark in sorted(told)]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text if text.startswith("20") else f"2026-{text}").replace(tzinfo=clock.ZONE)


def told(session: Session) -> dict[str, list[Any]]:
    """What each account was told of deadlines: the marks, in order."""
    query = select(Account.login, Notification.facts).join(Account, Account.id == Notification.account_id)
    found: dict[str, list[Any]] = {}
    for login, facts in session.execute(query.where(Notification.kind == "deadline").order_by(Notification.id)):
        found.setdefault(login, []).append(facts["mark"])
    return found


@pytest.mark.parametrize(
    ("key", "duration"),
    [pytest.param(one["key"], one["duration"], id=f"{one['law']}: {one['key']}") for one in shipped.catalogue()],
)
def test_each_deadline_is_warned_of_at_each_mark_once_to_the_person_then_up(
    session: Session, case: Case, key: str, duration: str
) -> None:
    task = open_task(session, case)
    task.assignee = actor(session, "mediator").id
    seen: dict[str, list[str]] = {}
    with clock.virtual(MONDAY) as time:
        running = commands.start(session, case.id, key)
        session.flush()
        due_on = running.due_on
        for at, mark, up in expected(duration):
            time.advance(at - timedelta(seconds=1) - clock.now())
            telling.warn(session)
            assert told(session) == seen, f"a second before {mark}"
            time.advance(timedelta(seconds=1))
            telling.warn(session)
            telling.warn(session)
            for login in ACTING | (ABOVE if up else set()):
                seen.setdefault(login, []).append(mark)
            assert told(session) == seen, f"at {mark}"
            assert [one.deadline.key for one in warnings_for(session, actor(session, "leader"))] == [key] * up
        time.advance(timedelta(days=400))
        telling.warn(session)
        assert told(session) == seen, "once each"
        assert (running.state, running.due_on, task.state) == ("running", due_on, "open"), "lateness ends nothing"
        assert [one.deadline.warned for one in warnings_for(session, actor(session, "mediator"))] == ["overdue"]
