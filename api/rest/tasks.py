"""Tasks: find them, take them on, keep a draft, complete them."""

import hashlib
import json
from typing import Any
from uuid import UUID

from flask import Response, request
from werkzeug.http import unquote_etag

from api import i18n, uploads
from api.idempotency import idempotent
from api.resource import Resource
from api.rest.paging import Listed, page
from api.rest.refusals import KEYED, TASK, Blueprint, refuses
from api.rest.schemas.operation import VersionHeaderSchema
from api.rest.schemas.shared import AnswersSchema, GuardedAnswersSchema
from api.rest.schemas.tasks import (
    AssigneeSchema,
    ChangesSchema,
    CompletionHeaderSchema,
    GivenBackSchema,
    OneTaskSchema,
    TaskPageSchema,
    TaskQuerySchema,
    TaskSchema,
    WorkQuerySchema,
)
from engine import casework
from engine.cases.blocklist import WordsBlocked
from engine.cases.commands import CaseClosed
from engine.cases.parties import ConsentWithdrawn, GuardianMissing
from engine.casework import laid
from engine.casework.choosing import ChosenTwice
from engine.casework.errors import AgreementVoid, AnswersInvalid, CasePaused, ColleagueUnfit, CursorInvalid, Outdated
from engine.casework.police_mediation import GuardianAbsent, SuspectByProxy
from engine.casework.reasons import PersonNamed
from engine.casework.reception_places import SlotTaken, SlotUnknown
from engine.casework.work_filters import Filters, WorkFilterInvalid
from engine.documents.queries import UploadUnknown
from engine.people import queries as people
from engine.people.queries import AccountUnknown
from engine.supermarket.conflicts import ConflictOfInterest
from engine.workflow.errors import SignaturesMissing, TaskDelegated, TaskNotOpen, TaskUnknown
from engine.workflow.models import UserTask
from engine.workflow.tasks import SeparationOfDuties

UNFIT = (
    GuardianMissing, ConsentWithdrawn, ChosenTwice, ConflictOfInterest, AgreementVoid, GuardianAbsent, SuspectByProxy,
    CaseClosed, SlotUnknown, SlotTaken,
)  # fmt: skip
Tagged = tuple[Any, int, dict[str, str]]
TAGGED = {"ETag": {"description": "The version that was read; for If-Match", "schema": {"type": "string"}}}
blueprint = Blueprint("Tasks", __name__, description="What waits for a person: read it, take it on, complete it.")


@blueprint.route("/tasks")
class Tasks(Resource):
    """My work."""

    @refuses(CursorInvalid, WorkFilterInvalid)
    @blueprint.arguments(TaskQuerySchema, location="query")
    @blueprint.response(200, TaskPageSchema)
    def get(self, query: dict[str, Any]) -> Listed:
        """Open tasks that you or your groups can do: red cases first, then what is due soonest."""
        found = casework.my_tasks(
            self.session, self.actor, query["view"], filters=Filters.of(query), sort=query["sort"],
            after=query["cursor"], size=query["limit"],
        )  # fmt: skip
        return page([{"task": one.task, "case": one.case, "due": one.due} for one in found.lines], found.next)


@blueprint.route("/tasks/changes")
class Changes(Resource):
    """What has changed."""

    @refuses(WorkFilterInvalid)
    @blueprint.arguments(WorkQuerySchema, location="query")
    @blueprint.response(200, ChangesSchema, headers=TAGGED)
    @blueprint.alt_response(304, description="Nothing has changed since the version that If-None-Match names")
    def get(self, query: dict[str, Any]) -> Any:
        """The versions of the newest 200 tasks of a view, to ask again and again: with If-None-Match it costs little.

        A task that is not listed any more is done, or no longer yours.
        """
        found = casework.versions(self.session, self.actor, query["view"], Filters.of(query))
        etag = hashlib.sha256(json.dumps(found).encode()).hexdigest()[:20]
        headers = {"ETag": f'"{etag}"', "Cache-Control": "private, no-cache"}
        if request.if_none_match.contains(etag):
            return Response(status=304, headers=headers)
        return {"versions": found}, 200, headers


