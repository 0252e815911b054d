"""The mediation supermarket on pages: anybody looks and takes a number, the desk calls it."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from engine import clock
from tests.api.conftest import Browser
from tests.api.steps import Report, System, do

SomeoneSigned = Callable[[str], Browser]


def test_a_villager_looks_takes_a_number_and_is_called(app: Flask, library: None, signed_in: SomeoneSigned) -> None:
    villager = Browser(app.test_client(), {"Accept-Language": "zh"})
    page = villager.get("/mediators")
    assert page.status_code == 200
    assert "人民调解：不收费。" in page.text
    assert "商事调解：可以收费" in page.text
    assert "四川话" in villager.get("/mediators?language=四川话").text
    names = re.findall(r'href="(/mediators/[0-9a-f-]{36}/visit)">([^<]+)', page.text)
    visit = next(address for address, name in names if "无忧" in name)
    assert villager.send(visit, {"name": "", "day": ""}).status_code == 422
    other = villager.send(visit, {"name": "示例甲", "matter": "占地", "day": "2026-11-30", "do": "look"})
    assert 'value="示例甲"' in other.text and ">占地</textarea>" in other.text, "another day loses nothing typed"
    wish = re.search(r'<option value="([0-9a-f-]{36})">([^<]+) · 在办\d+件', other.text)
    assert wish, "who is there that day, with their open cases"
    booked = villager.send(visit, {"name": "示例甲", "matter": "占地", "mediator": wish[1]})
    assert "您的号码：1" in booked.text
    desk = signed_in("supermarket")
    waiting = desk.get("/queue", headers={"Accept-Language": "zh"}).text
    assert "示例甲" in waiting and f"想找：{wish[2]}" in waiting
    one = re.search(r'name="visit" value="([0-9a-f-]{36})"', waiting)
    assert one
    assert desk.send("/queue", {"visit": one[1], "state": "called"}).status_code == 303
    assert "已叫号" in desk.get("/queue", headers={"Accept-Language": "zh"}).text
    assert "示例甲" not in signed_in("mediator").get("/queue").text
    screen = villager.get(visit.replace("visit", "screen")).text
    assert re.search(r'class="code">1<', screen) and "示例甲" not in screen


def test_rest_gives_the_directory_and_books(library: None, system: System, app: Flask) -> None:
    found = app.test_client().get("/api/v1/mediators").get_json()
    assert {one["fee"] for one in found["bodies"]} == {"free", "charged"}
    market = next(one["id"] for one in found["bodies"] if one["kind"] == "supermarket")
    there = app.test_client().get(f"/api/v1/bodies/{market}/times").get_json()["mediators"]
    wish = {"name": "示例乙", "mediator": there[0]["id"]}
    made = app.test_client().post(f"/api/v1/bodies/{market}/visits", json=wish)
    assert made.status_code == 201 and made.get_json()["visit"]["mediator"] == there[0]["id"]
    nobody = app.test_client().post(f"/api/v1/bodies/{market}/visits", json={**wish, "mediator": market})
    assert (nobody.status_code, nobody.get_json()["code"]) == (422, "mediator-away")
    address = f"/api/v1/queue/{made.get_json()['visit']['id']}"
    assert system("grid").post(address, json={"state": "called"}).status_code == 403
    assert system("supermarket").post(address, json={"state": "called"}).get_json()["state"] == "called"
    assert system("supermarket").post(address, json={"state": "cancelled"}).status_code == 409
    called = app.test_client().get(f"/api/v1/bodies/{market}/called").get_json()
    assert made.get_json()["visit"]["number"] in called["called"]
    again = app.test_client().post(f"/api/v1/bodies/{market}/visits", json={"name": "示例丙"}).get_json()
    cancelled = app.test_client().post("/api/v1/visits/cancel", json={"code": again["code"]})
    assert cancelled.get_json()["state"] == "cancelled"
    for query, some in (
        ("speciality=D09", True),
        ("speciality=D15", False),
        ("words=无忧", True),
        ("words=没有", False),
    ):
        assert bool(app.test_client().get(f"/api/v1/mediators?{query}").get_json()["mediators"]) is some, query


def test_no_time_is_offered_on_a_day_off_and_the_reason_is_said(library: None, app: Flask) -> None:
    visitor = Browser(app.test_client(), {"Accept-Language": "en"})
    found = visitor.get("/api/v1/mediators").get_json()
    market = next(one["id"] for one in found["bodies"] if one["kind"] == "supermarket")
    sunday = next(day for day in (clock.today() + timedelta(days=n) for n in range(1, 9)) if day.weekday() == 6)
    assert visitor.get(f"/api/v1/bodies/{market}/times?day={sunday}").get_json()["times"] == []
    refused = visitor.post(f"/api/v1/bodies/{market}/visits", json={"name": "x", "day": f"{sunday}", "slot": "09:00"})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "day-off")
    assert "closed on that day" in visitor.get(f"/mediators/{market}/visit?day={sunday}").text
    typed = {"name": "示例丁", "day": f"{sunday}", "slot": "09:00"}
    page = visitor.send(f"/mediators/{market}/visit", typed)
    assert page.status_code == 422 and 'value="示例丁"' in page.text


def test_a_day_with_numbers_alone_is_not_free_in_the_calendar(
    library: None, app: Flask, signed_in: SomeoneSigned
) -> None:
    found = app.test_client().get("/api/v1/mediators").get_json()
    town = next(one["id"] for one in found["bodies"] if one["kind"] == "town_committee")
    desk = signed_in("town")
    assert app.test_client().post(f"/api/v1/bodies/{town}/visits", json={"name": "示例戊"}).status_code == 201
    today = desk.get("/agenda", headers={"Accept-Language": "en"}).text.partition('<li class="today">')[2]
    today = today.partition("</li>")[0]
    assert "with a number" in today and "free" not in today
    assert "示例戊" in desk.get(f"/queue?day={clock.today()}").text
    assert "示例戊" not in desk.get(f"/queue?day={clock.today() + timedelta(days=1)}").text


def test_a_mediator_declares_and_is_refused_and_prints_for_outside(
    report: Report, system: System, signed_in: SomeoneSigned
) -> None:
    mediator = signed_in("mediator2")
    assert mediator.send("/mediators/declared", {"kind": "kin", "name": "示例甲", "phone": ""}).status_code == 303
    assert "示例甲" in mediator.get("/mediators/declared").text
    assert "示例甲" not in signed_in("mediator").get("/mediators/declared").text
    assert mediator.send("/mediators/declared", {"kind": "club", "name": "x"}).status_code == 422
    given = {"kind": "kin", "name": "示例己", "phone": "1"}
    mine = system("mediator2").post("/api/v1/mediators/declared", json=given).get_json()
    other, address = system("mediator"), f"/api/v1/mediators/declared/{mine['id']}"
    assert other.client.delete(address, headers=other.headers).status_code == 404
    assert mediator.send("/mediators/declared", {"do": "remove", "declared": mine["id"]}).status_code == 303
    assert "示例己" not in mediator.get("/mediators/declared").text
    case_id = report()["id"]
    duty, handler = system("duty"), system("mediator")
    do(duty, case_id, "triage")
    do(duty, case_id, "confirm")
    do(handler, case_id, "consent")
    do(handler, case_id, "register")
    from tests.api.steps import task_of

    task = task_of(handler, case_id, "mediator")
    mediators = system("mediator2").get("/api/v1/me").get_json()["id"]
    answers = {"how": "chosen", "recusal": "none", "mediator": mediators}
    refused = handler.post(f"/api/v1/tasks/{task['id']}/complete", json={"answers": answers})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "conflict-of-interest")
    second = {**answers, "mediator": handler.get("/api/v1/me").get_json()["id"], "joint": [{"mediator": mediators}]}
    refused = handler.post(f"/api/v1/tasks/{task['id']}/complete", json={"answers": second})
    assert "示例调解员·民主村二" in refused.get_json()["detail"], "of several, the one is named"
    given = {"division": "610927103207", "kind": "doctor", "name": "示例村医"}
    partner = handler.post("/api/v1/partners", json=given).get_json()["id"]
    page = signed_in("mediator").get(f"/tasks/{task['id']}").text
    assert '<option value="示例村医">' in page, "whom the grid can ask in is proposed"
    added = signed_in("mediator").send(f"/tasks/{task['id']}", {"_action": "add:helpers"})
    assert 'list="partners"' in added.text
    duty_id = duty.get("/api/v1/me").get_json()["id"]
    colleague = duty.post("/api/v1/partners", json={"division": "610927103207", "kind": "judge", "account": duty_id})
    page = signed_in("mediator").get(f"/tasks/{task['id']}", headers={"Accept-Language": "zh"}).text
    assert re.search(rf'name="person" value="{duty_id}"> [^<]+ · 法官<', page), "and marked among who is asked to agree"
    colleague_id = colleague.get_json()["id"]
    assert handler.client.delete(f"/api/v1/partners/{colleague_id}", headers=handler.headers).status_code == 204
    assert handler.client.delete(f"/api/v1/partners/{partner}", headers=handler.headers).status_code == 204
    package = signed_in("mediator").get(f"/cases/{case_id}/package.pdf")
    assert package.data.startswith(b"%PDF-")
    assert signed_in("grid").get(f"/cases/{case_id}/package.pdf").status_code == 403
