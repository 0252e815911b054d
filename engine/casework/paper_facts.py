"""What templates of papers may name: facts of the case, its people, the answers of a form, in Chinese words."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from engine import clock, identity
from engine.cases import blocklist, parties, retention
from engine.cases import queries as cases
from engine.cases.dictionary import label
from engine.cases.models import Case, Party, ReceptionBooking, ReceptionSlot, Submission
from engine.casework import formbook, owing, paper_days, paper_history, reporters
from engine.casework.choosing import CHOICE, chosen
from engine.deadlines import queries as deadlines
from engine.documents import copies
from engine.documents import papers as numbered
from engine.documents import queries as documents
from engine.papers import Scan
from engine.people import queries as people
from engine.rewards import queries as rewards
from engine.volunteers import queries as volunteers
from engine.volunteers.models import Shift

IDENTITY_CARD = 18
"""Characters of the number of an identity card; other papers have fewer."""
SIDES = ("applicant", "respondent")
POWERS = {"general": "（一般授权）", "special": "（特别授权）"}
LABOUR = "f-labour-med"
"""The record of a labour mediation: who wrote it mediated."""
CALLED = {
    "people": {"body": "人民调解委员会", "mediator": "人民调解员", "applicant": "申请人", "respondent": "被申请人"},
    "labour": {"body": "调解组织", "mediator": "调解员", "applicant": "劳动者", "respondent": "用人单位"},
}
"""What the law calls who mediates and who comes: 人民调解法 §§7, 13; 劳动争议调解仲裁法 §§10, 11, 14."""
MEETINGS = {"reception": "预约接访", "visit": "带案下访", "on_site": "现场办案", "walk_in": "没有预约直接来"}
SEX = {"male": "男", "female": "女"}


def of_case(
    session: Session, case: Case, *, file_number: str = "", keeper: str = "", whole: bool = False
) -> dict[str, Any]:
    """Facts of a case and its people. `whole`: identity numbers unmasked."""
    found = parties.of_case(session, case.id)
    everyone = [_person(one, found, whole) for one in found if one.role != "reporter"]
    _, rule = retention.ends_on(case)
    return {
        "c": _case(case),
        "everyone": everyone,
        "applicants": [one for one in everyone if one["side"] == "applicant"],
        "reporters": [_person(one, found, whole) for one in found if one.role == "reporter"],
        "respondents": [one for one in everyone if one["side"] == "respondent"],
        "names": _names(found),
        "sides": "、".join(one.name for one in found if one.role in SIDES),
        **organisations(session, case, case.closed_at),
        "ended": people.ended(session, case.division),
        "mediator": (mediator := _mediator(session, case)),
        "handler": mediator or _investigator(session, case) or keeper,
        "file_number": file_number,
        "labour": (labour := paper_history.is_labour(session, case.id)),
        "called": CALLED["labour" if labour else "people"],
        "kept": rule.in_words() if rule else "",
        "due": {one.key: paper_days.until(one) for one in deadlines.of_case(session, case.id)},
        "today": day(clock.today()),
        "history": [{"day": day(one["at"]), "what": one["what"]} for one in paper_history.lines(session, case)],
        "organ": _organ(session, case),
        "agreement": _agreement(session, case),
        "facts": _facts(session, case),
        **_from_110(session, case),
        "performed": paper_history.performed(session, case),
        "court": _court(session, case),
        "reception": _reception(session, case),
        "rewards": [{"rule": one.rule, "version": one.table_version, "points": one.amount, "reason": one.reason,
                     "for_whom": one.for_whom} for one in rewards.of_case(session, case.id)],
        "shifts": _shifts(session, case),
        "agreed_before": bool(cases.agreements(session, case.id)),
        "dispute": numbered.road_of(session, case) == "dispute",
        "petition": case.kind in ("petition", "suggestion"),
        "hazard": case.kind == "hazard",
        "sealed": case.sealed,
        "asks": _asks(session, case),
        "geological": (case.category or "").startswith("H01"),
        "arranged": _arranged(session, case),
    }  # fmt: skip


def organisations(session: Session, case: Case, at: datetime | None, key: str = "") -> dict[str, str]:
    """What the organisations of a case were called at a moment (now): one that was closed since keeps its papers.

    `key`: the paper whose writer is asked for, not who keeps the file.
    """
    on = at.astimezone(clock.ZONE).date() if at else None
    level = paper_history.level_at(session, case, at) if at else None
    found = (numbered.writer_of(session, case, key, on, level), numbered.office_of(session, case, on))
    unit, office = (one.name if one else "" for one in found)
    station = people.unit_for(session, "police", case.division, on)
    return {"unit": unit, "office": office, "station": station.name if station else "派出所"}


def _agreement(session: Session, case: Case) -> dict[str, str]:
    """The number and the day of what the parties agreed last; nothing where they have not."""
    agreed = max(cases.agreements(session, case.id), key=lambda one: one.effective_on, default=None)
    if agreed is None:
        return {}
    issued = [one for one in documents.of_case(session, case.id) if one.submission_id == agreed.submission_id]
    number = next((one.number for one in issued if one.voided_at is None), "")
    void = next((f"{one.number}（已作废）" for one in issued), "")
    return {"number": number or void, "on": day(agreed.effective_on)}


def _facts(session: Session, case: Case) -> str:
    """What the dispute is about, as the committee wrote it down; before that, as it was reported."""
    taken_up = cases.newest_submission(session, case.id, ["f4-acceptance"])
    return str((taken_up.answers.get("facts") if taken_up else "") or "") or blocklist.covered(case.words)


def _from_110(session: Session, case: Case) -> dict[str, str]:
    """The slip with which 110 passed a matter on, so that it can match the outcome, and whether it was dealt with."""
    told = cases.newest_submission(session, case.id, ["f-report"])
    form = formbook.version(session, told.form_id).form if told else None
    said = forms.answer_words(form, told.answers, locale="zh", evaluate=formbook.evaluate) if told and form else {}
    return {"slip": str(said.get("slip_number", "")), "dealt_with": str(said.get("dealt_with", ""))}


def _court(session: Session, case: Case) -> dict[str, str]:
    """The court that a confirmation was asked of, the number it gave, and that of a suit."""
    asked = cases.newest_submission(session, case.id, ["f15-confirmation"])
    taken = cases.newest_submission(session, case.id, ["f-jc-court"])
    filed = cases.newest_submission(session, case.id, ["f-court-filing"])
    return {
        "name": str(asked.answers.get("court") or "") if asked else "",
        "number": str(taken.answers.get("court_number") or "") if taken else "",
        "suit": str(filed.answers.get("court_number") or "") if filed else "",
    }


def _reception(session: Session, case: Case) -> dict[str, str]:
    """Who received people, when and where, and which matters were booked; nothing where it is no reception's case."""
    slot = session.scalar(select(ReceptionSlot).where(ReceptionSlot.case_id == case.id).limit(1))
    if slot is None:
        return _arranged_reception(session, case)
    booked = select(Case.number).join(ReceptionBooking, ReceptionBooking.case_id == Case.id)
    booked = booked.where(ReceptionBooking.held_id == case.id, ReceptionBooking.cancelled_at.is_(None))
    numbers = session.scalars(booked.where(Case.sealed.is_(False)).order_by(ReceptionBooking.at))
    leader = people.names(session, [slot.leader]).get(slot.leader, "")
    return {"leader": leader, "at": moment(slot.starts_at), "place": slot.place, "numbers": "、".join(numbers)}