@blueprint.route("/tasks/<uuid:task_id>")
class OneTask(Resource):
    """One task."""

    @refuses(TaskUnknown, TaskNotOpen)
    @blueprint.response(200, OneTaskSchema, headers=TAGGED)
    def get(self, task_id: UUID) -> Tagged:
        """A task with its form (a form-js definition), what is known already, and its case.

        `answers` are your draft, or what is known from earlier steps; `proposal` is what the rules propose where a
        person decides (gate, way, risk, level, category, deadlines, each with its reason and article, in both
        languages); `laid` holds the completed forms that you read for this step, also where the case is not yours;
        `refusal` says why you cannot complete it.
        """
        found = casework.task_page(self.session, self.actor, task_id)
        refusal = {"code": found.refusal.code} if found.refusal else None
        body = {
            "task": found.task,
            "case": found.case,
            "form": found.form.source if found.form else None,
            "answers": found.raw,
            "proposal": found.proposal,
            "draft_saved_at": found.draft_saved_at,
            "laid": [
                {"submission": one, "title": one.form.title(i18n.reader()), "document": None} for one in found.laid
            ],
            "refusal": refusal,
        }
        return body, 200, tag(found.task)


@blueprint.route("/tasks/<uuid:task_id>/papers/<uuid:upload_id>")
class Paper(Resource):
    """A file beside what lies before you."""

    @refuses(TaskUnknown, UploadUnknown)
    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type="*/*")
    def get(self, task_id: UUID, upload_id: UUID) -> Response:
        """A file that a form in `laid` names."""
        return uploads.answer(laid.upload(self.session, self.actor, task_id, upload_id))


class Change(Resource):
    """A change of who does a task."""

    def changed(self, task: UserTask) -> Tagged:
        """The task as it is after the change."""
        self.session.flush()  # the version goes up where the row is written
        return task, 200, tag(task)


@blueprint.route("/tasks/<uuid:task_id>/claim")
class Claim(Change):
    """Taking on."""

    @refuses(*TASK, Outdated)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.response(200, TaskSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], task_id: UUID) -> Tagged:
        """Take a task on."""
        return self.changed(casework.claim(self.session, self.actor, task_id, version=expected()))


@blueprint.route("/tasks/<uuid:task_id>/release")
class Release(Change):
    """Giving back."""

    @refuses(*TASK, Outdated, WordsBlocked, PersonNamed)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(GivenBackSchema)
    @blueprint.response(200, TaskSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], task_id: UUID) -> Tagged:
        """Give a task back to its group."""
        return self.changed(
            casework.release(self.session, self.actor, task_id, reason=body["reason"], version=expected())
        )


@blueprint.route("/tasks/<uuid:task_id>/assign")
class Assign(Change):
    """Handing on."""

    @refuses(*TASK, AccountUnknown, ColleagueUnfit, Outdated, WordsBlocked, PersonNamed)
    @blueprint.arguments(VersionHeaderSchema, location="headers")
    @blueprint.arguments(AssigneeSchema)
    @blueprint.response(200, TaskSchema, headers=TAGGED)
    def post(self, headers: dict[str, Any], body: dict[str, Any], task_id: UUID) -> Tagged:
        """Hand a task to a colleague whose role can do it."""
        colleague, reason = people.actor_by_id(self.session, str(body["assignee"])), body["reason"]
        return self.changed(
            casework.assign(self.session, self.actor, task_id, colleague, reason=reason, version=expected())
        )


@blueprint.route("/tasks/<uuid:task_id>/draft")
class Draft(Resource):
    """One's own draft."""

    @refuses(*TASK)
    @blueprint.arguments(AnswersSchema)
    @blueprint.response(204)
    def put(self, body: dict[str, Any], task_id: UUID) -> None:
        """Keep answers as your draft; nothing is checked yet."""
        casework.save_draft(self.session, self.actor, task_id, body["answers"])


@blueprint.route("/tasks/<uuid:task_id>/complete")
class Complete(Resource):
    """Completing."""

    @idempotent
    @refuses(
        *TASK,
        SeparationOfDuties,
        TaskDelegated,
        SignaturesMissing,
        CasePaused,
        Outdated,
        AnswersInvalid,
        *UNFIT,
        *KEYED,
    )
    @blueprint.arguments(CompletionHeaderSchema, location="headers")
    @blueprint.arguments(GuardedAnswersSchema)
    @blueprint.response(200, TaskSchema)
    def post(self, headers: dict[str, Any], body: dict[str, Any], task_id: UUID) -> UserTask:
        """Complete a task with the answers of its form; the process goes on in the same transaction."""
        return casework.complete_task(
            self.session, self.actor, task_id, body["answers"], version=expected(), keep_words=body["keep_words"]
        )


def tag(versioned: Any) -> dict[str, str]:
    """The ETag of something that has a version."""
    return {"ETag": f'"{versioned.version}"'}


def expected() -> int | None:
    """The version that If-Match names; None if it names none. Raises Outdated for what was never a version."""
    given, _ = unquote_etag(request.headers.get("If-Match"))
    if given is None or given == "*":
        return None
    if not given.isdecimal():
        raise Outdated
    return int(given)
