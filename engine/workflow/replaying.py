"""Replaying: what an ended instance lived through, played again on another version of its process.

What came from outside (start, answers, messages, signals, time) is played as it was recorded; what the diagram does by
itself is done anew. The same is played on the version that the instance ran, so that what differs is the diagram's
doing and not the stage's.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.events import Event
from engine.workflow import instances
from engine.workflow.models import Instance, Received
from engine.workflow.operations import OPERATIONS
from engine.workflow.playing import Player
from engine.workflow.rehearsal import PLAYABLE

IT = "it"
"""How steps call the one instance that is replayed."""

BY_HAND = {"instance.modified", "instance.migrated", "task.returned"}
"""Events after which an instance did not go as its diagram says."""


class NotReplayable(Exception):
    """What an instance lived through cannot be played again; the code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Recorded:
    """One thing that came from outside: when, and the step in scenarios' words that does it again."""

    at: datetime
    step: Mapping[str, Any]


@dataclass(frozen=True)
class Replayed:
    """What came of a replay: elements completed in their order, how it ended, and where it waits if it did not.

    `unasked` is the recorded answer that nobody asked for; nothing after it was played.
    """

    completed: Sequence[str]
    status: str
    waits_at: Sequence[str]
    unasked: str | None
    failed: Sequence[str]


@dataclass(frozen=True)
class Difference:
    """Where a replay left the way of the other: behind which element, what came there and what comes now."""

    after: str
    was: str
    now: str


def recorded(session: Session, instance: Instance, answers: Mapping[UUID, Mapping[str, Any]]) -> list[Recorded]:
    """What came into an ended instance from outside, in order; `answers` by task. Raises NotReplayable."""
    came = list(session.scalars(select(Received).where(Received.instance_id == instance.id).order_by(Received.number)))
    if not came or came[0].kind != "start":
        raise NotReplayable("start-unknown")
    taken = iter(came[1:])
    steps = [Recorded(came[0].at, {"start": came[0].variables})]
    for event in _events(session, instance):
        if event.kind in BY_HAND:
            raise NotReplayable("changed-by-hand")
        match event.kind:
            case "task.completed":
                variables = answers.get(UUID(event.data["task"]), {})
                given = {"task": event.data["element"], "instance": IT, "variables": variables, "by": event.actor}
                steps.append(Recorded(event.at, {"complete": given}))
            case "message.received":
                one = next(taken)
                steps.append(
                    Recorded(event.at, {"message": {"name": one.name, "instance": IT, "variables": one.variables}})
                )
            case "signal.received":
                one = next(taken)
                steps.append(Recorded(event.at, {"signal": {"name": one.name, "variables": one.variables}}))
            case "instance.variables_set":
                one = next(taken)
                steps.append(Recorded(event.at, {"set": {"instance": IT, "variables": one.variables}}))
            case "job.completed" | "job.error_thrown" if event.data["type"] not in OPERATIONS:
                raise NotReplayable("worker-elsewhere")
    return steps


def walked(session: Session, instance: Instance) -> list[str]:
    """The elements that an instance completed, in their order."""
    return _completed(_events(session, instance))


def replay(player: Player, records: Sequence[Recorded], instance: Instance) -> Replayed:
    """Play what was recorded on a stage, with `instance` just started there at the time of the first record."""
    player.named[IT] = instance.id
    unasked = None
    player.settle()
    for record in records[1:]:
        player.advance_to(max(record.at, clock.now()))
        try:
            with player.session.begin_nested():
                player.do(record.step)
        except PLAYABLE:
            unasked = _word(record.step)
            break
    player.session.refresh(instance)
    execution = instances.restore(player.session, instance)
    return Replayed(
        completed=walked(player.session, instance),
        status=instance.status,
        waits_at=sorted({element for _, element in execution.positions()}),
        unasked=unasked,
        failed=sorted(incident.element_id for incident in execution.incidents),
    )


def compare(was: Replayed, now: Replayed) -> Difference | None:
    """The first place at which two replays went different ways; None if they went the same."""
    same_steps = Counter(was.completed) == Counter(now.completed)
    if same_steps and (was.status, was.waits_at, was.unasked) == (now.status, now.waits_at, now.unasked):
        return None
    pairs = list(zip(was.completed, now.completed, strict=False))
    parted = next((number for number, (one, other) in enumerate(pairs) if one != other), len(pairs))
    common = len(pairs) if same_steps else parted
    after = was.completed[common - 1] if common else ""
    return Difference(after, _next(was, common), _next(now, common))


def _next(replayed: Replayed, position: int) -> str:
    if position < len(replayed.completed):
        return replayed.completed[position]
    return ", ".join(replayed.waits_at) or replayed.status


def _events(session: Session, instance: Instance) -> list[Event]:
    events.write(session)
    query = select(Event).where(Event.stream == instance.stream, Event.instance == instance.id)
    return list(session.scalars(query.order_by(Event.position)))


def _completed(happened: Sequence[Event]) -> list[str]:
    return [element for event in happened for _, element in instances.walked(event.data, "element.completed")]


def _word(step: Mapping[str, Any]) -> str:
    [(word, given)] = step.items()
    return str(given.get("task") or given.get("name") or word)
