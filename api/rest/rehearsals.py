"""Rehearsals of processes, and what ended cases would do on a draft."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response, url_for

from api import i18n
from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.rehearsals import (
    KeepSchema,
    RehearsalBeginSchema,
    RehearsalSchema,
    RehearsalStepSchema,
    ReplayAskSchema,
    ReplaySchema,
    WalkAskSchema,
    WalkSchema,
)
from engine.casework.errors import AdministratorsOnly, Outdated
from engine.studio import rehearsing, replays, walking
from engine.studio.errors import DraftUnknown, RehearsalUnknown, ReplayUnknown, WalkUnknown
from engine.studio.models import Rehearsal
from engine.studio.replays import Answer
from engine.workflow.errors import DefinitionUnknown
from engine.workflow.rehearsal import Run, why

TEXT = {"type": "string"}
blueprint = Blueprint("Rehearsals", __name__, description="Play a process on a stage, where nothing stays; what if.")


@blueprint.route("/studio/rehearsals")
class Rehearsals(Resource):
    """Rehearsals."""

    @refuses(AdministratorsOnly, DefinitionUnknown, DraftUnknown)
    @blueprint.arguments(RehearsalBeginSchema)
    @blueprint.response(201, RehearsalSchema)
    def post(self, body: dict[str, Any]) -> Any:
        """Begin to rehearse a process: the version in force, or a draft. For administrators."""
        begun = rehearsing.begin(
            self.session, self.actor, body["process"], at=body["begins_at"], draft_id=body["draft"]
        )
        address = url_for("Rehearsals.OneRehearsal", rehearsal_id=begun.id)
        return _shown(self, begun), 201, {"Location": address}


@blueprint.route("/studio/rehearsals/<uuid:rehearsal_id>")
class OneRehearsal(Resource):
    """One rehearsal."""

    @refuses(AdministratorsOnly, RehearsalUnknown)
    @blueprint.response(200, RehearsalSchema)
    def get(self, rehearsal_id: UUID) -> Any:
        """Play it from its beginning: what stands on the stage then. For administrators."""
        return _shown(self, rehearsing.find(self.session, self.actor, rehearsal_id))


@blueprint.route("/studio/rehearsals/<uuid:rehearsal_id>/steps")
class Steps(Resource):
    """Its steps."""

    @refuses(AdministratorsOnly, RehearsalUnknown, Outdated)
    @blueprint.arguments(RehearsalStepSchema)
    @blueprint.response(200, RehearsalSchema)
    def post(self, body: dict[str, Any], rehearsal_id: UUID) -> Any:
        """Do one more step, in the words of scenario files (start, complete, message, signal, set, advance)."""
        found = rehearsing.add(self.session, self.actor, rehearsal_id, body["step"], version=body["version"])
        return _shown(self, found)

    @refuses(AdministratorsOnly, RehearsalUnknown, Outdated)
    @blueprint.arguments(KeepSchema, location="query")
    @blueprint.response(200, RehearsalSchema)
    def delete(self, query: dict[str, Any], rehearsal_id: UUID) -> Any:
        """Take back all steps but the first few."""
        return _shown(self, rehearsing.take_back(self.session, self.actor, rehearsal_id, query["keep"]))


@blueprint.route("/studio/rehearsals/<uuid:rehearsal_id>/scenario")
class Scenario(Resource):
    """What was played."""

    @refuses(AdministratorsOnly, RehearsalUnknown)
    @blueprint.response(200, TEXT, content_type="application/yaml")
    def get(self, rehearsal_id: UUID) -> Response:
        """What was played as a scenario file (YAML), with what was seen as what is expected."""
        found = rehearsing.find(self.session, self.actor, rehearsal_id)
        content = rehearsing.as_file(rehearsing.scene(self.session, found), found.process_key)
        return Response(content, content_type="application/yaml; charset=utf-8")


@blueprint.route("/studio/replays")
class Replays(Resource):
    """What if."""

    @refuses(AdministratorsOnly, DefinitionUnknown, DraftUnknown)
    @blueprint.arguments(ReplayAskSchema)
    @blueprint.response(202, ReplaySchema)
    def post(self, body: dict[str, Any]) -> Any:
        """Have the newest ended instances of a process played again, on a draft or on the version in force.

        With the answers on file, by a worker; sealed cases are left out. For administrators.
        """
        made = replays.ask(self.session, self.actor, body["process"], draft_id=body["draft"], most=body["most"])
        address = url_for("Rehearsals.OneReplay", replay_id=made.id)
        return _answer(replays.answer(self.session, self.actor, made.id)), 202, {"Location": address}


@blueprint.route("/studio/replays/<uuid:replay_id>")
class OneReplay(Resource):
    """One answer."""

    @refuses(AdministratorsOnly, ReplayUnknown)
    @blueprint.response(200, ReplaySchema)
    def get(self, replay_id: UUID) -> Any:
        """How many went the same way so far, which would go another one, and where they part. For administrators."""
        return _answer(replays.answer(self.session, self.actor, replay_id))


@blueprint.route("/studio/walks")
class Walks(Resource):
    """Scenarios played."""

    @refuses(AdministratorsOnly, DefinitionUnknown, DraftUnknown)
    @blueprint.arguments(WalkAskSchema)
    @blueprint.response(202, WalkSchema)
    def post(self, body: dict[str, Any]) -> Any:
        """Have all scenarios of a process's bundle played by a worker, or those of a draft. For administrators."""
        made = walking.begin(self.session, self.actor, body["process"], draft_id=body["draft"])
        address = url_for("Rehearsals.OneWalk", walk_id=made.id)
        return walking.result(self.session, self.actor, made.id), 202, {"Location": address}


@blueprint.route("/studio/walks/<uuid:walk_id>")
class OneWalk(Resource):
    """One walk."""

    @refuses(AdministratorsOnly, WalkUnknown)
    @blueprint.response(200, WalkSchema)
    def get(self, walk_id: UUID) -> Any:
        """Each scenario so far, and the sequence flows that were walked and that were not. For administrators."""
        return walking.result(self.session, self.actor, walk_id)


def _shown(resource: Resource, found: Rehearsal) -> dict[str, Any]:
    scene = rehearsing.scene(resource.session, found)
    seen = scene.seen
    error = seen.trouble.error if seen and seen.trouble else None
    return {
        "rehearsal": found,
        "findings": [{**asdict(one), "rule": one.rule, "message": i18n.told(one.message)} for one in scene.findings],
        "now": seen.now if seen else found.begins_at,
        "next_due": seen.next_due if seen else None,
        "runs": [_run(run) for run in seen.runs] if seen else [],
        "flows": sorted(seen.taken()) if seen else [],
        "stopped_at": seen.trouble.step + 1 if seen and seen.trouble else None,
        "why": i18n.told(why(error)) if error else None,
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "name": run.name, "process": run.process, "status": run.status, "outcome": run.outcome,
        "places": [element for _, element in run.places], "variables": run.variables,
        "tasks": [{"element_id": one.element_id, "form": one.form_key} for one in run.tasks],
        "waits_for": [{"kind": one.kind, "name": one.name} for one in run.subscriptions],
        "incidents": [{"element_id": one.element_id, "code": one.code} for one in run.incidents],
    }  # fmt: skip


def _answer(answer: Answer) -> dict[str, Any]:
    ways = [{**asdict(way.difference), "instances": way.instances} for way in answer.other]
    return {
        "replay": answer.replay, "total": len(answer.replay.instances), "played": answer.played, "same": answer.same,
        "other": ways, "cannot": answer.cannot,
    }  # fmt: skip
