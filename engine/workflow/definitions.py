"""Definitions: deploy, versions, and the compiled forms of diagrams and tables, shared by all instances."""

import hashlib
import json
import tomllib
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from threading import Lock
from types import MappingProxyType
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import event, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, SessionTransaction, undefer

from engine import clock, dmn
from engine.ids import new_id
from engine.sentences import S_
from engine.workflow import bpmn, calls, starting
from engine.workflow import decisions as decisions_
from engine.workflow.bpmn import Finding, Process, check_model, compile_model
from engine.workflow.errors import DefinitionUnknown, DeploymentRefused
from engine.workflow.models import Definition, Deployment

PROCESS, DECISION, FORM, LABELS = "process", "decision", "form", "labels"
BUNDLE, SCENARIO = "bundle", "scenario"
KINDS = (PROCESS, DECISION, FORM, LABELS, BUNDLE, SCENARIO)
COMPILED_LIMIT = 512
DEPLOY_LOCK = 0x48656A6965  # one deployment at a time: versions are counted


@dataclass(frozen=True)
class File:
    """A file to check or deploy; `kind_of` says what its name means, and its folder to which bundle it belongs."""

    name: str
    content: bytes


FormCheck = Callable[[bytes], Iterable[Finding]]
"""How forms are checked; given by the caller, since the engine of processes knows none."""


