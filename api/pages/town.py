"""What a town keeps of its own: volunteers and their shifts, and the ledger of rewards."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api import i18n
from api.pages.staff import told_once
from api.posted import posted_id
from api.resource import Page
from engine import clock
from engine.casework import accounts
from engine.errors import DomainError
from engine.rewards import queries as rewards
from engine.territory import queries as territory
from engine.volunteers import commands, queries

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
blueprint = Blueprint("town", __name__)


class Rosters(Page):
    """The shifts of the next four weeks: who stands when, and where somebody is still needed."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        given = request.form
        covers = posted_id("covers") if given.get("covers") else None
        volunteer = given.get("volunteer", "")
        if not volunteer:
            raise commands.VolunteerUnfit
        commands.stand(self.session, self.actor, posted_id("shift"), posted_id("volunteer"), covers=covers)
        return redirect(url_for("town.rosters", notice="stands"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(i18n.sentence(error))

    def _show(self, error: str | None = None) -> str:
        found = queries.watches(self.session, self.actor)
        may_keep = queries.may_keep(self.actor)
        return render_template(
            "rosters.html",
            found=found,
            places=territory.by_path(self.session, {one.shift.path for one in found}),
            volunteers=queries.register(self.session, self.actor) if may_keep else [],
            may_keep=may_keep,
            error=error,
        )


class Volunteers(Page):
    """The register of volunteers, roster by roster, with how many there are of how many."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        if request.form.get("do") == "stop":
            accounts.stop_volunteer(self.session, self.actor, posted_id("volunteer"))
        elif request.form.get("do") == "account":
            login = request.form.get("login", "")
            return told_once(*accounts.open_for_volunteer(self.session, self.actor, posted_id("volunteer"), login))
        else:
            commands.register(self.session, self.actor, request.form.to_dict())
        return redirect(url_for("town.volunteers", notice="volunteer"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(" ".join(i18n.sentence(one) for one in error.fields or (error,)))

    def _show(self, error: str | None = None) -> str:
        found = queries.register(self.session, self.actor, kind=request.args.get("kind") or None)
        return render_template(
            "volunteers.html",
            found=found,
            places=territory.by_path(self.session, {one.path for one in found}),
            strengths=queries.strengths(self.session, self.actor),
            divisions=[
                one for one in territory.villages(self.session) if _keeps(self, one.path)
            ] + [one for one in territory.towns(self.session) if _keeps(self, one.path)],
            kinds=commands.KINDS,
            kind=request.args.get("kind", ""),
            may_keep=queries.may_keep(self.actor),
            given=request.form,
            error=error,
        )  # fmt: skip


class Rewards(Page):
    """The ledger of rewards, line by line."""

    def get(self) -> str:
        found = rewards.ledger(self.session, self.actor)
        may_export = any(self.actor.has(role) for role in rewards.EXPORTERS)
        return render_template("rewards.html", found=found, may_export=may_export)


class RewardsExport(Page):
    """The ledger of rewards as a workbook."""

    def get(self) -> Response:
        content = rewards.export(self.session, self.actor, _code, [gettext(one) for one in rewards.HEAD])
        name = f"hejie-rewards-{clock.today().isoformat()}.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, content_type=XLSX, headers=headers)


def _code(kind: str, code: str) -> str:
    return i18n.code(code, kind)


def _keeps(page: Page, path: str) -> bool:
    return any(page.actor.holds(role, path) for role in commands.KEEPERS)


blueprint.add_url_rule("/rosters", view_func=Rosters.as_view("rosters"))
blueprint.add_url_rule("/volunteers", view_func=Volunteers.as_view("volunteers"))
blueprint.add_url_rule("/rewards", view_func=Rewards.as_view("rewards"))
blueprint.add_url_rule("/rewards.xlsx", view_func=RewardsExport.as_view("rewards_export"))
