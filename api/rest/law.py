"""The calendar of working days and the catalogue of deadlines for other systems."""

from typing import Any

from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.law import (
    AmendmentSchema,
    CalendarChangeSchema,
    CalendarSchema,
    CatalogueEntrySchema,
    CatalogueSchema,
    MovedSchema,
    YearSchema,
)
from engine import casework, clock
from engine.cases.blocklist import WordsBlocked
from engine.casework.errors import AdministratorsOnly
from engine.deadlines import queries
from engine.deadlines.keeping import AmendmentUnfit, CalendarUnfit, RuleUnfit
from engine.deadlines.models import CatalogueEntry

blueprint = Blueprint("Law", __name__, description="Working days and deadlines, as the processes count with them.")


@blueprint.route("/calendar")
class Calendar(Resource):
    """Days off and make-up workdays."""

    @blueprint.arguments(YearSchema, location="query")
    @blueprint.response(200, CalendarSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Those of a year; weekends need no entry."""
        year = query["year"] or clock.today().year
        return {"year": year, "items": queries.kept_days(self.session, year)}

    @refuses(AdministratorsOnly, CalendarUnfit, WordsBlocked)
    @blueprint.arguments(CalendarChangeSchema)
    @blueprint.response(200, MovedSchema)
    def post(self, body: dict[str, Any]) -> dict[str, int]:
        """Change days; running deadlines that hang on them are counted anew."""
        moved = casework.law_keeping.set_days(self.session, self.actor, body.pop("first"), body.pop("last"), **body)
        return {"moved": moved}


@blueprint.route("/deadlines")
class Deadlines(Resource):
    """The catalogue."""

    @blueprint.response(200, CatalogueSchema)
    def get(self) -> dict[str, Any]:
        """Every entry, past and coming ones too, by key and day."""
        return {"items": queries.catalogue(self.session)}


@blueprint.route("/deadlines/<key>")
class Deadline(Resource):
    """One deadline."""

    @refuses(AdministratorsOnly, queries.DeadlineUnknown, AmendmentUnfit, RuleUnfit, WordsBlocked)
    @blueprint.arguments(AmendmentSchema)
    @blueprint.response(201, CatalogueEntrySchema)
    def post(self, body: dict[str, Any], key: str) -> CatalogueEntry:
        """Put it in force anew from a day on; what runs keeps the law of its day."""
        return casework.law_keeping.amend(self.session, self.actor, key, body)
