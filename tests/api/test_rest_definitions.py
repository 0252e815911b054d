"""Deploying through REST, and messages to processes: for administrators, and every refusal with its place."""

from io import BytesIO
from typing import Any

import pytest

from tests.api.conftest import Browser
from tests.api.steps import Report, System, do, do_all, task_of
from tests.engine.workflow.diagrams import TWO_STEPS, diagram, flow, script

OTHER_NAMESPACE = '<definitions xmlns="http://example.com/bpmn"><process id="p"/></definitions>'
BOMB = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]>\n<a>&d;</a>'
OUTSIDE = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>\n<a>&b;</a>'
WILL_NOT_RUN = diagram(
    '<bpmn:startEvent id="start"/>' + script("first", "=1 +", "sum") + flow("start", "first"), key="lost"
).decode()


def deploy(someone: Browser, *files: tuple[str, str]) -> Any:
    """Deploy files as JSON."""
    body = {"files": [{"name": name, "content": content} for name, content in files]}
    return someone.post("/api/v1/definitions", json=body)


@pytest.mark.parametrize(
    ("content", "line"),
    [(BOMB, 2), (OUTSIDE, 2), ("<a>\n<b>\n</a>", 3), (OTHER_NAMESPACE, 1), ("not XML at all", 1), ("", 1)],
    ids=["bomb", "external entity", "broken", "wrong namespace", "no XML", "empty"],
)
def test_malicious_and_broken_diagrams_are_refused_with_their_line(
    system: System, library: None, content: str, line: int
) -> None:
    refused = deploy(system("admin"), ("evil.bpmn", content))
    assert (refused.status_code, refused.get_json()["code"]) == (422, "deployment-refused")
    finding = refused.get_json()["findings"][0]
    assert (finding["file"], finding["line"]) == ("evil.bpmn", line)
    assert finding["message"] and finding["hint"]
    assert "root:" not in refused.text


def test_what_would_not_run_is_refused_with_its_element(system: System, library: None) -> None:
    refused = deploy(system("admin"), ("good.bpmn", TWO_STEPS.decode()), ("lost.bpmn", WILL_NOT_RUN))
    assert refused.status_code == 422
    assert {(one["file"], one["element_id"]) for one in refused.get_json()["findings"]} == {("lost.bpmn", "first")}
    deployed = system("admin").get("/api/v1/definitions").get_json()["items"]
    assert "lost" not in {one["key"] for one in deployed}


@pytest.mark.parametrize(
    ("language", "message", "hint"),
    [
        (
            "en",
            "“==1 +” is not FEEL: “=” was not expected; a value may stand here (line 1, column 1).",
            "Correct the expression.",
        ),
        (
            "zh",
            "“==1 +”不是 FEEL：“=” 不该在这里；这里可以是值（第 1 行第 1 列）。",
            "请改正表达式。",
        ),
    ],
)
def test_findings_are_told_in_the_readers_language(
    system: System, library: None, language: str, message: str, hint: str
) -> None:
    files = {"files": [{"name": "lost.bpmn", "content": WILL_NOT_RUN}]}
    refused = system("admin").post("/api/v1/definitions", json=files, headers={"Accept-Language": language})
    [finding] = refused.get_json()["findings"]
    assert (finding["message"], finding["hint"]) == (message, hint)
    assert message in refused.get_json()["detail"]


def test_a_process_is_defined_once_in_a_deployment(system: System, library: None) -> None:
    refused = deploy(system("admin"), ("a.bpmn", TWO_STEPS.decode()), ("b.bpmn", TWO_STEPS.decode() + "\n"))
    finding = refused.get_json()["findings"][0]
    assert (finding["file"], finding["element_id"], finding["rule"]) == ("b.bpmn", "p", "defined-twice")


def test_deploying_is_for_administrators(system: System, library: None) -> None:
    assert deploy(system("duty"), ("p.bpmn", TWO_STEPS.decode())).status_code == 403


def test_only_what_is_new_makes_a_version(system: System, library: None) -> None:
    admin = system("admin")
    deployed = admin.get("/api/v1/definitions").get_json()["items"]
    intake = next(one for one in deployed if one["key"] == "intake")
    content = admin.get(f"/api/v1/definitions/{intake['id']}/content").text
    again = deploy(admin, ("intake.bpmn", content))
    assert again.get_json()["items"][0]["version"] == intake["version"]
    new = deploy(admin, ("intake.bpmn", content + "<!-- another -->"))
    assert (new.status_code, new.get_json()["items"][0]["version"]) == (201, intake["version"] + 1)
    assert admin.get(f"/api/v1/definitions/{intake['id']}/content").text == content, "the old version stays"


