"""The trial of a release: the checker, then every scenario of its bundle, played on the house as it would be."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from engine import events, sentences
from engine.people.actor import Actor
from engine.studio import bundles, exchange, judging, walking
from engine.studio.models import Release
from engine.workflow import definitions, jobs
from engine.workflow.bpmn import Finding
from engine.workflow.definitions import File
from engine.workflow.scenarios import Outcome


@dataclass(frozen=True)
class Trial:
    """What is to be played: the files of a release, and which of them are the scenarios."""

    files: tuple[File, ...]
    scenarios: tuple[File, ...]

    def play(self) -> Iterator[Outcome]:
        """Play the scenarios one after another on a stage with the release's files in force; nothing of it stays."""
        yield from walking.played(self.files, self.scenarios)


def take(session: Session, release_id: UUID) -> Trial | None:
    """Begin a trial: what the checker says is noted; None where there is nothing (more) to try."""
    release = session.get(Release, release_id, with_for_update=True)
    if release is None or release.state != "checking":
        return None
    files = exchange.unpacked(release.content)
    found = judging.of_files(session, files)
    refusing = judging.refusing(found)
    release.report = {"findings": [_written(one) for one in found], "scenarios": [], "refusing": len(refusing)}
    if refusing:
        _end(session, release, passed=False)
        return None
    # Scenarios in force count as well: whoever leaves one out of a draft is not rid of it.
    touched = sorted({release.bundle, *filter(None, map(definitions.bundle_of, files))})
    kept = [one for bundle in touched for one in bundles.in_force(session, bundle) if one.kind == definitions.SCENARIO]
    everything = {one.file_name: one.content for one in kept} | files
    given = [File(name, content) for name, content in sorted(everything.items())]
    mine = tuple(one for one in given if definitions.kind_of(one.name) == definitions.SCENARIO)
    return Trial(tuple(one for one in given if one not in mine), mine)


def note(session: Session, release_id: UUID, outcome: Outcome) -> None:
    """Note what became of one scenario."""
    release = session.get_one(Release, release_id, with_for_update=True)
    told = {"name": outcome.scenario, "passed": outcome.passed, "step": outcome.step}
    told["problem"] = outcome.problem and sentences.stored(outcome.problem)
    told["file"] = Path(outcome.file).name
    release.report = {**release.report, "scenarios": [*release.report["scenarios"], told]}


def close(session: Session, release_id: UUID) -> None:
    """End a trial: refused, waiting for a second administrator, or approved."""
    release = session.get_one(Release, release_id, with_for_update=True)
    if release.state == "checking":
        _end(session, release, passed=all(one["passed"] for one in release.report["scenarios"]))


@jobs.job
def check_release(session: Session, release: str) -> None:
    """A whole trial in one transaction; the worker does it in several, so that its progress shows."""
    trial = take(session, UUID(release))
    if trial is not None:
        for outcome in trial.play():
            note(session, UUID(release), outcome)
        close(session, UUID(release))


def _end(session: Session, release: Release, *, passed: bool) -> None:
    release.state = ("waiting" if release.statutory else "approved") if passed else "refused"
    played = len(release.report["scenarios"])
    events.record(session, "release.checked", release.id, actor=Actor.SYSTEM.id, passed=passed, scenarios=played)


def _written(one: Finding) -> dict[str, object]:
    texts = {"message": sentences.stored(one.message), "hint": sentences.stored(one.hint)}
    return {"severity": one.severity, "rule": one.rule, "element_id": one.element_id, "file": one.file, **texts}
