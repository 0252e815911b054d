"""Drafts: begun from what is in force, saved without overwriting, checked, compared, brought in and out."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete

from engine import casework, db
from engine.casework import statutes
from engine.deadlines.models import CatalogueEntry
from engine.studio import exchange
from tests.api.conftest import Browser

Sign = Callable[[str], Browser]
DRAFTS = "/api/v1/studio/drafts"
FOREIGN = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn elsewhere -->
<m:definitions xmlns:m="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:v="urn:vendor"
    targetNamespace="urn:x" v:made="yes">
  <m:process id="elsewhere" v:colour="red"><m:startEvent id="begin"/></m:process>
</m:definitions>
"""


@pytest.fixture
def admin(library: None, system: Sign) -> Browser:
    """An administrator's other system."""
    return system("admin")


def begun(admin: Browser, **what: Any) -> dict[str, Any]:
    """A draft, begun."""
    answer = admin.post(DRAFTS, json={"kind": "process", "key": "patrol", **what})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def file_of(draft: dict[str, Any], name: str) -> str:
    """The address of a file."""
    return f"{DRAFTS}/{draft['id']}/files/{name}"


def test_a_draft_holds_the_whole_bundle_as_it_is_in_force(admin: Browser) -> None:
    draft = begun(admin)
    names = {one["name"] for one in draft["files"]}
    assert {
        "patrol/patrol.bpmn",
        "patrol/bundle.toml",
        "patrol/labels.en.toml",
        "patrol/scenarios/patrol.yaml",
    } <= names
    assert all(one["base"] for one in draft["files"])
    shipped = {file.name: file.content for file in casework.library()}
    for name in names:
        assert admin.get(file_of(draft, name)).data == shipped[name]
    assert admin.get(f"{DRAFTS}/{draft['id']}/changes").get_json() == {"items": []}
    taken = admin.get("/api/v1/studio/library/process/patrol/archive").data
    assert exchange.unpacked(taken) == {name: shipped[name] for name in names}


def test_the_second_to_save_is_told_and_nothing_is_overwritten(admin: Browser) -> None:
    draft = begun(admin)
    place = file_of(draft, "patrol/bundle.toml")
    read = admin.get(place)
    first, second = read.data + b"# first\n", read.data + b"# second\n"
    assert admin.put(place, data=first, headers={"If-Match": read.headers["ETag"]}).get_json()["number"] == 2
    late = admin.put(place, data=second, headers={"If-Match": read.headers["ETag"]})
    assert (late.status_code, late.get_json()["code"]) == (412, "draft-changed")
    gone = admin.put(file_of(draft, "patrol/gone.toml"), data=second, headers={"If-Match": read.headers["ETag"]})
    assert (gone.status_code, gone.get_json()["code"]) == (404, "draft-unknown")
    assert admin.get(place).data == first
    compared = admin.post(
        f"{DRAFTS}/{draft['id']}/changes", json={"name": "patrol/bundle.toml", "content": second.decode()}
    ).get_json()["items"]
    assert "-# first" in compared[0]["lines"]
    assert "+# second" in compared[0]["lines"]
    own = admin.post(f"{DRAFTS}/{draft['id']}/own/patrol/bundle.toml", data=second).get_json()
    assert own["id"] != draft["id"]
    assert admin.get(file_of(own, "patrol/bundle.toml")).data == second
    assert admin.put(place, data=second, headers={"If-Match": "nonsense"}).status_code == 412


def test_an_old_version_comes_back_as_a_draft(admin: Browser) -> None:
    shipped = next(file for file in casework.library() if file.name == "hazard/hazard.bpmn")
    changed = shipped.content.replace(b"</bpmn:definitions>", b"<!-- changed --></bpmn:definitions>")
    with db.transaction() as session:
        casework.deploy(session, None, [type(shipped)("hazard.bpmn", changed)])
    draft = begun(admin, key="hazard", version=1)
    assert admin.get(file_of(draft, "hazard/hazard.bpmn")).data == shipped.content
    assert [one["name"] for one in admin.get(f"{DRAFTS}/{draft['id']}/changes").get_json()["items"]] == [
        "hazard/hazard.bpmn"
    ]


