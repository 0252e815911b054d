"""Emergency looks: opening a case that is not one's own, and for the county centre who did."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.posted import posted_id
from api.resource import Page
from engine.cases.permissions import EMERGENCY
from engine.casework import emergency
from engine.errors import DomainError

blueprint = Blueprint("emergency", __name__)


class Emergency(Page):
    """Open a case by its number; the list of what was opened."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        if request.form.get("look"):
            emergency.end(self.session, self.actor, posted_id("look"))
            return redirect(url_for("emergency.page", notice="emergency-ended"), 303)
        number, reason = request.form.get("number", ""), request.form.get("reason", "")
        look = emergency.open_case(self.session, self.actor, number, reason)
        return redirect(url_for("case.page", case_id=look.case_id, notice="emergency-opened"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        looks, names = emergency.looks(self.session, self.actor)
        opens = not self.actor.roles.isdisjoint(EMERGENCY)
        return render_template(
            "emergency.html", looks=looks, names=names, opens=opens, given=request.form, error=error
        )  # fmt: skip


blueprint.add_url_rule("/emergency", view_func=Emergency.as_view("page"))
