"""Independent call-backs: which are to be made, and what was answered."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.posted import posted_id
from api.resource import Page
from engine.cases import callbacks
from engine.errors import DomainError

blueprint = Blueprint("callbacks", __name__)


class Callbacks(Page):
    """The call-backs that the reader may make."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        given = request.form
        callbacks.answer(
            self.session, self.actor, posted_id("callback"), solved=given.get("solved", ""),
            satisfied=given.get("satisfied", ""),
        )  # fmt: skip
        return redirect(url_for("callbacks.page", notice="called"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        due = callbacks.due(self.session, self.actor)
        return render_template("callbacks.html", due=due, percent=callbacks.PERCENT, error=error)


blueprint.add_url_rule("/callbacks", view_func=Callbacks.as_view("page"))
