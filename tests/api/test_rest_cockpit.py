"""The cockpit through REST: the same functions as its pages, for administrators alone."""

from collections.abc import Callable
from typing import Any

import pytest

from engine import db
from engine.cases.models import Case
from tests.api.operating import WHY, deploy, new_key, outside, start, steps
from tests.api.steps import System
from tests.api.test_rest_batches import version
from tests.engine.workflow.diagrams import END, START, TIMER, diagram, flow, timer, user_task

pytestmark = pytest.mark.usefixtures("library")


def test_what_runs_is_told_by_version_step_and_instance(system: System) -> None:
    admin, key = system("admin"), new_key()
    definition = version(key, "a")
    made = [start(admin, key)["id"] for _ in range(2)]
    [row] = [one for one in admin.get("/api/v1/running").get_json()["items"] if one["process"] == key]
    assert (row["active"], row["suspended"], row["incidents"], row["newest"]) == (2, 0, 0, True)
    [place] = admin.get(f"/api/v1/definitions/{definition}/standing").get_json()["items"]
    assert (place["element_id"], place["tokens"]) == ("a", 2)
    found = admin.get(f"/api/v1/instances/search?process={key}&element=a&limit=1").get_json()["items"]
    assert [(one["id"], one["elements"]) for one in found] == [(made[1], ["a"])]
    older = admin.get(f"/api/v1/instances/search?process={key}&before={made[1]}").get_json()["items"]
    assert [one["id"] for one in older] == [made[0]]
    for address in ("running", f"definitions/{definition}/standing", "instances/search", "incidents/causes"):
        assert system("duty").get(f"/api/v1/{address}").status_code == 403


def test_an_act_is_foreseen_and_nothing_is_changed(system: System) -> None:
    admin, key = system("admin"), new_key()
    version(key, "a", "b")
    made = start(admin, key)
    address, token = f"/api/v1/instances/{made['id']}", made["tokens"][0]["token_id"]
    asked = {"act": "modify", "move": [{"token": token, "to": "b"}]}
    found = admin.post(f"{address}/foresee", json=asked).get_json()
    told = {name: [one["element_id"] for one in found[name]] for name in ("gone", "come", "stay")}
    assert (told, found["status"]) == ({"gone": ["a"], "come": ["b"], "stay": []}, "active")
    assert steps(admin.get(address).get_json()) == ["a"]
    assert len(admin.get(f"{address}/view").get_json()["history"]) == 1
    refused = admin.post(f"{address}/foresee", json={"act": "modify", "move": [{"token": token, "to": "start"}]})
    assert refused.get_json()["code"] == "modification-refused"
    assert admin.post(f"{address}/foresee", json={"act": "retry"}).status_code == 422


def test_a_timer_is_moved_but_not_one_of_the_law(system: System) -> None:
    admin, key = system("admin"), new_key()
    deploy(TIMER.replace(b'id="p"', f'id="{key}"'.encode()))
    made = start(admin, key)
    address, token = f"/api/v1/instances/{made['id']}/timer", made["tokens"][0]["token_id"]
    later = admin.post(address, json={"token": token, "due": "2040-01-01T00:00:00Z", **WHY}).get_json()
    assert later["wake_at"].startswith("2040-01-01")
    assert steps(admin.post(address, json={"token": token, **WHY}).get_json()) == ["after"]
    law = '<zeebe:properties><zeebe:property name="hejie.deadline" value="pm.limit"/></zeebe:properties>'
    event = '<bpmn:boundaryEvent id="late" attachedToRef="a" cancelActivity="false"><bpmn:extensionElements>'
    event += f"{law}</bpmn:extensionElements>{timer('P1D')}</bpmn:boundaryEvent>"
    flows = flow("start", "a") + flow("a", "end") + flow("late", "end")
    deploy(diagram(START + user_task("a") + event + END + flows, key=(other := new_key())))
    bound = start(admin, other)["id"]
    tokens = admin.get(f"/api/v1/instances/{bound}/view").get_json()["tokens"]
    [armed] = [one["id"] for one in tokens if one["element_id"] == "late"]
    refused = admin.post(f"/api/v1/instances/{bound}/timer", json={"token": armed, **WHY})
    assert (refused.status_code, refused.get_json()["code"]) == (409, "timer-of-law")


def test_of_a_sealed_case_nobody_is_told_what_failed_or_is_known(
    system: System, report: Callable[..., dict[str, Any]]
) -> None:
    admin, key, case = system("admin"), new_key(), report()["id"]
    deploy(outside(key))
    asked = {"process": key, "case": case, "variables": {"town": "her village"}}
    made = admin.post("/api/v1/instances", json=asked).get_json()["id"]
    wanted = {"types": [f"{key}.act"], "worker": "w"}
    [given] = admin.post("/api/v1/jobs/activate", json=wanted).get_json()["items"]
    assert given["variables"]["town"] == "her village"
    failed = {"lock": given["lock"], "message": "her village is unknown", "retries": 0}
    admin.post(f"/api/v1/jobs/{given['job']['id']}/fail", json=failed)
    [incident] = admin.get(f"/api/v1/incidents?process={key}").get_json()["items"]
    assert "her village" in incident["message"]
    with db.transaction() as session:
        session.get_one(Case, case).sealed = True

    def told() -> list[str]:
        instance = f"instances/{made}"
        looked = [f"incidents?process={key}", f"jobs?state=failed&process={key}", instance, f"{instance}/view"]
        tried = [{"act": "suspend"}, {"act": "retry", "incident": incident["id"]}]
        return [
            *(admin.get(f"/api/v1/{one}").text for one in looked),
            *(admin.post(f"/api/v1/{instance}/foresee", json=one).text for one in tried),
        ]

    assert [one for one in told() if "village" in one] == []
    admin.post(f"/api/v1/incidents/{incident['id']}/retry", json=WHY)
    [given] = admin.post("/api/v1/jobs/activate", json=wanted).get_json()["items"]
    assert (given["variables"], given["parameters"]) == ({}, {})
