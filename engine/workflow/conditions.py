"""Conditional start events: facts of the world are told, and each process whose condition has become true begins.

No data of a process exist before it has started, so a condition is about what is told (BPMN 2.0 §10.5.2). It must have
become false before it can start the process again; facts that leave it unclear change nothing.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.feel import Expression
from engine.workflow import days, definitions, instances, starting
from engine.workflow.models import Instance, StartSubscription


def tell(
    session: Session, facts: Mapping[str, Any], *, actor: str | None, said: Mapping[str, Any] | None = None
) -> list[Instance]:
    """Start each process that facts start; they are what comes in by its start event. Returns the instances.

    What is `said` goes into their events.
    """
    waiting = select(StartSubscription).where(StartSubscription.kind == starting.CONDITIONAL)
    in_order = waiting.order_by(
        StartSubscription.process_key, StartSubscription.element_id, StartSubscription.number
    ).with_for_update()  # told twice at once, a condition becomes true once
    runtime, started = days.runtime(session), []
    for row in session.scalars(in_order.execution_options(populate_existing=True)).all():
        condition = starting.event_of(row, definitions.process(session, row.definition_id)).value
        assert isinstance(condition, Expression)
        holds = condition.evaluate(facts, runtime=runtime)
        if not isinstance(holds, bool):
            continue
        held, row.held = row.held, holds
        if holds and not held:
            started.append(
                instances.start(
                    session, row.process_key, facts, actor=actor, said=said,
                    start_event=row.element_id, definition_id=row.definition_id,
                )
            )  # fmt: skip
    return started
