"""Accounts and roles: opened, given, taken and closed by administrators, on the page and over REST."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, select

from api.cli.main import main
from engine import db, demo
from engine.events import Event
from engine.people.models import Account, Membership, SignIn
from engine.territory.models import TOWN, Division
from tests.api.conftest import Browser
from tests.api.steps import System

SignedIn = Callable[[str], Browser]
COUNTY = "610927"
ENGLISH = {"Accept-Language": "en"}
OWN = "my own long one"


@pytest.fixture(autouse=True)
def afterwards(county: None) -> Iterator[None]:
    """Accounts of these tests are gone when they are over."""
    yield
    with db.transaction() as session:
        made = select(Account.id).where(Account.login.startswith("new-"))
        for table in (SignIn, Membership):
            session.execute(delete(table).where(table.account_id.in_(made)))
        session.execute(delete(Account).where(Account.login.startswith("new-")))


def town() -> str:
    with db.transaction() as session:
        return session.scalars(select(Division.code).where(Division.kind == TOWN).order_by(Division.path)).first() or ""


def opened(admin: Browser, login: str = "new-one", role: str = "duty_officer", division: str = "") -> dict[str, str]:
    given = {"login": login, "name": "试用人员", "role": role, "division": division or town()}
    answer = admin.post("/api/v1/accounts", json=given)
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.get_json()
    return found


def signs_in(app: Flask, login: str, password: str) -> bool:
    answer = app.test_client().post("/api/v1/tokens", json={"login": login, "password": password})
    return answer.status_code in {200, 201}


def token(app: Flask, password: str, login: str = "new-one") -> Browser:
    """Another system with a token of an account."""
    given = app.test_client().post("/api/v1/tokens", json={"login": login, "password": password}).get_json()
    return Browser(app.test_client(), {"Authorization": f"Bearer {given['token']}"})


def test_a_new_colleague_signs_in_with_the_password_that_was_told_once(app: Flask, system: System) -> None:
    made = opened(system("admin"))
    assert signs_in(app, "new-one", made["password"])
    seen = system("admin").get(f"/api/v1/accounts/{made['id']}").get_json()
    assert [one["role"] for one in seen["roles"]] == ["duty_officer"]
    assert made["password"] not in str(seen)
    with db.transaction() as session:
        kinds = session.scalars(select(Event.kind).where(Event.stream == UUID(made["id"]))).all()
    assert kinds == ["account.opened"]


def test_the_page_tells_the_password_once_and_no_cache_keeps_it(app: Flask, signed_in: SignedIn) -> None:
    admin = signed_in("admin")
    given = {"login": "new-page", "name": "页面人员", "role": "leader", "division": COUNTY}
    told = admin.send("/staff", given)
    assert told.status_code == 200
    assert told.headers["Cache-Control"] == "no-store"
    password = told.text.partition('<code class="number">')[2].partition("<")[0]
    assert signs_in(app, "new-page", password)
    assert "页面人员" in admin.get("/staff?words=页面").text
    assert password not in admin.get("/staff?words=页面").text


def test_what_cannot_be_is_said_field_by_field_and_nothing_typed_is_lost(signed_in: SignedIn, system: System) -> None:
    typed = {"login": "Wrong Name", "name": "某人", "role": "", "division": "1"}
    page = signed_in("admin").send("/staff", typed)
    assert page.status_code == 422
    assert 'value="Wrong Name"' in page.text and 'value="某人"' in page.text
    given = {"login": "duty", "name": "", "role": "king", "division": "999"}
    refused = system("admin").post("/api/v1/accounts", json=given)
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["/login", "/name", "/role", "/division"]


def test_roles_are_given_and_taken_and_count_from_then_on(app: Flask, system: System) -> None:
    admin, made = system("admin"), opened(system("admin"))
    token = app.test_client().post("/api/v1/tokens", json={"login": "new-one", "password": made["password"]}).get_json()
    own = Browser(app.test_client(), {"Authorization": f"Bearer {token['token']}"})
    address = f"/api/v1/accounts/{made['id']}/roles"
    given = admin.post(address, json={"role": "leader", "division": COUNTY}).get_json()
    assert {one["role"] for one in own.get("/api/v1/me").get_json()["memberships"]} == {"duty_officer", "leader"}
    assert admin.post(address, json={"role": "leader", "division": COUNTY}).status_code == 409
    leads = next(one["id"] for one in given["roles"] if one["role"] == "leader")
    assert admin.client.delete(f"{address}/{leads}", headers=admin.headers).status_code == 204
    assert {one["role"] for one in own.get("/api/v1/me").get_json()["memberships"]} == {"duty_officer"}


def test_a_closed_account_is_signed_out_and_stays_in_the_list(app: Flask, system: System) -> None:
    admin, made = system("admin"), opened(system("admin"))
    token = app.test_client().post("/api/v1/tokens", json={"login": "new-one", "password": made["password"]}).get_json()
    address = f"/api/v1/accounts/{made['id']}"
    assert admin.post(f"{address}/close").get_json()["active"] is False
    assert not signs_in(app, "new-one", made["password"])
    own = Browser(app.test_client(), {"Authorization": f"Bearer {token['token']}"})
    assert own.get("/api/v1/me").status_code == 401
    assert admin.post(f"{address}/reopen").get_json()["active"] is True
    new = admin.post(f"{address}/password").get_json()["password"]
    assert signs_in(app, "new-one", new) and not signs_in(app, "new-one", made["password"])


def test_nobody_comes_to_more_than_was_given_to_them(app: Flask, system: System) -> None:
    admin = system("admin")
    me = admin.get("/api/v1/me").get_json()["id"]
    for act, body in (("roles", {"role": "county_officer", "division": COUNTY}), ("close", {}), ("password", {})):
        refused = admin.post(f"/api/v1/accounts/{me}/{act}", json=body, headers=ENGLISH)
        assert (refused.status_code, refused.get_json()["code"]) == (409, "not-by-oneself"), act
    made = opened(admin, "new-town", "admin", town())
    token(app, made["password"], "new-town").put("/api/v1/me/password", json={"old": made["password"], "new": OWN})
    own = token(app, OWN, "new-town")
    outside = own.post("/api/v1/accounts", json={"login": "new-x", "name": "x", "role": "leader", "division": COUNTY})
    assert (outside.status_code, outside.get_json()["errors"][0]["pointer"]) == (422, "/division")
    assert own.get(f"/api/v1/accounts/{me}").status_code == 404
    both = opened(admin, "new-both", "duty_officer", town())
    admin.post(f"/api/v1/accounts/{both['id']}/roles", json={"role": "county_officer", "division": COUNTY})
    refused = own.post(f"/api/v1/accounts/{both['id']}/password")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "also-elsewhere")
    assert [one["role"] for one in own.get(f"/api/v1/accounts/{both['id']}").get_json()["roles"]] == ["duty_officer"]


@pytest.mark.parametrize("login", ["duty", "county", "leader", "mediator"])
def test_only_administrators_see_who_works_here(signed_in: SignedIn, system: System, login: str) -> None:
    assert signed_in(login).get("/staff").status_code == 403
    assert system(login).get("/api/v1/accounts").status_code == 403


def test_the_command_line_opens_the_first_account(app: Flask) -> None:
    arguments = ["people", "add", "new-first", "第一位管理员", "--division", COUNTY]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    assert signs_in(app, "new-first", result.output.strip())
    again = CliRunner().invoke(main, arguments)
    assert again.exit_code == 1
    assert "Traceback" not in again.output
    assert demo.PASSWORD not in result.output

    rescued = CliRunner().invoke(main, ["people", "password", "new-first"])
    assert not signs_in(app, "new-first", result.output.strip())
    assert signs_in(app, "new-first", rescued.output.strip())
    assert CliRunner().invoke(main, ["people", "password", "nobody-at-all"]).exit_code == 1


def test_a_password_that_was_told_opens_nothing_but_the_page_on_which_it_is_changed(app: Flask, system: System) -> None:
    told = opened(system("admin"))["password"]
    browser = Browser(app.test_client(), {})
    assert browser.send("/sign-in", {"login": "new-one", "password": told}).headers["Location"] == "/work"
    for page in ("/work", "/ledger"):
        assert browser.get(page).headers["Location"] == "/account?notice=first-password"
    assert browser.send("/account", {"do": "open"}, to="/receptions").headers["Location"].startswith("/account")
    assert browser.get("/api/v1/tasks").get_json()["code"] == "first-password"
    page = browser.get("/account?notice=first-password", headers=ENGLISH).text
    assert "Choose a password of your own first" in page and "Your roles" not in page
    for wrong in (told, "short", "new-one"):
        assert browser.send("/account", {"old": told, "new": wrong}).status_code == 422
    assert browser.send("/account", {"old": told, "new": OWN}).status_code == 303
    browser.send("/sign-in", {"login": "new-one", "password": OWN})
    assert browser.get("/work").status_code == 200
    assert "Your roles" in browser.get("/account", headers=ENGLISH).text


def test_another_system_changes_a_told_password_over_rest_and_a_new_one_is_told_again(
    app: Flask, system: System
) -> None:
    made = opened(system("admin"))

    first = token(app, made["password"])
    refused = first.get("/api/v1/tasks", headers=ENGLISH)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "first-password")
    assert "PUT /api/v1/me/password" in refused.get_json()["detail"]
    assert first.get("/api/v1/me").get_json()["first_password"] is True
    same = first.put("/api/v1/me/password", json={"old": made["password"], "new": made["password"]})
    assert (same.status_code, same.get_json()["code"]) == (422, "password-too-weak")
    assert first.put("/api/v1/me/password", json={"old": made["password"], "new": OWN}).status_code == 204
    assert first.get("/api/v1/me").status_code == 401
    assert token(app, OWN).get("/api/v1/tasks").status_code == 200
    again = system("admin").post(f"/api/v1/accounts/{made['id']}/password").get_json()["password"]
    assert token(app, again).get("/api/v1/tasks").get_json()["code"] == "first-password"


def test_the_register_of_grid_workers_says_term_employment_telephone_and_training(
    signed_in: SignedIn, system: System
) -> None:
    """专职、兼职网格员: who, how, where, until when."""
    admin = Browser(signed_in("admin").client, ENGLISH)
    given = {"login": "new-grid", "name": "示例兼职网格员", "role": "grid_worker", "division": "610927103207001",
             "employment": "part", "last_day": "2999-12-31"}  # fmt: skip
    unfit = [({"employment": "half"}, "full-time or part-time")]
    unfit += [({"last_day": day}, "today or later") for day in ("2020-01-01", "soon")]
    for wrong, said in unfit:
        refused = admin.send("/staff", {**given, **wrong})
        assert refused.status_code == 422 and said in refused.text
    assert admin.send("/staff", given).status_code == 200
    [made] = system("admin").get("/api/v1/accounts?words=new-grid&role=grid_worker").get_json()["items"]
    assert [(one["employment"], one["to_day"]) for one in made["roles"]] == [("part", "2999-12-31")]
    address = f"/staff/{made['id']}"
    for unreadable in ({"phone": "call me"}, {"trained_on": "2999-01-01"}, {"trained_on": "x"}):
        assert admin.send(address, {"do": "describe", **unreadable}).status_code == 422
    assert (
        admin.send(address, {"do": "describe", "phone": "0915-3300042", "trained_on": "2026-03-01"}).status_code == 303
    )
    page = admin.get("/staff?role=grid_worker").text
    assert "part-time" in page and "0915-3300042" in page and "示例管理员</a>" not in page
    told = {"phone": "0915-3300043", "trained_on": "2026-04-01"}
    changed = system("admin").put(f"/api/v1/accounts/{made['id']}", json=told).get_json()
    assert {name: changed[name] for name in told} == told
    assert system("county").put(f"/api/v1/accounts/{made['id']}", json=told).status_code == 403