def check(
    files: Sequence[File],
    *,
    form_check: FormCheck = lambda content: (),
    beside: Iterable[bytes] = (),
    known: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> list[Finding]:
    """All findings of each file, in the order of the files, then what they call that none of them holds.

    Tables may import those of `beside`; what is deployed already is `known`, by kind and key.
    """
    models = decisions_.by_namespace([*_decision_files(files), *beside])
    found = [replace(one, file=file.name) for file in files for one in _check_one(file, form_check, models)]
    if any(finding.severity == "error" for finding in found):
        return found
    parts = [part for file in files for part in _parts(file)]
    processes = [(part.file.name, part.process) for part in parts if part.process]
    keys = {(part.kind, part.key) for part in parts} | {(kind, key) for kind, of in known.items() for key in of}
    return [
        *found,
        *calls.unknown(processes, *({key for kind, key in keys if kind == one} for one in (PROCESS, DECISION))),
    ]


def verdicts(files: Sequence[File]) -> list[tuple[str, str, str]]:
    """Of each process that could be deployed whether it can always end: file, process, verdict."""
    diagrams = [file for file in files if kind_of(file.name) == PROCESS]
    return [(file.name, key, found) for file in diagrams for key, found in bpmn.verdicts(file.content).items()]


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
    beside = _others(session) if any(map(decisions_.imports_others, _decision_files(files))) else ()
    found = check(files, form_check=form_check, beside=beside)
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        raise DeploymentRefused(errors)
    parts = [part for file in files for part in _parts(file)]
    if twice := list(_defined_twice(parts)):
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


@dataclass(frozen=True)
class _Part:
    """One thing that a file defines."""

    kind: str
    key: str
    name: str
    file: File
    process: Process | None = None


def kind_of(file_name: str) -> str | None:
    """What a file of this name holds, one of `KINDS`; None where the name says nothing."""
    name = PurePosixPath(file_name).name
    if name == "bundle.toml":
        return BUNDLE
    if name.endswith("labels.en.toml"):
        return LABELS
    endings = {".bpmn": PROCESS, ".dmn": DECISION, ".form.json": FORM, ".form": FORM, ".yaml": SCENARIO}
    return next((kind for ending, kind in endings.items() if name.endswith(ending)), None)


def bundle_of(file_name: str) -> str | None:
    """The bundle that a file belongs to: the folder it is in; None for a file without one."""
    folders = [folder for folder in PurePosixPath(file_name).parts[:-1] if folder != "scenarios"]
    return folders[-1] if folders else None


def _decision_files(files: Sequence[File]) -> list[bytes]:
    return [file.content for file in files if kind_of(file.name) == DECISION]


def _others(session: Session) -> list[bytes]:
    """The decision models in force, which others may import."""
    return [definition.content for definition in all_newest_with_content(session, DECISION)]


def _check_one(file: File, form_check: FormCheck, models: Mapping[str, bytes]) -> Iterable[Finding]:
    match kind_of(file.name):
        case "process":
            return check_model(file.content, source_name=file.name)
        case "decision":
            return decisions_.check(file.content, models)
        case "form":
            return form_check(file.content)
        case "labels":
            return _check_labels(file)
        case "bundle":
            return _check_bundle(file)
        case "scenario":
            return _check_scenarios(file)
    hint = S_("Name diagrams *.bpmn, decision tables *.dmn, forms *.form.json and English names labels.en.toml.")
    return [Finding("error", "unknown-file", S_("What this file holds does not show from its name."), None, None, hint)]


def _check_labels(file: File) -> list[Finding]:
    hint = S_('A section for each process, in it a line for each element: element-id = "English name".')
    try:
        given = tomllib.loads(file.content.decode())
    except ValueError as error:  # not UTF-8, or not TOML
        return [
            Finding(
                "error",
                "labels-invalid",
                S_("These names cannot be read: %(problem)s.", problem=error),
                None,
                None,
                hint,
            )
        ]
    names = [name for section in given.values() for name in (section.values() if isinstance(section, dict) else [None])]
    if all(isinstance(name, str) for name in names):
        return []
    return [Finding("error", "labels-invalid", S_("Something here is not a name of an element."), None, None, hint)]


def _check_bundle(file: File) -> list[Finding]:
    hint = S_('It needs title = "…" and main = "….bpmn", and says who may start the process.')
    try:
        given = tomllib.loads(file.content.decode())
    except ValueError as error:  # not UTF-8, or not TOML
        return [
            Finding("error", "bundle-invalid", S_("This is not TOML: %(problem)s", problem=error), None, None, hint)
        ]
    if all(isinstance(given.get(word), str) for word in ("title", "main")):
        return []
    return [Finding("error", "bundle-invalid", S_("The bundle says no title, or no main diagram."), None, None, hint)]


def _check_scenarios(file: File) -> list[Finding]:
    hint = S_("It needs a list of scenarios, each with a name and steps.")
    try:
        given = yaml.safe_load(file.content)
    except (yaml.YAMLError, ValueError) as error:
        return [
            Finding("error", "scenario-invalid", S_("This is not YAML: %(problem)s", problem=error), None, None, hint)
        ]
    listed = given.get("scenarios") if isinstance(given, dict) else None
    if isinstance(listed, list) and all(isinstance(one, dict) and isinstance(one.get("steps"), list) for one in listed):
        return []
    return [Finding("error", "scenario-invalid", S_("There are no scenarios in this file."), None, None, hint)]


def _parts(file: File) -> list[_Part]:
    bundle = bundle_of(file.name)
    match kind_of(file.name):
        case "process":
            model = compile_model(file.content, source_name=file.name)
            return [_Part(PROCESS, key, found.name or key, file, found) for key, found in model.processes.items()]
        case "decision":
            decided = dmn.parse(file.content)
            if not decided.decisions:  # knowledge and types for other models to import
                return [_Part(DECISION, decided.id or decided.namespace, decided.name, file)]
            return [_Part(DECISION, decision.id, decision.name, file) for decision in decided.decisions]
        case "labels":
            named: dict[str, dict[str, str]] = tomllib.loads(file.content.decode())
            return [_Part(LABELS, key, names.get(key, key), file) for key, names in named.items()]
        case "bundle":
            title = str(tomllib.loads(file.content.decode())["title"])
            return [_Part(BUNDLE, bundle or title, title, file)]
        case "scenario":
            stem = PurePosixPath(file.name).stem
            return [_Part(SCENARIO, f"{bundle}/{stem}" if bundle else stem, stem, file)]
    form: dict[str, Any] = json.loads(file.content)
    return [_Part(FORM, form["id"], form.get("title", form["id"]), file)]


def _defined_twice(parts: Sequence[_Part]) -> Iterator[Finding]:
    first: dict[tuple[str, str], _Part] = {}
    for part in parts:
        known = first.setdefault((part.kind, part.key), part)
        if known is not part:
            message = S_("%(part)s is defined in %(known)s already.", part=part.key, known=known.file.name)
            hint = S_("Deploy one of the two, or give one another id.")
            yield Finding("error", "defined-twice", message, part.key, None, hint, part.file.name)


def _newest_of(session: Session, parts: Sequence[_Part]) -> dict[tuple[str, str], Definition]:
    keys = {part.key for part in parts}
    rows = session.scalars(
        select(Definition)
        .where(Definition.key.in_(keys))
        .order_by(Definition.kind, Definition.key, Definition.version.desc())
        .ext(distinct_on(Definition.kind, Definition.key))
    )
    return {(row.kind, row.key): row for row in rows}


def _next_version(session: Session, deployment: Deployment, part: _Part, before: Definition | None) -> Definition:
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
