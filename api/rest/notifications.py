"""What one is told, how one wants to be told, and the outbox."""

from typing import Any
from uuid import UUID

from api import i18n
from api.resource import Resource
from api.rest.paging import Listed, page
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.notifications import (
    DeliveryPageSchema,
    DeliveryQuerySchema,
    DeliverySchema,
    PreferenceSchema,
    ReadSchema,
    ToldPageSchema,
    ToldQuerySchema,
)
from engine.casework import outbox
from engine.casework.errors import AdministratorsOnly, CursorInvalid
from engine.notifications import commands, queries
from engine.notifications.commands import AddressUnfit
from engine.notifications.delivering import DeliveryOver, DeliveryUnknown
from engine.notifications.models import Delivery, Preference

blueprint = Blueprint("Notifications", __name__, description="What people are told, and by which channel.")


@blueprint.route("/notifications")
class Notifications(Resource):
    """One's own notifications."""

    @refuses(CursorInvalid)
    @blueprint.arguments(ToldQuerySchema, location="query")
    @blueprint.response(200, ToldPageSchema)
    def get(self, query: dict[str, Any]) -> Listed:
        """What you are told, newest first; of sealed cases only that there is something."""
        told, following = queries.page(
            self.session, self.actor, i18n.locale(), after=_after(query["cursor"]), size=query["limit"],
            unread_only=query["unread"],
        )  # fmt: skip
        body, status, headers = page(told, str(following) if following else None)
        return {**body, "unread": queries.unread(self.session, self.actor)}, status, headers


@blueprint.route("/notifications/read")
class Read(Resource):
    """Reading."""

    @blueprint.arguments(ReadSchema)
    @blueprint.response(204)
    def post(self, body: dict[str, Any]) -> None:
        """Mark your notifications as read: some, or all."""
        commands.mark_read(self.session, self.actor, body["ids"])


@blueprint.route("/notifications/preferences")
class Preferences(Resource):
    """How one is told."""

    @blueprint.response(200, PreferenceSchema)
    def get(self) -> Preference:
        """Your addresses, quiet hours, and the kinds whose channels you have chosen."""
        return commands.preference(self.session, self.actor)

    @refuses(AddressUnfit)
    @blueprint.arguments(PreferenceSchema)
    @blueprint.response(200, PreferenceSchema)
    def put(self, body: dict[str, Any]) -> Preference:
        """Say how you want to be told."""
        return commands.prefer(self.session, self.actor, **body)


@blueprint.route("/outbox")
class Outbox(Resource):
    """The outbox."""

    @refuses(AdministratorsOnly, CursorInvalid)
    @blueprint.arguments(DeliveryQuerySchema, location="query")
    @blueprint.response(200, DeliveryPageSchema)
    def get(self, query: dict[str, Any]) -> Listed:
        """Mails and messages with their state, newest first. For administrators."""
        found = outbox.page(
            self.session, self.actor, state=query["state"], after=_after(query["cursor"]), size=query["limit"]
        )
        return page(found.deliveries, str(found.next) if found.next else None)


@blueprint.route("/outbox/<uuid:delivery_id>/retry")
class Retry(Resource):
    """Trying again."""

    @refuses(AdministratorsOnly, DeliveryUnknown, DeliveryOver)
    @blueprint.response(200, DeliverySchema)
    def post(self, delivery_id: UUID) -> Delivery:
        """Try a message again that was given up. For administrators."""
        return outbox.again(self.session, self.actor, delivery_id)


@blueprint.route("/outbox/<uuid:delivery_id>/give-up")
class GiveUp(Resource):
    """Giving up."""

    @refuses(AdministratorsOnly, DeliveryUnknown, DeliveryOver)
    @blueprint.response(200, DeliverySchema)
    def post(self, delivery_id: UUID) -> Delivery:
        """Send a message no more. For administrators."""
        return outbox.give_up(self.session, self.actor, delivery_id)


def _after(cursor: str) -> UUID | None:
    try:
        return UUID(cursor) if cursor else None
    except ValueError:
        raise CursorInvalid from None
