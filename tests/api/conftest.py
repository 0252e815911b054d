"""The application on the real database with the demo county, and people who use it."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from flask import Flask, Response, request, request_finished
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api import problems
from api.app import create_app
from api.problems import MEDIA_TYPE
from engine import casework, db, demo
from engine.people import commands as people
from engine.people.models import FailedSignIn
from tests.databases import fresh_database, using
from tests.factories import LAND

DOMAIN_CODES = {kind.code for kind, _ in problems.known()}
FIELD = re.compile(r'name="csrf_token" value="(\w+)"')


@pytest.fixture(scope="session")
def county(database: str) -> None:
    """The demo county's people and places."""
    with using(database), db.transaction() as session:
        demo.load(session)


@pytest.fixture(scope="session")
def app(county: None) -> Flask:
    """The application."""
    return create_app(testing=True)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A browser in which nobody is signed in; failed sign-ins of other tests are forgotten."""
    with db.transaction() as session:
        session.query(FailedSignIn).delete()
    yield app.test_client()


@dataclass
class Browser:
    """A signed-in browser, or another system with a token (`headers`)."""

    client: FlaskClient
    headers: dict[str, str]

    def get(self, address: str, **more: Any) -> TestResponse:
        """Ask for a page or a resource."""
        return self.client.get(address, headers={**self.headers, **more.pop("headers", {})}, **more)

    def post(self, address: str, **more: Any) -> TestResponse:
        """Send a form (with the token of its page) or JSON."""
        return self.client.post(address, headers={**self.headers, **more.pop("headers", {})}, **more)

    def put(self, address: str, **more: Any) -> TestResponse:
        """Replace something."""
        return self.client.put(address, headers={**self.headers, **more.pop("headers", {})}, **more)

    def delete(self, address: str) -> TestResponse:
        """Take something away."""
        return self.client.delete(address, headers=self.headers)

    def send(self, page: str, data: dict[str, Any], *, to: str | None = None) -> TestResponse:
        """Open a page and send its form."""
        return self.post(to or page, data={"csrf_token": token_in(self.get(page)), **data})


def token_in(page: TestResponse) -> str:
    """The form token of a page."""
    found = FIELD.search(page.text)
    assert found, page.text[:500]
    return found[1]


@pytest.fixture
def signed_in(app: Flask, county: None) -> Callable[[str], Browser]:
    """Sign a demo account in with a browser: ``signed_in("duty")``."""

    def sign_in(login: str) -> Browser:
        client = app.test_client()
        data = {"login": login, "password": demo.PASSWORD, "csrf_token": token_in(client.get("/sign-in"))}
        assert client.post("/sign-in", data=data).status_code == 303
        return Browser(client, {})

    return sign_in


@pytest.fixture
def system(app: Flask, county: None) -> Callable[[str], Browser]:
    """Another system with a token of a demo account."""

    def with_token(login: str) -> Browser:
        with db.transaction() as session:
            token = people.sign_in(session, login, demo.PASSWORD, "127.0.0.1")
        return Browser(app.test_client(), {"Authorization": f"Bearer {token}"})

    return with_token


@pytest.fixture(scope="module")
def library(database: str) -> Iterator[None]:
    """The product on a database of its own, since what is done through REST is committed."""
    with fresh_database(f"rest_{os.getpid()}") as url, using(url):
        with db.transaction() as session:
            casework.deploy(session, None, casework.library())
            demo.load(session)
        yield


@pytest.fixture
def report(app: Flask, library: None) -> Callable[..., dict[str, Any]]:
    """Report as a villager; returns the answer's body."""

    def made(given: dict[str, Any] = LAND, **headers: str) -> dict[str, Any]:
        answer = app.test_client().post("/api/v1/reports", json={"answers": given}, headers=headers)
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.get_json()
        return body

    return made


@pytest.fixture(autouse=True)
def described() -> Iterator[None]:
    """Whatever is refused under /api/v1 in any test stands in the description of the operation, with its code."""
    missing: list[str] = []

    def look_up(sender: Flask, response: Response, **_: Any) -> None:
        if response.mimetype == MEDIA_TYPE and request.url_rule and response.status_code < 500:
            code = str(response.get_json()["code"])
            if code in DOMAIN_CODES and f"`{code}`" not in refusal(sender, response.status_code):
                missing.append(f"{request.method} {request.url_rule.rule}: {response.status_code} {code}")

    with request_finished.connected_to(look_up):
        yield
    assert missing == []


def refusal(app: Flask, status: int) -> str:
    """What the description says of a status of the operation that was just asked."""
    assert request.url_rule
    path = re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", request.url_rule.rule)
    operation = _description(app)["paths"][path][request.method.lower()]
    return str(operation["responses"].get(str(status), {}).get("description", ""))


@cache
def _description(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return found
