"""Figures and coverage for other systems."""

from typing import Any

from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.figures import CoverageSchema, FiguresSchema, WindowSchema
from engine import casework
from engine.cases.permissions import NotForYourRole
from engine.casework.coverage import Coverage as Found
from engine.ledger import figures
from engine.ledger.queries import FilterInvalid

blueprint = Blueprint("Figures", __name__, description="Figures, counted from the cases, and what is left out.")


@blueprint.route("/figures")
class Figures(Resource):
    """The figures."""

    @refuses(FilterInvalid)
    @blueprint.arguments(WindowSchema, location="query")
    @blueprint.response(200, FiguresSchema)
    def get(self, query: dict[str, Any]) -> figures.Figures:
        """Rates with numerator and denominator, and counts; null where a count is too small to be shown."""
        window = figures.Window.of(query["since"], query["until"], query["division"])
        return figures.figures(self.session, self.actor, window)


@blueprint.route("/coverage")
class Coverage(Resource):
    """The three checks."""

    @refuses(NotForYourRole)
    @blueprint.response(200, CoverageSchema)
    def get(self) -> Found:
        """What falls short of no exception, no dead corner, no gap."""
        return casework.coverage(self.session, self.actor)
