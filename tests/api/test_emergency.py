"""A case opened in an emergency, on pages and through REST: read by number, told to its people, gone when it ends."""

import re

from werkzeug.test import TestResponse

from tests.api.conftest import Browser
from tests.api.steps import Report, System, do
from tests.api.test_people_of_cases import SomeoneSigned

REASON = "示例：院墙要塌，屋里有人"


def addresses(case_id: str) -> list[str]:
    return [f"/api/v1/cases/{case_id}{part}" for part in ("", "/timeline", "/file", "/parties")]


def ended(somebody: Browser, address: str) -> TestResponse:
    return somebody.client.delete(address, headers=somebody.headers)


def told(somebody: Browser) -> list[str]:
    return [one["kind"] for one in somebody.get("/api/v1/notifications").get_json()["items"]]


def test_an_officer_reads_it_by_its_number_and_nothing_more(
    report: Report, system: System, signed_in: SomeoneSigned
) -> None:
    made = report()
    case_id, number = made["id"], made["number"]
    do(system("duty"), case_id, "triage")
    hazards, county = system("hazard"), system("county")
    assert {hazards.get(one).status_code for one in addresses(case_id)} == {404}
    opened = hazards.post("/api/v1/emergency-looks", json={"number": number, "reason": REASON})
    assert opened.status_code == 201, opened.text
    assert {hazards.get(one).status_code for one in addresses(case_id)} == {200}
    assert hazards.post(f"/api/v1/cases/{case_id}/notes", json={"words": "示例"}).status_code == 404
    assert hazards.post(f"/api/v1/cases/{case_id}/withdrawal").status_code == 404
    assert hazards.get(f"/api/v1/ledger?words={number}").get_json()["items"] == []
    assert told(county).count("emergency") == 1
    page = signed_in("hazard").get(f"/cases/{case_id}")
    assert page.status_code == 200
    assert not re.search(r'<form[^>]*action="/cases/', page.text)
    assert "紧急查看" in county.get(f"/cases/{case_id}", headers={"Accept-Language": "zh"}).text
    listed = [one for one in county.get("/api/v1/emergency-looks").get_json()["items"] if one["number"] == number]
    assert [(one["look"]["reason"], one["runs"], one["times"]) for one in listed] == [(REASON, True, 5)]
    address = f"/api/v1/emergency-looks/{opened.get_json()['id']}"
    assert ended(system("police"), address).status_code == 404
    assert ended(county, address).status_code == 200
    assert {hazards.get(one).status_code for one in addresses(case_id)} == {404}


def test_the_page_opens_it_and_says_who_may_not(report: Report, signed_in: SomeoneSigned) -> None:
    made = report()
    hazards, county = signed_in("hazard"), signed_in("county")
    refused = hazards.send("/emergency", {"number": made["number"], "reason": " "})
    assert refused.status_code == 422
    assert made["number"] in refused.text
    opened = hazards.send("/emergency", {"number": made["number"], "reason": REASON})
    assert opened.status_code == 303
    assert made["id"] in opened.headers["Location"]
    assert REASON in county.get("/emergency").text
    for nobody in ("grid", "mediator", "leader", "admin"):
        assert signed_in(nobody).get("/emergency").status_code == 403
