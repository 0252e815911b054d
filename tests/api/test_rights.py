"""What the law leaves to the parties after a case is closed, on the pages and through REST."""

from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from engine import clock
from engine.cases import queries as cases
from engine.db import transaction
from engine.deadlines import commands as deadlines
from engine.workflow import instances
from engine.workflow.models import Instance
from engine.workflow.operations import OPERATIONS, Call
from tests.api.conftest import Browser
from tests.factories import LAND

PHONE = "0915-3300021"


def test_a_villager_reads_what_is_still_open_after_the_closing(
    library: None, client: FlaskClient, signed_in: Any
) -> None:
    """劳动争议调解仲裁法 §50: the day to sue goes on, and the closed case says so without being late."""
    visitor = Browser(client, {})
    made = visitor.post("/api/v1/reports", json={"answers": {**LAND, "reporter_phone": PHONE}}).get_json()
    case_id = UUID(made["id"])
    with transaction() as session:
        deadlines.start(session, case_id, "labour.sue")
        deadlines.start(session, case_id, "labour.inspect")
        session.flush()
        OPERATIONS["case.close"].run(Call(session, case_id, case_id, "close", clock.now(), None), reason="ruled")
        [running] = session.scalars(select(Instance.id).where(Instance.stream == case_id)).all()
        instances.cancel(session, running, actor=None, reason="the last thing that ran")
        assert cases.locked(session, case_id).closed_at is not None
    told = {"tracking_code": made["tracking_code"], "phone": PHONE}
    followed = visitor.post("/api/v1/reports/follow", json=told).get_json()
    assert [(one["key"], one["law"]) for one in followed["rights"]] == [("labour.sue", "劳动争议调解仲裁法 §50")]
    page = visitor.send("/follow", {"code": made["tracking_code"], "phone": PHONE}).text
    assert "您还可以" in page or "You may still" in page
    assert "劳动争议调解仲裁法 §50" in page
    duty = signed_in("duty")
    states = {one["key"]: one["state"] for one in duty.get(f"/api/v1/cases/{case_id}/deadlines").get_json()["items"]}
    assert states == {"labour.sue": "kept", "labour.inspect": "cancelled"}
    assert "the parties still may" in duty.get(f"/cases/{case_id}", headers={"Accept-Language": "en"}).text
