"""Organisations and the directory of mediators, as administrators keep them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.posted import posted_id
from api.resource import Page
from engine import casework
from engine.cases.dictionary import dictionary
from engine.errors import DomainError
from engine.supermarket.directory import COMMERCIAL, PEOPLES
from engine.territory import queries as territory

blueprint = Blueprint("units", __name__)


class Units(Page):
    """All organisations of what the reader administers, and who mediates for them; adding and changing them."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        given, done = request.form, request.form.get("do")
        if done == "unlist":
            casework.units.unlist_mediator(self.session, self.actor, posted_id("account"))
        elif done == "list":
            said = {name: given.getlist(name) for name in ("specialities", "languages")}
            casework.units.list_mediator(
                self.session, self.actor, posted_id("account"), {**said, "unit_id": posted_id("unit_id")}
            )
        else:
            change = posted_id("unit") if given.get("unit") else None
            casework.units.put(self.session, self.actor, given, change=change)
        return redirect(url_for("units.page", notice="unit"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(error)

    def _show(self, error: DomainError | None = None) -> str:
        found = casework.units.units(self.session, self.actor)
        posted = request.form.get("do") if error else None
        return render_template(
            "units.html",
            found=found,
            places=territory.by_path(self.session, {one.path for one in found}),
            divisions=casework.units.divisions(self.session, self.actor),
            kinds=casework.units.KINDS,
            fees=casework.units.FEES,
            bodies=[one for one in found if one.kind in (*PEOPLES, COMMERCIAL)],
            listed=casework.units.mediators(self.session, self.actor),
            candidates=casework.units.candidates(self.session, self.actor),
            specialities=casework.units.knowledge(),
            languages=list(dictionary()["language"]),
            given=request.form if posted == "unit" else self._entry(),
            mediator=_typed() if posted == "list" else {},
            error=i18n.sentence(error) if error else None,
            wrong=[i18n.sentence(one) for one in error.fields] if error else [],
            marked={one.pointer[1:] for one in error.fields} if error else set(),
        )

    def _entry(self) -> Mapping[str, Any]:
        """The organisation that is to be changed, as its form shows it."""
        try:
            chosen = UUID(request.args["change"]) if request.args.get("change") else None
        except ValueError:
            raise casework.units.UnitUnknown from None
        if chosen is None:
            return {}
        found = casework.units.unit(self.session, self.actor, chosen)
        return {"unit": str(found.id), **{name: getattr(found, name) for name in casework.units.FIELDS}}


def _typed() -> dict[str, Any]:
    given = request.form
    several = {name: given.getlist(name) for name in ("specialities", "languages")}
    return {**several, "account": given.get("account"), "unit_id": given.get("unit_id")}


blueprint.add_url_rule("/units", view_func=Units.as_view("page"))
