"""How a token moves through elements (BPMN 2.0 chapter 13): enter, run, wait, leave."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import code_of, said_by
from engine.feel import Expression
from engine.sentences import S_, stored
from engine.workflow import activities, ad_hoc, catching, choosing, compensation, joining, limits, looping
from engine.workflow.activities import ACTIVITY, Behaviour
from engine.workflow.bpmn import Element, Flow
from engine.workflow.bpmn.model import ACTIVITIES, TIMED
from engine.workflow.facing import Environment, Fact, StepFailed, Thrown
from engine.workflow.tokens import FAILED, READY, STARTED, WAITING, Token, TokenTree, assign, context, only_watches, put


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
        now = self.environment.now()
        self.facts.append(Fact(kind, element_id or token.element_id, token.id, token.process.ref, now, data))

    def say_entered(self, token: Token) -> None:
        """A token has come to an element that takes time; of one that is tried again it was said before."""
        token._set_state(STARTED)
        if not token.internal_data.pop("again", False):
            self.say("element.entered", token)

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

    def start_by(self, scope: Token, element: Element, variables: Mapping[str, Any]) -> None:
        """Begin in a process where an event has happened: a start event, or a receive task that instantiates.

        Behind a parallel event-based gateway the other events are waited for as well (§10.6.6).
        """
        begun = self.tree.add(scope, element.id, STARTED)
        if element.type in TIMED:
            self.say_entered(begun)
        self.finish(begun, variables)
        self.watch(scope)  # keys of what is waited for may be in the variables
        for other in scope.process.started_with(element.id):
            self.tree.add(scope, other, READY)

    def fail(self, token: Token, error: Exception) -> None:
        """An incident: the token stays where it is until it is retried."""
        code = code_of(error)
        token._set_state(FAILED)
        token.internal_data["incident"] = [code, stored(said_by(error))]
        self.say("incident.raised", token, code=code)

    def watch(self, scope: Token) -> None:
        """Arm the start events of the event sub-processes of a scope; one that cannot be holds up no other step."""
        for start in scope.process.event_sub_processes(scope.element_id):
            if start.event and start.event.kind == "compensation":  # it is for when the scope is over
                continue
            token = self.tree.add(scope, start.id, WAITING)
            token.internal_data["watch"] = True
            try:
                catching.arm(self, token)
            except Exception as error:
                self.fail(token, error)

    def run(self, token: Token) -> bool | None:
        """Do what the element does; True if the token is through, None if it waits or was consumed."""
        if token.internal_data.get("through"):
            return True
        if only_watches(token):  # it could not be armed before
            return catching.arm(self, token)
        element = token.element
        through = self._run_activity(token) if element.type in ACTIVITIES else RUN[element.type](self, token)
        if through:  # should it fail to leave, a retry must not do the step again
            token.internal_data["through"] = True
        return through

    def finish(self, token: Token, variables: Mapping[str, Any]) -> None:
        """An activity or event that waited is done: its variables go where they belong, and the token goes on."""
        self.put_out(token, variables)
        token.internal_data["through"] = True
        self.tree.queue(token)

    def take_inputs(self, token: Token) -> None:
        """Input mappings make variables that only the element sees."""
        for name, source in token.element.inputs:
            put(token.data, name, self.value(source, token))

    def given(self, token: Token) -> dict[str, Any]:
        """What the input mappings of an element made."""
        names = dict.fromkeys(name.partition(".")[0] for name, _ in token.element.inputs)
        return {name: token.data[name] for name in names}

    def put_out(self, token: Token, variables: Mapping[str, Any]) -> None:
        """Output mappings, where there are any, decide what reaches the scope; otherwise everything does.

        What is known in the activity itself, such as its inputs, stays there, as the dialect has it.
        """
        element = token.element
        if element.data_outputs:
            self._give_data(token, variables)
            carried = {flow.source for flow in element.data_outputs}
            variables = {name: value for name, value in variables.items() if name not in carried}
        if element.outputs:
            for name, source in element.outputs:
                assign(token.parent, name, self.value(source, token, variables))
        else:
            for name, value in variables.items():
                assign(token, name, value)

    def leave(self, token: Token) -> None:
        """A token is through: it goes on along the flows that the element says."""
        parent = token.parent
        if "inner" in token.internal_data:
            self.say("element.completed", token)
            looping.inner_done(self, token)
            return
        flows = choosing.taken(self, token)
        if (gone := len(flows) * token.element.completion_quantity) > 1:
            limits.require_room(self.tree, gone - 1)
        self.say("element.completed", token)
        complete = token.element.type in ACTIVITIES and ad_hoc.holds(self, parent)
        compensation.remember(token)
        self.tree.remove(token)
        if complete:
            ad_hoc.complete(self, parent)
            return
        for flow in flows:
            for _ in range(token.element.completion_quantity):
                self.enter(parent, flow)
        if not flows:
            self.settle(parent)

    def settle(self, scope: Token) -> None:
        """End a scope in which no token is left; when only event sub-processes run, no others begin (§13.5.4)."""
        if not scope.alive:
            return
        left = [token for token in scope.inside if not only_watches(token)]
        if left:
            if all(not token.is_root and token.element.triggered_by_event for token in left):
                self._stop_watching(scope)
            return
        if compensation.go_on(self, scope) or ad_hoc.go_on(self, scope):
            return
        for token in scope.inside:
            self.tree.remove(token)
        if scope.is_root:
            self._end_process(scope)
        elif scope.element.triggered_by_event:
            parent = scope.parent
            self.say("element.completed", scope)
            compensation.remember(scope)
            self.tree.remove(scope)
            self.settle(parent)
        else:
            self.finish(scope, {})

    def _stop_watching(self, scope: Token) -> None:
        for token in scope.inside:
            if token.internal_data.get("watch"):
                self.tree.remove(token)

    def interrupt(self, token: Token) -> None:
        """Cancel a token with all within it."""
        for one in _with_all_inside(token):
            if not one.is_root and _takes_time(one):
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
        self.say_entered(token)
        if element.loop and "inner" not in token.internal_data:
            self.attach(token)
            return looping.begin(self, token)
        if not element.loop:
            self.attach(token)
        self._take_data(token)
        self.take_inputs(token)
        return ACTIVITY[element.type](self, token)

    def _take_data(self, token: Token) -> None:
        names = context(token)
        for flow in token.element.data_inputs:
            if flow.source is not None and names.get(flow.source) is None:
                raise StepFailed(
                    "no-data", S_("The data “%(data)s” that it needs have no value yet.", data=flow.source)
                )
            value = names[flow.source] if flow.value is None and flow.source else self.value(flow.value, token)
            put(token.data, flow.target, value)

    def _give_data(self, token: Token, variables: Mapping[str, Any]) -> None:
        names = {**context(token), **variables}
        for flow in token.element.data_outputs:
            value = names.get(flow.source or "") if flow.value is None else self.value(flow.value, token, variables)
            if value is not None:
                assign(token.parent, flow.target, value)

    def attach(self, token: Token) -> None:
        """Arm the boundary events of an activity."""
        if token.internal_data.get("attached"):
            return
        try:
            for event in token.process.boundaries.get(token.element_id, ()):
                if event.event and event.event.kind == "compensation":  # it is for when the activity is over
                    continue
                catching.arm(self, self.tree.add(token, event.id, WAITING))
        except Exception:
            for armed in token.inside:
                self.tree.remove(armed)
            raise
        token.internal_data["attached"] = True

    def _end_process(self, root: Token) -> None:
        call = root.parent
        if call is None:
            self.outcome = self.outcome or "completed"
            return
        kept = looping.kept(call)
        variables = {name: value for name, value in root.data.items() if name not in kept}
        self.tree.remove(root)
        self.finish(call, variables if call.element.all_variables or call.element.outputs else {})


def _takes_time(token: Token) -> bool:
    """Whether it was said that a token has come to its element, so that its end must be said as well."""
    data = token.internal_data.keys()
    come = token.state != READY or data & {"through", "again"}
    return (
        bool(come)
        and token.element.type in TIMED
        and not (data & {"watch", "part", "gathering"} or catching.behind_gateway(token))
    )


def _with_all_inside(token: Token) -> list[Token]:
    return [token, *(one for child in token.inside for one in _with_all_inside(child))]


def _through(steps: Steps, token: Token) -> bool:
    return True


RUN: dict[str, Behaviour] = {
    "startEvent": activities.pass_through,
    "endEvent": activities.throw_event,
    "intermediateThrowEvent": activities.throw_event,
    "intermediateCatchEvent": catching.wait,
    "exclusiveGateway": _through,
    "parallelGateway": joining.parallel,
    "inclusiveGateway": joining.inclusive,
    "complexGateway": joining.complex_,
    "eventBasedGateway": catching.event_based,
}
