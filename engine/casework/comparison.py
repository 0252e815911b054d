"""Two versions of a process side by side, or a version and a file that is not deployed yet. For administrators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from engine.casework import bulk, cockpit
from engine.casework.administration import require_admin
from engine.casework.bulk import BatchView
from engine.casework.cockpit import Standing
from engine.errors import N_, Invalid
from engine.people.actor import Actor
from engine.workflow import batches, comparing, definitions
from engine.workflow.bpmn import Process, compile_model
from engine.workflow.comparing import Difference, Side
from engine.workflow.definitions import File
from engine.workflow.errors import DeploymentRefused
from engine.workflow.models import Definition
from engine.workflow.selection import Selection


class NotTheSameProcess(Invalid):
    """What is to be compared are no two versions of one process."""

    code = "not-the-same-process"
    message = N_("These are no two versions of the same process.")


@dataclass(frozen=True)
class Comparison:
    """What differs between a version and another, or a file, and where tokens of what may be older stand now."""

    before: Process
    after: Process
    differences: Sequence[Difference]
    standing: Mapping[str, Standing]

    @property
    def homeless(self) -> list[str]:
        """Elements at which tokens stand and which the other version has not, or has as another type."""
        retyped = {one.id for one in self.differences if any(attribute.name == "type" for attribute in one.attributes)}
        return [one for one in self.standing if one in retyped or one not in self.after.elements]


def compare(session: Session, actor: Actor, before_id: UUID, after_id: UUID) -> Comparison:
    """What differs between two deployed versions. Raises AdministratorsOnly, DefinitionUnknown, NotTheSameProcess."""
    require_admin(actor)
    before, after = definitions.one(session, before_id), definitions.one(session, after_id)
    if {before.kind, after.kind} != {definitions.PROCESS} or before.key != after.key:
        raise NotTheSameProcess
    was, now = _side(session, before), _side(session, after)
    found = comparing.differences(was, now)
    return Comparison(was.process, now.process, found, cockpit.standing(session, actor, before_id))


def compare_file(session: Session, actor: Actor, before_id: UUID, content: bytes) -> Comparison:
    """What differs between a deployed version and a file, and where tokens of any version of the process stand.

    Raises AdministratorsOnly, DefinitionUnknown, DeploymentRefused (with what is wrong in it), NotTheSameProcess.
    """
    require_admin(actor)
    before = definitions.one(session, before_id)
    process = _process(content, before.key if before.kind == definitions.PROCESS else "")
    was = _side(session, before)
    found = comparing.differences(was, Side(process, content))
    every = [one.id for one in definitions.versions(session, definitions.PROCESS, before.key)]
    return Comparison(was.process, process, found, cockpit.standing(session, actor, *every))


def try_file(
    session: Session, actor: Actor, key: str, content: bytes, mapping: Mapping[str, str], reason: str
) -> BatchView:
    """Try a file's process on all that runs of its versions: a list of where every token would go. Nothing changes.

    Raises AdministratorsOnly, DeploymentRefused, NotTheSameProcess, BatchEmpty, ReasonMissing.
    """
    require_admin(actor)
    _process(content, key)
    given = {"content": content.decode(), "process": key, "mapping": dict(mapping)}
    return bulk.preview(session, actor, batches.TRY, given, Selection(process=key), reason)


def _process(content: bytes, key: str) -> Process:
    wrong = [one for one in definitions.check([File("draft.bpmn", content)]) if one.severity == "error"]
    if wrong:
        raise DeploymentRefused(wrong)
    process = compile_model(content).processes.get(key)
    if process is None:
        raise NotTheSameProcess
    return process


def _side(session: Session, definition: Definition) -> Side:
    return Side(definitions.process(session, definition.id), definition.content)
