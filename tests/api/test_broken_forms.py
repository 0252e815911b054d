"""No form brings the house down: every page takes broken ids and empty fields without an error of its own (500)."""

import inspect
import re
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import api.pages
from engine import clock
from tests.api.conftest import Browser, token_in
from tests.api.steps import Report, System, at_triage, do, task_of

BROKEN = ("", "§", "\0")
"""Nothing; what is no id, number, day or code; what no text of the database can hold."""
FIELD = re.compile(r'(?:get|getlist|posted_ids?|_identity)\((?:typed, )?"(\w+)"|\["(\w+)"\]')
CHOICE = re.compile(r'case ("\w+"(?: \| "\w+")*)|get\("do"\) == ("\w+")')
SOURCES = [path.read_text(encoding="utf-8") for path in Path(api.pages.__file__).parent.rglob("*.py")]
FIELDS = {one for source in SOURCES for found in FIELD.findall(source) for one in found if one} - {"csrf_token"}
NAMES = {
    "kind": "process", "key": "civil-dispute", "name": "civil-dispute.bpmn", "rule": "1", "run": "1", "step": "start",
    "element": "triage",
}  # fmt: skip
ACTS = ("variables", "modify", "migrate", "return", "timer", "retry", "suspend")
APART = {"/sign-in", "/sign-out"}
"""They end who one is."""


def choices(app: Flask, endpoint: str) -> list[str]:
    """What the buttons of a page do, as its code tells them apart."""
    view = getattr(app.view_functions[endpoint], "view_class", None)
    found = CHOICE.findall(inspect.getsource(view)) if view else []
    return [one for pair in found for one in re.findall(r"\w+", " ".join(pair))] or [""]


@pytest.fixture
def known(system: System, report: Report, library: None) -> dict[str, str]:
    """Ids by which pages go as far as reading their fields: of a case with a sitting, and of a draft."""
    duty, _, case_id = at_triage(system, report)
    do(duty, case_id, "triage")
    do(duty, case_id, "confirm")
    mediator, admin = system("mediator"), system("admin")
    for element in ("consent", "register"):
        do(mediator, case_id, element)
    task = task_of(mediator, case_id, "mediator")
    at = (clock.now() + timedelta(days=9)).isoformat()
    soon = {"kind": "session", "starts_at": at, "minutes": 60, "place": "村委会"}
    sitting = mediator.post(f"/api/v1/cases/{case_id}/sittings", json=soon).get_json()
    draft = admin.post("/api/v1/studio/drafts", json={"kind": "process", "key": "civil-dispute"}).get_json()
    party = mediator.get(f"/api/v1/cases/{case_id}/parties").get_json()["items"][0]
    return {
        "case_id": case_id, "task_id": task["id"], "instance_id": task["instance_id"], "sitting_id": sitting["id"],
        "draft_id": draft["id"], "party_id": party["id"],
    }  # fmt: skip


def addresses(app: Flask, known: dict[str, str]) -> list[tuple[str, str]]:
    """Every address to which a page sends a form, and the endpoint behind it."""
    found = []
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.rule.startswith("/api/") or rule.rule in APART:
            continue
        for act in ACTS if "act" in rule.arguments else ("",):
            values: dict[str, Any] = {one: known.get(one, known["case_id"]) for one in rule.arguments}
            values |= {one: name for one, name in {**NAMES, "act": act}.items() if one in rule.arguments}
            built = app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
            found.append((built, rule.endpoint))
    return found


def test_no_page_fails_at_fields_that_cannot_be_read(
    app: Flask, signed_in: Any, known: dict[str, str], subtests: pytest.Subtests
) -> None:
    """As a mediator, for petitions and as an administrator, so that whoever may do it is among them."""
    people: dict[str, Browser] = {login: signed_in(login) for login in ("mediator", "petition", "admin")}
    tokens = {login: token_in(one.get("/account")) for login, one in people.items()}
    for address, endpoint in addresses(app, known):
        with subtests.test(address=address):
            for broken, choice in product(BROKEN, choices(app, endpoint)):
                fields = dict.fromkeys(FIELDS, broken) | {"to-" + broken: "x", "map-" + broken: "x"}
                for login, one in people.items():
                    data = {**fields, "do": choice, "command": "suspend", "csrf_token": tokens[login]}
                    assert one.post(address, data=data).status_code < 500, (broken, choice, login)


def test_somebody_signed_in_is_so_at_an_address_that_there_is_not(signed_in: Any) -> None:
    page = signed_in("mediator").get("/nothing-of-this-name")
    assert page.status_code == 404 and 'href="/account"' in page.text and 'href="/sign-in"' not in page.text
