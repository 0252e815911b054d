"""The people of a case, sealing and what must not be on file, on pages and through REST."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from engine import clock, db
from engine.cases.models import Case
from engine.casework.parties import own_data_pdf
from tests.api.conftest import Browser, token_in
from tests.api.steps import Report, System, do, task_of
from tests.factories import answers

NUMBER, MASKED = "610927188506123017", "610927********3017"
SomeoneSigned = Callable[[str], Browser]


@pytest.fixture
def case_id(report: Report) -> str:
    """A fresh report in Minzhu village."""
    return str(report()["id"])


def person(**more: Any) -> dict[str, Any]:
    return {"role": "applicant", "kind": "person", "name": "示例甲", **more}


def test_a_person_is_added_masked_and_shown_in_full_for_a_reason(case_id: str, signed_in: SomeoneSigned) -> None:
    duty = signed_in("duty")
    added = duty.send(f"/cases/{case_id}/parties/new", person(id_number=NUMBER))
    assert added.status_code == 303, added.text
    page = duty.get(f"/cases/{case_id}").text
    assert MASKED in page
    assert NUMBER not in page
    address = re.search(rf"/cases/{case_id}/parties/([0-9a-f-]{{36}})", page)
    assert address
    one = address[0]
    assert NUMBER not in duty.get(one).text
    assert duty.send(one, {"reason": ""}, to=f"{one}/number").status_code == 422
    assert NUMBER in duty.send(one, {"reason": "service"}, to=f"{one}/number").text
    assert "查看了完整身份号码" in duty.get(f"/cases/{case_id}", headers={"Accept-Language": "zh"}).text
    own = duty.send(one, {}, to=f"{one}/own-data").get_json()
    assert own["person"]["id_number"] == NUMBER
    assert duty.send(one, {"as": "pdf"}, to=f"{one}/own-data").data.startswith(b"%PDF-")
    found = duty.send("/people/find", {"number": NUMBER})
    assert case_id in found.text
    assert duty.send("/people/find", {"number": "123"}).text.count("alert")


def test_words_that_must_not_be_on_file_need_a_reason(case_id: str, signed_in: SomeoneSigned) -> None:
    duty = signed_in("duty")
    page = f"/cases/{case_id}"
    refused = duty.send(page, {"words": "他有前科"}, to=f"{page}/notes")
    assert refused.status_code == 422
    assert "他有前科" in refused.text, "what was typed is still there"
    assert "keep_words" in refused.text
    assert duty.send(page, {"words": "他有前科", "keep_words": "because"}, to=f"{page}/notes").status_code == 422
    kept = duty.send(page, {"words": "他有前科", "keep_words": "harmless"}, to=f"{page}/notes")
    assert kept.status_code == 303


def test_a_step_is_refused_at_the_field_until_the_words_go(case_id: str, system: System) -> None:
    duty = system("duty")
    do(duty, case_id, "triage")
    do(duty, case_id, "confirm")
    mediator = system("mediator")
    task = task_of(mediator, case_id, "consent")
    answers = {
        "answers": [
            {"side": "applicant", "name": "示例甲", "answer": "yes", "how": "face", "said": "对方吸毒"},
            {"side": "respondent", "name": "示例乙", "answer": "yes", "how": "phone"},
        ],
        "consent": "both",
    }
    address = f"/api/v1/tasks/{task['id']}/complete"
    refused = mediator.post(address, json={"answers": answers})
    assert refused.status_code == 422
    assert [(one["pointer"], one["code"]) for one in refused.get_json()["errors"]] == [
        ("/answers/answers/0/said", "blocked-fact")
    ]
    assert mediator.post(address, json={"answers": answers, "keep_words": "subject"}).status_code == 200
    history = mediator.get(f"/api/v1/cases/{case_id}/timeline").get_json()["items"]
    kept = [one["data"] for one in history if one["kind"] == "case.blocked_words_kept"]
    assert kept == [{"facts": ["drugs"], "ground": "subject"}]


def test_a_sealed_case_is_gone_and_two_bring_it_back(case_id: str, system: System, signed_in: SomeoneSigned) -> None:
    duty, first, second = system("duty"), system("county"), system("county2")
    number = duty.get(f"/api/v1/cases/{case_id}").get_json()["number"]
    assert duty.post(f"/api/v1/cases/{case_id}/seal").status_code == 200
    assert duty.get(f"/api/v1/cases/{case_id}").status_code == 404
    assert first.get(f"/api/v1/ledger?words={number}").get_json()["items"] == []
    assert number in signed_in("county").get("/sealed").text
    wish = f"/api/v1/cases/{case_id}/unsealing"
    assert first.post(wish, json={"reason": "误封"}).status_code == 204
    assert first.post(f"{wish}/agreement").status_code == 403
    assert second.post(f"{wish}/agreement").status_code == 200
    assert duty.get(f"/api/v1/cases/{case_id}").status_code == 200
    views = first.get(f"/api/v1/cases/{case_id}/timeline").get_json()["items"]
    assert "case.unsealed" in {one["kind"] for one in views}


def test_numbers_are_masked_on_file_and_in_drafts_for_nobody_else(case_id: str, system: System) -> None:
    duty = system("duty")
    added = duty.post(f"/api/v1/cases/{case_id}/parties", json={"answers": person(id_number=NUMBER)})
    assert added.status_code == 201, added.text
    assert NUMBER not in added.text
    party = added.get_json()["id"]
    people = duty.get(f"/api/v1/cases/{case_id}/parties").get_json()
    assert people["numbers"] == {party: MASKED}
    changed = duty.put(f"/api/v1/cases/{case_id}/parties/{party}", json={"answers": person(name="示例丙")})
    assert changed.get_json()["name"] == "示例丙"
    address = f"/api/v1/cases/{case_id}/parties/{party}/number"
    assert duty.post(address, json={"reason": "service"}).get_json() == {"number": NUMBER}
    assert duty.post(address, json={"reason": "curiosity"}).status_code == 422
    assert system("grid").post(address, json={"reason": "service"}).status_code == 403


def test_a_file_whose_time_is_up_is_found_and_erased_by_those_who_keep_it(case_id: str, system: System) -> None:
    """个人信息保护法 §47, through REST as on the page: not before its time, not by others, and once."""
    keeper, leader, address = system("county"), system("leader"), f"/api/v1/cases/{case_id}/erasure"
    assert keeper.post(address).get_json()["code"] == "not-due"
    with db.transaction() as session:
        case = session.get_one(Case, UUID(case_id))
        case.outcome, case.closed_at = "guided", clock.now() - timedelta(days=6 * 366)
    assert (leader.get("/api/v1/retention").status_code, leader.post(address).status_code) == (403, 404)
    due = keeper.get("/api/v1/retention").get_json()["items"]
    assert [(one["rule"], one["years"]) for one in due if one["case"] == case_id] == [("other", 5)]
    assert keeper.post(address).get_json()["words"] == "（保管期满，已删除）"
    assert case_id not in [one["case"] for one in keeper.get("/api/v1/retention").get_json()["items"]]


def test_retention_is_for_those_who_keep_files(signed_in: SomeoneSigned, library: None) -> None:
    assert signed_in("county").get("/retention").status_code == 200
    assert signed_in("leader").get("/retention").status_code == 403
    assert signed_in("duty").get("/sealed").status_code == 403
    assert token_in(signed_in("duty").get("/people/find"))


@pytest.mark.parametrize(
    ("page", "field"),
    [("/retention", "case"), ("/rosters", "shift"), ("/callbacks", "callback"), ("/queue", "visit")],
)
def test_an_id_that_is_none_is_a_request_that_cannot_be_read(
    library: None, signed_in: Callable[[str], Browser], page: str, field: str
) -> None:
    sent = {field: "x", "volunteer": "x", "state": "called", "solved": "yes"}
    assert signed_in("duty" if page != "/retention" else "county").send(page, sent).status_code == 400


def test_consent_is_given_and_taken_back_and_then_nothing_is_agreed(report: Report, system: System) -> None:
    """个人信息保护法 §§13, 15: a mediation committee has no ground but consent."""
    case_id = str(report()["id"])
    do(system("duty"), case_id, "triage")
    do(system("duty"), case_id, "confirm")
    mediator = system("mediator")
    for element in ("consent", "register"):
        do(mediator, case_id, element)
    do(mediator, case_id, "mediator", mediator=mediator.get("/api/v1/me").get_json()["id"])
    for element in ("rights", "session"):
        do(mediator, case_id, element)
    people = mediator.get(f"/api/v1/cases/{case_id}/parties").get_json()["items"]
    side = next(one["id"] for one in people if one["role"] == "respondent")
    address = f"/api/v1/cases/{case_id}/parties/{side}/consents"
    assert mediator.put(f"{address}/sale").get_json()["code"] == "purpose-unknown"
    taken_back = mediator.client.delete(f"{address}/mediation", headers=mediator.headers).get_json()["items"]
    assert [one["given_for"] for one in taken_back if one["withdrawn_at"]] == ["mediation"]
    task = task_of(mediator, case_id, "agreement")
    answer = {"answers": answers(task["form_key"])}
    refused = mediator.post(f"/api/v1/tasks/{task['id']}/complete", json=answer)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "consent-withdrawn")
    page = mediator.get(f"/cases/{case_id}", headers={**mediator.headers, "Accept-Language": "zh"})
    assert page.status_code != 200 or "撤回了将个人信息用于调解的同意" in page.text
    assert mediator.put(f"{address}/mediation").status_code == 200
    assert mediator.post(f"/api/v1/tasks/{task['id']}/complete", json=answer).status_code == 200


def test_the_copy_of_one_s_own_data_is_in_words_and_names_nobody_else(case_id: str, system: System) -> None:
    """个人信息保护法 §45."""
    duty = system("duty")
    people = f"/api/v1/cases/{case_id}/parties"
    child = duty.post(people, json={"answers": person(name="示例小孩", birth_date="2016-01-02")}).get_json()["id"]
    given = person(role="guardian", name="示例母亲", acts_for=child, id_number="E12345678")
    mother = duty.post(people, json={"answers": given}).get_json()["id"]
    duty.put(f"{people}/{mother}/consents/minor")
    own = duty.post(f"{people}/{mother}/own-data").get_json()
    assert own["person"]["id_number"] == "E12345678"
    assert "acts_for" not in own["person"]
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(own_data_pdf(own))).pages).replace("\n", "")
    for words in ("示例母亲", "监护人", "个人", "证件号码", "E12345678", "十四岁以下儿童的信息", "口头", "研判中"):
        assert words in text
    assert not [code for code in ("guardian", "person", "minor", "told", "示例小孩") if code in text]