def test_changes_are_told_by_element(admin: Browser) -> None:
    draft = begun(admin)
    place = file_of(draft, "patrol/patrol.bpmn")
    read = admin.get(place)
    content = read.data.replace(b'candidateGroups="', b'candidateGroups="leader,', 1)
    assert content != read.data
    admin.put(place, data=content, headers={"If-Match": read.headers["ETag"]})
    [file] = admin.get(f"{DRAFTS}/{draft['id']}/changes").get_json()["items"]
    assert [(one["verb"], one["type"]) for one in file["elements"]] == [("changed", "userTask")]


def test_findings_name_the_element_in_the_readers_language(admin: Browser) -> None:
    draft = begun(admin)
    content = (
        admin.get(file_of(draft, "patrol/patrol.bpmn")).data.decode().replace('formId="f-patrol"', 'formId="f-none"')
    )
    address, body = f"{DRAFTS}/{draft['id']}/findings", {"name": "patrol/patrol.bpmn", "content": content}
    for language, words in (("zh", "没有"), ("en", "There is no form f-none.")):
        told = admin.post(address, json=body, headers={"Accept-Language": language}).get_json()["items"]
        assert [one["rule"] for one in told] == ["unknown-form"]
        assert words in told[0]["message"]
        assert told[0]["element_id"]
    assert admin.post(address, json={}).get_json() == {"items": []}


@pytest.mark.parametrize("kind,key", [("process", "civil-dispute"), ("process", "intake"), ("decision", "land_road")])
def test_a_copy_runs_beside_the_original(admin: Browser, kind: str, key: str) -> None:
    draft = begun(admin, kind=kind, key=key, copy_as="another")
    assert {one["name"].split("/")[0] for one in draft["files"]} == {"another"}
    found = admin.post(f"{DRAFTS}/{draft['id']}/findings", json={}).get_json()["items"]
    assert [one for one in found if one["severity"] == "error"] == []
    files = {one["name"]: admin.get(file_of(draft, one["name"])).data for one in draft["files"]}
    assert not [name for name, content in files.items() if f'id="{key}"'.encode() in content]
    taken = admin.post(DRAFTS, json={"kind": kind, "key": key, "copy_as": "patrol"})
    assert taken.get_json()["code"] == "key-taken"


def test_a_foreign_diagram_is_brought_in_and_out_byte_for_byte(admin: Browser) -> None:
    sent = {"file": (io.BytesIO(FOREIGN), "elsewhere.bpmn")}
    draft = admin.post("/api/v1/studio/imports", data=sent, content_type="multipart/form-data").get_json()
    [file] = draft["files"]
    assert file["base"] is None
    assert admin.get(file_of(draft, file["name"])).data == FOREIGN
    archive = admin.get(f"{DRAFTS}/{draft['id']}/archive").data
    assert exchange.unpacked(archive) == {file["name"]: FOREIGN}


@pytest.mark.parametrize(("encoding", "says"), [("utf-16", "UTF-16"), ("gb18030", "GBK"), ("gb18030", "gb2312")])
def test_a_diagram_in_another_encoding_keeps_every_word(admin: Browser, encoding: str, says: str) -> None:
    text = FOREIGN.decode().replace("drawn elsewhere", "朱镕的图")
    raw = text.replace('"UTF-8"', f'"{says}"').encode(encoding)
    sent = {"file": (io.BytesIO(raw), "elsewhere.xml")}
    draft = admin.post("/api/v1/studio/imports", data=sent, content_type="multipart/form-data").get_json()
    assert [one["name"] for one in draft["files"]] == ["elsewhere/elsewhere.bpmn"]
    assert admin.get(file_of(draft, "elsewhere/elsewhere.bpmn")).data == text.encode()


