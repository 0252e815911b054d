"""Boards of leaders and the centres: what is open, late and at risk, where, and how it went; also for a wall."""

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext

from api import charts, county_map, i18n, security
from api.resource import Page
from engine import casework, clock
from engine.casework import process_board
from engine.errors import N_
from engine.ledger import board_export
from engine.ledger.board import LEVELS, MEANINGS, NOW, PERIODS, Board, board
from engine.ledger.movements import PAST

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"xlsx": XLSX, "pdf": "application/pdf"}
RENEWED = 60
"""Seconds after which a wall is drawn anew."""

PAPER = (
    'text{font:12px "Noto Sans SC";text-anchor:middle;fill:#222}circle{fill:#e3efe7;stroke:#2f6b4a;stroke-width:1.5}'
    ".empty-spot{fill:none;stroke:#888}.hidden-spot{fill:#eee;stroke:#888;stroke-dasharray:3 3}.alarm{stroke:#b3261e;"
    "stroke-width:4}path{fill:none;stroke:#555}"
)
"""How the map looks in a file, which has no style sheet beside it."""

WORDS = {
    "title": N_("Board"),
    "division": N_("Division"),
    "counted": N_("Counted at"),
    "now": N_("Now"),
    "places": N_("By place"),
    "levels": N_("By level"),
    "week": N_("By week"),
    "month": N_("By month"),
    "first": N_("First day"),
    "last": N_("Last day"),
    "figure": N_("Figure"),
    "count": N_("How many"),
    "whole": N_("of"),
    "meaning": N_("How it is counted"),
    "hidden": N_("few"),
    "few": N_("One to four, or a number that would give one away by subtraction: too few to show."),
    "map": N_("By place, where each lies, north up"),
    "plan": N_("By place: a plan in the order of the codes, not a map"),
    "undecided": N_("Not decided yet"),
    "rule": N_(
        "Sealed cases and the house's own work are in no number. Counts under five, and what would give them away, are "
        "not told to those who may not open the cases."
    ),
}  # fmt: skip
"""What a board says in its files, and how it explains itself."""

blueprint = Blueprint("board", __name__)


def chosen(page: Page, *, public: bool = False) -> Board:
    """The board that the address names."""
    given = request.args
    return board(page.session, page.actor, given.get("division", ""), period=given.get("period", "week"), public=public)


class BoardPage(Page):
    """The board of a division."""

    def get(self) -> str:
        found = chosen(self)
        return render_template("board.html", board=found, may_place=self.actor.has("admin"), **_drawn(found))


class Wall(Page):
    """The same for a large screen that everybody sees: few numbers, no small ones, no names."""

    def get(self) -> str:
        found = chosen(self, public=True)
        return render_template("wall.html", board=found, renewed=RENEWED, **_drawn(found))


class Export(Page):
    """The same as a file that may leave the house: without small numbers."""

    def get(self, kind: str) -> Response:
        found = chosen(self, public=True)
        drawing = _drawing(found) if kind == "pdf" else None
        caption = _say("map" if _map(found).bar else "plan")
        content = board_export.export(self.session, self.actor, found, kind, i18n.locale(), _say, drawing, caption)
        name = f"hejie-board-{found.division.code}-{clock.today().isoformat()}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, content_type=TYPES[kind], headers=headers)


class Processes(Page):
    """Every process, with how much waits in it."""

    def get(self) -> str:
        path = request.args.get("division", "")
        found = process_board.processes(self.session, self.actor, path)
        steps = casework.StepNames(self.session, i18n.locale())
        return render_template("board_processes.html", found=found, steps=steps, division=path)


class Process(Page):
    """A process with how many wait at each step, and how long a step takes."""

    def get(self, key: str) -> str:
        security.allow_diagram()
        path = request.args.get("division", "")
        found = process_board.process_board(self.session, self.actor, key, path)
        steps = casework.StepNames(self.session, i18n.locale())
        days = process_board.WINDOW.days
        return render_template("board_process.html", board=found, steps=steps, key=key, division=path, days=days)


class Diagram(Page):
    """The diagram of a process, for the page that draws it."""

    def get(self, key: str) -> Response:
        found = process_board.process_board(self.session, self.actor, key)
        return Response(found.definition.content, content_type="application/xml")


def _say(word: str) -> str:
    return str(gettext(WORDS.get(word, word)))


def _drawing(found: Board) -> bytes | None:
    """The map as a picture of its own, as light as paper; None where there are no places."""
    drawn = _map(found)
    if not drawn.spots:
        return None
    parts = current_app.jinja_env.get_template("parts/board.html").module
    return str(parts.county_map(drawn, found, lambda path: "", PAPER)).strip().encode()  # type: ignore[attr-defined]


def _map(found: Board) -> county_map.Map:
    places = [found.names[path] for path in found.places if path != found.division.path]
    numbers = {one.path: found.places[one.path]["open"] for one in places}
    return county_map.county_map(places, numbers, i18n.locale())


def _drawn(found: Board) -> dict[str, Any]:
    """What the templates of a board need besides it."""
    rows = [[one.told[name] for name in ("reported", "closed")] for one in found.past]
    return {
        "map": _map(found),
        "columns": charts.columns(rows),
        "now": NOW,
        "past": PAST,
        "levels": LEVELS,
        "periods": {one: WORDS[one] for one in PERIODS},
        "meanings": MEANINGS,
        "words": WORDS,
    }


blueprint.add_url_rule("/board", view_func=BoardPage.as_view("page"))
blueprint.add_url_rule("/board.<any(xlsx, pdf):kind>", view_func=Export.as_view("export"))
blueprint.add_url_rule("/board/wall", view_func=Wall.as_view("wall"))
blueprint.add_url_rule("/board/processes", view_func=Processes.as_view("processes"))
blueprint.add_url_rule("/board/processes/<key>", view_func=Process.as_view("process"))
blueprint.add_url_rule("/board/processes/<key>.bpmn", view_func=Diagram.as_view("diagram"))
