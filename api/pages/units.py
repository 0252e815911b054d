"""Organisations and the directory of mediators, as administrators keep them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.posted import posted_id
from api.resource import Page
from engine import casework, clock
from engine.cases.dictionary import dictionary
from engine.errors import DomainError
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
        elif done == "close":
            casework.closing_units.close(self.session, self.actor, posted_id("unit"), given)
        elif done == "reopen":
            casework.closing_units.reopen(self.session, self.actor, posted_id("unit"))
        elif done == "list":
            said = {name: given.getlist(name) for name in ("specialities", "languages")}
            casework.units.list_mediator(
                self.session,
                self.actor,
                posted_id("account"),
                {**said, "unit_id": posted_id("unit_id"), "skills": given.get("skills")},
            )
        else:
            change = posted_id("unit") if given.get("unit") else None
            casework.units.put(self.session, self.actor, given, change=change)
        return redirect(url_for("units.page", notice="unit"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(error)

    def _show(self, error: DomainError | None = None) -> str:
        words, start = request.args.get("words", ""), max(0, request.args.get("start", type=int) or 0)
        found = casework.units.units(self.session, self.actor, words, start)
        listed = casework.units.mediators(self.session, self.actor, words, start)
        posted = request.form.get("do") if error else None
        return render_template(
            "units.html",
            found=found,
            places=territory.by_path(self.session, {one.path for one in found}),
            divisions=casework.units.divisions(self.session, self.actor),
            kinds=casework.units.KINDS,
            fees=casework.units.FEES,
            bodies=casework.units.bodies(self.session, self.actor),
            listed=listed,
            words=words,
            start=start,
            after=casework.units.after(start, found, listed),
            **self._closing(posted),
            candidates=casework.units.candidates(self.session, self.actor),
            specialities=casework.units.knowledge(),
            languages=list(dictionary()["language"]),
            given=request.form if posted == "unit" else self._entry(),
            mediator=_typed() if posted == "list" else self._listing(),
            error=i18n.sentence(error) if error else None,
            wrong=[i18n.sentence(one) for one in error.fields] if error else [],
            marked={one.pointer[1:] for one in error.fields} if error else set(),
        )

    def _closing(self, posted: str | None) -> dict[str, Any]:
        """The organisation that is to be closed, what it has open, and who could take over."""
        chosen = posted_id("unit") if posted == "close" else _asked("close")
        if chosen is None:
            return {"closing": None}
        typed = request.form if posted == "close" else {}
        return {
            "closing": casework.units.unit(self.session, self.actor, chosen),
            "left": casework.closing_units.left(self.session, self.actor, chosen),
            "heirs": casework.closing_units.heirs(self.session, self.actor, chosen),
            "ending": {"last_day": clock.today().isoformat(), **typed},
        }

    def _entry(self) -> Mapping[str, Any]:
        """The organisation that is to be changed, as its form shows it."""
        chosen = _asked("change")
        if chosen is None:
            return {}
        found = casework.units.unit(self.session, self.actor, chosen)
        return {"unit": str(found.id), **{name: getattr(found, name) for name in casework.units.FIELDS}}

    def _listing(self) -> dict[str, Any]:
        """What the directory says of the mediator whose entry is to be changed, as its form shows it."""
        chosen = _asked("mediator")
        if chosen is None:
            return {}
        found = casework.units.listed(self.session, self.actor, chosen)
        said = {name: getattr(found, name) for name in ("specialities", "languages", "skills")}
        return {**said, "account": str(found.account_id), "unit_id": str(found.unit_id)}


def _asked(name: str) -> UUID | None:
    """The organisation that the address names. Raises UnitUnknown."""
    try:
        return UUID(request.args[name]) if request.args.get(name) else None
    except ValueError:
        raise casework.units.UnitUnknown from None


def _typed() -> dict[str, Any]:
    given = request.form
    several = {name: given.getlist(name) for name in ("specialities", "languages")}
    return {**several, **{name: given.get(name) for name in ("account", "unit_id", "skills")}}


blueprint.add_url_rule("/units", view_func=Units.as_view("page"))
