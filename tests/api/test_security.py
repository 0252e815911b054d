"""Headers, form tokens, cookies, and where signing in may lead."""

from collections.abc import Callable

import pytest
from flask import Flask, Response, render_template_string
from flask.testing import FlaskClient

from api import auth
from engine import demo
from engine.config import settings
from tests.api.conftest import Browser, token_in


@pytest.mark.parametrize("address", ["/", "/sign-in", "/api/docs", "/api/v1/me", "/nowhere", "/static/css/hejie.css"])
def test_every_answer_is_hardened(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:  # a static file stays open until its answer is read or closed
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_scripts_in_a_page_need_the_nonce_of_their_answer(app: Flask) -> None:
    policies = [_policy(app, "<script nonce='{{ csp_nonce() }}'></script>") for _ in range(2)]
    assert "script-src 'self' 'nonce-" in policies[0]
    assert policies[0] != policies[1]


def test_a_page_without_scripts_of_its_own_lets_none_run_in_it(app: Flask) -> None:
    assert "script-src 'self';" in _policy(app, "<p></p>")


def _policy(app: Flask, page: str) -> str:
    with app.test_request_context("/"):
        app.preprocess_request()
        return app.process_response(Response(render_template_string(page))).headers["Content-Security-Policy"]


def test_pages_are_never_kept_and_fingerprinted_files_always(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.headers["Cache-Control"] == "no-store"
    style = next(part for part in page.text.split('"') if part.startswith("/static/css/hejie.css?v="))
    with client.get(style) as answer:
        assert "immutable" in answer.headers["Cache-Control"]


def test_cookies_are_hidden_from_scripts_and_bound_to_the_site(client: FlaskClient) -> None:
    cookie = client.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("hejie_visitor=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_behind_https_cookies_are_host_only(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEJIE_SECURE_COOKIES", "1")
    settings.cache_clear()
    try:
        answer = client.get("/sign-in")
        assert answer.headers["Set-Cookie"].startswith("__Host-hejie_visitor=")
        assert "Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_signing_in_without_the_form_token_is_refused(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"login": "duty", "password": demo.PASSWORD})
    assert answer.status_code == 403
    assert "hejie_session" not in answer.headers.get("Set-Cookie", "")
    assert 'value="duty"' in answer.text  # what was typed stays


def test_a_form_token_of_another_browser_is_refused(app: Flask, client: FlaskClient) -> None:
    foreign = token_in(app.test_client().get("/sign-in"))
    client.get("/sign-in")
    answer = client.post("/sign-in", data={"login": "duty", "password": demo.PASSWORD, "csrf_token": foreign})
    assert answer.status_code == 403


def test_a_form_of_another_site_is_refused(signed_in: Callable[[str], Browser]) -> None:
    browser = signed_in("duty")
    token = token_in(browser.get("/ledger"))
    answer = browser.post("/sign-out", data={"csrf_token": token}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert browser.get("/ledger").status_code == 200


def test_rest_with_a_cookie_needs_the_form_token(signed_in: Callable[[str], Browser]) -> None:
    browser = signed_in("duty")
    token = token_in(browser.get("/ledger"))
    assert browser.client.delete("/api/v1/tokens/current").status_code == 403
    assert browser.client.delete("/api/v1/tokens/current", headers={"X-CSRF-Token": token}).status_code == 204


def test_rest_with_a_token_needs_no_form_token(system: Callable[[str], Browser]) -> None:
    other = system("duty")
    assert other.client.delete("/api/v1/tokens/current", headers=other.headers).status_code == 204
    assert other.get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\tevil", "evil", ""],
)
def test_signing_in_leads_nowhere_else(client: FlaskClient, address: str) -> None:
    token = token_in(client.get("/sign-in"))
    data = {"login": "duty", "password": demo.PASSWORD, "csrf_token": token, "next": address}
    assert client.post("/sign-in", data=data).headers["Location"] == "/work"


def test_signing_in_leads_to_the_page_that_was_asked_for(client: FlaskClient) -> None:
    asked = client.get("/ledger?risk=RED")
    assert asked.status_code == 303
    assert asked.headers["Location"] == "/sign-in?next=/ledger?risk%3DRED"
    data = {"login": "duty", "password": demo.PASSWORD, "csrf_token": token_in(client.get(asked.headers["Location"]))}
    answer = client.post("/sign-in", data={**data, "next": "/ledger?risk=RED"})
    assert answer.headers["Location"] == "/ledger?risk=RED"


def test_guessing_is_slowed_down_and_says_so(client: FlaskClient) -> None:
    token = token_in(client.get("/sign-in"))
    data = {"login": "nobody-here", "password": "wrong", "csrf_token": token}
    answers = [client.post("/sign-in", data=data).status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 422, 429]
    assert "15" in client.post("/sign-in", data=data).text
    refused = client.post("/api/v1/tokens", json={"login": "nobody-here", "password": "wrong"})
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"


def test_signing_out_ends_the_session_everywhere(signed_in: Callable[[str], Browser]) -> None:
    browser = signed_in("duty")
    cookie = browser.client.get_cookie("hejie_session")
    assert cookie is not None
    browser.send("/ledger", {}, to="/sign-out")
    browser.client.set_cookie("hejie_session", cookie.value)
    assert browser.get("/ledger").status_code == 303


@pytest.mark.parametrize("address", ["/work", "/a/b?c=d", "/查询?x=%20"])
def test_own_addresses_are_local(address: str) -> None:
    assert auth.local(address) == address
