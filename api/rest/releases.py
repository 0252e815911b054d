"""Releases for other systems: ask, look, approve, refuse, withdraw, roll back. For administrators."""

from typing import Any
from uuid import UUID

from api.i18n import told
from api.resource import Resource
from api.rest.refusals import Blueprint, Errors, refuses
from api.rest.schemas.releases import AskSchema, DecideSchema, ReleaseListSchema, ReleaseReportSchema, ReleaseSchema
from engine import sentences
from engine.casework.errors import AdministratorsOnly, ReasonMissing
from engine.studio import releases
from engine.studio.errors import (
    BaseMoved,
    DraftClosed,
    DraftUnknown,
    NothingChanged,
    OwnRelease,
    ReleaseOpen,
    ReleaseOver,
    ReleaseUnknown,
)
from engine.studio.models import Release

RELEASE: Errors = (AdministratorsOnly, ReleaseUnknown)
ASKED: Errors = (ReasonMissing, ReleaseOpen, BaseMoved, NothingChanged)
blueprint = Blueprint("Releases", __name__, description="From a draft to the next version in force.")


@blueprint.route("/studio/releases")
class Releases(Resource):
    """Releases."""

    @refuses(AdministratorsOnly)
    @blueprint.response(200, ReleaseListSchema)
    def get(self) -> dict[str, Any]:
        """The newest releases."""
        return {"items": releases.recent(self.session, self.actor)}


@blueprint.route("/studio/drafts/<uuid:draft_id>/releases")
class Ask(Resource):
    """Asking."""

    @refuses(AdministratorsOnly, DraftUnknown, DraftClosed, *ASKED)
    @blueprint.arguments(AskSchema)
    @blueprint.response(201, ReleaseSchema)
    def post(self, body: dict[str, Any], draft_id: UUID) -> Release:
        """Ask for a draft, as it is now, to be deployed: checked and played first, then approved where it must be."""
        return releases.ask(self.session, self.actor, draft_id, body["reason"], body["effective_at"])


@blueprint.route("/studio/releases/<uuid:release_id>")
class OneRelease(Resource):
    """One release."""

    @refuses(*RELEASE)
    @blueprint.response(200, ReleaseReportSchema)
    def get(self, release_id: UUID) -> dict[str, Any]:
        """A release with its findings, its scenarios and what it changes."""
        release = releases.one(self.session, self.actor, release_id)
        return {
            "release": release,
            "findings": [_finding(one) for one in release.report.get("findings", [])],
            "scenarios": [one | {"problem": _read(one["problem"])} for one in release.report.get("scenarios", [])],
            "problem": _read(release.report.get("problem")) or "",
            "changes": releases.changes_of(self.session, release),
        }

    @refuses(*RELEASE, ReleaseOver, OwnRelease, *ASKED)
    @blueprint.arguments(DecideSchema)
    @blueprint.response(200, ReleaseSchema)
    def post(self, body: dict[str, str], release_id: UUID) -> Release:
        """Approve, refuse or withdraw a release; or ask for what was in force before one to be so again."""
        match body["step"]:
            case "approve":
                return releases.approve(self.session, self.actor, release_id, body["reason"])
            case "refuse":
                return releases.refuse(self.session, self.actor, release_id, body["reason"])
            case "withdraw":
                return releases.withdraw(self.session, self.actor, release_id)
        return releases.roll_back(self.session, self.actor, release_id, body["reason"])


def _read(kept: str | None) -> str | None:
    return told(sentences.read(kept)) if kept else None


def _finding(kept: dict[str, Any]) -> dict[str, Any]:
    texts = {name: told(sentences.read(kept[name])) for name in ("message", "hint")}
    return {**kept, "line": None, **texts}
