"""Leaders' receptions: times that are open, and cases booked into them."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.posted import posted_id
from api.resource import Page
from engine import clock
from engine.casework import receptions
from engine.errors import DomainError, Forbidden

blueprint = Blueprint("receptions", __name__)


class Receptions(Page):
    """The receptions to come: open a time, book a case, take it out again."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        given = request.form
        match given.get("do"):
            case "book":
                receptions.book(self.session, self.actor, posted_id("slot"), given.get("number", ""))
            case "move":
                receptions.move(
                    self.session, self.actor, posted_id("booking"), posted_id("to"), given.get("reason", "")
                )  # fmt: skip
            case "cancel":
                receptions.cancel(self.session, self.actor, posted_id("booking"))
            case _:
                receptions.open_slot(
                    self.session, self.actor, leader=given.get("leader", ""), place=given.get("place", ""),
                    starts_at=_instant(given.get("starts_at", "")), capacity=given.get("capacity", type=int) or 0,
                )  # fmt: skip
        return redirect(url_for("receptions.page", notice="reception"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        found = receptions.coming(self.session, self.actor)
        try:
            leaders = receptions.leaders(self.session, self.actor)
        except Forbidden:
            leaders = []
        return render_template(
            "receptions.html",
            found=found,
            leaders=leaders,
            may_book=any(self.actor.has(role) for role in receptions.BOOKERS),
            given=request.form,
            error=error,
        )


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=clock.ZONE)


blueprint.add_url_rule("/receptions", view_func=Receptions.as_view("page"))
