"""When a timer is due: dates, durations and cycles (BPMN 2.0 §10.5.5.2, ISO 8601, cron)."""

import sys
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from engine import clock, feel
from engine.feel import Runtime, YearsMonthsDuration, add_months
from engine.sentences import S_, Sentence
from engine.workflow.bpmn import EventDefinition, schedules
from engine.workflow.bpmn.schedules import Cron, Mixed, Rhythm

MONTHLY = (YearsMonthsDuration, Mixed)
LONGEST_MONTH = timedelta(days=31)


class TimerUnreadable(ValueError):
    """A timer's value is no date, duration or cycle."""

    code = "timer"

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def first(definition: EventDefinition, context: Mapping[str, Any], runtime: Runtime, now: datetime) -> dict[str, Any]:
    """When a timer fires first, as it stands in a token: `due`, and for a cycle how often and how far apart.

    Rounds that are months apart are counted from `since`.
    """
    value: Any = definition.value
    if isinstance(value, feel.Expression):
        value = value.evaluate(context, runtime=runtime)
    if definition.timer == "cycle" and isinstance(value, str) and value.startswith("R"):
        return _cycle(value, now)
    if isinstance(value, str):
        text = value
        value = (schedules.cron(text) if definition.timer == "cycle" else None) or schedules.read(text)
        if value is None:
            raise TimerUnreadable(S_("“%(value)s” is no time.", value=text))
    match value:
        case datetime():
            due = _here(value)
        case date():
            due = datetime.combine(value, time(), tzinfo=clock.ZONE)
        case timedelta() | YearsMonthsDuration() | Mixed() | Cron():
            due = later(now, value)
            if definition.timer == "cycle":
                return _round(due, value, None, now)
        case _:
            raise TimerUnreadable(S_("“%(value)s” is no time.", value=value))
    return {"due": due.astimezone(now.tzinfo)}


def next_of_cycle(timer: Mapping[str, Any]) -> dict[str, Any] | None:
    """When a cycle fires again, in its rhythm; None when it is over or was no cycle."""
    if "every" not in timer:
        return None
    left = timer["left"]
    if left is not None and left <= 1:
        return None
    due, every = timer["due"], timer["every"]
    since = timer.get("since", due)
    return _round(_following(since, every, due), every, left and left - 1, since)


def moved(timer: Mapping[str, Any], due: datetime) -> dict[str, Any]:
    """A timer that somebody moves to another moment; the rounds of a cycle are counted from there."""
    return {**{name: value for name, value in timer.items() if name != "since"}, "due": due}


def _round(due: datetime, every: Rhythm, left: int | None, since: datetime) -> dict[str, Any]:
    timer = {"due": due, "every": every, "left": left}
    return {**timer, "since": since} if isinstance(every, MONTHLY) else timer


def _following(since: datetime, every: Rhythm, due: datetime) -> datetime:
    """The round after the one that is due. Months are counted from the beginning: the 31st, the 28th, then the 31st."""
    if not isinstance(every, MONTHLY):
        return later(due, every)
    months, rest = (every.months.months, every.rest) if isinstance(every, Mixed) else (every.months, timedelta())
    number = max(1, (due - since) // (LONGEST_MONTH * months + rest))  # so many or a few more
    while (following := later(since, Mixed(YearsMonthsDuration(months * number), rest * number))) <= due:
        number += 1
    return following


def later(start: datetime, by: Rhythm) -> datetime:
    """A moment later by a duration, or the next that cron names; days and months are those of the county."""
    if isinstance(by, timedelta):
        return start + by
    if isinstance(by, Cron):
        return by.after(start.astimezone(clock.ZONE)).astimezone(start.tzinfo)
    if isinstance(by, Mixed):
        return later(later(start, by.months), by.rest)
    moved = add_months(start.astimezone(clock.ZONE), by.months)
    assert isinstance(moved, datetime)
    return moved.astimezone(start.tzinfo)


def _cycle(text: str, now: datetime) -> dict[str, Any]:
    """The first round of a cycle; rounds before now are over, but for the last one if all are."""
    read = schedules.cycle(text)
    if read is None or read.times == 0:
        raise TimerUnreadable(S_("“%(text)s” is no cycle such as R3/PT10H.", text=text))
    due, left, since = later(now, read.every), read.times, now
    if read.start is not None:
        due = since = _here(read.start)
        while due < now and left != 1:
            due, left = _following(since, read.every, due), left and left - 1
    if read.end is not None:
        assert isinstance(read.every, timedelta)
        end = _here(read.end)
        left = max(1, min(left or sys.maxsize, (end - now) // read.every + 1))
        due = since = end - (left - 1) * read.every
    return _round(due.astimezone(now.tzinfo), read.every, left, since.astimezone(now.tzinfo))


def _here(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)
