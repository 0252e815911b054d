"""A grid worker's or volunteer's own: what became of each report, and patrols on which nothing was found."""

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import words
from api.pages.form_page import is_fragment
from api.posted import posted_id
from api.resource import Page
from engine.cases import rounds
from engine.ledger import queries as ledger
from engine.volunteers import own

blueprint = Blueprint("rounds", __name__)


class Own(Page):
    """One's own reports, shifts and rounds; a round is noted with one tap."""

    def get(self) -> str:
        return render_template(
            "own_reports.html",
            cases=ledger.reported_by(self.session, self.actor),
            rounds=rounds.mine(self.session, self.actor),
            shifts=own.stands(self.session, self.actor),
            stands=words.stands,
        )

    def post(self) -> ResponseReturnValue:
        if "stand" in request.form:
            own.cannot_come(self.session, self.actor, posted_id("stand"))
            return redirect(url_for("rounds.page", notice="cannot-come"), 303)
        rounds.went(self.session, self.actor, request.form.get("key", ""), _at(request.form.get("at", type=int)))
        if is_fragment("receipt"):
            return {"number": "", "code": ""}
        return redirect(url_for("rounds.page", notice="round"), 303)


def _at(millis: int | None) -> datetime | None:
    """When a phone without a signal noted it."""
    try:
        return datetime.fromtimestamp(millis / 1000, UTC) if millis else None
    except (ValueError, OverflowError, OSError):
        return None


blueprint.add_url_rule("/reports", view_func=Own.as_view("page"))
