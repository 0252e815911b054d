"""What the people of the house look at: a task, a case, its timeline, where it stands."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from engine import events
from engine.cases import permissions, sealing
from engine.cases import queries as cases
from engine.cases.models import Agreement, Case, EmergencyLook, Note, Unsealing
from engine.casework import access, choosing, formbook, laid, masking, terms, wishes
from engine.casework.due import Due, due_of
from engine.casework.known import Known, known
from engine.casework.laid import Filed, filed
from engine.casework.parties import People, people_of
from engine.casework.wishes import Wish
from engine.deadlines import queries as deadlines
from engine.deadlines.models import CatalogueEntry, Deadline
from engine.documents import queries as documents
from engine.documents.models import Document, Upload
from engine.errors import DomainError
from engine.events import Event
from engine.people import queries as people
from engine.people.actor import Actor
from engine.territory import queries as territory
from engine.territory.models import Division
from engine.workflow import correlation, definitions, instances, tasks
from engine.workflow.bpmn import Element
from engine.workflow.errors import TaskNotOpen
from engine.workflow.facing import WaitingTask
from engine.workflow.models import Definition, Incident, Instance, UserTask


@dataclass(frozen=True)
class TaskPage:
    """A task as somebody who may see it sees it. `raw` is what the form shows: draft, or what is known already.

    `wishes` are whom the parties want, where the mediator is being chosen.
    """

    task: UserTask
    case: Case
    place: Division | None
    element: Element
    process: str
    form: forms.Form | None
    raw: Mapping[str, Any]
    context: Mapping[str, Any]
    uploads: Sequence[forms.Upload]
    draft_saved_at: datetime | None
    refusal: DomainError | None
    names: Mapping[str, str]
    timeline: "Timeline"
    due: Due | None
    known: Known
    laid: Sequence[Filed]
    wishes: Sequence[Wish]

    @property
    def proposal(self) -> Mapping[str, Any] | None:
        """What the rules propose to whoever decides here, with the deadlines in words; None where they do not."""
        if "deadlines" not in self.context:
            return None
        return {**self.context["proposal"], "deadlines_told": self.context["deadlines"]}

    @property
    def may_do(self) -> bool:
        """Whether the reader may complete it; else `refusal` says why not."""
        return self.refusal is None


@dataclass(frozen=True)
class Timeline:
    """What happened in a case, oldest first, the names of who did it, and in which diagram each task's step stands."""

    events: Sequence[Event]
    names: Mapping[str, str]
    diagrams: Mapping[tuple[UUID, str], UUID]


@dataclass(frozen=True)
class CasePage:
    """A case with its file. `may_be_left` says that it is being mediated, so that a party can leave.

    `emergency` is the look that opened it to whoever may not see it otherwise: they read it and change nothing.
    """

    case: Case
    emergency: EmergencyLook | None
    place: Division | None
    people: People
    file: Sequence[Filed]
    documents: Sequence[Document]
    uploads: Sequence[Upload]
    deadlines: Sequence[tuple[Deadline, CatalogueEntry | None]]
    agreements: Sequence[Agreement]
    notes: Sequence[Note]
    open_tasks: Sequence[UserTask]
    may_be_left: bool
    unsealing: Unsealing | None
    incidents: Sequence[Incident]
    mediators: Sequence[str]
    names: Mapping[str, str]
    timeline: Timeline

    def is_void(self, agreement: Agreement) -> bool:
        """Whether the number of an agreement was made void, and it is not written again yet."""
        numbers = [one for one in self.documents if one.submission_id == agreement.submission_id]
        return bool(numbers) and all(one.voided_at for one in numbers)


@dataclass(frozen=True)
class ElementState:
    """How often a step was walked through, and how many tokens wait at it now."""

    element: Element
    done: int
    waiting: int
    failed: int


@dataclass(frozen=True)
class Standing:
    """A diagram of a case, and the state of each step that was reached."""

    definition: Definition
    lanes: Sequence[str]
    steps: Sequence[ElementState]


