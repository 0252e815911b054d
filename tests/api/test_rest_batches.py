"""Migration and batches through REST."""

from itertools import pairwise

import pytest

from engine import db
from engine.workflow import definitions
from tests.api.conftest import Browser
from tests.api.operating import WHY, deploy, new_key, start, steps
from tests.api.steps import System, do_all
from tests.engine.workflow.diagrams import END, START, diagram, flow, user_task

pytestmark = pytest.mark.usefixtures("library")


def version(key: str, *ids: str) -> str:
    """Deploy a process of user tasks; the version's id."""
    ends = ["start", *ids, "end"]
    flows = "".join(flow(one, other) for one, other in pairwise(ends))
    deploy(diagram(START + "".join(user_task(one) for one in ids) + END + flows, key=key))
    with db.transaction() as session:
        return str(definitions.newest(session, "process", key).id)


def test_an_instance_is_tried_and_then_migrated(system: System) -> None:
    admin, key = system("admin"), new_key()
    version(key, "a")
    made = start(admin, key)
    target = version(key, "b")
    address = f"/api/v1/instances/{made['id']}"
    [passage] = admin.post(f"{address}/migration-plan", json={"definition": target}).get_json()["items"]
    assert (passage["element_id"], passage["to"], passage["refusal"]["code"]) == ("a", None, "gone")
    refused = admin.post(f"{address}/migrate", json={"definition": target, **WHY})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "migration-refused")
    moved = admin.post(f"{address}/migrate", json={"definition": target, "mapping": {"a": "b"}, **WHY})
    assert (steps(moved.get_json()), moved.get_json()["version"]) == (["b"], 2)
    stranger: Browser = system("duty")
    assert stranger.post(f"{address}/migrate", json={"definition": target, **WHY}).status_code == 403


def test_many_are_migrated_as_previewed(system: System) -> None:
    admin, key = system("admin"), new_key()
    version(key, "a")
    made = [start(admin, key)["id"] for _ in range(3)]
    target = version(key, "a", "b")
    body = {"command": "migrate", "process": key, "definition": target, **WHY}
    assert system("duty").post("/api/v1/batches", json=body).status_code == 403
    preview = admin.post("/api/v1/batches", json=body)
    assert (preview.status_code, preview.get_json()["counts"]) == (201, {"todo": 3})
    address = preview.headers["Location"]
    listed = admin.get(f"{address}/items").get_json()["items"]
    assert [one["instance_id"] for one in listed] == made
    running = admin.post(f"{address}/start", headers={"If-Match": preview.headers["ETag"]})
    assert running.get_json()["state"] == "running"
    late = admin.post(f"{address}/cancel", headers={"If-Match": preview.headers["ETag"]})
    assert late.status_code == 412
    do_all()
    assert admin.get(address).get_json()["counts"] == {"done": 3}
    again = admin.post(f"{address}/start")
    assert (again.status_code, again.get_json()["code"]) == (409, "batch-state")


def test_what_is_missing_is_said_at_its_place(system: System) -> None:
    admin = system("admin")
    refused = admin.post("/api/v1/batches", json={"command": "migrate", **WHY})
    assert refused.status_code == 422
    assert {one["pointer"] for one in refused.get_json()["errors"]} <= {"/definition", "/process"}
    none = admin.post("/api/v1/batches", json={"command": "cancel", "process": "no-such", **WHY})
    assert none.get_json()["code"] == "batch-empty"
