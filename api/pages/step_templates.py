"""The templates of steps that administrators keep: a list, from which one can be removed."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.resource import Page
from engine.people import queries as people
from engine.studio import step_templates
from engine.studio.errors import StepTemplateUnknown

blueprint = Blueprint("step_templates", __name__)


class StepTemplates(Page):
    """All of them."""

    def get(self) -> str:
        found = step_templates.kept(self.session, self.actor)
        names = people.names(self.session, [one.made_by for one in found])
        return render_template("studio/step_templates.html", templates=found, names=names)

    def post(self) -> ResponseReturnValue:
        chosen = request.form.get("template", type=UUID)
        if chosen is None:
            raise StepTemplateUnknown
        step_templates.remove(self.session, self.actor, chosen)
        return redirect(url_for("step_templates.page"), 303)


blueprint.add_url_rule("/studio/step-templates", view_func=StepTemplates.as_view("page"))
