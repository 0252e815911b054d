"""The ledger for other systems."""

from dataclasses import fields
from typing import Any

from flask import Response
from flask_babel import gettext

from api import i18n
from api.resource import Resource
from api.rest.paging import Listed, page
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.cases import (
    CasePageSchema,
    LayoutListSchema,
    LedgerFilterSchema,
    LedgerQuerySchema,
    OverdueListSchema,
)
from engine import clock
from engine.cases.permissions import NotForYourRole
from engine.casework import joint_meeting
from engine.casework.layouts import LayoutUnknown, layouts, workbook
from engine.ledger import export, queries
from engine.ledger.queries import FilterInvalid, Filters

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
blueprint = Blueprint("Ledger", __name__, description="The ledger 台账: every case that you may see.")


@blueprint.route("/ledger")
class Ledger(Resource):
    """The cases of a search."""

    @refuses(FilterInvalid)
    @blueprint.arguments(LedgerQuerySchema, location="query")
    @blueprint.response(200, CasePageSchema)
    def get(self, query: dict[str, Any]) -> Listed:
        """Cases that you may see, newest first."""
        found = queries.page(self.session, self.actor, filters(query), after=query["cursor"], size=query["limit"])
        return page(found.cases, found.next)


@blueprint.route("/ledger.xlsx")
class Export(Resource):
    """The same search as a workbook."""

    @refuses(FilterInvalid)
    @blueprint.arguments(LedgerFilterSchema, location="query")
    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
    def get(self, query: dict[str, Any]) -> Response:
        """The same as a workbook; every export is recorded."""
        content = export.workbook(self.session, self.actor, filters(query), i18n.locale())
        name = f"hejie-ledger-{clock.today().isoformat()}.xlsx"
        return Response(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@blueprint.route("/ledgers")
class Layouts(Resource):
    """The county's own layouts."""

    @blueprint.response(200, LayoutListSchema)
    def get(self) -> dict[str, Any]:
        """Their keys and names."""
        return {"items": [{"key": one.key, "name": one.name(i18n.locale())} for one in layouts().values()]}


@blueprint.route("/ledgers/<key>.xlsx")
class CountyLedger(Resource):
    """A ledger in the county's own layout."""

    @refuses(FilterInvalid, LayoutUnknown)
    @blueprint.arguments(LedgerFilterSchema, location="query")
    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
    def get(self, query: dict[str, Any], key: str) -> Response:
        """A view of the cases that you may see; every export is recorded."""
        content = workbook(self.session, self.actor, key, filters(query), i18n.locale())
        name = f"hejie-{key}-{clock.today().isoformat()}.xlsx"
        return Response(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@blueprint.route("/joint-meeting")
class JointMeeting(Resource):
    """Overdue petitions as the joint meeting looks at them."""

    @refuses(NotForYourRole)
    @blueprint.response(200, OverdueListSchema)
    def get(self) -> dict[str, Any]:
        """Who answers for each and how late it is, the oldest day first; no content."""
        return {"items": joint_meeting.overdue(self.session, self.actor, i18n.locale())}


@blueprint.route("/joint-meeting.xlsx")
class JointMeetingExport(Resource):
    """The same as a workbook."""

    @refuses(NotForYourRole)
    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
    def get(self) -> Response:
        """The same, ready to print; every export is recorded."""
        content = joint_meeting.workbook(self.session, self.actor, i18n.locale(), gettext)
        name = f"hejie-joint-meeting-{clock.today().isoformat()}.xlsx"
        return Response(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def filters(query: dict[str, Any]) -> Filters:
    """The search of a query."""
    return Filters(**{field.name: query[field.name] for field in fields(Filters) if field.name in query})
