"""Figures and coverage for other systems."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.figures import (
    CorrectionSchema,
    CoverageSchema,
    FiguresSchema,
    PublishedEntrySchema,
    PublishedListSchema,
    PublishedSchema,
    WindowSchema,
)
from engine import casework
from engine.cases.blocklist import WordsBlocked
from engine.cases.permissions import NotForYourRole
from engine.casework.coverage import Coverage as Found
from engine.errors import Forbidden
from engine.ledger import figures, published
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


@blueprint.route("/published")
class PublishedFigures(Resource):
    """What others published about the county."""

    @blueprint.response(200, PublishedListSchema)
    def get(self) -> dict[str, Any]:
        """Each with source and method, by name and year; none of it enters a figure that is counted here."""
        return {"items": published.lines(self.session, self.actor)}

    @refuses(Forbidden, published.PublishedUnfit, published.PublishedAlready, WordsBlocked)
    @blueprint.arguments(PublishedEntrySchema)
    @blueprint.response(201, PublishedSchema)
    def post(self, body: dict[str, Any]) -> published.Published:
        """Enter one."""
        return published.record(self.session, self.actor, body)


@blueprint.route("/published/<uuid:published_id>/corrections")
class PublishedCorrections(Resource):
    """A line that is wrong."""

    @refuses(
        Forbidden, published.PublishedUnfit, published.PublishedUnknown, published.PublishedAlready,
        published.CorrectionUnfounded, WordsBlocked,
    )  # fmt: skip
    @blueprint.arguments(CorrectionSchema)
    @blueprint.response(201, PublishedSchema)
    def post(self, body: dict[str, Any], published_id: UUID) -> published.Published:
        """Correct it with a line of its own; the first one stays readable."""
        return published.record(self.session, self.actor, body, replaces=published_id)
