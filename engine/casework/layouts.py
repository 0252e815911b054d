"""The ledgers that counties keep in Excel (layouts.toml), as views of the cases; each export is an event."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session

import forms
from engine import clock, events
from engine.cases import blocklist
from engine.cases.dictionary import dictionary, label
from engine.cases.models import Case, Party, Submission
from engine.cases.permissions import scope, within
from engine.casework import formbook
from engine.documents.models import Document
from engine.errors import N_, NotFound
from engine.ids import new_id
from engine.ledger.export import harmless
from engine.ledger.queries import Filters, conditions
from engine.people import queries as people
from engine.people.actor import Actor
from engine.territory import queries as territory

MOST = 20_000
FORMATS = ("yyyy-mm-dd", "yyyy-mm-dd hh:mm")
"""How a day and a moment are shown."""
THIN = Side(style="thin")
RULED = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
A4 = 9
"""The size of paper, as spreadsheets number them."""


class LayoutUnknown(NotFound):
    """There is no such ledger."""

    code = "layout-unknown"
    message = N_("There is no such ledger.")


@dataclass(frozen=True)
class Layout:
    """One ledger: its names, which cases, and its columns as (source, Chinese, English).

    Its cases are those of its kinds, and those for which one of its `forms` was filled in, whatever their kind now.
    The `organ` that answered such a form keeps the row, though the case itself may be for others to read by now.
    """

    key: str
    zh: str
    en: str
    kinds: tuple[str, ...]
    forms: tuple[str, ...]
    organ: str
    accepted: bool
    columns: tuple[tuple[str, str, str], ...]

    def name(self, locale: str) -> str:
        """Its name in a language."""
        return self.en if locale == "en" else self.zh


@dataclass(frozen=True)
class _Facts:
    """What the rows of a ledger need, fetched at once for all of them."""

    places: Mapping[str, Any]
    parties: Mapping[UUID, list[Party]]
    answers: Mapping[tuple[UUID, str], tuple[dict[str, Any], Mapping[str, Any]]]
    numbers: Mapping[tuple[UUID, str], str]
    names: Mapping[str, str]
    locale: str


@cache
def layouts() -> dict[str, Layout]:
    """Every ledger by key."""
    read = tomllib.loads(Path(__file__).with_name("layouts.toml").read_text(encoding="utf-8"))
    return {
        key: Layout(
            key, one["name"][0], one["name"][1],
            tuple(one.get("kinds", ())), tuple(one.get("forms", ())), one.get("organ", ""), one.get("accepted", False),
            tuple((column[0], column[1], column[2]) for column in one["columns"]),
        )
        for key, one in read.items()
    }  # fmt: skip


def workbook(session: Session, actor: Actor, key: str, filters: Filters, locale: str) -> bytes:
    """A ledger as XLSX. Raises LayoutUnknown, FilterInvalid."""
    layout = layouts().get(key)
    if layout is None:
        raise LayoutUnknown(layout=key)
    query = select(Case).where(*conditions(actor, filters, _readable(actor, layout)), _among(layout))
    if layout.accepted:
        query = query.where(Case.accepted_at.is_not(None))
    cases = session.scalars(query.order_by(Case.id).limit(MOST)).all()
    facts = _facts(session, cases, layout, locale)
    sources = [source for source, *_ in layout.columns]
    rows = [[_cell(source, number, case, facts) for source in sources] for number, case in enumerate(cases, 1)]
    events.record(session, "ledger.exported", new_id(), actor=actor.id, layout=key, rows=len(rows))
    heads = [english if locale == "en" else chinese for _, chinese, english in layout.columns]
    return ruled(layout.name(locale), heads, rows)


def _among(layout: Layout) -> ColumnElement[bool]:
    return or_(Case.kind.in_(layout.kinds), _filled_in(layout))


def _filled_in(layout: Layout) -> ColumnElement[bool]:
    return exists().where(Submission.case_id == Case.id, Submission.form_key.in_(layout.forms))


def _readable(actor: Actor, layout: Layout) -> ColumnElement[bool]:
    theirs = [within(held.path) for held in actor.memberships if held.role == layout.organ]
    return or_(scope(actor), and_(_filled_in(layout), or_(false(), *theirs)))


def _facts(session: Session, cases: Sequence[Case], layout: Layout, locale: str) -> _Facts:
    ids = [one.id for one in cases]
    paths = {path for one in cases for path in territory.ancestors(one.division)}
    found: dict[UUID, list[Party]] = {}
    for party in session.scalars(select(Party).where(Party.case_id.in_(ids)).order_by(Party.id)):
        found.setdefault(party.case_id, []).append(party)
    wanted = {source.split(".")[1] for source, *_ in layout.columns if source.startswith("answer.")}
    submissions = select(Submission).where(Submission.case_id.in_(ids), Submission.form_key.in_(wanted))
    answers = {
        (one.case_id, one.form_key): (_words(session, one, locale), one.answers)
        for one in session.scalars(submissions.order_by(Submission.at))
    }
    documents = select(Document).where(Document.case_id.in_(ids), Document.voided_at.is_(None))
    numbers = {(one.case_id, one.kind): one.number for one in session.scalars(documents.order_by(Document.issued_at))}
    names = people.names(session, {who for one in cases for who in one.mediators})
    return _Facts(territory.by_path(session, paths), found, answers, numbers, names, locale)


def _words(session: Session, submission: Submission, locale: str) -> dict[str, Any]:
    form = formbook.version(session, submission.form_id).form
    reader: forms.Locale = "en" if locale == "en" else "zh"
    opened = formbook.opened(form, submission.answers)
    return forms.answer_words(form, opened, locale=reader, evaluate=formbook.evaluate)


def _cell(source: str, number: int, case: Case, facts: _Facts) -> object:
    match source.split("."):
        case ["count"]:
            return number
        case ["case", name, "day"]:
            moment = getattr(case, name)
            return moment.astimezone(clock.ZONE).date() if moment else None
        case ["case", name]:
            value = blocklist.covered(case.words) if name == "words" else getattr(case, name)
            return _field(value, name, facts.locale)
        case ["place", level]:
            codes = territory.ancestors(case.division)
            depth = {"town": 1, "village": 2}[level]
            place = facts.places.get(codes[depth]) if len(codes) > depth else None
            return place.label(facts.locale) if place else ""
        case ["people", role]:
            of_role = [one.name for one in facts.parties.get(case.id, []) if one.role == role and one.name]
            return harmless("、".join(of_role))
        case ["mediator"]:
            return "、".join(facts.names[one] for one in case.mediators if one in facts.names)
        case ["document", form]:
            return facts.numbers.get((case.id, form), "")
        case ["answer", form, key]:
            words, given = facts.answers.get((case.id, form), ({}, {}))
            return _day(given.get(key)) or harmless(str(words.get(key, "")))
    raise ValueError(source)


def _field(value: Any, name: str, locale: str) -> object:
    if isinstance(value, str) and name in dictionary():
        return label(name, value, locale)
    if isinstance(value, datetime):
        return value.astimezone(clock.ZONE).replace(tzinfo=None, second=0, microsecond=0)
    return harmless(value) if isinstance(value, str) else value


def _day(value: object) -> date | None:
    """A day that was answered, as a day: a spreadsheet sorts and reckons with it."""
    return date.fromisoformat(value) if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else None


def ruled(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A ruled table under its title as XLSX, its head on every page of A4 across."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title[:31]
    width = len(heads)
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=16), Alignment(horizontal="center")
    sheet.append(list(heads))
    for row in rows:
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), RULED
            if isinstance(cell.value, date):
                cell.number_format = FORMATS[isinstance(cell.value, datetime)]
    for column in range(1, width + 1):
        sheet.cell(2, column).font, sheet.cell(2, column).border = Font(bold=True), RULED
        sheet.column_dimensions[get_column_letter(column)].width = _width(rows, column - 1)
    sheet.freeze_panes, sheet.print_title_rows = "A3", "1:2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _width(rows: Sequence[Sequence[object]], column: int) -> float:
    if any(isinstance(row[column], date) for row in rows):
        return 17
    return float(min(40, max([10, *(_broad(str(row[column] or "")) for row in rows[:200])])))


def _broad(text: str) -> int:
    """How broad a text is in a sheet: a Chinese character takes two places."""
    return 2 + sum(2 if letter > "\u2e7f" else 1 for letter in text)
