"""Signing in with a code beside the password (TOTP, RFC 6238), on pages and over REST."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from api.app import create_app
from engine import clock, config, db, demo
from engine.people import commands, second_factor
from engine.people.models import Account, FailedSignIn
from tests.api.conftest import Browser
from tests.api.steps import System

ENGLISH = {"Accept-Language": "en"}
LOGIN = "leader"


@pytest.fixture(autouse=True)
def moved_clock(county: None) -> Iterator[clock.VirtualClock]:
    """Time stands still; afterwards nobody has a second factor."""
    with clock.virtual(clock.now()) as still:
        yield still
    with db.transaction() as session:
        for account in session.scalars(select(Account).where(Account.second_factor.is_not(None))):
            second_factor.remove(account)
        for failed in session.scalars(select(FailedSignIn).where(FailedSignIn.key.startswith("code:"))):
            session.delete(failed)


def now(secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.now())


def asked(app: Flask, digits: str = "", login: str = LOGIN) -> tuple[int, str]:
    body = {"login": login, "password": demo.PASSWORD} | ({"digits": digits} if digits else {})
    answer = app.test_client().post("/api/v1/tokens", json=body)
    return answer.status_code, answer.get_json().get("code", "")


def with_factor(system: System) -> str:
    secret = second_factor.new_secret()
    given = {"secret": secret, "digits": now(secret)}
    assert system(LOGIN).put("/api/v1/me/second-factor", json=given).status_code == 204
    return secret


def test_the_codes_are_those_of_rfc_6238_appendix_b() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [pyotp.TOTP(secret, digits=8).at(at) for at in (59, 1111111109, 20000000000)] == [
        "94287082", "07081804", "65353130",
    ]  # fmt: skip


def test_a_code_opens_once_and_only_about_its_time(app: Flask, system: System, moved_clock: clock.VirtualClock) -> None:
    secret = with_factor(system)
    assert asked(app) == (422, "second-factor-needed")
    assert asked(app, now(secret)) == (422, "second-factor-wrong"), "the code that set it up is used"
    moved_clock.advance(second_factor.PERIOD)
    late = now(secret)
    assert asked(app, late)[0] == 201
    assert asked(app, late) == (422, "second-factor-wrong")
    moved_clock.advance(second_factor.PERIOD)
    unused = now(secret)
    moved_clock.advance(timedelta(seconds=30))
    assert asked(app, unused[:3] + " " + unused[3:])[0] == 201, "one period late still counts"
    moved_clock.advance(timedelta(seconds=30))
    missed = now(secret)
    moved_clock.advance(timedelta(seconds=61))
    assert asked(app, missed) == (422, "second-factor-wrong")


def test_guessing_codes_is_slowed_down_and_a_right_password_does_not_reset_it(app: Flask, system: System) -> None:
    with_factor(system)
    for _ in range(second_factor.PER_ACCOUNT):
        assert asked(app, "x00000") == (422, "second-factor-wrong")
        assert asked(app) == (422, "second-factor-needed")
    assert asked(app, "x00000") == (429, "too-many-attempts")


def test_the_page_sets_it_up_and_asks_for_it_after_the_password(
    app: Flask, signed_in: System, moved_clock: clock.VirtualClock
) -> None:
    mine = signed_in(LOGIN)
    page = mine.get("/account/second-factor", headers=ENGLISH)
    secret = re.findall(r'name="secret" value="([A-Z2-7]{32})"', page.text)[0]
    assert "<svg" in page.text and page.headers["Cache-Control"] == "no-store"
    wrong = mine.send("/account/second-factor", {"do": "on", "secret": secret, "digits": "000000"})
    assert wrong.status_code == 422 and secret in wrong.text
    done = mine.send("/account/second-factor", {"do": "on", "secret": secret, "digits": now(secret)})
    assert done.headers["Location"] == "/account?notice=second-factor"
    again = mine.send("/account/second-factor", {"do": "on", "secret": secret, "digits": now(secret)})
    assert again.status_code == 409

    moved_clock.advance(second_factor.PERIOD)
    visitor = Browser(app.test_client(), {})
    asks = visitor.send("/sign-in", {"login": LOGIN, "password": demo.PASSWORD, "next": "/ledger"})
    ticket = re.findall(r'name="ticket" value="([^"]+)"', asks.text)[0]
    assert asks.status_code == 422 and demo.PASSWORD not in asks.text
    assert visitor.get("/work").status_code in {302, 303}, "the password alone opens nothing"
    refused = visitor.send("/sign-in", {"ticket": ticket, "digits": "000000", "next": "/ledger"}, to="/sign-in")
    assert refused.status_code == 422 and ticket in refused.text
    forged = visitor.send("/sign-in", {"ticket": ticket[:-2] + "xx", "digits": now(secret)}, to="/sign-in")
    assert forged.status_code == 422 and "ticket" not in forged.text
    entered = visitor.send("/sign-in", {"ticket": ticket, "digits": now(secret), "next": "/ledger"}, to="/sign-in")
    assert entered.headers["Location"] == "/ledger"
    moved_clock.advance(second_factor.PERIOD)
    off = visitor.send("/account/second-factor", {"do": "off", "digits": now(secret)})
    assert off.headers["Location"] == "/account?notice=second-factor-off"
    assert asked(app)[0] == 201


def test_a_ticket_is_good_for_five_minutes(app: Flask, system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = with_factor(system)
    visitor = Browser(app.test_client(), {})
    asks = visitor.send("/sign-in", {"login": LOGIN, "password": demo.PASSWORD})
    ticket = re.findall(r'name="ticket" value="([^"]+)"', asks.text)[0]
    monkeypatch.setattr("api.pages.sign_in.TICKET_LASTS", -1)
    late = visitor.send("/sign-in", {"ticket": ticket, "digits": now(secret)}, to="/sign-in")
    assert late.status_code == 422 and 'name="password"' in late.text


def test_a_role_that_cannot_do_without_opens_nothing_before(
    signed_in: System, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEJIE_SECOND_FACTOR", "admin, leader")
    config.settings.cache_clear()
    try:
        mine = signed_in(LOGIN)
        assert mine.get("/ledger").headers["Location"] == "/account/second-factor?notice=second-factor-missing"
        assert system(LOGIN).get("/api/v1/tasks").get_json()["code"] == "second-factor-missing"
        assert system("mediator").get("/api/v1/tasks").status_code == 200
        secret = second_factor.new_secret()
        mine.send("/account/second-factor", {"do": "on", "secret": secret, "digits": now(secret)})
        assert mine.get("/ledger").status_code == 200
    finally:
        monkeypatch.undo()
        config.settings.cache_clear()


def test_the_secret_is_readable_nowhere_and_a_new_password_takes_it_off(system: System) -> None:
    secret = with_factor(system)
    with db.transaction() as session:
        account = session.scalars(select(Account).where(Account.login == LOGIN)).one()
        assert secret not in (account.second_factor or "") and (account.second_factor or "").startswith("sealed:")
        assert secret not in system("admin").get(f"/api/v1/accounts/{account.id}").text
        commands.set_password(account, "another long password")
        assert account.second_factor is None
        session.rollback()


def test_a_role_that_nobody_holds_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEJIE_SECOND_FACTOR", "admins")
    config.settings.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"names no role: admins\. Roles: .*admin"):
            create_app(testing=True)
    finally:
        monkeypatch.undo()
        config.settings.cache_clear()
