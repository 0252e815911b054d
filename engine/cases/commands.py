"""What can be done to a case. Each command says so in an event: ids and codes only."""

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine import clock, events, statements
from engine.cases import callbacks
from engine.cases.models import Agreement, Case, CaseCounter, Note, Party, Submission
from engine.errors import N_, Conflict, Forbidden, Invalid
from engine.ids import new_id
from engine.statements import Statement, table

RISKS = ("GREEN", "BLUE", "YELLOW", "ORANGE", "RED")
LEVELS = ("village", "town", "county")
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10


SETTLED = frozenset(
    {
        "performed", "settled_in_court", "ruled", "answered", "petition_ended", "struck_off", "protected", "dissuaded",
        "finished", "calmed", "corrected", "kept",
    }
)  # fmt: skip
PASSED_ON = frozenset({"handed_over", "not_performed"})
"""Outcomes by what they mean for the matter (dictionary.toml, `outcome`); all others come after these two."""


class CaseClosed(Conflict):
    """The case is closed; nothing can be changed in it."""

    code = "case-closed"
    message = N_("This case is closed.")


class NotClosed(Conflict):
    """The case is open."""

    code = "not-closed"
    message = N_("This case is open already.")


class LoweringNeedsReason(Invalid):
    """A risk may be raised by anybody; lowering it needs a reason."""

    code = "lowering-needs-reason"
    message = N_("Say why the risk is lowered.")


class OwnCase(Forbidden):
    """Red and orange cases are not closed by who handled them (anti-formalism rule 6)."""

    code = "own-case"
    message = N_("A red or orange case must be closed by somebody else than the person who handled it.")


def report(
    session: Session,
    *,
    words: str,
    place: str,
    urgency: str,
    kind: str,
    source: str,
    division: str,
    actor: str | None,
    reporter: Mapping[str, str] | None = None,
) -> tuple[Case, str]:
    """Put a report on the ledger (登记). Returns the case and its tracking code, which is kept nowhere in clear."""
    county = division.partition("/")[0]
    tracking = new_code()
    now = clock.now()
    case = Case(
        id=new_id(),
        number=_next_number(session, county),
        county=county,
        division=division,
        kind=kind,
        words=words,
        place=place,
        urgency=urgency,
        source=source,
        stage="reported",
        reported_by=actor,
        reported_at=now,
        tracking_hash=tracking_hash(tracking),
    )
    session.add(case)
    session.flush()  # the reporter points to it
    if reporter:
        session.add(
            Party(
                id=new_id(), case_id=case.id, role="reporter", name=reporter.get("name", ""),
                phone=reporter.get("phone", ""),
            )
        )  # fmt: skip
    _say(session, "case.reported", case, actor, number=case.number, source=source, urgency=urgency, case_kind=kind)
    return case, tracking


def split(session: Session, first: Case, actor: str | None, *, kind: str) -> Case:
    """Open a second case for another matter in the same report (一报两分); whoever reported stands in both."""
    told = select(Party).where(Party.case_id == first.id, Party.role == "reporter")
    reporter = session.scalar(told.limit(1))
    second, _ = report(
        session, words=first.words, place=first.place, urgency=first.urgency, kind=kind, source=first.source,
        division=first.division, actor=first.reported_by,
        reporter={"name": reporter.name, "phone": reporter.phone} if reporter else None,
    )  # fmt: skip
    _say(session, "case.split", first, actor, second=str(second.id), number=second.number)
    return second


def numbered(session: Session, county: str, numbers: Collection[str]) -> dict[str, Case]:
    """The cases of these numbers; a sealed one is as unknown as one that is not there."""
    query = select(Case).where(Case.county == county, Case.number.in_(numbers), Case.sealed.is_(False))
    return {case.number: case for case in session.scalars(query)}


def visit(session: Session, reception: Case, actor: str | None, numbers: Sequence[str]) -> list[str]:
    """Record on each case of these numbers that a leader takes it up; returns the numbers that no case has.

    A sealed case is as unknown as one that is not there.
    """
    wanted = {number.strip().upper() for number in numbers}
    known = numbered(session, reception.county, wanted)
    if set(known) == wanted:
        for case in known.values():
            _say(session, "case.visited", case, actor, number=reception.number)
    return sorted(wanted - set(known))