def spoilt() -> bytes:
    """A ZIP of which what is packed was hurt on the way."""
    content = bytearray(exchange.archive({"a/x.bpmn": FOREIGN}))
    content[60:90] = bytes(one ^ 0x55 for one in content[60:90])
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("elsewhere.bpmn", FOREIGN.decode().replace("drawn", "画").encode("gb18030"), "file-unreadable", "as utf-8"),
        ("letter.docx", b"PK", "file-unfit", "belongs in no bundle"),
        ("bundle.zip", b"none", "archive-invalid", "a ZIP of a bundle"),
        ("bundle.ZIP", b"none", "archive-invalid", "a ZIP of a bundle"),
        ("bundle.zip", spoilt(), "archive-invalid", "a ZIP of a bundle"),
        ("bundle.zip", exchange.archive({"a/x.bpmn": FOREIGN, "a/b.exe": b""}), "file-unfit", "“a/b.exe”"),
    ],
)
def test_what_cannot_be_brought_in_says_why(admin: Browser, name: str, content: bytes, code: str, says: str) -> None:
    refused = admin.post(
        "/api/v1/studio/imports", data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data",
        headers={"Accept-Language": "en"},
    )  # fmt: skip
    assert (refused.status_code, refused.get_json()["code"]) == (422, code)
    assert says in refused.get_json()["detail"]


def test_an_archive_of_another_system_comes_in_without_what_that_one_adds(admin: Browser) -> None:
    files = {"a/PLAN.BPMN": FOREIGN, "__MACOSX/a/._PLAN.BPMN": b"x", "a/.DS_Store": b"x"}
    sent = {"file": (io.BytesIO(exchange.archive(files)), "A.ZIP")}
    draft = admin.post("/api/v1/studio/imports", data=sent, content_type="multipart/form-data").get_json()
    assert [one["name"] for one in draft["files"]] == ["a/PLAN.bpmn"]


@pytest.mark.parametrize(("encoding", "folder"), [("utf-8", "copy"), ("gb18030", "副本")])
def test_names_in_an_archive_that_says_no_encoding_are_read(admin: Browser, encoding: str, folder: str) -> None:
    name = f"{folder}/调解.bpmn"
    stand_in = "x" * len(name.encode(encoding))
    content = exchange.archive({stand_in: FOREIGN}).replace(stand_in.encode(), name.encode(encoding))
    assert list(exchange.unpacked(content)) == [name]
    sent = {"file": (io.BytesIO(content), "a.zip")}
    draft = admin.post("/api/v1/studio/imports", data=sent, content_type="multipart/form-data").get_json()
    assert [one["name"] for one in draft["files"]] == [name]


def test_a_draft_that_was_discarded_is_taken_up_again(admin: Browser, signed_in: Sign) -> None:
    draft = begun(admin, key="patrol")
    page = signed_in("admin")
    address = f"/studio/drafts/{draft['id']}"
    gone = page.send(address, {"do": "discard"})
    assert "notice=discarded" in gone.headers["Location"]
    assert admin.get(f"{DRAFTS}/{draft['id']}").get_json()["closed_at"]
    page.send(address, {"do": "take-up"})
    assert admin.get(f"{DRAFTS}/{draft['id']}").get_json()["closed_at"] is None
    page.send(address, {"do": "discard"})
    assert admin.post(f"{DRAFTS}/{draft['id']}/taken-up").get_json()["closed_at"] is None


def test_a_form_without_bottom_is_told_as_broken(admin: Browser, signed_in: Callable[[str], Browser]) -> None:
    sent = {"file": (io.BytesIO(b"[" * 100_000 + b"]" * 100_000), "deep.form.json")}
    draft = admin.post("/api/v1/studio/imports", data=sent, content_type="multipart/form-data").get_json()
    found = admin.post(f"{DRAFTS}/{draft['id']}/findings", json={}).get_json()["items"]
    assert [one["severity"] for one in found] == ["error"]
    assert admin.get(f"{DRAFTS}/{draft['id']}/words").status_code == 200
    assert signed_in("admin").get(f"/studio/drafts/{draft['id']}").status_code == 200


