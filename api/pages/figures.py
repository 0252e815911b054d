"""Figures, the three checks, and the ledgers in the layouts of the county."""

from dataclasses import asdict

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api import i18n
from api.resource import Page
from engine import casework, clock
from engine.casework import joint_meeting
from engine.casework.layouts import layouts, workbook
from engine.errors import N_
from engine.ledger import figure_export, incidents
from engine.ledger.figures import Window, figures
from engine.ledger.queries import FilterInvalid, Filters
from engine.people.roles import ROLES
from engine.registers import partners
from engine.territory import queries as territory

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"xlsx": XLSX, "csv": "text/csv; charset=utf-8"}
WORDS = (
    N_("Reported"), N_("Closed"), N_("Median days from report to closing"), N_("Median seconds to write a report"),
    N_("Figure"), N_("Numerator"), N_("Denominator (n)"), N_("Rate"), N_("Figures"),
    N_("Residents"),
)  # fmt: skip
"""What an export says besides the figures' own names."""

WHY = {
    "untriaged": N_("Nobody has decided on it for more than a day"),
    "idle": N_("Open, but nobody has anything to do in it"),
    "late": N_("Its day is past"),
    "post-empty": N_("Nobody holds this post"),
    "nobody": N_("A step that nobody here can do today"),
    "no-village": N_("Nobody has said in which village it happened"),
    "silent": N_("Nothing has been reported from here for ninety days"),
    "no-register": N_("No household of it is on the register yet"),
    "no-grid": N_("%(count)d households lie in no grid"),
    "in-ended": N_("%(count)d households are entered where there is no village or grid any more"),
    "two-grids": N_("%(count)d addresses lie in more than one grid"),
    "empty-grid": N_("No household lies in this grid"),
    "no-worker": N_("No grid worker looks after this grid"),
    "no-duty": N_("Nobody is on duty on %(day)s, and nobody covers"),
    "shift-short": N_("On %(day)s a shift needs %(count)d more people"),
    "gone": N_("A step lies with somebody whose account is closed"),
}
SHORT = {
    "no-grid": N_("Households that lie in no grid"),
    "in-ended": N_("Households in villages and grids that ended"),
    "two-grids": N_("Addresses that lie in more than one grid"),
    "no-duty": N_("Days without anybody on duty"),
    "shift-short": N_("Shifts that lack people"),
}
"""What several of a kind are called, where one is said with a number or a day."""
blueprint = Blueprint("figures", __name__)


def window() -> Window:
    """The window that the address names. Raises FilterInvalid."""
    given = request.args
    return Window.of(given.get("since", ""), given.get("until", ""), given.get("division", ""))


class Figures(Page):
    """The figures of a window."""

    def get(self) -> ResponseReturnValue:
        error, status = None, 200
        try:
            chosen = window()
        except FilterInvalid as refused:
            chosen, error, status = Window.of("", "", ""), i18n.sentence(refused), 422
        page = render_template(
            "figures.html",
            found=figures(self.session, self.actor, chosen),
            titles=figure_export.TITLES,
            divisions=territory.towns(self.session, ended=True),
            incidents_are=incidents.MEANING,
            used={name: str(value) for name, value in asdict(chosen).items() if value},
            layouts=[(one.key, one.name(i18n.locale())) for one in layouts().values()],
            joint_meeting=joint_meeting.may_see(self.actor),
            error=error,
        )
        return page, status


class Export(Page):
    """The same as a file."""

    def get(self, kind: str) -> Response:
        found = figures(self.session, self.actor, window())
        content = figure_export.export(self.session, self.actor, found, kind, i18n.locale(), gettext)
        return _file(content, f"hejie-figures-{clock.today().isoformat()}.{kind}", TYPES[kind])


class Coverage(Page):
    """What falls short of "no exception, no dead corner, no gap"."""

    def get(self) -> str:
        found = casework.coverage(self.session, self.actor)
        towns = {one.path: one for one in territory.towns(self.session, ended=True)}
        titles = {key: gettext(SHORT.get(key, title)) for key, title in WHY.items()}
        return render_template(
            "coverage.html", found=found, why=WHY, titles=titles, roles=ROLES, towns=towns,
            partners=partners.may_read(self.actor),
        )  # fmt: skip


class CountyLedger(Page):
    """A ledger in the county's own layout."""

    def get(self, key: str) -> Response:
        content = workbook(self.session, self.actor, key, Filters.of(request.args), i18n.locale())
        return _file(content, f"hejie-{key}-{clock.today().isoformat()}.xlsx", XLSX)


def _file(content: bytes, name: str, media_type: str) -> Response:
    return Response(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


blueprint.add_url_rule("/figures", view_func=Figures.as_view("page"))
blueprint.add_url_rule("/figures.<any(xlsx, csv):kind>", view_func=Export.as_view("export"))
blueprint.add_url_rule("/coverage", view_func=Coverage.as_view("coverage"))
blueprint.add_url_rule("/ledgers/<key>.xlsx", view_func=CountyLedger.as_view("ledger"))
