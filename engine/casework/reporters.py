"""What whoever reported can do with tracking code and phone: see where it stands, add, choose, come, rate, withdraw.

Code and phone are looked at each time (CaseUnknown where they do not fit). A sealed case is found by nobody this way.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from engine import clock, events
from engine.cases import commands as case_commands
from engine.cases import parties
from engine.cases import queries as cases
from engine.cases.models import Case, Party
from engine.casework import choosing, convening, formbook, rewriting, telling
from engine.casework.reporting import home_of, mark_blocked
from engine.deadlines.models import CatalogueEntry, Deadline
from engine.documents import commands as documents
from engine.documents.papers import COMMITTEES, OFFICES
from engine.errors import N_, Conflict
from engine.notifications import commands as notifications
from engine.people import queries as people
from engine.people.actor import Actor
from engine.people.models import Unit
from engine.supermarket import conflicts, directory, queue
from engine.supermarket.models import Visit
from engine.territory import queries as territory
from engine.territory.models import Division
from engine.workflow import correlation
from engine.workflow.errors import NobodyWaits
from engine.workflow.models import UserTask

ADDITION, CHOICE, RATING, WITHDRAWAL = "f-addition", "f-chosen", "f-rating", "f-withdrawal"
FORMS = {"add": ADDITION, "choose": CHOICE, "rate": RATING, "withdraw": WITHDRAWAL}
"""The forms of what can be done, by what it is called in `Followed.may`."""
SIDES = ("applicant", "respondent")


class NotNow(Conflict):
    """The case does not stand where this can be done, or it was done already."""

    code = "not-now"
    message = N_("This cannot be done now: the matter stands elsewhere by now, or it was done already. Look again.")


@dataclass(frozen=True)
class Followed:
    """Where a report stands, for whoever made it: with whom it is, and what can be done (`may`).

    `may` holds add, choose, book, rate, withdraw; `told` says that messages go to a phone; `visits` are those to come;
    `rights` what the parties may still do by law, and until when.
    """

    case: Case
    place: Division | None
    unit: Unit | None
    may: frozenset[str]
    told: bool
    visits: tuple[Visit, ...]
    rights: tuple[tuple[Deadline, CatalogueEntry], ...]


def follow(session: Session, code: str, phone: str) -> Followed:
    """Where a report stands. Raises CaseUnknown."""
    case = cases.by_tracking_code(session, code, phone)
    place = territory.by_path(session, [case.division]).get(case.division)
    coming = select(Visit).where(Visit.case_id == case.id, Visit.day >= clock.today(), Visit.state == "waiting")
    visits = tuple(session.scalars(coming.order_by(Visit.day, Visit.slot)))
    told, rights = notifications.is_told(session, case), tuple(rewriting.rights(session, case))
    return Followed(case, place, whom_to_call(session, case), _may(session, case), told, visits, rights)


def form_of(session: Session, act: str) -> forms.Form:
    """The form of something that can be done."""
    return formbook.newest(session, FORMS[act]).form


def offered(session: Session, case: Case) -> dict[str, Any]:
    """What the forms refer to: the mediators whom nothing hinders, with what they know and have to do."""
    listed = choosing.options(session, case)
    hindered = {
        one["value"]
        for one in listed
        if any(found.kind in conflicts.HINDERS for found in conflicts.conflicts(session, one["value"], case))
    }
    return {"mediators": [one for one in listed if one["value"] not in hindered]}


def add(session: Session, code: str, phone: str, answers: Mapping[str, Any], *, owner: str = "") -> Case:
    """Add words and photos to an open report: they stand on its file. Raises CaseUnknown, NotNow, AnswersInvalid."""
    case, _ = _put(session, code, phone, "add", answers, owner)
    events.record(session, "reporter.added", case.id)
    telling.handlers(session, case, "fact")
    return case


def choose(session: Session, code: str, phone: str, answers: Mapping[str, Any]) -> Case:
    """Say whom one wants as mediator, while that is being decided (人民调解法 §19); the other side must agree.

    Raises CaseUnknown, NotNow, AnswersInvalid, ConflictOfInterest.
    """
    case, values = _put(session, code, phone, "choose", answers, "")
    mediator = str(values["mediator"])
    conflicts.require_none(session, mediator, case)
    events.record(session, "reporter.chose", case.id, mediator=mediator)
    telling.handlers(session, case, "chosen", mediator=mediator)
    return case


def rate(session: Session, code: str, phone: str, answers: Mapping[str, Any]) -> Case:
    """Say once, after the closing, whether it helped. Raises CaseUnknown, NotNow, AnswersInvalid."""
    case, values = _put(session, code, phone, "rate", answers, "")
    events.record(session, "reporter.rated", case.id, solved=values["solved"], satisfied=values["satisfied"])
    tell_of_rating(session, case, values)
    return case


def tell_of_rating(session: Session, case: Case, values: Mapping[str, Any]) -> None:
    """Tell the handlers of a rating that says no."""
    if "no" in (values["solved"], values["satisfied"]):
        telling.handlers(session, case, "rated")


def withdraw(session: Session, code: str, phone: str, answers: Mapping[str, Any]) -> Case:
    """Withdraw: a party's word ends the mediation (人民调解法 §23); else those who handle it are told and decide.

    A hazard stays one when its reporter no longer wants it looked at. Raises CaseUnknown, NotNow, AnswersInvalid.
    """
    case, values = _put(session, code, phone, "withdraw", answers, "")
    events.record(session, "reporter.withdrew", case.id, ground=values["reason"])
    telling.handlers(session, case, "left")
    if _is_party(session, case):
        with suppress(NobodyWaits):
            end_mediation(session, case)
    return case


def is_mediating(session: Session, case: Case) -> bool:
    """Whether a case is in mediation now, so that a side can end it."""
    return correlation.is_awaited(session, "withdraw", str(case.id))


def end_mediation(session: Session, case: Case) -> None:
    """End the mediation at the word of a side, and call off its sessions. Raises NobodyWaits."""
    correlation.correlate(session, "withdraw", str(case.id), {}, actor=None, home=home_of(case))
    convening.call_off(session, case, None, kinds=("session",))


def book(
    session: Session, code: str, phone: str, unit_id: UUID, *, name: str, day: date | None, slot: time | None
) -> tuple[Visit, str]:
    """Take a number for today, or agree a time, for an open case; whoever handles it is told.

    Raises CaseUnknown, NotNow, and as `queue.book`.
    """
    case = _held(session, code, phone, "book")
    visit, cancel = queue.book(session, unit_id, name=name, phone=phone, matter="", day=day, slot=slot)
    visit.case_id = case.id
    at = datetime.combine(visit.day, slot, tzinfo=clock.ZONE) if slot else clock.now()
    telling.handlers(session, case, "visit", when=at.isoformat())
    return visit, cancel


def move_visit(
    session: Session, code: str, phone: str, visit_id: UUID, *, day: date | None, slot: time | None
) -> Visit:
    """Come at another time; whoever handles the case is told. Raises CaseUnknown, BodyUnknown, as `queue.rebook`."""
    case, visit = _visit(session, code, phone, visit_id)
    queue.rebook(session, visit, day=day, slot=slot)
    telling.handlers(session, case, "visit", when=queue.begins(visit).isoformat())
    return visit


def cancel_visit(session: Session, code: str, phone: str, visit_id: UUID) -> Visit:
    """Not come; whoever handles the case is told. Raises CaseUnknown, BodyUnknown, VisitMoved."""
    case, visit = _visit(session, code, phone, visit_id)
    queue.withdraw(session, visit)
    telling.handlers(session, case, "hearing_off", when=queue.begins(visit).isoformat())
    return visit


def bodies(session: Session, case: Case) -> list[Unit]:
    """The people's mediation bodies of a case's village, town and county, the nearest first."""
    near = territory.ancestors(case.division)
    found = [one for one in directory.bodies(session, paths=near) if one.kind in directory.PEOPLES]
    return sorted(found, key=lambda one: -len(one.path))


def whom_to_call(session: Session, case: Case) -> Unit | None:
    """Whom to call about a case: the body that has it, else the centre of its town."""
    kind = COMMITTEES.get(case.level or "") if case.kind == "dispute" else OFFICES.get(case.kind)
    found = people.unit_for(session, kind, case.division) if kind else None
    return found if found and found.phone else people.unit_for(session, "town_centre", case.division)


def is_choosing(session: Session, case: Case) -> bool:
    """Whether the mediator of a case is being decided now."""
    asked = select(UserTask.id).where(
        UserTask.stream == case.id, UserTask.state == "open", UserTask.form_key == choosing.CHOICE
    )
    return session.scalar(asked.limit(1)) is not None


def messages(session: Session, code: str, phone: str, *, wanted: bool, to: str, locale: str) -> Case:
    """Agree to be told by message, or take that back. Raises CaseUnknown, PhoneNeeded, AddressUnfit."""
    case = cases.by_tracking_code(session, code, phone)
    if wanted:
        notifications.agree(session, case, to or phone, locale)
    else:
        notifications.disagree(session, case)
    return case


def _put(
    session: Session, code: str, phone: str, act: str, answers: Mapping[str, Any], owner: str
) -> tuple[Case, dict[str, Any]]:
    """Check the answers of a form and put them on the file of a case that stands where this may be done."""
    case = _held(session, code, phone, act)
    key = FORMS[act]
    version = formbook.newest(session, key)
    values = formbook.checked(session, version.form, answers, offered(session, case) if act == "choose" else {})
    stored = formbook.sealed(version.form, values)
    case_commands.submit(session, case, None, form_key=key, form_id=version.id, answers=stored)
    documents.link_uploads(session, case.id, owner, formbook.upload_ids(values))
    mark_blocked(session, case, Actor.PUBLIC, version.form, values)
    return case, values


def _visit(session: Session, code: str, phone: str, visit_id: UUID) -> tuple[Case, Visit]:
    case = cases.by_tracking_code(session, code, phone)
    found = session.scalar(select(Visit).where(Visit.id == visit_id, Visit.case_id == case.id))
    if found is None:
        raise queue.BodyUnknown
    return case, found


def _held(session: Session, code: str, phone: str, act: str) -> Case:
    case = cases.locked(session, cases.by_tracking_code(session, code, phone).id)
    if act not in _may(session, case):
        raise NotNow(case=case.id)
    return case


def _may(session: Session, case: Case) -> frozenset[str]:
    done = {one.form_key for one in cases.submissions(session, case.id) if one.party_id is None}
    if case.closed_at is not None:
        return frozenset() if RATING in done else frozenset({"rate"})
    found = {"add"}
    if WITHDRAWAL not in done:
        found.add("withdraw")
    if case.kind == "dispute":
        found.add("book")
    if is_choosing(session, case):
        found.add("choose")
    return frozenset(found)


def _is_party(session: Session, case: Case) -> bool:
    """Whether the reporter is a side of the dispute: neighbours report as well, and end nobody's mediation."""
    everybody = list(session.scalars(select(Party).where(Party.case_id == case.id)))
    told = next((one for one in everybody if one.role == "reporter"), None)
    sides = [one for one in everybody if one.role in SIDES]
    return told is not None and any(parties.same_person(one, told) for one in sides)
