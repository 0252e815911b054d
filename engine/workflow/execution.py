"""An execution: one instance in memory. Start or restore it, let something happen, and write down what it became."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from engine import db
from engine.workflow import (
    catching,
    inspecting,
    joining,
    limits,
    migrating,
    moments,
    rearranging,
    retiming,
    state,
    throwing,
    working,
)
from engine.workflow.bpmn import Process
from engine.workflow.bpmn.model import TIMED
from engine.workflow.facing import (
    BpmnError,
    Environment,
    Fact,
    Incident,
    Level,
    Place,
    Step,
    StepFailed,
    Subscription,
    Thrown,
    WaitingJob,
    WaitingTask,
)
from engine.workflow.inspecting import LiveToken
from engine.workflow.migrating import Journey, Passage
from engine.workflow.rearranging import Addition
from engine.workflow.steps import Steps
from engine.workflow.tokens import FAILED, READY, ROOT, WAITING, Token, put

__all__ = [
    "BpmnError",
    "Environment",
    "Execution",
    "Fact",
    "Incident",
    "Level",
    "Place",
    "Step",
    "StepFailed",
    "Subscription",
    "Thrown",
    "TokenGone",
    "WaitingJob",
    "WaitingTask",
]


class TokenGone(LookupError):
    """The token that a command is about no longer waits."""


class Execution:
    """One instance in memory."""

    def __init__(self, process: Process, environment: Environment) -> None:
        self.process = process
        self._environment = environment
        self._steps = Steps(environment)
        self._tree = self._steps.tree

    @classmethod
    def start(
        cls,
        process: Process,
        environment: Environment,
        variables: Mapping[str, Any],
        *,
        start_event: str | None = None,
        messages_left: int | None = None,
    ) -> "Execution":
        """Start a process by what happened at a start event, whose variables it brings; without one, by hand.

        `messages_left` is how many messages it may lead to (None: as many as one act may).
        """
        execution = cls(process, environment)
        root = execution._tree.plant(process)
        execution.allow_messages(messages_left)
        if start_event is not None:
            execution._steps.start_by(root, process.elements[start_event], variables)
        else:
            root.data.update(variables)
            execution._steps.start_scope(root, process.untriggered_starts() or process.starts(ROOT)[:1])
        execution.advance()
        return execution

    @classmethod
    def restore(cls, process: Process, environment: Environment, stored: bytes) -> "Execution":
        """An execution as it was dumped."""
        execution = cls(process, environment)
        execution._steps.outcome = state.restore(execution._tree, stored, process, environment.process_by_ref)
        execution._steps.conditional = any("was" in token.internal_data for token in execution._tree.all())
        return execution

    def dump(self) -> bytes:
        """The execution as bytes."""
        return state.dump(self._tree, self._steps.outcome)

    # what can happen

    def allow_messages(self, left: int | None) -> None:
        """Say how many messages what happens now may lead to (None: as many as one act may)."""
        limits.allow_messages(self._tree, left)

    def advance(self) -> int:
        """Run all that runs by itself until everything waits; what fails becomes an incident at its token.

        Returns how many steps it took.
        """
        steps = 0
        while True:
            while self._tree.ready:
                catching.fire_conditions(self._steps)
                token = self._tree.ready.popleft()
                if token.alive and token.state == READY:
                    steps += 1
                    self._run(token, steps)
            if self.ended:
                return steps
            if not catching.fire_conditions(self._steps) and not joining.release(self._steps):
                return steps

    def complete(self, task_id: UUID, variables: Mapping[str, Any]) -> None:
        """A person has done a task. Raises TokenGone."""
        self._steps.finish(self._waiting(task_id), variables)
        self.advance()

    def finish_job(self, job_id: UUID, result: Any) -> None:
        """A worker has done a service task. Raises TokenGone."""
        working.finish(self._steps, self._waiting(job_id), result)
        self.advance()

    def throw_error(self, job_id: UUID, error: BpmnError) -> bool:
        """A service task ends with an error of the diagram; an incident if nobody catches it. Raises TokenGone.

        Returns whether somebody caught it.
        """
        caught = working.throw(self._steps, self._waiting(job_id), error)
        self.advance()
        return caught

    def fail_job(self, job_id: UUID, code: str, message: str) -> None:
        """A service task has failed for the last time: an incident. Raises TokenGone."""
        working.fail(self._steps, self._waiting(job_id), code, message)

    def deliver(self, subscription_id: UUID, variables: Mapping[str, Any]) -> None:
        """A message has come for one catcher. Raises TokenGone."""
        catching.fire(self._steps, self._waiting(subscription_id), variables)
        self.advance()

    def signal(self, name: str, variables: Mapping[str, Any]) -> None:
        """A signal is broadcast."""
        throwing.hear(self._steps, name, variables)
        self.advance()

    def fire_due(self, at: datetime) -> None:
        """Fire the timers that are due at a moment, in the order of their times; of very many only the first."""
        steps = fired = 0
        while steps <= limits.MAX_STEPS and fired < limits.MAX_FIRED:
            due = [(timer["due"], token) for token, timer in self._timers() if timer["due"] <= at]
            if not due:
                return
            _, token = min(due, key=lambda one: one[0])
            if catching.fire_timer(self._steps, token):
                steps += self.advance()
            fired += 1

    def set_variables(self, variables: Mapping[str, Any], scope: UUID | None = None) -> None:
        """Change variables of the process, or those local to a token; conditions that wait are looked at again.

        Raises TokenGone.
        """
        token = self._tree.find(scope) if scope else self._tree.root
        if token is None:
            raise TokenGone(scope)
        for name, value in variables.items():
            put(token.data, name, value)
        self.advance()

    def move_timer(self, token_id: UUID, due: datetime) -> None:
        """Let a timer be due at another moment; a cycle goes on from there. Raises TokenGone."""
        token = self._waiting(token_id)
        if "timer" not in token.internal_data:
            raise TokenGone(token_id)
        token.internal_data["timer"] = moments.moved(token.internal_data["timer"], due)
        self.fire_due(self._environment.now())

    def follow_deadline(self, key: str, days: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, str]]]:
        """Variables and timers follow a deadline whose days moved; which changed. What is due by then is not fired."""
        return retiming.retime(self._steps, key, days)

    def rearrange(self, take: Sequence[UUID], add: Sequence[Addition]) -> None:
        """Add tokens by hand, and take others away. Raises ModificationRefused."""
        rearranging.rearrange(self._steps, take, add)
        self.advance()

    def passages(self, journey: Journey) -> list[Passage]:
        """Where each token would go in another version, or why it cannot; nothing is changed."""
        return migrating.plan(self._steps, journey)

    def migrate(self, journeys: Sequence[Journey], *, restart_timers: bool) -> None:
        """Go on under another version, of the process itself or of what it called; no passage may be refused."""
        for journey in journeys:
            migrating.migrate(self._steps, journey, restart_timers=restart_timers)
        self.process = self._tree.root.process
        self.advance()

    def retry(self, token_id: UUID) -> None:
        """Try a failed step again. Raises TokenGone."""
        token = self._tree.find(token_id)
        if token is None or token.state != FAILED:
            raise TokenGone(token_id)
        token.internal_data.pop("incident", None)
        if "timer" in token.internal_data and "through" not in token.internal_data:  # a cycle that was held up
            token._set_state(WAITING)
            return
        token.internal_data["again"] = True
        if not token.internal_data.keys() & {"through", "inner"}:
            for name, _ in token.element.inputs:  # they are made anew, from what has been mended around
                token.data.pop(name.partition(".")[0], None)
        for child in token.inside:
            if child.is_root or child.element.type != "boundaryEvent":  # those go on waiting as they did
                self._tree.remove(child)
        self._tree.queue(token)
        self.advance()

    def cancel(self) -> None:
        """End at once."""
        self._steps.end_instance("cancelled")

    # what there is to see

    @property
    def tasks(self) -> list[WaitingTask]:
        """The user tasks that wait."""
        return inspecting.tasks(self._tree)

    @property
    def jobs(self) -> list[WaitingJob]:
        """The service tasks that wait for a worker."""
        return [
            working.waiting(self._steps, token)
            for token in self._tree.all()
            if token.state == WAITING and "job" in token.internal_data
        ]

    @property
    def subscriptions(self) -> list[Subscription]:
        """The messages and signals that are waited for."""
        return inspecting.subscriptions(self._tree)

    @property
    def incidents(self) -> list[Incident]:
        """The steps that failed."""
        return inspecting.incidents(self._tree)

    @property
    def messages_left(self) -> int:
        """How many messages what has happened last may still lead to."""
        return limits.messages_left(self._tree)

    @property
    def wake_at(self) -> datetime | None:
        """The earliest moment at which a timer is due."""
        return min((timer["due"] for _, timer in self._timers()), default=None)

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self._steps.outcome is not None

    @property
    def outcome(self) -> str | None:
        """How it ended: completed, cancelled, or an error's code."""
        return self._steps.outcome

    @property
    def processes(self) -> list[Process]:
        """The versions that run in it: its own, then what it called."""
        return list({token.process.ref: token.process for token in self._tree.all()}.values())

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the process."""
        return dict(self._tree.root.data)

    @property
    def facts(self) -> list[Fact]:
        """What has happened since it was started or restored."""
        return self._steps.facts

    @property
    def outbox(self) -> list[Thrown]:
        """The messages and signals that it sent since then."""
        return self._steps.outbox

    def tokens(self) -> list[LiveToken]:
        """All live tokens with what each waits for."""
        return inspecting.tokens(self._tree)

    def places(self) -> list[Place]:
        """Where tokens are, with every scope that holds one."""
        return inspecting.places(self._tree)

    def levels(self, task_id: UUID) -> list[Level]:
        """The scopes around a token in its own diagram, from the inside out. Raises TokenGone."""
        return rearranging.levels(self._waiting(task_id))

    def positions(self) -> list[tuple[str, str]]:
        """Where tokens are: (process ref, element id), with every scope that holds one."""
        return [(place.process_ref, place.element_id) for place in self.places()]

    # inside

    def _run(self, token: Token, taken: int) -> None:
        try:
            if taken > limits.MAX_STEPS and token.element.type in TIMED and "through" not in token.internal_data:
                self._steps.say_entered(token)  # here it stops, and goes on from here
            limits.require_steps(taken)
            if limits.begins(token):
                limits.require_room(self._tree, 0)
            token.run()
        except Exception as error:
            if not token.alive or db.is_deadlock(error):  # no fault of the step: the whole transaction is done again
                raise
            self._steps.fail(token, error)

    def _waiting(self, token_id: UUID) -> Token:
        token = self._tree.find(token_id)
        if token is None or token.state != WAITING:
            raise TokenGone(token_id)
        return token

    def _timers(self) -> list[tuple[Token, Mapping[str, Any]]]:
        waiting = (token for token in self._tree.all() if token.state == WAITING)
        return [(token, token.internal_data["timer"]) for token in waiting if "timer" in token.internal_data]
