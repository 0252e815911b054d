"""Telling people: in the product at once, out of the house by jobs, at night only what cannot wait."""

from collections.abc import Mapping
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, clock, notifications
from engine.cases.models import Case, Party
from engine.casework import convening, inviting, telling
from engine.deadlines import commands as deadlines
from engine.ids import new_id
from engine.notifications import commands, kinds, queries
from engine.notifications.models import Delivery, Notification
from engine.workflow.models import Incident, Instance
from tests.engine.notifications.receiving import Gateway, MailServer, configured
from tests.engine.notifications.telling import DAY, NIGHT, Send, at, outbox, prefers, reads
from tests.factories import LAND, ROCK, actor, do, open_task


def test_a_task_that_is_handed_over_stands_in_the_product(session: Session, case: Case) -> None:
    duty, second = actor(session, "duty"), actor(session, "duty2")
    casework.assign(session, duty, open_task(session, case).id, second)
    assert reads(session, "duty2") == [f"{duty.name} handed you a task of {case.number}."]
    assert reads(session, "duty2", "zh") == [f"{duty.name}把{case.number}的一项任务交给了您。"]
    assert reads(session, "duty") == []
    assert queries.unread(session, second) == 1
    commands.mark_read(session, duty)
    assert queries.unread(session, second) == 1, "nobody reads for somebody else"
    commands.mark_read(session, second)
    assert queries.unread(session, second) == 0


def test_what_is_rolled_back_tells_nobody(session: Session, case: Case, sms: Gateway, sent: Send) -> None:
    prefers(session, "duty", phone="13800000000", choices={"mention": ["gateway"]})
    with at(DAY):
        nested = session.begin_nested()
        notifications.tell(session, [actor(session, "duty").id], "mention", case.id, by=actor(session, "duty2").id)
        nested.rollback()
    assert (reads(session, "duty"), outbox(session)) == ([], [])


def test_at_night_only_what_is_red_leaves_the_house(session: Session, sms: Gateway, sent: Send) -> None:
    prefers(session, "duty", phone="13800000000", choices={"mention": ["gateway"]})
    with at(NIGHT) as time_is:
        case = casework.report(session, actor(session, "grid"), ROCK).case
        notifications.tell(session, [actor(session, "duty").id], "mention", case.id, by=actor(session, "duty2").id)
        sent()
        assert [text for text in sms.texts if "红色" in text] == sms.texts != []
        time_is.advance(timedelta(hours=8, minutes=59))
        sent()
        assert len(sms.came) == 1
        time_is.advance(timedelta(minutes=2))
        sent()
    assert len(sms.came) == 2


def test_of_a_sealed_case_nothing_is_said_and_nothing_goes_to_a_gateway(
    session: Session, case: Case, sms: Gateway, mail: MailServer, sent: Send
) -> None:
    prefers(
        session, "duty", phone="13800000000", email="duty@house.example",
        choices={"mention": ["gateway", "email", "product"]},
    )  # fmt: skip
    duty = actor(session, "duty")
    with configured(HEJIE_GATEWAY_URL=sms.url), at(DAY):
        notifications.tell(session, [duty.id], "mention", case.id, by=actor(session, "duty2").id)
        case.sealed = True
        session.flush()
        notifications.tell(session, [duty.id], "mention", case.id, by=actor(session, "duty2").id)
        sent()
    assert sms.came == []
    assert reads(session, "duty") == ["A sealed matter needs you."] * 2
    bodies = [message_from_bytes(one, policy=policy.default).get_content() for one in mail.came]  # type: ignore[attr-defined]
    assert len(bodies) == 2 and all("不公开" in one and case.number not in one for one in bodies)


def test_new_tasks_are_gathered_into_one(session: Session, mail: MailServer, sent: Send) -> None:
    prefers(session, "duty", email="duty@house.example")
    with at(DAY) as time_is:
        telling.look(session)
        time_is.advance(timedelta(minutes=2))
        for _ in range(3):
            casework.report(session, actor(session, "grid"), LAND)
        time_is.advance(timedelta(minutes=2))
        telling.look(session)
        casework.report(session, actor(session, "grid"), LAND)
        time_is.advance(timedelta(minutes=2))
        telling.look(session)
        telling.look(session)
        sent()
    assert [text for text in reads(session, "duty") if "New tasks" in text] == ["New tasks for you or your group: 4."]
    assert len(mail.came) == 1
    assert [text for text in reads(session, "police") if "New tasks" in text] == []


