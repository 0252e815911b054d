"""Organisations and the directory of mediators, for other systems of administrators."""

from typing import Any
from uuid import UUID

from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.units import (
    ClosingSchema,
    LeftSchema,
    ListedMediatorSchema,
    MediatorGivenSchema,
    PieceSchema,
    UnitGivenSchema,
    UnitListSchema,
    UnitSchema,
)
from engine import casework
from engine.cases.blocklist import WordsBlocked
from engine.casework import closing_units
from engine.casework.errors import AdministratorsOnly
from engine.casework.units import MediatorUnfit, MediatorUnknown, UnitUnfit, UnitUnknown
from engine.people.models import Mediator, Unit

blueprint = Blueprint("Units", __name__, description="Organisations, and who mediates for them. For administrators.")


@blueprint.route("/units")
class Units(Resource):
    """Organisations."""

    @refuses(AdministratorsOnly)
    @blueprint.arguments(PieceSchema, location="query")
    @blueprint.response(200, UnitListSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The organisations of what you administer, those that were closed last, and who mediates for them."""
        found = casework.units.units(self.session, self.actor, **query)
        listed = casework.units.mediators(self.session, self.actor, **query)
        return {
            "items": found,
            "mediators": [mediator for _, mediator, _ in listed],
            "next": casework.units.after(query["start"], found, listed),
        }

    @refuses(AdministratorsOnly, UnitUnfit, WordsBlocked)
    @blueprint.arguments(UnitGivenSchema)
    @blueprint.response(201, UnitSchema)
    def post(self, body: dict[str, Any]) -> Unit:
        """Add an organisation; its level is that of its division."""
        return casework.units.put(self.session, self.actor, body)


@blueprint.route("/units/<uuid:unit_id>")
class OneUnit(Resource):
    """An organisation."""

    @refuses(AdministratorsOnly, UnitUnfit, UnitUnknown, WordsBlocked)
    @blueprint.arguments(UnitGivenSchema)
    @blueprint.response(200, UnitSchema)
    def put(self, body: dict[str, Any], unit_id: UUID) -> Unit:
        """Change an organisation; an abbreviation that stands in numbers stays."""
        return casework.units.put(self.session, self.actor, body, change=unit_id)


@blueprint.route("/units/<uuid:unit_id>/left")
class LeftOpen(Resource):
    """What an organisation has open."""

    @refuses(AdministratorsOnly, UnitUnknown)
    @blueprint.response(200, LeftSchema)
    def get(self, unit_id: UUID) -> dict[str, Any]:
        """What an organisation would leave open if it were closed today, and who could take it over."""
        left = closing_units.left(self.session, self.actor, unit_id)
        return {**vars(left), "successors": closing_units.heirs(self.session, self.actor, unit_id)}


@blueprint.route("/units/<uuid:unit_id>/close")
class Closing(Resource):
    """Closing."""

    @refuses(AdministratorsOnly, UnitUnfit, UnitUnknown, WordsBlocked)
    @blueprint.arguments(ClosingSchema)
    @blueprint.response(200, UnitSchema)
    def post(self, body: dict[str, Any], unit_id: UUID) -> Unit:
        """Close or merge an organisation: its mediators and agreed visits go to the successor."""
        return closing_units.close(self.session, self.actor, unit_id, body)


@blueprint.route("/units/<uuid:unit_id>/reopen")
class Reopening(Resource):
    """Taking a closing back."""

    @refuses(AdministratorsOnly, UnitUnfit, UnitUnknown)
    @blueprint.response(200, UnitSchema)
    def post(self, unit_id: UUID) -> Unit:
        """Let a closed organisation be there again; what went to its successor stays there."""
        return closing_units.reopen(self.session, self.actor, unit_id)


@blueprint.route("/mediators/<uuid:account_id>")
class OneMediator(Resource):
    """A mediator in the directory."""

    @refuses(AdministratorsOnly, MediatorUnknown, MediatorUnfit, WordsBlocked)
    @blueprint.arguments(MediatorGivenSchema)
    @blueprint.response(200, ListedMediatorSchema)
    def put(self, body: dict[str, Any], account_id: UUID) -> Mediator:
        """Put somebody into the directory, or change what it says of them."""
        return casework.units.list_mediator(self.session, self.actor, account_id, body)

    @refuses(AdministratorsOnly, MediatorUnknown)
    @blueprint.response(204)
    def delete(self, account_id: UUID) -> None:
        """Take somebody out of the directory; their role and cases stay."""
        casework.units.unlist_mediator(self.session, self.actor, account_id)
