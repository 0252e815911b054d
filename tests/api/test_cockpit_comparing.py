"""The cockpit's comparing: versions, files and drafts beside what is deployed, and tried on all that runs."""

import re

import pytest

from tests.api.conftest import Browser
from tests.api.operating import new_key, start
from tests.api.steps import System, do_all
from tests.api.test_cockpit_pages import EN, SignIn
from tests.api.test_rest_batches import version
from tests.engine.workflow.diagrams import END, START, diagram, flow, user_task

pytestmark = pytest.mark.usefixtures("library")


def test_versions_are_compared_and_all_that_runs_is_tried(signed_in: SignIn, system: System) -> None:
    key = new_key()
    version(key, "a")
    made = [start(system("admin"), key)["id"] for _ in range(3)]
    target = version(key, "b")
    admin = signed_in("admin")
    page = admin.get(f"/cockpit/processes/{key}/compare", headers=EN).text
    assert re.findall(r'data-element="(a|b)" data-state="(\w+)"', page) == [("a", "removed"), ("b", "added")]
    assert "3 tokens stand in version 1." in page
    differences = system("admin").get(f"/api/v1/definitions/{target}/differences?to={target}")
    assert differences.get_json() == {"items": []}
    given = {"command": "migrate", "process": key, "version": "1", "definition": target, "reason": "law"}
    compare = f"/cockpit/processes/{key}/compare"
    dry = admin.send(compare, {**given, "map-a": ""}, to="/cockpit/batches/new")
    refused = admin.get(dry.headers["Location"], headers=EN).text
    assert "cannot go" in refused
    assert ">Begin<" not in refused
    mapped = admin.send(compare, {**given, "map-a": "b"}, to="/cockpit/batches/new").headers["Location"]
    page = admin.get(mapped, headers=EN).text
    number = re.search(r'name="version" value="(\d+)"', page)
    assert number
    assert admin.send(mapped, {"version": number[1]}, to=f"{mapped}/start").status_code == 303
    do_all()
    standing = admin.get(f"/cockpit/processes/{key}").text
    assert 'data-element="b" data-state="active" data-count="3"' in standing
    assert all(one in admin.get(mapped).text for one in made)


def test_a_version_is_compared_with_a_file(system: System) -> None:
    key = new_key()
    old = version(key, "a")
    body = START + user_task("a") + user_task("b") + END + flow("start", "a") + flow("a", "b") + flow("b", "end")
    draft = diagram(body, key=key).decode()
    address = f"/api/v1/definitions/{old}/differences"
    found = system("admin").post(address, json={"content": draft}).get_json()["items"]
    assert {one["id"]: one["kind"] for one in found} == {
        "b": "added", "a_end": "removed", "a_b": "added", "b_end": "added",
    }  # fmt: skip
    broken = system("admin").post(address, json={"content": "<none/>"})
    assert broken.get_json()["code"] == "deployment-refused"
    assert system("duty").post(address, json={"content": draft}).status_code == 403


def drafted(admin: Browser, key: str, content: str) -> str:
    """A draft of a process, drawn otherwise; its id."""
    begun = admin.post("/api/v1/studio/drafts", json={"kind": "process", "key": key}).get_json()
    [name] = [one["name"] for one in begun["files"]]
    saved = admin.put(
        f"/api/v1/studio/drafts/{begun['id']}/files/{name}", data=content.encode(), headers={"If-Match": '"1"'}
    )
    assert saved.status_code == 200, saved.text
    return str(begun["id"])


def test_a_draft_is_compared_and_tried_on_all_that_runs(signed_in: SignIn, system: System) -> None:
    admin, key = system("admin"), new_key()
    version(key, "a", "b")
    first = start(admin, key)["id"]
    version(key, "a", "c")
    start(admin, key)
    body = START + user_task("other") + END + flow("start", "other") + flow("other", "end")
    content = diagram(body, key=key).decode()
    draft = drafted(admin, key, content)
    address = f"/studio/drafts/{draft}/compare/{key}"
    assert f'href="{address}"' in signed_in("admin").get(f"/studio/drafts/{draft}").text
    page = signed_in("admin").get(address, headers=EN).text
    told = dict(re.findall(r'data-element="(a|c|other)" data-state="(\w+)"', page))
    assert told == {"a": "removed", "c": "removed", "other": "added"}
    assert "2 tokens stand in what runs, in any version." in page
    assert signed_in("admin").get(f"{address}/diagram").text == content
    made = signed_in("admin").send(address, {"map-a": "other"}).headers["Location"]
    listed = signed_in("admin").get(made, headers=EN).text
    assert "2 running instances were tried. Nothing was changed." in listed
    assert ">Begin<" not in listed
    asked = {"command": "try", "process": key, "content": content, "mapping": {"a": "other"}, "reason": "x"}
    same = admin.post("/api/v1/batches", json=asked)
    assert (same.get_json()["state"], same.get_json()["counts"]) == ("done", {"todo": 2})
    assert "content" not in same.get_json()["given"]
    moves = [admin.get(f"/api/v1/batches/{one.rpartition('/')[2]}/moves").get_json() for one in
             (made, same.headers["Location"])]  # fmt: skip
    assert moves[0] == moves[1]
    assert [(one["element_id"], one["to"], one["tokens"]) for one in moves[0]["items"]] == [("a", "other", 2)]
    begun = admin.post(f"{same.headers['Location']}/start")
    assert begun.get_json()["code"] == "batch-state"
    assert admin.get(f"/api/v1/instances/{first}").get_json()["version"] == 1
    assert signed_in("duty").get(address).status_code == 403


def test_a_draft_with_errors_says_them_where_it_would_be_compared(signed_in: SignIn, system: System) -> None:
    admin, key = system("admin"), new_key()
    version(key, "a")
    broken = diagram(START + user_task("a") + flow("start", "a") + flow("a", "nowhere"), key=key)
    draft = drafted(admin, key, broken.decode())
    page = signed_in("admin").get(f"/studio/drafts/{draft}/compare/{key}", headers=EN)
    assert page.status_code == 200
    assert "mend this first" in page.text
    assert signed_in("admin").send(f"/studio/drafts/{draft}/compare/{key}", {}).status_code == 422
