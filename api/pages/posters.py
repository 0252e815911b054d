"""A poster to print: whom to call in danger, and a code with which a phone reports from this place."""

from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import force_locale, gettext

from api import i18n
from api.phones import emergency_phones
from api.posters import qr, report_address
from api.resource import Page
from engine.casework import posters
from engine.territory import queries as territory
from engine.territory.models import Division

blueprint = Blueprint("posters", __name__)


class Posters(Page):
    """The places that the reader prints posters for, and the poster of the chosen one in Chinese and English."""

    def get(self) -> str:
        places = posters.places(self.session, self.actor)
        code = request.args.get("place", "")
        chosen = posters.place(self.session, self.actor, code) if code else places[0]
        address = report_address(chosen)
        return render_template(
            "poster.html",
            places=[(one.code, territory.words(self.session, one, i18n.locale()) or i18n.place(one)) for one in places],
            chosen=chosen,
            address=address,
            picture=qr(address),
            languages=[self._said(chosen, one) for one in i18n.LOCALES],
            numbers=[one.number for one in emergency_phones()],
        )

    def _said(self, place: Division, locale: str) -> dict[str, Any]:
        """What the poster says in one language."""
        with force_locale(locale):
            return {
                "lang": i18n.HTML_LANG[locale],
                "place": territory.words(self.session, place, locale) or place.label(locale),
                "title": gettext("Something wrong nearby? Scan and tell us"),
                "demo": gettext("Hejie runs with made-up data until your county's own is loaded."),
                "first": gettext("In danger now? Call first, write afterwards."),
                "phones": {one.number: one.label for one in emergency_phones()},
                "how": gettext(
                    "A dispute, a hazard, something that must be done: three answers and a photo, if you like. No "
                    "account and no name needed. You get a code with which you see what became of it."
                ),
            }


blueprint.add_url_rule("/posters", view_func=Posters.as_view("page"))
