"""Files whose time is up, for other systems: which they are, and erasing what one says about people."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import CASE, Blueprint, refuses
from api.rest.schemas.cases import CaseSchema
from api.rest.schemas.keeping import FileDueListSchema
from engine import casework
from engine.cases import retention
from engine.cases.models import Case
from engine.cases.permissions import NotForYourRole

blueprint = Blueprint("Keeping", __name__, description="How long files are kept, and what happens then.")


@blueprint.route("/retention")
class Due(Resource):
    """Files whose time is up."""

    @refuses(NotForYourRole)
    @blueprint.response(200, FileDueListSchema)
    def get(self) -> dict[str, Any]:
        """The closed files that need not be kept any longer, oldest first, for those who keep them."""
        return {"items": retention.due(self.session, self.actor)}


@blueprint.route("/cases/<uuid:case_id>/erasure")
class Erasure(Resource):
    """Erasing."""

    @refuses(*CASE, NotForYourRole, retention.NotDue, retention.Held)
    @blueprint.response(200, CaseSchema)
    def post(self, case_id: UUID) -> Case:
        """Erase what a file says about people once its time is up; number, kind, dates, outcome and history stay."""
        return casework.erase(self.session, self.actor, case_id)