def _arranged_reception(session: Session, case: Case) -> dict[str, str]:
    """The same of a reception that the petition office arranged by itself, such as a visit with cases (带案下访)."""
    booked = cases.newest_submission(session, case.id, ["f-book"])
    if booked is None or cases.newest_submission(session, case.id, ["f-pet"]):
        return {}
    given = booked.answers
    named = [one["number"] for one in given.get("cases") or []]
    numbers = session.scalars(select(Case.number).where(Case.number.in_(named), Case.sealed.is_(False)))
    at = moment(datetime.fromisoformat(given["meets_at"]))
    return {"leader": given["leader"], "at": at, "place": given["place"], "numbers": "、".join(sorted(numbers))}


def _shifts(session: Session, case: Case) -> list[dict[str, str | int]]:
    """The shifts of a roster (值守排班) with who stands in them."""
    return [
        {
            "place": one.shift.place, "needed": one.shift.needed,
            "when": f"{moment(one.shift.starts_at)} 至 {_end(one.shift)}",
            "names": "、".join(who.volunteer.name for who in one.people if who.stand.state == "assigned"),
        }
        for one in volunteers.of_case(session, case.id)
    ]  # fmt: skip


def _end(shift: Shift) -> str:
    ends = shift.ends_at.astimezone(clock.ZONE)
    return f"{ends:%H:%M}" if ends.date() == shift.starts_at.astimezone(clock.ZONE).date() else moment(shift.ends_at)


