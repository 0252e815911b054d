"""Calls that became no case: money comes first, nobody is named, only the centre reads, and a year is the most."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from engine import clock, db, worker
from engine.events import Event
from engine.registers.calls import KEPT, Call
from tests.api.conftest import Browser

Signed = Callable[[str], Browser]
CALL: dict[str, Any] = {"transferred": "no", "way": "phone", "about": "fraud", "told": "示例：不转账，先核实"}
pytestmark = pytest.mark.usefixtures("library")


def test_money_sent_is_no_entry_but_a_call_to_the_police_and_a_report_of_fraud(
    signed_in: Signed, system: Signed
) -> None:
    page = signed_in("duty").send("/calls", {**CALL, "transferred": "yes", "told": "示例：已转账"})
    assert page.status_code == 409 and "96110" in page.text and "/start/fraud" in page.text
    refused = system("duty").post("/api/v1/calls", json={**CALL, "transferred": True})
    assert refused.status_code == 409 and "96110" in refused.get_json()["detail"]
    assert all(one["told"] != "示例：已转账" for one in system("duty").get("/api/v1/calls").get_json()["items"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"transferred": ""}, {"way": "x"}, {"about": ""}, {"told": " "}, {"told": "打 139 0000-0001"},
        {"told": "示" * 201},
    ],
)  # fmt: skip
def test_a_call_answers_first_whether_money_was_sent_and_names_nobody(signed_in: Signed, wrong: dict[str, Any]) -> None:
    assert signed_in("duty").send("/calls", {**CALL, **wrong}).status_code == 422


def test_the_centre_alone_keeps_the_log_and_takes_it_out_on_record(signed_in: Signed, system: Signed) -> None:
    assert signed_in("duty").send("/calls", {**CALL, "told": "示例：告诉归派出所管"}).status_code == 303
    assert "示例：告诉归派出所管" in signed_in("county").get("/calls").text
    made = system("county").post("/api/v1/calls", json={**CALL, "told": "示例：县里答复", "transferred": False})
    assert made.status_code == 201
    assert "示例：县里答复" not in signed_in("duty").get("/calls").text, "of the county, not of the town"
    for login in ("grid", "mediator", "police", "leader", "admin", "volunteer"):
        assert signed_in(login).get("/calls").status_code == 403
        assert system(login).get("/api/v1/calls").status_code == 403
        assert signed_in(login).get("/calls.xlsx").status_code == 403
    book = load_workbook(BytesIO(system("duty").get("/api/v1/calls.xlsx").data))
    assert "示例：告诉归派出所管" in [row[3].value for row in book.active.rows]
    with db.transaction() as session:
        taken = session.scalars(select(Event).where(Event.kind == "calls.exported")).all()
        assert len(taken) == 1 and "示例" not in str(taken[0].data)


def test_an_entry_lasts_for_a_year(system: Signed) -> None:
    old, new = (
        system("duty").post("/api/v1/calls", json={**CALL, "transferred": False}).get_json()["id"] for _ in range(2)
    )
    with db.transaction() as session:
        session.get_one(Call, old).at = clock.now() - KEPT - timedelta(minutes=1)
        session.get_one(Call, new).at = clock.now() - KEPT + timedelta(minutes=1)
    worker.keep_registers()
    kept = {one["id"] for one in system("duty").get("/api/v1/calls").get_json()["items"]}
    assert new in kept and old not in kept
