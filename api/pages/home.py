"""The start page for everybody: report, follow, whom to call, sign in."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from api.phones import advice_phones, elsewhere_phones, emergency_phones
from api.resource import Page

blueprint = Blueprint("home", __name__)


class Home(Page):
    """What a villager sees first; whoever is signed in goes to their work."""

    public = True

    def get(self) -> ResponseReturnValue:
        if self.actor.id:
            return redirect(url_for("work.page"), 303)
        return render_template(
            "home.html", phones=emergency_phones(), advice=advice_phones(), elsewhere=elsewhere_phones()
        )


blueprint.add_url_rule("/", view_func=Home.as_view("page"))
