"""Templates of steps, for the studio's editor and other systems. For administrators."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.step_templates import KeepStepSchema, StepTemplateListSchema, StepTemplateSchema
from engine.casework.errors import AdministratorsOnly
from engine.studio import step_templates
from engine.studio.errors import StepTemplateUnfit, StepTemplateUnknown
from engine.studio.models import StepTemplate

blueprint = Blueprint("Step templates", __name__, description="Configured steps, kept to be drawn again.")


@blueprint.route("/studio/step-templates")
class StepTemplates(Resource):
    """Templates of steps."""

    @refuses(AdministratorsOnly)
    @blueprint.response(200, StepTemplateListSchema)
    def get(self) -> dict[str, Any]:
        """All templates of steps, by their names."""
        return {"items": step_templates.kept(self.session, self.actor)}

    @refuses(AdministratorsOnly, StepTemplateUnfit)
    @blueprint.arguments(KeepStepSchema)
    @blueprint.response(201, StepTemplateSchema)
    def post(self, body: dict[str, str]) -> StepTemplate:
        """Keep a configured step as a template for everybody."""
        return step_templates.keep(self.session, self.actor, body["title"], body["content"])


@blueprint.route("/studio/step-templates/<uuid:template_id>")
class OneStepTemplate(Resource):
    """One template."""

    @refuses(AdministratorsOnly, StepTemplateUnknown)
    @blueprint.response(204)
    def delete(self, template_id: UUID) -> None:
        """Remove a template; steps that were drawn from it stay as they are."""
        step_templates.remove(self.session, self.actor, template_id)
