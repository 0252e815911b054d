"""What the parties of a mediation see and do with codes of their own, and what none of them ever learns."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, clock, events, papers
from engine.cases import parties, party_codes
from engine.cases import queries as cases
from engine.cases.models import Case, Party, PartyCode, Submission
from engine.cases.party_codes import NoPartyCode
from engine.cases.permissions import CaseUnknown, NotForYourRole
from engine.casework import AnswersInvalid, Reported, convening, filing, inviting, paper_facts, reporters, sides
from engine.casework.reporters import NotNow
from engine.documents.models import Document
from engine.notifications import queries as notifications
from engine.people.actor import Actor
from engine.sessions import sittings
from engine.workflow.models import UserTask
from tests.engine.casework.conftest import WAY, Work
from tests.factories import LAND, actor, do

NEIGHBOUR, PHONE = "0915-3300021", "0915-3300077"


@dataclass(frozen=True)
class Dispute:
    """A dispute that a neighbour reported, at the step before its mediator is chosen, with its two sides."""

    told: Reported
    applicant: Party
    respondent: Party

    @property
    def case(self) -> Case:
        return self.told.case

    def code(self, session: Session, party: Party | None = None) -> tuple[str, str]:
        """A fresh code of a side (the respondent), with the phone that goes with it."""
        who = party or self.respondent
        return party_codes.make(session, actor(session, "mediator"), self.case.id, who.id), who.phone


def reported(session: Session, work: Work, until: str, **given: str) -> Reported:
    """A report that has come to the step before an element."""
    told = casework.report(session, Actor.PUBLIC, {**LAND, **given})
    for element, login in WAY:
        work()
        if element == until:
            break
        do(session, told.case, element, login)
    return told


@pytest.fixture
def dispute(session: Session, work: Work) -> Dispute:
    told = reported(session, work, "mediator", reporter_name="邻居丙", reporter_phone=NEIGHBOUR)
    everybody = {one.role: one for one in parties.of_case(session, told.case.id)}
    respondent = parties.put(session, told.case, None, {"phone": PHONE}, everybody["respondent"])
    return Dispute(told, everybody["applicant"], respondent)


def proposed(session: Session, case: Case) -> dict[str, Any]:
    """What the committee's form proposes."""
    session.flush()
    [task] = session.scalars(select(UserTask).where(UserTask.stream == case.id, UserTask.state == "open"))
    raw = casework.task_page(session, actor(session, "mediator"), task.id).raw
    return {key: raw[key] for key in ("how", "mediator") if key in raw}


def wants(session: Session, dispute: Dispute, party: Party, login: str) -> str:
    wanted = actor(session, login).id
    sides.choose(session, *dispute.code(session, party), {"mediator": wanted})
    return wanted


def test_a_party_sees_where_it_stands_with_their_code_and_phone(session: Session, dispute: Dispute) -> None:
    found = sides.follow(session, *dispute.code(session))
    assert (found.case, found.party, found.may) == (dispute.case, dispute.respondent, {"choose", "end"})
    assert "party.code_made" in [one.kind for one in events.of_stream(session, dispute.case.id)]
    kept = session.scalars(select(PartyCode)).one()
    assert kept.code_hash != dispute.code(session)[0].encode(), "the code itself is stored nowhere"


def test_code_and_phone_must_fit(session: Session, dispute: Dispute) -> None:
    code, phone = dispute.code(session)
    for wrong in (("AAAAAAAAAA", phone), (code, NEIGHBOUR), (code, ""), (dispute.told.tracking_code, phone)):
        with pytest.raises(CaseUnknown):
            sides.follow(session, *wrong)
    with pytest.raises(CaseUnknown):
        reporters.follow(session, code, phone)
    assert sides.follow(session, *dispute.code(session, dispute.applicant)).party == dispute.applicant, "no phone known"


def test_a_code_opens_the_case_of_its_party_alone(session: Session, work: Work, dispute: Dispute) -> None:
    other = reported(session, work, "mediator")
    with pytest.raises(parties.PartyUnknown):
        party_codes.make(session, actor(session, "mediator"), other.case.id, dispute.respondent.id)
    assert sides.follow(session, *dispute.code(session)).case.id != other.case.id


def test_a_code_ends_when_it_is_withdrawn_or_made_anew(session: Session, dispute: Dispute) -> None:
    first = dispute.code(session)
    second = dispute.code(session)
    with pytest.raises(CaseUnknown):
        sides.follow(session, *first)
    party_codes.withdraw(session, actor(session, "mediator"), dispute.case.id, dispute.respondent.id)
    with pytest.raises(CaseUnknown):
        sides.follow(session, *second)
    party_codes.withdraw(session, actor(session, "mediator"), dispute.case.id, dispute.respondent.id)
    kinds = [one.kind for one in events.of_stream(session, dispute.case.id)]
    assert kinds.count("party.code_withdrawn") == 1, "there was none to withdraw any more"


