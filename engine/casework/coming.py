"""The deadlines that may still begin in a case: those of the steps ahead of where it stands."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from engine import clock
from engine.casework.before_law import STARTS, ahead
from engine.casework.queries import Standing
from engine.deadlines import queries as deadlines
from engine.deadlines.ahead import TOLD
from engine.deadlines.models import CatalogueEntry, Deadline
from engine.workflow import definitions
from engine.workflow.bpmn.model import Element

OF_STEP = "hejie.deadline"
TOLD_AT = "hejie.told"
"""Times that others owe until a step (told.json), several with commas: they are told, and never run."""


def coming(session: Session, standing: Iterable[Standing], begun: Iterable[Deadline]) -> list[CatalogueEntry]:
    """What the catalogue says of the deadlines ahead, without those that have begun, in the order of the steps.

    Where a way divides, the deadlines of every branch are among them: which of them is taken is not known yet.
    """
    known = {one.key for one in begun}
    found: dict[str, CatalogueEntry] = {}
    for one in standing:
        process = definitions.process(session, one.definition.id)
        for element in ahead(process, [step.element for step in one.steps if step.waiting]):
            for key in _told(element):
                found.setdefault(key, TOLD[key])
            key = _key(element)
            if key and key not in known and key not in found:
                try:
                    found[key] = deadlines.entry(session, key, clock.today())
                except deadlines.DeadlineUnknown:
                    continue  # a diagram may be older than the catalogue
    return list(found.values())


def _told(element: Element) -> list[str]:
    named = (key.strip() for key in element.properties.get(TOLD_AT, "").split(","))
    return [key for key in named if key in TOLD]


def _key(element: Element) -> str:
    """The deadline that a step starts, if its diagram names it as it stands, or the one that it is done under."""
    if element.operation == STARTS:
        given = dict(element.inputs).get("deadline")
        return given if isinstance(given, str) else ""
    return element.properties.get(OF_STEP, "")
