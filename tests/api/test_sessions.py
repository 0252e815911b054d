"""A mediator's session through REST and pages: plan, invite, note down, agree clause by clause, sign on the spot."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from engine import clock, papers
from engine.papers.catalogue import catalogue
from engine.sessions import room
from engine.sessions.room import Terms
from tests.api.conftest import LAND, Browser
from tests.api.steps import Report, System, at_triage, do, task_of
from tests.factories import answers


def text_of(pdf: bytes) -> str:
    """The words of a PDF without white space."""
    from io import BytesIO

    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


@pytest.fixture
def mediated(system: System, report: Report) -> tuple[Browser, str]:
    """A mediator, and a dispute of theirs whose session is next."""
    duty, _, case_id = at_triage(system, report)
    do(duty, case_id, "triage")
    do(duty, case_id, "confirm")
    mediator = system("mediator")
    for element in ("consent", "register"):
        do(mediator, case_id, element)
    return mediator, case_id


def soon(hours: int = 3) -> str:
    """A moment to come."""
    return (clock.now() + timedelta(hours=hours)).replace(second=0, microsecond=0).isoformat()


def planned(mediator: Browser, case_id: str, **more: Any) -> dict[str, Any]:
    """A session that is planned."""
    body = {"kind": "session", "starts_at": soon(), "minutes": 60, "place": "村委会", **more}
    made = mediator.post(f"/api/v1/cases/{case_id}/sittings", json=body)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.get_json()
    return found


def proposed(mediator: Browser, case_id: str, **terms: Any) -> dict[str, Any]:
    """The clause that was put on the table last."""
    made = mediator.post(f"/api/v1/cases/{case_id}/clauses", json={"by": "applicant", **terms})
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.get_json()["items"][-1]
    return found


def both_agree(mediator: Browser, clause: dict[str, Any]) -> dict[str, Any]:
    """The clause after both sides have said yes to its newest wording."""
    for side in ("applicant", "respondent"):
        body = {"side": side, "number": clause["versions"][0]["number"], "says": "agreed"}
        answered = mediator.post(f"/api/v1/clauses/{clause['id']}/answers", json=body)
        assert answered.status_code == 200, answered.text
    found: dict[str, Any] = next(one for one in answered.get_json()["items"] if one["id"] == clause["id"])
    return found


def test_a_session_stands_in_the_calendar_of_those_who_see_the_case_and_of_nobody_else(
    mediated: tuple[Browser, str], system: System, signed_in: Any
) -> None:
    mediator, case_id = mediated
    made = planned(mediator, case_id)
    today = clock.today()
    query = f"/api/v1/agenda?first={today}&last={today + timedelta(days=7)}"
    for login, sees in (("mediator", True), ("duty", True), ("police", False), ("leader", False)):
        ids = {one["sitting"]["id"] for one in system(login).get(query).get_json()["items"]}
        assert (made["id"] in ids) is sees, login
    assert "村委会" in signed_in("mediator").get("/agenda?as=list").text
    for day in ("0001-01-01", "9999-12-31"):  # where the calendar ends there is no week before or after
        assert signed_in("mediator").get(f"/agenda?day={day}").status_code == 200
    mediator.post(f"/api/v1/sittings/{made['id']}/cancel")
    assert made["id"] not in {one["sitting"]["id"] for one in mediator.get(query).get_json()["items"]}


def test_nobody_leads_two_sessions_at_once(mediated: tuple[Browser, str]) -> None:
    mediator, case_id = mediated
    begin = clock.now() + timedelta(days=20)
    planned(mediator, case_id, starts_at=begin.isoformat())
    body = {"kind": "visit", "minutes": 30, "place": "家里"}
    for minutes, status in ((-29, 409), (59, 409), (-30, 201), (60, 201)):
        at = (begin + timedelta(minutes=minutes)).isoformat()
        answer = mediator.post(f"/api/v1/cases/{case_id}/sittings", json={**body, "starts_at": at})
        assert answer.status_code == status, (minutes, answer.text)


def test_what_is_planned_is_moved_with_a_reason_as_a_whole(mediated: tuple[Browser, str], signed_in: Any) -> None:
    """It stays the same sitting with its invitations; the page moves it as REST does, and neither without a reason."""
    mediator, case_id = mediated
    begin = (clock.now() + timedelta(days=30)).replace(second=0, microsecond=0)
    made, other = planned(mediator, case_id, starts_at=begin.isoformat()), begin + timedelta(hours=3)
    planned(mediator, case_id, starts_at=other.isoformat())
    address, body = f"/api/v1/sittings/{made['id']}/time", {"place": "李家院坝", "reason": "对方外出"}
    half = {**body, "starts_at": (begin + timedelta(minutes=30)).isoformat()}
    for change, code in (
        ({"reason": " "}, "move-reason-missing"), ({"place": ""}, "sitting-unfit"),
        ({"starts_at": other.isoformat()}, "sitting-clash"), ({"starts_at": "2020-01-01T00:00:00Z"}, "sitting-unfit"),
    ):  # fmt: skip
        assert mediator.put(address, json={**half, **change}).get_json()["code"] == code
    moved = mediator.put(address, json=half).get_json()
    assert (moved["id"], moved["place"], moved["moved_because"]) == (made["id"], "李家院坝", "对方外出")
    page = signed_in("mediator")
    typed = {"do": "move", "starts_at": f"{begin.astimezone(clock.ZONE):%Y-%m-%dT%H:%M}", "place": "村委会"}
    refused = page.send(f"/sittings/{made['id']}", typed)
    assert refused.status_code == 422 and "写明为什么" in refused.text
    page.send(f"/sittings/{made['id']}", {**typed, "reason": "又回来了"})
    listed = mediator.get(f"/api/v1/cases/{case_id}/sittings").get_json()["items"]
    [now] = [one["sitting"] for one in listed if one["sitting"]["id"] == made["id"]]
    assert (now["starts_at"], now["place"], now["moved_because"]) == (made["starts_at"], "村委会", "又回来了")
    assert "改期：" in page.get(f"/cases/{case_id}").text
    mediator.post(f"/api/v1/sittings/{made['id']}/cancel")
    assert mediator.put(address, json=half).get_json()["code"] == "sitting-off"


@pytest.mark.parametrize("more", [{"minutes": 5}, {"place": " "}, {"starts_at": "2020-01-01T00:00:00Z"}])
def test_what_cannot_be_planned_is_refused(mediated: tuple[Browser, str], more: dict[str, Any]) -> None:
    mediator, case_id = mediated
    body = {"kind": "session", "starts_at": soon(200), "minutes": 60, "place": "村委会", **more}
    assert mediator.post(f"/api/v1/cases/{case_id}/sittings", json=body).get_json()["code"] == "sitting-unfit"


def test_a_kind_that_is_none_is_told_and_nothing_else_is_blamed(mediated: tuple[Browser, str]) -> None:
    mediator, case_id = mediated
    body = {"kind": "party", "starts_at": soon(), "minutes": 60, "place": "村委会"}
    [told] = mediator.post(f"/api/v1/cases/{case_id}/sittings", json=body).get_json()["errors"]
    assert (told["pointer"], "session" in told["detail"]) == ("/kind", True)


def test_the_signed_address_gives_the_calendar_until_a_new_one_is_made(mediated: tuple[Browser, str], app: Any) -> None:
    mediator, case_id = mediated
    planned(mediator, case_id, starts_at=soon(500), place="民主村，村委会；二楼")
    address = mediator.post("/api/v1/agenda/link").get_json()["address"]
    stranger = app.test_client()
    body = stranger.get(address).data.decode()
    number = mediator.get(f"/api/v1/cases/{case_id}").get_json()["number"]
    unfolded = body.replace("\r\n ", "")
    assert unfolded.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") and unfolded.endswith("END:VCALENDAR\r\n")
    assert number in unfolded and "示例" not in unfolded
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))
    tampered = address.replace(".ics", "A.ics")
    assert stranger.get(tampered).status_code == 404
    mediator.post("/api/v1/agenda/link")
    assert stranger.get(address).status_code == 404


@pytest.mark.parametrize(("kind", "name", "hours"), [("hearing", "听证通知书", 600), ("visit", "走访通知书", 620)])
def test_a_notice_of_a_hearing_or_visit_does_not_speak_of_mediation(
    mediated: tuple[Browser, str], signed_in: Any, kind: str, name: str, hours: int
) -> None:
    """信访工作条例 §31: whoever is called to a hearing is not told that mediation is free and may be refused."""
    mediator, case_id = mediated
    made = planned(mediator, case_id, starts_at=soon(hours), kind=kind)
    people = [one["id"] for one in mediator.get(f"/api/v1/cases/{case_id}/parties").get_json()["items"]]
    made = mediator.post(f"/api/v1/sittings/{made['id']}/invitations", json={"parties": people}).get_json()
    paper = signed_in("mediator").get(f"/cases/{case_id}/papers/{made['items'][0]['submission_id']}.pdf").data
    assert name in text_of(paper) and "调解" not in text_of(paper).replace("调解委员会", "")


def test_invitations_have_numbers_and_it_is_recorded_once_how_they_arrived(
    mediated: tuple[Browser, str], signed_in: Any
) -> None:
    mediator, case_id = mediated
    made = planned(mediator, case_id, starts_at=soon(30))
    people = [one["id"] for one in mediator.get(f"/api/v1/cases/{case_id}/parties").get_json()["items"]]
    address = f"/api/v1/sittings/{made['id']}/invitations"
    invited = mediator.post(address, json={"parties": people}).get_json()["items"]
    assert len(invited) == len(people) > 0
    assert mediator.post(address, json={"parties": people}).get_json()["code"] == "nobody-invited"
    page = signed_in("mediator").get(f"/sittings/{made['id']}").text
    assert len(set(re.findall(r"民主人调约〔\d{4}〕\d+号", page))) == len(people)
    paper = signed_in("mediator").get(f"/cases/{case_id}/papers/{invited[0]['submission_id']}.pdf").data
    assert "调解通知书" in text_of(paper) and "送达回证" in text_of(paper) and "村委会" in text_of(paper)
    service = f"/api/v1/invitations/{invited[0]['id']}/service"
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert mediator.post(service, json={"how": "face", "on": tomorrow}).get_json()["code"] == "service-unfit"
    assert mediator.post(service, json={"how": "face", "on": clock.today().isoformat()}).status_code == 200
    again = mediator.post(service, json={"how": "post", "on": clock.today().isoformat()})
    assert again.get_json()["code"] == "served-already"


def test_a_clause_is_agreed_when_both_sides_say_so_and_open_again_when_it_changes(
    mediated: tuple[Browser, str],
) -> None:
    mediator, case_id = mediated
    clause = proposed(mediator, case_id, words="李家退还一尺地")
    assert clause["state"] == "open"
    body = {"side": "applicant", "number": 1, "says": "agreed"}
    half = mediator.post(f"/api/v1/clauses/{clause['id']}/answers", json=body).get_json()["items"][0]
    assert half["state"] == "open"
    assert both_agree(mediator, clause)["state"] == "agreed"
    changed = mediator.put(f"/api/v1/clauses/{clause['id']}", json={"words": "李家退还八寸地", "by": "respondent"})
    now = changed.get_json()["items"][0]
    assert (now["state"], now["answers"]) == ("changed", {})
    assert [one["words"] for one in now["versions"]] == ["李家退还八寸地", "李家退还一尺地"]
    old = mediator.post(f"/api/v1/clauses/{clause['id']}/answers", json=body)
    assert old.get_json()["code"] == "clause-changed", "they were read another wording"
    assert both_agree(mediator, now)["state"] == "agreed"


def test_what_is_agreed_fills_in_the_agreement_and_its_instalments_become_reminders(
    mediated: tuple[Browser, str], system: System
) -> None:
    mediator, case_id = mediated
    first = clock.today() + timedelta(days=10)
    paid = proposed(
        mediator, case_id, words="李家赔偿损失", who="示例乙", amount="100.00", due_on=first.isoformat(), instalments=3,
        every="week",
    )  # fmt: skip
    both_agree(mediator, paid)
    both_agree(mediator, proposed(mediator, case_id, words="互不追究"))
    proposed(mediator, case_id, words="还在谈的事")
    do(mediator, case_id, "mediator", mediator=mediator.get("/api/v1/me").get_json()["id"])
    do(mediator, case_id, "rights")
    do(mediator, case_id, "session")
    task = task_of(mediator, case_id, "agreement")
    known = mediator.get(f"/api/v1/tasks/{task['id']}").get_json()["answers"]
    assert known["content"] == "示例乙：\n1、李家赔偿损失\n其他约定：\n2、互不追究", "each party's terms under its name"
    assert [(one["amount"], one["due_on"]) for one in known["obligations"]] == [
        ("33.33", first.isoformat()),
        ("33.33", (first + timedelta(weeks=1)).isoformat()),
        ("33.34", (first + timedelta(weeks=2)).isoformat()),
    ]
    given = {**answers("f11-agreement"), "content": known["content"], "obligations": known["obligations"]}
    done = mediator.post(f"/api/v1/tasks/{task['id']}/complete", json={"answers": given})
    assert done.status_code == 200, done.text
    performed = task_of(mediator, case_id, "perform")
    assert performed["due_at"].startswith((first).isoformat()[:7])


def test_notes_of_a_session_fill_in_its_record_and_the_package_prints_both(
    mediated: tuple[Browser, str], signed_in: Any
) -> None:
    mediator, case_id = mediated
    made = planned(mediator, case_id, starts_at=(clock.now() + timedelta(minutes=1)).isoformat())
    for side, words in (("applicant", "墙根是我家的"), ("respondent", "愿意退八寸")):
        mediator.post(f"/api/v1/sittings/{made['id']}/notes", json={"side": side, "words": words})
    both_agree(mediator, proposed(mediator, case_id, words="李家退还八寸地", who="示例乙", amount="12000.00"))
    do(mediator, case_id, "mediator", mediator=mediator.get("/api/v1/me").get_json()["id"])
    do(mediator, case_id, "rights")
    with clock.virtual(clock.now() + timedelta(hours=1)):
        task = task_of(mediator, case_id, "session")
        known = mediator.get(f"/api/v1/tasks/{task['id']}").get_json()["answers"]
        printed = signed_in("mediator").get(f"/cases/{case_id}/room/package.pdf")
        through_rest = mediator.get(f"/api/v1/cases/{case_id}/clauses/package.pdf")
    assert text_of(through_rest.data) == text_of(printed.data)
    assert known["statements"] == "申请人一方：墙根是我家的\n被申请人一方：愿意退八寸"
    assert known["place"] == "村委会"
    words = text_of(printed.data)
    assert "12,000.00元（大写：壹万贰仟元整）" in words
    assert "愿意退八寸" in words
    assert words.count("李家退还八寸地") >= 3, "a copy for each side and one for the file"


def test_the_package_taken_along_to_a_session_says_when_where_and_with_whom(mediated: tuple[Browser, str]) -> None:
    mediator, case_id = mediated
    at = (clock.now() + timedelta(days=3)).astimezone(clock.ZONE).replace(hour=9, minute=30)
    planned(mediator, case_id, starts_at=at.isoformat())
    record = text_of(mediator.get(f"/api/v1/cases/{case_id}/clauses/package.pdf").data).partition("人民调解协议书")[0]
    for known in (f"{at.year}年{at.month}月{at.day}日09:30", "村委会", "示例甲、示例乙", "房屋宅基地"):
        assert known in record, record


def test_a_hazard_has_no_clauses(system: System, report: Report) -> None:
    case_id = report({**LAND, "kind": "hazard"})["id"]
    county = system("county")
    refused = county.post(f"/api/v1/cases/{case_id}/clauses", json={"by": "mediator", "words": "三日内修好"})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "nothing-to-agree")
    assert county.get(f"/api/v1/cases/{case_id}/clauses/package.pdf").get_json()["code"] == "nothing-to-agree"


def test_the_room_is_for_mediators_of_the_case_alone(mediated: tuple[Browser, str], system: System) -> None:
    _, case_id = mediated
    assert system("grid").get(f"/api/v1/cases/{case_id}/clauses").get_json()["code"] == "not-for-your-role"
    assert system("police").get(f"/api/v1/cases/{case_id}/clauses").get_json()["code"] == "case-unknown"


def test_the_page_of_the_room_does_what_rest_does(mediated: tuple[Browser, str], signed_in: Any) -> None:
    mediator, case_id = mediated
    page, address = signed_in("mediator"), f"/cases/{case_id}/room"
    page.send(address, {"do": "propose", "words": "砍掉过界的树", "by": "respondent", "instalments": "1"})
    clause = mediator.get(f"/api/v1/cases/{case_id}/clauses").get_json()["items"][0]
    for side in ("applicant", "respondent"):
        page.send(address, {"do": "answer", "clause": clause["id"], "number": "1", "says": f"{side}:agreed"})
    assert mediator.get(f"/api/v1/cases/{case_id}/clauses").get_json()["items"][0]["state"] == "agreed"
    refused = page.send(address, {"do": "propose", "words": "", "by": "respondent"})
    assert refused.status_code == 422 and "写明约定的内容" in refused.text
    changed = {"do": "change", "clause": clause["id"], "words": "分五次付清", "by": "applicant", "instalments": "5"}
    refused = page.send(address, changed)
    there, _, new = refused.text.partition('id="new"')
    assert refused.status_code == 422 and "分五次付清" not in new, "it would become a second clause"
    opened = there[there.rindex("<details open>") :]
    assert "分五次付清</textarea>" in opened and '<option value="applicant" selected>' in opened


@pytest.mark.parametrize(
    ("first", "steps", "last"),
    [(date(2026, 1, 31), 2, date(2026, 2, 28)), (date(2027, 12, 31), 3, date(2028, 2, 29))],
)
def test_a_month_without_the_day_pays_on_its_last_one(first: date, steps: int, last: date) -> None:
    from decimal import Decimal

    plan = room.instalments(Terms("", amount=Decimal("100"), due_on=first, instalments=steps))
    assert plan[-1][0] == last
    assert sum(amount for _, amount in plan if amount is not None) == 100


def test_the_invitation_is_a_paper_of_the_file() -> None:
    assert catalogue()["f-invitation"].letter
    assert papers.catalogue()["f-invitation"].need == "may"


def test_the_room_shows_each_party_what_it_is_to_keep(mediated: tuple[Browser, str], signed_in: Any) -> None:
    mediator, case_id = mediated
    for words, who in (
        ("李家退还八寸地", "示例乙"),
        ("互不追究", ""),
        ("张家让出通道", "示例甲"),
        ("李家修墙", "示例乙"),
    ):
        proposed(mediator, case_id, words=words, who=who)
    page = signed_in("mediator").get(f"/cases/{case_id}/room").text
    heads = re.findall(r'<h2 id="party-\d+">([^<]*?) ?<', page)
    clauses = re.findall(r'<h3>(\d)\. <span lang="zh-CN">([^<]*)<', page)
    assert [head.strip() for head in heads] == ["示例甲", "示例乙", "其他约定"]
    assert clauses == [("1", "张家让出通道"), ("2", "李家退还八寸地"), ("3", "李家修墙"), ("4", "互不追究")]


def test_the_deadlines_of_the_steps_ahead_are_told_before_they_begin(
    system: System, signed_in: Any, report: Report
) -> None:
    duty, _, case_id = at_triage(system, report)
    do(duty, case_id, "triage")
    do(duty, case_id, "confirm")
    mediator = system("mediator")
    do(mediator, case_id, "consent")
    before = mediator.get(f"/api/v1/cases/{case_id}/deadlines").get_json()
    assert "pm.soft" in [one["key"] for one in before["coming"]]
    assert "调解一般期限" in signed_in("mediator").get(f"/cases/{case_id}").text.split('id="coming"')[1]
    do(mediator, case_id, "register")
    after = mediator.get(f"/api/v1/cases/{case_id}/deadlines").get_json()
    assert [(one["key"], one["state"]) for one in after["items"]] == [("pm.soft", "running")]
    assert "pm.soft" not in [one["key"] for one in after["coming"]], "it has begun"


def test_amounts_are_read_in_groups_of_three(mediated: tuple[Browser, str], signed_in: Any) -> None:
    mediator, case_id = mediated
    for amount in ("1234567.00", "12000.50"):
        proposed(mediator, case_id, words="李家赔偿损失", who="示例乙", amount=amount)
    for language, yuan in (("zh", "元"), ("en", "yuan")):
        page = signed_in("mediator").get(f"/cases/{case_id}/room?locale={language}").text
        assert all(re.search(rf">{amount} ?{yuan}<", page) for amount in ("1,234,567", "12,000.50")), language