@pytest.mark.parametrize("login", ["grid", "police", "admin", "court"])
def test_codes_are_made_by_whoever_mediates(session: Session, dispute: Dispute, login: str) -> None:
    with pytest.raises((NotForYourRole, CaseUnknown)):
        party_codes.make(session, actor(session, login), dispute.case.id, dispute.respondent.id)


def test_a_reporter_and_a_minor_get_none(session: Session, dispute: Dispute) -> None:
    [reporter] = [one for one in parties.of_case(session, dispute.case.id) if one.role == "reporter"]
    dispute.applicant.birth_date = clock.today() - timedelta(days=3650)
    for party in (reporter, dispute.applicant):
        with pytest.raises(NoPartyCode):
            dispute.code(session, party)
    guardian = parties.put(
        session, dispute.case, None, {"role": "guardian", "name": "示例甲母", "acts_for": str(dispute.applicant.id)}
    )
    wanted = wants(session, dispute, guardian, "mediator2")
    wants(session, dispute, dispute.respondent, "mediator2")
    assert proposed(session, dispute.case) == {"how": "chosen", "mediator": wanted}, "a guardian speaks for the child"


@pytest.mark.parametrize(
    "change",
    [
        {"sealed": True}, {"kind": "police"}, {"kind": "petition"}, {"stage": "paused"}, {"stage": "handover"},
        {"closing": "handed_over"}, {"level": None},
    ],
    ids=str,
)  # fmt: skip
def test_nothing_opens_what_is_secret_or_with_the_police(
    session: Session, dispute: Dispute, change: dict[str, Any]
) -> None:
    proof = dispute.code(session)
    for name, value in change.items():
        setattr(dispute.case, name, value)
    session.flush()
    for act in (sides.follow, lambda *given: sides.choose(*given, {"mediator": "x"})):
        with pytest.raises(CaseUnknown):
            act(session, *proof)
    with pytest.raises(NoPartyCode):
        party_codes.make(session, actor(session, "county"), dispute.case.id, dispute.respondent.id)


def test_a_code_ends_thirty_days_after_the_closing(session: Session, dispute: Dispute) -> None:
    proof = dispute.code(session)
    dispute.case.closed_at, dispute.case.stage = clock.now() - timedelta(days=29), "closed"
    session.flush()
    assert sides.follow(session, *proof).may == {"rate"}
    dispute.case.closed_at = clock.now() - timedelta(days=30)
    session.flush()
    with pytest.raises(CaseUnknown):
        sides.follow(session, *proof)


def test_both_sides_want_the_same_and_it_is_recorded_as_at_the_desk(
    session: Session, work: Work, dispute: Dispute
) -> None:
    """人民调解法 §19: chosen by the parties."""
    wanted = wants(session, dispute, dispute.applicant, "mediator2")
    assert proposed(session, dispute.case) == {"mediator": wanted}, "one side alone chooses nobody"
    found = sides.follow(session, *dispute.code(session))
    assert found.wanted == ["示例调解员·民主村二"], "so that this side can agree"
    wants(session, dispute, dispute.respondent, "mediator2")
    assert proposed(session, dispute.case) == {"how": "chosen", "mediator": wanted}
    do(session, dispute.case, "mediator", "mediator", mediator=wanted)
    work()
    assert dispute.case.mediator == wanted
    assert sides.follow(session, *dispute.code(session)).mediators == ["示例调解员·民主村二"]
    with pytest.raises(NotNow):
        wants(session, dispute, dispute.respondent, "mediator")


def test_where_they_differ_the_committee_appoints(session: Session, dispute: Dispute) -> None:
    """人民调解法 §19."""
    wants(session, dispute, dispute.applicant, "mediator2")
    wants(session, dispute, dispute.respondent, "mediator")
    assert proposed(session, dispute.case) == {"how": "appointed"}
    wanted = wants(session, dispute, dispute.respondent, "mediator2")
    assert proposed(session, dispute.case) == {"how": "chosen", "mediator": wanted}, "the last word counts"


