"""Boards on pages, as files and through REST: the same numbers everywhere, for those who answer for a division."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from api import county_map
from engine import clock, db
from engine.cases.models import Case
from engine.events import Event
from engine.ledger.board import NOW
from engine.territory.models import Division
from tests.api.conftest import Browser
from tests.api.steps import Report, System, do
from tests.factories import LAND
from tests.statements import counted

SomeoneSigned = Callable[[str], Browser]
ENGLISH = {"Accept-Language": "en"}
TOWN = "610927/610927103"


def glance(page: str) -> list[str]:
    """The big numbers of a board, as they are written."""
    return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r'<p class="figure">(.*?)</p>', page)]


def test_pages_and_rest_tell_the_same(report: Report, system: System, signed_in: SomeoneSigned) -> None:
    for _ in range(6):
        report()
    for login in ("county", "leader", "duty"):
        told = system(login).get("/api/v1/board").get_json()["now"]
        expected = ["few" if told[name] is None else str(told[name]) for name in NOW]
        assert glance(signed_in(login).get("/board", headers=ENGLISH).text) == expected, login


def test_from_a_number_to_the_list_of_its_cases(report: Report, signed_in: SomeoneSigned) -> None:
    report()
    duty = signed_in("duty")
    page = duty.get("/board", headers=ENGLISH).text
    address, number = re.findall(r'<p class="figure"><a href="([^"]+)">([0-9]+)</a>', page)[0]
    listed = duty.get(address.replace("&amp;", "&"), headers=ENGLISH).text
    assert min(int(number), 50) == len(re.findall(r'<a class="number"', listed))


def test_a_leader_gets_no_way_to_a_case(report: Report, signed_in: SomeoneSigned) -> None:
    report()
    page = signed_in("leader").get("/board", headers=ENGLISH).text
    assert "/ledger?" not in page
    assert "/cases/" not in page


def test_a_sealed_case_shows_nowhere_on_a_board(report: Report, signed_in: SomeoneSigned, system: System) -> None:
    case_id = report()["id"]
    before = [
        system("county").get(address).get_json() for address in ("/api/v1/board", "/api/v1/board/processes/intake")
    ]
    with db.transaction() as session:
        session.get_one(Case, case_id).sealed = True
    after = [
        system("county").get(address).get_json() for address in ("/api/v1/board", "/api/v1/board/processes/intake")
    ]
    assert after[0]["now"]["open"] == before[0]["now"]["open"] - 1
    assert after[0]["past"][-1]["told"]["reported"] == before[0]["past"][-1]["told"]["reported"] - 1
    assert sum(one["waiting"] for one in after[1]["steps"]) == sum(one["waiting"] for one in before[1]["steps"]) - 1


def test_files_hold_the_numbers_of_a_leader_their_definitions_and_the_moment(
    report: Report, signed_in: SomeoneSigned, system: System
) -> None:
    for _ in range(5):
        report()
    told = system("leader").get("/api/v1/board").get_json()["now"]
    leader, county = signed_in("leader"), signed_in("county")
    book = load_workbook(BytesIO(county.get("/board.xlsx", headers=ENGLISH).data))
    now = {row[0]: row[1] for row in book["Now"].iter_rows(min_row=2, values_only=True)}
    assert list(now.values()) == ["few" if told[name] is None else told[name] for name in NOW]
    assert any("red or orange risk" in str(row[1]) for row in book["How it is counted"].iter_rows(values_only=True))
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(leader.get("/board.pdf").data)).pages)
    assert "怎么算的" in text
    assert "示意图，不是地图" in text
    assert clock.now().astimezone(clock.ZONE).date().isoformat() in text
    with db.transaction() as session:
        assert len(session.scalars(select(Event).where(Event.kind == "board.exported")).all()) == 2


def test_a_process_shows_how_many_wait_and_how_long_a_step_takes(
    report: Report, system: System, signed_in: SomeoneSigned
) -> None:
    cases = [report()["id"] for _ in range(5)]
    for case_id in cases:
        do(system("duty"), case_id, "triage")
    steps = {one["element"]: one for one in system("county").get("/api/v1/board/processes/intake").get_json()["steps"]}
    assert steps["confirm"]["waiting"] >= 5
    assert steps["triage"]["done"] >= 5
    assert 0 <= steps["triage"]["median"] < 3600
    page = signed_in("leader").get("/board/processes/intake", headers=ENGLISH).text
    assert 'data-element="confirm"' in page
    assert signed_in("leader").get("/board/processes/intake.bpmn").data.startswith(b"<?xml")
    assert "/board/processes/intake" in signed_in("leader").get("/board/processes").text
    assert signed_in("leader").get("/board/processes/none").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/board", "/board.xlsx", "/board.pdf", "/board/wall", "/board/processes", "/board/processes/intake",
     "/board/processes/intake.bpmn", "/api/v1/board", "/api/v1/board/processes/intake"],
)  # fmt: skip
def test_boards_are_closed_to_others(library: None, system: System, signed_in: SomeoneSigned, address: str) -> None:
    for login in ("mediator", "grid", "admin"):
        someone = system(login) if address.startswith("/api") else signed_in(login)
        assert someone.get(address).status_code == 403, login
    if address.endswith(".bpmn"):
        return  # a diagram is the same for every division
    duty = system("duty") if address.startswith("/api") else signed_in("duty")
    assert duty.get(f"{address}?division=610927").status_code == 404, "the county is not a town's to count"
    if "processes" not in address:
        assert duty.get(f"{address}?period=century").status_code == 422


def test_a_wall_names_nobody_and_no_small_number(report: Report, signed_in: SomeoneSigned) -> None:
    report({**LAND, "reporter_name": "示例村民", "reporter_phone": "0915-3300020"})
    page = signed_in("duty").get("/board/wall", headers=ENGLISH).text
    assert "示例" not in page
    assert {one for one in glance(page) if one in ("1", "2", "3", "4")} == set()


def test_a_board_s_page_takes_as_many_statements_for_many_cases_as_for_few(
    report: Report, signed_in: SomeoneSigned
) -> None:
    county = signed_in("county")

    def statements() -> int:
        with counted() as sent:
            assert county.get("/board").status_code == 200
        return len(sent)

    report()
    few = statements()
    for _ in range(5):
        report()
    assert statements() == few


def test_a_week_leads_to_its_reports_and_its_closings(report: Report, system: System, signed_in: SomeoneSigned) -> None:
    with db.transaction() as session:
        one = session.get_one(Case, report()["id"])
        one.closed_at, one.outcome, one.reported_at = clock.now(), "guided", clock.now() - timedelta(days=40)
        number = one.number
    today = clock.today().isoformat()
    county = signed_in("county")
    assert number in county.get(f"/ledger?closed_since={today}&closed_until={today}").text
    assert number not in county.get(f"/ledger?since={today}&until={today}").text
    assert county.get("/ledger?closed_since=soon").status_code == 422
    listed = system("county").get(f"/api/v1/ledger?closed_since={today}&own_work=0").get_json()["items"]
    assert number in {case["number"] for case in listed}


@pytest.mark.parametrize("count", range(2, 14))
def test_no_place_of_a_plan_stands_alone_in_its_row(count: int) -> None:
    places = [Division(code=str(at), path=str(at), name="村", name_en="Village") for at in range(count)]
    plan = county_map.county_map(places, dict.fromkeys((one.path for one in places), 1), "zh")
    rows = Counter(spot.y for spot in plan.spots)
    assert min(rows.values()) >= 2
    assert max(rows.values()) <= 3
