"""The ledger as an Excel workbook; every export is an event."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import blocklist
from engine.cases.dictionary import label
from engine.cases.models import Case
from engine.ids import new_id
from engine.ledger.queries import Filters, conditions
from engine.people.actor import Actor
from engine.territory.queries import by_path

COLUMNS = {
    "number": ("编号", "Number"),
    "reported_at": ("登记时间", "Reported"),
    "division": ("地点", "Place"),
    "kind": ("种类", "Kind"),
    "category": ("类型", "Category"),
    "risk": ("风险", "Risk"),
    "level": ("层级", "Level"),
    "stage": ("环节", "Stage"),
    "due_on": ("期限", "Due"),
    "closed_at": ("销账时间", "Closed"),
    "outcome": ("结果", "Outcome"),
    "words": ("反映内容", "What was said"),
}
CODES = ("kind", "category", "risk", "level", "stage", "outcome")
LIMIT = 100_000
WIDTH = 18


def workbook(session: Session, actor: Actor, filters: Filters, locale: str) -> bytes:
    """The cases of a search as XLSX, headers and codes in the reader's language."""
    book = Workbook(write_only=True)
    language = 1 if locale == "en" else 0
    sheet = _headed(book, "台账" if locale == "zh" else "Ledger", [names[language] for names in COLUMNS.values()])
    count = 0
    for row in _rows(session, actor, filters, locale):
        sheet.append(row)
        count += 1
    events.record(session, "ledger.exported", new_id(), actor=actor.id, rows=count)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def sheet(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A plain table as XLSX; no text in it is taken for a formula."""
    book = Workbook(write_only=True)
    made = _headed(book, title, head)
    for row in rows:
        made.append([_plain(value) for value in row])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _headed(book: Workbook, title: str, head: Sequence[str]) -> Any:
    """A sheet with its head in bold, which stays in view, and columns as wide as moments and numbers are."""
    made = book.create_sheet(title)
    made.freeze_panes = "A2"
    for column in range(1, len(head) + 1):
        made.column_dimensions[get_column_letter(column)].width = WIDTH
    cells = [WriteOnlyCell(made, value=one) for one in head]
    for cell in cells:
        cell.font = Font(bold=True)
    made.append(cells)
    return made


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(clock.ZONE).replace(tzinfo=None, second=0, microsecond=0)
    return harmless(value) if isinstance(value, str) else value


def _rows(session: Session, actor: Actor, filters: Filters, locale: str) -> Iterator[list[object]]:
    query = select(Case).where(*conditions(actor, filters)).order_by(Case.id.desc()).limit(LIMIT)
    cases = session.scalars(query).all()
    places = by_path(session, {case.division for case in cases})
    for case in cases:
        place = places.get(case.division)
        yield [_cell(case, name, locale, place.label(locale) if place else "") for name in COLUMNS]


def _cell(case: Case, name: str, locale: str, place: str) -> object:
    value = getattr(case, name)
    if name == "division":
        return place
    if name == "words":
        return harmless(blocklist.covered(case.words))
    if name in CODES:
        return label(name, value, locale)
    return _plain(value)


def harmless(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
