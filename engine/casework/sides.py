"""What a party of a mediation sees and can do with a code of their own (docs/portal.md).

Code and phone are looked at each time (CaseUnknown where they do not fit). Nothing here tells who reported, the words
of the report, or anything about another person but which side wants whom as mediator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from engine import clock, events
from engine.cases import commands as case_commands
from engine.cases import parties, party_codes
from engine.cases import queries as cases
from engine.cases.models import Case, Party
from engine.casework import formbook, reporters, rewriting, telling, wishes
from engine.casework.agreed import Agreed, agreed
from engine.casework.reporting import mark_blocked
from engine.deadlines.models import CatalogueEntry, Deadline
from engine.people import queries as people
from engine.people.actor import Actor
from engine.people.models import Unit
from engine.sessions.models import Invitation, Sitting
from engine.supermarket import conflicts
from engine.workflow.errors import NobodyWaits

RECUSAL, ENDING = "f-recusal", "f-mediation-end"
FORMS = {"choose": wishes.WISH, "recuse": RECUSAL, "rate": reporters.RATING, "end": ENDING}
"""The forms of what can be done, by what it is called in `Mediation.may`."""


@dataclass(frozen=True)
class Mediation:
    """Where a mediation stands, for one of its parties.

    `mediators` are the names of who mediates, `wanted` those of whom the other side wants, `sittings` those to come to
    which this party is invited, `rights` what the parties may still do by law, and until when; `agreed` is for the two
    sides alone.
    """

    case: Case
    party: Party
    unit: Unit | None
    mediators: Sequence[str]
    wanted: Sequence[str]
    sittings: Sequence[Sitting]
    rights: Sequence[tuple[Deadline, CatalogueEntry]]
    agreed: Agreed | None
    may: frozenset[str]


def follow(session: Session, code: str, phone: str) -> Mediation:
    """Where the mediation of a party's code stands. Raises CaseUnknown."""
    case, party = party_codes.opened(session, code, phone)
    mediators = case.mediators
    may = _may(session, case, party)
    wanted = _wanted_by_others(session, case, party) if "choose" in may else []
    names = people.names(session, [*mediators, *wanted])
    return Mediation(
        case=case,
        party=party,
        unit=reporters.whom_to_call(session, case),
        mediators=[names[one] for one in mediators if one in names],
        wanted=[names[one] for one in wanted if one in names],
        sittings=_sittings(session, party),
        rights=rewriting.rights(session, case),
        agreed=agreed(session, case) if _side(session, party) in wishes.BOTH else None,
        may=may,
    )


def choose(session: Session, code: str, phone: str, answers: Mapping[str, Any]) -> Case:
    """Say whom one wants as mediator, while that is being decided (人民调解法 §19); the committee records it.

    Raises CaseUnknown, NotNow, AnswersInvalid, ConflictOfInterest.
    """
    case, party, values = _put(session, code, phone, "choose", answers)
    mediator = str(values["mediator"])
    conflicts.require_none(session, mediator, case)
    events.record(session, "party.chose", case.id, party=str(party.id), role=party.role, mediator=mediator)
    telling.handlers(session, case, "chosen", mediator=mediator)
    return case


def recuse(session: Session, code: str, phone: str, answers: Mapping[str, Any]) -> Case:
    """Ask that a mediator stand aside, once for each (人民调解法 §23; 特邀调解规定 §15 by analogy).

    Whoever works on the case and the justice office are told and decide. Raises CaseUnknown, NotNow, AnswersInvalid.
    """
    case, party, values = _put(session, code, phone, "recuse", answers)
    events.record(
        session, "party.asked_recusal", case.id, party=str(party.id), role=party.role, mediator=values["mediator"],
        ground=values["ground"],
    )  # fmt: skip
    telling.recusal(session, case, mediator=str(values["mediator"]))
    return case


def rate(session: Session, code: str, phone: str, answers: Mapping[str, Any]) -> Case:
    """Say once, after the closing, whether it helped. Raises CaseUnknown, NotNow, AnswersInvalid."""
    case, party, values = _put(session, code, phone, "rate", answers)
    events.record(
        session, "party.rated", case.id, party=str(party.id), role=party.role, solved=values["solved"],
        satisfied=values["satisfied"],
    )  # fmt: skip
    reporters.tell_of_rating(session, case, values)
    return case


