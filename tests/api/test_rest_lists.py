"""Lists in pages: every item once, in whatever way a client writes the cursor into an address."""

from typing import Any

import pytest

from tests.api.conftest import Browser
from tests.api.steps import Report, System, do_all
from tests.factories import ROCK


def walked(someone: Browser, address: str) -> list[dict[str, Any]]:
    """Every item of a list, two at a time; the cursor is put into the address as it stands in the body."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = someone.get(f"/api/v1/{address}?limit=2&cursor={cursor}").get_json()
        found += page["items"]
        assert len(found) < 1000, "the list begins again and again"
        cursor = page["next"]
    return found


def test_my_work_page_by_page(system: System, report: Report) -> None:
    made = {report()["id"] for _ in range(5)}
    duty = system("duty")
    ids = [one["task"]["id"] for one in walked(duty, "tasks")]
    assert len(ids) == len(set(ids))
    assert made <= {one["case"]["id"] for one in walked(duty, "tasks")}


def test_the_ledger_page_by_page(system: System, report: Report) -> None:
    made = {report()["id"] for _ in range(5)}
    ids = [one["id"] for one in walked(system("duty"), "ledger")]
    assert len(ids) == len(set(ids)) and made <= set(ids)


def test_the_next_page_stands_in_the_link_header(system: System, report: Report) -> None:
    for _ in range(3):
        report()
    duty = system("duty")
    first = duty.get("/api/v1/tasks?limit=2&view=group")
    address, _, relation = first.headers["Link"].partition(">; ")
    assert relation == 'rel="next"'
    following = duty.get(address.removeprefix("<")).get_json()["items"]
    assert following
    assert not {one["task"]["id"] for one in following} & {one["task"]["id"] for one in first.get_json()["items"]}


@pytest.mark.parametrize("address", ["tasks?cursor=nonsense", "tasks?cursor=1~2026-11-23~x", "ledger?cursor=nonsense"])
def test_a_cursor_that_is_none_is_refused(system: System, library: None, address: str) -> None:
    refused = system("duty").get(f"/api/v1/{address}")
    assert refused.status_code == 422, refused.text


@pytest.mark.parametrize(
    ("address", "parameter"),
    [("tasks?view=every", "view"), ("tasks?limit=0", "limit"), ("tasks?limit=101", "limit")],
)
def test_a_query_of_another_shape_is_refused(system: System, library: None, address: str, parameter: str) -> None:
    refused = system("duty").get(f"/api/v1/{address}")
    assert refused.status_code == 422
    assert [one["parameter"] for one in refused.get_json()["errors"]] == [parameter]


def test_the_views_of_my_work(system: System, report: Report) -> None:
    case_id = report()["id"]
    duty, other = system("duty"), system("duty2")

    def views(someone: Browser) -> set[str]:
        lists = ("all", "mine", "group", "due", "overdue")
        return {view for view in lists if case_id in {one["case"]["id"] for one in _all(someone, view)}}

    assert "group" in views(duty) and "mine" not in views(duty)
    task = next(one["task"] for one in _all(duty, "group") if one["case"]["id"] == case_id)
    duty.post(f"/api/v1/tasks/{task['id']}/claim")
    assert {"all", "mine"} <= views(duty) and "group" not in views(duty)
    assert views(other) == set()


def test_what_is_red_comes_first_then_what_is_due_soonest(system: System, report: Report) -> None:
    ordinary, red = report()["id"], report(ROCK)["id"]
    do_all()
    found = [(one["case"]["id"], one["task"]["due_at"]) for one in _all(system("duty"), "all")]
    order = [case_id for case_id, _ in found]
    assert order.index(red) < order.index(ordinary)
    calm = [due for case_id, due in found if case_id != red]
    assert calm == sorted(calm)


def _all(someone: Browser, view: str) -> list[dict[str, Any]]:
    page: dict[str, Any] = someone.get(f"/api/v1/tasks?limit=100&view={view}").get_json()
    assert page["next"] is None
    items: list[dict[str, Any]] = page["items"]
    return items