def test_a_neighbours_choice_is_no_sides(session: Session, dispute: Dispute) -> None:
    wanted = actor(session, "mediator2").id
    reporters.choose(session, dispute.told.tracking_code, NEIGHBOUR, {"mediator": wanted})
    assert proposed(session, dispute.case) == {"mediator": wanted}
    assert sides.follow(session, *dispute.code(session)).wanted == [], "nor told to a side"
    other = wants(session, dispute, dispute.respondent, "mediator")
    assert proposed(session, dispute.case) == {"mediator": other}


def test_who_reports_for_themselves_speaks_for_their_side(session: Session, work: Work) -> None:
    told = reported(session, work, "mediator", reporter_name="示例甲", reporter_phone=NEIGHBOUR)
    [respondent] = [one for one in parties.of_case(session, told.case.id) if one.role == "respondent"]
    wanted = actor(session, "mediator2").id
    reporters.choose(session, told.tracking_code, NEIGHBOUR, {"mediator": wanted})
    code = party_codes.make(session, actor(session, "mediator"), told.case.id, respondent.id)
    sides.choose(session, code, "", {"mediator": wanted})
    assert proposed(session, told.case) == {"how": "chosen", "mediator": wanted}
    kept = cases.submissions(session, told.case.id, ("f-chosen",))
    assert [one.party_id for one in kept] == [None, respondent.id]


def test_a_party_sees_the_sittings_that_they_are_invited_to(session: Session, dispute: Dispute) -> None:
    mediator = actor(session, "mediator")
    soon = clock.now() + timedelta(days=1)
    planned = [
        sittings.plan(
            session, mediator, dispute.case.id, kind="session", starts_at=soon + timedelta(hours=4 * one), minutes=60,
            place="村委会",
        )
        for one in range(3)
    ]  # fmt: skip
    session.flush()
    inviting.invite(session, mediator, planned[0].id, [dispute.applicant.id])
    for one in planned[1:]:
        inviting.invite(session, mediator, one.id, [dispute.respondent.id])
    convening.cancel(session, mediator, planned[2].id)
    assert sides.follow(session, *dispute.code(session)).sittings == [planned[1]]


def test_a_party_asks_a_mediator_to_stand_aside_once(session: Session, work: Work, dispute: Dispute) -> None:
    """人民调解法 §23."""
    named = actor(session, "mediator2").id
    asked = {"mediator": named, "ground": "kin", "reason": "是对方的表哥"}
    with pytest.raises(NotNow):
        sides.recuse(session, *dispute.code(session), asked)
    wants(session, dispute, dispute.respondent, "mediator2")
    do(session, dispute.case, "mediator", "mediator", mediator=named)
    work()
    assert sides.follow(session, *dispute.code(session)).may == {"recuse", "end"}
    with pytest.raises(AnswersInvalid):
        sides.recuse(session, *dispute.code(session), {**asked, "mediator": actor(session, "mediator").id})
    sides.recuse(session, *dispute.code(session), asked)
    session.flush()
    for told in ("mediator2", "town"):
        texts = [one.text for one in notifications.page(session, actor(session, told), "en")[0]]
        assert sum("stand aside" in text for text in texts) == 1, told
    assert sides.follow(session, *dispute.code(session)).may == {"end"}
    of_other = sides.follow(session, *dispute.code(session, dispute.applicant)).may
    assert of_other == {"recuse", "end"}, "each for themselves"


def test_either_side_ends_the_mediation_with_its_code(session: Session, work: Work, dispute: Dispute) -> None:
    """人民调解法 §§23, 26: its sessions are called off, and both are told the ways that are left."""
    mediator, begins = actor(session, "mediator"), clock.now() + timedelta(days=2)
    planned = sittings.plan(
        session, mediator, dispute.case.id, kind="session", place="村委会", starts_at=begins, minutes=60
    )  # fmt: skip
    with pytest.raises(AnswersInvalid):
        sides.end(session, *dispute.code(session), {"reason": "unwilling"})
    sides.end(session, *dispute.code(session), {"reason": "unwilling", "sure": True})
    work()
    session.expire_all()
    assert planned.cancelled_at is not None
    texts = [one.text for one in notifications.page(session, mediator, "en")[0]]
    assert sum("ended the mediation" in text for text in texts) == 1
    assert sides.follow(session, *dispute.code(session)).may == frozenset()
    with pytest.raises(NotNow):
        sides.end(session, *dispute.code(session, dispute.applicant), {"reason": "settled", "sure": True})
    do(session, dispute.case, "tell-routes", "mediator")
    work()
    assert dispute.case.outcome == "withdrawn"


