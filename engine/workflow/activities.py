"""What activities do when a token has entered them (BPMN 2.0 §13.3)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from engine import clock
from engine.sentences import S_
from engine.workflow import ad_hoc, catching, throwing, working
from engine.workflow.bpmn import schedules
from engine.workflow.facing import BpmnError, Step, StepFailed, uncaught
from engine.workflow.tokens import ROOT, STARTED, WAITING, Token, context

if TYPE_CHECKING:
    from engine.workflow.steps import Steps

Behaviour = Callable[["Steps", Token], bool | None]


def user_task(steps: "Steps", token: Token) -> None:
    """Wait for a person."""
    element = token.element
    token.internal_data["task"] = {
        **offered_to(steps, token),
        "assignee": steps.value(element.assignee, token),
        "due": _moment(steps.value(element.due_date, token)),
    }
    token._set_state(WAITING)


def offered_to(steps: "Steps", token: Token) -> dict[str, list[str]]:
    """The groups and people who may take a task."""
    element = token.element
    return {
        "groups": _words(steps.value(element.candidate_groups, token)),
        "users": _words(steps.value(element.candidate_users, token)),
    }


def service_task(steps: "Steps", token: Token) -> bool:
    """Carry out an operation; a BPMN error that it ends with goes to whoever catches it."""
    element = token.element
    assert element.operation is not None
    if steps.environment.is_later(element):
        working.order(steps, token)
        return False
    parameters = steps.given(token)
    try:
        result = steps.environment.perform(element.operation, parameters, Step(element.id, token.id))
    except BpmnError as error:
        if not throwing.throw_error(steps, token, error.code, error.variables):
            raise StepFailed("bpmn-error", uncaught(error)) from error
        return False
    _put_result(steps, token, result)
    return True


def throw_event(steps: "Steps", token: Token) -> bool | None:
    """An event throws, or carries out the operation that stands for its message."""
    if token.element.operation:
        return service_task(steps, token)
    through = throwing.throw(steps, token)
    return pass_through(steps, token) if through and token.alive else None


def pass_through(steps: "Steps", token: Token) -> bool:
    """Nothing but the output mappings."""
    steps.put_out(token, {})
    return True


def _rule_task(steps: "Steps", token: Token) -> bool:
    if token.element.called_decision is None:
        return service_task(steps, token)
    value, why = steps.environment.decide(token.element.called_decision, context(token))
    steps.say("decision.evaluated", token, why=why)
    _put_result(steps, token, value)
    return True


def _script_task(steps: "Steps", token: Token) -> bool:
    if token.element.operation:
        return service_task(steps, token)
    _put_result(steps, token, steps.value(token.element.script, token))
    return True


def _send_task(steps: "Steps", token: Token) -> bool:
    if token.element.operation:
        return service_task(steps, token)
    throwing.throw(steps, token)
    return pass_through(steps, token)


def _receive_task(steps: "Steps", token: Token) -> None:
    catching.arm(steps, token)


def _sub_process(steps: "Steps", token: Token) -> None:
    token._set_state(STARTED)
    steps.start_scope(token, token.process.starts(token.element_id))
    steps.settle(token)


def _call_activity(steps: "Steps", token: Token) -> None:
    assert token.element.called_process is not None
    called = steps.environment.process(token.element.called_process)
    starts = called.untriggered_starts()
    if not starts:
        raise StepFailed(
            "no-start", S_("The process %(process)s has no start event without a trigger.", process=called.key)
        )
    token._set_state(STARTED)
    root = steps.tree.add(token, ROOT, STARTED, process=called)
    root.data.update(context(token) if token.element.all_parent_variables else token.data)
    steps.start_scope(root, starts)


def _put_result(steps: "Steps", token: Token, result: Any) -> None:
    name = token.element.result_variable
    if name:
        steps.put_out(token, {name: result})
    else:
        steps.put_out(token, result if isinstance(result, Mapping) else {})


def _words(value: Any) -> list[str]:
    if value is None:
        return []
    parts = value.split(",") if isinstance(value, str) else value
    return [str(part).strip() for part in parts if part is not None and str(part).strip()]


def _moment(value: Any) -> datetime | None:
    read = schedules.read(value) if isinstance(value, str) else value
    match read:
        case datetime():
            return read if read.tzinfo else read.replace(tzinfo=clock.ZONE)
        case date():  # a day is over at its end
            return datetime.combine(read, time(23, 59, 59), tzinfo=clock.ZONE)
    if value is not None:
        raise StepFailed("due-date", S_("“%(text)s” is no date.", text=value))
    return None


ACTIVITY: dict[str, Behaviour] = {
    "task": pass_through,
    "manualTask": pass_through,
    "userTask": user_task,
    "serviceTask": service_task,
    "businessRuleTask": _rule_task,
    "scriptTask": _script_task,
    "sendTask": _send_task,
    "receiveTask": _receive_task,
    "subProcess": _sub_process,
    "transaction": _sub_process,
    "adHocSubProcess": ad_hoc.begin,
    "callActivity": _call_activity,
}
