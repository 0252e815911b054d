"""The deadlines of a case as its papers tell them: the last day, with the hour where hours count, and whether kept."""

from collections.abc import Iterable, Mapping
from datetime import date

from engine import clock
from engine.deadlines import counting
from engine.deadlines.models import Deadline
from engine.events import Event


class Runs:
    """The deadlines of a case, each beside the events that tell of it."""

    def __init__(self, found: Iterable[Deadline]) -> None:
        self._ahead: dict[str, list[Deadline]] = {}
        self._now: dict[str, Deadline] = {}
        for one in sorted(found, key=lambda one: one.started_at):
            self._ahead.setdefault(one.key, []).append(one)

    def of(self, event: Event) -> Deadline | None:
        """The deadline that an event is about: each start begins the next one of its key."""
        key = event.data.get("key", "")
        if event.kind == "deadline.started" and self._ahead.get(key):
            self._now[key] = self._ahead[key].pop(0)
        return self._now.get(key)


def until(deadline: Deadline, day: date | None = None) -> str:
    """The last day that is told, or another it stood at; with the hour where hours count (反家庭暴力法 §28)."""
    if _by_the_hour(deadline):
        at = deadline.due_at.astimezone(clock.ZONE)
        return f"{written(at.date())} {at:%H:%M}"
    return written(day or deadline.displayed_on)


def written(day: date) -> str:
    """A day as papers write it: 2026年11月23日."""
    return f"{day.year}年{day.month}月{day.day}日"


def extended(deadline: Deadline, names: Mapping[str, str]) -> str:
    """By how long a deadline was extended, who approved it, and why."""
    approver = deadline.extension_approved_by or ""
    by = counting.in_words(deadline.extension, "zh") if deadline.extension else ""
    return f"{by}（批准：{names.get(approver, approver)}；理由：{deadline.extension_reason}）"


def was_late(deadline: Deadline) -> bool:
    """Whether what was due came late; a right of citizens ends on the day that it rolls to (民法典 §203)."""
    last = deadline.due_at if _by_the_hour(deadline) else counting.end_of(deadline.displayed_on)
    return deadline.ended_at is not None and deadline.ended_at > last


def _by_the_hour(deadline: Deadline) -> bool:
    return deadline.due_at != counting.end_of(deadline.due_on)
