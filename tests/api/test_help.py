"""Help: every page leads to its section in both languages, every role has its first day, all of it prints."""

import json
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, url_for
from pypdf import PdfReader

from api import handbook
from api.pages.frame import FURTHER, NAVIGATION
from engine.casework.house import LIBRARY
from engine.people.roles import ROLES
from tests.api.conftest import Browser

SomeoneSigned = Callable[[str], Browser]
LOCALES = ("zh", "en")


def test_every_page_of_the_navigation_has_its_section_in_both_languages() -> None:
    for endpoint, _ in (page for part in (*NAVIGATION.values(), *FURTHER.values()) for page in part):
        key = handbook.section_of(endpoint)
        for locale in LOCALES:
            assert key in handbook.sections(locale), f"{endpoint} has no section in api/help/{locale}.md"


def test_the_handbook_is_the_same_in_both_languages() -> None:
    chinese, english = (handbook.sections(locale) for locale in LOCALES)
    assert list(chinese) == list(english)
    assert all(len(section.text) > 25 for found in (chinese, english) for section in found.values())
    for key in chinese:
        assert chinese[key].text.count("\n- ") == english[key].text.count("\n- "), key


def test_every_role_has_a_first_day_that_leads_to_real_pages(app: Flask) -> None:
    with app.test_request_context():
        for role in ROLES:
            steps = handbook.first_day([role], "en")
            assert len(steps) >= 3 or role == "worker", role
            assert all(url_for(step.page) for step in steps)
    assert handbook.steps() == {step.key for step in handbook.first_day(ROLES, "zh")}, "no step is without a role"


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("/board", "board"),
        ("/coverage", "coverage"),
        ("/people/find", "search"),
        ("/receptions", "receptions"),
        ("/ledger", "ledger"),
    ],
)
def test_a_page_leads_to_its_section(county: None, signed_in: SomeoneSigned, page: str, section: str) -> None:
    county_officer = signed_in("county")
    assert f'href="/help/{section}"' in county_officer.get(page).text
    assert county_officer.get(f"/help/{section}").status_code == 200


def test_help_is_open_to_villagers_and_names_no_section_that_is_not_there(app: Flask) -> None:
    client = app.test_client()
    assert 'href="/help/report"' in client.get("/report").text
    assert client.get("/help").status_code == 200
    assert client.get("/help/none").status_code == 404


def test_a_step_is_ticked_off_by_each_for_themselves(
    county: None, signed_in: SomeoneSigned, system: Callable[[str], Browser]
) -> None:
    duty = signed_in("duty")
    for _ in range(2):
        assert duty.send("/help", {"step": "board", "done": "1"}).status_code == 303
    ticked = {one["step"] for one in system("duty").get("/api/v1/me/first-day").get_json() if one["done"]}
    assert ticked == {"board"}
    assert not any(one["done"] for one in system("duty2").get("/api/v1/me/first-day").get_json())
    back = system("duty").put("/api/v1/me/first-day", json={"step": "board", "done": False}).get_json()
    assert not any(one["done"] for one in back)
    assert system("duty").put("/api/v1/me/first-day", json={"step": "none", "done": True}).status_code == 404


@pytest.mark.parametrize("locale", LOCALES)
def test_the_printed_handbook_holds_every_section(app: Flask, locale: str) -> None:
    printed = app.test_client().get("/help/handbook.pdf", headers={"Accept-Language": locale}).data
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(printed)).pages).replace("\n", "").replace(" ", "")
    for section in handbook.sections(locale).values():
        assert section.title.replace(" ", "") in text


def fields(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The questions of a form, those within groups and lists too."""
    for part in parts:
        yield from fields(part.get("components", []))
        if "key" in part and part["type"] != "expression":  # that asks nothing: it works something out
            yield part


@pytest.mark.parametrize("form", sorted(LIBRARY.glob("*.form.json")), ids=lambda path: path.name)
def test_every_question_says_why_it_is_asked_in_both_languages(form: Path) -> None:
    unexplained = [
        field["key"]
        for field in fields(json.loads(form.read_text(encoding="utf-8"))["components"])
        for said in [field.get("properties", {})]
        if not (said.get("why") and said.get("why.en"))
    ]
    assert unexplained == []
