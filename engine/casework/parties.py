"""The people of a case: adding and changing them through the form f-party, giving them their data, erasing in time."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

import forms
from engine import clock, events, identity, papers
from engine.cases import parties, party_codes, permissions, retention
from engine.cases import queries as case_queries
from engine.cases.dictionary import label
from engine.cases.models import Case, Consent, Party
from engine.cases.parties import OtherCase
from engine.casework import formbook, masking
from engine.casework.commands import require_clean
from engine.documents import queries as documents
from engine.documents.models import Document, FinishedFile, PaperSignature, Upload
from engine.notifications.models import Delivery, Follower, Notification, PhoneCode
from engine.people.actor import Actor
from engine.sessions import sittings as sessions
from engine.supermarket.models import Visit
from engine.workflow import instances

PARTY_FORM = "f-party"
OWN_WORDS = {
    "role": "在本案中", "kind": "类别", "name": "姓名或单位", "phone": "联系方式", "sex": "性别",
    "ethnic_group": "民族",
    "occupation": "职业或职务", "address": "单位或住址", "powers": "权限", "representative": "推选代表",
    "own_wages": "以劳动收入为主要生活来源", "birth_date": "出生日期", "id_number": "证件号码",
}  # fmt: skip
CODED = ("role", "kind", "sex", "powers")
SAID = {
    "person": "个人", "organisation": "单位", "male": "男", "female": "女",
    "general": "一般代理", "special": "特别授权",
}  # fmt: skip


@dataclass(frozen=True)
class People:
    """Who is party to a case: masked numbers, what is missing, what they agreed to, where else they stand, for whom
    there may be a code."""

    parties: Sequence[Party]
    numbers: Mapping[UUID, str]
    without_guardian: Sequence[Party]
    consents: Sequence[Consent]
    without_consent: Sequence[Party]
    other_cases: Mapping[UUID, Sequence[OtherCase]]
    may_have_code: Set[UUID]

    @property
    def names(self) -> Mapping[UUID, str]:
        """Their names, by party."""
        return {one.id: one.name for one in self.parties}


@dataclass(frozen=True)
class PartyPage:
    """A party's form: what is on file, and whom a guardian or agent may stand by."""

    case: Case
    party: Party | None
    form: forms.Form
    raw: Mapping[str, Any]
    context: Mapping[str, Any]


def people_of(session: Session, actor: Actor, case: Case, *, emergency: bool = False) -> People:
    """Who is party to a case; phones and addresses are masked unless one handles it, or opened it in an emergency."""
    found = parties.of_case(session, case.id)
    given = parties.consents(session, case.id)
    whole = emergency or masking.needs_contacts(actor, case)
    return People(
        found if whole else [masking.person(one) for one in found],
        {one.id: forms.masked(identity.unseal(one.identity)) for one in found if one.identity},
        parties.without_guardian(found),
        given,
        parties.without_consent(found, given),
        parties.other_cases(session, actor, found),
        {one.id for one in found if party_codes.fit(case, one)},
    )


def party_page(session: Session, actor: Actor, case_id: UUID, party_id: UUID | None) -> PartyPage:
    """A party to be added (no id) or changed. Raises CaseUnknown, NotForYourRole, PartyUnknown."""
    case = permissions.require(session, actor, "party", case_id)
    party = parties.one(session, case_id, party_id) if party_id else None
    others = [one for one in parties.of_case(session, case_id) if one is not party and one.role in parties.SIDES]
    people = [{"value": str(one.id), "label": one.name or "–"} for one in others]
    form = formbook.newest(session, PARTY_FORM).form
    return PartyPage(case, party, form, _raw(party), {"people": people})


def save_party(
    session: Session,
    actor: Actor,
    case_id: UUID,
    party_id: UUID | None,
    answers: Mapping[str, Any],
    *,
    keep_words: str = "",
) -> Party:
    """Add a party or change one. Raises as `party_page`, and AnswersInvalid, TooManyRepresentatives."""
    page = party_page(session, actor, case_id, party_id)
    values = formbook.checked(session, page.form, answers, page.context)
    require_clean(session, page.case, actor, page.form, values, keep_words)
    return parties.put(session, page.case, actor.id, values, page.party)


def set_consent(
    session: Session, actor: Actor, case_id: UUID, party_id: UUID, purpose: str, *, given: bool
) -> list[Consent]:
    """Record that a party agrees to a use of their data, or takes that back; returns what they agreed to ever.

    Raises CaseUnknown, NotForYourRole, PartyUnknown, PurposeUnknown.
    """
    case = permissions.require(session, actor, "party", case_id)
    party = parties.one(session, case_id, party_id)
    if purpose not in parties.PURPOSES:
        raise parties.PurposeUnknown
    if given:
        parties.consent(session, case, actor.id, party, given_for=purpose, how="told")
    else:
        parties.withdraw_consent(session, case, actor.id, party, purpose)
    session.flush()
    return [one for one in parties.consents(session, case_id) if one.party_id == party_id]