def task_page(session: Session, actor: Actor, task_id: UUID) -> TaskPage:
    """A task with its form, its case's facts and timeline; a look at a sealed case is recorded.

    A step that is done shows its case no longer to whoever could take it: sealed since, it is theirs no more. Raises
    TaskUnknown, TaskNotOpen.
    """
    task = tasks.find(session, task_id)
    access.require_may_see(session, actor, task)
    if task.state != "open" and not access.sees_case(session, actor, task.stream):
        raise TaskNotOpen(task=task.id)
    case = session.get_one(Case, task.stream)
    permissions.looked(session, actor, case)
    element = definitions.process(session, task.definition_id).elements[task.element_id]
    waiting = tasks.waiting(session, task) if task.state == "open" else None
    variables = waiting.variables if waiting else {}
    newest = formbook.newest(session, task.form_key) if task.form_key else None
    form = newest.form if newest else None
    draft = tasks.draft(session, task_id, actor=actor.id)
    wished = wishes.of_case(session, case) if task.form_key == choosing.CHOICE else []
    said = {**variables, **wishes.proposal(wished)}
    raw = _typed(form, draft.answers) if draft else _prefilled(session, form, task.form_key or "", case, said)
    return TaskPage(
        task=task,
        case=case,
        place=territory.by_path(session, [case.division]).get(case.division),
        element=element,
        process=session.get_one(Definition, task.definition_id).name,
        form=form,
        raw=raw,
        context=formbook.offers(session, case, variables, registers=newest.registers if newest else ()),
        uploads=formbook.uploads(session, raw),
        draft_saved_at=draft.saved_at if draft else None,
        refusal=_refusal(session, actor, task, waiting, case),
        names=people.names(session, [task.assignee, task.completed_by, task.owner, *(one.mediator for one in wished)]),
        timeline=timeline(session, case),
        due=due_of(session, [(task, case)]).get(task.id) if task.state == "open" else None,
        known=known(session, actor, case),
        laid=laid.before(session, actor, task, case),
        wishes=wished,
    )


def assignable(session: Session, actor: Actor, task: UserTask) -> list[tuple[str, str]]:
    """Whom a task can be handed to: id and name of everybody else who may take it."""
    named = {str(one.id): one.name for one in people.holders(session, task.groups, task.division)}
    if not permissions.MEDIATORS.isdisjoint(task.groups):
        from_elsewhere = set(session.get_one(Case, task.stream).mediators) - set(named)
        named |= people.names(session, people.active(session, from_elsewhere)) if from_elsewhere else {}
    return [(key, name) for key, name in named.items() if key not in (actor.id, task.assignee)]


def case_page(session: Session, actor: Actor, case_id: UUID) -> CasePage:
    """A case with its whole file. Raises CaseUnknown; a look into a sealed case, or in an emergency, is recorded."""
    case, emergency = cases.readable(session, actor, case_id)
    submissions = cases.submissions(session, case.id)
    whole = emergency is not None or masking.needs_contacts(actor, case)
    file = [filed(session, one, whole=whole) for one in submissions]
    catalogue = {(entry.key, entry.in_force_from): entry for entry in deadlines.catalogue(session)}
    notes = cases.notes(session, case.id)
    happened = timeline(session, case)
    begun = deadlines.of_case(session, case.id)
    chosen = [who for one in submissions for who in choosing.chosen(one.answers)]
    signed = [*(one.by for one in submissions), *(one.by for one in notes), *case.mediators, *chosen]
    names = {
        **happened.names,
        **people.names(session, [*signed, *(one.extension_approved_by for one in begun)]),
    }
    return CasePage(
        case=case,
        emergency=emergency,
        place=territory.by_path(session, [case.division]).get(case.division),
        people=people_of(session, actor, case, emergency=emergency is not None),
        file=file,
        documents=documents.of_case(session, case.id),
        uploads=documents.uploads_of_case(session, case.id),
        deadlines=[(one, catalogue.get((one.key, one.law_of))) for one in begun],
        agreements=cases.agreements(session, case.id),
        notes=notes,
        open_tasks=open_tasks(session, case.id),
        unsealing=sealing.waiting(session, case.id) if case.sealed else None,
        may_be_left=correlation.is_awaited(session, "withdraw", str(case.id)),
        incidents=_incidents(session, case.id),
        mediators=[names[one] for one in case.mediators if one in names],
        names=names,
        timeline=happened,
    )


def open_tasks(session: Session, case_id: UUID) -> list[UserTask]:
    """The open tasks of a case, oldest first."""
    query = select(UserTask).where(UserTask.stream == case_id, UserTask.state == "open")
    return list(session.scalars(query.order_by(UserTask.created_at)))


def timeline(session: Session, case: Case) -> Timeline:
    """What happened in a case."""
    happened = events.of_stream(session, case.id)
    tasks_of_case = select(UserTask.instance_id, UserTask.element_id, UserTask.definition_id)
    rows = session.execute(tasks_of_case.where(UserTask.stream == case.id))
    diagrams = {(instance, element): definition for instance, element, definition in rows}
    return Timeline(happened, people.names(session, {one.actor for one in happened}), diagrams)


