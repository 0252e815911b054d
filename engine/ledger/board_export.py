"""A board as a workbook or a PDF: the numbers, how each is counted, and when; every export is an event."""

from collections.abc import Callable, Iterator
from io import BytesIO

from openpyxl import Workbook
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.dictionary import label
from engine.ids import new_id
from engine.ledger.board import MEANINGS, NOW, PARTS, Board
from engine.ledger.export import harmless
from engine.ledger.movements import PAST
from engine.ledger.tallies import Told
from engine.papers import Block, Part, Scan, pdf
from engine.people.actor import Actor

Say = Callable[[str], str]
"""Translates the name of a word (api.pages.board.WORDS) or a sentence."""

Line = tuple[object, ...]
COUNT_AND_WHOLE = 3
"""Cells of a line that names a figure, how many, and of how many; on paper both numbers stand in one."""
Table = tuple[str, list[Line]]
"""A title, and lines with the head first."""


def export(
    session: Session, actor: Actor, board: Board, kind: str, locale: str, say: Say, drawing: bytes | None = None,
    caption: str = "",
) -> bytes:  # fmt: skip
    """The board as `xlsx` or `pdf`, which ends with the `drawing` of its places (SVG) above its `caption`."""
    events.record(session, "board.exported", new_id(), actor=actor.id, format=kind, division=board.division.path)
    tables = list(_tables(board, locale, say))
    return (
        _workbook(tables)
        if kind == "xlsx"
        else _paper(board, tables, locale, say, [Scan(caption, "image/svg+xml", drawing)] if drawing else [])
    )


def _tables(board: Board, locale: str, say: Say) -> Iterator[Table]:
    at = board.at.astimezone(clock.ZONE)
    yield say("title"), [
        (say("division"), board.division.label(locale)), (say("counted"), f"{at:%Y-%m-%d %H:%M}"), (say("rule"), ""),
    ]  # fmt: skip
    yield (
        say("now"),
        [
            (say("figure"), say("count"), say("whole")),
            *((say(MEANINGS[name][0]), _cell(board.now, name, say), _whole(board.now, name, say)) for name in NOW),
        ],
    )
    head = tuple(say(MEANINGS[name][0]) for name in NOW)
    if board.places:
        yield (
            say("places"),
            [
                (say("division"), *head),
                *((board.names[path].label(locale), *_row(told, NOW, say)) for path, told in board.places.items()),
            ],
        )
    yield (
        say("levels"),
        [
            (say("levels"), *head),
            *(
                (label("level", level, locale) if level else say("undecided"), *_row(told, NOW, say))
                for level, told in board.levels.items()
            ),
        ],
    )
    yield (
        say(board.period),
        [
            (say("first"), say("last"), *(say(MEANINGS[name][0]) for name in PAST)),
            *((one.since.isoformat(), one.until.isoformat(), *_row(one.told, PAST, say)) for one in board.past),
        ],
    )
    yield (
        say("meaning"),
        [
            (say("figure"), say("meaning")),
            *((say(MEANINGS[name][0]), say(MEANINGS[name][1])) for name in (*NOW, *PAST)),
            (say("hidden"), say("few")),
        ],
    )


def _row(told: Told, names: tuple[str, ...], say: Say) -> list[object]:
    return [_cell(told, name, say) for name in names]


def _cell(told: Told, name: str, say: Say) -> object:
    found = told[name]
    return say("hidden") if found is None else found


def _whole(told: Told, name: str, say: Say) -> object:
    return _cell(told, PARTS[name], say) if name in PARTS else ""


def _workbook(tables: list[Table]) -> bytes:
    """One sheet a table."""
    book = Workbook(write_only=True)
    for title, lines in tables:
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append([harmless(one) if isinstance(one, str) else one for one in line])
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _paper(board: Board, tables: list[Table], locale: str, say: Say, scans: list[Scan]) -> bytes:
    title = f"{board.division.label(locale)} · {say('title')}"
    blocks = [Block("title", (title,))]
    for number, (heading, lines) in enumerate(tables):
        if number:
            blocks.append(Block("heading", (heading,)))
        for line in lines:
            texts = tuple(str(one) for one in line)
            if len(texts) == COUNT_AND_WHOLE:
                texts = (texts[0], " / ".join(filter(None, texts[1:])))
            blocks.append(Block("text", (texts[0],)) if texts[1:] == ("",) else Block("row", texts))
    return pdf(title, [Part(title, blocks, scans)])
