"""Templates of steps: a task that is configured once is kept, and everybody may draw it again."""

from uuid import UUID

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.people.actor import Actor
from engine.studio.access import require
from engine.studio.drafts import BPMN, SAFE
from engine.studio.errors import StepTemplateUnfit, StepTemplateUnknown
from engine.studio.models import StepTemplate

KINDS = frozenset(
    ["task", "userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask", "manualTask",
     "callActivity"]
)  # fmt: skip
LONGEST_TITLE, LARGEST = 80, 20_000
"""Characters."""
ELSEWHERE = frozenset(
    BPMN + name
    for name in (
        "incoming", "outgoing", "ioSpecification", "property", "dataInputAssociation", "dataOutputAssociation",
    )
)  # fmt: skip
"""What ties a step to the diagram that it stands in."""


def kept(session: Session, actor: Actor) -> list[StepTemplate]:
    """All templates by their names. Raises AdministratorsOnly."""
    require(actor)
    return list(session.scalars(select(StepTemplate).order_by(StepTemplate.title, StepTemplate.id)))


def keep(session: Session, actor: Actor, title: str, content: str) -> StepTemplate:
    """Keep a step, given as its BPMN element (XML), under a name. Raises AdministratorsOnly, StepTemplateUnfit."""
    require(actor)
    if not 0 < len(title.strip()) <= LONGEST_TITLE or len(content) > LARGEST:
        raise StepTemplateUnfit
    step = _step(content)
    found = StepTemplate(
        title=title.strip(), kind=etree.QName(step).localname, content=etree.tostring(step, encoding="unicode"),
        made_by=actor.id, made_at=clock.now(),
    )  # fmt: skip
    session.add(found)
    session.flush()  # the event is on its stream
    events.record(session, "step_template.kept", found.id, actor=actor.id, title=found.title, step=found.kind)
    return found


def remove(session: Session, actor: Actor, template_id: UUID) -> None:
    """Remove a template; steps that were drawn from it stay. Raises AdministratorsOnly, StepTemplateUnknown."""
    require(actor)
    found = session.get(StepTemplate, template_id, with_for_update=True)
    if found is None:
        raise StepTemplateUnknown(template=template_id)
    events.record(session, "step_template.removed", found.id, actor=actor.id, title=found.title, content=found.content)
    session.delete(found)


def _step(content: str) -> etree._Element:
    """The element alone, without ids and without what ties it to its diagram."""
    try:
        step = etree.fromstring(content.encode(), SAFE)
    except (etree.XMLSyntaxError, ValueError):
        raise StepTemplateUnfit from None
    if step.tag not in {BPMN + kind for kind in KINDS} or step.getroottree().docinfo.internalDTD is not None:
        raise StepTemplateUnfit
    for inner in list(step):
        if inner.tag in ELSEWHERE:
            step.remove(inner)
    for part in step.iter(BPMN + "*"):
        part.attrib.pop("id", "")
    return step
