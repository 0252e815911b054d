"""My work: filters in the address, the due day with its article, why a list is empty, what has changed meanwhile."""

import json
import re
from html import unescape
from typing import Any

import pytest

from tests.api.conftest import Browser
from tests.api.steps import Report, System, at_triage, do, do_all, task_of
from tests.factories import ROCK
from tests.statements import counted


def numbers(someone: Browser, query: str) -> list[str]:
    """The numbers of the cases in somebody's work, as the page lists them."""
    return re.findall(r'<span class="number">(ZP-[\d-]+)</span>', someone.get(f"/work?{query}").text)


def tasks(someone: Browser, query: str) -> list[dict[str, Any]]:
    """The same through REST."""
    items: list[dict[str, Any]] = someone.get(f"/api/v1/tasks?limit=100&{query}").get_json()["items"]
    return items


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("kind=hazard", lambda one: one["case"]["kind"] == "hazard"),
        ("words=石头", lambda one: "石头" in one["case"]["words"]),
        ("place=610927/610927103/610927103207", lambda one: one["case"]["division"].endswith("610927103207")),
        ("due=none", lambda one: one["due"] is None),
    ],
)
def test_filters_let_through_what_fits_and_nothing_else(system: System, report: Report, query: str, fits: Any) -> None:
    report()
    report(ROCK)
    do_all()
    duty = system("grid")
    everything, found = tasks(duty, ""), tasks(duty, query)
    assert [one["task"]["id"] for one in everything if fits(one)] == [one["task"]["id"] for one in found]


def test_the_page_lists_what_rest_lists(signed_in: Any, system: System, report: Report) -> None:
    report()
    do_all()
    for query in ("", "sort=newest", "sort=oldest", "sort=due", "words=占了"):
        assert numbers(signed_in("duty"), query) == [one["case"]["number"] for one in tasks(system("duty"), query)][:25]


def test_newest_first_is_oldest_first_from_behind(system: System, report: Report) -> None:
    for _ in range(3):
        report()
    do_all()
    oldest, newest = tasks(system("duty"), "sort=oldest"), tasks(system("duty"), "sort=newest")
    assert [one["task"]["id"] for one in oldest] == [one["task"]["id"] for one in reversed(newest)]


@pytest.mark.parametrize("sort", ["urgent", "due", "oldest", "newest"])
def test_every_order_goes_on_where_the_page_before_ended(system: System, report: Report, sort: str) -> None:
    for _ in range(5):
        report()
    do_all()
    duty = system("duty")
    found, cursor = [], ""
    while cursor is not None:
        part = duty.get(f"/api/v1/tasks?sort={sort}&limit=2&cursor={cursor}").get_json()
        found += [one["task"]["id"] for one in part["items"]]
        cursor = part["next"]
    assert found == [one["task"]["id"] for one in tasks(duty, f"sort={sort}")]


def test_a_case_under_a_deadline_of_the_law_says_when_and_by_which_article(
    signed_in: Any, system: System, report: Report
) -> None:
    duty, _, case_id = at_triage(system, report)
    do(duty, case_id, "triage")
    do(duty, case_id, "confirm")
    mediator = system("mediator")
    do(mediator, case_id, "consent")
    do(mediator, case_id, "register")
    listed = next(one for one in tasks(mediator, "") if one["case"]["id"] == case_id)
    assert listed["due"]["law"].startswith("人民调解工作若干规定 §33")
    assert listed["due"]["law"] in signed_in("mediator").get("/work").text
    step = signed_in("mediator").get(f"/tasks/{listed['task']['id']}").text.partition("<h1")[2]
    assert f">{listed['due']['name']}</span>" in step, "whose time it is, in words"


def test_an_empty_list_says_who_one_is_and_what_the_filters_hide(signed_in: Any, report: Report) -> None:
    report()
    do_all()
    page = signed_in("duty").get("/work?words=没有这样的话").text
    assert "钟宝镇的镇综治中心值班" in page
    assert re.search(r"筛选条件挡住了 \d+ 件", page)
    assert "没有任何角色" not in page


def test_a_filter_that_is_none_is_refused(system: System, library: None) -> None:
    assert system("duty").get("/api/v1/tasks?due=someday").get_json()["code"] == "work-filter-invalid"


def test_asking_again_whether_something_changed_costs_two_statements(system: System, report: Report) -> None:
    report()
    do_all()
    duty = system("duty")
    first = duty.get("/api/v1/tasks/changes?view=all")
    with counted() as sent:
        again = duty.get("/api/v1/tasks/changes?view=all", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert len(sent) == 2, sent


def test_what_is_new_and_what_was_taken_on_shows_in_the_versions(
    signed_in: Any, system: System, report: Report
) -> None:
    duty, task, _ = at_triage(system, report)
    page = unescape(signed_in("duty").get("/work").text)
    found = re.search(r'data-known="(\{.*?\})"', page)
    assert found
    known = json.loads(found[1])
    assert duty.post(f"/api/v1/tasks/{task['id']}/claim").status_code == 200
    second = report()["id"]
    new = task_of(duty, second, "triage")["id"]
    now = duty.get("/api/v1/tasks/changes").get_json()["versions"]
    assert new in now and new not in known
    assert now[task["id"]] != known[task["id"]]


def test_the_search_page_marks_what_rest_finds(signed_in: Any, system: System, report: Report) -> None:
    number = report(
        {"what": "祠堂门前的<b>界石</b>被挪了", "where": "民主村", "urgency": "ordinary", "kind": "dispute"}
    )["number"]
    page = signed_in("duty").get("/search?q=界石").text
    assert f">{number}</a>" in page
    assert "&lt;b&gt;<mark>界石</mark>&lt;/b&gt;" in page
    found = system("duty").get("/api/v1/search?q=界石").get_json()["items"]
    assert number in {one["case"]["number"] for one in found}
    assert system("police").get("/api/v1/search?q=界石").get_json()["items"] == []


def test_a_case_says_for_whom_it_waits_and_since_when(signed_in: Any, system: System, report: Report) -> None:
    duty, task, case_id = at_triage(system, report)
    page = signed_in("duty")
    assert "在等镇综治中心值班的人认领“研判：勾选事实”，今天开始" in page.get(f"/cases/{case_id}").text
    duty.post(f"/api/v1/tasks/{task['id']}/claim")
    assert "在等示例值班员·钟宝镇办“研判：勾选事实”" in page.get(f"/cases/{case_id}").text
    [why] = duty.get(f"/api/v1/cases/{case_id}/waiting").get_json()["items"]
    assert (why["kind"], why["element_id"], why["person"]) == ("person", "triage", "示例值班员·钟宝镇")


def test_a_report_is_told_of_earlier_matters_of_the_same_phone(signed_in: Any, report: Report) -> None:
    words = {"where": "民主村", "urgency": "ordinary", "kind": "dispute", "reporter_phone": "0915-3300456"}
    first = report({"what": "去年就说过的水渠", **words})["number"]
    answer = signed_in("grid").send("/report", {"what": "水渠又被堵了", **words})
    assert first in answer.text and "同一电话" in answer.text