def of_submission(session: Session, submission: Submission, *, whole: bool = False) -> dict[str, Any]:
    """The answers of a completed form: `a` by key, `rows` as asked, the day it was made, and what was due then.

    The committee and the mediator are those of that time: a case may have gone up since.
    """
    form = formbook.version(session, submission.form_id).form
    opened = formbook.opened(form, submission.answers)
    if submission.form_key in blocklist.SPOKEN:
        opened = forms.replace_written(form, opened, blocklist.covered)
    case = session.get_one(Case, submission.case_id)
    given: dict[str, Any] = {
        "locale": "zh", "evaluate": formbook.evaluate,
        "context": formbook.offers(session, case, {}, registers=("mediators",)),
        "uploads": formbook.uploads(session, submission.answers), "mask": not whole,
    }  # fmt: skip
    level = paper_history.level_at(session, case, submission.at)
    unit = numbered.writer_of(session, case, submission.form_key, level=level)
    return {
        "unit": unit.name if unit else "",
        "mediator": _mediator(session, case, submission),
        "a": forms.answer_words(form, opened, **given),
        "rows": list(_rows(forms.answer_rows(form, opened, **given))),
        "made_on": day(submission.at),
        "by": people.names(session, [submission.by]).get(submission.by or "", ""),
        "said_by": _said_by(session, submission),
        "serves": _served(session, submission),
        "organ": _organ(session, case, submission.at),
        "owed": _owed(session, submission),
        "due_then": {key: day(due) for key, due in paper_history.due_at(session, case.id, submission.at).items()},
    }


def _said_by(session: Session, submission: Submission) -> str:
    """Which party, or that whoever reported, said it with their code; nothing where it was written down at a desk."""
    party = session.get(Party, submission.party_id) if submission.party_id else None
    if party is None and submission.form_key not in reporters.FORMS.values():
        return ""
    who = f"{label('party', party.role, 'zh')}{party.name}" if party else label("party", "reporter", "zh")
    return f"{who}（凭查询码和电话，自己填写）"


def _owed(session: Session, submission: Submission) -> dict[str, str]:
    """What a proof of performance is about, and until when it was to be done."""
    found = owing.owed(session, submission.case_id, submission) if submission.form_key == owing.PERFORMANCE else {}
    return {"what": owing.in_words(found), "due_on": day(date.fromisoformat(found["due_on"]))} if found else {}


def _mediator(session: Session, case: Case, submission: Submission | None = None) -> str:
    """Who mediated, or did when a form was completed; in the record of a choice, who was chosen by it."""
    filed = [one for one in cases.submissions(session, case.id) if submission is None or one.at <= submission.at]
    choices = [chosen(one.answers) for one in filed if one.form_key == CHOICE]
    held = [[one.by or ""] for one in filed if one.form_key == LABOUR]
    last = [*held, *choices][-1] if held or choices else [case.mediator or ""]
    names = people.names(session, last)
    return "、".join(names[one] for one in last if one in names)


def scans(session: Session, submission: Submission) -> list[Scan]:
    """The pictures and PDF files that a completed form names; photos as copies without the camera's time and place."""
    found = documents.uploads(session, formbook.upload_ids(submission.answers))
    return [Scan(one.name, one.media_type, _copy(one.content), one.content) for one in found if one.content]


def _copy(content: bytes) -> bytes:
    try:
        return copies.stripped(content)
    except ValueError:  # nothing that notes can be taken out of; pictures of other kinds print as a name
        return content


def day(value: datetime | date | None) -> str:
    """A day as papers write it: 2026年11月23日."""
    if isinstance(value, datetime):
        value = value.astimezone(clock.ZONE).date()
    return str(format_date(value, "long", locale="zh_Hans_CN")) if value else ""


