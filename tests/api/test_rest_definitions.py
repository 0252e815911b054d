"""Deploying through REST, and messages to processes: for administrators, and every refusal with its place."""

from tests.api.steps import System


def test_deploying_is_for_administrators_and_refusals_name_the_place(system: System, library: None) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    files = {"files": [{"name": "evil.bpmn", "content": bomb}]}
    assert system("duty").post("/api/v1/definitions", json=files).status_code == 403
    admin = system("admin")
    refused = admin.post("/api/v1/definitions", json=files)
    assert (refused.status_code, refused.get_json()["code"]) == (422, "deployment-refused")
    finding = refused.get_json()["findings"][0]
    assert finding["file"] == "evil.bpmn" and finding["line"] and finding["message"]
    deployed = admin.get("/api/v1/definitions").get_json()["items"]
    intake = next(one for one in deployed if one["key"] == "intake")
    content = admin.get(f"/api/v1/definitions/{intake['id']}/content").text
    again = admin.post("/api/v1/definitions", json={"files": [{"name": "intake.bpmn", "content": content}]})
    assert again.get_json()["items"][0]["version"] == intake["version"], "an identical file makes no new version"


def test_a_message_that_nobody_waits_for(system: System, library: None) -> None:
    message = {"name": "no-such-message", "correlation_key": "x"}
    assert system("duty").post("/api/v1/messages", json=message).status_code == 403
    lost = system("admin").post("/api/v1/messages", json=message)
    assert (lost.status_code, lost.get_json()["code"]) == (409, "nobody-waits")
