"""What administrators do to running processes through REST: each with its reason, each in the history."""

from uuid import UUID, uuid4

import pytest

from engine import db, events
from engine.people import queries as people
from tests.api.conftest import Browser
from tests.api.operating import WHY, deploy, new_key, start, steps
from tests.api.steps import Report, System, do, task_of
from tests.engine.workflow.diagrams import END, START, diagram, flow, timer, user_task

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def admin(system: System) -> Browser:
    return system("admin")


def waits(key: str, name: str = "a", tag: str = "") -> bytes:
    """A process that waits for a person, a signal and a time."""
    catch = (
        f'<bpmn:boundaryEvent id="heard" attachedToRef="{name}" cancelActivity="false">'
        '<bpmn:signalEventDefinition signalRef="s"/></bpmn:boundaryEvent>'
        f'<bpmn:boundaryEvent id="late" attachedToRef="{name}" cancelActivity="false">{timer("P1D")}'
        "</bpmn:boundaryEvent>"
    )
    extension = f'<bpmn:extensionElements><zeebe:versionTag value="{tag}"/></bpmn:extensionElements>' if tag else ""
    body = extension + START + user_task(name) + catch + user_task("b") + user_task("c") + END
    body += flow("start", name) + flow(name, "end") + flow("heard", "b") + flow("late", "c")
    return diagram(body, key=key, roots=f'<bpmn:signal id="s" name="{key}"/>')


def history(instance_id: str) -> list[tuple[str, str | None, object]]:
    """What happened to an instance, by whom, and why."""
    with db.transaction() as session:
        found = events.of_stream(session, UUID(instance_id))
        return [(one.kind, one.actor, one.data.get("reason")) for one in found]


def admin_id() -> str:
    with db.transaction() as session:
        return people.actor_by_login(session, "admin").id


def test_an_instance_rests_goes_on_and_ends_with_reasons(admin: Browser) -> None:
    key = new_key()
    deploy(waits(key))
    made = start(admin, key)
    address = f"/api/v1/instances/{made['id']}"
    rests = admin.post(f"{address}/suspend", json={"reason": "flood"})
    assert rests.get_json()["status"] == "suspended"
    again = admin.post(f"{address}/suspend", json={"reason": "flood"})
    assert (again.status_code, again.get_json()["code"]) == (409, "instance-not-active")
    assert admin.post(f"{address}/resume", json={"reason": "dry again"}).get_json()["status"] == "active"
    runs = admin.post(f"{address}/resume", json={"reason": "dry again"}, headers={"Accept-Language": "en"})
    assert (runs.status_code, "not suspended" in runs.get_json()["detail"]) == (409, True)
    ended = admin.post(f"{address}/cancel", json={"reason": "entered twice"}).get_json()
    assert (ended["status"], ended["tokens"]) == ("cancelled", [])
    by = admin_id()
    assert history(made["id"]) == [
        ("instance.started", by, None),
        ("instance.suspended", by, "flood"),
        ("instance.resumed", by, "dry again"),
        ("instance.cancelled", by, "entered twice"),
    ]


def test_only_what_was_read_is_changed(admin: Browser) -> None:
    key = new_key()
    deploy(waits(key))
    made = start(admin, key)
    address = f"/api/v1/instances/{made['id']}"
    tag = admin.get(address).headers["ETag"]
    set_first = admin.post(f"{address}/variables", json={"variables": {"x": 1}, **WHY}, headers={"If-Match": tag})
    assert set_first.status_code == 200
    late = admin.post(f"{address}/cancel", json=WHY, headers={"If-Match": tag})
    assert (late.status_code, late.get_json()["code"]) == (412, "outdated")
    assert admin.post(f"{address}/cancel", json=WHY, headers={"If-Match": set_first.headers["ETag"]}).status_code == 200


def test_variables_are_set_for_the_process_or_for_a_token(admin: Browser) -> None:
    key = new_key()
    deploy(waits(key))
    made = start(admin, key)
    [token] = made["tokens"]
    address = f"/api/v1/instances/{made['id']}/variables"
    local = admin.post(address, json={"variables": {"x": 1}, "scope": token["token_id"], **WHY})
    assert local.status_code == 200
    nobody = admin.post(address, json={"variables": {"x": 1}, "scope": str(uuid4()), **WHY})
    assert (nobody.status_code, nobody.get_json()["code"]) == (404, "token-unknown")
    assert history(made["id"])[-1] == ("instance.variables_set", admin_id(), "a test")


def test_a_signal_is_heard_by_all_who_wait(admin: Browser) -> None:
    key = new_key()
    deploy(waits(key))
    made = [start(admin, key)["id"] for _ in range(2)]
    waiting = admin.get(f"/api/v1/subscriptions?name={key}").get_json()["items"]
    assert [(one["kind"], one["element_id"], one["instance_id"]) for one in waiting] == [
        ("signal", "heard", one) for one in made
    ]
    heard = admin.post("/api/v1/signals", json={"name": key, **WHY})
    assert heard.get_json() == {"instances": 2}
    for one in made:
        assert steps(admin.get(f"/api/v1/instances/{one}").get_json()) == ["a", "b"]
        assert history(one)[-1] == ("signal.received", admin_id(), "a test")


