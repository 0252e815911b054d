"""Start events of the newest version of each process: what a message, a signal, a time or a condition starts."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from engine import clock, feel
from engine.sentences import S_
from engine.workflow import moments
from engine.workflow.bpmn import EventDefinition, Finding, Process, StartEvent
from engine.workflow.errors import DeploymentRefused
from engine.workflow.models import Definition, StartSubscription

MESSAGE, SIGNAL, TIMER, CONDITIONAL = "message", "signal", "timer", "conditional"


def subscribe(session: Session, definition: Definition, process: Process) -> None:
    """The newest version's start events replace those of the versions before. Raises DeploymentRefused."""
    session.execute(delete(StartSubscription).where(StartSubscription.process_key == definition.key))
    for start in process.start_events:
        if start.event.kind not in (MESSAGE, SIGNAL, TIMER, CONDITIONAL):
            continue
        row = StartSubscription(
            definition_id=definition.id, element_id=start.element_id, number=start.number, process_key=definition.key,
            kind=start.event.kind, name=start.event.name or "",
        )  # fmt: skip
        if start.event.kind == CONDITIONAL and isinstance(start.event.value, feel.Expression):
            row.name = start.event.value.source
        if start.event.kind == TIMER:
            first = _first(definition, start)
            row.due_at, row.rounds_left, row.since = first["due"], first.get("left"), first.get("since")
        session.add(row)


def due(session: Session, batch: int) -> list[StartSubscription]:
    """The start timers that are due and that no other worker has in hand, locked until the transaction ends."""
    waiting = select(StartSubscription).where(StartSubscription.due_at <= clock.now())
    waiting = waiting.order_by(StartSubscription.due_at).limit(batch)
    return list(session.scalars(waiting.with_for_update(skip_locked=True).execution_options(populate_existing=True)))


def next_due(session: Session) -> datetime | None:
    """When a process starts by itself next."""
    return session.scalar(select(func.min(StartSubscription.due_at)))


def pass_round(row: StartSubscription, process: Process) -> None:
    """A start timer has fired: a cycle goes on in its rhythm, all else is over."""
    due = row.round_at or row.due_at
    timer: dict[str, Any] = {"due": due, "left": row.rounds_left, "since": row.since or due}
    every = moments.first(event_of(row, process), {}, _runtime(), clock.now()).get("every")
    following = moments.next_of_cycle({**timer, "every": every}) if every is not None else None
    row.due_at, row.rounds_left = (following["due"], following["left"]) if following else (None, None)
    row.round_at = row.due_at


def postpone(row: StartSubscription, until: datetime) -> None:
    """A start timer could not start its process: it is tried again, and the rhythm stays."""
    row.round_at, row.due_at = row.round_at or row.due_at, until


def event_of(row: StartSubscription, process: Process) -> EventDefinition:
    """What a row waits for."""
    event = process.elements[row.element_id].event
    assert event is not None
    return event.each[row.number]


def _first(definition: Definition, start: StartEvent) -> dict[str, Any]:
    try:
        return moments.first(start.event, {}, _runtime(), clock.now())
    except moments.TimerUnreadable as error:
        hint = S_("Give a time that needs no variables: none exist before the process has started.")
        finding = Finding("error", "timer", error.sentence, start.element_id, None, hint, definition.file_name)
        raise DeploymentRefused([finding]) from None


def _runtime() -> feel.Runtime:
    return feel.Runtime(now=lambda: clock.now().astimezone(clock.ZONE))
