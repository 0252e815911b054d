"""Migration and batches for administrators."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.casework.administration import reasoned, require_admin, seen
from engine.casework.errors import Outdated
from engine.people.actor import Actor
from engine.workflow import batches, definitions, instances, migration
from engine.workflow.batches import BatchEmpty, Move
from engine.workflow.migrating import Passage
from engine.workflow.models import Batch, BatchItem, Instance
from engine.workflow.selection import Selection


@dataclass(frozen=True)
class BatchView:
    """A batch, and how many of its items are in each state."""

    batch: Batch
    counts: Mapping[str, int]


def migration_plan(
    session: Session, actor: Actor, instance_id: UUID, definition_id: UUID, mapping: Mapping[str, str]
) -> list[Passage]:
    """What a migration would do to each token; nothing is changed.

    Raises AdministratorsOnly, InstanceUnknown, DefinitionUnknown, MigrationRefused.
    """
    require_admin(actor)
    return migration.plan(session, instances.locked(session, instance_id), definition_id, mapping)


def migrate(
    session: Session,
    actor: Actor,
    instance_id: UUID,
    definition_id: UUID,
    mapping: Mapping[str, str],
    reason: str,
    *,
    restart_timers: bool,
    version: int | None,
) -> Instance:
    """Let an instance go on under another version.

    Raises InstanceNotActive, Outdated, ReasonMissing besides `migration_plan`'s.
    """
    found = seen(session, actor, instance_id, version)
    migration.migrate(
        session, instance_id, definition_id, mapping, actor=actor.id, reason=reasoned(reason),
        restart_timers=restart_timers,
    )  # fmt: skip
    return found


def preview(
    session: Session, actor: Actor, command: str, given: Mapping[str, Any], chosen: Selection, reason: str
) -> BatchView:
    """Store the list of what a command would be done to. Raises AdministratorsOnly, BatchEmpty too."""
    require_admin(actor)
    if not (chosen.instances or chosen.process):
        raise BatchEmpty
    if command == "migrate":
        definitions.one(session, UUID(given["definition"]))
    made = batches.preview(session, command, given, chosen, actor=actor.id, reason=reasoned(reason))
    return _view(session, made)


def batch(session: Session, actor: Actor, batch_id: UUID) -> BatchView:
    """A batch and its progress. Raises AdministratorsOnly, BatchUnknown."""
    require_admin(actor)
    return _view(session, batches.find(session, batch_id))


def batch_items(
    session: Session, actor: Actor, batch_id: UUID, *, state: str, after: int, size: int
) -> list[BatchItem]:
    """Part of the list of a batch."""
    require_admin(actor)
    batches.find(session, batch_id)
    return batches.items(session, batch_id, state=state, after=after, size=size)


def moves(session: Session, actor: Actor, batch_id: UUID) -> list[Move]:
    """What a batch that migrates would do to all tokens of its list, counted."""
    require_admin(actor)
    batches.find(session, batch_id)
    return batches.moves(session, batch_id)


def newest(session: Session, actor: Actor, *, before: UUID | None = None, size: int = 25) -> list[BatchView]:
    """The batches that there were, the newest first."""
    require_admin(actor)
    return [_view(session, one) for one in batches.newest(session, before=before, size=size)]


def change(session: Session, actor: Actor, batch_id: UUID, step: str, *, version: int | None) -> BatchView:
    """Start, pause or cancel a batch. Raises BatchState, Outdated too."""
    require_admin(actor)
    if version is not None and version != batches.find(session, batch_id, lock=True).version:
        raise Outdated(batch=batch_id)
    return _view(session, STEPS[step](session, batch_id))


STEPS = {"start": batches.start, "pause": batches.pause, "cancel": batches.cancel}


def _view(session: Session, found: Batch) -> BatchView:
    session.flush()  # the version goes up where the row is written
    return BatchView(found, batches.progress(session, found.id))
