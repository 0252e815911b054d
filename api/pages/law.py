"""The calendar of working days and the catalogue of deadlines: everybody reads them, administrators keep them."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.resource import Page
from engine import casework, clock
from engine.deadlines import queries, rules
from engine.deadlines.ahead import begins_with
from engine.deadlines.keeping import AmendmentUnfit, CalendarUnfit
from engine.errors import N_, DomainError
from engine.people import queries as people

DAYS = {"off": False, "work": True, "plain": None}
DUTY = {
    "citizen": N_("a right of citizens"), "organ": N_("a duty of the organ"), "court": N_("a duty of the court"),
    "police": N_("a duty of the police"), "mediator": N_("a duty of the mediators"),
    "arbitration": N_("a duty of the arbitrators"), "management": N_("our own management, no law"),
}  # fmt: skip
blueprint = Blueprint("law", __name__)


class Calendar(Page):
    """The days off and make-up workdays of a year."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        given = request.form
        first, last = _day(given.get("first", "")), _day(given.get("last", "") or given.get("first", ""))
        if first is None or last is None or given.get("kind") not in DAYS:
            raise CalendarUnfit
        moved = casework.law_keeping.set_days(
            self.session, self.actor, first, last, working=DAYS[given["kind"]], why=given.get("why", "")
        )
        return redirect(url_for("law.calendar", year=first.year, moved=moved, notice="calendar"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        year = request.args.get("year", type=int) or clock.today().year
        days = queries.kept_days(self.session, year) if 1900 < year < 2200 else []
        return render_template(
            "calendar.html",
            year=year,
            days=days,
            names=people.names(self.session, [one.by for one in days]),
            missing=queries.missing_years(self.session),
            moved=request.args.get("moved", type=int),
            may_change=self.actor.has("admin"),
            given=request.form,
            error=error,
        )


class Deadlines(Page):
    """Every deadline of the catalogue as it is in force today."""

    def get(self) -> str:
        today = clock.today()
        found = [one for one in queries.catalogue(self.session) if not one.in_force_to or one.in_force_to >= today]
        return render_template("deadlines.html", found=found, duty=DUTY, running=queries.running_count(self.session))


class Deadline(Page):
    """One deadline: how long, by which article, its history; a new law from a day on."""

    def get(self, key: str) -> str:
        return self._show(key)

    def post(self, key: str) -> ResponseReturnValue:
        given = request.form
        begin = _day(given.get("in_force_from", ""))
        if begin is None:
            raise AmendmentUnfit
        casework.law_keeping.amend(self.session, self.actor, key, {**given.to_dict(), "in_force_from": begin})
        return redirect(url_for("law.deadline", key=key, notice="amended"), 303)

    def refused(self, error: DomainError, key: str) -> str:  # type: ignore[override]
        return self._show(key, i18n.sentence(error))

    def _show(self, key: str, error: str | None = None) -> str:
        history = queries.history(self.session, key)
        return render_template(
            "deadline.html",
            history=history,
            newest=history[0],
            names=people.names(self.session, [one.by for one in history]),
            duty=DUTY,
            begins_with=begins_with,
            allowed=rules.told,
            running=queries.running_count(self.session).get(key, 0),
            given=request.form,
            may_change=self.actor.has("admin"),
            error=error,
        )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


blueprint.add_url_rule("/calendar", view_func=Calendar.as_view("calendar"))
blueprint.add_url_rule("/deadlines", view_func=Deadlines.as_view("deadlines"))
blueprint.add_url_rule("/deadlines/<key>", view_func=Deadline.as_view("deadline"))
