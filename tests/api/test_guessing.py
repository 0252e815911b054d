"""Whoever guesses codes and phones is slowed down; reporting never is."""

import pytest
from flask.testing import FlaskClient

from engine import clock
from engine.people.attempts import WINDOW
from tests.api.conftest import Browser
from tests.factories import LAND


@pytest.fixture
def visitor(client: FlaskClient) -> Browser:
    """Somebody without an account."""
    return Browser(client, {})


def test_a_code_is_tried_ten_times_with_wrong_phones(library: None, visitor: Browser) -> None:
    given = {**LAND, "reporter_phone": "0915-3300021"}
    code = visitor.post("/api/v1/reports", json={"answers": given}).get_json()["tracking_code"]
    right = {"tracking_code": code, "phone": "0915-3300021"}
    with clock.virtual(clock.now()) as time_is:
        for _ in range(5):
            wrong = {"code": code, "phone": "0915-0000000"}
            assert visitor.send("/follow", wrong).status_code == 404
            assert visitor.post("/api/v1/reports/follow", json={**right, "phone": "1"}).status_code == 404
        refused = visitor.post("/api/v1/reports/follow", json=right)
        assert (refused.status_code, refused.get_json()["code"]) == (429, "too-many-attempts")
        assert visitor.send("/follow", {"code": code, "phone": right["phone"]}).status_code == 429
        add = {"code": code, "phone": right["phone"], "_action": "open"}
        assert visitor.send("/follow", add, to="/follow/add").status_code == 429
        other = visitor.post("/api/v1/reports", json={"answers": given})
        assert other.status_code == 201, "who reports is never kept waiting"
        right_one = {**right, "tracking_code": other.get_json()["tracking_code"]}
        assert visitor.post("/api/v1/reports/follow", json=right_one).status_code == 200, "nor who follows another one"
        time_is.advance(WINDOW)
        assert visitor.post("/api/v1/reports/follow", json=right).status_code == 200


def test_one_address_does_not_try_code_after_code(library: None, visitor: Browser) -> None:
    for number in range(60):
        asked = {"tracking_code": f"AAAAAAAA{number:02d}", "phone": ""}
        assert visitor.post("/api/v1/reports/follow", json=asked).status_code == 404
    assert visitor.post("/api/v1/reports/follow", json={"tracking_code": "B", "phone": ""}).status_code == 429
