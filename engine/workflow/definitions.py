"""Definitions: deploy, versions, and the compiled forms of diagrams and tables, shared by all instances."""

import hashlib
import tomllib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import event, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, SessionTransaction, undefer

from engine import clock, dmn
from engine.ids import new_id
from engine.workflow import decisions as decisions_
from engine.workflow import starting
from engine.workflow.bpmn import Process, compile_model
from engine.workflow.encodings import FileUnreadable, as_utf8
from engine.workflow.errors import DefinitionUnknown, DeploymentRefused
from engine.workflow.files import (
    BUNDLE,
    DECISION,
    FORM,
    KINDS,
    LABELS,
    PROCESS,
    SCENARIO,
    File,
    FormCheck,
    Part,
    bundle_of,
    check,
    decision_files,
    defined_twice,
    kind_of,
    parts_of,
    verdicts,
)
from engine.workflow.models import Definition, Deployment

__all__ = [
    "BUNDLE", "DECISION", "FORM", "KINDS", "LABELS", "PROCESS", "SCENARIO", "File", "FormCheck", "bundle_of", "check",
    "kind_of", "parts_of", "verdicts",
]  # fmt: skip

COMPILED_LIMIT = 512
DEPLOY_LOCK = 0x48656A6965  # one deployment at a time: versions are counted


def deploy(
    session: Session,
    files: Sequence[File],
    *,
    actor: str | None,
    note: str = "",
    form_check: FormCheck = lambda content: (),
) -> list[Definition]:
    """Deploy files as one deployment; what equals the newest version makes no new one.

    Returns the definitions now newest for what the files hold. Raises DeploymentRefused.
    """
    files = [File(one.name, _as_utf8(one)) for one in files]
    beside = _others(session) if any(map(decisions_.imports_others, decision_files(files))) else ()
    found = check(files, form_check=form_check, beside=beside)
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        raise DeploymentRefused(errors)
    parts = [part for file in files for part in parts_of(file)]
    if twice := list(defined_twice(parts)):
        raise DeploymentRefused(twice)
    session.execute(select(func.pg_advisory_xact_lock(DEPLOY_LOCK)))
    deployment = Deployment(id=new_id(), at=clock.now(), actor=actor, note=note)
    newest = _newest_of(session, parts)
    deployed = [_next_version(session, deployment, part, newest.get((part.kind, part.key))) for part in parts]
    session.info.pop(_DEPLOYED, None)
    session.flush()  # the rows must be there before the start events that point to them
    for definition, part in zip(deployed, parts, strict=True):
        if part.process and definition.deployment_id == deployment.id:
            starting.subscribe(session, definition, part.process)
    return deployed


def newest(session: Session, kind: str, key: str) -> Definition:
    """The newest version of a process, decision or form. Raises DefinitionUnknown."""
    return version(session, kind, key)


def version(
    session: Session,
    kind: str,
    key: str,
    *,
    number: int | None = None,
    tag: str | None = None,
    definition_id: UUID | None = None,
) -> Definition:
    """A version by its number or id, the newest of a tag, or without any the newest. Raises DefinitionUnknown."""
    query = select(Definition).where(Definition.kind == kind, Definition.key == key)
    if definition_id is not None:
        query = query.where(Definition.id == definition_id)
    if number is not None:
        query = query.where(Definition.version == number)
    if tag is not None:
        query = query.where(Definition.version_tag == tag)
    found = session.scalar(query.order_by(Definition.version.desc()).limit(1))
    if found is None:
        raise DefinitionUnknown(key=key, version=number, version_tag=tag)
    return found


def versions(session: Session, kind: str, key: str) -> list[Definition]:
    """All versions of a key, the newest first."""
    query = select(Definition).where(Definition.kind == kind, Definition.key == key)
    return list(session.scalars(query.order_by(Definition.version.desc())))


@dataclass(frozen=True)
class Version:
    """Which version of a process, decision or form is the newest."""

    id: UUID
    number: int


def latest(session: Session, kind: str, key: str) -> Version:
    """As `newest`, but only which it is; known without a query until the next deployment. Raises DefinitionUnknown."""
    place = (deployed(session), kind, key)
    found = _latest.get(place)
    if found is None:
        definition = newest(session, kind, key)
        found = _latest[place] = Version(definition.id, definition.version)
        if len(_latest) > COMPILED_LIMIT:
            _latest.clear()
    return found


_latest: dict[tuple[UUID | None, str, str], Version] = {}

DEPLOYED = select(Deployment.id).order_by(Deployment.number.desc()).limit(1).scalar_subquery()
"""The newest deployment: what a transaction that reads anything can read along."""

_DEPLOYED = "newest_deployment"


def deployed(session: Session) -> UUID | None:
    """The newest deployment that this transaction goes by."""
    if _DEPLOYED not in session.info:
        saw_deployed(session, session.scalar(select(DEPLOYED)))
    found: UUID | None = session.info[_DEPLOYED]
    return found


def saw_deployed(session: Session, found: UUID | None) -> None:
    """Let this transaction go by a deployment that it has read."""
    session.info[_DEPLOYED] = found


