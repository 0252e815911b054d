"""The board of a process: on its diagram how many wait at each step and how long a step takes. No case is named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.cases.permissions import sees_all
from engine.ledger.board import root_of
from engine.ledger.suppression import LEAST, is_small, suppressed
from engine.people.actor import Actor
from engine.workflow import definitions, insight
from engine.workflow.bpmn.model import Element
from engine.workflow.insight import Among
from engine.workflow.models import Definition

WINDOW = timedelta(days=90)
"""How far back steps are counted as done."""


@dataclass(frozen=True)
class StepTold:
    """What may be told of one step; None where a number is hidden, or where nothing was done."""

    element: Element
    waiting: int | None
    since: datetime | None
    done: int | None
    median: timedelta | None


@dataclass(frozen=True)
class ProcessBoard:
    """A process (its newest version) in a division: the steps in the order of the diagram."""

    definition: Definition
    division: str
    at: datetime
    steps: tuple[StepTold, ...]


def process_board(session: Session, actor: Actor, key: str, path: str = "") -> ProcessBoard:
    """What happens at each step of a process. Raises NotForYourRole, DivisionUnknown, DefinitionUnknown."""
    path = _place(actor, path)
    definition = definitions.newest(session, definitions.PROCESS, key)
    elements = definitions.process(session, definition.id).elements
    found = insight.steps(session, key, done_since=clock.now() - WINDOW, among=_unsealed(path))
    known = [one for one in found if one.element_id in elements]
    exact = sees_all(actor, path)
    waiting = {one.element_id: one.waiting for one in known}
    told: Mapping[str, int | None] = waiting if exact else suppressed(waiting)
    order = {element: number for number, element in enumerate(elements)}
    steps = [
        StepTold(
            elements[one.element_id],
            told[one.element_id],
            one.since if exact else None,
            one.done if exact or not is_small(one.done) else None,
            one.median if exact or one.done >= LEAST else None,
        )
        for one in sorted(known, key=lambda one: order[one.element_id])
    ]
    return ProcessBoard(definition, path, clock.now(), tuple(steps))


def processes(session: Session, actor: Actor, path: str = "") -> list[tuple[Definition, int | None]]:
    """Every process, by name, with how many tasks are open in it; None where that is hidden."""
    path = _place(actor, path)
    waiting = insight.waiting_by_process(session, _unsealed(path))
    told: Mapping[str, int | None] = waiting if sees_all(actor, path) else suppressed(waiting)
    known = definitions.all_newest(session, definitions.PROCESS)
    return [(one, told.get(one.key, 0)) for one in sorted(known, key=lambda one: one.name)]


def _place(actor: Actor, path: str) -> str:
    """The division asked for; a leader's whole one, since its parts would tell small numbers by subtraction."""
    root = root_of(actor, path)
    return path if path and sees_all(actor, path) else root


def _unsealed(path: str) -> Among:
    return Among(path, select(Case.id).where(Case.sealed))
