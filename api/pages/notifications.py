"""What one is told, how one wants to be told, and, for administrators, what leaves the house for it."""

from datetime import time
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.resource import Page
from engine.casework import outbox
from engine.errors import DomainError, NotFound
from engine.notifications import channels, commands, kinds, queries
from engine.notifications.commands import AddressUnfit

blueprint = Blueprint("notifications", __name__)


class List(Page):
    """One's own notifications; opening one marks it read and leads to its case."""

    def get(self) -> str:
        told, following = queries.page(self.session, self.actor, i18n.locale(), after=_id(request.args.get("after")))
        return render_template("notifications.html", told=told, next=following)

    def post(self) -> ResponseReturnValue:
        one, case = _id(request.form.get("one")), _id(request.form.get("case"))
        commands.mark_read(self.session, self.actor, None if one is None else [one])
        if case is not None:
            return redirect(url_for("case.page", case_id=case), 303)
        return redirect(url_for("work.page" if request.form.get("to") == "work" else "notifications.page"), 303)


class Preferences(Page):
    """Addresses, quiet hours, and which kinds come by which channel."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        given = request.form
        commands.prefer(
            self.session, self.actor, email=given.get("email", ""), phone=given.get("phone", ""),
            quiet_from=_time(given.get("quiet_from", "")), quiet_to=_time(given.get("quiet_to", "")),
            choices={one.key: given.getlist(f"by-{one.key}") for one in kinds.choosable()},
        )  # fmt: skip
        return redirect(url_for("notifications.preferences", notice="told"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        kept = commands.preference(self.session, self.actor)
        typed = request.form
        chosen = {
            one.key: set(typed.getlist(f"by-{one.key}")) if typed else commands.chosen_channels(one.key, kept)
            for one in kinds.choosable()
        }
        return render_template(
            "notification_preferences.html",
            kept=kept,
            typed=typed,
            chosen=chosen,
            choosable=kinds.choosable(),
            channels=kinds.CHANNELS,
            are_set=channels.are_set(),
            error=error,
        )


class Outbox(Page):
    """Mails and messages with their state; try again, give up. For administrators."""

    def get(self) -> str:
        state = request.args.get("state", "")
        found = outbox.page(self.session, self.actor, state=state, after=_id(request.args.get("after")))
        return render_template(
            "outbox.html", found=found, state=state, states=outbox.STATES, are_set=channels.are_set(), name=kinds.name
        )

    def post(self) -> ResponseReturnValue:
        one = _id(request.form.get("delivery"))
        if one is None:
            raise NotFound
        act, notice = (
            (outbox.again, "resent") if request.form.get("act") == "again" else (outbox.give_up, "cancelled")
        )  # fmt: skip
        act(self.session, self.actor, one)
        return redirect(url_for("notifications.outbox", notice=notice), 303)


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise AddressUnfit from None


blueprint.add_url_rule("/notifications", view_func=List.as_view("page"))
blueprint.add_url_rule("/notifications/preferences", view_func=Preferences.as_view("preferences"))
blueprint.add_url_rule("/notifications/outbox", view_func=Outbox.as_view("outbox"))
