"""The registers of a village: households with their grids, what a campaign's visits came to, camera points."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.posted import posted_id
from api.resource import Page
from engine import clock
from engine.errors import DomainError
from engine.registers import cameras, households, partners, visits
from engine.territory import queries as territory

blueprint = Blueprint("registers", __name__)


class Households(Page):
    """The households that the reader keeps, of one village where there are several; entering one, or many as CSV."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        given = request.form
        if given.get("do") == "remove":
            households.remove(self.session, self.actor, posted_id("household"))
        elif "csv" in given:
            households.put(self.session, self.actor, households.read_csv(given["csv"]))
        else:
            change = posted_id("household") if given.get("household") else None
            households.put(self.session, self.actor, [given], change=change)
        village = request.args.get("village", "")
        return redirect(url_for("registers.households", village=village, notice="household"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(error)

    def _show(self, error: DomainError | None = None) -> str:
        places = households.divisions(self.session, self.actor)
        villages = [one for one in places if one.kind != "grid"]
        chosen = next((one for one in villages if one.code == request.args.get("village")), None)
        if chosen is None and len(villages) == 1:
            chosen = villages[0]
        found = households.register(self.session, self.actor, within=chosen.path) if chosen else []
        return render_template(
            "households.html",
            villages=villages,
            chosen=chosen,
            found=found[: households.SHOWN],
            more=len(found) - households.SHOWN,
            places={one.code: one for one in places},
            grids=[one for one in places if chosen and territory.is_within(one.path, chosen.path)],
            campaigns=visits.running(self.session, self.actor),
            given=request.form if error and "csv" not in request.form else self._entry(),
            csv=request.form.get("csv", ""),
            columns=",".join(households.COLUMNS),
            today=clock.today(),
            latest=clock.today() + households.LONGEST_KEPT,
            error=i18n.sentence(error) if error else None,
            wrong=[i18n.sentence(one) for one in error.fields] if error else [],
            marked={one.pointer.rpartition("/")[2] for one in error.fields} if error else set(),
        )

    def _entry(self) -> Mapping[str, Any]:
        """The entry that is to be changed, as its form shows it."""
        chosen = request.args.get("change", "")
        if not chosen:
            return {}
        try:
            found = households.one(self.session, self.actor, UUID(chosen))
        except ValueError:
            raise households.HouseholdUnknown from None
        names = (*households.LENGTHS, "division", "people", "keep_until", "consent_on")
        shown = {name: getattr(found, name) for name in names}
        return {"household": found.id, **{name: "" if value is None else value for name, value in shown.items()}}


class HouseholdsExport(Page):
    """The register as CSV."""

    def get(self) -> Response:
        content = households.export(self.session, self.actor)
        name = f"hejie-households-{clock.today().isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, content_type="text/csv; charset=utf-8", headers=headers)


class Visits(Page):
    """The households that a campaign visits: done, nobody home, not wanted."""

    def get(self, case_id: UUID) -> str:
        return self._show(case_id)

    def post(self, case_id: UUID) -> ResponseReturnValue:
        household = posted_id("household")
        visits.mark(self.session, self.actor, case_id, household, request.form.get("state", ""))
        return redirect(url_for("registers.visits", case_id=case_id, _anchor=f"h{household}"), 303)

    def refused(self, error: DomainError, case_id: UUID) -> str:  # type: ignore[override]
        return self._show(case_id, i18n.sentence(error))

    def _show(self, case_id: UUID, error: str | None = None) -> str:
        found = visits.checklist(self.session, self.actor, case_id)
        places = territory.by_path(self.session, {one.path for one in found.households})
        return render_template(
            "household_visits.html", found=found, places=places, states=visits.STATES, error=error
        )  # fmt: skip


class Cameras(Page):
    """The camera points of the reader's divisions."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        if request.form.get("do") == "end":
            cameras.end(self.session, self.actor, posted_id("camera"))
        else:
            cameras.enter(self.session, self.actor, request.form)
        return redirect(url_for("registers.cameras", notice="camera"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        found = cameras.points(self.session, self.actor)
        all_divisions = [*territory.villages(self.session), *territory.towns(self.session)]
        return render_template(
            "cameras.html",
            found=found,
            places=territory.by_path(self.session, {one.path for one in found}),
            divisions=[one for one in all_divisions if cameras.may_keep(self.actor, one.path)],
            keeps={one.id for one in found if cameras.may_keep(self.actor, one.path)},
            given=request.form,
            error=error,
        )


class Partners(Page):
    """Whom the reader's grids and villages can ask for help; entering one."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        if request.form.get("do") == "remove":
            partners.remove(self.session, self.actor, posted_id("partner"))
        else:
            partners.enter(self.session, self.actor, request.form)
        return redirect(url_for("registers.partners", notice="partner"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        found = partners.listed(self.session, self.actor)
        return render_template(
            "partners.html",
            found=found,
            places=territory.by_path(self.session, {one.path for one in found}),
            divisions=partners.divisions(self.session, self.actor),
            keeps={one.id for one in found if partners.may_keep(self.actor, one.path)},
            kinds=partners.kinds(),
            colleagues=partners.colleagues(self.session, self.actor),
            today=clock.today(),
            given=request.form,
            error=error,
        )


blueprint.add_url_rule("/partners", view_func=Partners.as_view("partners"))
blueprint.add_url_rule("/households", view_func=Households.as_view("households"))
blueprint.add_url_rule("/households.csv", view_func=HouseholdsExport.as_view("households_export"))
blueprint.add_url_rule("/households/visits/<uuid:case_id>", view_func=Visits.as_view("visits"))
blueprint.add_url_rule("/cameras", view_func=Cameras.as_view("cameras"))
