"""Rehearsals: an administrator plays a process through, with the real forms, on a stage where nothing stays.

On the stage stand the county's divisions, calendar and deadlines, and all that is deployed; what is rehearsed instead
(a draft's files) is deployed there on top. Each case on it is made for the occasion.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

import forms
from engine import clock, db, feel
from engine.cases.models import Case
from engine.casework import formbook, house
from engine.casework.errors import Outdated
from engine.deadlines.models import CalendarDay, CatalogueEntry
from engine.people.actor import Actor
from engine.studio import bundles, drafts
from engine.studio.access import require
from engine.studio.errors import DraftUnknown, RehearsalUnknown
from engine.studio.models import Draft, Rehearsal
from engine.territory.models import Division
from engine.workflow import definitions, jobs, rehearsal, scenario_files, scenarios
from engine.workflow.bpmn import Element, Finding, ModelRefused, compile_model
from engine.workflow.definitions import File
from engine.workflow.errors import DefinitionUnknown, DeploymentRefused, TaskNotOpen
from engine.workflow.facing import WaitingTask
from engine.workflow.models import Definition, Deployment, StartSubscription
from engine.workflow.playing import Player
from engine.workflow.rehearsal import Seen, Step

COPIED: tuple[Table, ...] = tuple(
    model.__table__  # type: ignore[misc]
    for model in (Division, CalendarDay, CatalogueEntry, Deployment, Definition, StartSubscription)
)
STEPS_LIMIT = 500


@dataclass(frozen=True)
class OpenTask:
    """A task that waits on the stage, with its form and what the form may refer to."""

    run: str
    waiting: WaitingTask
    form: forms.Form | None
    context: Mapping[str, Any]
    raw: Mapping[str, Any]

    @property
    def definition_id(self) -> UUID:
        """The version in whose diagram it stands."""
        return UUID(self.waiting.process_ref)


@dataclass(frozen=True)
class Diagram:
    """A process that something on the stage runs: its key and name, its steps by id, and their English names."""

    key: str
    name: str
    elements: Mapping[str, Element]
    english: Mapping[str, str]

    def title(self, locale: str) -> str:
        """What the process is called."""
        return (self.english.get(self.key) if locale == "en" else "") or self.name or self.key

    def step(self, element: str, locale: str) -> str:
        """What an element is called; its id where it has no name."""
        english = self.english.get(element) if locale == "en" else ""
        return english or (self.elements[element].name if element in self.elements else "") or element


@dataclass(frozen=True)
class Example:
    """How a scenario of the bundle begins: its name, and the steps up to and including the first start."""

    name: str
    steps: Sequence[Step]


@dataclass(frozen=True)
class Scene:
    """What is seen after the steps of a rehearsal. `findings` are errors of the files: then nothing could be played."""

    rehearsal: Rehearsal
    findings: Sequence[Finding]
    seen: Seen | None
    tasks: Sequence[OpenTask]
    diagrams: Mapping[UUID, Diagram]

    def task(self, run: str, element: str) -> OpenTask:
        """A task that waits. Raises TaskNotOpen."""
        for one in self.tasks:
            if (one.run, one.waiting.element_id) == (run, element):
                return one
        raise TaskNotOpen(task=element)


def begin(
    session: Session, actor: Actor, key: str, *, at: datetime | None = None, draft_id: UUID | None = None
) -> Rehearsal:
    """Begin to rehearse a process. Raises AdministratorsOnly, DefinitionUnknown, DraftUnknown."""
    require(actor)
    known(session, key, draft_id)
    found = Rehearsal(
        process_key=key, draft_id=draft_id, by=actor.id, begins_at=at or clock.now(), steps=[], changed_at=clock.now()
    )
    session.add(found)
    session.flush()  # the address of its page is its id
    return found


def find(session: Session, actor: Actor, rehearsal_id: UUID) -> Rehearsal:
    """A rehearsal. Raises AdministratorsOnly, RehearsalUnknown."""
    require(actor)
    found = session.get(Rehearsal, rehearsal_id)
    if found is None:
        raise RehearsalUnknown(rehearsal=rehearsal_id)
    return found


def of_process(session: Session, actor: Actor, key: str) -> list[Rehearsal]:
    """The newest rehearsals of a process. Raises AdministratorsOnly."""
    require(actor)
    query = select(Rehearsal).where(Rehearsal.process_key == key).order_by(Rehearsal.changed_at.desc()).limit(20)
    return list(session.scalars(query))


def add(session: Session, actor: Actor, rehearsal_id: UUID, step: Step, *, version: int | None = None) -> Rehearsal:
    """Do one more step. Raises Outdated if somebody else has gone on meanwhile, besides what `find` raises."""
    return _change(session, find(session, actor, rehearsal_id), lambda steps: [*steps, dict(step)], version)


def take_back(
    session: Session, actor: Actor, rehearsal_id: UUID, keep: int, *, version: int | None = None
) -> Rehearsal:
    """Take back all steps but the first `keep`. Raises as `add`."""
    return _change(session, find(session, actor, rehearsal_id), lambda steps: steps[: max(0, keep)], version)


def _change(
    session: Session, found: Rehearsal, change: Callable[[list[Any]], list[Any]], version: int | None
) -> Rehearsal:
    if version is not None and version != found.version:
        raise Outdated(rehearsal=found.id)
    found.steps = change(list(found.steps))[:STEPS_LIMIT]
    found.changed_at = clock.now()
    return found


def title(session: Session, actor: Actor, key: str, locale: str) -> str:
    """What a process in force is called; its key where it is new. Raises AdministratorsOnly."""
    require(actor)
    try:
        deployed = definitions.newest(session, definitions.PROCESS, key)
    except DefinitionUnknown:
        return key
    english = definitions.labels(session).get(key, {}).get(key) if locale == "en" else None
    return english or deployed.name or key


def bundle(session: Session, actor: Actor, key: str, draft_id: UUID | None) -> list[File]:
    """The files of a draft, or those of the bundle in force that a process belongs to.

    Raises AdministratorsOnly, DefinitionUnknown.
    """
    require(actor)
    return files_of(session, key, draft_id)


def files_of(session: Session, key: str, draft_id: UUID | None) -> list[File]:
    """The same for whoever has asked already."""
    if draft_id is not None:
        return draft_files(session, draft_id)
    deployed = definitions.newest(session, definitions.PROCESS, key)
    return [File(one.file_name, one.content) for one in bundles.in_force(session, bundles.name_of(deployed))]


def known(session: Session, key: str, draft_id: UUID | None) -> None:
    """Raise DraftUnknown without such a draft, DefinitionUnknown where a process in force is meant and is not."""
    if draft_id is None:
        definitions.newest(session, definitions.PROCESS, key)
    elif session.get(Draft, draft_id) is None:
        raise DraftUnknown(draft=draft_id)


def draft_files(session: Session, draft_id: UUID | None) -> list[File]:
    """The files of a draft; none without one."""
    draft = session.get(Draft, draft_id) if draft_id else None
    return [File(one.name, one.content) for one in draft.files] if draft else []


def playable(files: Sequence[File]) -> list[tuple[str, str]]:
    """Key and name of each process among some files that can be played."""
    found = []
    for file in files:
        if definitions.kind_of(file.name) == definitions.PROCESS:
            with suppress(ModelRefused):
                processes = compile_model(file.content, source_name=file.name).processes
                found += [(key, process.name or key) for key, process in processes.items()]
    return found


def drawing(session: Session, key: str, draft_id: UUID | None) -> bytes:
    """The diagram of a process, as a draft has it or as it is in force. Raises DefinitionUnknown."""
    for file in draft_files(session, draft_id):
        if any(found == key for found, _ in playable([file])):
            return file.content
    return definitions.newest(session, definitions.PROCESS, key).content


def scene(session: Session, found: Rehearsal) -> Scene:
    """Play a rehearsal from its beginning and look at the stage."""
    return played(found, draft_files(session, found.draft_id))


def played(found: Rehearsal, files: Sequence[File] = ()) -> Scene:
    """The same, with files that stand for what is deployed."""
    with stage_with(found.begins_at, files) as (player, findings):
        if findings:
            return Scene(found, findings, None, (), {})
        seen = rehearsal.rehearse(player.session, player, found.steps)
        tasks = [_task(player, run.name, waiting) for run in seen.runs for waiting in run.tasks]
        return Scene(found, (), seen, tasks, _diagrams(player.session, seen))


def answered(session: Session, task: OpenTask, raw: Mapping[str, Any], *, by: str | None = None) -> Step:
    """The step that completes a task with what was typed into its form. Raises AnswersInvalid."""
    values = formbook.checked(session, task.form, raw, task.context) if task.form else {}
    used = values if task.waiting.element.outputs else {}
    step = {"task": task.waiting.element_id, "instance": task.run, "variables": feel.to_json(used), "by": by}
    return {"complete": {word: given for word, given in step.items() if given}}


@contextmanager
def stage(files: Sequence[File]) -> Iterator[tuple[Session, Sequence[Finding]]]:
    """A stage with what is deployed and the given files on top; errors of the files, which are then not on it."""
    with db.engine().connect() as connection, scenarios.stage(connection, copied=COPIED) as session:
        # What starts by the clock would start among what is rehearsed.
        session.execute(delete(StartSubscription).where(StartSubscription.due_at.is_not(None)))
        findings: Sequence[Finding] = ()
        try:
            if files:
                house.deploy(session, None, files)
        except DeploymentRefused as refused:
            findings = refused.findings
        yield session, findings


@contextmanager
def stage_with(begins_at: datetime, files: Sequence[File]) -> Iterator[tuple[Player, Sequence[Finding]]]:
    """The same with somebody who plays there, from a moment on."""
    with (
        stage(files) as (session, findings),
        jobs.inline(session) as run_jobs,
        clock.virtual(begins_at) as time,
    ):
        yield Player(session, house.start_with_case, run_jobs, time), findings


def _task(player: Player, run: str, waiting: WaitingTask) -> OpenTask:
    session = player.session
    form = formbook.newest(session, waiting.form_key).form if waiting.form_key else None
    variables = dict(waiting.variables)
    case = _case(session, variables.get("case_id"))
    context = formbook.offers(session, case, variables)
    keys = form.keys if form else set()
    known = {key: value for key, value in variables.items() if key in keys and value is not None}
    return OpenTask(run, replace(waiting), form, context, known)


def _case(session: Session, given: object) -> Case | None:
    """The case of that id; none where whoever plays has typed something else."""
    try:
        return session.get(Case, UUID(str(given))) if given else None
    except ValueError:
        return None


def _diagrams(session: Session, seen: Seen) -> dict[UUID, Diagram]:
    ids = {run.definition_id for run in seen.runs} | {ref for run in seen.runs for ref, _ in run.places}
    english = definitions.labels(session)
    found = {one: definitions.process(session, one) for one in ids}
    return {
        one: Diagram(process.key, process.name, process.elements, english.get(process.key, {}))
        for one, process in found.items()
    }


def examples(files: Iterable[File], key: str) -> list[Example]:
    """The scenarios among some files that start a process, by name; each can be played step by step."""
    found = []
    for file in files:
        if definitions.kind_of(file.name) == definitions.SCENARIO:
            for scenario in _scenarios(file):
                steps = scenario["steps"]
                if any(step["start"].get("process") == key for step in steps if "start" in step):
                    found.append(Example(str(scenario.get("name", "")), [step for step in steps if _does(step)]))
    return found


def _scenarios(file: File) -> list[dict[str, Any]]:
    try:
        return scenario_files.read(file.content).scenarios
    except scenario_files.Malformed:
        return []


def _does(step: Step) -> bool:
    """Whether a step does something, and does not only look."""
    return not {"expect", "expect_error"} & step.keys()


def as_file(shown: Scene, name: str) -> str:
    """What was played as a scenario file (YAML), with what was seen as what is expected."""
    if shown.seen is None:
        raise RehearsalUnknown
    begins = shown.rehearsal.begins_at.astimezone(clock.ZONE).isoformat()
    content = {"clock": begins, "scenarios": [rehearsal.as_scenario(name, shown.seen)]}
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


def keep(session: Session, actor: Actor, found: Rehearsal, name: str) -> None:
    """Put what was played into the draft that was played, among the scenarios played before.

    Raises AdministratorsOnly, DraftUnknown, DraftClosed.
    """
    if found.draft_id is None:
        raise DraftUnknown
    draft = drafts.one(session, actor, found.draft_id)
    path = f"{draft.bundle}/scenarios/{found.process_key}-{found.id.hex[-8:]}.yaml"
    before = draft.file(path)
    content = as_file(scene(session, found), name).encode()
    drafts.save(session, actor, draft.id, path, content, before.number if before else 0)