def test_administrators_are_told_of_incidents_together(session: Session, case: Case, sent: Send) -> None:
    [instance] = session.scalars(select(Instance).where(Instance.stream == case.id))
    with at(DAY) as time_is:
        telling.look(session)
        for code in ("operation-failed", "no-flow"):
            failed = {"instance_id": instance.id, "token_id": new_id(), "element_id": "x", "message": case.words}
            session.add(Incident(**failed, code=code, at=clock.now() + timedelta(minutes=1)))
        time_is.advance(timedelta(minutes=3))
        telling.look(session)
        telling.look(session)
    assert reads(session, "admin") == ["Steps that failed by themselves: 2 (no-flow)."]
    assert not any("failed by themselves" in text for text in reads(session, "duty"))


def test_a_deadline_is_told_to_who_acts_then_upwards(session: Session, case: Case, sent: Send) -> None:
    with at(DAY) as time_is:
        deadlines.start(session, case.id, "pm.soft")
        time_is.advance(timedelta(days=16))
        assert telling.warn(session) == 1
        assert any("half of the time" in text for text in reads(session, "duty"))
        assert reads(session, "leader") == []
        time_is.advance(timedelta(days=20))
        telling.warn(session)
        assert any("the time is over" in text for text in reads(session, "leader"))


@pytest.mark.parametrize("after_closing", [False, True], ids=["while open", "after closing"])
@pytest.mark.parametrize(
    ("right", "half", "eighty", "last"),
    [("pet.review.apply", 16, 9, 5), ("labour.sue", 9, 4, 2), ("land.title.sue", 16, 9, 5)],
    ids=["信访工作条例 §35", "劳动争议调解仲裁法 §50", "土地管理法 §14"],
)
def test_of_a_right_that_runs_out_the_phone_that_agreed_is_told_at_each_mark(
    session: Session, case: Case, sms: Gateway, sent: Send, right: str, half: int, eighty: int, last: int,
    after_closing: bool,
) -> None:  # fmt: skip
    """Half, four fifths, a day before; not when it is over, and nothing of another office's duty."""
    with at(DAY) as time_is:
        commands.agree(session, case, "13900000000", "en")
        until = deadlines.start(session, case.id, right).due_on
        deadlines.start(session, case.id, "pet.handle")
        if after_closing:
            case.closed_at = clock.now()
            deadlines.close(session, case.id)
        for days in (half, eighty, last, 1, 30):
            time_is.advance(timedelta(days=days))
            telling.warn(session)
            sent()
    marks = ["half of the time is gone", "four fifths of the time are gone", "one day is left"]
    assert [text.split("(")[-1].split(")")[0] for text in sms.texts] == marks
    assert all(f"only until {until}" in text and case.words not in text for text in sms.texts)
    told = [text for text in reads(session, "grid") if "the parties' own right" in text]
    assert len(told) == 3, "whoever reported it for them may be the only one whom they hear of it from"


def test_of_a_right_in_a_sealed_case_nobody_outside_is_told(
    session: Session, case: Case, sms: Gateway, sent: Send
) -> None:
    """反家庭暴力法 §31: a message on the wrong screen would betray whoever asked for protection."""
    with at(DAY) as time_is:
        commands.agree(session, case, "13900000000", "zh")
        case.sealed = True
        deadlines.start(session, case.id, "dv.reconsider")
        time_is.advance(timedelta(days=4))
        telling.warn(session)
        sent()
    assert sms.texts == []
    assert not any("right" in text for text in reads(session, "grid"))


def test_a_phone_that_agreed_is_told_each_new_stage_and_none_after(
    session: Session, case: Case, sms: Gateway, sent: Send
) -> None:
    with at(DAY) as time_is:
        commands.agree(session, case, "139 0000 0000", "zh")
        commands.agree(session, case, "13900000000", "zh")
        telling.look(session)
        sent()
        before = len(sms.came)
        for step in ("triage", "confirm"):
            do(session, case, step, "duty")
            sent()
        telling.look(session)
        telling.look(session)
        sent()
        assert len(sms.came) == before + 1
        commands.disagree(session, case)
        time_is.advance(timedelta(minutes=5))
        notifications.tell_followers(session, case.id, "villager_hearing", when=DAY.isoformat())
        sent()
    assert len(sms.came) == before + 1
    assert case.number in sms.texts[-1] and case.words not in sms.texts[-1]