@pytest.mark.parametrize(("role", "powers", "may"), [
    ("guardian", None, True), ("agent", "special", True), ("agent", "general", False), ("third", None, False),
])  # fmt: skip
def test_who_is_no_side_ends_it_only_as_one_who_stands_for_it(
    session: Session, dispute: Dispute, role: str, powers: str | None, may: bool
) -> None:
    given = {"role": role, "name": "示例戊", "phone": "0915-3300066", "powers": powers}
    if role != "third":
        given["acts_for"] = str(dispute.respondent.id)
    party = parties.put(session, dispute.case, None, given)
    assert ("end" in sides.follow(session, *dispute.code(session, party)).may) is may


def test_whoever_had_to_stand_aside_is_proposed_no_more(session: Session, work: Work, dispute: Dispute) -> None:
    wanted = wants(session, dispute, dispute.respondent, "mediator2")
    do(session, dispute.case, "mediator", "mediator", mediator=wanted, recusal="kin")
    work()
    assert proposed(session, dispute.case) == {}


def test_each_party_rates_once_after_the_closing(session: Session, dispute: Dispute) -> None:
    proof = dispute.code(session)
    rated = {"solved": "no", "satisfied": "partly", "reason": "地还没退"}
    with pytest.raises(NotNow):
        sides.rate(session, *proof, rated)
    dispute.case.closed_at, dispute.case.stage, dispute.case.outcome = clock.now(), "closed", "performed"
    session.flush()
    sides.rate(session, *proof, rated)
    with pytest.raises(NotNow):
        sides.rate(session, *proof, rated)
    assert "rate" in reporters.follow(session, dispute.told.tracking_code, NEIGHBOUR).may, "theirs is another word"
    assert sides.follow(session, *dispute.code(session, dispute.applicant)).may == {"rate"}


def test_a_paper_made_with_a_code_says_who_made_it(session: Session, dispute: Dispute) -> None:
    choice = {"mediator": actor(session, "mediator").id}
    sides.choose(session, *dispute.code(session), choice)
    dispute.case.closed_at, dispute.case.stage, dispute.case.outcome = clock.now(), "closed", "performed"
    session.flush()
    rated = {"solved": "yes", "satisfied": "yes", "praise": "调解员上门三次"}
    told = {"solved": "no", "satisfied": "yes", "reason": "没修"}
    reporters.rate(session, dispute.told.tracking_code, NEIGHBOUR, told)
    sides.rate(session, *dispute.code(session), rated)
    made = "（凭查询码和电话，自己填写）"
    file = [printed(session, one) for one in cases.submissions(session, dispute.case.id) if one.by is None]
    assert [title for title, _ in file if title] == ["反映登记", "选调解员", "办理情况评价", "办理情况评价"]
    [report, chosen, neighbour, party] = [words for _, words in file]
    assert made not in report, "it has no code yet when it is written"
    assert f"被申请人{dispute.respondent.name}{made}" in chosen
    assert f"反映人{made}" in neighbour and "没修" in neighbour and NEIGHBOUR not in neighbour
    assert f"被申请人{dispute.respondent.name}{made}" in party and "调解员上门三次" in party


def printed(session: Session, filed: Submission) -> tuple[str, str]:
    """The title of a paper and its words."""
    title = filing.kind_of(session, filed).zh
    facts = {**paper_facts.of_submission(session, filed), "title": title, "c": {}}
    blocks = papers.fill(papers.shipped_template(filed.form_key), facts)
    return title, "".join(text for one in blocks for text in one.texts)


def test_both_sides_read_their_agreement_without_anybodys_contacts(session: Session, work: Work) -> None:
    """人民调解法 §30."""
    told = reported(session, work, "agreement")
    sides_of = {one.role: one for one in parties.of_case(session, told.case.id)}
    third = parties.put(session, told.case, None, {"role": "third", "name": "示例丁"})
    dispute = Dispute(told, sides_of["applicant"], sides_of["respondent"])
    assert sides.follow(session, *dispute.code(session)).agreed is None
    named = [{"side": "applicant", "name": "示例甲", "phone": "0915-3300088"}, {"side": "respondent", "name": "示例乙"}]
    do(session, told.case, "agreement", "mediator", parties=named)
    work()
    found = sides.follow(session, *dispute.code(session)).agreed
    assert found and (found.content, found.effective_on) == ("李家退还所占土地", clock.today())
    assert [(one.who, one.what) for one in found.obligations] == [("示例乙", "退还土地")]
    assert "3300088" not in str(found)
    assert sides.follow(session, *dispute.code(session, third)).agreed is None, "who is no side has no copy"
    [number] = session.scalars(select(Document).where(Document.number == found.number))
    number.voided_at = clock.now()
    session.flush()
    assert sides.follow(session, *dispute.code(session)).agreed is None, "what is void is nobody's agreement"
