"""Notifications on pages and through REST: one's own alone, and the outbox for administrators alone."""

from collections.abc import Callable
from uuid import UUID

from engine import casework, db, notifications
from engine.notifications import commands
from engine.people import queries as people
from tests.api.conftest import Browser
from tests.engine.notifications.receiving import configured
from tests.factories import LAND

SignIn = Callable[[str], Browser]


def told(login: str, kind: str = "fact") -> UUID:
    """Tell somebody of a new case; returns its id."""
    with db.transaction() as session:
        case = casework.report(session, people.actor_by_login(session, "grid"), LAND).case
        notifications.tell(session, [people.actor_by_login(session, login).id], kind, case.id)
        return case.id


def test_the_bell_counts_and_reading_is_ones_own(library: None, signed_in: SignIn, system: SignIn) -> None:
    told("hazard")
    case = told("hazard")
    mine, other = signed_in("hazard"), system("hazard2")
    assert '<span class="count alarm">2<' in mine.get("/notifications").text
    assert other.get("/api/v1/notifications").get_json()["unread"] == 0
    rest = system("hazard").get("/api/v1/notifications", headers={"Accept-Language": "en"}).get_json()
    assert rest["items"][0]["case"] == str(case)
    assert "has added something" in rest["items"][0]["text"]
    assert (
        other.post("/api/v1/notifications/read", json={"ids": [one["id"] for one in rest["items"]]}).status_code == 204
    )
    assert system("hazard").get("/api/v1/notifications?unread=true").get_json()["unread"] == 2
    opened = mine.send("/notifications", {"one": rest["items"][0]["id"], "case": str(case)})
    assert opened.location.endswith(f"/cases/{case}")
    assert system("hazard").get("/api/v1/notifications?unread=true").get_json()["unread"] == 1
    mine.send("/notifications", {})
    assert "count alarm" not in mine.get("/notifications").text


def test_pages_of_a_list_follow_each_other(library: None, system: SignIn) -> None:
    for _ in range(3):
        told("labour")
    one = system("labour")
    first = one.get("/api/v1/notifications?limit=2").get_json()
    rest = one.get(f"/api/v1/notifications?limit=2&cursor={first['next']}").get_json()
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    assert one.get("/api/v1/notifications?cursor=x").get_json()["code"] == "cursor-invalid"


def test_how_one_is_told_is_kept(library: None, signed_in: SignIn, system: SignIn) -> None:
    page = signed_in("court")
    given = {
        "email": "court@house.example",
        "phone": "",
        "quiet_from": "22:00",
        "quiet_to": "07:30",
        "by-mention": "email",
    }
    assert page.send("/notifications/preferences", given).status_code == 303
    kept = system("court").get("/api/v1/notifications/preferences").get_json()
    assert (kept["email"], kept["quiet_to"], kept["choices"]["mention"]) == (
        "court@house.example",
        "07:30:00",
        ["email"],
    )
    wrong = page.send("/notifications/preferences", {**given, "email": "no address"})
    assert wrong.status_code == 422 and "no address" in wrong.text
    put = system("court").put("/api/v1/notifications/preferences", json={**kept, "phone": "12"})
    assert put.get_json()["code"] == "address-unfit"


def test_the_outbox_is_for_administrators(library: None, signed_in: SignIn, system: SignIn) -> None:
    with configured(HEJIE_GATEWAY_URL="http://127.0.0.1:9/"), db.transaction() as session:
        case = casework.report(session, people.actor_by_login(session, "grid"), LAND).case
        commands.agree(session, case, "13912345678", "zh")
        notifications.tell_followers(session, case.id, "villager_status", stage="triage")
    assert signed_in("duty").get("/notifications/outbox").status_code == 403
    assert system("duty").get("/api/v1/outbox").get_json()["code"] == "administrators-only"
    page, rest = signed_in("admin"), system("admin")
    [one] = rest.get("/api/v1/outbox?state=waiting").get_json()["items"]
    shown = page.get("/notifications/outbox").text
    assert "13912345678" not in shown and "告诉群众" in shown
    assert rest.post(f"/api/v1/outbox/{one['id']}/retry").get_json()["code"] == "delivery-over"
    assert page.send("/notifications/outbox", {"delivery": one["id"], "act": "give-up"}).status_code == 303
    assert rest.post(f"/api/v1/outbox/{one['id']}/retry").get_json()["state"] == "waiting"
    assert rest.post(f"/api/v1/outbox/{one['id']}/give-up").get_json()["state"] == "cancelled"
