"""Service tasks that a worker does: the token waits until the job is done, throws an error, or fails for good."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.sentences import stored
from engine.workflow import throwing
from engine.workflow.facing import BpmnError, WaitingJob, uncaught
from engine.workflow.tokens import FAILED, WAITING, Token, context

if TYPE_CHECKING:
    from engine.workflow.steps import Steps


def order(steps: "Steps", token: Token) -> None:
    """Let a token wait for a worker."""
    token.internal_data["job"] = True
    token._set_state(WAITING)
    steps.say("job.created", token, type=token.element.operation)


def waiting(steps: "Steps", token: Token) -> WaitingJob:
    """The job that a token waits for."""
    return WaitingJob(token.id, token.process.ref, token.element, steps.given(token), context(token))


def finish(steps: "Steps", token: Token, result: Any) -> None:
    """The job is done: its result goes where the diagram says, and the token goes on."""
    token.internal_data.pop("job", None)
    name = token.element.result_variable
    steps.finish(token, {name: result} if name else result if isinstance(result, Mapping) else {})


def throw(steps: "Steps", token: Token, error: BpmnError) -> bool:
    """The job ends with an error of the diagram. Returns whether somebody caught it."""
    token.internal_data.pop("job", None)
    caught = throwing.throw_error(steps, token, error.code, error.variables)
    if not caught:
        fail(steps, token, "bpmn-error", uncaught(error))
    return caught


def fail(steps: "Steps", token: Token, code: str, message: str) -> None:
    """The job will not be tried again by itself."""
    token.internal_data["job"] = True
    token._set_state(FAILED)
    token.internal_data["incident"] = [code, stored(message)]
    steps.say("incident.raised", token, code=code)
