"""Walks: all scenarios of a bundle played, and which sequence flows none of them walks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, sentences
from engine.casework import house
from engine.people.actor import Actor
from engine.sentences import S_
from engine.studio import rehearsing
from engine.studio.access import require
from engine.studio.errors import WalkUnknown
from engine.studio.models import Walk
from engine.workflow import definitions, jobs, scenarios
from engine.workflow.definitions import File
from engine.workflow.scenarios import Outcome


@dataclass(frozen=True)
class Tried:
    """One scenario: its file and name, whether it passed, else at which step (from 1) and why not."""

    file: str
    scenario: str
    passed: bool
    step: int | None
    problem: str | None


@dataclass(frozen=True)
class Result:
    """What came of a walk so far: each scenario, and the flows of the process that were walked and that were not."""

    walk: Walk
    scenarios: Sequence[Tried]
    walked: frozenset[str]
    missed: frozenset[str]

    @property
    def failed(self) -> int:
        """How many scenarios did not pass."""
        return sum(not one.passed for one in self.scenarios)


def begin(session: Session, actor: Actor, key: str, *, draft_id: UUID | None = None) -> Walk:
    """Have the scenarios of a process's bundle played by a worker, or those of a draft.

    Raises AdministratorsOnly, DefinitionUnknown, DraftUnknown.
    """
    require(actor)
    rehearsing.known(session, key, draft_id)
    files = [one.name for one in rehearsing.bundle(session, actor, key, draft_id) if _is_scenario(one)]
    found = Walk(process_key=key, draft_id=draft_id, by=actor.id, made_at=clock.now(), files=files, results=[])
    session.add(found)
    session.flush()  # its job reads it
    jobs.defer(session, "try_next", walk=str(found.id))
    return found


def result(session: Session, actor: Actor, walk_id: UUID) -> Result:
    """What came of it so far. Raises AdministratorsOnly, WalkUnknown."""
    require(actor)
    found = session.get(Walk, walk_id)
    if found is None:
        raise WalkUnknown(walk=walk_id)
    outcomes: list[Mapping[str, Any]] = [outcome for file in found.results for outcome in file["scenarios"]]
    walked = {flow for file in found.results for flow in file["walked"].get(found.process_key, ())}
    flows = {flow for file in found.results for flow in file["flows"].get(found.process_key, ())}
    return Result(found, [_tried(one) for one in outcomes], frozenset(walked & flows), frozenset(flows - walked))


def _tried(stored: Mapping[str, Any]) -> Tried:
    return Tried(**{**stored, "problem": stored["problem"] and sentences.read(stored["problem"])})


def of_process(session: Session, actor: Actor, key: str) -> list[Walk]:
    """The newest walks of a process. Raises AdministratorsOnly."""
    require(actor)
    query = select(Walk).where(Walk.process_key == key).order_by(Walk.made_at.desc()).limit(10)
    return list(session.scalars(query))


@jobs.job
def try_next(session: Session, walk: str) -> None:
    """Play the scenarios of the next file, and have those of the file after it played."""
    found = session.get_one(Walk, UUID(walk), with_for_update=True, populate_existing=True)
    if len(found.results) == len(found.files):
        found.ended_at = clock.now()
        return
    name = found.files[len(found.results)]
    given = rehearsing.files_of(session, found.process_key, found.draft_id)
    files = [file for file in given if not _is_scenario(file)] if found.draft_id else []
    outcomes = list(played(files, [next((file for file in given if file.name == name), File(name, b""))]))
    found.results = [*found.results, _stored(outcomes)]
    jobs.defer(session, "try_next", walk=walk)


def played(files: Sequence[File], scenario_files: Sequence[File]) -> Iterator[Outcome]:
    """What becomes of scenario files, one scenario after another, where some files stand for what is deployed."""
    with rehearsing.stage(files) as (session, findings):
        for one in scenario_files:
            if findings:
                why = S_("%(file)s: %(message)s", file=findings[0].file, message=findings[0].message)
                yield Outcome(one.name, "", False, None, why)
            else:
                yield from scenarios.play_file(session, one.name, one.content, start=house.start_with_case)


def _stored(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    sets = {"walked": [one.walked for one in outcomes], "flows": [one.flows for one in outcomes]}
    return {
        "scenarios": [
            {
                "file": one.file,
                "scenario": one.scenario,
                "passed": one.passed,
                "step": one.step,
                "problem": one.problem and sentences.stored(one.problem),
            }
            for one in outcomes
        ],
        **{word: _joined(given) for word, given in sets.items()},
    }


def _joined(given: Sequence[Mapping[str, frozenset[str]]]) -> dict[str, list[str]]:
    keys = {key for one in given for key in one}
    return {key: sorted({flow for one in given for flow in one.get(key, ())}) for key in keys}


def _is_scenario(file: File) -> bool:
    return definitions.kind_of(file.name) == definitions.SCENARIO
