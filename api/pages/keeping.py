"""Sealed cases and files whose time is up: what the centre keeps, and what it may let go."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.pages.case import CasePage
from api.pages.task import where_to
from api.posted import posted_id
from api.resource import Page
from engine import casework
from engine.cases import holds, retention, sealing
from engine.cases.permissions import NotForYourRole
from engine.errors import DomainError

blueprint = Blueprint("keeping", __name__)


class Seal(Page):
    """Seal a case."""

    def post(self, case_id: UUID) -> ResponseReturnValue:
        casework.seal(self.session, self.actor, case_id)
        return redirect(where_to(self, case_id, "sealed"), 303)


class Unseal(CasePage):
    """Ask that a case be unsealed, or agree as the second person."""

    def post(self, case_id: UUID) -> ResponseReturnValue:
        if request.form.get("agree"):
            sealing.agree(self.session, self.actor, case_id)
            return redirect(where_to(self, case_id, "unsealed"), 303)
        sealing.ask(self.session, self.actor, case_id, request.form.get("reason", ""))
        return redirect(where_to(self, case_id, "unsealing"), 303)

    def refused(self, error: DomainError, case_id: UUID) -> str:  # type: ignore[override]
        return self._show(case_id, error=i18n.sentence(error))


class Sealed(Page):
    """The sealed cases of one's county: numbers and kinds, no words."""

    def get(self) -> str:
        if not self.actor.has("county_officer"):
            raise NotForYourRole
        return render_template("sealed.html", cases=sealing.sealed_cases(self.session, self.actor))


class Retention(Page):
    """Closed files whose time is up, and the table of how long files are kept."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        case_id, do = posted_id("case"), request.form.get("do", "erase")
        reason = request.form.get("reason", "")
        if do == "hold":
            holds.hold(self.session, self.actor, case_id, reason)
        elif do == "let_go":
            holds.let_go(self.session, self.actor, case_id, reason)
        else:
            casework.erase(self.session, self.actor, case_id)
        return redirect(url_for("keeping.retention", notice="erased" if do == "erase" else "held"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        due = retention.due(self.session, self.actor)
        held = holds.held(self.session, self.actor)
        return render_template("retention.html", due=due, held=held, rules=retention.rules(), error=error)


blueprint.add_url_rule("/cases/<uuid:case_id>/seal", view_func=Seal.as_view("seal"))
blueprint.add_url_rule("/cases/<uuid:case_id>/unseal", view_func=Unseal.as_view("unseal"))
blueprint.add_url_rule("/sealed", view_func=Sealed.as_view("sealed"))
blueprint.add_url_rule("/retention", view_func=Retention.as_view("retention"))
