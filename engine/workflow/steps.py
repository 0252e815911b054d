"""What a token does at each kind of element (BPMN 2.0 chapter 13): enter, run, wait, leave."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from engine import clock, feel
from engine.feel import Expression
from engine.workflow import catching, joining, looping, throwing, working
from engine.workflow.bpmn import Element, Flow
from engine.workflow.bpmn.model import ACTIVITIES
from engine.workflow.facing import BpmnError, Environment, Fact, Step, StepFailed, Thrown
from engine.workflow.tokens import READY, ROOT, STARTED, WAITING, Token, TokenTree, assign, context, put


class Steps:
    """The rules by which the tokens of one execution move; holds what they say on their way."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.tree = TokenTree(self)
        self.facts: list[Fact] = []
        self.outbox: list[Thrown] = []
        self.outcome: str | None = None
        self.conditional = False
        """Whether an event may wait for a condition, so that conditions must be looked at after every step."""

    # saying

    def say(self, kind: str, token: Token, element_id: str | None = None, **data: Any) -> None:
        """Record a fact."""
        self.facts.append(Fact(kind, element_id or token.element_id, token.id, self.environment.now(), data))

    # values

    def value(self, source: Any, token: Token, more: Mapping[str, Any] | None = None) -> Any:
        """The value of an expression in sight of a token; literal text stands for itself."""
        if not isinstance(source, Expression):
            return source
        names = context(token)
        return source.evaluate({**names, **more} if more else names, runtime=self.environment.runtime)

    # moving

    def enter(self, parent: Token, flow: Flow) -> None:
        """A token takes a sequence flow."""
        token = self.tree.add(parent, flow.target, READY)
        token.internal_data["flow"] = flow.id
        self.say("flow.taken", token, flow.id)

    def start_scope(self, scope: Token, elements: Sequence[Element]) -> None:
        """Begin in a scope: watch for its event sub-processes, then put a token at each start."""
        self.watch(scope)
        for element in elements:
            self.tree.add(scope, element.id, READY)

    def start_by(self, scope: Token, element: Element) -> None:
        """Begin in a process where an event has happened: a start event, or a receive task that instantiates."""
        self.watch(scope)
        self.finish(self.tree.add(scope, element.id, STARTED), {})

    def watch(self, scope: Token) -> None:
        """Arm the start events of the event sub-processes of a scope."""
        for start in scope.process.event_sub_processes(scope.element_id):
            token = self.tree.add(scope, start.id, WAITING)
            token.internal_data["watch"] = True
            catching.arm(self, token)

    def run(self, token: Token) -> bool | None:
        """Do what the element does; True if the token is through, None if it waits or was consumed."""
        if token.internal_data.get("through"):
            return True
        element = token.element
        behaviour = Steps._run_activity if element.type in ACTIVITIES else RUN[element.type]
        through = behaviour(self, token)
        if through:  # should it fail to leave, a retry must not do the step again
            token.internal_data["through"] = True
        return through

    def finish(self, token: Token, variables: Mapping[str, Any]) -> None:
        """An activity or event that waited is done: its variables go where they belong, and the token goes on."""
        self.put_out(token, variables)
        token.internal_data["through"] = True
        self.tree.queue(token)

    def given(self, token: Token) -> dict[str, Any]:
        """What the input mappings of an element made."""
        names = dict.fromkeys(name.partition(".")[0] for name, _ in token.element.inputs)
        return {name: token.data[name] for name in names}

    def put_out(self, token: Token, variables: Mapping[str, Any]) -> None:
        """Output mappings, where there are any, decide what reaches the scope; otherwise everything does."""
        element = token.element
        if element.outputs:
            for name, source in element.outputs:
                assign(token.parent, name, self.value(source, token, variables))
        else:
            for name, value in variables.items():
                assign(token.parent, name, value)

    def leave(self, token: Token) -> None:
        """A token is through: it goes on along the flows that the element says."""
        parent = token.parent
        self.say("element.completed", token, ref=token.process.ref)
        if "inner" in token.internal_data:
            looping.inner_done(self, token)
            return
        flows = self._chosen(token)
        self.tree.remove(token)
        for flow in flows:
            for _ in range(token.element.completion_quantity):
                self.enter(parent, flow)
        if not flows:
            self.settle(parent)

    def settle(self, scope: Token) -> None:
        """End a scope in which no token is left."""
        if not scope.alive or any(not _only_watches(token) for token in scope.inside):
            return
        for token in scope.inside:
            self.tree.remove(token)
        if scope.is_root:
            self._end_process(scope)
        elif scope.element.triggered_by_event:
            parent = scope.parent
            self.say("element.completed", scope)
            self.tree.remove(scope)
            self.settle(parent)
        else:
            self.finish(scope, {})

    def interrupt(self, token: Token) -> None:
        """Cancel a token with all within it."""
        for one in _with_all_inside(token):
            if not one.is_root and not one.internal_data.get("watch") and one.element.type in ACTIVITIES:
                self.say("element.cancelled", one)
            if "job" in one.internal_data:
                self.say("job.cancelled", one)
        self.tree.remove(token)

    def end_instance(self, outcome: str) -> None:
        """End everything at once."""
        for token in self.tree.root.inside:
            self.interrupt(token)
        self.outcome = outcome

    # activities

    def _run_activity(self, token: Token) -> bool | None:
        element = token.element
        if element.start_quantity > 1 and not joining.gathered(self, token):
            return None
        if element.loop and "inner" not in token.internal_data:
            self.attach(token)
            return looping.begin(self, token)
        self.say("element.entered", token)
        if not element.loop:
            self.attach(token)
        for name, source in element.inputs:
            put(token.data, name, self.value(source, token))
        return ACTIVITY[element.type](self, token)

    def attach(self, token: Token) -> None:
        """Arm the boundary events of an activity."""
        if token.internal_data.get("attached"):
            return
        try:
            for event in token.process.boundaries.get(token.element_id, ()):
                catching.arm(self, self.tree.add(token, event.id, WAITING))
        except Exception:
            for armed in token.inside:
                self.tree.remove(armed)
            raise
        token.internal_data["attached"] = True

    def _user_task(self, token: Token) -> None:
        element = token.element
        token.internal_data["task"] = {
            "groups": _words(self.value(element.candidate_groups, token)),
            "users": _words(self.value(element.candidate_users, token)),
            "assignee": self.value(element.assignee, token),
            "due": _moment(self.value(element.due_date, token)),
        }
        token._set_state(WAITING)

    def _service_task(self, token: Token) -> bool:
        element = token.element
        assert element.operation is not None
        if self.environment.is_later(element):
            working.order(self, token)
            return False
        parameters = self.given(token)
        try:
            result = self.environment.perform(element.operation, parameters, Step(element.id, token.id))
        except BpmnError as error:
            if not throwing.throw_error(self, token, error.code, error.variables):
                raise StepFailed("bpmn-error", f"nobody catches the error {error.code}: {error.message}") from error
            return False
        self._result(token, result)
        return True

    def _result(self, token: Token, result: Any) -> None:
        name = token.element.result_variable
        if name:
            self.put_out(token, {name: result})
        else:
            self.put_out(token, result if isinstance(result, Mapping) else {})

    def _rule_task(self, token: Token) -> bool:
        if token.element.called_decision is None:
            return self._service_task(token)
        value, why = self.environment.decide(token.element.called_decision, context(token))
        self.say("decision.evaluated", token, why=why)
        self._result(token, value)
        return True

    def _script_task(self, token: Token) -> bool:
        if token.element.operation:
            return self._service_task(token)
        self._result(token, self.value(token.element.script, token))
        return True

    def _send_task(self, token: Token) -> bool:
        if token.element.operation:
            return self._service_task(token)
        throwing.throw(self, token)
        self.put_out(token, {})
        return True

    def _receive_task(self, token: Token) -> None:
        catching.arm(self, token)

    def _sub_process(self, token: Token) -> None:
        token._set_state(STARTED)
        self.start_scope(token, token.process.starts(token.element_id))
        self.settle(token)

    def _call_activity(self, token: Token) -> None:
        assert token.element.called_process is not None
        called = self.environment.process(token.element.called_process)
        token._set_state(STARTED)
        root = self.tree.add(token, ROOT, STARTED, process=called)
        root.data.update(context(token) if token.element.all_parent_variables else token.data)
        starts = called.untriggered_starts()
        if not starts:
            raise StepFailed("no-start", f"the process {called.key} has no start event without a trigger")
        self.start_scope(root, starts)

    def _pass(self, token: Token) -> bool:
        self.put_out(token, {})
        return True

    def _end_process(self, root: Token) -> None:
        call = root.parent
        if call is None:
            self.outcome = self.outcome or "completed"
            return
        variables = root.data
        self.tree.remove(root)
        self.finish(call, variables if call.element.all_variables or call.element.outputs else {})

    # gateways and events

    def _chosen(self, token: Token) -> Sequence[Flow]:
        """The flows that a token takes when it leaves."""
        element = token.element
        flows = token.process.outgoing.get(element.id, ())
        if element.type == "parallelGateway" or not flows:
            return flows
        parent = token.parent
        default = [flow for flow in flows if flow.id == element.default]
        others = [flow for flow in flows if flow.id != element.default]
        if element.type == "exclusiveGateway":
            taken = next(([flow] for flow in others if self._holds(flow, parent)), default)
        else:  # a flow without a condition is taken as well, and says nothing about the default (§13.3.1)
            taken = [flow for flow in others if self._holds(flow, parent)]
            if not any(flow.condition for flow in taken):
                taken += default
        if not taken:
            raise StepFailed("no-branch", "no condition holds and there is no default flow")
        if len(flows) > 1:
            self.say("gateway.decided", token, flows=[flow.id for flow in taken])
        return taken

    def _holds(self, flow: Flow, scope: Token) -> bool:
        return flow.condition is None or self.value(flow.condition, scope) is True

    def _through(self, token: Token) -> bool:
        return True

    def _throw(self, token: Token) -> bool | None:
        throwing.throw(self, token)
        return True if token.alive and token.state != WAITING else None

    def _catch(self, token: Token) -> bool | None:
        return catching.arm(self, token)


