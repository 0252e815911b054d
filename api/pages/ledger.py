"""The ledger (台账): search, page through, export. The address holds the search, so that it can be passed on."""

from dataclasses import asdict

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api import i18n
from api.resource import Page
from engine import clock
from engine.cases import callbacks, dictionary
from engine.casework import emergency, joint_meeting
from engine.casework.coverage import WHO
from engine.ledger import export, queries
from engine.ledger.queries import FilterInvalid, Filters, LedgerPage
from engine.territory import queries as territory

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHOICES = ("kind", "risk", "stage", "level")
blueprint = Blueprint("ledger", __name__)


class Ledger(Page):
    """One page of the cases that the reader may see."""

    def get(self) -> ResponseReturnValue:
        filters = Filters.of(request.args)
        error, status = None, 200
        try:
            found = queries.page(self.session, self.actor, filters, after=request.args.get("after", ""))
        except FilterInvalid as refused:  # the search stays on the page, to be corrected
            found, error, status = LedgerPage([], None), i18n.sentence(refused), 422
        towns = territory.towns(self.session, ended=True)
        below = filters.division if filters.division not in {one.path for one in towns} else ""
        used = {name: ("1" if value is True else value) for name, value in asdict(filters).items() if value}
        page = render_template(
            "ledger.html",
            cases=found.cases,
            next=found.next,
            used=used,
            error=error,
            keeper=self.actor.has("county_officer"),
            caller=not self.actor.roles.isdisjoint(callbacks.CALLERS),
            emergencies=emergency.may_use(self.actor),
            joint_meeting=joint_meeting.may_see(self.actor),
            watcher=not self.actor.roles.isdisjoint(WHO),
            places=(places := territory.by_path(self.session, {below, *(case.division for case in found.cases)})),
            elsewhere=places.get(below),
            choices={kind: dictionary.dictionary()[kind] for kind in CHOICES},
            divisions=towns,
        )
        return page, status


class Export(Page):
    """The same search as a workbook."""

    def get(self) -> Response:
        content = export.workbook(self.session, self.actor, Filters.of(request.args), i18n.locale())
        name = f"hejie-ledger-{clock.today().isoformat()}.xlsx"
        return Response(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


class JointMeeting(Page):
    """Overdue petitions as the joint meeting looks at them."""

    def get(self) -> str:
        return render_template(
            "joint_meeting.html", found=joint_meeting.overdue(self.session, self.actor, i18n.locale())
        )  # fmt: skip


class JointMeetingExport(Page):
    """The same as a workbook."""

    def get(self) -> Response:
        content = joint_meeting.workbook(self.session, self.actor, i18n.locale(), gettext)
        name = f"hejie-joint-meeting-{clock.today().isoformat()}.xlsx"
        return Response(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


blueprint.add_url_rule("/ledger", view_func=Ledger.as_view("page"))
blueprint.add_url_rule("/ledger.xlsx", view_func=Export.as_view("export"))
blueprint.add_url_rule("/joint-meeting", view_func=JointMeeting.as_view("joint_meeting"))
blueprint.add_url_rule("/joint-meeting.xlsx", view_func=JointMeetingExport.as_view("joint_meeting_export"))
