"""Starting and ending deadlines; loading the catalogue and the calendar."""

import json
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine import clock, events
from engine.deadlines import counting, queries
from engine.deadlines.models import CalendarDay, CatalogueEntry, Deadline
from engine.ids import new_id

HERE = Path(__file__).parent


def start(session: Session, case_id: UUID, key: str, *, since: date | datetime | None = None) -> Deadline:
    """Let a deadline of the catalogue run from an event (default: now). Raises DeadlineUnknown."""
    begin = since or clock.now()
    entry = queries.entry(session, key, clock.today())
    found = counting.due(
        entry.duration, begin, queries.calendar(session), roll_forward=entry.rule.startswith("roll_forward")
    )
    first = begin.astimezone(clock.ZONE).date() if isinstance(begin, datetime) else begin
    deadline = Deadline(
        id=new_id(), case_id=case_id, key=key, started_on=first, due_on=found.on, displayed_on=found.displayed,
        due_at=found.at, state="running",
    )  # fmt: skip
    session.add(deadline)
    events.record(session, "deadline.started", case_id, key=key, due_on=found.on.isoformat())
    return deadline


def end(session: Session, case_id: UUID, key: str | None, *, state: str) -> None:
    """End the running deadlines of a case, all of them without a key: `met` or `cancelled`."""
    running = [Deadline.case_id == case_id, Deadline.state == "running"]
    if key is not None:
        running.append(Deadline.key == key)
    ended = session.execute(
        update(Deadline).where(*running).values(state=state, ended_at=clock.now()).returning(Deadline.key)
    )
    for one in ended.scalars().all():
        events.record(session, f"deadline.{state}", case_id, key=one)


def load(session: Session) -> None:
    """Load the catalogue and the calendar that come with the product; what is there already stays."""
    entries = json.loads((HERE / "catalogue.json").read_text(encoding="utf-8"))
    for entry in entries:
        entry["in_force_from"] = date.fromisoformat(entry["in_force_from"])
    session.execute(insert(CatalogueEntry).on_conflict_do_nothing(), entries)
    rows: list[dict[str, object]] = []
    for year in tomllib.loads((HERE / "holidays.toml").read_text(encoding="utf-8")).values():
        for first, last in year["holidays"]:
            begin, end_ = date.fromisoformat(first), date.fromisoformat(last)
            rows += [{"day": begin + timedelta(days=n), "working": False} for n in range((end_ - begin).days + 1)]
        rows += [{"day": date.fromisoformat(day), "working": True} for day in year["workdays"]]
    session.execute(insert(CalendarDay).on_conflict_do_nothing(), rows)
