"""When a case is over: it stays on the ledger until nothing runs in it any more.

A process says how the case ends (`case.close`). Where another one still has work in it, such as a hand-over to a court
while the mediation was ended, the case stays open with it and is closed by whichever ends last.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import commands as cases
from engine.cases.models import Case
from engine.casework import convening, reception_places
from engine.deadlines import commands as deadlines
from engine.deadlines import queries as running
from engine.workflow import definitions
from engine.workflow.models import Instance, UserTask

STAGE = "hejie.stage"
DEADLINE = "hejie.deadline"


def ended(session: Session, instance: Instance, actor: str | None) -> bool:
    """After the end of an instance: close its concluded case if it was the last one; returns whether it was."""
    locked = select(Case).where(Case.id == instance.stream).with_for_update()  # two that end at once see each other
    case = session.scalar(locked)
    if case is None or case.closed_at is not None or case.closing is None:
        return False
    alive = select(Instance.id).where(Instance.stream == case.id, Instance.ended_at.is_(None))
    if session.scalar(alive.where(Instance.id != instance.id).limit(1)):
        _go_on(session, case, instance)
        cases.wait_to_close(session, case, actor)
        return False
    cases.settle(session, case, actor)
    deadlines.close(session, case.id)
    convening.call_off(session, case, actor)
    reception_places.call_off(session, case, actor)
    return True


def _go_on(session: Session, case: Case, over: Instance) -> None:
    """What is over no longer counts its days; the case stands where the others are. Rights of the parties are kept."""
    elements = definitions.process(session, over.definition_id).elements
    counted = {one.properties.get(DEADLINE) for one in elements.values()}
    for one in running.of_case(session, case.id):
        if one.key in counted and not running.is_a_right(session, one):
            deadlines.end(session, case.id, one.key, state="cancelled")
    open_now = select(UserTask).where(UserTask.stream == case.id, UserTask.state == "open")
    task = session.scalar(open_now.order_by(UserTask.created_at.desc()).limit(1))
    if task and (stage := _stage(session, task.definition_id, task.element_id)):
        cases.set_stage(session, case, stage)


def _stage(session: Session, definition_id: UUID, element_id: str) -> str | None:
    return definitions.process(session, definition_id).elements[element_id].properties.get(STAGE)
