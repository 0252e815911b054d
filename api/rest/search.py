"""Search over cases and their people; what is known when a case comes in."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.paging import Listed, page
from api.rest.refusals import CASE, Blueprint, refuses
from api.rest.schemas.search import HitPageSchema, KnownSchema, SearchQuerySchema, WaitingListSchema
from engine import casework
from engine.cases import queries as cases
from engine.cases import search
from engine.casework.known import Known as WhatIsKnown
from engine.casework.waiting import waits_for

blueprint = Blueprint("Search", __name__, description="Find cases by number, words, names and phones.")


@blueprint.route("/search")
class Search(Resource):
    """Finding."""

    @refuses(search.SearchTooShort, search.IdentityElsewhere)
    @blueprint.arguments(SearchQuerySchema, location="query")
    @blueprint.response(200, HitPageSchema)
    def get(self, query: dict[str, Any]) -> Listed:
        """The cases that you may see in which every term stands, newest first: in words, place, or a party's name.

        A case's number and a phone are found as well; a sealed case never.
        """
        found = search.search(self.session, self.actor, query["q"], after=query["cursor"], size=query["limit"])
        return page(found.hits, found.next)


@blueprint.route("/cases/<uuid:case_id>/waiting")
class Waits(Resource):
    """Why it stands still."""

    @refuses(*CASE)
    @blueprint.response(200, WaitingListSchema)
    def get(self, case_id: UUID) -> dict[str, Any]:
        """For whom or what a case waits, since when; the reasons that keep all else from going on come first."""
        case = cases.case(self.session, self.actor, case_id)
        return {"items": waits_for(self.session, case)}


@blueprint.route("/cases/<uuid:case_id>/known")
class Known(Resource):
    """What is known."""

    @refuses(*CASE)
    @blueprint.response(200, KnownSchema)
    def get(self, case_id: UUID) -> WhatIsKnown:
        """Other cases of the same people or place that you may see, and what stands between you and this case."""
        case = cases.case(self.session, self.actor, case_id)
        return casework.known(self.session, self.actor, case)
