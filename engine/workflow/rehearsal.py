"""Rehearsal: a process played step by step on a stage, and what is seen there.

A rehearsal is nothing but a list of steps, in the words of scenarios: it is played from its beginning whenever
somebody looks. So a step is taken back by leaving it out, and what was played is a scenario once what was seen is
written beside.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events, feel
from engine.errors import DomainError
from engine.events import Event
from engine.workflow import definitions, instances
from engine.workflow.execution import Execution
from engine.workflow.facing import Incident, Subscription, WaitingJob, WaitingTask
from engine.workflow.models import Instance
from engine.workflow.playing import Player, StepFailed, why, words_of

__all__ = ["Moment", "Run", "Seen", "Step", "Trouble", "as_scenario", "rehearse", "why", "words_of"]

Step = Mapping[str, Any]
PLAYABLE = (StepFailed, DomainError, feel.FeelError, KeyError, ValueError, TypeError, AttributeError)
"""What a step may end with that is the step's own fault, or the diagram's."""


@dataclass(frozen=True)
class Run:
    """An instance on the stage, by the name that steps call it. `places`: (definition id, element id), one a token."""

    name: str
    process: str
    definition_id: UUID
    status: str
    outcome: str | None
    places: Sequence[tuple[UUID, str]]
    variables: Mapping[str, Any]
    tasks: Sequence[WaitingTask]
    subscriptions: Sequence[Subscription]
    jobs: Sequence[WaitingJob]
    incidents: Sequence[Incident]


@dataclass(frozen=True)
class Moment:
    """What one step led to: elements completed and flows taken (version and id of each), open tasks, new instances."""

    step: Step
    at: datetime
    completed: Sequence[tuple[str, str]]
    flows: Sequence[tuple[str, str]]
    tasks: Sequence[str]
    new: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Trouble:
    """A step that could not be done, counted from 0, and why; what comes after it was not tried."""

    step: int
    error: Exception


@dataclass(frozen=True)
class Seen:
    """What stands on the stage after the steps, and what each of them led to."""

    now: datetime
    runs: Sequence[Run]
    moments: Sequence[Moment]
    trouble: Trouble | None
    next_due: datetime | None

    def completed(self) -> Counter[tuple[str, str]]:
        """How often each element was completed: by definition id and element id."""
        return Counter(one for moment in self.moments for one in moment.completed)

    def taken(self) -> frozenset[str]:
        """The ids of the sequence flows that were taken."""
        return frozenset(flow for moment in self.moments for _, flow in moment.flows)


def rehearse(session: Session, player: Player, steps: Sequence[Step]) -> Seen:
    """Play the steps on the stage that the player stands on, and look."""
    moments: list[Moment] = []
    trouble = None
    for number, step in enumerate(steps):
        try:
            with session.begin_nested():
                player.do(step)
        except PLAYABLE as error:
            trouble = Trouble(number, error)
            break
        moments.append(_moment(session, player, step))
    runs = [_run(session, name, instance) for name, instance in player.named.items()]
    return Seen(clock.now(), runs, moments, trouble, player.next_due())


def _moment(session: Session, player: Player, step: Step) -> Moment:
    known = session.info.get("events_seen", 0)
    events.write(session)
    rows = session.execute(select(Event.id, Event.data).where(Event.id > known).order_by(Event.id)).all()
    session.info["events_seen"] = max((number for number, _ in rows), default=known)
    completed, flows = (
        [one for _, data in rows for one in instances.walked(data, kind)]
        for kind in ("element.completed", "flow.taken")
    )
    return Moment(step, clock.now(), completed, flows, sorted(player.open_tasks(None).elements()), player.name_new())


def _run(session: Session, name: str, instance_id: UUID) -> Run:
    instance = session.get_one(Instance, instance_id)
    execution = instances.restore(session, instance)
    return Run(
        name=name,
        process=definitions.one(session, instance.definition_id).key,
        definition_id=instance.definition_id,
        status=instance.status,
        outcome=instance.outcome,
        places=[(UUID(ref), element) for ref, element in execution.positions()],
        variables=feel.to_json(execution.variables),
        tasks=execution.tasks,
        subscriptions=_awaited(execution),
        jobs=execution.jobs,
        incidents=execution.incidents,
    )


def _awaited(execution: Execution) -> list[Subscription]:
    return sorted(execution.subscriptions, key=lambda one: (one.kind, one.name, one.element_id))


def as_scenario(name: str, seen: Seen) -> dict[str, Any]:
    """What was played, as a scenario that expects what was seen: open tasks after each step, what ended, incidents."""
    steps: list[dict[str, Any]] = []
    for moment in seen.moments:
        steps.append(dict(moment.step))
        steps += [{"expect": {"new": {"process": process, "as": new}}} for new, process in moment.new]
        steps.append({"expect": {"tasks": list(moment.tasks)}})
    ended = [run.name for run in seen.runs if run.status in (instances.COMPLETED, instances.CANCELLED)]
    incidents = [incident.element_id for run in seen.runs for incident in run.incidents]
    steps.append({"expect": {**({"ended": ended} if ended else {}), "incidents": incidents}})
    return {"name": name, "steps": steps}
