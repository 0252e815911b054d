"""What if: ended cases played again on a draft, with the answers on file. Which would have gone another way, and where?

Administrators see elements and numbers, never answers; sealed cases are not among those that are played.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case, Submission
from engine.casework import house
from engine.people.actor import Actor
from engine.studio import bundles, drafts, rehearsing
from engine.studio.access import require
from engine.studio.errors import ReplayUnknown
from engine.studio.models import Draft, Replay
from engine.workflow import definitions, instances, jobs, replaying
from engine.workflow.definitions import File
from engine.workflow.models import Definition, Instance
from engine.workflow.playing import Player
from engine.workflow.replaying import Difference, NotReplayable, Recorded, Replayed

LARGEST = 500
PIECE = 2
"""How many instances one job plays: few, so that one sees how far it is."""

SAME, OTHER, CANNOT = "same", "other", "cannot"


@dataclass(frozen=True)
class Way:
    """Where instances left the way that they went: behind an element, what came there and what would come now."""

    difference: Difference
    instances: Sequence[UUID]


@dataclass(frozen=True)
class Answer:
    """What came of a replay so far: how many went the same way, which another, how many cannot be played, and why."""

    replay: Replay
    same: int
    other: Sequence[Way]
    cannot: Mapping[str, int]

    @property
    def played(self) -> int:
        """How many are done."""
        return len(self.replay.results)


def ask(session: Session, actor: Actor, key: str, *, draft_id: UUID | None, most: int = 50) -> Replay:
    """Have the newest ended instances of a process played on a draft.

    Raises AdministratorsOnly, DefinitionUnknown, DraftUnknown.
    """
    require(actor)
    definitions.latest(session, definitions.PROCESS, key)
    if draft_id is not None:
        rehearsing.known(session, key, draft_id)
    found = Replay(
        process_key=key, draft_id=draft_id, by=actor.id, made_at=clock.now(), results=[],
        instances=[str(one) for one in _ended(session, key, max(1, min(most, LARGEST)))],
    )  # fmt: skip
    session.add(found)
    session.flush()  # its job reads it
    jobs.defer(session, "replay_next", replay=str(found.id))
    return found


def answer(session: Session, actor: Actor, replay_id: UUID) -> Answer:
    """What came of it so far. Raises AdministratorsOnly, ReplayUnknown."""
    require(actor)
    found = session.get(Replay, replay_id)
    if found is None:
        raise ReplayUnknown(replay=replay_id)
    ways: dict[Difference, list[UUID]] = {}
    for one in found.results:
        if one["verdict"] == OTHER:
            ways.setdefault(Difference(*one["way"]), []).append(UUID(one["instance"]))
    return Answer(
        replay=found,
        same=sum(one["verdict"] == SAME for one in found.results),
        other=sorted((Way(way, ids) for way, ids in ways.items()), key=lambda one: -len(one.instances)),
        cannot=Counter(one["code"] for one in found.results if one["verdict"] == CANNOT),
    )


def of_process(session: Session, actor: Actor, key: str) -> list[Replay]:
    """The newest replays of a process. Raises AdministratorsOnly."""
    require(actor)
    query = select(Replay).where(Replay.process_key == key).order_by(Replay.made_at.desc()).limit(10)
    return list(session.scalars(query))


def drafts_with(session: Session, actor: Actor, key: str) -> list[Draft]:
    """The open drafts of the bundle that a process belongs to. Raises AdministratorsOnly, DefinitionUnknown."""
    bundle = bundles.name_of(definitions.newest(session, definitions.PROCESS, key))
    return drafts.open_drafts(session, actor, bundle=bundle)


@jobs.job
def replay_next(session: Session, replay: str) -> None:
    """Play the next few, and have those after them played."""
    found = session.get_one(Replay, UUID(replay), with_for_update=True, populate_existing=True)
    piece = found.instances[len(found.results) :][:PIECE]
    if not piece:
        found.ended_at = clock.now()
        return
    files = rehearsing.draft_files(session, found.draft_id)
    found.results = [*found.results, *(_play(session, UUID(one), found.process_key, files) for one in piece)]
    jobs.defer(session, "replay_next", replay=replay)


def _ended(session: Session, key: str, most: int) -> Sequence[UUID]:
    query = (
        select(Instance.id)
        .join(Definition, Definition.id == Instance.definition_id)
        .outerjoin(Case, Case.id == Instance.stream)
        .where(Definition.kind == definitions.PROCESS, Definition.key == key)
        .where(Instance.status == instances.COMPLETED, or_(Case.id.is_(None), Case.sealed.is_(False)))
    )
    return session.scalars(query.order_by(Instance.ended_at.desc()).limit(most)).all()


def _play(session: Session, instance_id: UUID, key: str, files: Sequence[File]) -> dict[str, Any]:
    instance = session.get_one(Instance, instance_id)
    try:
        records = replaying.recorded(session, instance, _answers(session, instance))
        was = _replayed(records, key, (), instance.definition_id)
        if Counter(was.completed) != Counter(replaying.walked(session, instance)):
            raise NotReplayable("goes-otherwise-here")
        way = replaying.compare(was, _replayed(records, key, files, None))
    except NotReplayable as why:
        return {"instance": str(instance_id), "verdict": CANNOT, "code": why.code}
    if way is None:
        return {"instance": str(instance_id), "verdict": SAME}
    return {"instance": str(instance_id), "verdict": OTHER, "way": [way.after, way.was, way.now]}


def _replayed(records: Sequence[Recorded], key: str, files: Sequence[File], definition_id: UUID | None) -> Replayed:
    with rehearsing.stage_with(records[0].at, files) as (player, findings):
        if findings:
            raise NotReplayable("draft-refused")
        return replaying.replay(player, records, _start(player, records[0], key, definition_id))


def _start(player: Player, first: Recorded, key: str, definition_id: UUID | None) -> Instance:
    given = {name: value for name, value in first.step["start"].items() if name != "case_id"}
    return house.start_with_case(player.session, key, given, None, definition_id=definition_id)


def _answers(session: Session, instance: Instance) -> dict[UUID, Mapping[str, Any]]:
    filed = select(Submission.task_id, Submission.answers).where(Submission.instance_id == instance.id)
    return {task: answers for task, answers in session.execute(filed) if task is not None}
