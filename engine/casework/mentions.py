"""Remarks that name somebody (@name): whoever may see the case can be named, and finds it above their work."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import clock, events, notifications
from engine.cases.models import Case, Mention, Note
from engine.cases.permissions import OPEN, SIGHT, scope
from engine.people import queries as people
from engine.people.actor import Actor
from engine.people.models import Account

AT = re.compile(r"[@＠]")
MOST = 20


@dataclass(frozen=True)
class Named:
    """A remark in which somebody was named, and has not looked at yet."""

    case: Case
    words: str
    by: str
    at: datetime


def can_be_named(session: Session, actor: Actor, case: Case) -> list[Account]:
    """Who may see a case, by name, but the actor."""
    candidates = {one.id: one for one in people.holders(session, list(SIGHT), case.division)}
    for key in (*case.mediators, case.reported_by):
        if key and (found := session.get(Account, UUID(key))) is not None and found.active:
            candidates[found.id] = found
    candidates.pop(UUID(actor.id), None)
    everybody = sorted(candidates.values(), key=lambda one: one.name)
    if not everybody:
        return []
    sees = select(*(scope(one) for one in people.actors_of(session, everybody))).where(Case.id == case.id)
    return [one for one, may in zip(everybody, session.execute(sees).one(), strict=True) if may]


def name_in(session: Session, actor: Actor, case: Case, note: Note) -> list[Account]:
    """Remember whom a remark names; who may not see the case is not told."""
    if not AT.search(note.words):
        return []
    # The longest name first: “@示例调解员二” is not “示例调解员”.
    rest, named = note.words, []
    for one in sorted(can_be_named(session, actor, case), key=lambda one: len(one.name), reverse=True):
        pattern = AT.pattern + re.escape(one.name)
        if re.search(pattern, rest):
            rest = re.sub(pattern, "", rest)
            named.append(one)
    session.flush()  # what is named points to the remark
    session.add_all(Mention(note_id=note.id, account_id=one.id) for one in named)
    if named:
        notifications.tell(session, [str(one.id) for one in named], "mention", case.id, by=actor.id)
        events.record(session, "case.mentioned", case.id, actor=actor.id, people=sorted(str(one.id) for one in named))
    return named


def unseen(session: Session, actor: Actor) -> Sequence[Named]:
    """The remarks that name somebody and that they have not looked at, the newest first."""
    query = (
        select(Case, Note, Account.name)
        .join(Note, Note.case_id == Case.id)
        .join(Mention, Mention.note_id == Note.id)
        .join(Account, Account.id == Note.by.cast(Account.id.type))
        .where(Mention.account_id == UUID(actor.id), Mention.seen_at.is_(None), scope(actor), OPEN)
        .order_by(Note.at.desc())
        .limit(MOST)
    )
    return [Named(case, note.words, name, note.at) for case, note, name in session.execute(query)]


def saw(session: Session, actor: Actor, case_id: UUID) -> None:
    """The actor has looked at a case, and with it at the remarks that name them."""
    notes = select(Note.id).where(Note.case_id == case_id)
    mine = update(Mention).where(Mention.account_id == UUID(actor.id), Mention.seen_at.is_(None))
    session.execute(mine.where(Mention.note_id.in_(notes)).values(seen_at=clock.now()))