def test_a_bundle_goes_out_and_comes_in_again(admin: Browser) -> None:
    draft = begun(admin, key="intake")
    archive = admin.get(f"{DRAFTS}/{draft['id']}/archive").data
    sent = {"file": (io.BytesIO(archive), "intake.zip")}
    back = admin.post("/api/v1/studio/imports", data=sent, content_type="multipart/form-data").get_json()
    assert {one["name"] for one in back["files"]} == {one["name"] for one in draft["files"]}
    assert admin.get(f"{DRAFTS}/{back['id']}/archive").data == archive
    assert admin.get(f"{DRAFTS}/{back['id']}/changes").get_json() == {"items": []}


@pytest.mark.parametrize("name", ["../up.bpmn", "run.exe", "/root.bpmn", "a\\b.bpmn"])
def test_an_archive_holds_nothing_but_files_of_a_bundle(admin: Browser, name: str) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as content:
        content.writestr(zipfile.ZipInfo(name), b"x")
    made.seek(0)
    answer = admin.post("/api/v1/studio/imports", data={"file": (made, "a.zip")}, content_type="multipart/form-data")
    assert answer.get_json()["code"] in ("file-unfit", "archive-invalid")
    broken = {"file": (io.BytesIO(b"PK not a zip"), "a.zip")}
    answer = admin.post("/api/v1/studio/imports", data=broken, content_type="multipart/form-data")
    assert answer.get_json()["code"] == "archive-invalid"


def test_nobody_but_administrators_sees_or_changes_drafts(admin: Browser, system: Sign) -> None:
    draft, county = begun(admin), system("county")
    place = file_of(draft, "patrol/patrol.bpmn")
    asked = [county.get(one) for one in (DRAFTS, f"{DRAFTS}/{draft['id']}", place, f"{DRAFTS}/{draft['id']}/archive")]
    asked += [county.get(f"{DRAFTS}/{draft['id']}/{part}") for part in ("words", "changes")]
    asked += [county.put(place, data=b"", headers={"If-Match": "1"})]
    asked += [county.post(f"/api/v1/studio/{one}", json=body) for one, body in TOOLS.items()]
    asked += [county.post(DRAFTS, json={"kind": "process", "key": "patrol"})]
    assert {one.status_code for one in asked} == {403}


TOOLS: dict[str, dict[str, Any]] = {
    "expressions": {"expressions": ["=1"]},
    "decisions": {"content": "", "decision": "x"},
    "forms": {"content": "{}"},
}


def test_words_of_the_house_with_the_variables_of_the_process(admin: Browser) -> None:
    draft = begun(admin, key="land")
    found = admin.get(f"{DRAFTS}/{draft['id']}/words", headers={"Accept-Language": "en"}).get_json()
    assert {"key": "leader", "title": "Leader", "about": "", "parameters": {}} in found["roles"]
    assert "road" in found["variables"]["land"]
    assert "f-land-q" in found["answers"]
    assert next(one for one in found["deadlines"] if one["key"] == "pm.confirm.window")["about"].endswith("P30D")
    assert next(one for one in found["operations"] if one["key"] == "case.close")["parameters"]["reason"]


def test_expressions_are_tried_with_an_example_and_always_end(admin: Browser) -> None:
    endless = "=count(for a in 1..99999 return for b in 1..99999 return a)"
    body = {"expressions": ["=a + 1", "=a +", endless], "example": '{"a": 1}'}
    told = admin.post("/api/v1/studio/expressions", json=body).get_json()["items"]
    assert told[0]["value"] == "2"
    assert [bool(one["problem"]) for one in told] == [False, True, True]
    wrong = admin.post("/api/v1/studio/expressions", json={"expressions": [], "example": "[1]"})
    assert wrong.get_json()["code"] == "example-invalid"
    for broken, where in (('{"a":\n oh}', "第 2 行第 2 个字符"), ("[" * 100_000, "读不懂")):
        wrong = admin.post("/api/v1/studio/expressions", json={"expressions": [], "example": broken})
        assert where in wrong.get_json()["detail"]


def test_a_table_is_tried_and_says_which_rules_hold(admin: Browser) -> None:
    shipped = next(file for file in casework.library() if file.name == "land/land-road.dmn")
    told = admin.post(
        "/api/v1/studio/decisions", json={"content": shipped.content.decode(), "decision": "land_road", "example": "{}"}
    ).get_json()
    assert told["fired"]
    assert told["value"]


