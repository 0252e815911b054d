"""The agreement room: both sides go through the clauses one by one, each agreed, changed or open (人民调解法 §22).

A changed clause is a new version, and nobody has agreed to that yet. What both sides agree to becomes the terms of the
agreement's form.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases import blocklist, parties, permissions
from engine.cases.commands import require_open
from engine.cases.models import Case
from engine.errors import N_, Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.people.actor import Actor
from engine.sessions.models import Clause, ClauseAnswer, ClauseVersion

SIDES = ("applicant", "respondent")
PROPOSERS = (*SIDES, "mediator")
ANSWERS = ("agreed", "open")
EVERY = ("month", "week")
MOST_INSTALMENTS = 60
CENT = Decimal("0.01")
TWO_SIDED = ("dispute", "petition")
"""Kinds of cases in which two sides may come to an agreement; a hazard is put right, whoever agrees."""


class ClauseUnknown(NotFound):
    """There is no such clause in a case of this person's, or it was taken out."""

    code = "clause-unknown"
    message = N_("There is no such clause any more.")


class ClauseUnfit(Invalid):
    """A clause says what is agreed; instalments need an amount and a first day."""

    code = "clause-unfit"
    message = N_(
        "Write what is agreed. An amount is more than nothing; instalments (2 to 60) need an amount and a first day."
    )


class ClauseChanged(Conflict):
    """The answer is to a wording that is no longer the newest."""

    code = "clause-changed"
    message = N_("The clause has been changed since. Read the new wording to both sides.")


class NothingToAgree(Conflict):
    """Clauses and agreements belong to disputes and petitions; a hazard or a suggestion has no two sides."""

    code = "nothing-to-agree"
    message = N_(
        "Agreements are made in disputes and petitions; this matter is neither. "
        "If two sides quarrel over it, report that as a dispute of its own."
    )


@dataclass(frozen=True)
class Terms:
    """What a clause says: see ClauseVersion."""

    words: str
    who: str = ""
    amount: Decimal | None = None
    due_on: date | None = None
    instalments: int = 1
    every: str = "month"


@dataclass(frozen=True)
class Row:
    """A clause with all its versions, the newest first, and what each side says to the newest."""

    clause: Clause
    versions: Sequence[ClauseVersion]
    answers: dict[str, ClauseAnswer]

    @property
    def newest(self) -> ClauseVersion:
        """The wording that counts."""
        return self.versions[0]

    @property
    def state(self) -> str:
        """agreed if both sides agree to the newest wording, else changed if there was one before it, else open."""
        if all(side in self.answers and self.answers[side].answer == "agreed" for side in SIDES):
            return "agreed"
        return "changed" if len(self.versions) > 1 else "open"


def require(session: Session, actor: Actor, case_id: UUID) -> Case:
    """A case with two sides that this person sits down with. Raises CaseUnknown, NotForYourRole, NothingToAgree."""
    case = permissions.require(session, actor, "sit", case_id)
    if case.kind not in TWO_SIDED:
        raise NothingToAgree(case=case_id)
    return case


def propose(session: Session, actor: Actor, case_id: UUID, terms: Terms, *, by: str, keep_words: str = "") -> Clause:
    """Put a new clause on the table; `keep_words` is the ground for words that must not be on file.

    Raises CaseUnknown, NotForYourRole, CaseClosed, NothingToAgree, ClauseUnfit, FactsBlocked.
    """
    case = _at_table(session, actor, case_id)
    clause = Clause(id=new_id(), case_id=case.id)
    session.add(clause)
    session.flush()  # its version points to it
    _say(session, actor, clause, terms, by, 1, "clause.proposed", keep_words)
    return clause


def change(session: Session, actor: Actor, clause_id: UUID, terms: Terms, *, by: str, keep_words: str = "") -> Clause:
    """Word a clause anew: whoever agreed is asked again. Raises ClauseUnknown and as `propose`."""
    clause, newest = _clause(session, actor, clause_id)
    _say(session, actor, clause, terms, by, newest.number + 1, "clause.changed", keep_words)
    return clause


def answer(session: Session, actor: Actor, clause_id: UUID, *, side: str, number: int, says: str) -> Clause:
    """Write down what a side says to the newest wording, named by its number. Raises ClauseUnknown, ClauseChanged."""
    clause, newest = _clause(session, actor, clause_id)
    if side not in SIDES or says not in ANSWERS:
        raise ClauseUnfit(clause=clause_id)
    if number != newest.number:
        raise ClauseChanged(clause=clause_id)
    values = {"answer": says, "by": actor.id, "at": clock.now()}
    new = insert(ClauseAnswer).values(version_id=newest.id, side=side, **values)
    session.execute(new.on_conflict_do_update(index_elements=["version_id", "side"], set_=values))
    events.record(
        session, "clause.answered", clause.case_id, actor=actor.id, clause=str(clause.id), version=number, side=side,
        answer=says,
    )  # fmt: skip
    return clause


