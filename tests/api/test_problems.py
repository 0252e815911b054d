"""One shape for everything that is refused."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.routing import Rule

from api import problems, refused_fields
from engine.casework.errors import Outdated
from engine.errors import Conflict, FieldError, Invalid
from engine.workflow.errors import TaskNotOpen
from tests.api.conftest import Browser

MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id"}
EXAMPLES = {"uuid": "01a20916-b2ba-7dbd-8f25-e8e14c976ad5", "int": "999999999", "default": "nothing-of-this-name"}


def address(rule: Rule) -> str:
    """An address of a rule, with arguments that mean nothing."""
    built = rule.rule
    for name in rule.arguments:
        for converter, example in EXAMPLES.items():
            prefix = "" if converter == "default" else f"{converter}:"
            built = built.replace(f"<{prefix}{name}>", example)
    return re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", built)


def test_every_rest_address_refuses_in_one_shape(app: Flask, client: FlaskClient) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    assert len(rules) > 5
    for rule in rules:
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
            answer = client.open(address(rule), method=method)
            if answer.status_code >= 400:
                assert answer.mimetype == problems.MEDIA_TYPE, (rule, method, answer.text)
                body = answer.get_json()
                assert body.keys() >= MEMBERS, (rule, method)
                assert body["status"] == answer.status_code < 500


def test_nobody_reads_anything_without_signing_in(app: Flask, client: FlaskClient) -> None:
    public = {
        "/api/v1/openapi.json", "/api/v1/reports/<tracking_code>", "/api/v1/mediators",
        # when a body has time, and the numbers that its hall calls: for anybody who comes
        "/api/v1/bodies/<uuid:unit_id>/times", "/api/v1/bodies/<uuid:unit_id>/called",
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/") and "GET" in (rule.methods or ()) and rule.rule not in public:
            assert client.get(address(rule)).status_code == 401, rule


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not-found"),
        ("PATCH", "/api/v1/me", 405, "method-not-allowed"),
        ("GET", "/api/v1/me", 401, "sign-in-needed"),
    ],
)
def test_what_flask_refuses_takes_the_same_shape(
    client: FlaskClient, method: str, path: str, status: int, code: str
) -> None:
    body = client.open(path, method=method).get_json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"/api/docs#problem-{code}"
    assert body["instance"] == path


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Must be greater than or equal to 1 and less than or equal to 500.", "应在 1 到 500 之间。"),
        ("Longer than maximum length 200.", "最多 200 个。"),
        ("Must be one of: zh, en.", "应为其中之一：zh, en。"),
        ("Field may not be null.", "此项不能为空。"),
    ],
)
def test_what_marshmallow_says_is_said_in_the_readers_language(app: Flask, english: str, chinese: str) -> None:
    for locale, said in (("en", english), ("zh", chinese)):
        with app.test_request_context(f"/?locale={locale}"):
            assert refused_fields.in_words(english) == said


def test_broken_json_is_said_to_be_broken(client: FlaskClient) -> None:
    answer = client.post("/api/v1/tokens", data="{", content_type="application/json")
    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["detail"]


def test_wrong_members_are_named_by_pointer(client: FlaskClient) -> None:
    answer = client.post("/api/v1/tokens", json={"login": 3, "more": True})
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.get_json()["errors"]} == {"/login", "/password", "/more"}


def test_wrong_parameters_are_named(system: Callable[[str], Browser]) -> None:
    answer = system("duty").get("/api/v1/ledger?limit=1000", headers={"Accept-Language": "en"})
    assert answer.get_json()["errors"] == [
        {"parameter": "limit", "code": "invalid", "detail": "Choose a number from 1 to 100."}
    ]


@pytest.mark.parametrize(("language", "sentence"), [("zh-CN", "请先登录。"), ("en", "Sign in first.")])
def test_sentences_come_in_the_language_that_is_accepted(client: FlaskClient, language: str, sentence: str) -> None:
    answer = client.get("/api/v1/me", headers={"Accept-Language": language})
    assert answer.get_json()["detail"] == sentence


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    english = {"Accept-Language": "en"}
    answer = client.post("/api/v1/tokens", data=b" " * 2_000_000, content_type="application/json", headers=english)
    assert answer.status_code == 413
    assert "at most 1 MB" in answer.get_json()["detail"]


def test_who_sends_too_much_stays_signed_in_and_hears_how_much_goes(signed_in: Callable[[str], Browser]) -> None:
    page = signed_in("duty").post("/account", data={"name": "x" * 2_000_000})
    assert page.status_code == 413
    assert re.search(r"1\sMB", page.text) and 'href="/account"' in page.text


def test_facts_of_a_refusal_travel_beside_the_standard_members(app: Flask) -> None:
    with app.test_request_context("/api/v1/tasks/1"):
        problem = problems.of(TaskNotOpen(task="1", status="stolen", by="somebody"))
        body = problem.body()
    assert body["by"] == "somebody"
    assert body["status"] == 409


def test_wrong_answers_keep_their_pointer_and_code(app: Flask) -> None:
    field = FieldError("/parties/0/name", "required", "Missing data for required field.")
    with app.test_request_context("/api/v1/tasks/1"):
        body = problems.of(Invalid(fields=[field])).body()
    assert body["errors"] == [{"pointer": "/parties/0/name", "code": "required", "detail": body["errors"][0]["detail"]}]


@pytest.mark.parametrize(
    ("error", "status"),
    [(Conflict(), 409), (Outdated(), 412), (OperationalError("", {}, Exception()), 503), (KeyError(), 500)],
)
def test_each_kind_has_one_status(error: Exception, status: int) -> None:
    assert problems.status_of(error)[0] == status


def test_what_breaks_here_shows_no_details(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.view_functions, "home.page", lambda: 1 / 0)
    answer = app.test_client().get("/")
    assert answer.status_code == 500
    assert "division by zero" not in answer.text
    assert answer.headers["X-Request-ID"] in answer.text


def test_pages_say_the_same_in_html(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "Check the address" in answer.text