def where_it_stands(session: Session, actor: Actor, case_id: UUID) -> list[Standing]:
    """The diagrams of a case and what was reached in each. Raises CaseUnknown.

    Those where it stands now come first, of these the newest process's.
    """
    case = cases.case(session, actor, case_id)
    done: Counter[tuple[UUID, str]] = Counter()
    waiting: Counter[tuple[UUID, str]] = Counter()
    failed: Counter[tuple[UUID, str]] = Counter()
    running = session.scalars(select(Instance).where(Instance.stream == case.id).order_by(Instance.started_at)).all()
    order: dict[UUID, None] = {}
    for instance in running:
        execution = instances.restore(session, instance)
        order.setdefault(instance.definition_id)
        for ref, element in execution.positions():
            order.setdefault(UUID(ref))
            waiting[UUID(ref), element] += 1
        for incident in execution.incidents:
            failed[instance.definition_id, incident.element_id] += 1
    for event in events.of_stream(session, case.id):
        for walked_in, element in _walked(event):
            order.setdefault(walked_in)
            done[walked_in, element] += 1
    found = [_standing(session, ref, done, waiting, failed) for ref in order]
    newest = running[-1].definition_id if running else None
    return sorted(found, key=lambda one: (_waits_for_called(one), one.definition.id != newest))


def _waits_for_called(standing: Standing) -> bool:
    """Whether nothing waits in a diagram but for the diagrams that it calls."""
    return not any(step.waiting for step in standing.steps if step.element.type != "callActivity")


def _typed(form: forms.Form | None, draft: Mapping[str, Any]) -> Mapping[str, Any]:
    return formbook.opened(form, draft) if form else draft


def _prefilled(
    session: Session, form: forms.Form | None, form_key: str, case: Case, variables: Mapping[str, Any]
) -> dict[str, Any]:
    """What is known already, so that nobody types it again: the process's variables, and the parties of the case."""
    if form is None:
        return {}
    keys = form.keys
    raw = {key: value for key, value in variables.items() if key in keys and value is not None}
    raw |= {key: value for key, value in terms.known_of(session, case, form_key).items() if key in keys and value}
    if form_key in choosing.AGREEMENTS and "facts" in keys:
        taken_up = cases.newest_submission(session, case.id, ("f4-acceptance",))
        raw.setdefault("facts", taken_up.answers.get("facts") if taken_up else None)
    if "parties" in keys:
        known = cases.newest_submission(session, case.id, ("f11-agreement", "f4-acceptance", "f3-application"))
        if known and known.answers.get("parties"):
            # The identity number stays with the party: on a new form it would stand on the screen in full.
            raw.setdefault("parties", [{**one, "id_number": None} for one in known.answers["parties"]])
    return raw


def _refusal(
    session: Session, actor: Actor, task: UserTask, waiting: WaitingTask | None, case: Case
) -> DomainError | None:
    """Why somebody who sees a task cannot complete it now; None if they can."""
    try:
        if waiting is None:
            raise TaskNotOpen(task=task.id)
        access.require_may_do(session, actor, task)
        access.require_not_paused(case, task)
        tasks.require_other_person(session, task, waiting, actor.id)
    except DomainError as refusal:
        return refusal
    return None


def _incidents(session: Session, case_id: UUID) -> list[Incident]:
    query = select(Incident).join(Instance, Instance.id == Incident.instance_id)
    return list(session.scalars(query.where(Instance.stream == case_id, Incident.resolved_at.is_(None))))


def _walked(event: Event) -> list[tuple[UUID, str]]:
    return [(UUID(ref), element) for ref, element in instances.walked(event.data, "element.completed")]


def _standing(
    session: Session,
    ref: UUID,
    done: Mapping[tuple[UUID, str], int],
    waiting: Mapping[tuple[UUID, str], int],
    failed: Mapping[tuple[UUID, str], int],
) -> Standing:
    process = definitions.process(session, ref)
    reached = [
        ElementState(element, done.get((ref, key), 0), waiting.get((ref, key), 0), failed.get((ref, key), 0))
        for key, element in process.elements.items()
        if any((ref, key) in counts for counts in (done, waiting, failed))
    ]
    return Standing(session.get_one(Definition, ref), process.lanes, reached)
