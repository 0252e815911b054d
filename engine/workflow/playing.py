"""Playing one scenario: what each word of a step does to the running processes, and what it expects of them."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine import clock, events, feel
from engine.errors import DomainError, said_by
from engine.events import Event
from engine.sentences import S_, Sentence
from engine.workflow import (
    conditions,
    correlation,
    definitions,
    instances,
    jobs,
    performing,
    service_jobs,
    tasks,
    timers,
)
from engine.workflow.definitions import File
from engine.workflow.errors import DefinitionUnknown, DeploymentRefused, TaskNotOpen
from engine.workflow.execution import BpmnError
from engine.workflow.models import Definition, Incident, Instance, ServiceJob, UserTask
from engine.workflow.scenario_files import is_step

MINUTE = timedelta(minutes=1)
Start = Callable[[Session, str, Mapping[str, Any], str | None], Instance]
"""How a process is started: (session, process key, variables, start event); lets the house prepare what it needs."""

STATES = {"ended": S_("%(name)s ended", name=""), "active": S_("%(name)s active", name="")}
STATUSES: dict[str, Sentence] = {
    str(one): one for one in (S_("active"), S_("suspended"), S_("completed"), S_("cancelled"))
}
TEXTS = ("task", "instance", "name", "process", "message", "as", "by", "error")
"""What a step names, as text."""

MOMENTS = 10_000
"""How many moments at which something is due one step may run through."""


class StepFailed(AssertionError):
    """A step did not do what it says: what was expected and what was found."""

    def __init__(self, expected: str, found: object) -> None:
        super().__init__(S_("expected %(expected)s, found %(found)s", expected=expected, found=_shown(found)))


class Unplayable(ValueError):
    """A step that cannot be done as it is written, and why."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)


