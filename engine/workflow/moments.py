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


class TimerUnreadable(ValueError):
    """A timer's value is no date, duration or cycle."""

    code = "timer"

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def first(definition: EventDefinition, context: Mapping[str, Any], runtime: Runtime, now: datetime) -> dict[str, Any]:
    """When a timer fires first, as it stands in a token: `due`, and for a cycle how often and how far apart."""
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
                return {"due": due, "every": value, "left": None}
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
    return {"due": later(timer["due"], timer["every"]), "every": timer["every"], "left": left and left - 1}


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
    due, left = later(now, read.every), read.times
    if read.start is not None:
        due = _here(read.start)
        while due < now and left != 1:
            due, left = later(due, read.every), left and left - 1
    if read.end is not None:
        assert isinstance(read.every, timedelta)
        end = _here(read.end)
        left = max(1, min(left or sys.maxsize, (end - now) // read.every + 1))
        due = end - (left - 1) * read.every
    return {"due": due.astimezone(now.tzinfo), "every": read.every, "left": left}


def _here(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)
