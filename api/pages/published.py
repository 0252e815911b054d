"""Figures that others published about the county, beside the figures that are counted here."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.posted import posted_id
from api.resource import Page
from engine.errors import DomainError
from engine.ledger import published
from engine.people import queries as people

blueprint = Blueprint("published", __name__)


class Published(Page):
    """Every line with its source, its method and what it replaced; entering one, or correcting one."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        replaces = posted_id("replaces") if request.form.get("replaces") else None
        published.record(self.session, self.actor, request.form, replaces=replaces)
        return redirect(url_for("published.page", notice="published"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        found = published.lines(self.session, self.actor)
        chosen = request.values.get("replaces", "")
        old = next((one.entry for one in found if str(one.entry.id) == chosen), None)
        return render_template(
            "published.html",
            found=found,
            names=people.names(self.session, [one.by for line in found for one in (line.entry, *line.earlier)]),
            may_keep=published.may_keep(self.actor),
            correcting=old,
            given=request.form or old,
            error=error,
        )


blueprint.add_url_rule("/figures/published", view_func=Published.as_view("page"))
