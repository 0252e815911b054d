"""The log of calls that became no case: whether money was sent comes first, with whom to call above the form."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api import i18n
from api.phones import emergency_phones
from api.resource import Page
from engine import clock
from engine.casework import call_export
from engine.errors import DomainError
from engine.registers import calls
from engine.territory import queries as territory

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FRAUD = ("110", "96110")
blueprint = Blueprint("calls", __name__)


class Calls(Page):
    """The calls of the reader's centre, and entering one."""

    def get(self) -> str:
        return self._show()

    def post(self) -> ResponseReturnValue:
        calls.enter(self.session, self.actor, request.form)
        return redirect(url_for("calls.page", notice="call"), 303)

    def refused(self, error: DomainError, **path: object) -> str:
        return self._show(error)

    def _show(self, error: DomainError | None = None) -> str:
        found = calls.log(self.session, self.actor)
        return render_template(
            "calls.html",
            found=found,
            places=territory.by_path(self.session, {one.path for one in found}),
            phones=[one for one in emergency_phones() if one.number in FRAUD],
            ways=calls.WAYS,
            about=calls.ABOUT,
            longest=calls.LONGEST,
            given=request.form,
            sent=isinstance(error, calls.MoneySent),
            error=i18n.sentence(error) if error else None,
        )


class CallsExport(Page):
    """The log as a workbook."""

    def get(self) -> Response:
        content = call_export.workbook(self.session, self.actor, gettext)
        name = f"hejie-calls-{clock.today().isoformat()}.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, content_type=XLSX, headers=headers)


blueprint.add_url_rule("/calls", view_func=Calls.as_view("page"))
blueprint.add_url_rule("/calls.xlsx", view_func=CallsExport.as_view("export"))
