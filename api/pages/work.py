"""My work: what waits for me and my groups. The address holds view, filters and order, so that it can be kept."""

import json
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api import i18n
from api.resource import Page
from engine import casework
from engine.casework import mentions
from engine.casework.warnings import warnings_for
from engine.casework.work import ORDERS
from engine.casework.work_filters import WAITING, Filters
from engine.errors import N_
from engine.people.roles import ROLES
from engine.territory import queries as territory

VIEWS = {
    "all": N_("All"),
    "mine": N_("Mine"),
    "group": N_("My groups'"),
    "due": N_("Due soon"),
    "overdue": N_("Overdue"),
    "sign": N_("To agree to"),
    "delegated": N_("Delegated by me"),
}
ALWAYS = ("all", "mine", "group", "due", "overdue")
"""The views that are shown although nothing is in them."""
EMPTY = {
    "all": N_("Nothing waits for you. New reports of your division appear here as soon as they come in."),
    "mine": N_("You have taken on no task. Look under “My groups'” for what waits for somebody."),
    "group": N_("Nothing waits for your groups."),
    "due": N_("Nothing is due within two days."),
    "overdue": N_("Nothing is overdue."),
    "sign": N_("Nobody waits for you to agree."),
    "delegated": N_("You have delegated nothing that is not back."),
}
SORTS = {
    "urgent": N_("Most urgent first"),
    "due": N_("What is due soonest first"),
    "oldest": N_("What has waited longest first"),
    "newest": N_("Newest first"),
}
assert set(SORTS) == set(ORDERS)
DUE = {"today": N_("today or earlier"), "week": N_("within a week"), "none": N_("no time limit")}
CHANGES = {
    "new": N_("{new} new."),
    "changed": N_("{changed} changed or gone."),
    "both": N_("{new} new, {changed} changed or gone."),
}
"""What the page says when something has changed meanwhile; it puts the numbers in."""

blueprint = Blueprint("work", __name__)


class Work(Page):
    """Open tasks of one view."""

    def get(self) -> ResponseReturnValue:
        if self.actor.roles == {"volunteer"}:
            return redirect(url_for("rounds.page"), 303)  # no step is ever theirs
        which, sort = request.args.get("show", "all"), request.args.get("sort", "urgent")
        if which not in VIEWS or sort not in SORTS:
            return redirect(url_for("work.page"), 303)
        filters = Filters.of(request.args)
        after = request.args.get("after", "")
        page = casework.my_tasks(self.session, self.actor, which, filters=filters, sort=sort, after=after)
        address = {**filters.used, **({"show": which} if which != "all" else {})}
        if sort != "urgent":
            address["sort"] = sort
        return render_template(
            "work.html",
            which=which,
            views=VIEWS,
            always=ALWAYS,
            warnings=warnings_for(self.session, self.actor),
            mentions=mentions.unseen(self.session, self.actor),
            counts=casework.task_counts(self.session, self.actor),
            step=casework.StepNames(self.session, i18n.locale()),
            page=page,
            filters=filters,
            address=address,
            sort=sort,
            sorts=SORTS,
            due=DUE,
            waiting=WAITING,
            places=territory.below(self.session, (held.path for held in self.actor.memberships)),
            empty=[] if page.lines else self._why_empty(which, filters),
            live=self._live(which, filters),
        )

    def _why_empty(self, which: str, filters: Filters) -> list[str]:
        """In sentences: what one is here, what the view shows, and what the filters hide."""
        said = [gettext(EMPTY[which])]
        hidden = casework.count(self.session, self.actor, which) if filters.used else 0
        if hidden:
            said = [i18n.hidden(hidden)]
        elsewhere = casework.count(self.session, self.actor, "all") if which != "all" and not filters.used else 0
        if elsewhere:
            said.append(i18n.elsewhere(elsewhere))
        return [self._who(), *said]

    def _who(self) -> str:
        held = self.actor.memberships
        if not held:
            return str(gettext("You hold no role today, so no step can come to you. Ask the administrator."))
        places = territory.by_path(self.session, {one.path for one in held})
        roles = [
            gettext("%(role)s of %(place)s", role=gettext(ROLES[one.role]), place=i18n.place(places.get(one.path)))
            for one in held
        ]
        return str(gettext("You are here as: %(roles)s.", roles=gettext(", ").join(roles)))

    def _live(self, which: str, filters: Filters) -> dict[str, Any]:
        """What the page's script needs to say that something has changed: where to ask, and what is known."""
        return {
            "address": url_for("Tasks.Changes", **{"view": which, **filters.used}),  # type: ignore[arg-type]
            "known": json.dumps(casework.versions(self.session, self.actor, which, filters)),
            "says": json.dumps({name: gettext(sentence) for name, sentence in CHANGES.items()}),
        }


blueprint.add_url_rule("/work", view_func=Work.as_view("page"))