def moment(value: datetime) -> str:
    """A moment as papers write it: 2026年11月23日 09:30."""
    here = value.astimezone(clock.ZONE)
    return f"{day(here)} {here:%H:%M}"


def _case(case: Case) -> dict[str, str]:
    codes = {name: label(name, getattr(case, name), "zh") for name in ("kind", "category", "risk", "level", "outcome")}
    about = codes["category"].replace("·", "") or "民间"
    return {
        **codes, "matter": about if about.endswith(("纠纷", "争议")) else f"{about}纠纷",
        "number": case.number, "words": blocklist.covered(case.words), "place": case.place,
        "source": label("source", case.source, "zh"), "reported_at": day(case.reported_at),
        "accepted_on": day(case.accepted_at), "closed_on": day(case.closed_at),
    }  # fmt: skip


def _person(party: Party, everyone: list[Party], whole: bool) -> dict[str, Any]:
    number = identity.unseal(party.identity) if party.identity else ""
    return {
        "organisation": party.kind == "organisation", "representative": party.representative,
        "side": party.role, "role": label("party", party.role, "zh"), "name": party.name, "phone": party.phone,
        "sex": SEX.get(party.sex or "", ""), "ethnic_group": party.ethnic_group, "born": day(party.birth_date),
        "occupation": party.occupation, "address": party.address,
        "id_number": number if whole else forms.masked(number),
        "id_label": "证件号码" if number and len(number) != IDENTITY_CARD else "公民身份号码",
        "stands_by": [
            {
                "role": label("party", one.role, "zh"), "name": one.name + POWERS.get(one.powers or "", ""),
                "phone": one.phone,
            }
            for one in everyone
            if one.acts_for == party.id
        ],
    }  # fmt: skip


def _names(found: list[Party]) -> str:
    """Both sides as a paper addresses them; the reporter where nobody else is known."""
    sides = [one.name for one in found if one.role in SIDES]
    return "、".join(sides or [one.name for one in found if one.role == "reporter"])


def _rows(rows: tuple[forms.Row, ...]) -> Iterator[Mapping[str, str]]:
    for row in rows:
        if row.parts is None:
            yield {"label": row.label, "text": "" if row.empty else row.text}
        else:
            yield {"heading": row.label}
            yield from _rows(row.parts)


def _organ(session: Session, case: Case, at: datetime | None = None) -> str:
    """The organ that a petition was passed to last, or last at a moment: what it writes bears its name.

    An organ that sent a petition back answers for what it wrote, whoever handled it afterwards (信访工作条例 §23).
    """
    sent = [one for one in cases.submissions(session, case.id) if one.form_key == "f-pet-send"]
    known = [one for one in sent if at is None or one.at <= at]
    return str(known[-1].answers.get("organ") or "") if known else ""


def _investigator(session: Session, case: Case) -> str:
    """Who investigated a petition (信访工作条例 §31), also one that was withdrawn before any opinion."""
    held = cases.newest_submission(session, case.id, ["f-pet-investigate"])
    return people.names(session, [held.by]).get(held.by or "", "") if held else ""


def _asks(session: Session, case: Case) -> str:
    """What a petition asks for: a `suggestion` (信访工作条例 §29), a `duty` (§31(五)), else a `claim`."""
    asked = cases.newest_submission(session, case.id, ["f-pet"])
    if asked is None:
        return ""
    given = asked.answers
    duty = "duty" in (given.get("facts") or ())
    return "suggestion" if given.get("purpose") == "suggestion" else "duty" if duty else "claim"


def _arranged(session: Session, case: Case) -> str:
    """How a leader meets people: at the office, with the cases to them, on the spot (信访工作条例 §18)."""
    booked = cases.newest_submission(session, case.id, ["f-book"])
    return MEETINGS.get(booked.answers.get("mode", ""), "") if booked else ""


def _served(session: Session, submission: Submission) -> dict[str, str]:
    """The document that a proof of service is about, as the proof writes it, and the organ whose document it is."""
    served = numbered.served_by(session, submission)
    if served is None:
        return {"title": "", "number": "", "organ": ""}
    made_of = session.get(Submission, served.submission_id)
    organ = made_of.answers.get("organ") if made_of else None
    title = paper_history.title(session, made_of) if made_of else ""
    return {"title": title, "number": served.number, "organ": str(organ or "")}