def end(session: Session, code: str, phone: str, answers: Mapping[str, Any]) -> Case:
    """Refuse or end the mediation (人民调解法 §23(二)): planned sessions are called off, the ways that are left told.

    Raises CaseUnknown, NotNow, AnswersInvalid.
    """
    case, party, values = _put(session, code, phone, "end", answers)
    events.record(session, "party.ended", case.id, party=str(party.id), role=party.role, ground=values["reason"])
    telling.handlers(session, case, "party_left")
    try:
        reporters.end_mediation(session, case)
    except NobodyWaits:
        raise reporters.NotNow(case=case.id) from None
    return case


def form_of(session: Session, act: str) -> forms.Form:
    """The form of something that can be done."""
    return formbook.newest(session, FORMS[act]).form


def offered(session: Session, case: Case, party: Party, act: str) -> dict[str, Any]:
    """What a form refers to: whom one may choose, or whom of those who mediate one may still ask to stand aside."""
    if act != "recuse":
        return reporters.offered(session, case) if act == "choose" else {}
    asked = _recusable(session, case, party)
    names = people.names(session, asked)
    return {"mediators": [{"value": one, "label": names[one]} for one in asked if one in names]}


def _put(
    session: Session, code: str, phone: str, act: str, answers: Mapping[str, Any]
) -> tuple[Case, Party, dict[str, Any]]:
    """Check the answers of a form and put them on file as this party's word, where the case stands for it."""
    found, party = party_codes.opened(session, code, phone)
    case = cases.locked(session, found.id)
    if act not in _may(session, case, party):
        raise reporters.NotNow(case=case.id)
    version = formbook.newest(session, FORMS[act])
    values = formbook.checked(session, version.form, answers, offered(session, case, party, act))
    stored = formbook.sealed(version.form, values)
    case_commands.submit(
        session, case, None, form_key=FORMS[act], form_id=version.id, answers=stored, party=party.id
    )  # fmt: skip
    mark_blocked(session, case, Actor.PUBLIC, version.form, values)
    return case, party, values


def _may(session: Session, case: Case, party: Party) -> frozenset[str]:
    if case.closed_at is not None:
        rated = any(one.party_id == party.id for one in cases.submissions(session, case.id, (reporters.RATING,)))
        return frozenset() if rated else frozenset({"rate"})
    open_now = {
        "choose": reporters.is_choosing(session, case),
        "recuse": bool(_recusable(session, case, party)),
        "end": _speaks_for_a_side(session, party) and reporters.is_mediating(session, case),
    }
    return frozenset(act for act, is_open in open_now.items() if is_open)


def _speaks_for_a_side(session: Session, party: Party) -> bool:
    """Whether somebody is a side, its guardian, or an agent with special powers: others give up nothing for it."""
    is_empowered = party.role != "agent" or party.powers == "special"
    return is_empowered and _side(session, party) in wishes.BOTH


def _recusable(session: Session, case: Case, party: Party) -> list[str]:
    """Who mediates and was not asked by this party to stand aside."""
    asked = cases.submissions(session, case.id, (RECUSAL,))
    known = {one.answers["mediator"] for one in asked if one.party_id == party.id}
    return [one for one in case.mediators if one not in known]


def _wanted_by_others(session: Session, case: Case, party: Party) -> list[str]:
    """Whom the other side wants, so that this one can agree; not whom a neighbour wants who reported it."""
    own = _side(session, party)
    said = wishes.of_case(session, case)
    return list(dict.fromkeys(one.mediator for one in said if one.side in wishes.BOTH - {own}))


def _sittings(session: Session, party: Party) -> list[Sitting]:
    invited = select(Invitation.sitting_id).where(Invitation.party_id.in_({party.id, party.acts_for} - {None}))
    coming = select(Sitting).where(
        Sitting.id.in_(invited), Sitting.cancelled_at.is_(None), Sitting.starts_at >= clock.now()
    )  # fmt: skip
    return list(session.scalars(coming.order_by(Sitting.starts_at)))


def _side(session: Session, party: Party) -> str:
    return wishes.stands_for(party, parties.of_case(session, party.case_id)).role
