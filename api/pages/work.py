"""My work: what waits for me and my groups. The address holds the view, so that it can be kept."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.resource import Page
from engine import casework
from engine.casework.warnings import warnings_for
from engine.errors import N_

VIEWS = {
    "all": N_("All"),
    "mine": N_("Mine"),
    "group": N_("My groups'"),
    "due": N_("Due soon"),
    "overdue": N_("Overdue"),
}
EMPTY = {
    "all": N_("Nothing waits for you. New reports of your division appear here as soon as they come in."),
    "mine": N_("You have taken on no task. Look under “My groups'” for what waits for somebody."),
    "group": N_("Nothing waits for your groups."),
    "due": N_("Nothing is due within two days."),
    "overdue": N_("Nothing is overdue."),
}
blueprint = Blueprint("work", __name__)


class Work(Page):
    """Open tasks of one view."""

    def get(self) -> ResponseReturnValue:
        which = request.args.get("show", "all")
        if which not in VIEWS:
            return redirect(url_for("work.page"), 303)
        return render_template(
            "work.html",
            which=which,
            views=VIEWS,
            empty=EMPTY[which],
            warnings=warnings_for(self.session, self.actor),
            counts=casework.task_counts(self.session, self.actor),
            step=casework.StepNames(self.session, i18n.locale()),
            page=casework.my_tasks(self.session, self.actor, which, after=request.args.get("after", "")),
        )


blueprint.add_url_rule("/work", view_func=Work.as_view("page"))
