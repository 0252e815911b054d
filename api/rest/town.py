"""Volunteers, their shifts and the ledger of rewards for other systems."""

from typing import Any
from uuid import UUID

from flask import Response
from flask_babel import gettext

from api import i18n
from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.accounts import PasswordGivenSchema
from api.rest.schemas.town import (
    OwnStandListSchema,
    OwnStandSchema,
    RewardListSchema,
    ShiftStandSchema,
    StandSchema,
    VolunteerListSchema,
    VolunteerLoginSchema,
    VolunteerSchema,
    WatchListSchema,
)
from engine.casework import accounts
from engine.errors import Forbidden
from engine.rewards import queries as rewards
from engine.territory.queries import DivisionUnknown
from engine.volunteers import commands, own, queries
from engine.volunteers.models import Stand, Volunteer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
blueprint = Blueprint("Town", __name__, description="What a town keeps of its own: rosters and rewards.")


@blueprint.route("/volunteers")
class Volunteers(Resource):
    """The register."""

    @blueprint.response(200, VolunteerListSchema)
    def get(self) -> dict[str, Any]:
        """The volunteers of your divisions, and how strong each roster is."""
        found = queries.register(self.session, self.actor)
        return {"items": found, "strengths": queries.strengths(self.session, self.actor)}

    @refuses(Forbidden, commands.VolunteerUnfit, DivisionUnknown)
    @blueprint.arguments(VolunteerSchema)
    @blueprint.response(201, VolunteerSchema)
    def post(self, body: dict[str, Any]) -> Volunteer:
        """Put somebody on a roster."""
        return commands.register(self.session, self.actor, body)


@blueprint.route("/volunteers/<uuid:volunteer_id>")
class OneVolunteer(Resource):
    """A volunteer."""

    @refuses(commands.VolunteerUnknown)
    @blueprint.response(200, VolunteerSchema)
    def delete(self, volunteer_id: UUID) -> Volunteer:
        """Let them leave the roster today; coming shifts lose them."""
        return accounts.stop_volunteer(self.session, self.actor, volunteer_id)


@blueprint.route("/volunteers/<uuid:volunteer_id>/account")
class VolunteerAccount(Resource):
    """A volunteer's account."""

    @refuses(commands.VolunteerUnknown, own.HasAccount, accounts.AccountUnfit)
    @blueprint.arguments(VolunteerLoginSchema)
    @blueprint.response(201, PasswordGivenSchema)
    def post(self, body: dict[str, Any], volunteer_id: UUID) -> dict[str, Any]:
        """Open it: they report, see what became of it and their shifts. Its password is told in this answer alone."""
        made, password = accounts.open_for_volunteer(self.session, self.actor, volunteer_id, body["login"])
        return {"id": made.id, "login": made.login, "password": password}


@blueprint.route("/shifts")
class Shifts(Resource):
    """The shifts of the next four weeks."""

    @blueprint.response(200, WatchListSchema)
    def get(self) -> dict[str, Any]:
        """Who stands when, and how many are missing."""
        return {"items": queries.watches(self.session, self.actor)}


@blueprint.route("/me/stands")
class OwnStands(Resource):
    """One's own shifts."""

    @blueprint.response(200, OwnStandListSchema)
    def get(self) -> dict[str, Any]:
        """Those that have not ended, soonest first."""
        return {"items": own.stands(self.session, self.actor)}


@blueprint.route("/me/stands/<uuid:stand_id>")
class OneOwnStand(Resource):
    """A shift of one's own."""

    @refuses(commands.ShiftUnknown)
    @blueprint.response(200, OwnStandSchema)
    def delete(self, stand_id: UUID) -> own.OwnStand:
        """Say that you cannot come; no reason is asked."""
        return own.cannot_come(self.session, self.actor, stand_id)


@blueprint.route("/shifts/<uuid:shift_id>/stands")
class Stands(Resource):
    """Who stands in a shift."""

    @refuses(commands.ShiftUnknown, commands.VolunteerUnknown, commands.StandTaken)
    @blueprint.arguments(StandSchema)
    @blueprint.response(201, ShiftStandSchema)
    def post(self, body: dict[str, Any], shift_id: UUID) -> Stand:
        """Put a volunteer on it, or in place of somebody."""
        return commands.stand(self.session, self.actor, shift_id, body["volunteer_id"], covers=body["covers"])


@blueprint.route("/rewards")
class Rewards(Resource):
    """The ledger of rewards."""

    @blueprint.response(200, RewardListSchema)
    def get(self) -> dict[str, Any]:
        """Its lines that you may read, newest first; there are no sums of people."""
        return {"items": rewards.ledger(self.session, self.actor)}


@blueprint.route("/rewards.xlsx")
class RewardsExport(Resource):
    """The same as a workbook."""

    @refuses(Forbidden)
    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
    def get(self) -> Response:
        """The same as a workbook; every export is recorded."""
        content = rewards.export(
            self.session, self.actor, lambda kind, code: i18n.code(code, kind), [gettext(one) for one in rewards.HEAD]
        )
        headers = {"Content-Disposition": 'attachment; filename="hejie-rewards.xlsx"'}
        return Response(content, content_type=XLSX, headers=headers)