def test_facts_start_the_process_whose_condition_they_make_true(admin: Browser) -> None:
    key = new_key()
    fact = key.replace("-", "_")
    deploy(
        diagram(
            '<bpmn:startEvent id="start"><bpmn:conditionalEventDefinition>'
            f"<bpmn:condition>{fact} &gt; 3</bpmn:condition></bpmn:conditionalEventDefinition></bpmn:startEvent>"
            + user_task("a") + flow("start", "a"),
            key=key,
        )
    )  # fmt: skip
    told = [admin.post("/api/v1/conditions", json={"variables": {fact: level}, **WHY}) for level in (2, 4, 5)]
    [[], [made], []] = (one.get_json()["instances"] for one in told)
    assert steps(admin.get(f"/api/v1/instances/{made}").get_json()) == ["a"]
    assert history(made)[-1] == ("instance.started", admin_id(), "a test")


def test_timers_are_listed_by_when_they_are_due(admin: Browser) -> None:
    key = new_key()
    deploy(waits(key))
    made = [start(admin, key) for _ in range(2)]
    found = admin.get(f"/api/v1/timers?process={key}").get_json()["items"]
    due = [(one["instance_id"], one["timer"]["due"]) for one in found]
    assert due == [(one["id"], one["wake_at"]) for one in made]


def test_a_version_is_started_by_number_or_tag(admin: Browser) -> None:
    key = new_key()
    for name, tag in (("a", "2026-spring"), ("x", ""), ("y", "")):
        deploy(waits(key, name, tag))
    assert steps(start(admin, key)) == ["y"]
    tagged = admin.post("/api/v1/instances", json={"process": key, "version_tag": "2026-spring"}).get_json()
    numbered = admin.post("/api/v1/instances", json={"process": key, "version": 2}).get_json()
    assert (steps(tagged), steps(numbered)) == (["a"], ["x"])
    none = admin.post("/api/v1/instances", json={"process": key, "version": 9})
    assert (none.status_code, none.get_json()["code"]) == (404, "definition-unknown")
    listed = admin.get(f"/api/v1/definitions?key={key}").get_json()["items"]
    assert [(one["version"], one["version_tag"]) for one in listed] == [(3, None), (2, None), (1, "2026-spring")]
    assert admin.get(f"/api/v1/definitions/{listed[0]['id']}").get_json() == listed[0]
    by_id = admin.post("/api/v1/instances", json={"process": key, "definition": listed[1]["id"]}).get_json()
    assert steps(by_id) == ["x"]


@pytest.mark.parametrize("command", ["cancel", "suspend", "resume", "variables"])
def test_nobody_but_an_administrator_changes_an_instance(system: System, admin: Browser, command: str) -> None:
    key = new_key()
    deploy(waits(key))
    made = start(admin, key)
    body = {**WHY, "variables": {}} if command == "variables" else WHY
    for login in ("county", "duty", "leader"):
        refused = system(login).post(f"/api/v1/instances/{made['id']}/{command}", json=body)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "administrators-only")
    assert system("duty").post("/api/v1/instances", json={"process": key}).status_code == 403
    assert system("duty").post("/api/v1/signals", json={"name": "x", **WHY}).status_code == 403
    assert system("duty").post("/api/v1/conditions", json={"variables": {}, **WHY}).status_code == 403


def test_a_token_is_moved_into_a_part_and_out_again_in_one_act(admin: Browser) -> None:
    key = new_key()
    part = f'<bpmn:subProcess id="part"><bpmn:startEvent id="in"/>{user_task("x")}{flow("in", "x")}</bpmn:subProcess>'
    deploy(diagram(START + user_task("a") + part + flow("start", "a") + flow("a", "part"), key=key))
    made = start(admin, key)
    address = f"/api/v1/instances/{made['id']}/modify"
    for at, to, now in (("a", "x", ["part", "x"]), ("x", "a", ["a"])):
        [token] = [one for one in made["tokens"] if one["element_id"] == at]
        made = admin.post(address, json={"move": [{"token": token["token_id"], "to": to}], **WHY}).get_json()
        assert steps(made) == now


def test_tokens_are_moved_and_what_makes_no_sense_is_refused_with_its_place(admin: Browser) -> None:
    key = new_key()
    deploy(waits(key))
    made = start(admin, key)
    address = f"/api/v1/instances/{made['id']}/modify"
    [token] = made["tokens"]
    wrong = admin.post(address, json={"add": [{"element_id": "late"}], "take": [str(uuid4())], **WHY})
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "modification-refused")
    assert [(one["pointer"], one["code"]) for one in wrong.get_json()["errors"]] == [
        ("/take/0", "gone"), ("/add/0/element_id", "no-target"),
    ]  # fmt: skip
    moved = admin.post(address, json={"move": [{"token": token["token_id"], "to": "b"}], **WHY})
    assert steps(moved.get_json()) == ["b"]
    assert history(made["id"])[-1] == ("instance.modified", admin_id(), "a test")


def test_a_task_is_sent_back_with_a_reason(system: System, report: Report) -> None:
    case_id = report()["id"]
    duty = system("duty")
    do(duty, case_id, "triage")
    task = task_of(duty, case_id, "confirm")
    address = f"/api/v1/tasks/{task['id']}"
    [target] = duty.get(f"{address}/return-targets").get_json()["items"]
    assert (target["element_id"], target["refusal"]) == ("triage", None)
    nowhere = duty.post(f"{address}/return", json={"to": "guide", **WHY})
    assert (nowhere.status_code, nowhere.get_json()["code"]) == (409, "return-refused")
    assert "Nobody has done" in duty.post(
        f"{address}/return", json={"to": "guide", **WHY}, headers={"Accept-Language": "en"}
    ).get_json()["errors"][0]["detail"]  # fmt: skip
    assert system("court").post(f"{address}/return", json={"to": "triage", **WHY}).status_code == 404
    ended = duty.post(f"{address}/return", json={"to": "triage", **WHY})
    assert ended.get_json()["state"] == "cancelled"
    assert task_of(duty, case_id, "triage")["state"] == "open"