@event.listens_for(Session, "after_soft_rollback")
def _forget_deployed(session: Session, _: SessionTransaction) -> None:
    session.info.pop(_DEPLOYED, None)


def one(session: Session, definition_id: UUID) -> Definition:
    """One deployed version, by its id. Raises DefinitionUnknown."""
    found = session.get(Definition, definition_id)
    if found is None:
        raise DefinitionUnknown(id=definition_id)
    return found


def all_newest(session: Session, kind: str) -> list[Definition]:
    """The newest version of each key, by key."""
    by_version = select(Definition).where(Definition.kind == kind).order_by(Definition.key, Definition.version.desc())
    return list(session.scalars(by_version.ext(distinct_on(Definition.key))))


def all_newest_with_content(session: Session, kind: str) -> list[Definition]:
    """As `all_newest`, with the files."""
    by_version = select(Definition).where(Definition.kind == kind).order_by(Definition.key, Definition.version.desc())
    return list(session.scalars(by_version.ext(distinct_on(Definition.key)).options(undefer(Definition.content))))


def process(session: Session, definition_id: UUID) -> Process:
    """The compiled process of a definition."""
    compiled: Process = _compiled(session, definition_id)
    return compiled


def decisions(session: Session, definition_id: UUID) -> dmn.Model:
    """The compiled decision model of a definition."""
    compiled: dmn.Model = _compiled(session, definition_id)
    return compiled


Labels = Mapping[str, Mapping[str, str]]


def decision_models(session: Session) -> dict[str, bytes]:
    """The decision models in force, by the namespace under which others import them."""
    return decisions_.by_namespace(_others(session))


def labels(session: Session) -> Labels:
    """The English names of each process's elements, by the process's key and the element's id."""
    newest_labels = select(Definition.key, Definition.id).where(Definition.kind == LABELS)
    by_version = newest_labels.order_by(Definition.key, Definition.version.desc()).ext(distinct_on(Definition.key))
    return {key: _compiled(session, definition_id) for key, definition_id in session.execute(by_version)}


def _others(session: Session) -> list[bytes]:
    """The decision models in force, which others may import."""
    return [definition.content for definition in all_newest_with_content(session, DECISION)]


def defined_elsewhere(session: Session, files: Sequence[File]) -> Iterator[tuple[Part, Definition]]:
    """What files without errors define that another file in force defines already, with that one."""
    parts = [part for file in files for part in parts_of(file)]
    known = _newest_of(session, parts)
    for part in parts:
        before = known.get((part.kind, part.key))
        if before is not None and _place(part.file.name, before) != before.file_name:
            yield part, before


def _newest_of(session: Session, parts: Sequence[Part]) -> dict[tuple[str, str], Definition]:
    keys = {part.key for part in parts}
    rows = session.scalars(
        select(Definition)
        .where(Definition.key.in_(keys))
        .order_by(Definition.kind, Definition.key, Definition.version.desc())
        .ext(distinct_on(Definition.kind, Definition.key))
    )
    return {(row.kind, row.key): row for row in rows}


def _next_version(session: Session, deployment: Deployment, part: Part, before: Definition | None) -> Definition:
    digest = hashlib.sha256(part.file.content).digest()
    if before is not None and before.digest == digest:
        return before
    if deployment not in session:
        session.add(deployment)
        session.flush()  # its definitions point to it
    definition = Definition(
        id=new_id(),
        deployment_id=deployment.id,
        kind=part.kind,
        key=part.key,
        version=before.version + 1 if before else 1,
        name=part.name,
        file_name=_place(part.file.name, before),
        digest=digest,
        version_tag=part.process.version_tag if part.process else None,
        content=part.file.content,
        deployed_at=deployment.at,
    )
    session.add(definition)
    return definition


def _place(file_name: str, before: Definition | None) -> str:
    """A file that comes without its folder stays in the bundle of the version before it."""
    known = before.file_name if before else file_name
    return known if PurePosixPath(known).name == file_name else file_name


_cache: OrderedDict[UUID, Any] = OrderedDict()
_cache_lock = Lock()


def _compiled(session: Session, definition_id: UUID) -> Any:
    with _cache_lock:
        if definition_id in _cache:
            _cache.move_to_end(definition_id)
            return _cache[definition_id]
    definition = session.get(Definition, definition_id)
    if definition is None:
        raise DefinitionUnknown(id=definition_id)
    compiled: Any
    if definition.kind == PROCESS:
        model = compile_model(definition.content, source_name=definition.file_name)
        compiled = model.processes[definition.key].bound_to(str(definition_id))
    elif definition.kind == LABELS:
        compiled = tomllib.loads(definition.content.decode())[definition.key]
    else:
        models = _others(session) if decisions_.imports_others(definition.content) else ()
        compiled = dmn.parse(definition.content, imports=decisions_.by_namespace(models))
    with _cache_lock:
        _cache[definition_id] = compiled
        if len(_cache) > COMPILED_LIMIT:
            _cache.popitem(last=False)
    return compiled


def _as_utf8(file: File) -> bytes:
    """A file as it is kept; what cannot be read stays as it came, and the check says so."""
    with suppress(FileUnreadable):
        return as_utf8(file.name, file.content)
    return file.content