class Player:
    """One scenario on its way: the instances by their names, and what was refused at deployment."""

    def __init__(self, session: Session, start: Start, run_jobs: Callable[[], None], time: clock.VirtualClock) -> None:
        self.session = session
        self.start_process = start
        self.run_jobs = run_jobs
        self.time = time
        self.named: dict[str, UUID] = {}
        self.refused: list[DeploymentRefused] = []
        self.crowd: set[UUID] = set()

    def deploy(self, files: list[File]) -> None:
        """Deploy each file; what is refused is remembered, for a scenario may expect just that."""
        for file in files:
            try:
                with self.session.begin_nested():
                    definitions.deploy(self.session, [file], actor=None)
            except DeploymentRefused as refused:
                self.refused.append(refused)

    def do(self, step: Mapping[str, Any]) -> None:
        """Do one step: a mapping of one word to what it needs."""
        if len(step) != 1:
            words = ", ".join(map(str, step))
            raise Unplayable(S_("a step has one word, this has %(many)s: %(words)s", many=len(step), words=words))
        [(word, given)] = step.items()
        if not is_step(step):
            raise Unplayable(S_("“%(word)s” needs names and values below it", word=word))
        if word != "expect_error":
            _check(given)
        match word:
            case "start":
                self._start(given)
            case "complete":
                self._complete(given)
            case "job":
                self._job(given)
            case "message":
                self._message(given)
            case "signal":
                correlation.broadcast(self.session, given["name"], given.get("variables") or {}, actor=None)
            case "tell":
                conditions.tell(self.session, given.get("variables") or {}, actor=None)
            case "set":
                variables = given.get("variables") or {}
                instances.set_variables(self.session, self.named[given["instance"]], variables, actor=None)
            case "advance":
                self._advance(given)
            case "expect":
                self._expect(given)
            case "expect_error":
                self._expect_error(given)
            case _:
                raise Unplayable(S_("there is no step “%(word)s”", word=word))
        self.settle()

    def flows(self) -> dict[str, frozenset[str]]:
        """All sequence flows of the deployed processes, by process key."""
        deployed = definitions.all_newest(self.session, definitions.PROCESS)
        return {one.key: frozenset(definitions.process(self.session, one.id).flows) for one in deployed}

    def walked(self) -> dict[str, frozenset[str]]:
        """The sequence flows that this scenario took, by process key; a called process takes its own."""
        keys = {str(one): key for one, key in self.session.execute(select(Definition.id, Definition.key))}
        taken: dict[str, set[str]] = {}
        for data in self.session.scalars(select(Event.data)):
            for ref, flow in instances.walked(data, "flow.taken"):
                taken.setdefault(keys[ref], set()).add(flow)
        return {key: found for key, flows in self.flows().items() if (found := flows & taken.get(key, set()))}

    def name_new(self) -> list[tuple[str, str]]:
        """Give a name to each instance that no step has named; those of one process that began together stay unnamed.

        Returns name and process of each.
        """
        query = select(Definition.key, Instance.id).join(Definition, Definition.id == Instance.definition_id)
        rows = self.session.execute(query.where(Instance.id.not_in(self.named.values())).order_by(Instance.started_at))
        found = [(key, instance) for key, instance in rows if instance not in self.crowd]
        often = Counter(key for key, _ in found)
        named = []
        for key, instance in found:
            if often[key] > 1:
                self.crowd.add(instance)
                continue
            name = next(name for name in (key, *(f"{key}-{n}" for n in range(2, 1000))) if name not in self.named)
            self.named[name] = instance
            named.append((name, key))
        return named

    def _start(self, given: Mapping[str, Any]) -> None:
        variables = given.get("variables") or {}
        if "message" in given:
            instance = correlation.start_by_message(self.session, given["message"], variables, actor=None)
        else:
            instance = self._start_by_key(given["process"], variables)
        if "as" in given:
            self.named[given["as"]] = instance

    def _start_by_key(self, key: str, variables: Mapping[str, Any]) -> UUID:
        try:
            return self.start_process(self.session, key, variables, None).id
        except DefinitionUnknown:
            if self.refused:
                findings = [finding for refused in self.refused for finding in refused.findings]
                raise DeploymentRefused(findings) from None
            raise

    def _complete(self, given: Mapping[str, Any]) -> None:
        query = select(UserTask.id).where(UserTask.state == "open", UserTask.element_id == given["task"])
        if "instance" in given:
            query = query.where(UserTask.instance_id == self.named[given["instance"]])
        task_id = self.session.scalar(query.order_by(UserTask.created_at, UserTask.id).limit(1))
        if task_id is None:
            open_now = ", ".join(sorted(self.open_tasks(None).elements())) or "–"
            text = S_("no task %(task)s is open; open are: %(open)s", task=given["task"], open=open_now)
            raise TaskNotOpen(text)
        tasks.complete(self.session, task_id, given.get("variables") or {}, actor=given.get("by"))

    def _job(self, given: Mapping[str, Any]) -> None:
        """What another system does with a job: done, failed once, or ended with an error of the diagram."""
        query = select(ServiceJob).where(ServiceJob.element_id == given["task"], *self._outside())
        if "instance" in given:
            query = query.where(ServiceJob.instance_id == self.named[given["instance"]])
        job = self.session.scalar(query.order_by(ServiceJob.due_at, ServiceJob.id).limit(1))
        if job is None:
            raise TaskNotOpen(S_("no job %(job)s waits for another system now", job=given["task"]))
        lock, variables = service_jobs.take(job, "scenario", MINUTE), given.get("variables") or {}
        if "error" in given:
            performing.throw_error(self.session, job.id, lock, BpmnError(given["error"], "", variables), actor=None)
        elif "fails" in given:
            performing.fail(self.session, job.id, lock, str(given["fails"]), actor=None)
        else:
            performing.complete(self.session, job.id, lock, variables, actor=None)

    def _outside(self) -> tuple[ColumnElement[bool], ...]:
        """The jobs that other systems could take now."""
        return ServiceJob.internal.is_(False), ServiceJob.state == "open", ServiceJob.due_at <= clock.now()

    def _message(self, given: Mapping[str, Any]) -> None:
        key = given.get("key")
        instance = self.named[given["instance"]] if "instance" in given else None
        correlation.correlate(
            self.session, given["name"], None if key is None else str(key), given.get("variables") or {},
            actor=None, instance_id=instance,
        )  # fmt: skip

    def _advance(self, duration: str) -> None:
        shifted = feel.evaluate("start + duration(length)", {"start": clock.now(), "length": duration})
        if not isinstance(shifted, datetime):
            raise Unplayable(S_("“%(text)s” is not a duration such as P16D or PT2H", text=duration))
        self.advance_to(shifted)

    def advance_to(self, instant: datetime) -> None:
        """Move the clock to an instant, firing what falls due until then, in order."""
        for _ in range(MOMENTS):
            due = self.next_due()
            if due is None or due > instant:
                self.time.instant = instant
                return
            self.time.instant = max(due, self.time.instant)
            self.settle()
        text = S_("more than %(most)s timers and jobs are due until %(day)s", most=MOMENTS, day=f"{instant:%Y-%m-%d}")
        raise Unplayable(text)

    def next_due(self) -> datetime | None:
        """When the next timer or job is due; None if nothing ever is."""
        moments = timers.next_due(self.session), jobs.next_inline(self.session)
        return min((moment for moment in moments if moment), default=None)

    def settle(self) -> None:
        """Do what a worker would do at this moment: the jobs waiting and the timers due."""
        self.run_jobs()
        while timers.fire_due(self.session):
            self.run_jobs()
        events.write(self.session)
        self.session.flush()

    def _expect_error(self, step: Mapping[str, Any]) -> None:
        named = dict(self.named)
        try:
            with self.session.begin_nested():
                self.do(step)
        except (DomainError, feel.FeelError):
            self.named = named
            return
        raise StepFailed(S_("%(step)s to be refused", step=words_of(step)), S_("it was done"))

    def _expect(self, given: Mapping[str, Any]) -> None:
        for word in given:
            if word not in {"tasks", "instance", "ended", "active", "variables", "incidents", "new", "jobs"}:
                raise Unplayable(S_("expect knows no “%(word)s”", word=word))
        if "new" in given:
            self._expect_new(given["new"])
        if "tasks" in given:
            self._expect_tasks(given["tasks"], given.get("instance"))
        for word, statuses in (("ended", ("completed", "cancelled")), ("active", ("active", "suspended"))):
            for name in given.get(word, ()):
                status = self.session.get_one(Instance, self.named[name]).status
                if status not in statuses:
                    raise StepFailed(STATES[word].filled({"name": name}), STATUSES[status])
        if "jobs" in given:
            found = Counter(self.session.scalars(select(ServiceJob.element_id).where(*self._outside())))
            if found != Counter(given["jobs"]):
                raise StepFailed(S_("jobs %(jobs)s", jobs=str(sorted(given["jobs"]))), sorted(found.elements()))
        if "incidents" in given:
            found = Counter(self.session.scalars(select(Incident.element_id).where(Incident.resolved_at.is_(None))))
            if found != Counter(given["incidents"]):
                wanted = S_("incidents %(incidents)s", incidents=str(sorted(given["incidents"])))
                raise StepFailed(wanted, sorted(found.elements()))
        for name, expected in (given.get("variables") or {}).items():
            self._expect_variables(name, expected)

    def _expect_new(self, given: Mapping[str, Any]) -> None:
        query = select(Instance.id).join(Definition, Definition.id == Instance.definition_id)
        query = query.where(Definition.key == given["process"], Instance.id.not_in(self.named.values()))
        found = self.session.scalars(query).all()
        if len(found) != 1:
            raise StepFailed(S_("one new instance of %(process)s", process=given["process"]), len(found))
        self.named[given["as"]] = found[0]

    def _expect_tasks(self, expected: list[str], name: str | None) -> None:
        found = self.open_tasks(self.named[name] if name else None)
        if found != Counter(expected):
            raise StepFailed(S_("open tasks %(tasks)s", tasks=str(sorted(expected))), sorted(found.elements()))

    def open_tasks(self, instance: UUID | None) -> Counter[str]:
        """The element ids of the open tasks of an instance, or of all."""
        query = select(UserTask.element_id).where(UserTask.state == "open")
        return Counter(self.session.scalars(query.where(UserTask.instance_id == instance) if instance else query))

    def _expect_variables(self, name: str, expected: Mapping[str, Any]) -> None:
        variables = instances.restore(self.session, self.session.get_one(Instance, self.named[name])).variables
        found = {key: feel.to_json(variables.get(key)) for key in expected}
        if found != {key: feel.to_json(feel.from_json(value)) for key, value in expected.items()}:
            raise StepFailed(S_("variables %(variables)s", variables=str(dict(expected))), found)


def why(error: Exception) -> Sentence:
    """Why a step could not be done, for whoever wrote it."""
    if isinstance(error, KeyError):
        return S_("“%(name)s” is missing or unknown", name=error.args[0])
    if isinstance(error, TypeError | AttributeError):
        return S_("what stands below the word has not the shape that this step needs")
    said = said_by(error)
    if isinstance(said, Sentence):
        return said
    return S_("a value in it is not of the kind that this step needs")


def _check(given: object) -> None:
    """Raise Unplayable where names are no texts, or variables no names and values."""
    if not isinstance(given, Mapping):
        return
    for name in TEXTS:
        if not isinstance(given.get(name, ""), str):
            raise Unplayable(S_("“%(word)s” must be a text", word=name))
    if not isinstance(given.get("variables") or {}, Mapping):
        raise Unplayable(S_("“%(word)s” needs names and values below it", word="variables"))


def _shown(found: object) -> str:
    return found if isinstance(found, str) else str(found)


def words_of(step: Mapping[str, Any]) -> str:
    """A step as it stands in the file, on one line."""
    text_of_step = yaml.safe_dump(dict(step), allow_unicode=True, default_flow_style=True, width=1000)
    return text_of_step.strip().removeprefix("{").removesuffix("}")