def _only_watches(token: Token) -> bool:
    return bool(token.internal_data.get("watch")) or (
        not token.is_root and token.element.type == "boundaryEvent" and token.state == WAITING
    )


def _with_all_inside(token: Token) -> list[Token]:
    return [token, *(one for child in token.inside for one in _with_all_inside(child))]


def _words(value: Any) -> list[str]:
    if value is None:
        return []
    parts = value.split(",") if isinstance(value, str) else value
    return [str(part).strip() for part in parts if part is not None and str(part).strip()]


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        found = feel.evaluate('if contains(text, "T") then date and time(text) else date(text)', {"text": value})
        value = found
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=clock.ZONE)
    if isinstance(value, date):  # a day is over at its end
        return datetime.combine(value, time(23, 59, 59), tzinfo=clock.ZONE)
    return None


Behaviour = Callable[[Steps, Token], bool | None]

ACTIVITY: dict[str, Behaviour] = {
    "task": Steps._pass,
    "manualTask": Steps._pass,
    "userTask": Steps._user_task,
    "serviceTask": Steps._service_task,
    "businessRuleTask": Steps._rule_task,
    "scriptTask": Steps._script_task,
    "sendTask": Steps._send_task,
    "receiveTask": Steps._receive_task,
    "subProcess": Steps._sub_process,
    "callActivity": Steps._call_activity,
}

RUN: dict[str, Behaviour] = {
    "startEvent": Steps._pass,
    "boundaryEvent": Steps._through,
    "endEvent": Steps._throw,
    "intermediateThrowEvent": Steps._throw,
    "intermediateCatchEvent": Steps._catch,
    "exclusiveGateway": Steps._through,
    "parallelGateway": joining.parallel,
    "inclusiveGateway": joining.inclusive,
    "eventBasedGateway": catching.event_based,
}
