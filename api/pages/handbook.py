"""Help: the handbook section by section, a guided first day for each role, and all of it in print."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api import handbook, i18n
from api.resource import Page
from engine.people import first_day
from engine.people.roles import ROLES

blueprint = Blueprint("help", __name__)


class Help(Page):
    """The first day of whoever is signed in, and what the handbook holds."""

    public = True

    def get(self) -> str:
        held = self.actor.roles if self.actor.id else ()
        ticked = first_day.ticked(self.session, self.actor) if self.actor.id else set()
        steps = handbook.first_day(held, i18n.locale())
        return render_template("help.html", steps=steps, ticked=ticked, sections=handbook.sections(i18n.locale()))

    def post(self) -> ResponseReturnValue:
        if not self.actor.id:
            return redirect(url_for("sign_in.page"), 303)
        given = request.form
        first_day.tick(
            self.session, self.actor, given.get("step", ""), done=given.get("done") == "1", known=handbook.steps()
        )
        return redirect(url_for("help.page", _anchor="first-day"), 303)


class Section(Page):
    """One section."""

    public = True

    def get(self, key: str) -> str:
        found = handbook.sections(i18n.locale())
        if key not in found:
            abort(404)
        return render_template("help_section.html", section=found[key], sections=found)


class Manual(Page):
    """The handbook in print."""

    public = True

    def get(self) -> Response:
        names = {role: str(gettext(name)) for role, name in ROLES.items()}
        content = handbook.manual(i18n.locale(), names, str(gettext("The first day of each role")))
        headers = {"Content-Disposition": f'inline; filename="hejie-handbook-{i18n.locale()}.pdf"'}
        return Response(content, content_type="application/pdf", headers=headers)


blueprint.add_url_rule("/help", view_func=Help.as_view("page"))
blueprint.add_url_rule("/help/<key>", view_func=Section.as_view("section"))
blueprint.add_url_rule("/help/handbook.pdf", view_func=Manual.as_view("manual"))
