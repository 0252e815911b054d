"""Releases: asking for one, the list, and one with its trial, its changes and its decision."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.pages import studio_frame as frame
from api.pages.studio_drafts import shown
from api.resource import Page
from engine import clock, sentences
from engine.errors import DomainError
from engine.people import queries as people
from engine.studio import drafts, releases
from engine.studio.models import Release

blueprint = Blueprint("studio_releases", __name__)


class Releases(Page):
    """What is on its way, and what was."""

    def get(self) -> str:
        found = releases.recent(self.session, self.actor)
        names = people.names(self.session, [one.asked_by for one in found])
        return render_template("studio/releases.html", releases=found, names=names, states=frame.STATES)


class Ask(Page):
    """Ask for a draft to be deployed; or take on what others have deployed meanwhile."""

    def post(self, draft_id: UUID) -> ResponseReturnValue:
        if request.form.get("do") == "take-on":
            drafts.take_on(self.session, self.actor, draft_id)
            return redirect(url_for("studio_drafts.draft", draft_id=draft_id), 303)
        reason, at = request.form.get("reason", ""), _moment(request.form.get("effective_at", ""))
        return _to(releases.ask(self.session, self.actor, draft_id, reason, at))

    def refused(self, error: DomainError, draft_id: UUID) -> str:  # type: ignore[override]
        return shown(self, draft_id, i18n.sentence(error))


class OneRelease(Page):
    """One release."""

    def get(self, release_id: UUID) -> str:
        return self._show(release_id)

    def post(self, release_id: UUID) -> ResponseReturnValue:
        reason = request.form.get("reason", "")
        match request.form.get("do"):
            case "approve":
                releases.approve(self.session, self.actor, release_id, reason)
            case "refuse":
                releases.refuse(self.session, self.actor, release_id, reason)
            case "withdraw":
                releases.withdraw(self.session, self.actor, release_id)
            case "roll-back":
                return _to(releases.roll_back(self.session, self.actor, release_id, reason))
        return redirect(url_for("studio_releases.release", release_id=release_id), 303)

    def refused(self, error: DomainError, release_id: UUID) -> str:  # type: ignore[override]
        return self._show(release_id, i18n.sentence(error))

    def _show(self, release_id: UUID, error: str | None = None) -> str:
        release = releases.one(self.session, self.actor, release_id)
        steps = releases.history(self.session, release)
        return render_template(
            "studio/release.html",
            release=release,
            findings=[_finding(one) for one in release.report.get("findings", [])],
            changes=releases.changes_of(self.session, release),
            steps=steps,
            names=people.names(self.session, [release.asked_by, release.decided_by, *(one.actor for one in steps)]),
            states=frame.STATES,
            events=frame.EVENTS,
            error=error,
        )


def _finding(kept: dict[str, str]) -> dict[str, str]:
    return {**kept, "says": " ".join(i18n.told(sentences.read(kept[name])) for name in ("message", "hint")).strip()}


def _moment(typed: str) -> datetime | None:
    """What a field for date and time holds, in the county's time."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=clock.ZONE)
    except ValueError:
        return None


def _to(release: Release) -> ResponseReturnValue:
    return redirect(url_for("studio_releases.release", release_id=release.id), 303)


blueprint.add_url_rule("/studio/releases", view_func=Releases.as_view("page"))
blueprint.add_url_rule("/studio/drafts/<uuid:draft_id>/releases", view_func=Ask.as_view("ask"))
blueprint.add_url_rule("/studio/releases/<uuid:release_id>", view_func=OneRelease.as_view("release"))