def test_a_form_is_shown_in_both_languages(admin: Browser) -> None:
    content = next(file.content.decode() for file in casework.library() if file.name == "f4-acceptance.form.json")
    for locale, words in (("zh", "受理"), ("en", "Accepted")):
        told = admin.post("/api/v1/studio/forms", json={"content": content, "locale": locale}).get_json()
        assert words in told["html"]
        assert told["problem"] == ""
    assert admin.post("/api/v1/studio/forms", json={"content": "{}"}).get_json()["problem"]


def test_pages_do_what_rest_does(library: None, signed_in: Sign) -> None:
    browser = signed_in("admin")
    thing = "/studio/library/process/patrol"
    draft = browser.send(thing, {}, to=f"{thing}/drafts").headers["Location"].partition("?")[0]
    page = browser.get(draft).text
    assert "patrol/patrol.bpmn" in page
    edit = f"{draft}/edit/patrol/bundle.toml"
    text = 'title = "巡查"\nmain = "patrol.bpmn"\n'
    assert browser.send(edit, {"number": "1", "content": text}).status_code == 303
    late = browser.send(edit, {"number": "1", "content": "later"})
    assert late.status_code == 412
    assert "later" in late.text
    added = browser.send(draft, {"kind": "form", "key": "f-another"}, to=f"{draft}/files")
    assert added.headers["Location"].endswith("/edit/f-another.form.json")
    known = browser.send(draft, {"kind": "form", "key": "f-patrol"}, to=f"{draft}/files")
    assert known.headers["Location"].endswith("/edit/f-patrol.form.json")
    assert "f-patrol" in browser.get(known.headers["Location"]).text
    assert browser.send(draft, {"do": "discard"}).status_code == 303
    assert browser.send(draft, {"do": "discard"}).status_code == 409


def test_who_was_first_is_told_by_name(admin: Browser) -> None:
    place = file_of(begun(admin), "patrol/patrol.bpmn")
    admin.put(place, data=b"<x/>", headers={"If-Match": "1"})
    late = admin.put(place, data=b"<y/>", headers={"If-Match": "1", "Accept-Language": "en"})
    assert late.get_json()["detail"].startswith("示例管理员 saved this file")


def test_deadlines_are_those_that_the_county_keeps(admin: Browser) -> None:
    draft = begun(admin, key="civil-dispute")
    kept = {"in_force_from": date(2020, 1, 1), "starts_at": "accepted", "duration": "P9D", "rule": "extend: never"}
    with db.transaction() as session:
        for key, duty_of in (("county-promise", "county"), ("county-habit", "management")):
            names = {"name": "县里的承诺", "name_en": "A promise", "law": "县规 §1"}
            session.add(CatalogueEntry(key=key, duty_of=duty_of, **names, **kept))
    words = admin.get(f"{DRAFTS}/{draft['id']}/words").get_json()["deadlines"]
    assert {"county-promise", "county-habit"} < {one["key"] for one in words}
    place = file_of(draft, "civil-dispute/civil-dispute.bpmn")
    text = admin.get(place).text

    def named(key: str) -> tuple[set[str], set[str]]:
        content = re.sub(r'name="hejie.deadline" value="[^"]*"', f'name="hejie.deadline" value="{key}"', text, count=1)
        assert key in content
        saved = {"name": "civil-dispute/civil-dispute.bpmn", "content": content}
        found = admin.post(f"{DRAFTS}/{draft['id']}/findings", json=saved).get_json()["items"]
        with db.transaction() as session:
            carried = statutes.carried(session, {saved["name"]: content.encode()})
        return {one["rule"] for one in found} & {"unknown-deadline"}, {key} & {*carried}

    assert named("county-promise") == (set(), {"county-promise"})
    assert named("county-habit") == (set(), set())
    assert named("county-rumour") == ({"unknown-deadline"}, set())
    with db.transaction() as session:
        session.execute(delete(CatalogueEntry).where(CatalogueEntry.key.startswith("county-")))
