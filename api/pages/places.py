"""Which places there are, how far they reach and where they lie: administrators enter it, one by one or as CSV."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.resource import Page
from engine import casework, clock
from engine.casework import accounts
from engine.errors import N_, DomainError
from engine.territory import divisions, positions

KINDS = {"town": N_("Town"), "village": N_("Village"), "community": N_("Community"), "grid": N_("Grid")}
"""What one place may be; counties are added on the command line."""
blueprint = Blueprint("places", __name__)


class Places(Page):
    """A division and those right below it, with where they lie."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        given = request.form
        if "parent" in given:
            more = [name for name in divisions.OPTIONAL if given.get(name) or given.get("known") == given.get("code")]
            one = {name: given.get(name, "") for name in [*divisions.HEAD, *more]}
            casework.places.add(self.session, self.actor, [one])
            return self._back("divisions")
        if "divisions" in given:
            casework.places.add(self.session, self.actor, divisions.read_csv(given["divisions"]))
            return self._back("divisions")
        rows = positions.read_csv(given["csv"]) if "csv" in given else _typed()
        casework.places.put(self.session, self.actor, rows)
        return self._back("placed")

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(error)

    def _back(self, notice: str) -> ResponseReturnValue:
        return redirect(url_for("places.page", division=request.args.get("division", ""), notice=notice), 303)

    def _show(self, error: DomainError | None = None) -> str:
        above, below = casework.places.placed(self.session, self.actor, request.args.get("division", ""))
        given = request.form
        known = next((one for one in [above, *below] if one.code == request.args.get("change") and one.parent), None)
        entry = {name: getattr(known, name) or "" for name in [*divisions.HEAD, *divisions.OPTIONAL]} if known else {}
        everywhere = accounts.divisions(self.session, self.actor)
        return render_template(
            "places.html",
            above=above,
            below=below,
            typed={row["code"]: row for row in _typed()} if "latitude" in given else {},
            kinds=KINDS,
            known=known,
            new=given if "parent" in given else entry,
            places={one.code: one for one in everywhere},
            parents=[one for one in everywhere if one.code == known.parent]
            if known
            else [one for one in [above, *below] if one.kind != "grid" and not one.last_day],
            today=clock.today(),
            csv=given.get("csv", ""),
            divisions=given.get("divisions", ""),
            error=i18n.sentence(error) if error else None,
            wrong=[i18n.sentence(one) for one in error.fields] if error else [],
            marked={(dict(one.params).get("code"), one.code) for one in error.fields} if error else set(),
        )


def _typed() -> list[dict[str, str]]:
    given = request.form
    columns = [given.getlist(name) for name in positions.HEAD]
    return [dict(zip(positions.HEAD, row, strict=True)) for row in zip(*columns, strict=False)]


blueprint.add_url_rule("/places", view_func=Places.as_view("page"))