def test_of_a_hearing_those_are_told_who_are_expected(session: Session, case: Case, sms: Gateway, sent: Send) -> None:
    """Whoever has a step or the mediation; by message the reporter's phone, once they are invited themselves."""
    mediator = actor(session, "mediator")
    casework.assign(session, actor(session, "duty"), open_task(session, case).id, actor(session, "duty2"))
    case.mediator = mediator.id
    with at(DAY):
        commands.agree(session, case, "13900000000", "en")
        given = {"kind": "visit", "starts_at": DAY + timedelta(days=1), "minutes": 60, "place": "王家院坝"}
        planned = convening.plan(session, mediator, case.id, **given)
        people = [
            Party(id=new_id(), case_id=case.id, role=role, name=name, phone="")
            for role, name in (("reporter", "示例甲"), ("applicant", "示例甲"), ("respondent", "示例乙"))
        ]
        session.add_all(people)
        session.flush()
        _, reporter, neighbour = people
        inviting.invite(session, mediator, planned.id, [neighbour.id])
        sent()
        assert sms.came == [], "the neighbour alone is expected"
        inviting.invite(session, mediator, planned.id, [reporter.id])
        for _ in range(2):
            later = {"starts_at": DAY + timedelta(days=2), "place": "村委会", "reason": "下大雨"}
            convening.move(session, mediator, planned.id, **later)
        for _ in range(2):
            convening.cancel(session, mediator, planned.id)
        sent()
    assert sms.texts == [
        f"Your report {case.number}: you are expected, 2027-03-11 12:00.",
        f"Your report {case.number}: what was planned for 2027-03-11 12:00 is moved to 2027-03-12 12:00. Come then. "
        "Ask the mediator where, and why.",
        f"Your report {case.number}: what was planned for 2027-03-12 12:00 is cancelled. You need not come.",
    ]
    told = [text for text in reads(session, "duty2") if "2027-03-1" in text]
    assert told == [
        f"{case.number}: what was planned for 2027-03-12 12:00 is cancelled.",
        f"{case.number}: what was planned for 2027-03-11 12:00 is moved to 2027-03-12 12:00. "
        "The case says where and why.",
        f"{case.number}: 2027-03-11 12:00. You are expected.",
    ]
    assert not any("2027-03-11" in text for text in reads(session, "mediator")), "whoever plans it knows"


def test_of_a_sealed_case_no_fact_is_stored_beside_who_is_told(session: Session, case: Case) -> None:
    """Whoever reads the table finds neither kind, number nor time; nothing waits for a villager's phone."""
    with configured(HEJIE_GATEWAY_URL="http://127.0.0.1:9/"), at(DAY):
        prefers(session, "duty2", phone="13800000000", email="duty@house.example", choices={"hearing": ["gateway"]})
        commands.agree(session, case, "13900000000", "zh")
        case.sealed = True
        session.flush()
        for kind in ("hearing", "mention", "fact", "red"):
            notifications.tell(session, [actor(session, "duty2").id], kind, case.id, when=DAY.isoformat(), by="x")
        notifications.tell_followers(session, case.id, "villager_hearing", when=DAY.isoformat())
        session.flush()
    stored = session.scalars(select(Notification).where(Notification.case_id == case.id)).all()
    assert [(one.kind, one.facts) for one in stored if one.at == DAY] == [("sealed", {})] * 4
    assert session.scalars(select(Delivery)).all() == []


def test_of_a_red_matter_that_triage_seals_nobody_learns_more_than_that_it_is_there(
    session: Session, case: Case, sent: Send
) -> None:
    """反家庭暴力法 §14: the matter is red before it is sealed, and what was told of it meanwhile is hushed."""
    prefers(session, "duty2", email="duty@house.example", choices={"red": ["email"]})
    with at(DAY):
        do(session, case, "triage", "duty", danger_facts=["domestic_violence"], route_facts=[], subject="family")
        do(session, case, "confirm", "duty", route="protection", risk="RED", level="organ")
        sent()
    assert (case.risk, case.sealed) == ("RED", True)
    stored = session.scalars(select(Notification).where(Notification.case_id == case.id)).all()
    assert stored and {(one.kind, str(one.facts)) for one in stored} == {("sealed", "{}")}
    assert {(one.kind, str(one.facts)) for one in session.scalars(select(Delivery))} <= {("sealed", "{}")}
    told = {str(one.account_id) for one in stored}
    assert told <= {actor(session, login).id for login in ("duty", "duty2", "county", "county2", "police")}
    for login in ("grid", "mediator", "leader"):
        assert not any("sealed" in text.lower() or case.number in text for text in reads(session, login)), login


def facts() -> Mapping[str, Any]:
    return {"by": "", "deadline": "pm.soft", "mark": "half", "due": "2026-12-01", "count": 2, "code": "x", "when":
            "2026-12-01T02:00:00+00:00", "was": "2026-11-30T02:00:00+00:00",
            "division": {"zh": "村", "en": "village"}, "unit": {"zh": "甲", "en": "A"}, "to": {"zh": "乙", "en": "B"},
            "place": {"zh": "丙", "en": "C"}, "mediator": "a", "stage": "triage",
            "number": "ZP-2026-000001", "minutes": 10, "link": "/sign/x"}  # fmt: skip


def test_every_kind_says_something_in_both_languages() -> None:
    for kind in kinds.kinds():
        chinese, english = kinds.text(kind, facts(), "zh"), kinds.text(kind, facts(), "en")
        assert chinese != english and "…" not in chinese + english and english.isascii(), kind
