"""Releases: tried, approved by a second administrator where the law's clocks run, deployed in time, rolled back."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine import clock, db
from engine.events import Event
from engine.studio import exchange, releases, trials
from tests.api.conftest import Browser

Sign = Callable[[str], Browser]
API = "/api/v1/studio"


@pytest.fixture
def admin(library: None, system: Sign) -> Browser:
    """An administrator's other system."""
    return system("admin")


def draft_of(admin: Browser, key: str, change: Callable[[bytes], bytes], name: str = "") -> dict[str, Any]:
    """A draft in which the diagram was changed."""
    draft: dict[str, Any] = admin.post(f"{API}/drafts", json={"kind": "process", "key": key}).get_json()
    place = f"{API}/drafts/{draft['id']}/files/{name or f'{key}/{key}.bpmn'}"
    read = admin.get(place)
    saved = admin.put(place, data=change(read.data), headers={"If-Match": read.headers["ETag"]})
    assert saved.status_code == 200, saved.text
    return draft


def remarked(content: bytes) -> bytes:
    """The same with a remark that changes nothing."""
    return content.replace(b"</bpmn:definitions>", b"<!-- remark %d --></bpmn:definitions>" % next(COUNT))


COUNT = iter(range(1_000_000))


def asked(admin: Browser, draft: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A release, asked for."""
    answer = admin.post(f"{API}/drafts/{draft['id']}/releases", json={"reason": "the council decided", **more})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def tried(release: dict[str, Any]) -> None:
    """What the worker does about it."""
    with db.transaction() as session:
        trial = trials.take(session, UUID(release["id"]))
    if trial is not None:
        for outcome in trial.play():
            with db.transaction() as session:
                trials.note(session, UUID(release["id"]), outcome)
        with db.transaction() as session:
            trials.close(session, UUID(release["id"]))


def deployed() -> int:
    """What the worker does about those whose time has come."""
    with db.transaction() as session:
        return releases.deploy_due(session)


def state(admin: Browser, release: dict[str, Any]) -> str:
    """Its state."""
    return str(report(admin, release)["release"]["state"])


def report(admin: Browser, release: dict[str, Any]) -> dict[str, Any]:
    """What is known of it."""
    body: dict[str, Any] = admin.get(f"{API}/releases/{release['id']}").get_json()
    return body


def do(someone: Browser, release: dict[str, Any], step: str, reason: str = "because") -> Any:
    """Decide about it."""
    return someone.post(f"{API}/releases/{release['id']}", json={"step": step, "reason": reason})


def version_of(admin: Browser, key: str) -> dict[str, Any]:
    """The newest version, with who and why."""
    found: dict[str, Any] = admin.get(f"{API}/library/process/{key}").get_json()["versions"][0]
    return found


def test_without_deadlines_of_the_law_one_administrator_is_enough(admin: Browser) -> None:
    draft = draft_of(admin, "patrol", remarked)
    release = asked(admin, draft)
    assert (release["state"], release["statutory"]) == ("checking", [])
    tried(release)
    found = report(admin, release)
    assert found["release"]["state"] == "approved"
    assert found["scenarios"]
    assert all(one["passed"] for one in found["scenarios"])
    before = version_of(admin, "patrol")["definition"]["version"]
    assert deployed() == 1
    assert state(admin, release) == "deployed"
    newest = version_of(admin, "patrol")
    assert newest["definition"]["version"] == before + 1
    assert (newest["note"], newest["by"]) == ("the council decided", "示例管理员")
    assert admin.get(f"{API}/drafts/{draft['id']}").get_json()["closed_at"]


def test_deadlines_of_the_law_need_a_second_administrator(admin: Browser, system: Sign) -> None:
    release = asked(admin, draft_of(admin, "judicial-confirm", remarked))
    assert "court.confirm" in release["statutory"]
    tried(release)
    assert state(admin, release) == "waiting"
    assert do(admin, release, "approve").get_json()["code"] == "own-release"
    assert deployed() == 0
    assert do(system("admin2"), release, "approve").get_json()["state"] == "approved"
    assert deployed() == 1
    assert state(admin, release) == "deployed"
    with db.transaction() as session:
        kinds = [
            one.kind for one in session.query(Event).filter_by(stream=UUID(release["id"])).order_by(Event.position)
        ]
    assert kinds == ["release.asked", "release.checked", "release.approved", "release.deployed"]


def test_taking_a_deadline_of_the_law_out_needs_one_as_well(admin: Browser) -> None:
    def without(content: bytes) -> bytes:
        return content.replace(b"court.confirm", b"pm.soft").replace(b"pm.confirm.window", b"pm.soft")

    release = asked(admin, draft_of(admin, "judicial-confirm", without))
    assert "court.confirm" in release["statutory"]
    do(admin, release, "withdraw")


def test_nobody_goes_round_the_second_administrator(admin: Browser) -> None:
    newest = version_of(admin, "judicial-confirm")["definition"]["id"]
    content = admin.get(f"/api/v1/definitions/{newest}/content").text
    without = content.replace("court.confirm", "pm.soft").replace("pm.confirm.window", "pm.soft")
    for changed in (content + "<!-- x -->", without):
        files = [{"name": "judicial-confirm.bpmn", "content": changed}]
        assert admin.post("/api/v1/definitions", json={"files": files}).get_json()["code"] == "approval-needed"


def test_another_bundle_goes_round_nobody_either(admin: Browser) -> None:
    newest = version_of(admin, "judicial-confirm")["definition"]["id"]
    content = admin.get(f"/api/v1/definitions/{newest}/content").data
    without = content.replace(b"court.confirm", b"pm.soft").replace(b"pm.confirm.window", b"pm.soft")
    files = {"elsewhere/other.bpmn": without, "judicial-confirm/labels.en.toml": b"[nothing]\n"}
    sent = {"file": (io.BytesIO(exchange.archive(files)), "elsewhere.zip")}
    draft = admin.post(f"{API}/imports", data=sent, content_type="multipart/form-data").get_json()
    release = asked(admin, draft)
    assert "court.confirm" in release["statutory"]
    tried(release)
    found = report(admin, release)
    assert found["release"]["state"] == "refused"
    assert [one["rule"] for one in found["findings"] if one["severity"] == "error"] == ["defined-elsewhere"]


def test_scenarios_of_each_bundle_that_is_touched_are_played(admin: Browser) -> None:
    newest = version_of(admin, "patrol")["definition"]["id"]
    content = remarked(admin.get(f"/api/v1/definitions/{newest}/content").data)
    files = {"a-copy/labels.en.toml": b"[nothing]\n", "patrol/patrol.bpmn": content}
    sent = {"file": (io.BytesIO(exchange.archive(files)), "a-copy.zip")}
    draft = admin.post(f"{API}/imports", data=sent, content_type="multipart/form-data").get_json()
    assert draft["bundle"] == "a-copy"
    release = asked(admin, draft)
    tried(release)
    assert {one["file"] for one in report(admin, release)["scenarios"]} == {"patrol.yaml"}
    do(admin, release, "withdraw")


def test_findings_refuse_a_release(admin: Browser) -> None:
    release = asked(admin, draft_of(admin, "patrol", lambda one: one.replace(b'formId="f-patrol"', b'formId="f-none"')))
    tried(release)
    found = report(admin, release)
    assert found["release"]["state"] == "refused"
    assert [one["rule"] for one in found["findings"]] == ["unknown-form"]


def test_a_scenario_that_does_not_pass_refuses_a_release(admin: Browser) -> None:
    name = "patrol/scenarios/patrol.yaml"
    draft = draft_of(
        admin, "patrol", lambda one: one.replace(b"expect: {tasks: [", b"expect: {tasks: [nothing, ", 1), name
    )
    release = asked(admin, draft)
    tried(release)
    found = report(admin, release)
    assert found["release"]["state"] == "refused"
    assert any("nothing" in (one["problem"] or "") for one in found["scenarios"] if not one["passed"])
    assert deployed() == 0


def test_it_takes_effect_at_the_time_that_was_chosen(admin: Browser) -> None:
    later = clock.now() + timedelta(days=2)
    release = asked(admin, draft_of(admin, "patrol", remarked), effective_at=later.isoformat())
    tried(release)
    assert deployed() == 0
    with clock.virtual(later + timedelta(seconds=1)):
        assert deployed() == 1
    assert state(admin, release) == "deployed"


def test_what_others_deployed_meanwhile_is_not_undone(admin: Browser) -> None:
    first, second = draft_of(admin, "patrol", remarked), draft_of(admin, "patrol", remarked)
    slow = asked(admin, second)
    tried(slow)
    quick = asked(admin, first)
    tried(quick)
    with db.transaction() as session:
        session.query(releases.Release).filter_by(id=UUID(slow["id"])).update({"effective_at": clock.now()})
    assert deployed() == 1
    assert deployed() == 1
    assert state(admin, quick) == "deployed"
    failed = report(admin, slow)
    assert failed["release"]["state"] == "failed"
    again = admin.post(f"{API}/drafts/{second['id']}/releases", json={"reason": "still"})
    assert (again.status_code, again.get_json()["code"]) == (409, "base-moved")
    assert admin.post(f"{API}/drafts/{second['id']}/bases").status_code == 200
    do(admin, asked(admin, second), "withdraw")


def test_rolling_back_makes_the_version_before_the_newest_again(admin: Browser) -> None:
    before = version_of(admin, "patrol")["definition"]
    content = admin.get(f"/api/v1/definitions/{before['id']}/content").data
    release = asked(admin, draft_of(admin, "patrol", remarked))
    tried(release)
    assert deployed() == 1
    assert do(admin, release, "roll-back", "").get_json()["code"] == "reason-missing"
    back = do(admin, release, "roll-back", "it sent people the wrong way").get_json()
    tried(back)
    assert deployed() == 1
    newest = version_of(admin, "patrol")
    assert newest["definition"]["version"] == before["version"] + 2
    assert newest["note"] == "it sent people the wrong way"
    assert admin.get(f"/api/v1/definitions/{newest['definition']['id']}/content").data == content


def test_what_cannot_be_asked_for(admin: Browser, system: Sign) -> None:
    unchanged = admin.post(f"{API}/drafts", json={"kind": "process", "key": "patrol"}).get_json()
    place = f"{API}/drafts/{unchanged['id']}/releases"
    assert admin.post(place, json={"reason": "why not"}).get_json()["code"] == "nothing-changed"
    assert admin.post(place, json={"reason": " "}).get_json()["code"] == "reason-missing"
    assert system("county").post(place, json={"reason": "x"}).status_code == 403
    draft = draft_of(admin, "patrol", remarked)
    release = asked(admin, draft)
    twice = admin.post(f"{API}/drafts/{draft['id']}/releases", json={"reason": "again"})
    assert twice.get_json()["code"] == "release-open"
    assert system("county").get(f"{API}/releases/{release['id']}").status_code == 403
    assert do(admin, release, "withdraw").get_json()["state"] == "withdrawn"
    assert do(admin, release, "withdraw").get_json()["code"] == "release-over"


def test_pages_of_releases(admin: Browser, signed_in: Sign) -> None:
    draft = draft_of(admin, "judicial-confirm", remarked)
    browser, second = signed_in("admin"), signed_in("admin2")
    page = f"/studio/drafts/{draft['id']}"
    nothing = browser.send(page, {"reason": ""}, to=f"{page}/releases")
    assert nothing.status_code == 422
    place = browser.send(page, {"reason": "the council decided"}, to=f"{page}/releases").headers["Location"]
    release = {"id": place.rsplit("/", 1)[1]}
    tried(release)
    assert "the council decided" in browser.get("/studio/releases").text
    assert 'value="approve"' not in browser.get(place).text
    assert 'value="approve"' in second.get(place).text
    assert second.send(place, {"do": "refuse", "reason": ""}).status_code == 422
    assert second.send(place, {"do": "refuse", "reason": "not yet"}).status_code == 303
    assert state(admin, release) == "refused"
    assert "not yet" in browser.get(place).text
