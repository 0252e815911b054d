"""Two versions of a process side by side, or a version and a file that is not deployed yet. For administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from engine.casework import cockpit
from engine.casework.administration import require_admin
from engine.casework.cockpit import Standing
from engine.errors import N_, Invalid
from engine.people.actor import Actor
from engine.workflow import comparing, definitions
from engine.workflow.bpmn import compile_model
from engine.workflow.comparing import Difference, Side
from engine.workflow.definitions import File
from engine.workflow.errors import DeploymentRefused
from engine.workflow.models import Definition


class NotTheSameProcess(Invalid):
    """What is to be compared are no two versions of one process."""

    code = "not-the-same-process"
    message = N_("These are no two versions of the same process.")


@dataclass(frozen=True)
class Comparison:
    """What differs between two versions, and where tokens of the older one stand now."""

    before: Definition
    after: Definition
    differences: Sequence[Difference]
    standing: Mapping[str, Standing]

    @property
    def homeless(self) -> list[str]:
        """Elements at which tokens stand and which the other version has not, or has as another type."""
        changed = {
            one.id for one in self.differences
            if one.kind == "removed" or any(attribute.name == "type" for attribute in one.attributes)
        }  # fmt: skip
        return [element for element in self.standing if element in changed]


def compare(session: Session, actor: Actor, before_id: UUID, after_id: UUID) -> Comparison:
    """What differs between two deployed versions. Raises AdministratorsOnly, DefinitionUnknown, NotTheSameProcess."""
    require_admin(actor)
    before, after = definitions.one(session, before_id), definitions.one(session, after_id)
    if {before.kind, after.kind} != {definitions.PROCESS} or before.key != after.key:
        raise NotTheSameProcess
    found = comparing.differences(_side(session, before), _side(session, after))
    return Comparison(before, after, found, cockpit.standing(session, actor, before_id))


def compare_file(session: Session, actor: Actor, before_id: UUID, content: bytes) -> list[Difference]:
    """What differs between a deployed version and a file.

    Raises AdministratorsOnly, DefinitionUnknown, DeploymentRefused (with what is wrong in it), NotTheSameProcess.
    """
    require_admin(actor)
    before = definitions.one(session, before_id)
    wrong = [one for one in definitions.check([File("draft.bpmn", content)]) if one.severity == "error"]
    if wrong:
        raise DeploymentRefused(wrong)
    process = compile_model(content).processes.get(before.key)
    if before.kind != definitions.PROCESS or process is None:
        raise NotTheSameProcess
    return comparing.differences(_side(session, before), Side(process, content))


def _side(session: Session, definition: Definition) -> Side:
    return Side(definitions.process(session, definition.id), definition.content)
