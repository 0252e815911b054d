"""What sessions bring to the forms: agreed clauses become the agreement's terms, quick notes the session's record."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine import clock, papers
from engine.cases.models import Case
from engine.casework import paper_facts
from engine.casework.choosing import AGREEMENTS
from engine.documents import papers as numbered
from engine.papers import Blanks
from engine.papers.pdf import Part
from engine.people.actor import Actor
from engine.sessions import room, sittings
from engine.sessions.models import ClauseVersion

RECORD = "f10-session"
OTHERS = "其他约定："
SIDE = {"applicant": "申请人一方", "respondent": "被申请人一方", "": ""}


def known_of(session: Session, case: Case, form_key: str) -> dict[str, Any]:
    """What a form can be filled in with from the room (agreements) or the last sitting (the record of a session)."""
    if form_key in AGREEMENTS:
        return _terms(session, case)
    return _record(session, case) if form_key == RECORD else {}


def draft(session: Session, actor: Actor, case_id: UUID) -> bytes:
    """The agreement as it stands in the room, from its template, as PDF: agreed clauses, the rest for the pen.

    Raises CaseUnknown, NotForYourRole, NothingToAgree.
    """
    case = room.require(session, actor, case_id)
    return papers.pdf(case.number, [_draft(session, case)])


def signing_package(session: Session, actor: Actor, case_id: UUID) -> bytes:
    """What is needed to sign on the spot: the record of the session, and an agreement for each party and the file.

    Raises CaseUnknown, NotForYourRole, NothingToAgree.
    """
    case = room.require(session, actor, case_id)
    facts = _facts(session, case)
    known = {"subject": facts["c"]["category"], "present": facts["names"], **_record(session, case, ahead=True)}
    record = Blanks({**_words(known), "scans": ""})
    agreement = _draft(session, case)
    copies = len(facts["applicants"]) + len(facts["respondents"]) + 1
    return papers.pdf(case.number, [_filled(session, RECORD, {**facts, "a": record}), *[agreement] * max(copies, 3)])


def _draft(session: Session, case: Case) -> Part:
    given = Blanks({**_words(_terms(session, case)), "touches": "", "copies": ""})
    return _filled(session, "f11-agreement", {**_facts(session, case), "a": given})


def _facts(session: Session, case: Case) -> dict[str, Any]:
    blank = {"number": "", "made_on": "      年    月    日"}
    return {**blank, **paper_facts.of_case(session, case)}


def _filled(session: Session, key: str, facts: Mapping[str, Any]) -> Part:
    title = papers.catalogue()[key].zh
    return Part(title, papers.fill(numbered.template(session, key), {**facts, "title": title}))


def _words(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a form as a paper says them."""
    said = dict(values)
    if held_at := said.get("held_at"):
        moment = datetime.fromisoformat(held_at)
        said["held_at"] = f"{paper_facts.day(moment)} {moment:%H:%M}"
    for one in said.get("obligations", ()):
        one["due_on"] = paper_facts.day(date.fromisoformat(one["due_on"])) if one.get("due_on") else ""
        one["amount"] = f"{Decimal(one['amount']):,f} 元" if one.get("amount") else ""
    return said


def _terms(session: Session, case: Case) -> dict[str, Any]:
    """Agreed clauses as the answers of an agreement's form: what each party keeps to, and what is to be done when."""
    agreed = [one for one in room.rows(session, case.id) if one.state == "agreed"]
    if not agreed:
        return {}
    lines: list[str] = []
    obligations, number = [], count(1)
    for terms in room.by_party(session, case.id, agreed):
        lines += [f"{terms.who}："] if terms.who else [OTHERS] * bool(lines)
        for one in terms.rows:
            obligations += _obligations(one.newest)
            lines.append(f"{next(number)}、{one.newest.words}")
    return {"content": "\n".join(lines), "obligations": obligations}


def _obligations(clause: ClauseVersion) -> list[dict[str, Any]]:
    """What is to be done when by whom: one for each instalment; none where neither is said."""
    parts = room.instalments(clause)
    return [
        {
            "who": clause.who,
            "what": clause.words + (f"（第{at}期，共{len(parts)}期）" if len(parts) > 1 else ""),
            "amount": str(amount) if amount is not None else None,
            "due_on": due.isoformat() if due else None,
        }
        for at, (due, amount) in enumerate(parts, 1)
        if clause.who or due
    ]


def _record(session: Session, case: Case, *, ahead: bool = False) -> dict[str, Any]:
    """When and where the last sitting was, and what was written down during it. `ahead`: the next one, if none was."""
    stands = [one.sitting for one in sittings.of_case(session, case.id) if one.sitting.cancelled_at is None]
    begun = [one for one in stands if one.starts_at <= clock.now()]
    if not (begun or (ahead and stands)):
        return {}
    last = begun[-1] if begun else stands[0]
    said = [f"{SIDE[one.side]}{'：' if one.side else ''}{one.words}" for one in sittings.notes(session, last.id)]
    return {
        "held_at": last.starts_at.astimezone(clock.ZONE).isoformat(timespec="minutes"), "place": last.place,
        "statements": "\n".join(said),
    }  # fmt: skip
