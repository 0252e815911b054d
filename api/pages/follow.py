"""Following a report with its tracking code and phone. Both travel in the body: no address or log ever holds them."""

from flask import Blueprint, render_template, request

from api import i18n, words
from api.resource import Page
from engine import casework
from engine.cases.queries import CaseUnknown
from engine.casework.queries import Followed

blueprint = Blueprint("follow", __name__)


class Follow(Page):
    """Ask for a code and a phone; say where the report stands."""

    public = True

    def get(self) -> str:
        return self._show()

    def post(self) -> tuple[str, int]:
        code, phone = request.form.get("code", ""), request.form.get("phone", "")
        try:
            return self._show(casework.follow(self.session, code, phone)), 200
        except CaseUnknown as unknown:  # nothing was changed: show the form again
            return self._show(error=i18n.sentence(unknown)), 404

    def _show(self, found: Followed | None = None, error: str | None = None) -> str:
        code, phone = request.form.get("code", ""), request.form.get("phone", "")
        says = words.stands(found.case) if found else None
        return render_template("follow.html", found=found, says=says, error=error, code=code, phone=phone)


blueprint.add_url_rule("/follow", view_func=Follow.as_view("page"))
