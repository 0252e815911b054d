"""Releases: a draft is asked for, tried, approved where the law's clocks are in it, deployed when its time comes.

Each step is an event on the release's own stream.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from engine import clock, events, sentences
from engine.casework import house, statutes
from engine.casework.errors import ReasonMissing
from engine.errors import DomainError
from engine.ids import new_id
from engine.people import queries as people
from engine.people.actor import Actor
from engine.studio import bundles, changes, drafts, exchange
from engine.studio.access import require
from engine.studio.changes import FileChange
from engine.studio.errors import BaseMoved, NothingChanged, OwnRelease, ReleaseOpen, ReleaseOver, ReleaseUnknown
from engine.studio.models import Draft, Release
from engine.workflow import jobs
from engine.workflow.definitions import File
from engine.workflow.models import Definition

OPEN = ("checking", "waiting", "approved")
CHECK = "check_release"


def recent(session: Session, actor: Actor, *, limit: int = 50) -> list[Release]:
    """The newest releases. Raises AdministratorsOnly."""
    require(actor)
    return list(session.scalars(select(Release).order_by(Release.asked_at.desc()).limit(limit)))


def one(session: Session, actor: Actor, release_id: UUID) -> Release:
    """A release. Raises AdministratorsOnly, ReleaseUnknown."""
    require(actor)
    found = session.get(Release, release_id)
    if found is None:
        raise ReleaseUnknown(release=release_id)
    return found


def of_draft(session: Session, draft: Draft) -> list[Release]:
    """What was asked for of a draft, the newest first."""
    return list(session.scalars(select(Release).where(Release.draft_id == draft.id).order_by(Release.asked_at.desc())))


def ask(session: Session, actor: Actor, draft_id: UUID, reason: str, effective_at: datetime | None = None) -> Release:
    """Ask for a draft, as it is now, to be deployed at a moment (none: as soon as it may).

    Raises AdministratorsOnly, DraftUnknown, DraftClosed, ReasonMissing, ReleaseOpen, BaseMoved, NothingChanged.
    """
    draft = drafts.locked(session, actor, draft_id)
    if not reason.strip():
        raise ReasonMissing
    if any(other.state in OPEN for other in of_draft(session, draft)):
        raise ReleaseOpen
    files = {one.name: one.content for one in draft.files}
    in_force = {one.file_name: one for one in bundles.in_force(session, draft.bundle, files)}
    moved = [file.name for file in draft.files if file.base != _id(in_force.get(file.name))]
    if moved:
        raise BaseMoved(files=", ".join(moved))
    before = {name: one.content for name, one in in_force.items()}
    if not changes.compared(before, files):
        raise NothingChanged
    now = clock.now()
    release = Release(
        id=new_id(), draft_id=draft.id, bundle=draft.bundle, title=draft.title, content=exchange.archive(files),
        bases={file.name: str(file.base) if file.base else None for file in draft.files}, reason=reason.strip(),
        asked_by=actor.id, asked_at=now, effective_at=effective_at or now, state="checking",
        statutory=sorted({*statutes.touched(session, files), *statutes.carried(session, before)}),
        report={"scenarios": []},
    )  # fmt: skip
    session.add(release)
    events.record(session, "release.asked", release.id, actor=actor.id, bundle=draft.bundle, reason=release.reason)
    session.flush()  # the job must find the row
    jobs.defer(session, CHECK, release=str(release.id))
    return release


def approve(session: Session, actor: Actor, release_id: UUID, note: str = "") -> Release:
    """Approve what another administrator asked for.

    Raises AdministratorsOnly, ReleaseUnknown, ReleaseOver, OwnRelease.
    """
    release = _decided(session, actor, release_id)
    if actor.id == release.asked_by:
        raise OwnRelease
    release.state = "approved"
    events.record(session, "release.approved", release.id, actor=actor.id, note=note.strip())
    return release


def refuse(session: Session, actor: Actor, release_id: UUID, note: str) -> Release:
    """Refuse what was asked for. Raises AdministratorsOnly, ReleaseUnknown, ReleaseOver, ReasonMissing."""
    if not note.strip():
        raise ReasonMissing
    release = _decided(session, actor, release_id)
    release.state = "refused"
    release.report = {**release.report, "problem": note.strip()}
    events.record(session, "release.refused", release.id, actor=actor.id, note=note.strip())
    return release


def withdraw(session: Session, actor: Actor, release_id: UUID) -> Release:
    """Take back what is not deployed yet. Raises AdministratorsOnly, ReleaseUnknown, ReleaseOver."""
    release = _locked(session, actor, release_id)
    if release.state not in OPEN:
        raise ReleaseOver(state=release.state)
    release.state = "withdrawn"
    events.record(session, "release.withdrawn", release.id, actor=actor.id)
    return release


def roll_back(session: Session, actor: Actor, release_id: UUID, reason: str) -> Release:
    """Ask for what was in force before a deployed release to be in force again, as a new version.

    Raises AdministratorsOnly, ReleaseUnknown, ReleaseOver, ReasonMissing, NothingChanged.
    """
    release = _locked(session, actor, release_id)
    if release.state != "deployed":
        raise ReleaseOver(state=release.state)
    draft = drafts.make(session, actor, release.bundle, release.title, _before(session, release))
    session.flush()  # it is asked for at once
    return ask(session, actor, draft.id, reason)


def deploy_due(session: Session) -> int:
    """Deploy one approved release whose time has come. Returns how many there were."""
    due = select(Release).where(Release.state == "approved", Release.effective_at <= clock.now())
    release = session.scalar(due.order_by(Release.effective_at).limit(1).with_for_update(skip_locked=True))
    if release is None:
        return 0
    try:
        with session.begin_nested():
            _deploy(session, release)
    except DomainError as error:
        release.state = "failed"
        release.report = {**release.report, "problem": sentences.stored(error.sentence)}
        events.record(session, "release.failed", release.id, actor=Actor.SYSTEM.id, code=error.code)
    release.done_at = clock.now()
    return 1


def changes_of(session: Session, release: Release) -> list[FileChange]:
    """What a release changes of the versions that it was based on."""
    ids = [UUID(one) for one in release.bases.values() if one]
    based = session.scalars(select(Definition).where(Definition.id.in_(ids)).options(undefer(Definition.content)))
    contents = {one.id: one.content for one in based}
    before = {name: contents[UUID(one)] for name, one in release.bases.items() if one}
    return changes.compared(before, exchange.unpacked(release.content))


def history(session: Session, release: Release) -> list[events.Event]:
    """What happened to a release, in order."""
    return list(
        session.scalars(select(events.Event).where(events.Event.stream == release.id).order_by(events.Event.position))
    )


def _deploy(session: Session, release: Release) -> None:
    files = exchange.unpacked(release.content)
    in_force = {one.file_name: one for one in bundles.in_force(session, release.bundle, files)}
    moved = [name for name, base in release.bases.items() if base != _text(in_force.get(name))]
    if moved:
        raise BaseMoved(files=", ".join(moved))
    actor = people.actor_by_id(session, release.asked_by)
    known = {one.id for one in in_force.values()}
    listed = [File(name, content) for name, content in files.items()]
    deployed = house.deploy(session, actor, listed, note=release.reason, approved=True)
    new = [one for one in deployed if one.id not in known]
    release.state, release.deployment_id = "deployed", new[0].deployment_id if new else None
    facts = {f"{one.kind} {one.key}": one.version for one in new}
    events.record(session, "release.deployed", release.id, actor=actor.id, versions=facts)
    _close(session, release, files)


def _close(session: Session, release: Release, files: dict[str, bytes]) -> None:
    """The draft has done its work, unless somebody has gone on with it; then it goes on from the new versions."""
    draft = session.get_one(Draft, release.draft_id, with_for_update=True)
    if {one.name: one.content for one in draft.files} == files:
        draft.closed_at = clock.now()
        return
    drafts.base_anew(session, draft)


def _before(session: Session, release: Release) -> dict[str, bytes]:
    ids = [UUID(one) for one in release.bases.values() if one]
    based = session.scalars(select(Definition).where(Definition.id.in_(ids)).options(undefer(Definition.content)))
    contents = {one.id: one.content for one in based}
    return {name: contents[UUID(one)] for name, one in release.bases.items() if one}


def _locked(session: Session, actor: Actor, release_id: UUID) -> Release:
    require(actor)
    found = session.get(Release, release_id, with_for_update=True)
    if found is None:
        raise ReleaseUnknown(release=release_id)
    return found


def _decided(session: Session, actor: Actor, release_id: UUID) -> Release:
    release = _locked(session, actor, release_id)
    if release.state != "waiting":
        raise ReleaseOver(state=release.state)
    release.decided_by, release.decided_at = actor.id, clock.now()
    return release


def _id(definition: Definition | None) -> UUID | None:
    return definition.id if definition else None


def _text(definition: Definition | None) -> str | None:
    return str(definition.id) if definition else None