def new_code() -> str:
    """A code to follow a case with, of letters and digits that nobody mistakes for others."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def tracking_hash(code: str) -> bytes:
    """How a tracking code is kept; spaces, dashes and case do not matter."""
    plain = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(b"tracking:" + plain.encode()).digest()


def classify(
    session: Session,
    case: Case,
    actor: str | None,
    *,
    kind: str | None = None,
    category: str | None = None,
    risk: str | None = None,
    level: str | None = None,
    reason: str | None = None,
) -> None:
    """Set kind, category, risk and level. Raises LoweringNeedsReason, CaseClosed."""
    require_open(case)
    if risk and case.risk and RISKS.index(risk) < RISKS.index(case.risk) and not reason:
        raise LoweringNeedsReason
    changed = {"kind": kind, "category": category, "risk": risk, "level": level}
    for name, value in changed.items():
        if value:
            setattr(case, name, value)
    facts = {name: value for name, value in changed.items() if value}
    _say(
        session,
        "case.classified",
        case,
        actor,
        **{"case_kind" if name == "kind" else name: value for name, value in facts.items()},
    )


def locate(session: Session, case: Case, actor: str | None, division: str) -> None:
    """Say where it really happened (a path): the people of that place see it from now on. Raises CaseClosed."""
    require_open(case)
    was, case.division = case.division, division
    _say(session, "case.located", case, actor, division=division, was=was)


def set_stage(session: Session, case: Case, stage: str) -> None:
    """Say where the case stands; no event of its own, since it follows from the task that is open."""
    if case.closed_at is None and case.paused_at is None:
        case.stage = stage


def accept(session: Session, case: Case, actor: str | None, *, on: date) -> None:
    """Accept a dispute for mediation (受理) on a day; the soft thirty days run from it (人民调解工作若干规定 §33)."""
    require_open(case)
    begin = clock.now() if on == clock.today() else datetime.combine(on, time(), tzinfo=clock.ZONE)
    case.accepted_at = case.accepted_at or begin
    _say(session, "case.accepted", case, actor)


def appoint_mediators(session: Session, case: Case, actor: str | None, mediator: str, *joint: str) -> None:
    """Record the mediator whom the parties chose or the committee appointed, and who joins (人民调解法 §19)."""
    case.mediator, case.joint = mediator, list(joint)
    _say(session, "case.mediator_appointed", case, actor, mediator=mediator, **({"joint": joint} if joint else {}))


def escalate(session: Session, case: Case, actor: str | None) -> str:
    """Take a case one level up (village, town, county); returns the level that handles it now."""
    require_open(case)
    current = LEVELS.index(case.level) if case.level in LEVELS else 0
    case.level = LEVELS[min(current + 1, len(LEVELS) - 1)]
    _say(session, "case.escalated", case, actor, level=case.level)
    return case.level


def pause(session: Session, case: Case, actor: str | None, *, ground: str) -> None:
    """Let mediation rest because of danger (人民调解法 §25)."""
    require_open(case)
    case.stage, case.paused_at = "paused", clock.now()
    _say(session, "case.paused", case, actor, ground=ground)


def resume(session: Session, case: Case, actor: str | None) -> None:
    """Go on after a pause."""
    if case.paused_at is not None:
        case.paused_at = None
        _say(session, "case.resumed", case, actor)


_FILE = Statement(insert(table(Submission)).values({one.name: bindparam(one.name) for one in table(Submission).c}))


def submit(
    session: Session,
    case: Case,
    actor: str | None,
    *,
    form_key: str,
    form_id: UUID,
    answers: Mapping[str, Any],
    task: tuple[UUID, UUID, str] | None = None,
    party: UUID | None = None,
) -> UUID:
    """Put a completed form on file; `task` is (instance id, task id, element id), `party` who said it with their code.

    Returns the submission's id.
    """
    instance_id, task_id, element_id = task or (None, None, None)
    submission = new_id()
    row = {
        "id": submission, "case_id": case.id, "instance_id": instance_id, "task_id": task_id, "element_id": element_id,
        "form_key": form_key, "form_id": form_id, "answers": json.dumps(answers), "by": actor, "at": clock.now(),
        "party_id": party,
    }  # fmt: skip
    statements.send(session, (_FILE, row))
    return submission


def record_agreement(
    session: Session,
    case: Case,
    actor: str | None,
    submission: Submission,
    *,
    form: str,
    effective_on: date,
    confirmable: bool,
) -> Agreement:
    """Record what was agreed. `confirmable`: a court may confirm it (民诉法解释 §355 says what it may not)."""
    require_open(case)
    agreement = Agreement(
        id=new_id(), case_id=case.id, submission_id=submission.id, form=form, effective_on=effective_on,
        confirmable=confirmable,
    )  # fmt: skip
    session.add(agreement)
    _say(session, "case.agreed", case, actor, form=form, effective_on=effective_on.isoformat(), confirmable=confirmable)
    return agreement


def rewrite_agreement(
    session: Session,
    case: Case,
    actor: str | None,
    old: UUID,
    new: Submission,
    *,
    effective_on: date,
    confirmable: bool,
) -> None:
    """Let a new form stand for that of an agreement which was made void; nothing of the new one is performed yet."""
    require_open(case)
    changed = update(Agreement).where(Agreement.case_id == case.id, Agreement.submission_id == old)
    session.execute(
        changed.values(
            submission_id=new.id, form=new.form_key, effective_on=effective_on, confirmable=confirmable,
            performed_on=None,
        )
    )  # fmt: skip
    _say(session, "case.agreement_rewritten", case, actor, form=new.form_key, effective_on=effective_on.isoformat())


def record_performance(session: Session, case: Case, actor: str | None, *, performed: str, on: date) -> None:
    """Record whether an agreement was performed (yes, partly or no), and on which day (人民调解法 §31)."""
    agreement = session.scalar(
        select(Agreement).where(Agreement.case_id == case.id).order_by(Agreement.effective_on.desc()).limit(1)
    )
    if agreement is not None and performed == "yes":
        agreement.performed_on = on
    _say(session, "case.performance_recorded", case, actor, performed=performed)


def conclude(session: Session, case: Case, actor: str | None, *, reason: str) -> None:
    """Say how a case ends; it stays on the ledger until nothing runs in it any more. Raises OwnCase, CaseClosed.

    Of several processes the one counts that did most for the matter, whichever ends last.
    """
    require_open(case)
    if case.risk in ("RED", "ORANGE") and actor in case.mediators:
        raise OwnCase
    if case.closing is None or _weight(reason) >= _weight(case.closing):
        case.closing = reason


def _weight(reason: str) -> int:
    """2: the matter is settled; 1: somebody else has it; 0: it ended without either, or a way was told."""
    return 2 if reason in SETTLED else int(reason in PASSED_ON)


def settle(session: Session, case: Case, actor: str | None) -> None:
    """Take a concluded case off the ledger (销账), with the reason that it was concluded with."""
    reason, case.closing = case.closing, None
    case.closed_at, case.outcome, case.stage, case.paused_at, case.due_on = clock.now(), reason, "closed", None, None
    _say(session, "case.closed", case, actor, reason=reason)
    callbacks.draw(session, case)


def wait_to_close(session: Session, case: Case, actor: str | None) -> None:
    """Record that a concluded case stays open, because something else still runs in it."""
    _say(session, "case.concluded", case, actor, reason=case.closing)


def close(session: Session, case: Case, actor: str | None, *, reason: str) -> None:
    """Close a case at once, with its reason. Raises OwnCase, CaseClosed."""
    case.closing = None
    conclude(session, case, actor, reason=reason)
    settle(session, case, actor)


def reopen(session: Session, case: Case, actor: str | None) -> None:
    """Take a closed case up again; how often that happened stays visible. Raises NotClosed."""
    if case.closed_at is None:
        raise NotClosed(case=case.id)
    case.closed_at = case.outcome = None
    case.stage, case.reopened = "triage", case.reopened + 1
    _say(session, "case.reopened", case, actor, times=case.reopened)


def seal(session: Session, case: Case, actor: str | None) -> None:
    """Hide a case from all but those the law lets see it (minors, domestic violence, accusations)."""
    case.sealed = True
    _say(session, "case.sealed", case, actor)


def add_note(session: Session, case: Case, actor: str, words: str) -> Note:
    """Add a remark to the file."""
    note = Note(id=new_id(), case_id=case.id, by=actor, at=clock.now(), words=words)
    session.add(note)
    _say(session, "case.noted", case, actor)
    return note


def _say(session: Session, kind: str, case: Case, actor: str | None, **facts: Any) -> None:
    events.record(session, kind, case.id, actor=actor, **facts)


def require_open(case: Case) -> None:
    """Raises CaseClosed."""
    if case.closed_at is not None:
        raise CaseClosed(case=case.id)


def _next_number(session: Session, county: str) -> str:
    year = clock.today().year
    counted = insert(CaseCounter).values(county=county, year=year, last=1)
    counted = counted.on_conflict_do_update(index_elements=["county", "year"], set_={"last": CaseCounter.last + 1})
    number = session.scalar(counted.returning(CaseCounter.last))
    return f"ZP-{year}-{number:06d}"
