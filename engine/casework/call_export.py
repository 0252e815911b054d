"""The log of calls as a workbook, for the centre that keeps it."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from engine import events
from engine.errors import N_
from engine.ids import new_id
from engine.ledger.export import sheet
from engine.people.actor import Actor
from engine.registers.calls import ABOUT, WAYS, log

HEAD = (N_("Calls"), N_("Time"), N_("Way"), N_("About"), N_("What was told"), N_("Kept until"))
"""The title of the exported log and the names of its columns."""


def workbook(session: Session, actor: Actor, words: Callable[[str], str]) -> bytes:
    """The log as a sheet, `words` says it in the reader's language; each export is recorded. Raises Forbidden."""
    found = log(session, actor)
    rows = [(one.at, words(WAYS[one.way]), words(ABOUT[one.about]), one.told, one.keep_until) for one in found]
    events.record(session, "calls.exported", new_id(), actor=actor.id, rows=len(rows))
    title, *head = (words(one) for one in HEAD)
    return sheet(title, head, rows)
