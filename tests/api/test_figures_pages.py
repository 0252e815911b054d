"""Figures, coverage, county ledgers and links on pages and as files."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from engine import clock, db
from engine.cases import commands
from engine.cases.models import Case
from engine.casework import formbook
from engine.deadlines import commands as deadlines
from engine.events import Event
from tests.api.conftest import Browser, token_in
from tests.api.steps import Report, System, do
from tests.factories import LAND

SomeoneSigned = Callable[[str], Browser]


def test_what_was_solved_is_counted_under_a_head_of_its_own(report: Report, signed_in: SomeoneSigned) -> None:
    ids = [report()["id"] for _ in range(5)]
    with db.transaction() as session:
        for case in session.scalars(select(Case).where(Case.id.in_(ids))):
            case.closed_at, case.outcome, case.level = case.reported_at, "performed", "town"
    page = signed_in("county").get("/figures", headers={"Accept-Language": "zh"}).text
    assert "化解：5 件" in page.split('id="table-solved"')[1]


def test_figures_are_read_and_exported_with_a_trace(library: None, signed_in: SomeoneSigned) -> None:
    county = signed_in("county")
    page = county.get("/figures?since=2020-01-01&until=2030-01-01", headers={"Accept-Language": "zh"})
    assert page.status_code == 200
    assert "化解率" in page.text
    for window in ("since=soon", "until=9999-12-31", "until=0001-01-01", "since=0001-01-01"):
        assert county.get(f"/figures?{window}").status_code == 422
    csv = county.get("/figures.csv").data.decode("utf-8-sig")
    assert csv.splitlines()[0].count(",") == 3
    assert load_workbook(BytesIO(county.get("/figures.xlsx").data)).active is not None
    with db.transaction() as session:
        kinds = session.scalars(select(Event.kind).where(Event.kind == "figures.exported")).all()
    assert len(kinds) == 2


@pytest.mark.parametrize("layout", ["disputes", "mediation", "petitions", "hazards"])
def test_county_ledgers_are_views(report: Report, system: System, signed_in: SomeoneSigned, layout: str) -> None:
    case_id = report()["id"]
    do(system("duty"), case_id, "triage")
    answer = signed_in("county").get(f"/ledgers/{layout}.xlsx")
    sheet = load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][0] in ("序号", "No.")
    if layout == "petitions":
        assert {"责任单位", "包案领导"} <= set(rows[1]) or {"Organ", "Leader"} <= set(rows[1])
    if layout == "disputes":
        assert rows[2][0] == 1
        assert any("李家建房子" in str(cell) for cell in rows[2])
    assert signed_in("court").get("/ledgers/none.xlsx").status_code == 404


@pytest.mark.parametrize(("layout", "form"), [
    ("errands", "f-errand"), ("watch", "f-watch"), ("handovers", "f-handover"), ("handovers", "f-receipt"),
    ("hazards", "f-haz"), ("petitions", "f-pet"), ("frauds", "f-fraud"), ("courts", "f-court"),
])  # fmt: skip
def test_a_ledger_of_a_form_lists_its_cases_whatever_they_became(
    report: Report, signed_in: SomeoneSigned, layout: str, form: str
) -> None:
    case_id, other = report()["id"], report()
    with db.transaction() as session:
        case = session.get_one(Case, UUID(case_id))
        version = formbook.newest(session, form)
        answers = {"f-errand": {"what": "代缴医保"}, "f-watch": {"signs": ["land"], "seen": "代缴医保"}}.get(form, {})
        commands.submit(session, case, None, form_key=form, form_id=version.id, answers=answers)
        case.kind, number = "dispute", case.number

    def written() -> list[str]:
        sheet = load_workbook(BytesIO(county.get(f"/ledgers/{layout}.xlsx").data)).active
        assert sheet is not None
        return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]

    county = signed_in("county")
    assert number in written() and other["number"] not in written()
    assert not answers or "代缴医保" in written()
    with db.transaction() as session:
        session.get_one(Case, UUID(case_id)).sealed = True
    assert number not in written(), "what the law hides is in no ledger"
    assert f"/ledgers/{layout}.xlsx" in county.get("/figures").text


def test_a_day_in_a_county_ledger_is_a_day_and_the_sheet_is_ready_to_print(
    report: Report, signed_in: SomeoneSigned
) -> None:
    """What was answered as a day can be sorted; registration and closing show no seconds."""
    case_id = report()["id"]
    with db.transaction() as session:
        case = session.get_one(Case, UUID(case_id))
        case.kind = "hazard"
        form = formbook.newest(session, "f-measures")
        commands.submit(
            session, case, None, form_key="f-measures", form_id=form.id, answers={"fix_due": "2026-12-01"}
        )  # fmt: skip
    sheet = load_workbook(BytesIO(signed_in("county").get("/ledgers/hazards.xlsx").data)).active
    assert sheet is not None
    head = [cell.value for cell in sheet[2]]
    row = sheet[sheet.max_row]
    due, found = row[head.index("整改期限") if "整改期限" in head else head.index("Due")], row[2]
    assert (due.value, due.number_format) == (datetime(2026, 12, 1), "yyyy-mm-dd")
    assert found.number_format == "yyyy-mm-dd hh:mm" and found.value.second == 0
    assert sheet.column_dimensions["B"].width < 20, "no broader than the numbers in it"
    assert found.border.left.style == "thin"
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$2")


def test_overdue_petitions_are_the_same_on_the_page_over_rest_and_as_a_file(
    report: Report, system: System, signed_in: SomeoneSigned
) -> None:
    made = report()
    with db.transaction() as session:
        case = session.get_one(Case, UUID(made["id"]))
        case.kind = "petition"
        found = deadlines.start(session, case.id, "pet.handle", since=clock.today() - timedelta(days=90))
        number, due = case.number, found.due_on
    leader = signed_in("leader").get("/joint-meeting").text
    assert number in leader and "李家建房子" not in leader and made["id"] not in leader
    assert f"/cases/{made['id']}" in signed_in("petition").get("/joint-meeting").text
    (one,) = system("leader").get("/api/v1/joint-meeting").get_json()["items"]
    assert (one["number"], one["due_on"], one["organ"]) == (number, due.isoformat(), "")
    for someone, address in (
        (signed_in("leader"), "/joint-meeting.xlsx"),
        (system("leader"), "/api/v1/joint-meeting.xlsx"),
    ):
        sheet = load_workbook(BytesIO(someone.get(address).data)).active
        assert sheet is not None and sheet["B3"].value == number
        heads = [cell.value for cell in sheet[2]]
        assert len(set(heads)) == len(heads), "which deadline it is and its last day are told apart"
    assert signed_in("mediator").get("/joint-meeting").status_code == 403
    assert system("mediator").get("/api/v1/joint-meeting").status_code == 403
    assert system("mediator").get("/api/v1/joint-meeting.xlsx").status_code == 403


@pytest.mark.parametrize("address", ["/rewards.xlsx", "/api/v1/rewards.xlsx"])
def test_the_ledger_of_rewards_has_heads_in_the_reader_s_language(
    system: System, signed_in: SomeoneSigned, address: str
) -> None:
    someone = system("county") if "/api/" in address else signed_in("county")
    sheet = load_workbook(BytesIO(someone.get(address, headers={"Accept-Language": "zh"}).data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][-2:] == ["规则版本", "为什么"]


def test_what_falls_short_is_listed_for_those_who_answer_for_it(library: None, signed_in: SomeoneSigned) -> None:
    page = signed_in("county").get("/coverage", headers={"Accept-Language": "zh"})
    assert page.status_code == 200
    assert "没有人担任" in page.text
    assert signed_in("mediator").get("/coverage").status_code == 403


def test_cases_are_linked_merged_and_opened_again(report: Report, system: System, signed_in: SomeoneSigned) -> None:
    first, second = report(), report()
    duty, rest = signed_in("duty"), system("duty")
    address = f"/cases/{second['id']}"
    wrong = duty.send(address, {"number": second["number"], "kind": "group"}, to=f"{address}/link")
    assert wrong.status_code == 422
    assert duty.send(address, {"number": first["number"], "kind": "group"}, to=f"{address}/link").status_code == 303
    above = f"/cases/{first['id']}"
    round_trip = duty.send(above, {"number": second["number"], "kind": "group"}, to=f"{above}/link")
    assert round_trip.status_code == 422, "a case is no part of its own part"
    third = report()
    address = f"/cases/{third['id']}"
    assert duty.send(address, {"number": first["number"], "kind": "merged"}, to=f"{address}/link").status_code == 303
    merged = rest.get(f"/api/v1/cases/{third['id']}").get_json()
    assert merged["outcome"] == "merged"
    tasks = rest.get("/api/v1/tasks?limit=100").get_json()["items"]
    assert third["id"] not in {one["case"]["id"] for one in tasks}
    assert duty.send(address, {"reason": ""}, to=f"{address}/reopen").status_code == 422
    assert duty.send(address, {"reason": "并错了"}, to=f"{address}/reopen").status_code == 303
    assert rest.get(f"/api/v1/cases/{third['id']}").get_json()["closed_at"] is None
    do(rest, third["id"], "triage")
    assert signed_in("grid").send(address, {"reason": "x"}, to=f"{address}/reopen").status_code == 403


def test_links_are_made_changed_and_taken_back_over_rest_as_on_the_page(
    report: Report, system: System, signed_in: SomeoneSigned
) -> None:
    one, other = report(), report()
    duty, page = system("duty"), signed_in("duty")
    links = f"/api/v1/cases/{other['id']}/links"
    for wrong in ({"number": other["number"], "kind": "group"}, {"number": "ZP-1", "kind": "repeat"},
                  {"number": one["number"], "kind": "twin"}):  # fmt: skip
        refused = duty.post(links, json=wrong)
        assert (refused.status_code, refused.get_json()["code"]) == (422, "link-unfit")
    typed = page.send(f"/cases/{other['id']}", {"number": "ZP-1", "kind": "group"}, to=f"/cases/{other['id']}/link")
    assert 'value="ZP-1"' in typed.text and 'value="group" selected' in typed.text
    assert system("grid").post(links, json={"number": one["number"], "kind": "repeat"}).status_code == 403
    assert duty.post(links, json={"number": one["number"], "kind": "repeat"}).get_json()["id"] == one["id"]
    assert duty.post(links, json={"number": one["number"], "kind": "merged"}).status_code == 201
    [seen] = duty.get(links).get_json()
    assert (seen["case"]["id"], seen["kind"], seen["above"]) == (one["id"], "merged", True)
    assert duty.get(f"/api/v1/cases/{other['id']}").get_json()["outcome"] == "merged"
    early = duty.client.delete(f"{links}/{one['id']}", headers=duty.headers)
    assert (early.status_code, early.get_json()["code"]) == (409, "still-merged")
    reopening = f"/api/v1/cases/{other['id']}/reopening"
    assert duty.post(reopening, json={"reason": " "}).get_json()["code"] == "note-empty"
    assert duty.post(reopening, json={"reason": "并错了"}).get_json()["closed_at"] is None
    assert duty.post(reopening, json={"reason": "并错了"}).status_code == 409
    above = f"/cases/{one['id']}"
    assert page.send(above, {"do": "unlink", "other": other["id"]}, to=f"{above}/link").status_code == 303
    assert duty.get(links).get_json() == []
    assert duty.client.delete(f"{links}/{one['id']}", headers=duty.headers).status_code == 404
    history = page.get(above, headers={"Accept-Language": "en"}).text
    assert "Link with another case taken back" in history


def test_how_long_a_report_takes_to_write_is_known_and_not_of_whom(app: Flask, library: None) -> None:
    villager = Browser(app.test_client(), {})
    page = villager.get("/report")
    opened = int(re.findall(r'name="opened" value="([0-9]+)"', page.text)[0])
    for earlier, expected in ((42, {42, 43, 44}), (100_000, {None})):
        sent = {
            "csrf_token": token_in(page), "idempotency_key": str(uuid4()), "opened": str(opened - earlier), **LAND,
        }  # fmt: skip
        assert villager.post("/report", data=sent).status_code == 200
        with db.transaction() as session:
            newest = select(Case.report_seconds).order_by(Case.reported_at.desc()).limit(1)
            assert session.scalar(newest) in expected


def test_call_backs_are_for_the_centres(library: None, signed_in: SomeoneSigned, system: System) -> None:
    assert signed_in("duty").get("/callbacks").status_code == 200
    assert signed_in("grid").get("/callbacks").status_code == 403
    wrong = signed_in("county").send("/callbacks", {"callback": str(uuid4()), "solved": "yes"})
    assert wrong.status_code == 404
    assert system("county").post(f"/api/v1/callbacks/{uuid4()}", json={"solved": "yes"}).status_code == 404
    assert system("grid").get("/api/v1/callbacks").status_code == 403
    assert isinstance(system("county").get("/api/v1/callbacks").get_json(), list)