def remove(session: Session, actor: Actor, clause_id: UUID) -> None:
    """Take a clause off the table; its history stays. Raises ClauseUnknown."""
    clause, _ = _clause(session, actor, clause_id)
    clause.removed_at = clock.now()
    events.record(session, "clause.removed", clause.case_id, actor=actor.id, clause=str(clause.id))


def rows(session: Session, case_id: UUID) -> list[Row]:
    """The clauses of a case in the order in which they came."""
    clauses = session.scalars(
        select(Clause).where(Clause.case_id == case_id, Clause.removed_at.is_(None)).order_by(Clause.id)
    ).all()
    ids = [one.id for one in clauses]
    versions: dict[UUID, list[ClauseVersion]] = {}
    query = select(ClauseVersion).where(ClauseVersion.clause_id.in_(ids)).order_by(ClauseVersion.number.desc())
    for version in session.scalars(query):
        versions.setdefault(version.clause_id, []).append(version)
    newest = [found[0].id for found in versions.values()]
    answers: dict[UUID, dict[str, ClauseAnswer]] = {}
    for one in session.scalars(select(ClauseAnswer).where(ClauseAnswer.version_id.in_(newest))):
        answers.setdefault(one.version_id, {})[one.side] = one
    return [Row(one, versions[one.id], answers.get(versions[one.id][0].id, {})) for one in clauses]


@dataclass(frozen=True)
class PartyTerms:
    """What one party is to keep to: their name and side as far as the clauses tell; both empty for all other terms."""

    who: str
    side: str
    rows: Sequence[Row]


def by_party(session: Session, case_id: UUID, listed: Sequence[Row]) -> list[PartyTerms]:
    """Clauses by the party that is to keep them, side by side as papers name the parties; what names nobody last."""
    sides = {one.name: one.role for one in parties.of_case(session, case_id) if one.name}
    found: dict[str, list[Row]] = {}
    for row in listed:
        found.setdefault(row.newest.who, []).append(row)
    names = [name for name in sides if name in found]
    names += [name for name in found if name and name not in sides] + [""] * ("" in found)
    return [PartyTerms(name, side if (side := sides.get(name, "")) in SIDES else "", found[name]) for name in names]


def instalments(version: ClauseVersion | Terms) -> list[tuple[date | None, Decimal | None]]:
    """When how much is due: equal parts, what is left over with the last; a day that a month lacks is its last day."""
    count, amount, first = version.instalments, version.amount, version.due_on
    if count == 1 or amount is None or first is None:
        return [(first, amount)]
    part = (amount / count).quantize(CENT, ROUND_DOWN)
    parts = [part] * (count - 1) + [amount - part * (count - 1)]
    return [(_later(first, at, version.every), one) for at, one in enumerate(parts)]


def _later(first: date, steps: int, every: str) -> date:
    if every == "week":
        return first + timedelta(weeks=steps)
    year, month = divmod(first.year * 12 + first.month - 1 + steps, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def _at_table(session: Session, actor: Actor, case_id: UUID) -> Case:
    case = require(session, actor, case_id)
    require_open(case)
    return case


def _clause(session: Session, actor: Actor, clause_id: UUID) -> tuple[Clause, ClauseVersion]:
    """A clause, locked, and its newest version."""
    clause = session.get(Clause, clause_id, with_for_update=True)
    if clause is None or clause.removed_at is not None:
        raise ClauseUnknown(clause=clause_id)
    _at_table(session, actor, clause.case_id)
    newest = select(ClauseVersion).where(ClauseVersion.clause_id == clause.id).order_by(ClauseVersion.number.desc())
    return clause, session.scalars(newest.limit(1)).one()


def _say(
    session: Session, actor: Actor, clause: Clause, terms: Terms, by: str, number: int, kind: str, keep_words: str
) -> None:
    several = terms.instalments > 1
    unfit = (
        not terms.words.strip()
        or by not in PROPOSERS
        or terms.every not in EVERY
        or not 1 <= terms.instalments <= MOST_INSTALMENTS
        or (terms.amount is not None and terms.amount <= 0)
        or (several and (terms.amount is None or terms.due_on is None))
    )
    if unfit:
        raise ClauseUnfit
    blocklist.judge(session, clause.case_id, actor, f"{terms.words}\n{terms.who}", keep_words)
    version = ClauseVersion(
        id=new_id(), clause_id=clause.id, number=number, words=terms.words.strip(), who=terms.who.strip(),
        amount=terms.amount, due_on=terms.due_on, instalments=terms.instalments, every=terms.every, proposed_by=by,
        made_by=actor.id, made_at=clock.now(),
    )  # fmt: skip
    session.add(version)
    session.flush()  # answers point to it
    events.record(session, kind, clause.case_id, actor=actor.id, clause=str(clause.id), version=number, side=by)