def test_files_can_come_as_they_are(system: System, library: None) -> None:
    admin = system("admin")
    renamed = TWO_STEPS.replace(b'id="p"', b'id="parts"')
    latin = renamed.replace(b"UTF-8", b"ISO-8859-1").replace(b'name="Process"', b'name="Proc\xe9d\xe9"')
    data = {"files": [(BytesIO(latin), "parts.bpmn")], "note": "from a form"}
    sent = admin.post("/api/v1/definitions", data=data, content_type="multipart/form-data")
    assert sent.status_code == 201, sent.text
    assert [(one["key"], one["name"]) for one in sent.get_json()["items"]] == [("parts", "Procédé")]
    content = admin.get(f"/api/v1/definitions/{sent.get_json()['items'][0]['id']}/content")
    assert content.data == renamed.replace(b'name="Process"', 'name="Procédé"'.encode()), "kept as UTF-8"


@pytest.mark.parametrize("more", [{"json": {"files": []}}, {"data": {"note": "none"}}, {"json": {"files": [{}]}}, {}])
def test_a_deployment_without_files_is_refused(system: System, library: None, more: dict[str, Any]) -> None:
    if "data" in more:
        more = {**more, "content_type": "multipart/form-data"}
    refused = system("admin").post("/api/v1/definitions", **more)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid")


def test_an_unknown_definition(system: System, library: None) -> None:
    admin = system("admin")
    assert admin.get("/api/v1/processes/none/diagram").get_json()["code"] == "definition-unknown"
    unknown = admin.get("/api/v1/definitions/00000000-0000-0000-0000-000000000000/content")
    assert unknown.get_json()["code"] == "definition-unknown"


def test_a_message_reaches_the_process_that_waits(system: System, report: Report) -> None:
    case_id = report()["id"]
    duty, mediator, admin = system("duty"), system("mediator"), system("admin")
    for someone, element in ((duty, "triage"), (duty, "confirm"), (mediator, "consent"), (mediator, "register")):
        do(someone, case_id, element)
    do_all()
    told = admin.post("/api/v1/messages", json={"name": "withdraw", "correlation_key": case_id})
    assert told.status_code == 200, told.text
    running = mediator.get(f"/api/v1/instances?case={case_id}").get_json()["items"]
    assert told.get_json()["instance"] in {one["id"] for one in running}
    assert task_of(mediator, case_id, "tell-routes")


def test_what_a_message_starts_belongs_to_the_case_of_its_key(system: System, report: Report) -> None:
    case_id = report()["id"]
    message = {"name": "police-handover", "correlation_key": case_id, "variables": {"case_id": case_id, "urgent": True}}
    started = system("admin").post("/api/v1/messages", json=message)
    assert started.status_code == 200, started.text
    running = system("duty").get(f"/api/v1/instances?case={case_id}").get_json()["items"]
    assert {"intake", "police-handover"} == {one["process"] for one in running}
    assert task_of(system("police"), case_id, "receipt")


def test_a_message_that_nobody_waits_for(system: System, library: None) -> None:
    message = {"name": "no-such-message", "correlation_key": "x"}
    assert system("duty").post("/api/v1/messages", json=message).status_code == 403
    lost = system("admin").post("/api/v1/messages", json=message)
    assert (lost.status_code, lost.get_json()["code"]) == (409, "nobody-waits")


def test_a_message_names_whom_it_is_for(system: System, library: None) -> None:
    refused = system("admin").post("/api/v1/messages", json={"name": "withdraw"})
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.get_json()["errors"]] == ["/correlation_key"]


def test_a_message_that_nobody_waits_for_is_kept_where_that_is_asked(system: System, library: None) -> None:
    admin = system("admin")
    message = {"name": "kept-message", "correlation_key": "x-1", "keep_seconds": 60}
    kept = admin.post("/api/v1/messages", json=message)
    assert (kept.status_code, kept.get_json()) == (200, {"instance": None})
    [lies] = admin.get("/api/v1/messages?name=kept-message").get_json()["items"]
    assert lies["correlation_key"] == "x-1"


def test_what_was_deployed_and_can_wait_for_ever_is_said(system: System, library: None) -> None:
    steps = '<bpmn:startEvent id="start"/><bpmn:exclusiveGateway id="x" default="x_a"/>'
    tasks = '<bpmn:task id="a"/><bpmn:task id="b"/><bpmn:parallelGateway id="join"/><bpmn:endEvent id="end"/>'
    flows = flow("start", "x") + flow("x", "a") + flow("x", "b", "p") + flow("a", "join") + flow("b", "join")
    stuck = diagram(steps + tasks + flows + flow("join", "end"), key="stuck").decode()
    deployed = deploy(system("admin"), ("stuck.bpmn", stuck))
    assert deployed.status_code == 201
    findings = {one["rule"]: one for one in deployed.get_json()["findings"]}
    assert (findings["soundness-deadlock"]["element_id"], findings["soundness-deadlock"]["file"]) == (
        "join", "stuck.bpmn",
    )  # fmt: skip
