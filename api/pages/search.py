"""Search over cases and their people: one box above every page of the house."""

from flask import Blueprint, render_template, request

from api import i18n
from api.resource import Page
from engine.cases import search
from engine.casework import emergency
from engine.errors import DomainError
from engine.territory import queries as territory

blueprint = Blueprint("search", __name__)


class Search(Page):
    """What was found, with the words marked."""

    def get(self) -> str:
        asked = request.args.get("q", "").strip()[: search.LONGEST]
        hits, error = search.Hits([], [], None), None
        try:
            hits = search.search(self.session, self.actor, asked, after=request.args.get("after", ""))
        except (search.SearchTooShort, search.IdentityElsewhere) as refused:
            error = _shown(refused)
        places = territory.by_path(self.session, {hit.case.division for hit in hits.hits})
        return render_template(
            "search.html", asked=asked, found=hits, places=places, error=error,
            emergencies=emergency.may_use(self.actor),
        )  # fmt: skip


def _shown(refused: DomainError) -> str:
    return i18n.sentence(refused)


blueprint.add_url_rule("/search", view_func=Search.as_view("page"))
