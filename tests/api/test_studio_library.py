"""The studio's library: what is in force, by whom and why, and where it is used; for administrators alone."""

from collections.abc import Callable

import pytest

from engine import casework, db
from engine.people import queries as people
from engine.workflow.definitions import File
from tests.api.conftest import Browser

Sign = Callable[[str], Browser]
LIBRARY = "/api/v1/studio/library"


@pytest.mark.parametrize("address", ["/studio", "/studio/library/process/intake", LIBRARY, f"{LIBRARY}/process/intake"])
def test_only_administrators_come_in(library: None, signed_in: Sign, address: str) -> None:
    assert signed_in("county").get(address).status_code == 403
    assert signed_in("admin").get(address).status_code == 200


def test_library_names_each_thing_in_the_readers_language(library: None, signed_in: Sign) -> None:
    admin = signed_in("admin")
    for language, process in (("zh", "受理与分流"), ("en", "Intake")):
        headers = {"Accept-Language": language}
        assert process in admin.get("/studio?locale=" + language).text
        items = admin.get(f"{LIBRARY}?kind=form&words=f-route", headers=headers).get_json()["items"]
        assert [one["definition"]["key"] for one in items] == ["f-route"]
        assert items[0]["title"] in admin.get(f"/studio?kind=form&locale={language}").text


def test_versions_tell_who_and_why_and_the_newest_is_shown(library: None, signed_in: Sign) -> None:
    content = next(file.content for file in casework.library() if file.name == "patrol/patrol.bpmn")
    with db.transaction() as session:
        admin = people.actor_by_login(session, "admin")
        changed = File("patrol.bpmn", content + b"<!-- changed -->")
        casework.deploy(session, admin, [changed], note="the bridge is closed")
    told = signed_in("admin").get(f"{LIBRARY}/process/patrol").get_json()["versions"]
    assert [one["definition"]["version"] for one in told] == [2, 1]
    assert told[0]["note"] == "the bridge is closed"
    assert [bool(one["by"]) for one in told] == [True, False]
    assert told[0]["definition"]["file_name"] == "patrol/patrol.bpmn"  # it stays in its bundle
    page = signed_in("admin").get("/studio/library/process/patrol?locale=en").text
    assert "the bridge is closed" in page
    assert "This is an older version" not in page
    assert (
        "This is an older version" in signed_in("admin").get("/studio/library/process/patrol?version=1&locale=en").text
    )


def test_uses_of_a_form_a_table_and_a_process(library: None, signed_in: Sign) -> None:
    admin = signed_in("admin")
    used = {
        (kind, key): {
            (one["key"], one["element_id"]) for one in admin.get(f"{LIBRARY}/{kind}/{key}").get_json()["uses"]
        }
        for kind, key in (
            ("form", "f-route"),
            ("process", "mediation"),
            ("process", "land"),
            ("decision", "land_road"),
        )
    }
    assert ("intake", "confirm") in used["form", "f-route"]
    assert ("civil-dispute", "mediation-call") in used["process", "mediation"]
    assert {process for process, _ in used["decision", "land_road"]} == {"land"}
    assert ("intake", "to-land") in used["process", "land"], "it throws the message that begins the other"


def test_a_table_is_used_by_the_table_that_asks_it(library: None, signed_in: Sign) -> None:
    uses = signed_in("admin").get(f"{LIBRARY}/decision/triage_gate").get_json()["uses"]
    assert ("decision", "triage") in [(one["kind"], one["key"]) for one in uses]
    page = signed_in("admin").get("/studio/library/decision/triage_gate").text
    assert 'href="/studio/library/decision/triage"' in page


def test_a_kind_that_is_none_and_a_key_that_nobody_has(library: None, signed_in: Sign) -> None:
    admin = signed_in("admin")
    for path in ("process/nobody", "labels/intake", "scenario/patrol"):
        assert admin.get(f"{LIBRARY}/{path}").status_code == 404
        assert admin.get(f"/studio/library/{path}").status_code == 404
