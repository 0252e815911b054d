"""The verbs of diagrams that start, end, extend and stop deadlines; what the law does not allow becomes an incident."""

from datetime import date
from typing import Any

from engine import events
from engine.cases import queries as case_queries
from engine.casework.operations import DEADLINE, LENGTHS
from engine.deadlines import commands as deadlines
from engine.deadlines import queries as deadline_queries
from engine.deadlines.models import Deadline
from engine.workflow.operations import Call, operation

GROUND = {**DEADLINE, "ground": "ground that the article names; 法条列明的情形"}
SINCE = {"since": "day of the event, if it was not today; 起算事件的日期"}
UNTIL = {"until": "day from which it counts again, if it is not today; 恢复计算的日期"}


def _day(said: Any) -> date | None:
    """The day that a form said, which may be of an instant."""
    return date.fromisoformat(str(said)[:10]) if said else None


def _running(call: Call, key: str) -> Deadline | None:
    return deadline_queries.running(call.session, call.stream, key)


def days_of(one: Deadline) -> dict[str, str]:
    """What operations give diagrams of a deadline."""
    return {
        "due_on": one.due_on.isoformat(),
        "displayed_on": one.displayed_on.isoformat(),
        "due_at": one.due_at.isoformat(),
    }


def _moved(call: Call, one: Deadline) -> dict[str, str]:
    """What diagrams get of a deadline that has moved; where it is the length of a mediation, its case's day follows."""
    if one.key in LENGTHS:
        case_queries.locked(call.session, call.stream).due_on = one.due_on
    return {"due_on": one.due_on.isoformat()}


@operation(
    "deadline.start", title="Start a deadline", title_zh="开始计算期限",
    parameters={
        **DEADLINE,
        **SINCE,
        "urgent": "true for the shorter time of urgent matters; 紧急",
    },
)  # fmt: skip
def start_deadline(call: Call, *, deadline: str, since: Any = None, urgent: bool = False) -> dict[str, str]:
    """Let a deadline of the catalogue run; one that runs since that day already is kept.

    The results are its last day, `due_on`, the day that is shown to citizens, `displayed_on`, and the instant `due_at`.
    """
    case = case_queries.locked(call.session, call.stream)
    day = _day(since)
    running = _running(call, deadline) if day else None
    if running is None or running.started_on != day:
        running = deadlines.start(call.session, case.id, deadline, since=day, urgent=bool(urgent))
    return days_of(running)


@operation("deadline.meet", title="Deadline met", title_zh="期限内办完", parameters=DEADLINE)
def meet_deadline(call: Call, *, deadline: str) -> None:
    """What the deadline asked for is done."""
    deadlines.end(call.session, call.stream, deadline, state="met")


@operation("deadline.cancel", title="Cancel a deadline", title_zh="取消期限", parameters=DEADLINE)
def cancel_deadline(call: Call, *, deadline: str) -> None:
    """The deadline no longer applies."""
    deadlines.end(call.session, call.stream, deadline, state="cancelled")


@operation("deadline.warn", title="Warn of a deadline", title_zh="提醒期限", parameters=DEADLINE)
def warn_of_deadline(call: Call, *, deadline: str) -> None:
    """Record that a running deadline is near or past, with the days that are left."""
    for one in deadline_queries.of_case(call.session, call.stream):
        if one.key == deadline and one.state == "running":
            events.record(
                call.session, "deadline.warned", call.stream, actor=call.actor, instance=call.instance_id,
                key=deadline, due_on=one.due_on.isoformat(), days_left=(one.due_at - call.at).days,
            )  # fmt: skip


@operation(
    "deadline.extend", title="Extend a deadline", title_zh="延长期限",
    parameters={
        **DEADLINE,
        "form": "form that holds the reason; 写明理由的表单",
        "by": "by how long, such as P30D; 延长多久",
        "given": "list of the conditions that were met; 已满足的条件",
    },
)  # fmt: skip
def extend_deadline(call: Call, *, deadline: str, form: str, by: str, given: list[str]) -> dict[str, str]:
    """Extend a deadline once, as its article allows, with the reason of a form, and the approver whom it names.

    Where it names none (`approved_by`), whoever filled it in approved it.

    A second time, or one after the last day, changes nothing and is on record: lateness stays, and the case must go on.
    """
    running = _running(call, deadline)
    if running is not None and (running.extension or running.due_at < call.at):
        events.record(
            call.session, "deadline.not_extended", call.stream, actor=call.actor, key=deadline,
            due_on=running.due_on.isoformat(),
        )  # fmt: skip
        return {"due_on": running.due_on.isoformat()}
    approved = case_queries.newest_submission(call.session, call.stream, [form])
    if running is None or approved is None:  # only where the step was completed without its form, as scenarios do
        return {"due_on": running.due_on.isoformat()} if running else {}
    reason, named = (str(approved.answers.get(key, "")) for key in ("reason", "approved_by"))
    approver = named or approved.by or ""
    deadlines.extend(call.session, running, approver, by=by, reason=reason, given=frozenset(given))
    return _moved(call, running)


@operation("deadline.suspend", title="Stop counting", title_zh="停止计算期限", parameters=GROUND)
def suspend_deadline(call: Call, *, deadline: str, ground: str) -> None:
    """Stop counting, for a ground that the article names (听证、鉴定)."""
    running = _running(call, deadline)
    if running is not None:
        deadlines.suspend(call.session, running, call.actor, ground=ground)


@operation(
    "deadline.resume", title="Count again", title_zh="恢复计算期限", parameters={**DEADLINE, **SINCE, **UNTIL},
)  # fmt: skip
def resume_deadline(call: Call, *, deadline: str, since: Any = None, until: Any = None) -> dict[str, str]:
    """Count again; the days between that the form says were not counted. The result is the new last day, `due_on`."""
    running = _running(call, deadline)
    if running is None:
        return {}
    deadlines.resume(call.session, running, call.actor, since=_day(since), until=_day(until))
    return _moved(call, running)


@operation(
    "deadline.restart", title="Count from the beginning", title_zh="重新计算期限", parameters={**GROUND, **SINCE},
)  # fmt: skip
def restart_deadline(call: Call, *, deadline: str, ground: str, since: Any = None) -> dict[str, str]:
    """Begin anew, for a ground that the article names (补正); the result is the new last day, `due_on`."""
    running = _running(call, deadline)
    if running is None:
        return {}
    anew = deadlines.restart(call.session, running, call.actor, ground=ground, since=_day(since))
    return {"due_on": anew.due_on.isoformat()}
