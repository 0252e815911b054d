"""Who is party to a case: people and organisations, guardians and agents, representatives of groups, consent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine import clock, events, identity
from engine.cases.models import Case, Consent, Party
from engine.cases.permissions import OPEN, require, scope
from engine.errors import N_, Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.people.actor import Actor

ADULT, WORKING = 18, 16
MOST_REPRESENTATIVES = 5
SIDES = ("applicant", "respondent", "third", "reporter")
STANDING_BY = ("guardian", "agent")
PLAIN = ("kind", "name", "phone", "sex", "ethnic_group", "occupation", "address", "powers")
TICKED = ("representative", "own_wages")
REASONS = ("confirmation", "service", "same_person", "correction")
"""Why an identity number may be looked at in full."""
PURPOSES = ("mediation", "sensitive", "minor", "publication")


class PartyUnknown(NotFound):
    """There is no such party in this case."""

    code = "party-unknown"
    message = N_("There is no such person in this case.")


class TooManyRepresentatives(Invalid):
    """A group speaks through at most five of its members (Petition Regulation §20)."""

    code = "too-many-representatives"
    message = N_("A group speaks through at most five people. Untick one of the others first.")


class GuardianMissing(Invalid):
    """What a minor agrees to needs the guardian (Civil Code §§19, 20, 145)."""

    code = "guardian-missing"
    message = N_("A party is under 18 and has no guardian on file. Add the guardian under People, then go on.")


class PurposeUnknown(Invalid):
    """Consent is given for one of four uses of data."""

    code = "purpose-unknown"
    message = N_("Choose what the consent is for: mediation, sensitive, minor or publication.")


class ConsentWithdrawn(Conflict):
    """Whoever took back their consent to the mediation agrees to nothing in it."""

    # 个人信息保护法 §15, 人民调解法 §23

    code = "consent-withdrawn"
    message = N_(
        "A party has taken back the consent to use their data for the mediation, so no agreement can be recorded. "
        "Record their new consent under People, or end the mediation for them (a party leaves)."
    )


class ReasonMissing(Invalid):
    """An identity number is shown in full for a reason only."""

    code = "reason-missing"
    message = N_("Choose why the whole number is needed.")


@dataclass(frozen=True)
class OtherCase:
    """A case in which the same person stands, and as what."""

    case: Case
    role: str
    name: str


def put(
    session: Session, case: Case, actor: str | None, details: Mapping[str, Any], party: Party | None = None
) -> Party:
    """Add a party, or change one: only what `details` names changes. Raises TooManyRepresentatives."""
    added = party is None
    if party is None:
        party = Party(id=new_id(), case_id=case.id, role=str(details.get("role") or "third"), name="", phone="")
        session.add(party)
    for name in (*PLAIN, *TICKED):
        if name in details and not isinstance(details[name], Mapping):  # a Mapping: would not say
            setattr(party, name, details[name] or _empty(name))
    if isinstance(details.get("role"), str):
        party.role = details["role"]
    if isinstance(details.get("birth_date"), str):
        party.birth_date = date.fromisoformat(details["birth_date"])
    if details.get("acts_for"):
        party.acts_for = UUID(str(details["acts_for"]))
    if isinstance(details.get("id_number"), str) and details["id_number"]:
        _identify(party, identity.unseal(details["id_number"]))
    session.flush()  # the count below sees it
    _require_few_representatives(session, party)
    kind = "party.added" if added else "party.changed"
    events.record(session, kind, case.id, actor=actor, party=str(party.id), role=party.role)
    return party


def take_over(session: Session, case: Case, actor: str | None, answers: Mapping[str, Any]) -> None:
    """Let the parties follow a completed form, so that nobody is typed twice (anti-formalism rules 1 and 2)."""
    given = [(one, one.get("side")) for one in _listed(answers, "parties")]
    given += [(one, "applicant") for one in _listed(answers, "applicants")]
    given += [(one, "respondent") for one in _listed(answers, "respondents")]
    chosen = {one.get("name") for one in _listed(answers, "representatives")}
    if not (given or chosen or _listed(answers, "people") or answers.get("personal_data") is True):
        return
    papers = _listed(answers, "people")
    if not given and not papers and not chosen:
        return  # most forms name nobody: no question to the database
    known = {(one.role, one.name): one for one in of_case(session, case.id)}
    for one, side in given:
        if one.get("name") and side in SIDES:
            said = {name: value for name, value in one.items() if value not in (None, "")}  # a gap unsays nothing
            put(session, case, actor, {**said, "role": side}, known.get((str(side), one["name"])))
    for found in known.values():
        if found.name in chosen and found.role in SIDES:
            put(session, case, actor, {"representative": True}, found)
    for one in papers:
        number = next((one[name] for name in ("id_number", "number") if isinstance(one.get(name), str)), "")
        for found in known.values():
            if number and found.name == one.get("name"):
                put(session, case, actor, {"id_number": number}, found)
    if answers.get("personal_data") is True:
        for party in of_case(session, case.id):
            if party.role in ("applicant", "respondent"):
                consent(session, case, actor, party, given_for="mediation", how="written")


def consent(session: Session, case: Case, actor: str | None, party: Party, *, given_for: str, how: str) -> None:
    """Record that a party agrees to a use of their data; what is agreed already stays as it is."""
    live = select(Consent.id).where(Consent.party_id == party.id, Consent.withdrawn_at.is_(None))
    if session.scalar(live.where(Consent.given_for == given_for)) is None:
        given = Consent(
            id=new_id(), case_id=case.id, party_id=party.id, given_for=given_for, how=how, by=actor, at=clock.now()
        )
        session.add(given)
        events.record(session, "consent.given", case.id, actor=actor, party=str(party.id), purpose=given_for)


def withdraw_consent(session: Session, case: Case, actor: str | None, party: Party, given_for: str) -> None:
    """A party takes consent back (个人信息保护法 §15); what was done before stays lawful."""
    live = select(Consent).where(Consent.party_id == party.id, Consent.given_for == given_for)
    for given in session.scalars(live.where(Consent.withdrawn_at.is_(None))):
        given.withdrawn_at = clock.now()
        events.record(session, "consent.withdrawn", case.id, actor=actor, party=str(party.id), purpose=given_for)


def whole_number(session: Session, actor: Actor, case_id: UUID, party_id: UUID, reason: str) -> str:
    """A party's identity number in full; the look is recorded. Raises PartyUnknown, ReasonMissing, NotForYourRole."""
    require(session, actor, "unmask", case_id)
    found = one(session, case_id, party_id)
    if reason not in REASONS:
        raise ReasonMissing
    events.record(session, "party.unmasked", case_id, actor=actor.id, party=str(party_id), reason=reason)
    return identity.unseal(found.identity) if found.identity else ""


