"""Drafts: begin, save, discard. Nothing is overwritten that somebody else saved meanwhile."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from engine import clock, events
from engine.ids import new_id
from engine.people import queries as people
from engine.people.actor import Actor
from engine.studio import bundles
from engine.studio.access import require
from engine.studio.errors import DraftChanged, DraftClosed, DraftDeployed, DraftUnknown
from engine.studio.models import Draft, DraftFile, Release
from engine.workflow import definitions
from engine.workflow.encodings import as_utf8
from engine.workflow.models import Definition

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SAFE = etree.XMLParser(resolve_entities=False, no_network=True)


def open_drafts(session: Session, actor: Actor, *, bundle: str | None = None) -> list[Draft]:
    """The drafts that are being worked on, the newest first, with their files. Raises AdministratorsOnly."""
    require(actor)
    query = select(Draft).where(Draft.closed_at.is_(None)).options(selectinload(Draft.files))
    if bundle is not None:
        query = query.where(Draft.bundle == bundle)
    return list(session.scalars(query.order_by(Draft.created_at.desc())))


def one(session: Session, actor: Actor, draft_id: UUID) -> Draft:
    """A draft, closed or not. Raises AdministratorsOnly, DraftUnknown."""
    require(actor)
    found = session.get(Draft, draft_id)
    if found is None:
        raise DraftUnknown(draft=draft_id)
    return found


def one_file(session: Session, actor: Actor, draft_id: UUID, name: str) -> DraftFile:
    """A file of a draft. Raises AdministratorsOnly, DraftUnknown."""
    found = one(session, actor, draft_id).file(name)
    if found is None:
        raise DraftUnknown(draft=draft_id, file=name)
    return found


def diagram(session: Session, actor: Actor, draft_id: UUID, key: str) -> tuple[Draft, bytes]:
    """A draft, and its diagram that draws a process. Raises AdministratorsOnly, DraftUnknown."""
    draft = one(session, actor, draft_id)
    for file in draft.files:
        if definitions.kind_of(file.name) == definitions.PROCESS and key in process_keys(file.content):
            return draft, file.content
    raise DraftUnknown(draft=draft_id, process=key)


def process_keys(content: bytes) -> list[str]:
    """The ids of the processes that a diagram draws, whether they would run or not."""
    try:
        root = etree.fromstring(content, SAFE)
    except etree.XMLSyntaxError:
        return []
    return [str(one.get("id")) for one in root.iterchildren(BPMN + "process") if one.get("id")]


def begin(session: Session, actor: Actor, kind: str, key: str, *, number: int | None = None) -> Draft:
    """Begin a draft of the bundle that something belongs to; with `number`, an old version of it is put back.

    Raises AdministratorsOnly, DefinitionUnknown.
    """
    require(actor)
    newest = definitions.newest(session, kind, key)
    bundle = bundles.name_of(newest)
    draft = make(session, actor, bundle, _title(session, bundle, newest))
    for definition in bundles.in_force(session, bundle):
        _put(draft, actor, definition.file_name, definition.content, definition.id)
    if number is not None:
        old = definitions.version(session, kind, key, number=number)
        _put(draft, actor, newest.file_name, old.content, newest.id)
    return draft


def make(session: Session, actor: Actor, bundle: str, title: str, files: Mapping[str, bytes] | None = None) -> Draft:
    """A draft of a bundle that may be new, with files that are based on those in force of the same name.

    Raises AdministratorsOnly, FileUnfit, FileUnreadable.
    """
    require(actor)
    given = files or {}
    bundles.require_fit(given, sum(map(len, given.values())))
    draft = Draft(id=new_id(), bundle=bundle, title=title, owner=actor.id, created_at=clock.now(), files=[])
    session.add(draft)
    bases = {one.file_name: one.id for one in bundles.in_force(session, bundle, given)} if given else {}
    for name, content in given.items():
        _put(draft, actor, name, content, bases.get(name))
    events.record(session, "draft.begun", draft.id, actor=actor.id, bundle=bundle)
    return draft


def save(session: Session, actor: Actor, draft_id: UUID, name: str, content: bytes, number: int) -> DraftFile:
    """Save a file as it is after its state `number`; 0 is for a file that is not there yet.

    Raises AdministratorsOnly, DraftUnknown, DraftClosed, DraftChanged, FileUnfit, FileUnreadable.
    """
    draft = locked(session, actor, draft_id)
    content = as_utf8(name, content)
    file = draft.file(name)
    if file is None and number:
        raise DraftUnknown(draft=draft_id, file=name)
    if file is not None and file.number != number:
        raise _changed(session, file)
    others = {one.name: len(one.content) for one in draft.files if one.name != name}
    bundles.require_fit([*others, name], sum(others.values()) + len(content))
    return file if file and file.content == content else _put(draft, actor, name, content, file.base if file else None)


def include(session: Session, actor: Actor, draft_id: UUID, kind: str, key: str) -> DraftFile | None:
    """Take a file that is in force into a draft, to change it as well; None if there is none.

    Raises AdministratorsOnly, DraftUnknown, DraftClosed.
    """
    draft = locked(session, actor, draft_id)
    known = definitions.versions(session, kind, key)
    if not known or draft.file(known[0].file_name):
        return None
    return _put(draft, actor, known[0].file_name, known[0].content, known[0].id)


def remove(session: Session, actor: Actor, draft_id: UUID, name: str, number: int) -> None:
    """Take a file out of a draft. Raises AdministratorsOnly, DraftUnknown, DraftClosed, DraftChanged."""
    draft = locked(session, actor, draft_id)
    file = draft.file(name)
    if file is None:
        raise DraftUnknown(draft=draft_id, file=name)
    if file.number != number:
        raise _changed(session, file)
    draft.files.remove(file)
    events.record(session, "draft.file_removed", draft.id, actor=actor.id, file=name)


def keep_own(session: Session, actor: Actor, draft_id: UUID, name: str, content: bytes) -> Draft:
    """Keep what somebody could not save, since another was first, as a draft of her own.

    Raises AdministratorsOnly, DraftUnknown, FileUnfit, FileUnreadable.
    """
    first = one(session, actor, draft_id)
    mine = make(session, actor, first.bundle, first.title)
    for file in first.files:
        _put(mine, actor, file.name, file.content, file.base)
    kept = mine.file(name)
    bundles.require_fit([name], len(content))
    _put(mine, actor, name, content, kept.base if kept else None)
    return mine


def take_on(session: Session, actor: Actor, draft_id: UUID) -> Draft:
    """Say that what was deployed since the draft was begun has been looked at: it is based on that from now on.

    Raises AdministratorsOnly, DraftUnknown, DraftClosed.
    """
    draft = locked(session, actor, draft_id)
    base_anew(session, draft)
    events.record(session, "draft.based_anew", draft.id, actor=actor.id)
    return draft


def base_anew(session: Session, draft: Draft) -> None:
    """Base the files of a draft on what is in force now."""
    in_force = bundles.in_force(session, draft.bundle, [file.name for file in draft.files])
    newest = {one.file_name: one.id for one in in_force}
    for file in draft.files:
        file.base = newest.get(file.name)


def discard(session: Session, actor: Actor, draft_id: UUID) -> Draft:
    """Give a draft up; it stays to be read. Raises AdministratorsOnly, DraftUnknown, DraftClosed."""
    draft = locked(session, actor, draft_id)
    draft.closed_at = clock.now()
    events.record(session, "draft.discarded", draft.id, actor=actor.id)
    return draft


def take_up(session: Session, actor: Actor, draft_id: UUID) -> Draft:
    """Go on with a draft that was discarded. Raises AdministratorsOnly, DraftUnknown, DraftDeployed."""
    require(actor)
    draft = session.get(Draft, draft_id, with_for_update=True)
    if draft is None:
        raise DraftUnknown(draft=draft_id)
    deployed = select(Release.id).where(Release.draft_id == draft_id, Release.state == "deployed").limit(1)
    if session.scalar(deployed):
        raise DraftDeployed(draft=draft_id)
    if draft.closed_at is not None:
        draft.closed_at = None
        events.record(session, "draft.taken_up", draft.id, actor=actor.id)
    return draft


def names(session: Session, drafts: Sequence[Draft]) -> dict[str, str]:
    """The names of those who began drafts or changed them last."""
    changed = [one.changed.changed_by for one in drafts if one.changed]
    return people.names(session, [*(one.owner for one in drafts), *changed])


def locked(session: Session, actor: Actor, draft_id: UUID) -> Draft:
    """An open draft, held until the transaction ends. Raises AdministratorsOnly, DraftUnknown, DraftClosed."""
    require(actor)
    draft = session.get(Draft, draft_id, with_for_update=True)
    if draft is None:
        raise DraftUnknown(draft=draft_id)
    if draft.closed_at is not None:
        raise DraftClosed(draft=draft_id)
    return draft


def _put(draft: Draft, actor: Actor, name: str, content: bytes, base: UUID | None) -> DraftFile:
    file = draft.file(name)
    if file is None:
        file = DraftFile(name=name, content=content, number=0, base=base)
        draft.files.append(file)
    file.content, file.number = as_utf8(name, content), file.number + 1
    file.changed_at, file.changed_by = clock.now(), actor.id
    return file


def _changed(session: Session, file: DraftFile) -> DraftChanged:
    who = people.names(session, [file.changed_by]).get(file.changed_by, "?")
    return DraftChanged(who=who, at=file.changed_at, number=file.number)


def _title(session: Session, bundle: str, definition: Definition) -> str:
    titled = definitions.versions(session, definitions.BUNDLE, bundle)
    return titled[0].name if titled else definition.name