def own_data(session: Session, actor: Actor, case_id: UUID, party_id: UUID) -> dict[str, Any]:
    """What is on file about one person, to be handed to them (个人信息保护法 §45); nothing about anybody else.

    Raises CaseUnknown, NotForYourRole, PartyUnknown.
    """
    permissions.require(session, actor, "party", case_id)
    party = parties.one(session, case_id, party_id)
    elsewhere = parties.other_cases(session, actor, [party]).get(party.id, [])
    events.record(session, "subject.exported", case_id, actor=actor.id, party=str(party_id))
    own = case_queries.case(session, actor, case_id)
    return {
        "made_at": clock.now().isoformat(timespec="seconds"),
        "person": _own(party),
        "consents": [
            {"for": one.given_for, "how": one.how, "given_at": one.at.isoformat(), "withdrawn_at": _when(one)}
            for one in parties.consents(session, case_id)
            if one.party_id == party_id
        ],
        "cases": [_case(own, party.role), *(_case(other.case, other.role) for other in elsewhere)],
        "documents": [one.number for one in documents.of_case(session, case_id) if one.voided_at is None],
    }


def own_data_pdf(found: Mapping[str, Any]) -> bytes:
    """What `own_data` found, as a paper to hand over, in words."""
    rows = [papers.Block("row", (OWN_WORDS.get(name, name), _said(name, one))) for name, one in found["person"].items()]
    rows.append(papers.Block("heading", ("同意",)))
    rows += [papers.Block("row", (label("purpose", one["for"], "zh"), _agreed(one))) for one in found["consents"]]
    rows.append(papers.Block("heading", ("事项",)))
    rows += [papers.Block("row", (one["number"], _stands(one))) for one in found["cases"]]
    rows += [papers.Block("heading", ("文书编号",)), papers.Block("text", ("、".join(found["documents"]) or "无",))]
    head = (papers.Block("title", ("个人信息副本",)), papers.Block("right", (_on(found["made_at"]),)))
    return papers.pdf("个人信息副本", [papers.Part("个人信息副本", (*head, *rows))])


def _said(name: str, value: Any) -> str:
    if value is True:
        return "是"
    return SAID.get(str(value)) or label("party", str(value), "zh") if name in CODED else str(value)


def _agreed(consent: Mapping[str, Any]) -> str:
    until = f"，{_on(consent['withdrawn_at'])}撤回" if consent["withdrawn_at"] else ""
    return f"{_on(consent['given_at'])}同意（{label('consent_how', consent['how'], 'zh')}）{until}"


def _stands(case: Mapping[str, Any]) -> str:
    ended = label("outcome", case["outcome"], "zh") if case["outcome"] else label("stage", case["stage"], "zh")
    what = label("kind", case["kind"], "zh"), label("party", case["as"], "zh"), ended
    return f"{_on(case['reported_at'])}登记，{'，'.join(what)}"


def _own(party: Party) -> dict[str, Any]:
    """What is on file about one person; whom a guardian or agent stands by is another person's."""
    found = {name: value for name, value in _raw(party).items() if value not in (None, "", False)}
    found.pop("acts_for", None)
    return found | ({"id_number": identity.unseal(party.identity)} if party.identity else {})


def _on(instant: str) -> str:
    day = datetime.fromisoformat(instant).astimezone(clock.ZONE)
    return f"{day.year}年{day.month}月{day.day}日"


def erase(session: Session, actor: Actor, case_id: UUID) -> Case:
    """Erase a file whose time is up, pictures, signatures and finished files too.

    Raises CaseUnknown, NotForYourRole, NotDue, Held.
    """
    case = case_queries.case(session, actor, case_id)
    retention.erase(session, actor, case)
    nothing = {"content": b"", "name": "-", "size": 0, "taken_at": None, "latitude": None, "longitude": None}
    session.execute(update(Upload).where(Upload.case_id == case_id).values(nothing))
    sessions.erase(session, case_id)
    instances.forget(session, case_id)
    gone = update(PaperSignature).where(PaperSignature.case_id == case_id)
    session.execute(gone.values(signer="-", phone="", drawing=None, content=None))
    code = update(PhoneCode).where(PhoneCode.case_id == case_id)
    session.execute(code.values(phone="", content=None, expires_at=PhoneCode.at))
    told = update(Follower).where(Follower.case_id == case_id)
    session.execute(told.values(phone="", ended_at=clock.now()))
    void = update(Document).where(Document.case_id == case_id, Document.voided_at.is_not(None))
    session.execute(void.values(void_reason=retention.ERASED))
    visit = update(Visit).where(Visit.case_id == case_id)
    session.execute(visit.values(name="-", phone="", matter="", moved_because=""))
    for kind in (Notification, Delivery):
        session.execute(update(kind).where(kind.case_id == case_id).values(facts={}))
    session.execute(update(FinishedFile).where(FinishedFile.case_id == case_id).values(content=b"", size=0))
    return case


def _raw(party: Party | None) -> dict[str, Any]:
    if party is None:
        return {}
    raw = {name: getattr(party, name) for name in ("role", *parties.PLAIN, *parties.TICKED)}
    raw["birth_date"] = party.birth_date.isoformat() if party.birth_date else None
    raw["acts_for"] = str(party.acts_for) if party.acts_for else None
    return raw


def _case(case: Case, role: str) -> dict[str, Any]:
    return {
        "number": case.number, "as": role, "reported_at": case.reported_at.isoformat(), "kind": case.kind,
        "stage": case.stage, "outcome": case.outcome,
    }  # fmt: skip


def _when(one: Any) -> str | None:
    return one.withdrawn_at.isoformat() if one.withdrawn_at else None
