"""Figures as a workbook or CSV, with numerator and denominator beside each rate; every export is an event."""

import csv
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO

from openpyxl import Workbook
from sqlalchemy.orm import Session

from engine import events
from engine.cases.dictionary import label
from engine.errors import N_
from engine.ids import new_id
from engine.ledger.figures import Figures
from engine.people.actor import Actor

Say = Callable[[str], str]
HIDDEN = "<5"
TITLES = {
    "outcome": N_("How they ended"), "level": N_("Where they were handled"), "category": N_("What they were about"),
    "kind": N_("What kind they were"), "solved": N_("Where they were solved"),
}  # fmt: skip
"""What each table of counts is called, above its codes."""


def rows(found: Figures, locale: str, say: Say) -> Iterator[tuple[str, object, object, object]]:
    """Every figure as (what, numerator, denominator, rate); what is hidden says so. `say` translates names."""
    yield say("Reported"), _told(found.received), "", ""
    yield say("Closed"), _told(found.closed), "", ""
    yield say("Median days from report to closing"), found.median_days if found.median_days is not None else "—", "", ""
    yield (
        say("Median seconds to write a report"),
        found.report_seconds if found.report_seconds is not None else "—",
        "",
        "",
    )
    for one in found.rates:
        part: object = HIDDEN if one.hidden else one.part if one.part is not None else "—"
        yield say(one.name), part, _told(one.whole), round(one.rate, 4) if one.rate is not None else "—"
    for table in found.tables:
        yield say(TITLES[table.key]), "", _told(table.total), ""
        for code, count in table.cells.items():
            name = label(table.words, code, locale) or "—"
            yield name, _told(count), _told(table.total), ""
    set_against = found.incidents
    yield say("Residents"), _or_dash(set_against.year), _or_dash(set_against.residents), set_against.source or "—"
    for line in set_against.lines:
        yield f"{say(line.name)} / 10000", _told(line.count), _or_dash(set_against.residents), _or_dash(line.rate)


def _or_dash(number: float | None) -> object:
    return "—" if number is None else number


def _told(count: int | None) -> object:
    return HIDDEN if count is None else count


def export(session: Session, actor: Actor, found: Figures, kind: str, locale: str, say: Say) -> bytes:
    """The figures as `xlsx` or `csv` (UTF-8 with a mark, as spreadsheets like it)."""
    head = (say("Figure"), say("Numerator"), say("Denominator (n)"), say("Rate"))
    lines = [head, *rows(found, locale, say)]
    events.record(session, "figures.exported", new_id(), actor=actor.id, format=kind, division=found.window.division)
    if kind == "csv":
        text = StringIO()
        csv.writer(text).writerows(lines)
        return text.getvalue().encode("utf-8-sig")
    book = Workbook(write_only=True)
    sheet = book.create_sheet(say("Figures"))
    for line in lines:
        sheet.append(list(line))
    made = BytesIO()
    book.save(made)
    return made.getvalue()
