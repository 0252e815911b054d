"""What an execution may ask of the house: the time, other definitions, decisions and operations."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine import clock, dmn, feel
from engine.workflow import days, definitions
from engine.workflow.bpmn import Element, Process
from engine.workflow.errors import DecisionImpossible
from engine.workflow.execution import Step
from engine.workflow.models import Instance
from engine.workflow.operations import OPERATIONS, Call


class HouseEnvironment:
    """The environment of one instance within one transaction."""

    def __init__(self, session: Session, instance: Instance, actor: str | None) -> None:
        self._session = session
        self._instance = instance
        self._actor = actor

    def now(self) -> datetime:
        """The current instant, in UTC."""
        return clock.now()

    @cached_property
    def runtime(self) -> feel.Runtime:
        """What FEEL may ask of this house."""
        return days.runtime(self._session)

    def process(self, key: str) -> Process:
        """The newest version of a process."""
        newest = definitions.latest(self._session, definitions.PROCESS, key)
        return definitions.process(self._session, newest.id)

    def process_by_ref(self, ref: str) -> Process:
        """The very version that a running instance was started with."""
        return definitions.process(self._session, UUID(ref))

    def decide(self, decision_id: str, context: Mapping[str, Any]) -> tuple[Any, object]:
        """Evaluate the newest version of a decision; the explanation names version and rules that fired.

        Variables never stand in for decisions that the model can make. Raises DecisionImpossible where a table or
        type is at fault for there being no value.
        """
        newest = definitions.latest(self._session, definitions.DECISION, decision_id)
        model = definitions.decisions(self._session, newest.id)
        given = {name: value for name, value in context.items() if name not in model.decided}
        result = model.decide(decision_id, given, runtime=self.runtime)
        faults = [str(one) for one in result.warnings if one.code in dmn.FAULTS]
        if result.value is None and faults:
            raise DecisionImpossible(" ".join(faults), decision=decision_id)
        why: dict[str, Any] = {"decision": decision_id, "version": newest.number, "rules": result.fired_rules}
        if result.warnings:
            why["warnings"] = [str(one) for one in result.warnings]
        return result.value, why

    def is_later(self, element: Element) -> bool:
        """Whether a worker does an element's operation: marked so, reaching out, or another system's."""
        known = OPERATIONS.get(element.operation or "")
        return known is None or known.outside or element.properties.get("hejie.async") == "true"

    def perform(self, operation: str, parameters: Mapping[str, Any], step: Step) -> Any:
        """Carry out a service task's operation in a savepoint: it happens whole or not at all."""
        instance = self._instance
        call = Call(self._session, instance.id, instance.stream, step.element_id, clock.now(), self._actor)
        with self._session.begin_nested():
            return OPERATIONS[operation].run(call, **parameters)