def one(session: Session, case_id: UUID, party_id: UUID) -> Party:
    """A party of a case. Raises PartyUnknown."""
    found = session.get(Party, party_id)
    if found is None or found.case_id != case_id:
        raise PartyUnknown(party=party_id)
    return found


def of_case(session: Session, case_id: UUID) -> list[Party]:
    """Who is party to a case, side by side as papers name them."""
    found = session.scalars(select(Party).where(Party.case_id == case_id).order_by(Party.id))
    return sorted(found, key=lambda one: (*SIDES, *STANDING_BY).index(one.role))


def consents(session: Session, case_id: UUID) -> list[Consent]:
    """Every consent of a case, withdrawn or not."""
    return list(session.scalars(select(Consent).where(Consent.case_id == case_id).order_by(Consent.at)))


def other_cases(session: Session, actor: Actor, of: Iterable[Party]) -> dict[UUID, list[OtherCase]]:
    """The other cases of the same people that the actor may see, by party; sealed ones are never among them."""
    indexes = {one.identity_index: one for one in of if one.identity_index}
    query = select(Case, Party).join(Party, Party.case_id == Case.id)
    query = query.where(Party.identity_index.in_(indexes), scope(actor), OPEN).order_by(Case.id.desc())
    found: dict[UUID, list[OtherCase]] = {}
    for case, party in session.execute(query) if indexes else ():
        same = indexes[party.identity_index or b""]
        if case.id != same.case_id:
            found.setdefault(same.id, []).append(OtherCase(case, party.role, party.name))
    return found


def find_people(
    session: Session, actor: Actor, *, number: str = "", name: str = "", phone: str = ""
) -> list[OtherCase]:
    """The cases of a person by identity number, or by name with phone; every search is recorded."""
    conditions = []
    if number:
        conditions.append(Party.identity_index == identity.blind_index(number))
    if name and phone:
        conditions.append((Party.name == name) & (Party.phone == phone))
    events.record(session, "people.searched", new_id(), actor=actor.id, by="identity" if number else "name")
    if not conditions:
        return []
    query = select(Case, Party).join(Party, Party.case_id == Case.id)
    rows = session.execute(query.where(or_(*conditions), scope(actor), OPEN).order_by(Case.id.desc()).limit(50))
    return [OtherCase(case, party.role, party.name) for case, party in rows]


def is_minor(party: Party) -> bool:
    """Whether somebody is not of full capacity by age (民法典 §§17 to 20)."""
    if party.kind != "person" or party.birth_date is None:
        return False
    today = clock.today()
    born = party.birth_date
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return age < WORKING or (age < ADULT and not party.own_wages)


def same_person(one: Party, other: Party) -> bool:
    """Whether two entries of a case name the same person: the same entry, the same telephone or the same name."""
    return one.id == other.id or bool((one.phone and one.phone == other.phone) or (one.name and one.name == other.name))


def without_guardian(of: Iterable[Party]) -> list[Party]:
    """The minors for whom no guardian is on file."""
    everyone = list(of)
    guarded = {one.acts_for for one in everyone if one.role == "guardian"}
    return [one for one in everyone if is_minor(one) and one.id not in guarded]


def require_guardians(session: Session, case_id: UUID) -> None:
    """Raises GuardianMissing: no agreement binds a minor without the guardian."""
    if without_guardian(of_case(session, case_id)):
        raise GuardianMissing(case=case_id)


def without_consent(everyone: Iterable[Party], given: Iterable[Consent]) -> list[Party]:
    """The sides who agreed to the use of their data for the mediation once, and have taken that back."""
    latest = {one.party_id: one for one in given if one.given_for == "mediation"}
    return [
        one
        for one in everyone
        if one.role in ("applicant", "respondent") and one.id in latest and latest[one.id].withdrawn_at is not None
    ]


def require_consents(session: Session, case_id: UUID) -> None:
    """Raises ConsentWithdrawn: a mediation committee is no organ and has no other ground (个人信息保护法 §13)."""
    if without_consent(of_case(session, case_id), consents(session, case_id)):
        raise ConsentWithdrawn(case=case_id)


def _identify(party: Party, number: str) -> None:
    party.identity, party.identity_index = identity.seal(number), identity.blind_index(number)


def _require_few_representatives(session: Session, party: Party) -> None:
    if party.representative:
        others = [one for one in of_case(session, party.case_id) if one.representative and one.role == party.role]
        if len(others) > MOST_REPRESENTATIVES:
            raise TooManyRepresentatives(limit=MOST_REPRESENTATIVES)


def _listed(answers: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = answers.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _empty(name: str) -> Any:
    return {"kind": "person", "name": "", "phone": ""}.get(name, False if name in TICKED else None)
