"""A grid worker's own through REST and pages: what became of each report, rounds, and what is known already."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient

from tests.api.conftest import Browser, token_in
from tests.engine.documents.test_photos import photo

SignIn = Callable[[str], Browser]
BRIDGE = {"what": "村口小桥的护栏断了两根，小孩过桥危险", "where": "钟宝镇民主村", "urgency": "soon", "kind": "hazard"}


def test_a_known_matter_is_joined_the_same_way_on_page_and_through_rest(
    report: Callable[..., dict[str, Any]], signed_in: SignIn, system: SignIn
) -> None:
    known = report(BRIDGE)
    page, rest = signed_in("grid"), system("grid2")
    look = {"what": "小桥护栏断了，过桥危险", "where": "民主村"}
    [alike] = rest.post("/api/v1/reports/similar", json=look).get_json()["items"]
    assert alike["case"]["number"] == known["number"]
    shown = page.send("/report", {**look, "_action": "similar"}).text
    assert known["number"] in shown and 'name="join"' in shown
    assert system("court").post("/api/v1/reports/similar", json=look).get_json()["items"] == []
    given = {**look, "urgency": "soon"}
    joined = rest.post(f"/api/v1/cases/{known['id']}/joins", json={"answers": given})
    assert joined.get_json()["number"] == known["number"]
    key = {"idempotency_key": "0123456789abcdef", "join": known["id"]}
    first, again = page.send("/report", {**given, **key}), page.send("/report", {**given, **key})
    assert known["number"] in first.text and known["number"] in again.text
    file = system("duty").get(f"/api/v1/cases/{known['id']}/file").get_json()["items"]
    assert [one["submission"]["form_key"] for one in file].count("f-addition") == 2, "sent twice, it is added once"


def test_the_public_is_shown_nothing_and_joins_nothing(
    report: Callable[..., dict[str, Any]], client: FlaskClient
) -> None:
    known = report(BRIDGE)
    sent = {**BRIDGE, "csrf_token": token_in(client.get("/report")), "idempotency_key": "0123456789abcdef"}
    assert known["number"] not in client.post("/report", data={**sent, "_action": "similar"}).text
    assert client.post("/report", data={**sent, "join": known["id"]}).status_code == 404


def test_ones_own_reports_and_rounds(library: None, signed_in: SignIn, system: SignIn) -> None:
    rest, page = system("grid2"), signed_in("grid2")
    rest.post("/api/v1/reports", json={"answers": {**BRIDGE, "what": "河边少了一段护栏"}})
    assert rest.get("/api/v1/reports/mine").get_json()["items"][0]["words"] == "河边少了一段护栏"
    for _ in range(2):
        assert page.send("/report", {"key": "one-tap-once"}, to="/reports").status_code == 303
    assert rest.post("/api/v1/rounds", json={"key": "one-tap-once"}).status_code == 204
    assert len(rest.get("/api/v1/rounds").get_json()["items"]) == 1
    shown = page.get("/reports").text
    assert "河边少了一段护栏" in shown and "巡查过了" in shown
    assert "河边少了一段护栏" not in signed_in("hazard2").get("/reports").text
    assert system("duty").post("/api/v1/rounds", json={"key": "one-tap-once"}).get_json()["code"] == "no-grid-worker"


def test_a_copy_of_a_photo_tells_neither_time_nor_place(library: None, signed_in: SignIn) -> None:
    grid = signed_in("grid")
    sent = {"csrf_token": token_in(grid.get("/report")), "file": (BytesIO(photo()), "坡.jpg")}
    made = grid.post("/uploads", data=sent).get_json()
    copy = grid.get(f"/uploads/{made['id']}/copy")
    assert copy.status_code == 200 and b"Exif" not in copy.data
    assert b"Exif" in grid.get(f"/uploads/{made['id']}").data, "the record keeps it"
    assert signed_in("mediator").get(f"/uploads/{made['id']}/copy").status_code == 404
